package store

import (
	"context"

	"headwater/logic"
	"headwater/logic/content"
)

// Once returns what was made under the idempotency key with the given hash, or NOT_FOUND.
func (w *writer) Once(ctx context.Context, hash []byte) (content.Once, error) {
	once, err := selectRow[content.Once](ctx, w.reader, `/* Once */ SELECT input, made, made_at FROM idempotency WHERE hash = ?`, hash)
	return once, orNotFound(err, "request")
}

// AddOnce remembers what was made under an idempotency key.
func (w *writer) AddOnce(ctx context.Context, hash []byte, once content.Once) error {
	_, err := w.exec(ctx, `/* AddOnce */ INSERT INTO idempotency (hash, input, made, made_at) VALUES (?, ?, ?, ?)`,
		hash, once.Input, once.Made, once.MadeAt)
	return err
}

// ForgetOnce forgets what was made before a moment.
func (w *writer) ForgetOnce(ctx context.Context, before logic.Moment) error {
	_, err := w.exec(ctx, `/* ForgetOnce */ DELETE FROM idempotency WHERE made_at < ?`, before)
	return err
}
