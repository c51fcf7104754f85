package logic

import (
	"strings"
	"testing"
)

func TestTexts(t *testing.T) {
	for _, c := range []struct {
		text       string
		line       Code
		least, max int
		code       Code
	}{
		{"", CodeRequired, 1, 3, CodeRequired},
		{"", "", 0, 3, ""},
		{"äöü", "", 1, 3, ""},
		{"äöüß", CodeTooLong, 1, 3, CodeTooLong},
		{"a\nb", CodeInvalid, 1, 3, ""},
		{"a\tb", CodeInvalid, 1, 3, ""},
		{"a\x00b", CodeInvalid, 1, 3, CodeInvalid},
		{"a\u0085b", CodeInvalid, 1, 3, CodeInvalid},
		{"\xff", CodeInvalid, 1, 3, CodeInvalid},
	} {
		for name, got := range map[string]struct {
			fault *Error
			want  Code
		}{"text": {CheckText(c.text, c.least, c.max), c.code}, "line": {CheckLine(c.text, c.least, c.max), c.line}} {
			var code Code
			if got.fault != nil {
				code = got.fault.Code
			}
			if code != got.want {
				t.Errorf("%q as a %s: %v, want %s", c.text, name, got.fault, got.want)
			}
		}
	}
}

func TestAddresses(t *testing.T) {
	for address, good := range map[string]bool{
		"https://example.org": true, "http://localhost:8080/a?b=c": true, "": false, "example.org": false, "//example.org": false,
		"ftp://example.org": false, "javascript:alert(1)": false, "https://": false, "https://example.org/" + strings.Repeat("x", 2000): false,
	} {
		if fault := CheckAddress(address); (fault == nil) != good {
			t.Errorf("%q: %v", address, fault)
		}
	}
}

func TestPostAddresses(t *testing.T) {
	for template, good := range map[string]bool{
		"https://example.org/{slug}": true, "https://{slug}.example.org": true, "https://example.org/?p={slug}&q={slug}": true,
		"": false, "https://example.org/": false, "https://example.org/{Slug}": false, "/{slug}": false, "javascript:{slug}": false,
		"https://example.org/{slug}/" + strings.Repeat("x", 2000): false,
	} {
		if fault := CheckPostURL(template); (fault == nil) != good || !good && fault.Code != CodeInvalid {
			t.Errorf("%q: %v", template, fault)
		}
	}
}
