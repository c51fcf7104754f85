package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"headwater/logic"
	"headwater/logic/content"
)

// postColumns are those of a postRow.
const postColumns = `post.id, post.kind, post.slug, post.title, post.status, post.summary, post.author_ids, post.tag_ids,
	post.language, post.published_at, post.created_at, post.updated_at`

// postRow is a post as its table has it, with what some statements say of it beside.
type postRow struct {
	content.Post
	AuthorIDs idList[logic.UserID]
	TagIDs    idList[logic.TagID]

	List  content.PostList // the list that a page is of
	Place int64            // the place on a page, where rows do not come in order
	Of    logic.PostID     // the post that this one stands beside
}

func (r postRow) post() content.Post {
	r.Post.AuthorIDs, r.Post.TagIDs = r.AuthorIDs, r.TagIDs
	return r.Post
}

func (r postRow) id() logic.PostID { return r.ID }

// idList is a column that holds keys as a JSON array.
type idList[T ~int64] []T

// Scan reads the keys from text as keyList writes it.
func (l *idList[T]) Scan(column any) error {
	text, ok := column.(string)
	if !ok {
		return fmt.Errorf("%T is no list of keys", column)
	}
	*l = make([]T, 0, 1+len(text)/20)
	for start, i := 1, 1; i < len(text); i++ {
		if text[i] != ',' && text[i] != ']' || i == start {
			continue
		}
		key, err := strconv.ParseInt(text[start:i], 10, 64)
		if err != nil {
			return err
		}
		*l = append(*l, T(key))
		start = i + 1
	}
	return nil
}

// PostsByID returns the posts with the given keys.
func (r reader) PostsByID(ctx context.Context, ids []logic.PostID) (map[logic.PostID]content.Post, error) {
	rows, err := selectRows[postRow](ctx, r, `/* PostsByID */ SELECT `+postColumns+`
		FROM json_each(?) AS asked CROSS JOIN post WHERE post.id = asked.value`, keyList(ids))
	posts := make(map[logic.PostID]content.Post, len(rows))
	for _, row := range rows {
		posts[row.ID] = row.post()
	}
	return posts, err
}

// PostBySlug returns the post with a slug, or NOT_FOUND.
func (r reader) PostBySlug(ctx context.Context, slug string) (content.Post, error) {
	row, err := selectRow[postRow](ctx, r, `/* PostBySlug */ SELECT `+postColumns+` FROM post WHERE slug = ?`, slug)
	return row.post(), orNotFound(err, "post")
}

// Neighbours returns, for each post, the published article just after it, or before it.
func (r reader) Neighbours(ctx context.Context, ids []logic.PostID, before bool) (map[logic.PostID]content.Post, error) {
	beside, order := ">", direction(false)
	if before {
		beside, order = "<", direction(true)
	}
	rows, err := selectRows[postRow](ctx, r, neighbours(beside, order), publishedArticles, keyList(ids))
	posts := make(map[logic.PostID]content.Post, len(rows))
	for _, row := range rows {
		posts[row.Of] = row.post()
	}
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
		SELECT near.id AS of, ` + postColumns + ` FROM near CROSS JOIN post WHERE post.id = near.neighbour`
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
