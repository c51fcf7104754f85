package httpd

import (
	"context"
	"net/http"

	"headwater/logic"
)

// maxIdempotencyKey is the greatest length of an Idempotency-Key.
const maxIdempotencyKey = 255

// withIdempotencyKey returns a context with the Idempotency-Key of a request, where it has one.
func withIdempotencyKey(ctx context.Context, header http.Header) (context.Context, *rejection) {
	keys := header["Idempotency-Key"]
	if len(keys) == 0 {
		return ctx, nil
	}
	if len(keys) > 1 || !isIdempotencyKey(keys[0]) {
		return ctx, reject(http.StatusBadRequest, "Idempotency-Key must stand there once, with 1 to %d visible ASCII characters.", maxIdempotencyKey)
	}
	return logic.WithIdempotencyKey(ctx, keys[0]), nil
}

func isIdempotencyKey(key string) bool {
	for _, c := range []byte(key) {
		if c < '!' || c > '~' {
			return false
		}
	}
	return key != "" && len(key) <= maxIdempotencyKey
}
