package content

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"headwater/logic"
)

// orderByRelevance names the order of what a search found, in its cursors.
const orderByRelevance = "RELEVANCE"

// Bounds of a search. What it costs grows with its terms times the matches, and with the words that begin as asked. With
// these, the worst search of 20,000 posts, all of which match, took 80 ms on a machine of two cores, and two words 20 ms.
const (
	maxSearchLength   = 500 // characters
	maxSearchTerms    = 10  // words and phrases, with those left out
	maxSearchPrefixes = 4   // of them that are beginnings of words
	minPrefixLength   = 2   // letters of such a beginning
	maxSearchWords    = 32  // in terms together
)

// SearchQuery checks a search. Any text is one: words are looked for in every form that shares their stem, "words in quotes" as a
// phrase, word* as the beginning of a word as it is written, tag:slug and author:username are conditions, and what has a - in front is left
// out. All of it must hold. What goes beyond the bounds of a search is not looked for, and so finds more, not less. TOO_LONG (field
// query), and faults of the page and filter as for PostQuery.
func (s *Service) SearchQuery(ctx context.Context, text string, filter *PostFilter, page logic.PageArgs) (SearchQuery, error) {
	query := parseSearch(text)
	var faults, conditions logic.Faults
	if utf8.RuneCountInString(text) > maxSearchLength {
		faults.Add(logic.Fault(logic.CodeTooLong, "a search has at most %d characters", maxSearchLength), "query")
	}
	query.Posts.Window, conditions = page.Window(orderByRelevance)
	faults = append(faults, conditions...)
	faults = append(faults, query.Posts.setFilter(logic.ViewerFrom(ctx), filter)...)
	return query, faults.Err()
}

// SearchPosts returns the hits of query, the best first. A search that only leaves out finds nothing.
func (s *Service) SearchPosts(ctx context.Context, query SearchQuery) (logic.Page[SearchHit], error) {
	if query.findsNothing() {
		return logic.Page[SearchHit]{}, nil
	}
	hits, err := s.store.SearchPosts(ctx, query)
	return logic.Trim(query.Posts.Window, hits), err
}

// CountSearch returns how many posts match query.
func (s *Service) CountSearch(ctx context.Context, query SearchQuery) (int64, error) {
	if query.findsNothing() {
		return 0, nil
	}
	return s.store.CountSearch(ctx, query)
}

// findsNothing tells whether no post can match, whatever there is.
func (q SearchQuery) findsNothing() bool {
	return len(q.Terms)+len(q.Tags)+len(q.Authors) == 0 || len(q.Posts.States)+len(q.Posts.OwnStates) == 0
}

// Cursor returns the place of the hit in what the search found.
func (h SearchHit) Cursor() logic.Cursor {
	return logic.Cursor{Order: orderByRelevance, Score: h.Score, Key: int64(h.Post.ID)}
}

// SnippetHTML returns the matching passage with the words found in <mark>, all else escaped.
func (h SearchHit) SnippetHTML() string {
	return snippetMarks.Replace(html.EscapeString(h.Snippet))
}

var snippetMarks = strings.NewReplacer(SnippetStart, "<mark>", SnippetEnd, "</mark>")

// parseSearch reads what must be there and what must not, each once and within the bounds of a search.
func parseSearch(text string) SearchQuery {
	var query SearchQuery
	words, prefixes := 0, 0
	seen := map[string]bool{}
	for text != "" && len(seen) < maxSearchTerms && words < maxSearchWords {
		var part searchPart
		part, text = nextPart(text)
		term := &part.term
		if term.Prefix && (prefixes == maxSearchPrefixes || countLetters(term.Words[len(term.Words)-1]) < minPrefixLength) {
			continue
		}
		if most := maxSearchWords - words; len(term.Words) > most {
			*term = SearchTerm{Words: term.Words[:most]}
		}
		key := strings.ToLower(fmt.Sprintf("%t %t %s %s %s", part.negated, term.Prefix, part.tag, part.author, strings.Join(term.Words, " ")))
		if part.isEmpty() || seen[key] {
			continue
		}
		seen[key] = true
		words += len(term.Words)
		if term.Prefix {
			prefixes++
		}
		query.add(part)
	}
	return query
}

// searchPart is a part of a search text: a term, or the name of a tag or an author, or nothing.
type searchPart struct {
	term        SearchTerm
	tag, author string
	negated     bool
}

func (p searchPart) isEmpty() bool { return len(p.term.Words) == 0 && p.tag == "" && p.author == "" }

func (q *SearchQuery) add(part searchPart) {
	terms, tags, authors := &q.Terms, &q.Tags, &q.Authors
	if part.negated {
		terms, tags, authors = &q.Without, &q.WithoutTags, &q.WithoutAuthors
	}
	switch {
	case part.tag != "":
		*tags = append(*tags, part.tag)
	case part.author != "":
		*authors = append(*authors, part.author)
	default:
		*terms = append(*terms, part.term)
	}
}

// nextPart returns the first part of text and what is behind it.
func nextPart(text string) (part searchPart, rest string) {
	var written string
	var quoted bool
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	text, part.negated = strings.CutPrefix(text, "-")
	if text, quoted = strings.CutPrefix(text, `"`); quoted {
		written, rest, _ = strings.Cut(text, `"`)
		part.term.Words = words(written)
		return part, rest
	}
	if end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '"' }); end >= 0 {
		written, rest = text[:end], text[end:]
	} else {
		written = text
	}
	kind, name, _ := strings.Cut(strings.ToLower(written), ":")
	switch named := len(words(name)) > 0; {
	case named && kind == "tag":
		part.tag = name
	case named && kind == "author":
		part.author = name
	default:
		part.term.Words = words(written)
		part.term.Prefix = len(part.term.Words) > 0 && strings.HasSuffix(written, "*")
	}
	return part, rest
}

// countLetters counts the letters and digits of a word, without marks above or below them.
func countLetters(word string) int {
	count := 0
	for _, letter := range word {
		if !unicode.Is(unicode.M, letter) {
			count++
		}
	}
	return count
}

// words returns the runs of letters, digits and marks in text. Marks alone are no word: no text has such, so that nothing would be found.
func words(text string) []string {
	runs := strings.FieldsFunc(text, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) })
	return slices.DeleteFunc(runs, func(run string) bool { return countLetters(run) == 0 })
}
