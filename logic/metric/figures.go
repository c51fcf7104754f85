package metric

import "headwater/logic"

// Range is a number of whole days, both ends counted, in a time zone (an IANA name; nil for the site's).
type Range struct {
	From, To logic.Day
	TimeZone *string
}

// Filter says which events count; nil means all. All conditions must hold.
type Filter struct {
	PostID *logic.ID // an ID that is no post's matches nothing
	Author *string   // a username; as the post stood when it was viewed
	Tag    *string   // a slug; as the post stood when it was viewed
	Event  *string
	Path   *string
}

// Interval is the length of one entry of a series.
type Interval string

// The intervals of a series. Weeks begin on Monday.
const (
	IntervalMinute Interval = "MINUTE"
	IntervalHour   Interval = "HOUR"
	IntervalDay    Interval = "DAY"
	IntervalWeek   Interval = "WEEK"
	IntervalMonth  Interval = "MONTH"
)

// Dimension is a property of events that figures can be split by.
type Dimension string

// The dimensions.
const (
	DimensionPath     Dimension = "PATH"
	DimensionReferrer Dimension = "REFERRER"
	DimensionDevice   Dimension = "DEVICE"
	DimensionBrowser  Dimension = "BROWSER"
	DimensionOS       Dimension = "OS"
	DimensionEvent    Dimension = "EVENT"
)

// OtherValue stands in lists for the values of a day that came when the day's places for different values were taken.
const OtherValue = "(other)"

// Totals are the figures of a range. Seconds is the time from the first to the last view, over all visits.
type Totals struct {
	Views, Visitors, Visits, Bounces, Seconds, Events int64
}

// BounceRate returns the share of visits with one view only; nil without any visit.
func (t Totals) BounceRate() *float64 { return t.perVisit(t.Bounces) }

// SecondsPerVisit returns the mean time from a visit's first to its last view; nil without any visit.
func (t Totals) SecondsPerVisit() *float64 { return t.perVisit(t.Seconds) }

func (t Totals) perVisit(n int64) *float64 {
	if t.Visits == 0 {
		return nil
	}
	share := float64(n) / float64(t.Visits)
	return &share
}

// Series is the figures of a range, interval by interval, oldest first; the lists are equally long.
type Series struct {
	Starts                          []logic.Moment
	Views, Visitors, Visits, Events []int64
}

// Row is the figures of one value of a dimension.
type Row struct {
	Value                   string
	Views, Visitors, Events int64
}

// PostRow is the figures of one post. Title is the one it had when it was last viewed.
type PostRow struct {
	PostID          logic.PostID
	Title           string
	Views, Visitors int64
}
