package store

import (
	"context"

	"headwater/logic"
)

// ClaimSlug gives a post a slug, for good once it is public. TAKEN (field slug) when it is another post's.
func (w *writer) ClaimSlug(ctx context.Context, slug string, id logic.PostID, public bool) error {
	claimed, err := w.exec(ctx, `/* ClaimSlug */ INSERT INTO post_slug (slug, post_id, public) VALUES (?, ?, ?)
		ON CONFLICT (slug) DO UPDATE SET public = max(public, excluded.public) WHERE post_id = excluded.post_id`, slug, id, public)
	if err == nil && claimed == 0 {
		return logic.Fault(logic.CodeTaken, "%q leads to another post", slug).At("slug")
	}
	return err
}

// ReleaseSlugs takes from a post all slugs that are neither public nor among kept.
func (w *writer) ReleaseSlugs(ctx context.Context, id logic.PostID, kept []string) error {
	_, err := w.exec(ctx, `/* ReleaseSlugs */ DELETE FROM post_slug
		WHERE post_id = ? AND public = 0 AND slug NOT IN (SELECT value FROM json_each(?))`, id, keyList(kept))
	return err
}
