package render

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"
	"github.com/kljensen/snowball/hungarian"
	"github.com/kljensen/snowball/norwegian"
	"github.com/kljensen/snowball/russian"
	"github.com/kljensen/snowball/spanish"
	"github.com/kljensen/snowball/swedish"
)

// Term is a word's stem, and how much a post is about it: 0 to 1.
type Term struct {
	Term   string
	Weight float64
}

// Bounds of terms.
const (
	maxTerms      = 60
	titleWeight   = 3       // a word of the title counts as often
	maxTermText   = 1 << 18 // bytes of a text that are looked at
	maxTermLength = 30      // characters; longer words are no words
)

// language is what is known of a language: the stem of a word (Porter's Snowball, 2001), and the words that say nothing.
type language struct {
	stem func(word string, stemStopWords bool) string
	stop func(word string) bool
}

var languagesByTag = map[string]language{
	"en": {english.Stem, english.IsStopWord},
	"es": {spanish.Stem, spanish.IsStopWord},
	"fr": {french.Stem, french.IsStopWord},
	"hu": {hungarian.Stem, hungarian.IsStopWord},
	"nb": {norwegian.Stem, norwegian.IsStopWord},
	"no": {norwegian.Stem, norwegian.IsStopWord},
	"ru": {russian.Stem, russian.IsStopWord},
	"sv": {swedish.Stem, swedish.IsStopWord},
}

// noise holds words that stand in many posts and tell none apart: those of code, of addresses, and of English prose beyond
// what Snowball counts as stop words.
var noise = set("func err nil fmt println printf const bool int int64 uint var args foo bar baz todo http https www com " +
	"org html href also can could may might will would must one two first new use used using uses like get make makes " +
	"way much many more most such even just still well want need see let now today however thus since already another " +
	"both each every here there where when while though example")

// Terms returns what a post is about: the stems of the words of its title and text, heaviest first, at most 60. A word weighs
// 1 + ln(its count), in which one in the title counts three times (sublinear term frequency: Manning, Raghavan and
// Schütze, "Introduction to Information Retrieval", 6.4.1); then all weights are divided by the length of their vector, so
// that long posts weigh no more than short ones and the products of two posts' weights add up to the cosine of their angle.
// How rare a word is among all posts is for the caller to know.
//
// Stop words, code and its identifiers are left out. Language is a BCP 47 tag, as "en-GB"; the words of a language without a
// stemmer are taken as they are, from four letters up, and pairs of characters stand for the words of Chinese and Japanese.
func Terms(title, text, language string) []Term {
	tag, _, _ := strings.Cut(strings.ToLower(language), "-")
	counts := map[string]int{}
	countTerms(counts, title, tag, titleWeight)
	if len(text) > maxTermText {
		text = strings.ToValidUTF8(text[:maxTermText], "")
	}
	for line := range strings.SplitSeq(text, "\n") {
		if !looksLikeCode(line) {
			countTerms(counts, line, tag, 1)
		}
	}
	return weigh(counts)
}

// weigh returns the heaviest of the words counted.
func weigh(counts map[string]int) []Term {
	terms := make([]Term, 0, len(counts))
	for term, count := range counts {
		terms = append(terms, Term{term, 1 + math.Log(float64(count))})
	}
	slices.SortFunc(terms, func(a, b Term) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Term, b.Term))
	})
	terms = slices.Clone(terms[:min(len(terms), maxTerms)])
	square := 0.0
	for _, term := range terms {
		square += term.Weight * term.Weight
	}
	for i := range terms {
		terms[i].Weight /= math.Sqrt(square)
	}
	return terms
}

// countTerms adds the terms of s to counts, each as weight.
func countTerms(counts map[string]int, s, tag string, weight int) {
	s = strings.NewReplacer("’", "'").Replace(s)
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && r != '_' && r != '\''
	}) {
		word = strings.Trim(word, "'")
		if strings.IndexFunc(word, isIdeograph) >= 0 {
			countPairs(counts, word, weight)
		} else if term := termOf(word, tag); term != "" {
			counts[term] += weight
		}
	}
}

// termOf returns the stem of a word, "" where it is none that tells anything.
func termOf(word, tag string) string {
	if isIdentifier(word) {
		return ""
	}
	word = strings.TrimSuffix(strings.ToLower(word), "'s")
	length := utf8.RuneCountInString(word)
	if length < 2 || length > maxTermLength || noise[word] {
		return ""
	}
	spoken, known := languagesByTag[tag]
	if !known {
		if length < 4 {
			return ""
		}
		return plain(word)
	}
	if spoken.stop(word) || strings.Contains(word, "'") && spoken.stop(word[:strings.IndexByte(word, '\'')]) {
		return ""
	}
	if stem := spoken.stem(word, false); !spoken.stop(stem) {
		return stem
	}
	return ""
}

// isIdentifier tells names of code, and numbers, from words: an underscore, a digit, or a capital behind a small letter.
func isIdentifier(word string) bool {
	small := false
	for _, r := range word {
		if r == '_' || unicode.IsDigit(r) || small && unicode.IsUpper(r) {
			return true
		}
		small = unicode.IsLower(r)
	}
	return false
}

// looksLikeCode tells whether more than an eighth of a line is brackets, operators and the like.
func looksLikeCode(line string) bool {
	signs := 0
	for i := range len(line) {
		if strings.IndexByte("{}()[];=<>|&*/\\+_:$#@", line[i]) >= 0 {
			signs++
		}
	}
	return signs*8 > len(line)
}

func isIdeograph(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }

// countPairs adds each two characters of s that stand side by side.
func countPairs(counts map[string]int, s string, weight int) {
	last := ""
	for _, r := range s {
		if !isIdeograph(r) {
			last = ""
			continue
		}
		if last != "" {
			counts[last+string(r)] += weight
		}
		last = string(r)
	}
}
