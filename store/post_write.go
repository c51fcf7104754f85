package store

import (
	"context"
	"encoding/json"

	"headwater/logic"
	"headwater/logic/content"
)

// InsertPost adds a post with its text and puts it into its lists.
func (w *writer) InsertPost(ctx context.Context, post content.Post, text content.PostText) error {
	shelf, err := shelfOf(post)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `/* InsertPost */ INSERT INTO post (
			id, kind, slug, title, status, summary, author_ids, tag_ids, language, cover_id, published_at, created_at, updated_at,
			sort_key, revision, shown_revision, scheduled_for, scheduled_revision, deleted_at
		) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		post.ID, post.Kind, post.Slug, post.Title, post.Status, post.Summary, keyList(post.AuthorIDs), keyList(post.TagIDs),
		post.Language, post.CoverID, post.PublishedAt, post.CreatedAt, post.UpdatedAt,
		logic.SortKey(post.Title), post.Revision, post.ShownRevision, post.ScheduledFor, post.ScheduledRevision, post.DeletedAt)
	if err != nil {
		return takenAt(err, "slug")
	}
	w.change(changesOfPost(content.Post{}, post, true)...)
	return inOrder(
		func() error { return w.insertText(ctx, post, text) },
		func() error { return w.insertTerms(ctx, post.ID, shelf, text.Terms) },
		func() error { return w.enlist(ctx, post, shelf) },
		func() error { return w.updateListed(ctx, post) },
	)
}

// UpdatePost replaces a post and its text, found by its key; NOT_FOUND when there is none.
func (w *writer) UpdatePost(ctx context.Context, post content.Post, text content.PostText) error {
	shelf, err := shelfOf(post)
	if err != nil {
		return err
	}
	before, err := w.postByID(ctx, post.ID)
	if err != nil {
		return err
	}
	terms, err := w.deleteTerms(ctx, post.ID)
	if err != nil {
		return err
	}
	w.change(changesOfPost(before, post, true)...)
	return inOrder(
		func() error { return w.deleteText(ctx, post.ID) },
		func() error { return w.delist(ctx, before) },
		func() error { return w.updatePost(ctx, post) },
		func() error { return w.insertText(ctx, post, text) },
		func() error { return w.insertTerms(ctx, post.ID, shelf, text.Terms) },
		func() error { return w.purgeTerms(ctx, terms) },
		func() error { return w.enlist(ctx, post, shelf) },
		func() error { return w.updateListed(ctx, before, post) },
	)
}

// inOrder runs steps until one fails.
func inOrder(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) updatePost(ctx context.Context, post content.Post) error {
	_, err := w.exec(ctx, `/* UpdatePost */ UPDATE post SET
			kind = ?, slug = ?, title = ?, status = ?, summary = ?, author_ids = ?, tag_ids = ?, language = ?, cover_id = ?,
			published_at = ?, created_at = ?, updated_at = ?, sort_key = ?, revision = ?, shown_revision = ?, scheduled_for = ?,
			scheduled_revision = ?, deleted_at = ?
		WHERE id = ?`,
		post.Kind, post.Slug, post.Title, post.Status, post.Summary, keyList(post.AuthorIDs), keyList(post.TagIDs), post.Language,
		post.CoverID, post.PublishedAt, post.CreatedAt, post.UpdatedAt, logic.SortKey(post.Title), post.Revision, post.ShownRevision,
		post.ScheduledFor, post.ScheduledRevision, post.DeletedAt, post.ID)
	return takenAt(err, "slug")
}

// FreeSlugs gives posts slugs that no post can ask for, as they begin with ~.
func (w *writer) FreeSlugs(ctx context.Context, ids []logic.PostID) error {
	_, err := w.exec(ctx, `/* FreeSlugs: owners */ DELETE FROM post_slug
		WHERE slug IN (SELECT post.slug FROM json_each(?) AS asked CROSS JOIN post WHERE post.id = asked.value)`, keyList(ids))
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `/* FreeSlugs */ UPDATE post SET slug = '~' || id WHERE id IN (SELECT value FROM json_each(?))`, keyList(ids))
	return err
}

func (w *writer) insertText(ctx context.Context, post content.Post, text content.PostText) error {
	headings, err := json.Marshal(text.Headings)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `/* insertText */
		INSERT INTO post_text (post_id, title, word_count, headings, lead, text, html, markdown) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		post.ID, post.Title, text.WordCount, string(headings), text.Lead, text.Text, text.HTML, text.Markdown)
	if err != nil {
		return err
	}
	return w.addToSearch(ctx, post.ID)
}

