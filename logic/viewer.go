package logic

import (
	"context"
	"net/netip"
)

// Viewer is whoever a request is answered for, put into the context once, where the request comes in. The zero Viewer is
// an anonymous reader.
type Viewer struct {
	// Address is where the request came from; it is used to tell readers apart within a day and is never stored.
	Address netip.Addr
	// UserAgent is what the program that asks says of itself.
	UserAgent string
}

type viewerKey struct{}

// WithViewer returns a context in which ViewerFrom finds viewer.
func WithViewer(ctx context.Context, viewer Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, viewer)
}

// ViewerFrom returns whoever the request is answered for: an anonymous reader where nobody was put into the context.
func ViewerFrom(ctx context.Context) Viewer {
	viewer, _ := ctx.Value(viewerKey{}).(Viewer)
	return viewer
}
