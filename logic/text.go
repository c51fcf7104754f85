package logic

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxAddress is how long an address may be, in bytes.
const maxAddress = 2000

// SlugPlace stands in a post address where the post's slug goes.
const SlugPlace = "{slug}"

// PostAddress returns the address that template is for the post with the given slug.
func PostAddress(template, slug string) string {
	return strings.ReplaceAll(template, SlugPlace, url.PathEscape(slug))
}

// CheckText returns the fault of a text that must have least to most characters, none of which acts on what shows it. Line
// feeds and tabs are allowed.
func CheckText(text string, least, most int) *Error {
	switch count := utf8.RuneCountInString(text); {
	case count < least:
		return Fault(CodeRequired, "must not be empty")
	case count > most:
		return Fault(CodeTooLong, "has %d characters; at most %d are allowed", count, most)
	case !utf8.ValidString(text):
		return Invalid("is not valid UTF-8")
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return Invalid("has a control character")
	}
	return nil
}

// CheckLine returns the fault of a text that must, besides, stand in one line.
func CheckLine(text string, least, most int) *Error {
	if strings.ContainsAny(text, "\n\t") {
		return Invalid("has a line feed or a tab")
	}
	return CheckText(text, least, most)
}

// CheckAddress returns the fault of what is no absolute http or https address.
func CheckAddress(address string) *Error {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" || len(address) > maxAddress {
		return Invalid("must be an absolute http or https address")
	}
	return nil
}

// CheckPostURL returns the fault of what is no absolute http or https address with a place for the post's slug.
func CheckPostURL(template string) *Error {
	if !strings.Contains(template, SlugPlace) {
		return Invalid("must contain %s where the post's slug goes", SlugPlace)
	}
	return CheckAddress(strings.ReplaceAll(template, SlugPlace, "slug"))
}
