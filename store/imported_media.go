package store

import (
	"context"

	"headwater/logic"
	"headwater/logic/content"
)

// ImportedMedia returns what was made of a file that an import brought, by the digest of the file; NOT_FOUND.
func (r reader) ImportedMedia(ctx context.Context, digest []byte) (content.Media, error) {
	row, err := selectRow[mediaRow](ctx, r, `/* ImportedMedia */ SELECT `+mediaColumns+`
		FROM media_import CROSS JOIN media WHERE media_import.digest = ? AND media.id = media_import.media_id`, digest)
	return row.media(), orNotFound(err, "file")
}

// SetImportedMedia remembers what was made of a file that an import brought.
func (w *writer) SetImportedMedia(ctx context.Context, digest []byte, id logic.MediaID) error {
	_, err := w.exec(ctx, `/* SetImportedMedia */ INSERT INTO media_import (digest, media_id) VALUES (?, ?)
		ON CONFLICT (digest) DO UPDATE SET media_id = excluded.media_id`, digest, id)
	return err
}
