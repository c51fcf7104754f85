package store

import (
	"context"

	"headwater/logic"
)

// DuePosts returns up to limit posts of which something is to be shown to readers at the moment or before, the longest due first, without
// those that are to be left alone.
func (r reader) DuePosts(ctx context.Context, moment logic.Moment, without []logic.PostID, limit int) ([]logic.PostID, error) {
	return selectRows[logic.PostID](ctx, r, `/* DuePosts */ SELECT id FROM post
		WHERE scheduled_for <= ? AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY scheduled_for LIMIT ?`, moment, keyList(without), limit)
}

// OldTrash returns up to limit posts that are in the trash since the moment or before, without those that are to be left alone.
func (r reader) OldTrash(ctx context.Context, moment logic.Moment, without []logic.PostID, limit int) ([]logic.PostID, error) {
	return selectRows[logic.PostID](ctx, r, `/* OldTrash */ SELECT id FROM post
		WHERE deleted_at <= ? AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY deleted_at LIMIT ?`, moment, keyList(without), limit)
}
