package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// leadLength is how many characters the beginning of a text has at most.
const leadLength = 1000

// plainText is text that is put together from pieces, with white space folded and blocks on lines of their own.
type plainText struct {
	out   strings.Builder
	line  bool // something stands on the line
	space bool // white space was read, and is due before the next word
}

// add appends s. Verbatim keeps white space as it is.
func (t *plainText) add(s string, verbatim bool) {
	for _, r := range s {
		switch {
		case verbatim && (r == '\n' || r == '\t'):
			t.out.WriteRune(r)
			t.line, t.space = t.line && r != '\n', false
		case !verbatim && unicode.IsSpace(r):
			t.space = true
		case unicode.IsControl(r):
		default:
			if t.space && t.line {
				t.out.WriteByte(' ')
			}
			t.line, t.space = true, false
			t.out.WriteRune(r)
		}
	}
}

// breakLine ends the line, if anything stands on it.
func (t *plainText) breakLine() {
	if t.line {
		t.out.WriteByte('\n')
	}
	t.line, t.space = false, false
}

// nextCell sets what follows apart from what stands on the line.
func (t *plainText) nextCell() {
	if t.line {
		t.out.WriteByte('\t')
	}
	t.space = false
}

// String returns the text without white space around it.
func (t *plainText) String() string { return strings.TrimSpace(t.out.String()) }

// fold returns s with each run of white space as one blank, and none around.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// Excerpt returns the summary, where there is one, else lead: on one line, and cut at a word to at most length characters,
// of which the last is an ellipsis where something was cut off. It is empty for a length below one.
func Excerpt(summary *string, lead string, length int) string {
	if summary != nil {
		if short := fold(*summary); short != "" {
			return cut(short, length)
		}
	}
	return cut(fold(lead), length)
}

const ellipsis = "…"

// cut returns s cut at a word to at most length characters, of which the last is an ellipsis where something was cut off.
// A text without blanks in its last part, as Chinese has none, is cut between characters.
func cut(s string, length int) string {
	if length <= 0 {
		return ""
	}
	if len(s) <= length || utf8.RuneCountInString(s) <= length {
		return s
	}
	end, count := 0, 0
	for i := range s {
		if count == length-1 {
			end = i
			break
		}
		count++
	}
	kept := s[:end]
	if next, _ := utf8.DecodeRuneInString(s[end:]); next != ' ' {
		if blank := strings.LastIndexByte(kept, ' '); blank > len(kept)/2 {
			kept = kept[:blank]
		} else {
			kept = withoutHalf(kept, next)
		}
	}
	return strings.TrimRightFunc(kept, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == ':' }) + ellipsis
}

// withoutHalf returns s without its last character if next belongs to it, as accents and joined emoji do.
func withoutHalf(s string, next rune) string {
	const joiner = '\u200d'
	for s != "" {
		last, size := utf8.DecodeLastRuneInString(s)
		if !unicode.Is(unicode.M, next) && next != joiner && last != joiner {
			break
		}
		s, next = s[:len(s)-size], last
	}
	return s
}

// countWords counts runs of letters and digits, which an apostrophe, hyphen, dot or underscore may join, and each
// character of scripts that are written without blanks.
func countWords(s string) int {
	count, inWord, joined := 0, false, false
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			count++
			inWord, joined = false, false
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r):
			if !inWord && !joined {
				count++
			}
			inWord, joined = true, false
		default:
			joined = inWord && strings.ContainsRune("'’-._", r)
			inWord = false
		}
	}
	return count
}
