package content

import (
	"context"

	"headwater/logic"
)

// mediaReader is what media need of storage to read.
type mediaReader interface {
	MediaByID(ctx context.Context, ids []logic.MediaID) (map[logic.MediaID]Media, error)
	// ReaderMediaByID returns those of the files that a public post shows, or that are the picture of a listed author or of the user (0 for nobody).
	ReaderMediaByID(ctx context.Context, ids []logic.MediaID, user logic.UserID) (map[logic.MediaID]Media, error)
	// MediaByName returns the file that is kept under name, or a copy of which is; NOT_FOUND.
	MediaByName(ctx context.Context, name string) (Media, error)
	// MediaPage returns up to Window.Limit+1 files.
	MediaPage(ctx context.Context, query MediaQuery) ([]Media, error)
	CountMedia(ctx context.Context, query MediaQuery) (int64, error)
	// MediaUses returns the posts that use a file, the newest first, and how many people have it as their picture.
	MediaUses(ctx context.Context, id logic.MediaID) (posts []logic.PostID, people int, err error)
	// OldStrays returns up to limit names that AddStrays noted before a moment.
	OldStrays(ctx context.Context, before logic.Moment, limit int) ([]string, error)
	// ImportedMedia returns what was made of a file that an import brought, by the digest of the file; NOT_FOUND.
	ImportedMedia(ctx context.Context, digest []byte) (Media, error)
}

// mediaWriter is what media need of storage to change.
type mediaWriter interface {
	InsertMedia(ctx context.Context, media Media) error
	// UpdateMedia changes the filename and the alt text of a file.
	UpdateMedia(ctx context.Context, media Media) error
	DeleteMedia(ctx context.Context, id logic.MediaID) error
	// SetPostMedia states which files a post uses: those with the given names in its texts, or of which copies are, and its covers.
	SetPostMedia(ctx context.Context, id logic.PostID, names []string, covers []logic.MediaID) error
	// AddStrays notes names under which contents are kept, or may be, without being anyone's.
	AddStrays(ctx context.Context, names []string, since logic.Moment) error
	// DropStrays forgets such names, and returns how many of them were noted.
	DropStrays(ctx context.Context, names []string) (int, error)
	// SetImportedMedia remembers what was made of a file that an import brought.
	SetImportedMedia(ctx context.Context, digest []byte, id logic.MediaID) error
}
