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
	tags := make(map[logic.TagID]content.Tag, len(ids))
	err := r.rows(ctx, `/* TagsByID */ SELECT `+tagColumns+`
		FROM json_each(?) AS asked CROSS JOIN tag WHERE tag.id = asked.value`, []any{keyList(ids)}, func(row *row) error {
		tag := content.Tag{ID: logic.TagID(row.int()), Slug: row.text(), Name: row.text(), PostCount: row.int()}
		tags[tag.ID] = tag
		return row.err
	})
	return tags, err
}

// TagNamesByID returns the tags with the given keys, of which nothing but the key, the slug and the name is read.
func (r reader) TagNamesByID(ctx context.Context, ids []logic.TagID) (map[logic.TagID]content.Tag, error) {
	tags := make(map[logic.TagID]content.Tag, len(ids))
	err := r.rows(ctx, `/* TagNamesByID */ SELECT tag.id, tag.slug, tag.name
		FROM json_each(?) AS asked CROSS JOIN tag WHERE tag.id = asked.value`, []any{keyList(ids)}, func(row *row) error {
		tag := content.Tag{ID: logic.TagID(row.int()), Slug: row.text(), Name: row.text()}
		tags[tag.ID] = tag
		return row.err
	})
	return tags, err
}

// leadsReaders is that a slug leads whoever may know of its tag: it is the tag's, or readers could see the tag under it.
const leadsReaders = `(tag_slug.public = 1 OR tag.slug = tag_slug.slug)`

// TagBySlug returns the tag that has a slug, or that readers once saw under it, or NOT_FOUND.
func (r reader) TagBySlug(ctx context.Context, slug string) (content.Tag, error) {
	tag, err := selectRow[content.Tag](ctx, r, `/* TagBySlug */ SELECT `+tagColumns+`
		FROM tag_slug CROSS JOIN tag WHERE tag_slug.slug = ? AND tag.id = tag_slug.tag_id AND `+leadsReaders, slug)
	return tag, orNotFound(err, "tag")
}

// listedFor is that a tag is one of a published post, or of any post of an owner; 0 is nobody.
const listedFor = `(tag.listed = 1 OR EXISTS (
	SELECT 1 FROM post_list AS own CROSS JOIN post_list AS same
	WHERE own.list = nullif(?, 0) AND same.list = tag.id AND same.post_id = own.post_id))`

// ListedTag returns the tag as TagBySlug does, if a published post stands on it, or any post of owner; or NOT_FOUND.
func (r reader) ListedTag(ctx context.Context, slug string, owner logic.UserID) (content.Tag, error) {
	tag, err := selectRow[content.Tag](ctx, r, `/* ListedTag */ SELECT `+tagColumns+`
		FROM tag_slug CROSS JOIN tag WHERE tag_slug.slug = ? AND tag.id = tag_slug.tag_id AND `+leadsReaders+` AND `+listedFor, slug, owner)
	return tag, orNotFound(err, "tag")
}

