package metric

import (
	"bytes"
	"context"
	"encoding/json"

	"headwater/logic"
)

// Table names what an archive has of a domain whose rows mean nothing by themselves: they are kept as they stand.
type Table string

// The tables of an archive: all that answers are made of. Salts are not among them, nor what is kept of visitors' days, which nobody
// could be told by without a salt: a reader who comes back on the day of the archive is counted as another one.
const (
	TableHorizon  Table = "horizon"
	TableValues   Table = "values"
	TablePlaces   Table = "places"
	TableQuarters Table = "quarters"
	TableDays     Table = "days"
	TablePosts    Table = "posts"
	TableRobots   Table = "robots"
	TableEvents   Table = "events"
	TableEventIDs Table = "event-ids"
	TableImports  Table = "imports"
)

// Tables returns the tables in the order in which an archive has them.
func Tables() []Table {
	return []Table{
		TableHorizon, TableValues, TablePlaces, TableQuarters, TableDays, TablePosts, TableRobots, TableEvents, TableEventIDs, TableImports,
	}
}

// restorePart is how many rows are written at once.
const restorePart = 2000

// EachArchivedRow calls take for every row of a table, a JSON object that must not be used any longer than the call, until it fails. It
// is for the command line alone: FORBIDDEN for others.
func (s *Service) EachArchivedRow(ctx context.Context, table Table, take func(row []byte) error) error {
	if err := logic.CheckOperator(ctx); err != nil {
		return err
	}
	return s.store.ArchivedRows(ctx, table, take)
}

// RestoreRows adds the rows that next returns, until it returns nil, to a table in which nothing was counted yet. It is for the command
// line alone: FORBIDDEN for others. INVALID for what is no row of the table.
func (s *Service) RestoreRows(ctx context.Context, table Table, next func() ([]byte, error)) error {
	if err := logic.CheckOperator(ctx); err != nil {
		return err
	}
	for more := true; more; {
		rows := bytes.NewBufferString("[")
		for range restorePart {
			row, err := next()
			if err != nil {
				return err
			}
			if more = row != nil; !more {
				break
			}
			if len(row) == 0 || row[0] != '{' || !json.Valid(row) {
				return logic.Invalid("not a row: %.100q", row)
			}
			if rows.Len() > 1 {
				rows.WriteByte(',')
			}
			rows.Write(row)
		}
		rows.WriteByte(']')
		err := s.store.Write(ctx, func(w Writer) error { return w.InsertArchivedRows(ctx, table, rows.Bytes()) })
		if err != nil {
			return err
		}
	}
	if table != TableDays {
		return nil
	}
	return s.store.Write(ctx, func(w Writer) error { return w.SumDays(ctx) })
}
