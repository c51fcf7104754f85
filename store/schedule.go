package store

import (
	"context"

	"headwater/logic"
)

// DuePosts returns up to limit posts of which something is to be shown to readers at the moment or before, the longest due first.
func (r reader) DuePosts(ctx context.Context, moment logic.Moment, limit int) ([]logic.PostID, error) {
	return selectRows[logic.PostID](ctx, r, `/* DuePosts */ SELECT id FROM post
		WHERE scheduled_for <= ? ORDER BY scheduled_for LIMIT ?`, moment, limit)
}

// OldTrash returns up to limit posts that are in the trash since the moment or before.
func (r reader) OldTrash(ctx context.Context, moment logic.Moment, limit int) ([]logic.PostID, error) {
	return selectRows[logic.PostID](ctx, r, `/* OldTrash */ SELECT id FROM post
		WHERE deleted_at <= ? ORDER BY deleted_at LIMIT ?`, moment, limit)
}
