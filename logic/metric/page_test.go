package metric

import "testing"

func TestReferrerHost(t *testing.T) {
	for referrer, want := range map[string]string{
		"https://www.Example.com/a?b": "example.com",
		"http://news.example:8080/":   "news.example",
		"https://site.example/x":      "",
		"https://www.site.example":    "",
		"https://müller.example/":     "müller.example",
		"http://[2001:db8::1]:80/":    "2001:db8::1",
		"https://example.com./":       "example.com",
		"android-app://com.example":   "",
		"/local":                      "",
		"-":                           "",
		"":                            "",
		"https://a b/":                "",
		"https://(other)/":            "",
		"http://\xff\xfe/":            "",
		"javascript:alert(1)":         "",
	} {
		if got := referrerHost(referrer, "site.example"); got != want {
			t.Errorf("%q: got %q, want %q", referrer, got, want)
		}
	}
}

func TestCleanPath(t *testing.T) {
	for path, want := range map[string]string{
		"/": "/", "/a/b?c=d": "/a/b", "/a#b": "/a", "/caf\xe9": "/caf\uFFFD", "//x": "//x", "/%00": "/%00",
	} {
		if got, fault := cleanPath(path); fault != nil || got != want {
			t.Errorf("%q: got %q, %v, want %q", path, got, fault, want)
		}
	}
	for _, path := range []string{"", "a", "?", "*", "http://a/", "/a\x00", "/a\nb"} {
		if got, fault := cleanPath(path); fault == nil {
			t.Errorf("%q is taken as %q", path, got)
		}
	}
}

func TestPathOfAPost(t *testing.T) {
	for _, test := range []struct{ postURL, slug, want string }{
		{"https://example.org/blog/{slug}", "first", "/blog/first"},
		{"https://example.org/{slug}/", "größe", "/gr%C3%B6%C3%9Fe/"},
		{"https://{slug}.example.org", "first", "/"},
		{"https://example.org/?p={slug}", "first", "/"},
	} {
		if got := (Site{PostURL: test.postURL}).path(test.slug); got != test.want {
			t.Errorf("%s of %s: got %q, want %q", test.slug, test.postURL, got, test.want)
		}
	}
}
