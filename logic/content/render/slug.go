package render

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxSlug is how long a slug is at most, in characters.
const maxSlug = 100

// Slug returns text as a part of an address: words in lower case joined by hyphens, at most 100 characters. Latin and Greek
// letters lose their marks (é is e, ß is ss); letters of other scripts stay. It is empty where text has no letter or digit.
func Slug(text string) string {
	var out strings.Builder
	count, lastWord := 0, 0
	gap := false
	for _, r := range plain(text) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) && count > 0 && !gap:
			if gap && count > 0 {
				lastWord = out.Len()
				out.WriteByte('-')
				count++
			}
			gap = false
			out.WriteRune(r)
			count++
		case r == '\'' || r == '’':
		default:
			gap = true
		}
		if count > maxSlug {
			return cutSlug(out.String(), lastWord)
		}
	}
	return out.String()
}

// NameSlug returns the slug of the name of a tag or a person: as Slug, but + and # behind a letter, a digit or another + are
// words, so that C++ is c-plus-plus and C# is c-sharp.
func NameSlug(name string) string {
	var spelled strings.Builder
	inWord := false
	for _, r := range name {
		switch {
		case inWord && r == '+':
			spelled.WriteString(" plus ")
		case inWord && (r == '#' || r == '♯'):
			spelled.WriteString(" sharp ")
			inWord = false
		default:
			inWord = unicode.In(r, unicode.L, unicode.N, unicode.M)
			spelled.WriteRune(r)
		}
	}
	return Slug(spelled.String())
}

// cutSlug returns slug cut to maxSlug characters: at its last word, unless that would leave less than half.
func cutSlug(slug string, lastWord int) string {
	if utf8.RuneCountInString(slug[:lastWord]) > maxSlug/2 {
		return slug[:lastWord]
	}
	runes := []rune(slug)
	return strings.TrimRight(string(runes[:maxSlug]), "-")
}

// letters that Unicode doesn't take apart, by what they are sorted and spelled as where they can't be written.
var letters = strings.NewReplacer(
	"ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "ł", "l",
	"ħ", "h", "ı", "i", "ŋ", "n", "ŧ", "t", "ĸ", "k", "ς", "σ",
)

// plain returns s in lower case, with compatibility forms replaced (ﬁ by fi) and Latin and Greek letters without marks.
func plain(s string) string {
	var out strings.Builder
	marked := false // the letter before keeps its marks
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "")) {
		if unicode.Is(unicode.Mn, r) {
			if marked {
				out.WriteRune(r)
			}
			continue
		}
		marked = !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Common)
		out.WriteRune(unicode.ToLower(r))
	}
	return letters.Replace(norm.NFC.String(out.String()))
}
