package content

import (
	"strings"
	"unicode/utf8"
)

// passageLength is how many bytes of a text a passage has at most, marks included.
const passageLength = 200

// Passage returns the part of a text that tells best why it was found, as SearchHit.Snippet has it; text has marks around
// every word found. That is where the most words that begin differently stand within passageLength bytes, and then the
// most words, from the beginning of the sentence if there is room; without any mark it is the text's beginning. Blanks
// become single spaces. The time that it takes grows with the text alone, however many words are marked.
func Passage(text string) string {
	first, last := densest(text)
	start := passageStart(text, first, last)
	end := passageEnd(text, start, last)
	passage := strings.Join(strings.Fields(text[start:end]), " ")
	marks := strings.Map(func(letter rune) rune {
		if letter == rune(SnippetStart[0]) || letter == rune(SnippetEnd[0]) {
			return letter
		}
		return -1
	}, passage)
	if strings.HasPrefix(marks, SnippetEnd) {
		passage = SnippetStart + passage
	}
	if strings.HasSuffix(marks, SnippetStart) {
		passage += SnippetEnd
	}
	if start > 0 {
		passage = "…" + passage
	}
	if end < len(text) {
		passage += "…"
	}
	return passage
}

// found is a marked part of a text, marks included.
type found struct {
	start, end int
	word       string // how it begins: forms of one word mostly begin alike
}

// densest returns the bounds of the words around which a passage is best.
func densest(text string) (first, last int) {
	var within []found
	times := map[string]int{} // words within
	words, all := 0, 0
	for at := 0; ; {
		next, ok := nextFound(text, at)
		if !ok {
			return first, last
		}
		at = next.end
		within = append(within, next)
		times[next.word]++
		for len(within) > 1 && next.end-within[0].start > passageLength {
			if times[within[0].word]--; times[within[0].word] == 0 {
				delete(times, within[0].word)
			}
			within = within[1:]
		}
		if len(times) > words || len(times) == words && len(within) > all {
			words, all = len(times), len(within)
			first, last = within[0].start, next.end
		}
	}
}

// nextFound returns the first marked part of text behind at.
func nextFound(text string, at int) (found, bool) {
	start := strings.Index(text[at:], SnippetStart)
	if start < 0 {
		return found{}, false
	}
	start += at
	end := len(text)
	if length := strings.Index(text[start:], SnippetEnd); length >= 0 {
		end = start + length + len(SnippetEnd)
	}
	word := text[start+len(SnippetStart) : end]
	letters := 0
	for i := range word {
		if letters++; letters > 3 {
			word = word[:i]
			break
		}
	}
	return found{start, end, strings.ToLower(word)}, true
}

// passageStart returns where a passage begins that has the text from first to last: behind the end of a sentence, else
// behind a blank, else anywhere between two letters.
func passageStart(text string, first, last int) int {
	spare := passageLength - (last - first)
	if spare <= 0 {
		return first
	}
	low := letterAt(text, max(0, first-spare*2/3))
	before := text[low:first]
	sentence := -1
	for _, end := range []string{". ", "! ", "? ", "\n", "。"} {
		if i := strings.LastIndex(before, end); i >= 0 {
			sentence = max(sentence, i+len(end))
		}
	}
	switch {
	case sentence >= 0:
		return low + sentence
	case low == 0:
		return 0
	}
	low = letterAt(text, first-spare/2)
	if blank := strings.IndexByte(text[low:first], ' '); blank >= 0 {
		return low + blank + 1
	}
	return low
}

// passageEnd returns where a passage ends that begins at start: in front of a blank, unless one within it is too far from
// its end or cuts off what stands before last.
func passageEnd(text string, start, last int) int {
	end := start + passageLength
	if end >= len(text) {
		return len(text)
	}
	for !utf8.RuneStart(text[end]) {
		end--
	}
	low := max(start, end-passageLength/4)
	if last <= end {
		low = max(low, last)
	}
	if blank := strings.LastIndexByte(text[low:end], ' '); blank >= 0 {
		return low + blank
	}
	return end
}

// letterAt returns the place of the first letter at or behind a place in text.
func letterAt(text string, at int) int {
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

// MergeMarks returns a text with the marks that it has in either of two copies.
func MergeMarks(a, b string) string {
	var merged strings.Builder
	merged.Grow(len(a) + len(b)/8)
	var inA, inB, open bool
	for a != "" && b != "" || open {
		for cutMark(&a, &inA) || cutMark(&b, &inB) {
		}
		if marked := inA || inB; marked != open {
			merged.WriteString(mark(marked))
			open = marked
		}
		plain := min(nextMark(a), nextMark(b))
		merged.WriteString(a[:plain])
		a, b = a[plain:], b[plain:]
	}
	return merged.String()
}

// cutMark takes a mark off the front of text, and tells whether there was one; in is whether what follows stands between marks.
func cutMark(text *string, in *bool) bool {
	for _, start := range []bool{true, false} {
		if rest, ok := strings.CutPrefix(*text, mark(start)); ok {
			*text, *in = rest, start
			return true
		}
	}
	return false
}

func mark(start bool) string {
	if start {
		return SnippetStart
	}
	return SnippetEnd
}

// nextMark returns where the first mark of text is, or its end.
func nextMark(text string) int {
	if at := strings.IndexAny(text, SnippetStart+SnippetEnd); at >= 0 {
		return at
	}
	return len(text)
}
