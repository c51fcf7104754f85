package client

import "context"

type askingKey struct{}

// WithAsking returns a context in which Asking finds the client that a request came through, as Identify returned it.
func WithAsking(ctx context.Context, client Client) context.Context {
	return context.WithValue(ctx, askingKey{}, client)
}

// Asking returns the client that the request came through, as it was when that came in: whoever changes or deletes it meanwhile
// does not change who asks. It is the zero Client where WithAsking put none.
func Asking(ctx context.Context) Client {
	client, _ := ctx.Value(askingKey{}).(Client)
	return client
}