func (w *writer) deleteText(ctx context.Context, id logic.PostID) error {
	if err := w.removeFromSearch(ctx, id); err != nil {
		return err
	}
	_, err := w.exec(ctx, `/* deleteText */ DELETE FROM post_text WHERE post_id = ?`, id)
	return err
}

// listsOf returns the lists that a post stands in, but its language's.
func listsOf(post content.Post) string {
	lists := make([]content.PostList, 1, 1+len(post.TagIDs)+len(post.AuthorIDs))
	lists[0] = content.AllPosts
	for _, id := range post.TagIDs {
		lists = append(lists, content.PostList(id))
	}
	for _, id := range post.AuthorIDs {
		lists = append(lists, content.PostList(id))
	}
	return keyList(lists)
}

// enlist puts a post into its lists.
func (w *writer) enlist(ctx context.Context, post content.Post, shelf int) error {
	_, err := w.exec(ctx, `/* enlist: language */
		INSERT INTO language (id, code) SELECT coalesce(min(id), 0) - 1, ? FROM language WHERE true ON CONFLICT (code) DO NOTHING`,
		post.Language)
	if err != nil {
		return err
	}
	lists := listsOf(post)
	_, err = w.exec(ctx, `/* enlist */
		INSERT INTO post_list (list, post_id, shelf, published_at, updated_at, created_at, sort_key)
		SELECT list, ?, ?, ?, ?, ?, ?
		FROM (SELECT value AS list FROM json_each(?) UNION SELECT id FROM language WHERE code = ?) AS belongs`,
		post.ID, shelf, post.PublishedAt, post.UpdatedAt, post.CreatedAt, logic.SortKey(post.Title), lists, post.Language)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `/* enlist: sizes */
		INSERT INTO post_list_size (list, shelf, posts)
		SELECT list, ?, 1
		FROM (SELECT value AS list FROM json_each(?) UNION SELECT id FROM language WHERE code = ?) AS belongs
		WHERE true ON CONFLICT (list, shelf) DO UPDATE SET posts = post_list_size.posts + 1`,
		shelf, lists, post.Language)
	return err
}

// delist takes a post out of the lists that it stands in.
func (w *writer) delist(ctx context.Context, post content.Post) error {
	shelf, err := shelfOf(post)
	if err != nil {
		return err
	}
	lists := listsOf(post)
	_, err = w.exec(ctx, `/* delist */
		DELETE FROM post_list
		WHERE post_id = ? AND list IN (SELECT value FROM json_each(?) UNION SELECT id FROM language WHERE code = ?)`,
		post.ID, lists, post.Language)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `/* delist: sizes */
		UPDATE post_list_size SET posts = posts - 1
		WHERE shelf = ? AND list IN (SELECT value FROM json_each(?) UNION SELECT id FROM language WHERE code = ?)`,
		shelf, lists, post.Language)
	return err
}

// updateListed brings up to date what tags and accounts say of their posts, for those of the given posts.
func (w *writer) updateListed(ctx context.Context, posts ...content.Post) error {
	var tags []logic.TagID
	var authors []logic.UserID
	for _, post := range posts {
		tags, authors = append(tags, post.TagIDs...), append(authors, post.AuthorIDs...)
	}
	_, err := w.exec(ctx, `/* updateListed: tags */
		UPDATE tag SET
			post_count = coalesce((SELECT posts FROM post_list_size WHERE list = tag.id AND shelf = ?), 0),
			listed = EXISTS (SELECT 1 FROM post_list_size WHERE list = tag.id AND shelf IN (?, ?) AND posts > 0)
		WHERE id IN (SELECT value FROM json_each(?))`,
		publishedArticles, publishedArticles, publishedPages, keyList(tags))
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `/* updateListed: slugs */
		UPDATE tag_slug SET public = 1
		WHERE slug IN (SELECT tag.slug FROM json_each(?) AS asked CROSS JOIN tag WHERE tag.id = asked.value AND tag.listed = 1)`,
		keyList(tags))
	if err != nil {
		return err
	}
	changed, err := selectRows[logic.UserID](ctx, w.reader, `/* updateListed: accounts */
		UPDATE account SET listed = NOT listed
		WHERE id IN (SELECT value FROM json_each(?))
			AND listed <> EXISTS (SELECT 1 FROM post_list_size WHERE list = account.id AND shelf IN (?, ?) AND posts > 0)
		RETURNING id`, keyList(authors), publishedArticles, publishedPages)
	if len(changed) > 0 {
		w.change(append(logic.Things(changed, logic.UserThing), logic.Users)...)
	}
	return err
}
