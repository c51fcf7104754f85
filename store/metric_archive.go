package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	recent  string // where more of the same rows comes from, whose figures are added up; empty for nowhere
	apart   string // a table that has more such rows; empty for none
}

const (
	figureColumns = `views visitors visits bounces seconds events`
	recentFigures = `value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
		FROM metric_recent CROSS JOIN json_each(recent_json(counted))`
	everyInteger = ` >= -9223372036854775808`
	everyText    = ` >= ''`
)

var archivedTables = map[metric.Table]archivedTable{
	metric.TableHorizon: {"metric_horizon", `id raw quarters`, 1, `id = 1`, ``, ``},
	metric.TableValues:  {"metric_value", `id kind text`, 1, `id > 1`, ``, ``}, // those before it are in every database
	metric.TablePlaces:  {"metric_place", `kind value utc_day late`, 3, `kind` + everyInteger, ``, ``},
	metric.TableQuarters: {"metric_quarter", `quarter kind value ` + figureColumns, 3, `quarter` + everyInteger,
		`SELECT value ->> 0, value ->> 2, value ->> 3, ` + recentFigures + ` WHERE value ->> 0 IS NOT NULL`, ``},
	metric.TableDays: {"metric_day", `kind value day ` + figureColumns, 3, `kind` + everyInteger,
		`SELECT ` + dayColumns + ` FROM metric_today WHERE kind` + everyInteger + ` UNION ALL SELECT value ->> 2, value ->> 3, value ->> 1, ` + recentFigures, ``},
	metric.TablePosts:  {"metric_post", `post_id title views`, 1, `post_id` + everyInteger, ``, ``},
	metric.TableRobots: {"metric_robot", `day events`, 1, `day` + everyInteger, ``, ``},
	metric.TableEvents: {"metric_event", `utc_day id visitor at post_id name path referrer device browser os author_ids tag_ids properties`,
		2, `utc_day` + everyInteger, ``, `metric_event_recent`},
	metric.TableEventIDs: {"metric_event_id", `id utc_day`, 1, `id` + everyText, ``, ``},
	metric.TableImports:  {"metric_import", `log bytes lines digest`, 1, `log` + everyText, ``, ``},
}

// selectRows returns the statement that reads every row as a JSON object, with its key behind. What is bytes is in hex, what is JSON itself stands as it is.
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
	key := strings.Join(columns[:t.key], ", ")
	every := func(name string) string {
		return fmt.Sprintf("SELECT json_object(%s), %s FROM %s WHERE %s", strings.Join(fields, ", "), key, name, t.from)
	}
	rows := every(t.name)
	if t.apart != "" {
		rows += " UNION ALL " + every(t.apart)
	}
	return fmt.Sprintf("/* ArchivedRows: %s */ %s ORDER BY %s", strings.ReplaceAll(string(table), "-", " "), rows, key)
}

// selectParts returns the statement that reads every row as numbers, in the order of the key, of which several may have the same.
func (t archivedTable) selectParts(table metric.Table) string {
	return fmt.Sprintf("/* ArchivedRows: %s */ SELECT %s FROM %s WHERE %s UNION ALL %s ORDER BY 1, 2, 3",
		table, strings.Join(strings.Fields(t.columns), ", "), t.name, t.from, t.recent)
}

// archivedFigures hands over the rows of a table that are added up.
func (r reader) archivedFigures(ctx context.Context, table metric.Table, take func(row []byte) error) error {
	t := archivedTables[table]
	columns := strings.Fields(t.columns)
	var sum []int64
	hand := func() error {
		row := []byte{'{'}
		for i, column := range columns {
			row = fmt.Appendf(row, `"%s":%d,`, column, sum[i])
		}
		row[len(row)-1] = '}'
		return take(row)
	}
	err := r.numbers(ctx, t.selectParts(table), nil, func(part []int64) error {
		if sum != nil && slices.Equal(sum[:t.key], part[:t.key]) {
			for i := t.key; i < len(part); i++ {
				sum[i] += part[i]
			}
			return nil
		}
		if sum != nil {
			if err := hand(); err != nil {
				return err
			}
		}
		sum = append(sum[:0], part...)
		return nil
	})
	if err != nil || sum == nil {
		return err
	}
	return hand()
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
	if archivedTables[table].recent != "" {
		return r.archivedFigures(ctx, table, take)
	}
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
