package store

import (
	"context"

	"headwater/logic"
)

// SlugOwners returns whose each of the slugs is.
func (r reader) SlugOwners(ctx context.Context, slugs []string) (map[string]logic.PostID, error) {
	type ownerRow struct {
		Slug   string
		PostID logic.PostID
	}
	rows, err := selectRows[ownerRow](ctx, r, `/* SlugOwners */ SELECT post_slug.slug, post_slug.post_id
		FROM json_each(?) AS asked CROSS JOIN post_slug WHERE post_slug.slug = asked.value`, textList(slugs))
	owners := make(map[string]logic.PostID, len(rows))
	for _, row := range rows {
		owners[row.Slug] = row.PostID
	}
	return owners, err
}

// WasPublic tells whether readers see a post, or ever saw it.
func (r reader) WasPublic(ctx context.Context, id logic.PostID) (bool, error) {
	return selectRow[bool](ctx, r, `/* WasPublic */ SELECT EXISTS (SELECT 1 FROM post_slug WHERE post_id = ? AND public = 1)`, id)
}

// ClaimSlug gives a post a slug, for good once it is public. TAKEN (field slug) when it is another post's.
func (w *writer) ClaimSlug(ctx context.Context, slug string, id logic.PostID, public bool) error {
	w.change(logic.FreeSlug(slug))
	claimed, err := w.exec(ctx, `/* ClaimSlug */ INSERT INTO post_slug (slug, post_id, public) VALUES (?, ?, ?)
		ON CONFLICT (slug) DO UPDATE SET public = max(public, excluded.public) WHERE post_id = excluded.post_id`, slug, id, public)
	if err == nil && claimed == 0 {
		return logic.Fault(logic.CodeTaken, "%q leads to another post", slug).At("slug")
	}
	return err
}

// DropOldSlug takes a slug from the post that had it when readers saw it, unless it has it still or is the one with the given key.
func (w *writer) DropOldSlug(ctx context.Context, slug string, id logic.PostID) error {
	w.change(logic.LedSlug(slug))
	_, err := w.exec(ctx, `/* DropOldSlug */ DELETE FROM post_slug WHERE slug = ? AND post_id <> ? AND NOT EXISTS (
			SELECT 1 FROM post CROSS JOIN revision
			WHERE post.id = post_slug.post_id AND revision.post_id = post.id AND revision.slug = post_slug.slug
			AND revision.number IN (post.revision, post.shown_revision, post.scheduled_revision))`, slug, id)
	return err
}

// ReleaseSlugs takes from a post all slugs that are neither public nor among kept.
func (w *writer) ReleaseSlugs(ctx context.Context, id logic.PostID, kept []string) error {
	_, err := w.exec(ctx, `/* ReleaseSlugs */ DELETE FROM post_slug
		WHERE post_id = ? AND public = 0 AND slug NOT IN (SELECT value FROM json_each(?))`, id, textList(kept))
	return err
}
