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
			terms, without := parseSearch(test.text)
			if diff := cmp.Diff(test.terms, terms); diff != "" {
				t.Errorf("%s: terms (-want +got)\n%s", test.reason, diff)
			}
			if diff := cmp.Diff(test.without, without); diff != "" {
				t.Errorf("%s: without (-want +got)\n%s", test.reason, diff)
			}
		})
	}
}

func TestSnippetHTMLEscapesAllButTheMarks(t *testing.T) {
	hit := SearchHit{Snippet: "a <b> & " + SnippetStart + "cursor" + SnippetEnd + `"`}
	want := "a &lt;b&gt; &amp; <mark>cursor</mark>&#34;"
	if got := hit.SnippetHTML(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzParseSearch(f *testing.F) {
	f.Add(`a "b c" -d e*`)
	f.Fuzz(func(t *testing.T, text string) {
		terms, without := parseSearch(text)
		words, prefixes := 0, 0
		for _, term := range append(terms, without...) {
			if len(term.Words) == 0 {
				t.Errorf("%q has a term without a word", text)
			}
			if words += len(term.Words); term.Prefix {
				prefixes++
			}
		}
		if len(terms)+len(without) > maxSearchTerms || words > maxSearchWords || prefixes > maxSearchPrefixes {
			t.Errorf("%q became %v without %v", text, terms, without)
		}
	})
}
