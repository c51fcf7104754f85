package store

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"

	"headwater/logic"
)

// source is where statements are run: their rows are handed to take, and how many rows they changed is returned.
type source interface {
	run(ctx context.Context, query string, args []any, take func(*row) error) (changed int64, err error)
}

// reader answers every domain's reads: from the connections that read, or, as part of a writer, inside its transaction.
type reader struct {
	from       source
	inside     bool // a transaction that others are part of
	statements *atomic.Int64
	leaders    *knownLeaders
	notes      notes
}

// begin counts a statement and returns the context to run it with. Inside a transaction that is a context without end:
// SQLite may undo a whole transaction when it is interrupted, and so what others wrote.
func (r reader) begin(ctx context.Context) (context.Context, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.statements.Add(1)
	r.note(ctx)
	if r.inside {
		return context.Background(), nil
	}
	return ctx, nil
}

// exec runs a statement that changes rows and returns how many it changed.
func (w *writer) exec(ctx context.Context, query string, args ...any) (int64, error) {
	ctx, err := w.begin(ctx)
	if err != nil {
		return 0, err
	}
	changed, err := w.from.run(ctx, query, args, nil)
	if changed > 0 {
		w.wrote(query)
	}
	return changed, fault(err)
}

// execEach runs a statement for each row of values that it takes, and not at all where there is none.
func (w *writer) execEach(ctx context.Context, query string, values []any) error {
	if len(values) == 0 {
		return nil
	}
	_, err := w.exec(ctx, query, values...)
	return err
}

// orNotFound returns NOT_FOUND for a row that is not there.
func orNotFound(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return logic.NotFound(what)
	}
	return err
}

// byKey returns rows by their keys.
func byKey[K comparable, T any](rows []T, key func(T) K) map[K]T {
	keyed := make(map[K]T, len(rows))
	for _, row := range rows {
		keyed[key(row)] = row
	}
	return keyed
}
