package store

import (
	"slices"
	"strings"

	"headwater/logic/content"
)

// What a hit's score is made of, the smaller the better. What readers see is scored by FTS5's bm25, to which all posts of post_search
// add. All else has a score that no other post has a part in, so that it tells nothing of them; a word in the title makes it better.
const (
	publicScore = "bm25(post_search, 10.0, 1.0)" // a word counts ten times as much in a title
	textScore   = "-1.0"
	titleScore  = "-10.0"
)

// sought is a search as storage goes about it. Words are looked for in post_search and draft_search, and beginnings of words in word_search.
// Without either, posts are found in the list of a tag or an author.
type sought struct {
	content.SearchQuery
	words, beginnings     []content.SearchTerm // of Terms
	noWords, noBeginnings []content.SearchTerm // of Without
	named, notNamed       []condition          // tags and authors, each of which is a condition of its own
	public, hidden        sight                // what readers see, and what else may be seen
	unscored              bool                 // where hits are only counted
}

// sight is the shelves on which all posts may be seen, and those on which only the owner's.
type sight struct {
	all, own []int64
}

func (s sight) isEmpty() bool { return len(s.all)+len(s.own) == 0 }

func soughtOf(query content.SearchQuery) sought {
	q := sought{SearchQuery: query}
	q.public.all, q.hidden.all = partPublic(shelvesOf(query.Posts.States, query.Posts))
	q.public.own, q.hidden.own = partPublic(shelvesOf(query.Posts.OwnStates, query.Posts))
	q.words, q.beginnings = wordsAndBeginnings(query.Terms)
	q.noWords, q.noBeginnings = wordsAndBeginnings(query.Without)
	q.named = slices.Concat(eachOf(query.Tags, tagsNamed), eachOf(query.Authors, authorsNamed))
	q.notNamed = slices.Concat(eachOf(query.WithoutTags, tagsNamed), eachOf(query.WithoutAuthors, authorsNamed))
	return q
}

// partPublic tells the shelves of what readers see from others.
func partPublic(shelves []int64) (public, hidden []int64) {
	for _, shelf := range shelves {
		if shelf == publishedArticles || shelf == publishedPages {
			public = append(public, shelf)
		} else {
			hidden = append(hidden, shelf)
		}
	}
	return public, hidden
}

// sight returns all that may be seen.
func (q sought) sight() sight {
	return sight{slices.Concat(q.public.all, q.hidden.all), slices.Concat(q.public.own, q.hidden.own)}
}

// wordsAndBeginnings tells whole words from beginnings of words.
func wordsAndBeginnings(terms []content.SearchTerm) (words, beginnings []content.SearchTerm) {
	for _, term := range terms {
		if term.Prefix {
			beginnings = append(beginnings, term)
		} else {
			words = append(words, term)
		}
	}
	return words, beginnings
}

// eachOf returns a condition for each name.
func eachOf(names []string, condition func([]string) condition) (conditions []condition) {
	for _, name := range names {
		conditions = append(conditions, condition([]string{name}))
	}
	return conditions
}

// addHits adds a WITH clause with the table hit(id, score), which has all that was found.
func (s *statement) addHits(q sought) {
	s.add(`WITH hit(id, score) AS MATERIALIZED (`)
	switch {
	case len(q.words) > 0:
		if !q.public.isEmpty() {
			s.addWordHits(q, "post_search", q.public)
		}
		if !q.public.isEmpty() && !q.hidden.isEmpty() {
			s.add(` UNION ALL `)
		}
		if !q.hidden.isEmpty() {
			s.addWordHits(q, "draft_search", q.hidden)
		}
	case len(q.beginnings) > 0:
		s.add(`SELECT word_search.rowid, ` + textScore)
		s.addTitleScore(q, "word_search", q.beginnings, "word_search.rowid")
		s.add(` FROM word_search WHERE word_search MATCH ?`, matchAll(q.beginnings))
		s.addConditionsOfSearch(q, "word_search.rowid", q.sight())
	default:
		s.add(`SELECT found.post_id, CAST(-coalesce(found.published_at, found.updated_at) AS REAL) FROM post_list AS found WHERE found.list IN (`)
		s.addNamed(q.named[0])
		s.add(`)`)
		s.addConditionsOfSearch(q, "found.post_id", q.sight())
	}
	s.add(`)`)
}

// addWordHits adds a query for what has all words and is in sight. Beginnings are looked for among that alone.
func (s *statement) addWordHits(q sought, index string, seen sight) {
	id := index + ".rowid"
	if index == "post_search" && !q.unscored {
		s.add(`SELECT ` + id + `, ` + publicScore)
	} else {
		s.add(`SELECT ` + id + `, ` + textScore)
		s.addTitleScore(q, index, q.words, id)
	}
	if len(q.beginnings) > 0 {
		s.addTitleScore(q, "word_search", q.beginnings, id)
	}
	s.add(` FROM `+index+` WHERE `+index+` MATCH ?`, matchAll(q.words))
	if len(q.beginnings) > 0 {
		s.add(` AND +`+id+` IN (SELECT rowid FROM word_search WHERE word_search MATCH ?)`, matchAll(q.beginnings))
	}
	s.addConditionsOfSearch(q, id, seen)
}

