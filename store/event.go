package store

import (
	"context"

	"headwater/logic"
	"headwater/logic/content"
)

// AddPostEvent tells those who listen of a change that readers see.
func (w *writer) AddPostEvent(ctx context.Context, event content.PostEvent) error { return nil }

// TouchContent says that readers may see another site than before.
func (w *writer) TouchContent(ctx context.Context, now logic.Moment) error {
	_, err := w.exec(ctx, `/* TouchContent */ UPDATE content_version SET version = version + 1, changed_at = max(changed_at, ?) WHERE id = 1`, now)
	return err
}
