package logic

import (
	"context"
	"sync/atomic"
)

type requestIDKey struct{}

// RequestID returns what the request is called in answers and in the log, empty where it has no name.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// Request is the context of one request, with what RequestID, ReadingOf and ViewerFrom find in it, as far as that is set. It is set before
// anyone else has the context.
type Request struct {
	context.Context
	ID      string
	Reading *Reading // of the answer that is made

	viewer atomic.Pointer[Viewer]
}

// SetViewer makes viewer the one whom the request is answered for, until Become changes it.
func (r *Request) SetViewer(viewer Viewer) { r.viewer.Store(&viewer) }

// Value returns what the context holds.
func (r *Request) Value(key any) any {
	switch key.(type) {
	case requestIDKey:
		if r.ID != "" {
			return r.ID
		}
	case readingKey:
		if r.Reading != nil {
			return r.Reading
		}
	case viewerKey:
		if r.viewer.Load() != nil {
			return &r.viewer
		}
	}
	return r.Context.Value(key)
}
