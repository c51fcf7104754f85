package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"headwater/logic"
	"headwater/logic/content"
)

// How much a word counts in a title and in a text (the weights of FTS5's bm25).
const (
	titleWeight = "10.0"
	textWeight  = "1.0"
)

// SearchPosts returns up to Window.Limit+1 hits, the best first, behind the post of Window.After where given.
func (r reader) SearchPosts(ctx context.Context, query content.SearchQuery) ([]content.SearchHit, error) {
	var hits []content.SearchHit
	var score float64
	var text string
	ask := searchPosts(query)
	err := r.eachPost(ctx, ask.text.String(), ask.args, func(post content.Post) {
		hits = append(hits, content.SearchHit{Post: post, Score: score, Snippet: content.Passage(text)})
	}, &score, &text)
	slices.SortFunc(hits, func(a, b content.SearchHit) int {
		return cmp.Or(cmp.Compare(a.Score, b.Score), cmp.Compare(a.Post.ID, b.Post.ID))
	})
	return hits, err
}

// searchPosts returns the statement that searches, in no order. Every match is scored; the texts of the page alone are
// read. FTS5 goes through the matches twice, as it would begin anew with all words for every post that is looked up in it by
// its key: the sign in front of rowid prevents that. Its snippet is not used: that takes the square of the words found.
func searchPosts(query content.SearchQuery) *statement {
	match, window := matchOf(query), query.Posts.Window
	var s statement
	s.add(`/* SearchPosts */ WITH hit(id, score) AS MATERIALIZED (
			SELECT post_search.rowid, bm25(post_search, `+titleWeight+`, `+textWeight+`) FROM post_search WHERE post_search MATCH ?`, match)
	s.addFound(query.Posts)
	s.add(`), page(id, score) AS MATERIALIZED (SELECT id, score FROM hit WHERE true`)
	if after := window.After; after != nil {
		from := ">"
		if window.Inclusive {
			from = ">="
		}
		// Scores change as posts come and go, so the place behind the last hit is that hit's score of now.
		s.add(` AND (score, id) `+from+` (coalesce((SELECT score FROM hit WHERE id = ?), ?), ?)`, after.Key, after.Score, after.Key)
	}
	s.add(` ORDER BY score, id LIMIT ?)
		SELECT `+postColumns+`, page.score, highlight(post_search, 1, '`+content.SnippetStart+`', '`+content.SnippetEnd+`')
		FROM post_search CROSS JOIN page CROSS JOIN post
		WHERE post_search MATCH ? AND page.id = +post_search.rowid AND post.id = page.id`, window.Limit+1, match)
	return &s
}

// CountSearch returns how many posts match query, whatever its window.
func (r reader) CountSearch(ctx context.Context, query content.SearchQuery) (int64, error) {
	ask := countSearch(query)
	return selectRow[int64](ctx, r, ask.text.String(), ask.args...)
}

func countSearch(query content.SearchQuery) *statement {
	var s statement
	s.add(`/* CountSearch */ SELECT count(*) FROM post_search WHERE post_search MATCH ?`, matchOf(query))
	s.addFound(query.Posts)
	return &s
}

// addFound adds the conditions of query on a post that was found, which is looked up by its key: the signs in front keep
// other indexes out of it.
func (s *statement) addFound(query content.PostQuery) {
	s.add(` AND EXISTS (
			SELECT 1 FROM post_list AS q WHERE q.list = 0 AND q.post_id = post_search.rowid
			AND +q.shelf IN (SELECT value FROM json_each(?))`, keyList(shelvesOf(query.States, query)))
	s.addPublished(reach{}, query)
	s.add(`)`)
	for _, c := range conditionsOf(query) {
		s.add(` AND EXISTS (
			SELECT 1 FROM post_list AS q WHERE q.post_id = post_search.rowid AND q.list IN (
				SELECT named.`+c.key+` FROM json_each(?) AS name CROSS JOIN `+c.table+` AS named WHERE named.`+c.name+` = name.value))`,
			keyList(c.names))
	}
}

// matchOf writes a search as FTS5 reads it. Every word stands in quotes, so none is taken for a sign of FTS5's.
func matchOf(query content.SearchQuery) string {
	match := "(" + joinTerms(query.Terms, " AND ") + ")"
	if len(query.Without) > 0 {
		match += " NOT (" + joinTerms(query.Without, " OR ") + ")"
	}
	return match
}

// quotable makes text fit to stand in quotes: FTS5 ends at a zero byte.
var quotable = strings.NewReplacer(`"`, `""`, "\x00", " ")

func joinTerms(terms []content.SearchTerm, with string) string {
	quoted := make([]string, len(terms))
	for i, term := range terms {
		quoted[i] = `"` + quotable.Replace(strings.Join(term.Words, " ")) + `"`
		if term.Prefix {
			quoted[i] += " *"
		}
	}
	return strings.Join(quoted, with)
}

// addToSearch makes the text of a post, as post_text has it, known to the search.
func (w *writer) addToSearch(ctx context.Context, id logic.PostID) error {
	_, err := w.exec(ctx, `/* addToSearch */
		INSERT INTO post_search (rowid, title, text) SELECT post_id, title, text FROM post_text WHERE post_id = ?`, id)
	return err
}

// removeFromSearch is to be called while post_text still has the text that the search knows.
func (w *writer) removeFromSearch(ctx context.Context, id logic.PostID) error {
	_, err := w.exec(ctx, `/* removeFromSearch */
		INSERT INTO post_search (post_search, rowid, title, text)
		SELECT 'delete', post_id, title, text FROM post_text WHERE post_id = ?`, id)
	return err
}
