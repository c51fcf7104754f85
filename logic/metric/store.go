package metric

import (
	"context"

	"headwater/logic"
)

// Reader is what the domain needs of storage to read. What is asked for by many keys comes from one statement.
type Reader interface {
	// MetricSite returns what metrics needs to know of the site, and how far back is kept what was counted.
	MetricSite(ctx context.Context) (Site, error)
	// ViewablePosts returns the published posts that have one of the keys or one of the slugs.
	ViewablePosts(ctx context.Context, ids []logic.PostID, slugs []string) ([]ViewablePost, error)
	// FacetValue returns the value of the facet that a text names: a username, a tag's slug, or a text that was counted.
	// NOT_FOUND when there is none.
	FacetValue(ctx context.Context, kind FacetKind, text string) (int64, error)
	// WasOther tells whether, on one of the UTC days from one to another, both counted, values of kind counted as
	// OtherValueID before value had a place, or without it getting one.
	WasOther(ctx context.Context, kind FacetKind, value int64, from, to logic.Day) (bool, error)

	// FacetTotals returns the sums of the facets of a kind with the given values; one without figures is missing.
	FacetTotals(ctx context.Context, kind FacetKind, values []int64, period Period) (map[int64]Totals, error)
	// FacetFigures returns the figures of the facets of a kind with the given values, interval by interval, in no order. Those of an
	// interval may come in several parts.
	FacetFigures(ctx context.Context, kind FacetKind, values []int64, period Period) ([]Figure, error)
	// TopValues returns the values of a kind with most views, then most events, then by the alphabet.
	TopValues(ctx context.Context, kind FacetKind, period Period, first int) ([]Row, error)
	// TopPosts returns the posts with most views, then most visitors, then by key; those without views are left out.
	TopPosts(ctx context.Context, period Period, first int) ([]PostRow, error)
	// PostTitles returns the titles of posts as they were when last viewed.
	PostTitles(ctx context.Context, ids []logic.PostID) (map[logic.PostID]string, error)
	// PostViews returns all views of posts that have any.
	PostViews(ctx context.Context, ids []logic.PostID) (map[logic.PostID]int64, error)
	// RobotEvents returns how many events of robots came on the days of the site's zone from one to another, both counted.
	RobotEvents(ctx context.Context, from, to logic.Day) (int64, error)
	// RawEvents hands over single events, visitor by visitor: all of a visitor's UTC day one after another. Each must not
	// be used any longer than the call of fn. An error of fn ends it.
	RawEvents(ctx context.Context, query RawQuery, fn func(RawEvent) error) error
	// ImportMark returns how far a log was taken; NOT_FOUND when nothing of it was.
	ImportMark(ctx context.Context, log string) (ImportMark, error)
	// ArchivedRows hands over every row of a table as a JSON object, in the order of the table's key, until take fails. A row must not be
	// used any longer than the call.
	ArchivedRows(ctx context.Context, table Table, take func(row []byte) error) error
}

// Writer is what the domain needs of storage to change, inside one transaction.
type Writer interface {
	Reader
	// Salts returns the salts of UTC days that have one.
	Salts(ctx context.Context, days []logic.Day) (map[logic.Day]Salt, error)
	// SetSalts keeps the salts of days in place of those that they have.
	SetSalts(ctx context.Context, salts map[logic.Day]Salt) error
	// DeleteSalts deletes the salts made before a moment, and up to limit of what is kept of the visitors of their days but
	// single events, and tells whether any are left.
	DeleteSalts(ctx context.Context, madeBefore logic.Moment, limit int) (more bool, err error)
	// InsertEventIDs remembers IDs that clients chose, with the UTC day on which they came, and returns those that were
	// not there.
	InsertEventIDs(ctx context.Context, ids []string, day logic.Day) (map[string]bool, error)
	// Places returns the values that have a place on their UTC day.
	Places(ctx context.Context, values []DayValue) (map[DayValue]ValueID, error)
	// CountPlaces returns how many places of the days and kinds of values are taken.
	CountPlaces(ctx context.Context, values []DayValue) (map[DayKind]int, error)
	// InsertPlaces gives each value a place on its UTC day, and marks days and kinds where values had to do without.
	// It returns the values' keys.
	InsertPlaces(ctx context.Context, values []DayValue, full []DayKind) (map[DayValue]ValueID, error)
	// VisitorDays returns what is kept of visitors' days, as VisitorDay.Encode wrote it.
	VisitorDays(ctx context.Context, visitors []DayVisitor) (map[DayVisitor][]byte, error)
	SetVisitorDays(ctx context.Context, codes map[DayVisitor][]byte) error
	InsertEvents(ctx context.Context, events []Event) error
	// AddFigures adds figures to those of their quarters and days.
	AddFigures(ctx context.Context, counted []Counted) error
	// AddPostViews adds views to those of posts, and keeps the title.
	AddPostViews(ctx context.Context, views []PostRow) error
	// AddRobotEvents adds to the robots' events by day of the site's zone.
	AddRobotEvents(ctx context.Context, events map[logic.Day]int64) error
	SetImportMark(ctx context.Context, mark ImportMark) error
	// InsertArchivedRows adds rows, a JSON array of what ArchivedRows hands over. INVALID for what the table does not take.
	InsertArchivedRows(ctx context.Context, table Table, rows []byte) error
	// SumDays makes anew, from the figures of days, whatever else answers for days: after rows of days were inserted.
	SumDays(ctx context.Context) error
	// MoveDays moves up to limit rows of figures of days before a day of the site's zone to where they are kept for good, and tells whether
	// any are left. It changes no answer.
	MoveDays(ctx context.Context, before logic.Day, limit int) (more bool, err error)
	// MoveEvents moves up to limit single events whose IDs come before another to where they are found by post, and tells whether any are
	// left. It changes no answer.
	MoveEvents(ctx context.Context, before int64, limit int) (more bool, err error)
	// SetHorizon remembers that what lies before is no longer kept.
	SetHorizon(ctx context.Context, horizon Horizon) error
	// DeleteBefore deletes up to limit rows of each kind that lie before horizon, and IDs of events that came before a
	// UTC day, and tells whether any are left.
	DeleteBefore(ctx context.Context, horizon Horizon, ids logic.Day, limit int) (more bool, err error)
}

