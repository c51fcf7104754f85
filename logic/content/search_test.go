package content

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseSearch(t *testing.T) {
	word := func(words ...string) SearchTerm { return SearchTerm{Words: words} }
	tests := map[string]struct {
		reason         string
		text           string
		terms, without []SearchTerm
	}{
		"words":            {"each must be there", "paging  cursors", []SearchTerm{word("paging"), word("cursors")}, nil},
		"phrase":           {"quotes keep words together", `"page by key"`, []SearchTerm{word("page", "by", "key")}, nil},
		"open quote":       {"what someone is typing is a search too", `"page by`, []SearchTerm{word("page", "by")}, nil},
		"without":          {"a dash leaves out", `go -java -"big data"`, []SearchTerm{word("go")}, []SearchTerm{word("java"), word("big", "data")}},
		"prefix":           {"a star goes on", "curs*", []SearchTerm{{Words: []string{"curs"}, Prefix: true}}, nil},
		"star in quotes":   {"a phrase is taken as it stands", `"curs*"`, []SearchTerm{word("curs")}, nil},
		"joined":           {"parts of one word stand in a row", "go1.13-errors", []SearchTerm{word("go1", "13", "errors")}, nil},
		"quote in a word":  {"a quote begins a phrase", `a"b c"d`, []SearchTerm{word("a"), word("b", "c"), word("d")}, nil},
		"operators":        {"FTS5's own words are words", "NEAR(a b) AND title:x", []SearchTerm{word("NEAR", "a"), word("b"), word("AND"), word("title", "x")}, nil},
		"signs":            {"signs alone say nothing", `- " * ) '' --`, nil, nil},
		"other scripts":    {"letters are letters", "día Größe 日本語", []SearchTerm{word("día"), word("Größe"), word("日本語")}, nil},
		"nothing":          {"the empty search", "", nil, nil},
		"the same again":   {"a word is looked for once", `Go go -go* "go" "a b" "A b"`, []SearchTerm{word("Go"), word("a", "b")}, []SearchTerm{{Words: []string{"go"}, Prefix: true}}},
		"one letter*":      {"so short a beginning says next to nothing", "go s* -e\u0301* é日*", []SearchTerm{word("go"), {Words: []string{"é日"}, Prefix: true}}, nil},
		"many beginnings":  {"those beyond the fourth are left out, words are not", "aa* bb* -cc* dd* ee* ff", []SearchTerm{{Words: []string{"aa"}, Prefix: true}, {Words: []string{"bb"}, Prefix: true}, {Words: []string{"dd"}, Prefix: true}, word("ff")}, []SearchTerm{{Words: []string{"cc"}, Prefix: true}}},
		"many parts":       {"those beyond the tenth are left out", "a b c d e -f g h i j k -l", []SearchTerm{word("a"), word("b"), word("c"), word("d"), word("e"), word("g"), word("h"), word("i"), word("j")}, []SearchTerm{word("f")}},
		"a long phrase":    {"it ends with the last word that is looked for", `x "` + strings.Repeat("a ", 500) + `" y`, []SearchTerm{word("x"), word(slices.Repeat([]string{"a"}, maxSearchWords-1)...)}, nil},
		"invalid encoding": {"bytes that are no text are no words", "a\xffb", []SearchTerm{word("a", "b")}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			want := SearchQuery{Terms: test.terms, Without: test.without}
			if diff := cmp.Diff(want, parseSearch(test.text)); diff != "" {
				t.Errorf("%s (-want +got)\n%s", test.reason, diff)
			}
		})
	}
}

func TestParseSearchNames(t *testing.T) {
	word := func(words ...string) []SearchTerm { return []SearchTerm{{Words: words}} }
	for name, test := range map[string]struct {
		reason, text string
		want         SearchQuery
	}{
		"a tag":               {"its slug", "tag:go", SearchQuery{Tags: []string{"go"}}},
		"an author":           {"the username", "author:ada", SearchQuery{Authors: []string{"ada"}}},
		"among words":         {"they are conditions beside", "river tag:go -ice author:ada", SearchQuery{Terms: word("river"), Without: word("ice"), Tags: []string{"go"}, Authors: []string{"ada"}}},
		"several":             {"all of it must hold, as of words", "tag:go tag:web author:ada author:bo", SearchQuery{Tags: []string{"go", "web"}, Authors: []string{"ada", "bo"}}},
		"left out":            {"a dash leaves out", "go -tag:java -author:bo", SearchQuery{Terms: word("go"), WithoutTags: []string{"java"}, WithoutAuthors: []string{"bo"}}},
		"twice":               {"each once", "tag:go Tag:GO -tag:go", SearchQuery{Tags: []string{"go"}, WithoutTags: []string{"go"}}},
		"any slug":            {"slugs have signs within", "tag:c-2.0_x~y", SearchQuery{Tags: []string{"c-2.0_x~y"}}},
		"other letters":       {"slugs are of any script", "tag:größe", SearchQuery{Tags: []string{"größe"}}},
		"in quotes":           {"quotes make it words", `"tag:go"`, SearchQuery{Terms: word("tag", "go")}},
		"quotes behind":       {"a name has no quotes", `tag:"go"`, SearchQuery{Terms: []SearchTerm{{Words: []string{"tag"}}, {Words: []string{"go"}}}}},
		"without a name":      {"it is a word", "tag: author:-", SearchQuery{Terms: []SearchTerm{{Words: []string{"tag"}}, {Words: []string{"author"}}}}},
		"something else":      {"other colons join words", "title:go", SearchQuery{Terms: word("title", "go")}},
		"beyond the bound":    {"they count as words do", "a b c d e f g h i j tag:go", SearchQuery{Terms: eachWord("a b c d e f g h i j")}},
		"a colon in the name": {"it belongs to the name", "tag:a:b", SearchQuery{Tags: []string{"a:b"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, parseSearch(test.text)); diff != "" {
				t.Errorf("%s (-want +got)\n%s", test.reason, diff)
			}
		})
	}
}

func eachWord(text string) (terms []SearchTerm) {
	for _, word := range strings.Fields(text) {
		terms = append(terms, SearchTerm{Words: []string{word}})
	}
	return terms
}

func TestSnippetHTMLEscapesAllButTheMarks(t *testing.T) {
	hit := SearchHit{Snippet: "a <b> & " + SnippetStart + "cursor" + SnippetEnd + `"`}
	want := "a &lt;b&gt; &amp; <mark>cursor</mark>&#34;"
	if got := hit.SnippetHTML(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzParseSearch(f *testing.F) {
	f.Add(`a "b c" -d e* tag:f -author:g`)
	f.Fuzz(func(t *testing.T, text string) {
		query := parseSearch(text)
		terms := slices.Concat(query.Terms, query.Without)
		names := slices.Concat(query.Tags, query.WithoutTags, query.Authors, query.WithoutAuthors)
		words, prefixes := 0, 0
		for _, term := range terms {
			if len(term.Words) == 0 {
				t.Errorf("%q has a term without a word", text)
			}
			if words += len(term.Words); term.Prefix {
				prefixes++
			}
		}
		if len(terms)+len(names) > maxSearchTerms || words > maxSearchWords || prefixes > maxSearchPrefixes || slices.Contains(names, "") {
			t.Errorf("%q became %+v", text, query)
		}
	})
}
