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

// rawEvents returns the statement for a query, and its arguments.
func rawEvents(query metric.RawQuery) (string, []any) {
	conditions, args := []string{"utc_day BETWEEN ? AND ?"}, []any{query.FromDay, query.ToDay}
	where := func(condition string, arg any) {
		conditions, args = append(conditions, condition), append(args, arg)
	}
	if len(query.PostIDs) == 1 { // then the index gives the events in order
		where("post_id = ?", query.PostIDs[0])
	} else if query.PostIDs != nil {
		where("post_id IN (SELECT json_each.value FROM json_each(?))", keyList(query.PostIDs))
	}
	if query.Name != nil {
		where("name = ?", *query.Name)
	}
	if query.Path != nil {
		where("path = ?", *query.Path)
	}
	if query.AuthorID != nil {
		where("EXISTS (SELECT 1 FROM json_each(author_ids) WHERE json_each.value = ?)", *query.AuthorID)
	}
	if query.TagID != nil {
		where("EXISTS (SELECT 1 FROM json_each(tag_ids) WHERE json_each.value = ?)", *query.TagID)
	}
	return fmt.Sprintf(`/* RawEvents */ SELECT utc_day, visitor, at, name <> '' AS named, post_id, %s AS text FROM metric_event
		WHERE %s ORDER BY utc_day, visitor`, eventTexts[query.Text], strings.Join(conditions, " AND ")), args
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

const insertEvents = `/* InsertEvents */ INSERT INTO metric_event (utc_day, visitor, at, id, post_id, name, path, referrer, device, browser, os,
	author_ids, tag_ids, properties) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// InsertEvents implements metric.Writer.
func (w *writer) InsertEvents(ctx context.Context, events []metric.Event) error {
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
		rows = append(rows, e.Visitor.Day, e.Visitor.Visitor[:], e.At, e.ID, e.PostID, e.Name, e.Path, e.Referrer, e.Device, e.Browser, e.OS,
			keyList(e.AuthorIDs), keyList(e.TagIDs), properties)
	}
	return w.execEach(ctx, insertEvents, rows)
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
