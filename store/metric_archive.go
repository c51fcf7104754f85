package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/mattn/go-sqlite3"

	"headwater/logic"
	"headwater/logic/metric"
)

// archivedTable is a table as an archive has it: the columns of its rows, in order, of which the first key ones are its key.
type archivedTable struct {
	name    string
	columns string
	key     int
	from    string // what rows are archived: a condition that the key's index answers
}

const (
	figureColumns = `views visitors visits bounces seconds events`
	everyInteger  = ` >= -9223372036854775808`
	everyText     = ` >= ''`
)

var archivedTables = map[metric.Table]archivedTable{
	metric.TableHorizon:  {"metric_horizon", `id raw quarters`, 1, `id = 1`},
	metric.TableValues:   {"metric_value", `id kind text`, 1, `id > 1`}, // those before it are in every database
	metric.TablePlaces:   {"metric_place", `kind value utc_day late`, 3, `kind` + everyInteger},
	metric.TableQuarters: {"metric_quarter", `kind value quarter ` + figureColumns, 3, `kind` + everyInteger},
	metric.TableDays:     {"metric_day", `kind value day ` + figureColumns, 3, `kind` + everyInteger},
	metric.TablePosts:    {"metric_post", `post_id title views`, 1, `post_id` + everyInteger},
	metric.TableRobots:   {"metric_robot", `day events`, 1, `day` + everyInteger},
	metric.TableEvents: {"metric_event", `utc_day visitor at id post_id name path referrer device browser os author_ids tag_ids properties`,
		4, `utc_day` + everyInteger},
	metric.TableEventIDs: {"metric_event_id", `id utc_day`, 1, `id` + everyText},
	metric.TableImports:  {"metric_import", `log bytes lines digest`, 1, `log` + everyText},
}

// selectRows returns the statement that reads every row as a JSON object. What is bytes is in hex, what is JSON itself stands as it is.
func (t archivedTable) selectRows(table metric.Table) string {
	columns := strings.Fields(t.columns)
	fields := make([]string, len(columns))
	for i, column := range columns {
		value := column
		switch column {
		case "visitor":
			value = "lower(hex(visitor))"
		case "author_ids", "tag_ids", "properties":
			value = "json(" + column + ")"
		}
		fields[i] = "'" + column + "', " + value
	}
	return fmt.Sprintf("/* ArchivedRows: %s */ SELECT json_object(%s) FROM %s WHERE %s ORDER BY %s",
		strings.ReplaceAll(string(table), "-", " "), strings.Join(fields, ", "), t.name, t.from, strings.Join(columns[:t.key], ", "))
}

// insertRows returns the statement that adds rows.
func (t archivedTable) insertRows(table metric.Table) string {
	columns := strings.Fields(t.columns)
	values := make([]string, len(columns))
	for i, column := range columns {
		values[i] = "value ->> '" + column + "'"
		if column == "visitor" {
			values[i] = "unhex(" + values[i] + ")"
		}
	}
	verb := "INSERT"
	if table == metric.TableHorizon { // of which a new database has one
		verb = "REPLACE"
	}
	return fmt.Sprintf("/* InsertArchivedRows: %s */ %s INTO %s (%s) SELECT %s FROM json_each(?)",
		strings.ReplaceAll(string(table), "-", " "), verb, t.name, strings.Join(columns, ", "), strings.Join(values, ", "))
}

// ArchivedRows implements metric.Reader.
func (r reader) ArchivedRows(ctx context.Context, table metric.Table, take func(row []byte) error) error {
	return r.rows(ctx, archivedTables[table].selectRows(table), nil, func(row *row) error {
		object := row.text()
		if row.err != nil {
			return row.err
		}
		return take([]byte(object))
	})
}

// InsertArchivedRows implements metric.Writer.
func (w *writer) InsertArchivedRows(ctx context.Context, table metric.Table, rows []byte) error {
	_, err := w.exec(ctx, archivedTables[table].insertRows(table), string(rows))
	if broken, ok := errors.AsType[sqlite3.Error](err); ok && broken.Code == sqlite3.ErrConstraint {
		return &logic.Error{Code: logic.CodeInvalid, Message: "something that is no row of " + string(table) + ", or one twice", Err: err}
	}
	return err
}
