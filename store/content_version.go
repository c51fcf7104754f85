package store

import (
	"context"

	"headwater/logic"
)

// ContentVersion returns how often TouchContent was called, and the latest moment that it was given.
func (r reader) ContentVersion(ctx context.Context) (version int64, changedAt logic.Moment, err error) {
	type versionRow struct {
		Version   int64
		ChangedAt logic.Moment
	}
	row, err := selectRow[versionRow](ctx, r, `/* ContentVersion */ SELECT version, changed_at FROM content_version WHERE id = 1`)
	return row.Version, row.ChangedAt, err
}

// TouchContent says that readers may see another site than before.
func (w *writer) TouchContent(ctx context.Context, now logic.Moment) error {
	_, err := w.exec(ctx, `/* TouchContent */ UPDATE content_version SET version = version + 1, changed_at = max(changed_at, ?) WHERE id = 1`, now)
	return err
}
