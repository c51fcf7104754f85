package store

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/content/render"
)

// How posts are found to be related: by the words that tell each apart, and by the tags that they share. Words weigh by
// their weight in both posts and the square of their inverse document frequency (Salton and Buckley 1988, "Term-weighting
// approaches in automatic text retrieval"); a tag weighs by its own frequency alone.
const (
	// tagWeight is how much a shared tag counts beside the words.
	tagWeight = 0.1
	// maxPostings is how many entries of the word index are read for one post: its most telling words come first.
	maxPostings = 1500
	// maxTagPosts is how many of the newest articles of each of a post's tags are looked at.
	maxTagPosts = 100
)

// RelatedPosts returns, for each post, up to limit other published articles, closest first.
func (r reader) RelatedPosts(ctx context.Context, ids []logic.PostID, limit int) (map[logic.PostID][]content.Post, error) {
	type hit struct {
		place int
		post  content.Post
	}
	hits := make(map[logic.PostID][]hit, len(ids))
	args := []any{keyList(ids), publishedArticles, maxPostings, tagWeight, publishedArticles, maxTagPosts, limit}
	err := r.eachPost(ctx, relatedPosts, args, func(post content.Post, beside *row) {
		of, place := logic.PostID(beside.int()), int(beside.int())
		hits[of] = append(hits[of], hit{place, post})
	})
	related := make(map[logic.PostID][]content.Post, len(hits))
	for id, found := range hits {
		slices.SortFunc(found, func(a, b hit) int { return cmp.Compare(a.place, b.place) })
		for _, hit := range found {
			related[id] = append(related[id], hit.post)
		}
	}
	return related, err
}

// relatedPosts reads, for each post asked for, the entries of its most telling words and of its tags, adds up what each
// other post shares with it, and returns the best.
const relatedPosts = `/* RelatedPosts */ WITH
	asked(id) AS MATERIALIZED (SELECT DISTINCT value FROM json_each(?)),
	total(posts) AS MATERIALIZED (SELECT coalesce(sum(posts), 0) + 1.0 FROM post_list_size WHERE list = 0 AND shelf = ?),
	word(id, term_id, posts, weight) AS MATERIALIZED (
		SELECT asked.id, term.id, term.posts, post_term.weight * ln(total.posts / term.posts) * ln(total.posts / term.posts)
		FROM total CROSS JOIN asked CROSS JOIN post_term CROSS JOIN term
		WHERE post_term.post_id = asked.id AND term.id = post_term.term_id AND term.posts > 0
	),
	telling(id, term_id, weight, postings) AS MATERIALIZED (
		SELECT id, term_id, weight, sum(posts) OVER (PARTITION BY id ORDER BY posts, term_id) FROM word
	),
	subject(id, tag_id, weight) AS MATERIALIZED (
		SELECT asked.id, tag.id, ln(total.posts / tag.post_count)
		FROM total CROSS JOIN asked CROSS JOIN post CROSS JOIN json_each(post.tag_ids) AS tagged CROSS JOIN tag
		WHERE post.id = asked.id AND tag.id = tagged.value AND tag.post_count > 0
	),
	shared(id, other, weight) AS (
		SELECT telling.id, q.post_id, telling.weight * q.weight
		FROM telling CROSS JOIN post_term AS q
		WHERE telling.postings <= ? AND q.term_id = telling.term_id AND q.open = 1
		UNION ALL
		SELECT subject.id, found.post_id, subject.weight * ?
		FROM subject CROSS JOIN post_list AS found
		WHERE found.list = subject.tag_id AND found.post_id IN (
			SELECT q.post_id FROM post_list AS q WHERE q.list = subject.tag_id AND q.shelf = ?
			ORDER BY q.published_at DESC, q.post_id DESC LIMIT ?
		)
	),
	ranked(id, other, place) AS (
		SELECT id, other, row_number() OVER (PARTITION BY id ORDER BY sum(weight) DESC, other DESC)
		FROM shared WHERE other <> id GROUP BY id, other
	)
	SELECT ` + postColumns + `, ranked.id, ranked.place
	FROM ranked CROSS JOIN post WHERE post.id = ranked.other AND ranked.place <= ?`

// insertTerms keeps the words of a post.
func (w *writer) insertTerms(ctx context.Context, id logic.PostID, shelf int, terms []render.Term) error {
	if len(terms) == 0 {
		return nil
	}
	encoded, err := json.Marshal(terms)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `/* insertTerms */ INSERT INTO term (term)
		SELECT json_extract(value, '$.Term') FROM json_each(?) WHERE true ON CONFLICT (term) DO NOTHING`, string(encoded))
	if err != nil {
		return err
	}
	open := shelf == publishedArticles
	_, err = w.exec(ctx, `/* insertTerms: of the post */ INSERT INTO post_term (post_id, term_id, weight, open)
		SELECT ?, term.id, json_extract(given.value, '$.Weight'), ?
		FROM json_each(?) AS given CROSS JOIN term WHERE term.term = json_extract(given.value, '$.Term')
		ON CONFLICT (post_id, term_id) DO NOTHING`, id, open, string(encoded))
	if err != nil {
		return err
	}
	return w.countTerms(ctx, id, 1)
}

// openTerms states that the words of a post are those of one on the shelf.
func (w *writer) openTerms(ctx context.Context, id logic.PostID, shelf int) error {
	if err := w.countTerms(ctx, id, -1); err != nil {
		return err
	}
	_, err := w.exec(ctx, `/* openTerms */ UPDATE post_term SET open = ? WHERE post_id = ?`, shelf == publishedArticles, id)
	if err != nil {
		return err
	}
	return w.countTerms(ctx, id, 1)
}

// deleteTerms takes away the words of a post, and returns their keys: see purgeTerms.
func (w *writer) deleteTerms(ctx context.Context, id logic.PostID) ([]int64, error) {
	if err := w.countTerms(ctx, id, -1); err != nil {
		return nil, err
	}
	w.writes = true
	return selectRows[int64](ctx, w.reader, `/* deleteTerms */ DELETE FROM post_term WHERE post_id = ? RETURNING term_id`, id)
}

// purgeTerms deletes those of the words that no post has any longer: a text that was changed must leave none behind.
func (w *writer) purgeTerms(ctx context.Context, ids []int64) error {
	_, err := w.exec(ctx, `/* purgeTerms */ DELETE FROM term
		WHERE id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1 FROM post_term WHERE post_term.term_id = term.id)`, keyList(ids))
	return err
}

// countTerms adds change to the numbers of published articles that have the words of a post, if it is one.
func (w *writer) countTerms(ctx context.Context, id logic.PostID, change int) error {
	_, err := w.exec(ctx, `/* countTerms */ UPDATE term SET posts = posts + ?
		WHERE id IN (SELECT term_id FROM post_term WHERE post_id = ? AND open = 1)`, change, id)
	return err
}
