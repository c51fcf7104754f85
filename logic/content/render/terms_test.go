package render

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func names(terms []Term) []string {
	names := make([]string, len(terms))
	for i, term := range terms {
		names[i] = term.Term
	}
	slices.Sort(names)
	return names
}

func TestTerms(t *testing.T) {
	tests := []struct {
		name, title, text, language string
		want                        []string
	}{
		{"nothing", "", "", "en", []string{}},
		{"stems, once each", "Testing tests", "It tested.", "en", []string{"test"}},
		{"stop words are out", "", "This is about the garbage and a collector", "en", []string{"collector", "garbag"}},
		{"short forms are out", "", "It's what we don't have: Go's gophers", "en", []string{"go", "gopher"}},
		{"lines of code are out", "", "Prose\nx := foo(bar[i], &baz{1})\nreturn nil, err", "en", []string{"prose", "return"}},
		{"identifiers are out", "", "readAll max_size sha256 v2 context", "en", []string{"context"}},
		{"a region changes nothing", "", "running", "en-GB", []string{"run"}},
		{"French", "", "les maisons et le jardin", "fr", []string{"jardin", "maison"}},
		{"Russian", "", "новые книги и книга", "ru", []string{"книг", "нов"}},
		{"a language without a stemmer", "", "Die Häuser und der Garten", "de", []string{"garten", "hauser"}},
		{"Japanese, in pairs", "", "日本語 Go", "ja", []string{"日本", "本語"}},
		{"no language", "", "garden", "", []string{"garden"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := names(Terms(test.title, test.text, test.language)); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestTermsWeigh(t *testing.T) {
	terms := Terms("Channels", "mutex mutex mutex mutex mutex channels lock", "en")
	if got := []string{terms[0].Term, terms[1].Term, terms[2].Term}; !slices.Equal(got, []string{"mutex", "channel", "lock"}) {
		t.Errorf("order %q", got)
	}
	if ratio := terms[0].Weight / terms[2].Weight; math.Abs(ratio-(1+math.Log(5))) > 1e-9 {
		t.Errorf("five times weighs %v as much as once, want 1+ln 5", ratio)
	}
	square := 0.0
	for _, term := range terms {
		square += term.Weight * term.Weight
	}
	if math.Abs(square-1) > 1e-9 {
		t.Errorf("the vector's length is %v, want 1", math.Sqrt(square))
	}
}

func TestTermsAreBounded(t *testing.T) {
	var text strings.Builder
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			text.WriteString("word" + string(a) + string(b) + " ")
		}
	}
	if got := len(Terms("", text.String(), "de")); got != maxTerms {
		t.Errorf("%d terms, want %d", got, maxTerms)
	}
	if got := Terms("", strings.Repeat("x", 100), "en"); len(got) != 0 {
		t.Errorf("a word of 100 letters is %v", got)
	}
}
