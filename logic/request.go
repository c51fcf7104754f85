package logic

import "context"

type requestIDKey struct{}

// WithRequestID returns a context in which RequestID finds id.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID returns what the request is called in answers and in the log, empty where it has no name.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
