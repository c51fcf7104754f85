package store

import (
	"cmp"
	"context"
	"slices"

	"headwater/logic"
	"headwater/logic/content"
)

// SearchPosts returns up to Window.Limit+1 hits, the best first, behind the post of Window.After where given. A post that was found by
// whole words and by beginnings comes in two rows, each of which marks its own.
func (r reader) SearchPosts(ctx context.Context, query content.SearchQuery) ([]content.SearchHit, error) {
	q := soughtOf(query)
	if len(q.sights()) == 0 {
		return nil, nil
	}
	found := map[logic.PostID]content.SearchHit{}
	ask := searchPosts(q)
	err := r.eachPost(ctx, ask.text.String(), ask.args, func(post content.Post, beside *row) {
		score, text := beside.float(), beside.text()
		if hit, ok := found[post.ID]; ok {
			text = content.MergeMarks(hit.Snippet, text)
		}
		found[post.ID] = content.SearchHit{Post: post, Score: score, Snippet: text}
	})
	hits := make([]content.SearchHit, 0, len(found))
	for _, hit := range found {
		hit.Snippet = content.Passage(hit.Snippet)
		hits = append(hits, hit)
	}
	slices.SortFunc(hits, func(a, b content.SearchHit) int {
		return cmp.Or(cmp.Compare(a.Score, b.Score), cmp.Compare(b.Post.ID, a.Post.ID))
	})
	return hits, err
}

// searchPosts returns the statement that searches, in no order. Every match is scored; the texts of the page alone are read.
func searchPosts(q sought) *statement {
	window := q.Posts.Window
	var s statement
	s.add(`/* SearchPosts */ `)
	s.addHits(q)
	s.add(`, page(id, score) AS MATERIALIZED (SELECT id, score FROM hit WHERE true`)
	if after := window.After; after != nil {
		from := ">"
		if window.Inclusive {
			from = ">="
		}
		// Scores change as posts come and go, so the place behind the last hit is that hit's score of now.
		s.add(` AND (score, -id) `+from+` (coalesce((SELECT score FROM hit WHERE id = ?), ?), ?)`, after.Key, after.Score, -after.Key)
	}
	s.add(` ORDER BY score, id DESC LIMIT ?), `, window.Limit+1)
	s.addMarked(q)
	s.add(` SELECT ` + postColumns + `, marked.score, marked.text FROM marked CROSS JOIN post WHERE post.id = marked.id`)
	return &s
}

// CountSearch returns how many posts match query, whatever its window.
func (r reader) CountSearch(ctx context.Context, query content.SearchQuery) (int64, error) {
	q := soughtOf(query)
	if len(q.sights()) == 0 {
		return 0, nil
	}
	ask := countSearch(q)
	return selectRow[int64](ctx, r, ask.text.String(), ask.args...)
}

func countSearch(q sought) *statement {
	var s statement
	q.unscored = true
	s.add(`/* CountSearch */ `)
	s.addHits(q)
	s.add(` SELECT count(*) FROM hit`)
	return &s
}
