package store

import (
	"context"

	"headwater/logic"
)

// TouchContent says that readers may see another site than before.
func (w *writer) TouchContent(ctx context.Context, now logic.Moment) error {
	_, err := w.exec(ctx, `/* TouchContent */ UPDATE content_version SET version = version + 1, changed_at = max(changed_at, ?) WHERE id = 1`, now)
	return err
}