// ListedTagsByID returns those of the tags with the given keys that a published post stands on, or any post of owner.
func (r reader) ListedTagsByID(ctx context.Context, ids []logic.TagID, owner logic.UserID) (map[logic.TagID]content.Tag, error) {
	tags, err := selectRows[content.Tag](ctx, r, `/* ListedTagsByID */ SELECT `+tagColumns+`
		FROM json_each(?) AS asked CROSS JOIN tag WHERE tag.id = asked.value AND `+listedFor, keyList(ids), owner)
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

// TagsBySlug returns the tags that the given slugs lead to, listed or not, each with the name that its slug was made of. One is outdated
// under which readers never saw the tag, and that neither is its slug nor comes of a name that they see.
func (r reader) TagsBySlug(ctx context.Context, slugs []string) (map[string]content.Named[logic.TagID], error) {
	return selectNamed[logic.TagID](ctx, r, `/* TagsBySlug */ SELECT tag_slug.slug, tag_slug.tag_id AS id, tag_slug.name,
			NOT (`+leadsReaders+` OR tag.listed = 1 AND tag.name = tag_slug.name) AS outdated
		FROM json_each(?) AS asked CROSS JOIN tag_slug CROSS JOIN tag WHERE tag_slug.slug = asked.value AND tag.id = tag_slug.tag_id`, slugs)
}

// selectNamed returns what a query finds by the given slugs: each row is a slug, a key and a name.
func selectNamed[Key ~int64](ctx context.Context, r reader, query string, slugs []string) (map[string]content.Named[Key], error) {
	type row struct {
		Slug string
		content.Named[Key]
	}
	rows, err := selectRows[row](ctx, r, query, textList(slugs))
	found := make(map[string]content.Named[Key], len(rows))
	for _, row := range rows {
		found[row.Slug] = row.Named
	}
	return found, err
}

// InsertTag adds a tag that nothing stands on yet. TAKEN (field slug) when another has its slug.
func (w *writer) InsertTag(ctx context.Context, tag content.Tag) error {
	w.change(logic.TagThing(tag.ID))
	_, err := w.exec(ctx, `/* InsertTag */ INSERT INTO tag (id, slug, name, sort_key) VALUES (?, ?, ?, ?)`,
		tag.ID, tag.Slug, tag.Name, logic.SortKey(tag.Name))
	if err != nil {
		return takenAt(err, "slug")
	}
	return w.ClaimTagSlug(ctx, tag.Slug, tag.Name, tag.ID)
}

// ClaimTagSlug lets a slug lead to a tag for good, as what is made of name: readers too, where they see the tag. TAKEN when it leads to
// another.
func (w *writer) ClaimTagSlug(ctx context.Context, slug, name string, id logic.TagID) error {
	w.change(logic.TagSlug(slug))
	claimed, err := w.exec(ctx, `/* ClaimTagSlug */ INSERT INTO tag_slug (slug, tag_id, name, public)
		SELECT ?, tag.id, ?, tag.listed FROM tag WHERE tag.id = ?
		ON CONFLICT (slug) DO UPDATE SET public = max(public, excluded.public) WHERE tag_slug.tag_id = excluded.tag_id`, slug, name, id)
	if err == nil && claimed == 0 {
		err = logic.Fault(logic.CodeTaken, "Another tag has the slug %q, or had it.", slug)
	}
	return err
}

// DropOutdatedTagSlug takes a slug from the tag that had it before readers saw it.
func (w *writer) DropOutdatedTagSlug(ctx context.Context, slug string) error {
	w.change(logic.TagSlug(slug))
	_, err := w.exec(ctx, `/* DropOutdatedTagSlug */ DELETE FROM tag_slug WHERE slug = ? AND public = 0
		AND NOT EXISTS (SELECT 1 FROM tag WHERE tag.id = tag_slug.tag_id AND tag.slug = tag_slug.slug)`, slug)
	return err
}

// publishTagSlug states that readers saw a tag under a slug that leads to it.
func (w *writer) publishTagSlug(ctx context.Context, slug string) error {
	w.change(logic.TagSlug(slug))
	_, err := w.exec(ctx, `/* publishTagSlug */ UPDATE tag_slug SET public = 1 WHERE slug = ?`, slug)
	return err
}

// UpdateTag gives a tag another name, and a slug that it claimed.
func (w *writer) UpdateTag(ctx context.Context, tag content.Tag) error {
	before, err := selectRow[string](ctx, w.reader, `/* UpdateTag: before */ SELECT slug FROM tag WHERE id = ?`, tag.ID)
	if err != nil {
		return orNotFound(err, "tag")
	}
	w.change(logic.TagThing(tag.ID), logic.TagSlug(before), logic.ListedTags)
	_, err = w.exec(ctx, `/* UpdateTag */ UPDATE tag SET slug = ?, name = ?, sort_key = ? WHERE id = ?`,
		tag.Slug, tag.Name, logic.SortKey(tag.Name), tag.ID)
	return takenAt(err, "slug")
}

// PublicPostsOn returns the posts on a tag that readers see.
func (r reader) PublicPostsOn(ctx context.Context, id logic.TagID) ([]content.Post, error) {
	var posts []content.Post
	err := r.eachPost(ctx, `/* PublicPostsOn */ SELECT `+postColumns+`
		FROM post_list AS q CROSS JOIN post WHERE q.list = ? AND q.shelf IN (?, ?) AND post.id = q.post_id`,
		[]any{id, publishedArticles, publishedPages}, func(post content.Post, _ *row) { posts = append(posts, post) })
	return posts, err
}

// MergeTags puts a tag in the place of another on all posts and for all slugs, and deletes the other. A post that stands on both has it
// where the first of them was.
func (w *writer) MergeTags(ctx context.Context, from, into logic.TagID) error {
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`/* MergeTags: posts */ UPDATE post SET tag_ids = (
				SELECT json_group_array(tag_id ORDER BY place) FROM (
					SELECT CASE tagged.value WHEN ? THEN ? ELSE tagged.value END AS tag_id, min(tagged.key) AS place
					FROM json_each(post.tag_ids) AS tagged GROUP BY tag_id
				)
			) WHERE id IN (SELECT q.post_id FROM post_list AS q WHERE q.list = ?)`, []any{from, into, from}},
		{`/* MergeTags: lists */ INSERT INTO post_list (list, post_id, shelf, published_at, updated_at, created_at, sort_key)
			SELECT ?, q.post_id, q.shelf, q.published_at, q.updated_at, q.created_at, q.sort_key
			FROM post_list AS q WHERE q.list = ? ON CONFLICT (list, post_id) DO NOTHING`, []any{into, from}},
		{`/* MergeTags: old list */ DELETE FROM post_list WHERE list = ?`, []any{from}},
		{`/* MergeTags: sizes */ DELETE FROM post_list_size WHERE list IN (?, ?)`, []any{from, into}},
		{`/* MergeTags: new sizes */ INSERT INTO post_list_size (list, shelf, posts)
			SELECT q.list, q.shelf, count(*) FROM post_list AS q WHERE q.list = ? GROUP BY q.list, q.shelf`, []any{into}},
		{`/* MergeTags: slugs */ UPDATE tag_slug SET tag_id = ? WHERE tag_id = ?`, []any{into, from}},
		{`/* MergeTags */ DELETE FROM tag WHERE id = ?`, []any{from}},
	} {
		if _, err := w.exec(ctx, step.query, step.args...); err != nil {
			return err
		}
	}
	return w.updateListed(ctx, content.Post{TagIDs: []logic.TagID{into}})
}