// addTitleScore adds what it is worth that the title of the post with the key id has any of terms.
func (s *statement) addTitleScore(q sought, index string, terms []content.SearchTerm, id string) {
	if q.unscored {
		return
	}
	s.add(` + `+titleScore+` * (`+id+` IN (SELECT rowid FROM `+index+` WHERE `+index+` MATCH ?))`, "{title} : ("+matchAny(terms)+")")
}

// addConditionsOfSearch adds all that is asked of the post with the key id but what it is found by. The signs in front keep id, and the
// shelf, from being looked up in other indexes: FTS5 would begin anew with all words for every post.
func (s *statement) addConditionsOfSearch(q sought, id string, seen sight) {
	s.add(` AND (`)
	s.addOnShelf(q.Posts, id, content.AllPosts, seen.all)
	if len(seen.own) > 0 {
		s.add(` OR `)
		s.addOnShelf(q.Posts, id, content.PostList(q.Posts.Owner), seen.own)
	}
	s.add(`)`)
	for _, c := range slices.Concat(conditionsOf(q.Posts), q.named) {
		s.add(` AND `)
		s.addStands(id, c)
	}
	for _, c := range q.notNamed {
		s.add(` AND NOT `)
		s.addStands(id, c)
	}
	if len(q.noWords) > 0 {
		without := matchAny(q.noWords)
		s.add(` AND +`+id+` NOT IN (SELECT rowid FROM post_search WHERE post_search MATCH ?
			UNION ALL SELECT rowid FROM draft_search WHERE draft_search MATCH ?)`, without, without)
	}
	if len(q.noBeginnings) > 0 {
		s.add(` AND +`+id+` NOT IN (SELECT rowid FROM word_search WHERE word_search MATCH ?)`, matchAny(q.noBeginnings))
	}
}

// addOnShelf adds the condition that the post with the key id stands in a list, on one of some shelves, and was published when query asks.
func (s *statement) addOnShelf(query content.PostQuery, id string, list content.PostList, shelves []int64) {
	s.add(`EXISTS (SELECT 1 FROM post_list AS q
			WHERE q.list = ? AND q.post_id = `+id+` AND +q.shelf IN (SELECT value FROM json_each(?))`, list, keyList(shelves))
	s.addPublished(reach{}, query)
	s.add(`)`)
}

// addStands adds that the post with the key id meets a condition.
func (s *statement) addStands(id string, c condition) {
	s.add(`EXISTS (SELECT 1 FROM post_list AS q WHERE q.post_id = ` + id + ` AND q.list IN (`)
	s.addNamed(c)
	s.add(`))`)
}

// addNamed adds a query for the lists of a condition.
func (s *statement) addNamed(c condition) {
	s.add(`SELECT named.`+c.key+` FROM json_each(?) AS name CROSS JOIN `+c.table+` AS named WHERE named.`+c.name+` = name.value`, keyList(c.names))
}

// addMarked adds the table marked(id, score, text): the posts of the table page with their texts, in which what they were found by is
// marked. FTS5's snippet is not used: that takes the square of the words found.
func (s *statement) addMarked(q sought) {
	s.add(`marked(id, score, text) AS (`)
	union := ""
	add := func(index string, terms []content.SearchTerm) {
		s.add(union+`SELECT page.id, page.score, highlight(`+index+`, 1, '`+content.SnippetStart+`', '`+content.SnippetEnd+`')
			FROM `+index+` CROSS JOIN page WHERE `+index+` MATCH ? AND page.id = +`+index+`.rowid`, matchAll(terms))
		union = ` UNION ALL `
	}
	if len(q.words) > 0 && !q.public.isEmpty() {
		add("post_search", q.words)
	}
	if len(q.words) > 0 && !q.hidden.isEmpty() {
		add("draft_search", q.words)
	}
	if len(q.beginnings) > 0 {
		add("word_search", q.beginnings)
	}
	if len(q.Terms) == 0 {
		s.add(`SELECT page.id, page.score, post_text.text FROM page CROSS JOIN post_text WHERE post_text.post_id = page.id`)
	}
	s.add(`)`)
}

// matchAll and matchAny write terms as FTS5 reads them. Every word stands in quotes, so none is taken for a sign of FTS5's.
func matchAll(terms []content.SearchTerm) string { return joinTerms(terms, " AND ") }

func matchAny(terms []content.SearchTerm) string { return joinTerms(terms, " OR ") }

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
