package store

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"
)

const (
	// eraseMilliseconds is how long Erase waits for readers, and so lets those wait who write.
	eraseMilliseconds = "100"
	eraseWaits        = `/* Erase: wait */ PRAGMA busy_timeout = ` + eraseMilliseconds
	erase             = `/* Erase */ PRAGMA wal_checkpoint(TRUNCATE)`
	eraseEnds         = `/* Erase: end */ PRAGMA busy_timeout = ` + busyMilliseconds
)

// eraser gives a domain its Erase.
type eraser struct {
	write *sqlx.DB
}

// Erase takes what was deleted off the disk: it stands in old frames of the write-ahead log until that is emptied, which on a site
// with few readers SQLite would not do for weeks.
func (e eraser) Erase(ctx context.Context) (err error) {
	conn, err := e.write.Connx(ctx)
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	defer func() {
		_, endErr := conn.ExecContext(ctx, eraseEnds)
		err = errors.Join(err, endErr, conn.Close())
	}()
	if _, err := conn.ExecContext(ctx, eraseWaits); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, erase) // someone in the way is no error
	return err
}
