package store

import (
	"context"
	"encoding/json"

	"headwater/logic"
	"headwater/logic/content"
)

// What eachPost reads. briefColumns, of which there are briefPostColumns, are what nearly every list shows.
const (
	briefColumns = `post.id, post.kind, post.slug, post.title, post.status, post.author_ids, post.tag_ids, post.published_at, post.deleted_at`
	postColumns  = briefColumns + `, post.summary, post.language, post.cover_id, post.created_at, post.updated_at, post.revision, post.shown_revision,
	post.scheduled_for, post.scheduled_revision`

	briefPostColumns = 9
)

// eachPost runs a statement that returns postColumns, or briefColumns, and calls take for each row, with what stands behind them.
func (r reader) eachPost(ctx context.Context, query string, args []any, take func(post content.Post, beside *row)) error {
	authors, tags := make([]logic.UserID, 0, 32), make([]logic.TagID, 0, 64)
	return r.rows(ctx, query, args, func(row *row) error {
		post := content.Post{
			ID: logic.PostID(row.int()), Kind: content.PostKind(row.text()), Slug: row.text(), Title: row.text(), Status: content.PostStatus(row.text()),
			AuthorIDs: keysOf(row, &authors), TagIDs: keysOf(row, &tags), PublishedAt: intGiven[logic.Moment](row), DeletedAt: intGiven[logic.Moment](row),
		}
		if len(row.columns) > briefPostColumns && row.columns[briefPostColumns] == "summary" {
			post.Summary, post.Language, post.CoverID = row.textGiven(), row.text(), intGiven[logic.MediaID](row)
			post.CreatedAt, post.UpdatedAt = logic.Moment(row.int()), logic.Moment(row.int())
			post.Revision, post.ShownRevision = int(row.int()), int(row.int())
			post.ScheduledFor, post.ScheduledRevision = intGiven[logic.Moment](row), intGiven[int](row)
		}
		if row.err == nil {
			take(post, row)
		}
		return row.err
	})
}

// PostsByID returns the posts with the given keys.
func (r reader) PostsByID(ctx context.Context, ids []logic.PostID) (map[logic.PostID]content.Post, error) {
	posts := make(map[logic.PostID]content.Post, len(ids))
	err := r.eachPost(ctx, `/* PostsByID */ SELECT `+postColumns+`
		FROM json_each(?) AS asked CROSS JOIN post WHERE post.id = asked.value`, []any{keyList(ids)},
		func(post content.Post, _ *row) { posts[post.ID] = post })
	return posts, err
}

// PostBySlug returns the post with a slug, or that was public under it, or NOT_FOUND.
func (r reader) PostBySlug(ctx context.Context, slug string) (content.Post, error) {
	var found content.Post
	err := r.eachPost(ctx, `/* PostBySlug */ SELECT `+postColumns+`
		FROM post_slug CROSS JOIN post
		WHERE post_slug.slug = ? AND post.id = post_slug.post_id AND (post_slug.public = 1 OR post.slug = post_slug.slug)`, []any{slug},
		func(post content.Post, _ *row) { found = post })
	if err == nil && found.ID == 0 {
		err = logic.NotFound("post")
	}
	return found, err
}

// Neighbours returns, for each post, the published article just after it, or before it.
func (r reader) Neighbours(ctx context.Context, ids []logic.PostID, before bool) (map[logic.PostID]content.Post, error) {
	side, order := ">", direction(false)
	if before {
		side, order = "<", direction(true)
	}
	posts := make(map[logic.PostID]content.Post, len(ids))
	err := r.eachPost(ctx, neighbours(side, order), []any{publishedArticles, keyList(ids)},
		func(post content.Post, beside *row) { posts[logic.PostID(beside.int())] = post })
	return posts, err
}

// neighbours returns the statement that looks beside posts. The signs take away the types of the values to look behind,
// without which SQLite compares only the first of them within the index.
func neighbours(beside, order string) string {
	return `/* Neighbours */ WITH near(id, neighbour) AS MATERIALIZED (
			SELECT here.id, (
				SELECT q.post_id FROM post_list AS q
				WHERE q.list = 0 AND q.shelf = ? AND (q.published_at, q.post_id) ` + beside + ` (+here.published_at, +here.id)
				ORDER BY q.published_at` + order + `, q.post_id` + order + ` LIMIT 1
			)
			FROM json_each(?) AS asked CROSS JOIN post AS here WHERE here.id = asked.value
		)
		SELECT ` + postColumns + `, near.id FROM near CROSS JOIN post WHERE post.id = near.neighbour`
}

// Outlines returns what was worked out of the texts of posts.
func (r reader) Outlines(ctx context.Context, ids []logic.PostID) (map[logic.PostID]content.Outline, error) {
	outlines := make(map[logic.PostID]content.Outline, len(ids))
	err := r.rows(ctx, `/* Outlines */ SELECT post_id, lead, word_count, headings
		FROM json_each(?) AS asked CROSS JOIN post_text WHERE post_id = asked.value`, []any{keyList(ids)}, func(row *row) error {
		id, outline := logic.PostID(row.int()), content.Outline{Lead: row.text(), WordCount: int(row.int())}
		headings := row.text()
		if row.err != nil {
			return row.err
		}
		err := json.Unmarshal([]byte(headings), &outline.Headings)
		outlines[id] = outline
		return err
	})
	return outlines, err
}

// Bodies returns one long part of posts.
func (r reader) Bodies(ctx context.Context, ids []logic.PostID, part content.BodyPart) (map[logic.PostID]string, error) {
	column := "html"
	if part == content.BodyText {
		column = "text"
	}
	bodies := make(map[logic.PostID]string, len(ids))
	err := r.rows(ctx, `/* Bodies */ SELECT post_id, `+column+`
		FROM json_each(?) AS asked CROSS JOIN post_text WHERE post_id = asked.value`, []any{keyList(ids)}, func(row *row) error {
		bodies[logic.PostID(row.int())] = row.text()
		return row.err
	})
	return bodies, err
}
