package logic

import "context"

type idempotencyKey struct{}

// WithIdempotencyKey returns a context in which IdempotencyKey finds key.
func WithIdempotencyKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, idempotencyKey{}, key)
}

// IdempotencyKey returns what a caller names a request by that is to be carried out once, however often it is sent; empty where it has no
// such name.
func IdempotencyKey(ctx context.Context) string {
	key, _ := ctx.Value(idempotencyKey{}).(string)
	return key
}
