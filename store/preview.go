package store

import (
	"context"

	"headwater/logic"
	"headwater/logic/content"
)

// PreviewToken returns what is kept of a token, or NOT_FOUND.
func (r reader) PreviewToken(ctx context.Context, hash logic.TokenHash) (content.PreviewToken, error) {
	token, err := selectRow[content.PreviewToken](ctx, r, `/* PreviewToken */ SELECT post_id, expires_at
		FROM preview_token WHERE hash = ?`, hash[:])
	return token, orNotFound(err, "preview")
}

// InsertPreviewToken keeps a token of a post that is there.
func (w *writer) InsertPreviewToken(ctx context.Context, hash logic.TokenHash, token content.PreviewToken) error {
	_, err := w.exec(ctx, `/* InsertPreviewToken */ INSERT INTO preview_token (hash, post_id, expires_at) VALUES (?, ?, ?)`,
		hash[:], token.PostID, token.ExpiresAt)
	return err
}

// DeletePreviewTokensOf takes away all tokens of a post.
func (w *writer) DeletePreviewTokensOf(ctx context.Context, id logic.PostID) error {
	_, err := w.exec(ctx, `/* DeletePreviewTokensOf */ DELETE FROM preview_token WHERE post_id = ?`, id)
	return err
}

// DeletePreviewTokensBefore takes away all tokens that expired before the moment.
func (w *writer) DeletePreviewTokensBefore(ctx context.Context, moment logic.Moment) error {
	_, err := w.exec(ctx, `/* DeletePreviewTokensBefore */ DELETE FROM preview_token WHERE expires_at < ?`, moment)
	return err
}
