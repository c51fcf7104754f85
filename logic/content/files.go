package content

import (
	"context"
	"io"
)

// Files keeps the contents of media under names that are never used twice.
type Files interface {
	// Put keeps all of content, of size bytes, under name, or nothing.
	Put(ctx context.Context, name string, content io.Reader, size int64) error
	// Open returns NOT_FOUND where nothing has the name.
	Open(ctx context.Context, name string) (io.ReadSeekCloser, error)
	// Delete does nothing where nothing has the name.
	Delete(ctx context.Context, name string) error
}
