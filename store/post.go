package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"reflect"

	"headwater/logic"
	"headwater/logic/content"
)

// postColumns are those that eachPost reads.
const postColumns = `post.id, post.kind, post.slug, post.title, post.status, post.summary, post.author_ids, post.tag_ids,
	post.language, post.cover_id, post.published_at, post.created_at, post.updated_at, post.revision, post.shown_revision,
	post.scheduled_for, post.scheduled_revision, post.deleted_at`

// briefColumns are those of them that nearly every list shows.
const briefColumns = `post.id, post.kind, post.slug, post.title, post.status, post.author_ids, post.tag_ids, post.published_at, post.deleted_at`

// eachPost runs a statement that returns postColumns, or briefColumns, and behind them what beside points to, and calls take for each row.
func (r reader) eachPost(ctx context.Context, query string, args []any, take func(content.Post), beside ...any) error {
	var into *scan
	return r.rows(ctx, query, args, func(columns []string, values []driver.Value) (err error) {
		own := len(columns) - len(beside)
		if into == nil {
			if into, err = scanOf[content.Post](columns[:own]); err != nil {
				return err
			}
		}
		var post content.Post
		if err := into.row(&post, values[:own]); err != nil {
			return err
		}
		for i, pointer := range beside {
			field := reflect.ValueOf(pointer).Elem()
			if err := setterOf(field.Type())(field, values[own+i]); err != nil {
				return err
			}
		}
		take(post)
		return nil
	})
}

// PostsByID returns the posts with the given keys.
func (r reader) PostsByID(ctx context.Context, ids []logic.PostID) (map[logic.PostID]content.Post, error) {
	posts := make(map[logic.PostID]content.Post, len(ids))
	err := r.eachPost(ctx, `/* PostsByID */ SELECT `+postColumns+`
		FROM json_each(?) AS asked CROSS JOIN post WHERE post.id = asked.value`, []any{keyList(ids)},
		func(post content.Post) { posts[post.ID] = post })
	return posts, err
}

// PostBySlug returns the post with a slug, or that was public under it, or NOT_FOUND.
func (r reader) PostBySlug(ctx context.Context, slug string) (content.Post, error) {
	var found content.Post
	err := r.eachPost(ctx, `/* PostBySlug */ SELECT `+postColumns+`
		FROM post_slug CROSS JOIN post
		WHERE post_slug.slug = ? AND post.id = post_slug.post_id AND (post_slug.public = 1 OR post.slug = post_slug.slug)`, []any{slug},
		func(post content.Post) { found = post })
	if err == nil && found.ID == 0 {
		err = logic.NotFound("post")
	}
	return found, err
}

// Neighbours returns, for each post, the published article just after it, or before it.
func (r reader) Neighbours(ctx context.Context, ids []logic.PostID, before bool) (map[logic.PostID]content.Post, error) {
	beside, order := ">", direction(false)
	if before {
		beside, order = "<", direction(true)
	}
	var of logic.PostID
	posts := make(map[logic.PostID]content.Post, len(ids))
	err := r.eachPost(ctx, neighbours(beside, order), []any{publishedArticles, keyList(ids)},
		func(post content.Post) { posts[of] = post }, &of)
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
	type outlineRow struct {
		PostID    logic.PostID
		Lead      string
		WordCount int
		Headings  []byte
	}
	rows, err := selectRows[outlineRow](ctx, r, `/* Outlines */ SELECT post_id, lead, word_count, headings
		FROM json_each(?) AS asked CROSS JOIN post_text WHERE post_id = asked.value`, keyList(ids))
	if err != nil {
		return nil, err
	}
	outlines := make(map[logic.PostID]content.Outline, len(rows))
	for _, row := range rows {
		outline := content.Outline{Lead: row.Lead, WordCount: row.WordCount}
		if err := json.Unmarshal(row.Headings, &outline.Headings); err != nil {
			return nil, err
		}
		outlines[row.PostID] = outline
	}
	return outlines, nil
}

// Bodies returns one long part of posts.
func (r reader) Bodies(ctx context.Context, ids []logic.PostID, part content.BodyPart) (map[logic.PostID]string, error) {
	column := "html"
	if part == content.BodyText {
		column = "text"
	}
	type bodyRow struct {
		PostID logic.PostID
		Body   string
	}
	rows, err := selectRows[bodyRow](ctx, r, `/* Bodies */ SELECT post_id, `+column+` AS body
		FROM json_each(?) AS asked CROSS JOIN post_text WHERE post_id = asked.value`, keyList(ids))
	bodies := make(map[logic.PostID]string, len(rows))
	for _, row := range rows {
		bodies[row.PostID] = row.Body
	}
	return bodies, err
}
