package content

import (
	"context"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"headwater/logic"
)

// orderByRelevance names the order of what a search found, in its cursors.
const orderByRelevance = "RELEVANCE"

// maxSearchLength is how many characters a search may have.
const maxSearchLength = 500

// SearchQuery checks a search for words. Any text is a search: words are looked for in every form that shares their stem,
// "words in quotes" as a phrase, -word is left out, and word* is the beginning of a word. TOO_LONG (field query), and
// INVALID as for PostQuery.
func (s *Service) SearchQuery(ctx context.Context, text string, filter *PostFilter, page logic.PageArgs) (SearchQuery, error) {
	var query SearchQuery
	var faults, conditions logic.Faults
	if utf8.RuneCountInString(text) > maxSearchLength {
		faults.Add(logic.Fault(logic.CodeTooLong, "a search has at most %d characters", maxSearchLength), "query")
	}
	query.Posts.Window, conditions = page.Window(orderByRelevance)
	faults = append(faults, conditions...)
	faults = append(faults, query.Posts.setFilter(logic.ViewerFrom(ctx), filter)...)
	query.Terms, query.Without = parseSearch(text)
	return query, faults.Err()
}

// SearchPosts returns the hits of query, the best first. A search without any word finds nothing.
func (s *Service) SearchPosts(ctx context.Context, query SearchQuery) (logic.Page[SearchHit], error) {
	if len(query.Terms) == 0 {
		return logic.Page[SearchHit]{}, nil
	}
	hits, err := s.store.SearchPosts(ctx, query)
	return logic.Trim(query.Posts.Window, hits), err
}

// CountSearch returns how many posts match query.
func (s *Service) CountSearch(ctx context.Context, query SearchQuery) (int64, error) {
	if len(query.Terms) == 0 {
		return 0, nil
	}
	return s.store.CountSearch(ctx, query)
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

// parseSearch splits text into what must be there and what must not.
func parseSearch(text string) (terms, without []SearchTerm) {
	for text != "" {
		var part string
		var negated, quoted bool
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		text, negated = strings.CutPrefix(text, "-")
		if text, quoted = strings.CutPrefix(text, `"`); quoted {
			part, text, _ = strings.Cut(text, `"`)
		} else if end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '"' }); end >= 0 {
			part, text = text[:end], text[end:]
		} else {
			part, text = text, ""
		}
		term := SearchTerm{Words: words(part), Prefix: !quoted && strings.HasSuffix(part, "*")}
		if len(term.Words) == 0 {
			continue
		}
		if negated {
			without = append(without, term)
		} else {
			terms = append(terms, term)
		}
	}
	return terms, without
}

// words returns the runs of letters, digits and marks in text.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) })
}
