package logic

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// SortKey returns what titles and names are ordered by, byte for byte: text without case, accents and outer blanks, so
// that é stands with e, and A with a.
func SortKey(text string) string {
	fold := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), cases.Fold(), norm.NFC)
	folded, _, err := transform.String(fold, strings.TrimSpace(text))
	if err != nil {
		return text
	}
	return folded
}
