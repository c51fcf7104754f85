package graph

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Post is a row of the table.
type Post struct {
	ID           int      `db:"id"`
	Slug         string   `db:"slug"`
	Title        string   `db:"title"`
	AuthorID     int      `db:"author_id"`
	PublishedAt  DateTime `db:"published_at"`
	Views        int      `db:"views"`
	HeadingsJSON string   `db:"headings"`
	HTML         string   `db:"html"`
}

// Headings reads the column.
func (p Post) Headings() ([]Heading, error) {
	var headings []Heading
	err := json.Unmarshal([]byte(p.HeadingsJSON), &headings)
	return headings, err
}

// cursor tells where a page that begins behind the post does.
func (p Post) cursor() string { return fmt.Sprintf("%d-%d", p.PublishedAt, p.ID) }

func parseCursor(text string) (publishedAt, id int64, err error) {
	_, err = fmt.Sscanf(text, "%d-%d", &publishedAt, &id)
	return publishedAt, id, err
}

// Author is a row of the table.
type Author struct {
	ID       int    `db:"id"`
	Username string `db:"username"`
	Name     string `db:"name"`
}

// Tag is a row of the table, with the post that it stands on where it was read for one.
type Tag struct {
	ID     int    `db:"id"`
	Slug   string `db:"slug"`
	Name   string `db:"name"`
	PostID int    `db:"post_id"`
}

// PostMetrics is what was counted of a post in a range of days.
type PostMetrics struct {
	PostID int
	Range  RangeInput
}

// Metrics is what was counted of all posts in a range of days.
type Metrics struct{ Range RangeInput }

// PostMetricRow is a line of the list of top posts.
type PostMetricRow struct {
	PostID   int    `db:"post_id"`
	Title    string `db:"title"`
	Views    int    `db:"views"`
	Visitors int    `db:"visitors"`
}

// DateTime is a moment in UTC milliseconds.
type DateTime int64

// MarshalGQL writes it as RFC 3339.
func (d DateTime) MarshalGQL(w io.Writer) {
	io.WriteString(w, strconv.Quote(time.UnixMilli(int64(d)).UTC().Format("2006-01-02T15:04:05.000Z07:00")))
}

// UnmarshalGQL reads it.
func (d *DateTime) UnmarshalGQL(value any) error {
	text, _ := value.(string)
	moment, err := time.Parse(time.RFC3339, text)
	*d = DateTime(moment.UnixMilli())
	return err
}

// Date is a day: days since 1970-01-01.
type Date int

const dayLength = 24 * 60 * 60 * 1000 // milliseconds

func (d Date) start() DateTime { return DateTime(d) * dayLength }

// MarshalGQL writes it as YYYY-MM-DD.
func (d Date) MarshalGQL(w io.Writer) {
	io.WriteString(w, strconv.Quote(time.UnixMilli(int64(d.start())).UTC().Format(time.DateOnly)))
}

// UnmarshalGQL reads it.
func (d *Date) UnmarshalGQL(value any) error {
	text, _ := value.(string)
	day, err := time.Parse(time.DateOnly, strings.TrimSpace(text))
	*d = Date(day.Unix() / (24 * 60 * 60))
	return err
}
