package store

import (
	"context"

	"headwater/logic"
	"headwater/logic/content"
)

// tagColumns are those of a content.Tag.
const tagColumns = `tag.id, tag.slug, tag.name, tag.post_count`

func tagID(tag content.Tag) logic.TagID { return tag.ID }

// TagsByID returns the tags with the given keys.
func (r reader) TagsByID(ctx context.Context, ids []logic.TagID) (map[logic.TagID]content.Tag, error) {
	tags, err := selectRows[content.Tag](ctx, r, `/* TagsByID */ SELECT `+tagColumns+`
		FROM json_each(?) AS asked CROSS JOIN tag WHERE tag.id = asked.value`, keyList(ids))
	return byKey(tags, tagID), err
}

// TagBySlug returns the tag that a slug leads to, or NOT_FOUND.
func (r reader) TagBySlug(ctx context.Context, slug string) (content.Tag, error) {
	tag, err := selectRow[content.Tag](ctx, r, `/* TagBySlug */ SELECT `+tagColumns+` 
		FROM tag_slug CROSS JOIN tag WHERE tag_slug.slug = ? AND tag.id = tag_slug.tag_id`, slug)
	return tag, orNotFound(err, "tag")
}

// ListedTag returns the tag that a slug leads to and that a published post stands on, or NOT_FOUND.
func (r reader) ListedTag(ctx context.Context, slug string) (content.Tag, error) {
	tag, err := selectRow[content.Tag](ctx, r, `/* ListedTag */ SELECT `+tagColumns+` 
		FROM tag_slug CROSS JOIN tag WHERE tag_slug.slug = ? AND tag.id = tag_slug.tag_id AND tag.listed = 1`, slug)
	return tag, orNotFound(err, "tag")
}

// ListedTagsByID returns those of the tags with the given keys that a published post stands on.
func (r reader) ListedTagsByID(ctx context.Context, ids []logic.TagID) (map[logic.TagID]content.Tag, error) {
	tags, err := selectRows[content.Tag](ctx, r, `/* ListedTagsByID */ SELECT `+tagColumns+`
		FROM json_each(?) AS asked CROSS JOIN tag WHERE tag.id = asked.value AND tag.listed = 1`, keyList(ids))
	return byKey(tags, tagID), err
}

// ListedTags returns up to Window.Limit+1 tags that a published post stands on.
func (r reader) ListedTags(ctx context.Context, query content.TagQuery) ([]content.Tag, error) {
	ask := listedTags(query)
	return selectRows[content.Tag](ctx, r, ask.text.String(), ask.args...)
}

func listedTags(query content.TagQuery) *statement {
	column, value := "sort_key", cursorText
	if query.Order.Field == content.TagOrderPostCount {
		column, value = "post_count", cursorInt
	}
	part := stretchOf(query.Window, query.Order.Direction == content.Ascending, value)
	var s statement
	s.add(`/* ListedTags */ SELECT ` + tagColumns + ` FROM tag WHERE listed = 1`)
	s.addStretch(part, column, "id")
	s.addOrder(part, column, "id", query.Window.Limit+1)
	return &s
}

// CountListedTags returns how many tags a published post stands on.
func (r reader) CountListedTags(ctx context.Context) (int64, error) {
	return selectRow[int64](ctx, r, `/* CountListedTags */ SELECT count(*) FROM tag WHERE listed = 1`)
}

// TagsBySlug returns the tags with the given slugs, listed or not, by their slugs.
func (r reader) TagsBySlug(ctx context.Context, slugs []string) (map[string]content.Named[logic.TagID], error) {
	return selectNamed[logic.TagID](ctx, r, `/* TagsBySlug */ SELECT tag.slug, tag.id, tag.name
		FROM json_each(?) AS asked CROSS JOIN tag WHERE tag.slug = asked.value`, slugs)
}

// selectNamed returns what a query finds by the given slugs: each row is a slug, a key and a name.
func selectNamed[Key ~int64](ctx context.Context, r reader, query string, slugs []string) (map[string]content.Named[Key], error) {
	type row struct {
		Slug string
		content.Named[Key]
	}
	rows, err := selectRows[row](ctx, r, query, keyList(slugs))
	found := make(map[string]content.Named[Key], len(rows))
	for _, row := range rows {
		found[row.Slug] = row.Named
	}
	return found, err
}

// InsertTag adds a tag that nothing stands on yet. TAKEN (field slug) when another has its slug.
func (w *writer) InsertTag(ctx context.Context, tag content.Tag) error {
	_, err := w.exec(ctx, `/* InsertTag */ INSERT INTO tag (id, slug, name, sort_key) VALUES (?, ?, ?, ?)`,
		tag.ID, tag.Slug, tag.Name, logic.SortKey(tag.Name))
	if err != nil {
		return takenAt(err, "slug")
	}
	return w.ClaimTagSlug(ctx, tag.Slug, tag.Name, tag.ID)
}

// ClaimTagSlug lets a slug, made of name, lead to a tag for good. TAKEN (field slug) when it leads to another.
func (w *writer) ClaimTagSlug(ctx context.Context, slug, name string, id logic.TagID) error {
	claimed, err := w.exec(ctx, `/* ClaimTagSlug */ INSERT INTO tag_slug (slug, tag_id, name) VALUES (?, ?, ?)
		ON CONFLICT (slug) DO UPDATE SET name = excluded.name WHERE tag_slug.tag_id = excluded.tag_id`, slug, id, name)
	if err == nil && claimed == 0 {
		err = logic.Fault(logic.CodeTaken, "Another tag has the slug %q, or had it.", slug).At("slug")
	}
	return err
}
