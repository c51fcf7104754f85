package store

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"

	"github.com/jmoiron/sqlx"

	"headwater/logic"
)

// source is where rows are read.
type source interface {
	rows(ctx context.Context, query string, args []any, take func(*row) error) error
}

// reader answers every domain's reads: from the connections that read, or, as part of a writer, inside its transaction.
type reader struct {
	from       source
	run        sqlx.ExtContext // in place of from: a transaction that others are part of
	inside     bool
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
		return context.WithoutCancel(ctx), nil
	}
	return ctx, nil
}

// exec runs a statement that changes rows and returns how many it changed.
func (w *writer) exec(ctx context.Context, query string, args ...any) (int64, error) {
	ctx, err := w.begin(ctx)
	if err != nil {
		return 0, err
	}
	result, err := w.run.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, fault(err)
	}
	changed, err := result.RowsAffected()
	if changed > 0 {
		w.wrote(query)
	}
	return changed, err
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
