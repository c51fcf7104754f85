package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"headwater/logic"
	"headwater/logic/metric"
)

// eventTexts are the columns of metric_event that an event's texts stand in.
var eventTexts = map[metric.FacetKind]string{
	metric.FacetTotal:    "''",
	metric.FacetPath:     "path",
	metric.FacetReferrer: "referrer",
	metric.FacetDevice:   "device",
	metric.FacetBrowser:  "browser",
	metric.FacetOS:       "os",
	metric.FacetEvent:    "name",
}

// Single events stand in the order in which they came, beside an index by day and post. Those that came last stand in metric_event_recent,
// without one, and are moved by the hour: what a day's views change of the index is then written once an hour and not for each of them.
const (
	eventColumns = `utc_day, id, visitor, at, post_id, name, path, referrer, device, browser, os, author_ids, tag_ids, properties`
	eventDays    = `WITH RECURSIVE span (day) AS (SELECT ?1
		UNION ALL SELECT day + 1 FROM span WHERE day < ?2 AND day < (SELECT MAX(utc_day) FROM metric_event)) `
)

// rawEvents returns the statement for a query, and its arguments.
func rawEvents(query metric.RawQuery) (string, []any) {
	args := []any{query.FromDay, query.ToDay}
	var conditions strings.Builder
	where := func(condition string, arg any) {
		args = append(args, arg)
		fmt.Fprintf(&conditions, " AND "+condition, len(args))
	}
	const inDays = `utc_day BETWEEN ?1 AND ?2`
	days, events := "", "metric_event WHERE "+inDays
	if query.PostIDs != nil { // then the index is asked day by day
		days, events = eventDays, "span CROSS JOIN metric_event WHERE utc_day = span.day"
		where("post_id IN (SELECT json_each.value FROM json_each(?%d))", keyList(query.PostIDs))
	}
	if query.Name != nil {
		where("name = ?%d", *query.Name)
	}
	if query.Path != nil {
		where("path = ?%d", *query.Path)
	}
	if query.AuthorID != nil {
		where("EXISTS (SELECT 1 FROM json_each(author_ids) WHERE json_each.value = ?%d)", *query.AuthorID)
	}
	if query.TagID != nil {
		where("EXISTS (SELECT 1 FROM json_each(tag_ids) WHERE json_each.value = ?%d)", *query.TagID)
	}
	selected := fmt.Sprintf("SELECT utc_day, visitor, at, name <> '' AS named, post_id, %s AS text FROM ", eventTexts[query.Text])
	return fmt.Sprintf("/* RawEvents */ %s%s%s%s UNION ALL %smetric_event_recent WHERE %s%s ORDER BY utc_day, visitor",
		days, selected, events, &conditions, selected, inDays, &conditions), args
}

// RawEvents implements metric.Reader.
func (r reader) RawEvents(ctx context.Context, query metric.RawQuery, fn func(metric.RawEvent) error) error {
	text, args := rawEvents(query)
	return r.rows(ctx, text, args, func(row *row) error {
		var event metric.RawEvent
		event.Visitor.Day = logic.Day(row.int())
		copy(event.Visitor.Visitor[:], row.bytes())
		event.At, event.Named = logic.Moment(row.int()), row.int() != 0
		event.PostID, event.Text = logic.PostID(row.int()), row.text()
		if row.err != nil {
			return row.err
		}
		return fn(event)
	})
}

const (
	insertEvents       = `/* InsertEvents */ INSERT INTO metric_event (` + eventColumns + `)` + eventRow
	insertRecentEvents = `/* InsertEvents: recent */ INSERT INTO metric_event_recent (` + eventColumns + `)` + eventRow
	eventRow           = ` VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
)

// bulk is how many events at once are not worth being set apart.
const bulk = 1_000

// InsertEvents implements metric.Writer.
func (w *writer) InsertEvents(ctx context.Context, events []metric.Event) error {
	query := insertRecentEvents
	if len(events) >= bulk {
		query = insertEvents
	}
	rows := make([]any, 0, 14*len(events))
	for i := range events {
		e, properties := &events[i], "[]"
		if len(e.Properties) > 0 {
			encoded, err := json.Marshal(e.Properties)
			if err != nil {
				return err
			}
			properties = string(encoded)
		}
		rows = append(rows, e.Visitor.Day, e.ID, e.Visitor.Visitor[:], e.At, e.PostID, e.Name, e.Path, e.Referrer, e.Device, e.Browser, e.OS,
			keyList(e.AuthorIDs), keyList(e.TagIDs), properties)
	}
	return w.execEach(ctx, query, rows)
}

const (
	eventsBefore       = ` FROM metric_event_recent WHERE id < ?1 ORDER BY utc_day, id LIMIT ?2`
	moveEvents         = `/* MoveEvents */ INSERT INTO metric_event (` + eventColumns + `) SELECT ` + eventColumns + eventsBefore
	forgetRecentEvents = `/* MoveEvents: forget */ DELETE FROM metric_event_recent WHERE (utc_day, id) IN (SELECT utc_day, id` + eventsBefore + `)`
)

// MoveEvents implements metric.Writer.
func (w *writer) MoveEvents(ctx context.Context, before int64, limit int) (more bool, err error) {
	if _, err := w.exec(ctx, moveEvents, before, limit); err != nil {
		return false, err
	}
	moved, err := w.exec(ctx, forgetRecentEvents, before, limit)
	return moved == int64(limit), err
}

// jsonRows returns rows as one parameter, to be read by json_each.
func jsonRows(rows [][]any) string {
	if rows == nil {
		return "[]"
	}
	encoded, err := json.Marshal(rows)
	if err != nil {
		panic(err) // numbers, texts and lists of them don't fail
	}
	return string(encoded)
}

const insertEventIDs = `/* InsertEventIDs */ INSERT INTO metric_event_id (id, utc_day) VALUES (?, ?) ON CONFLICT (id) DO NOTHING RETURNING id`

// InsertEventIDs implements metric.Writer.
func (w *writer) InsertEventIDs(ctx context.Context, ids []string, day logic.Day) (map[string]bool, error) {
	rows := make([]any, 0, 2*len(ids))
	for _, id := range ids {
		rows = append(rows, id, day)
	}
	inserted, err := selectRows[string](ctx, w.reader, insertEventIDs, rows...)
	fresh := make(map[string]bool, len(inserted))
	for _, id := range inserted {
		w.writes, fresh[id] = true, true
	}
	return fresh, err
}
