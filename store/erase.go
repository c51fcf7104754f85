package store

import "context"

// eraseMilliseconds is how long Erase waits for readers, and so lets those wait who write.
const eraseMilliseconds = 100

const erase = `/* Erase */ PRAGMA wal_checkpoint(TRUNCATE)`

// Erase takes what was deleted off the disk: it stands in old frames of the write-ahead log until that is emptied, which on a site
// with few readers SQLite would not do for weeks.
func (t transactor[W]) Erase(ctx context.Context) error {
	t.store.back.mu.Lock()
	defer t.store.back.mu.Unlock()
	t.store.writing.Lock()
	defer t.store.writing.Unlock()
	write := t.store.write
	if write == nil {
		return errClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	write.waitFor(eraseMilliseconds)
	defer write.waitFor(busyMilliseconds)
	return write.runOnce(erase) // someone in the way is no error
}
