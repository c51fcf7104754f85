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

// sought is a search as storage goes about it. Words and beginnings of words are looked for in the indexes of what may be seen. Without
// either, posts are found in the list of a tag or an author.
type sought struct {
	content.SearchQuery
	words, beginnings     []content.SearchTerm // of Terms
	noWords, noBeginnings []content.SearchTerm // of Without
	named, notNamed       []condition          // tags and authors, each of which is a condition of its own
	public, hidden        sight                // what readers see, and what else may be seen
	unscored              bool                 // where hits are only counted
}

// sight is what may be seen of the posts in two indexes: the shelves on which all may be, and those on which only the owner's.
type sight struct {
	words    string // the index of words by their stems
	written  string // the index of words as they are written
	all, own []int64
}

func (s sight) isEmpty() bool { return len(s.all)+len(s.own) == 0 }

func soughtOf(query content.SearchQuery) sought {
	q := sought{
		SearchQuery: query,
		public:      sight{words: "post_search", written: "post_word_search"}, hidden: sight{words: "draft_search", written: "draft_word_search"},
	}
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

// sights returns all that may be seen. Who sees nothing hidden waits for nothing that is: neither is an index read that holds such, nor the
// part of a list.
func (q sought) sights() []sight {
	return slices.DeleteFunc([]sight{q.public, q.hidden}, sight.isEmpty)
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
	for i, seen := range q.sights() {
		if i > 0 {
			s.add(` UNION ALL `)
		}
		switch {
		case len(q.words) > 0:
			s.addWordHits(q, seen)
		case len(q.beginnings) > 0:
			s.addBeginningHits(q, seen)
		default:
			s.addListHits(q, seen)
		}
	}
	s.add(`)`)
}

// addWordHits adds a query for what has all words. Beginnings are looked for among that alone.
func (s *statement) addWordHits(q sought, seen sight) {
	id := seen.words + ".rowid"
	if seen.words == q.public.words && !q.unscored {
		s.add(`SELECT ` + id + `, ` + publicScore)
	} else {
		s.add(`SELECT ` + id + `, ` + textScore)
		s.addTitleScore(q, seen.words, q.words, id)
	}
	if len(q.beginnings) > 0 {
		s.addTitleScore(q, seen.written, q.beginnings, id)
	}
	s.add(` FROM `+seen.words+` WHERE `+seen.words+` MATCH ?`, matchAll(q.words))
	if len(q.beginnings) > 0 {
		s.add(` AND +`+id+` IN (SELECT rowid FROM `+seen.written+` WHERE `+seen.written+` MATCH ?)`, matchAll(q.beginnings))
	}
	s.addConditionsOfSearch(q, id, seen)
}

// addBeginningHits adds a query for what has words that begin so.
func (s *statement) addBeginningHits(q sought, seen sight) {
	id := seen.written + ".rowid"
	s.add(`SELECT ` + id + `, ` + textScore)
	s.addTitleScore(q, seen.written, q.beginnings, id)
	s.add(` FROM `+seen.written+` WHERE `+seen.written+` MATCH ?`, matchAll(q.beginnings))
	s.addConditionsOfSearch(q, id, seen)
}

// addListHits adds a query for what stands in the list of the first name.
func (s *statement) addListHits(q sought, seen sight) {
	s.add(`SELECT found.post_id, CAST(-coalesce(found.published_at, found.updated_at) AS REAL) FROM post_list AS found WHERE found.list IN (`)
	s.addNamed(q.named[0])
	s.add(`) AND found.shelf IN (SELECT value FROM json_each(?))`, keyList(slices.Concat(seen.all, seen.own)))
	s.addConditionsOfSearch(q, "found.post_id", seen)
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
		s.add(` AND +`+id+` NOT IN (SELECT rowid FROM `+seen.words+` WHERE `+seen.words+` MATCH ?)`, matchAny(q.noWords))
	}
	if len(q.noBeginnings) > 0 {
		s.add(` AND +`+id+` NOT IN (SELECT rowid FROM `+seen.written+` WHERE `+seen.written+` MATCH ?)`, matchAny(q.noBeginnings))
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
	s.add(`SELECT named.`+c.key+c.from(), textList(c.names))
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
	for _, seen := range q.sights() {
		if len(q.words) > 0 {
			add(seen.words, q.words)
		}
		if len(q.beginnings) > 0 {
			add(seen.written, q.beginnings)
		}
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
