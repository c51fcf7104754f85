package transfer

import (
	"testing"

	"headwater/logic"
)

func TestPagePath(t *testing.T) {
	for name, test := range map[string]struct {
		reason string
		line   LogLine
		page   string
		passed string
	}{
		"a page":           {"as it is", LogLine{Method: "GET", Status: 200, Target: "/blog/a"}, "/blog/a", ""},
		"from the cache":   {"a reader saw it all the same", LogLine{Method: "GET", Status: 304, Target: "/"}, "/", ""},
		"slash at the end": {"stays", LogLine{Method: "GET", Status: 206, Target: "/blog/"}, "/blog/", ""},
		"query":            {"says nothing of the page", LogLine{Method: "GET", Status: 200, Target: "/a?b=/c.css#d"}, "/a", ""},
		"fragment":         {"some programs send it", LogLine{Method: "GET", Status: 200, Target: "/a#b?c"}, "/a", ""},
		"slashes":          {"a run of them is one", LogLine{Method: "GET", Status: 200, Target: "//a///b"}, "/a/b", ""},
		"absolute":         {"proxies are asked so", LogLine{Method: "GET", Status: 200, Target: "HTTP://example.org:80/a"}, "/a", ""},
		"absolute, bare":   {"the front page", LogLine{Method: "GET", Status: 200, Target: "https://example.org"}, "/", ""},
		"escapes":          {"of letters are undone", LogLine{Method: "GET", Status: 200, Target: "/%7euser/%41%2d"}, "/~user/A-", ""},
		"UTF-8":            {"is undone where it is whole", LogLine{Method: "GET", Status: 200, Target: "/caf%c3%a9"}, "/café", ""},
		"not UTF-8":        {"stays escaped, in capitals", LogLine{Method: "GET", Status: 200, Target: "/caf%e9"}, "/caf%E9", ""},
		"slash escaped":    {"is another slash than one that divides", LogLine{Method: "GET", Status: 200, Target: "/a%2fb%20c"}, "/a%2Fb%20c", ""},
		"blank":            {"gets its escape", LogLine{Method: "GET", Status: 200, Target: "/a b\u0085\"c"}, "/a%20b%C2%85%22c", ""},
		"lone percent":     {"is no escape, so it gets one", LogLine{Method: "GET", Status: 200, Target: "/100%"}, "/100%25", ""},
		"version number":   {"is no extension of a file", LogLine{Method: "GET", Status: 200, Target: "/blog/go1.9"}, "/blog/go1.9", ""},
		"html":             {"is a page", LogLine{Method: "GET", Status: 200, Target: "/a.html"}, "/a.html", ""},
		"a picture":        {"is part of a page", LogLine{Method: "GET", Status: 200, Target: "/a.PNG?v=2"}, "", passedFile},
		"a feed":           {"is read by programs", LogLine{Method: "GET", Status: 200, Target: "/feed.xml"}, "", passedFile},
		"HEAD":             {"shows nothing", LogLine{Method: "HEAD", Status: 200, Target: "/a"}, "", passedMethod},
		"not found":        {"shows an error", LogLine{Method: "GET", Status: 404, Target: "/a"}, "", passedStatus},
		"no status":        {"may be anything", LogLine{Method: "GET", Target: "/a"}, "", passedStatus},
		"moved":            {"shows nothing", LogLine{Method: "GET", Status: 301, Target: "/a"}, "", passedStatus},
		"asterisk":         {"is no path", LogLine{Method: "GET", Status: 200, Target: "*"}, "", passedNoPath},
		"relative":         {"is no path", LogLine{Method: "GET", Status: 200, Target: "a/b"}, "", passedNoPath},
		"not HTTP":         {"is nothing", LogLine{Status: 400}, "", passedNoHTTP},
	} {
		t.Run(name, func(t *testing.T) {
			page, passed := test.line.PagePath()
			if page != test.page || passed != test.passed {
				t.Errorf("got %q, %q; want %q, %q: %s", page, passed, test.page, test.passed, test.reason)
			}
		})
	}
}

func TestPostPath(t *testing.T) {
	for name, test := range map[string]struct{ pattern, page, slug string }{
		"the slug":           {"/blog/{slug}", "/blog/a", "a"},
		"slash at the end":   {"/blog/{slug}", "/blog/a/", "a"},
		"pattern's slash":    {"/blog/{slug}/", "/blog/a", "a"},
		"of an address":      {"https://example.org/p/{slug}.html", "/p/a.html", "a"},
		"at the root":        {"/{slug}", "/a", "a"},
		"beyond ASCII":       {"/über/{slug}", "/über/größe", "größe"},
		"another folder":     {"/blog/{slug}", "/page/a", ""},
		"deeper":             {"/blog/{slug}", "/blog/a/b", ""},
		"the list itself":    {"/blog/{slug}", "/blog/", ""},
		"another end":        {"/p/{slug}.html", "/p/a.htm", ""},
		"front page":         {"/{slug}", "/", ""},
		"nothing but an end": {"/p/{slug}.html", "/p/.html", ""},
	} {
		t.Run(name, func(t *testing.T) {
			pattern, err := ParsePostPath(test.pattern)
			if err != nil {
				t.Fatal(err)
			}
			if slug := pattern.Slug(test.page); slug != test.slug {
				t.Errorf("got %q, want %q", slug, test.slug)
			}
		})
	}
	if slug := (PostPath{}).Slug("/a"); slug != "" {
		t.Errorf("no pattern finds %q", slug)
	}
	for _, pattern := range []string{"", "/blog/", "{slug}", "/{slug}/{slug}", "https://example.org/?p={slug}", "/%zz{slug}"} {
		if _, err := ParsePostPath(pattern); logic.CodeOf(err) != logic.CodeInvalid {
			t.Errorf("%q: %v", pattern, err)
		}
	}
}