// Store keeps what was counted.
type Store interface {
	Reader
	logic.Transactor[Writer]
	// WriteTogether runs book as Write does, for call and perhaps for others that wait at the same time: what book does for
	// all of them happens whole, or it runs again for each alone. It must be the same for all calls.
	WriteTogether(ctx context.Context, call *Call, book func(Writer, []*Call) error) error
	// Erase makes that what was deleted can't be read from the disk any more. Where readers are in the way it does nothing.
	Erase(ctx context.Context) error
}

// Site is what metrics needs to know of the site.
type Site struct {
	URL      string
	PostURL  string // a template with {slug}
	TimeZone string // an IANA name
	// ShowsViews tells whether everyone may know how often a post was viewed.
	ShowsViews bool
	Horizon    Horizon
	FirstDay   *logic.Day // the first day of the site's zone that anything was counted on; nil when nothing was
}

// Horizon is how far back what was counted is kept: UTC days, which are kept whole.
type Horizon struct {
	Raw      logic.Day // single events, from this day on
	Quarters logic.Day // figures by quarter of an hour, from this day on
}

// ViewablePost is what an event takes from the post that was viewed, as it stands.
type ViewablePost struct {
	ID        logic.PostID
	Slug      string
	Title     string
	AuthorIDs []logic.UserID
	TagIDs    []logic.TagID
}

// Period is a row of kept intervals: days of the site's zone, or Quarters. From is the first and To the last of them.
type Period struct {
	ByQuarter bool
	From, To  int64
}

// Figure is what was counted under a facet in one interval: a day of the site's zone or a Quarter.
type Figure struct {
	Facet Facet
	Time  int64
	Totals
}

// Counted is what is to be added to the figures of a facet.
type Counted struct {
	Facet   Facet
	Quarter Quarter
	Day     logic.Day // of the site's zone, in which the quarter lies
	DayOnly bool      // whether the quarter's own figures are no longer kept
	Totals
}

// Salt is what the addresses of a UTC day's visitors are hashed with.
type Salt struct {
	Bytes  []byte
	MadeAt logic.Moment
}

// VisitorHash stands for a visitor on one UTC day.
type VisitorHash [16]byte

// DayVisitor is a visitor on a UTC day.
type DayVisitor struct {
	Day     logic.Day
	Visitor VisitorHash
}

// DayKind is a kind of facets with texts on a UTC day.
type DayKind struct {
	Day  logic.Day
	Kind FacetKind
}

// DayValue is a text on a UTC day.
type DayValue struct {
	DayKind
	Text string
}

// Event is a single event as it is kept for a time.
type Event struct {
	ID      int64
	At      logic.Moment
	Visitor DayVisitor
	Name    string       // empty for a page view
	PostID  logic.PostID // 0 for none
	Path, Referrer, Device,
	Browser, OS string
	AuthorIDs  []logic.UserID
	TagIDs     []logic.TagID
	Properties []EventPropertyInput
}

// RawQuery says which single events are wanted, and what of them. Nil conditions hold for every event.
type RawQuery struct {
	FromDay, ToDay logic.Day // UTC days, both counted
	PostIDs        []logic.PostID
	AuthorID       *int64
	TagID          *int64
	Name           *string
	Path           *string
	Text           FacetKind // which text comes with each event; FacetTotal for none
}

// RawEvent is what is wanted of a single event.
type RawEvent struct {
	At      logic.Moment
	Visitor DayVisitor
	Named   bool
	PostID  logic.PostID
	Text    string
}
