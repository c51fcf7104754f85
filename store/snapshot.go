package store

import (
	"context"
	"errors"

	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/logic/metric"
)

// Snapshot is the database as it was at one moment, whatever is written meanwhile. Nothing can be written through it. It serves one
// goroutine, and keeps the write-ahead log from being emptied until it is closed.
type Snapshot struct {
	reader
	pool *pool
	loan *loan
}

// loan is a connection for as long as it is lent: whoever still reads by it afterwards must not meet those who have it then.
type loan struct {
	on *connection // nil once it was given back
}

func (l *loan) run(ctx context.Context, query string, args []any, take func(*row) error) (int64, error) {
	if l.on == nil {
		return 0, errClosed
	}
	return l.on.run(ctx, query, args, take)
}

// Snapshot returns the database as it is now.
func (s *Store) Snapshot(ctx context.Context) (*Snapshot, error) {
	on, err := s.pool.take(ctx)
	if err != nil {
		return nil, err
	}
	lent := &loan{on}
	snapshot := &Snapshot{reader{from: lent, statements: &s.statements, leaders: &s.leaders}, s.pool, lent}
	if err = fault(on.exec("BEGIN")); err == nil {
		_, err = snapshot.Site(ctx) // SQLite begins to keep the moment with the first that is read
	}
	if err != nil {
		return nil, errors.Join(err, snapshot.Close())
	}
	return snapshot, nil
}

// Close lets go of the moment.
func (s *Snapshot) Close() error {
	on := s.loan.on
	if on == nil {
		return nil
	}
	s.loan.on = nil
	err := on.exec("ROLLBACK")
	s.pool.give(on)
	return err
}

// errSnapshot answers what would write.
var errSnapshot = errors.New("a snapshot is for reading alone")

// unwritable takes the place of what writes.
type unwritable[W any] struct{}

func (unwritable[W]) Write(context.Context, func(W) error) error { return errSnapshot }

func (unwritable[W]) Erase(context.Context) error { return errSnapshot }

func (unwritable[W]) WriteTogether(context.Context, *metric.Call, func(metric.Writer, []*metric.Call) error) error {
	return errSnapshot
}

// Content returns what the domain content needs of storage.
func (s *Snapshot) Content() content.Store {
	return struct {
		reader
		unwritable[content.Writer]
	}{reader: s.reader}
}

// Account returns what the domain account needs of storage.
func (s *Snapshot) Account() account.Store {
	return struct {
		reader
		unwritable[account.Writer]
	}{reader: s.reader}
}

// Metric returns what the domain metric needs of storage.
func (s *Snapshot) Metric() metric.Store {
	return struct {
		reader
		unwritable[metric.Writer]
	}{reader: s.reader}
}
