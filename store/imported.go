package store

import (
	"context"

	"headwater/logic"
)

// ImportedPost returns the post that was imported from source, and the digest that it had; NOT_FOUND where none was.
func (r reader) ImportedPost(ctx context.Context, source string) (logic.PostID, string, error) {
	type importRow struct {
		PostID logic.PostID
		Digest string
	}
	row, err := selectRow[importRow](ctx, r, `/* ImportedPost */ SELECT post_id, digest FROM post_import WHERE source = ?`, source)
	return row.PostID, row.Digest, orNotFound(err, "imported post")
}

// SetImportedPost remembers that a post came from source with digest.
func (w *writer) SetImportedPost(ctx context.Context, source, digest string, id logic.PostID) error {
	_, err := w.exec(ctx, `/* SetImportedPost */
		INSERT INTO post_import (source, digest, post_id) VALUES (?, ?, ?)
		ON CONFLICT (source) DO UPDATE SET digest = excluded.digest, post_id = excluded.post_id`, source, digest, id)
	return err
}
