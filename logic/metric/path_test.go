package metric

import (
	"testing"
	"unicode/utf8"
)

func TestCleanPath(t *testing.T) {
	for path, want := range map[string]string{
		"/": "/", "/a/b?c=d": "/a/b", "/a#b": "/a", "//x//": "/x/", "/%00": "/%00", "/a%2fb%20c": "/a%2Fb%20c", "/a b": "/a%20b",
		"/%7euser/%41%2D": "/~user/A-", "/blog/%E6%97%A5": "/blog/日", "/blog/%e6%97%a5": "/blog/日", "/blog/日": "/blog/日",
		"/caf\xe9": "/caf%E9", "/caf%e9": "/caf%E9", "/caf%C3%A9%E9": "/café%E9", "/100%": "/100%25", "/100%25": "/100%25", "/%%341": "/%2541",
	} {
		got, fault := cleanPath(path)
		if fault != nil || got != want {
			t.Errorf("%q: got %q, %v, want %q", path, got, fault, want)
		}
	}
	for _, path := range []string{"", "a", "?", "*", "http://a/", "/a\x00", "/a\nb"} {
		if got, fault := cleanPath(path); fault == nil {
			t.Errorf("%q is taken as %q", path, got)
		}
	}
}

func FuzzCanonicalPath(f *testing.F) {
	for _, path := range []string{"/", "//a%2f%", "/%%341", "/caf\xe9%C3%A9", "/\u200b {日}"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		once := CanonicalPath(path)
		if again := CanonicalPath(once); again != once || !utf8.ValidString(once) {
			t.Errorf("%q becomes %q and then %q", path, once, again)
		}
	})
}

func TestPathOfAPost(t *testing.T) {
	for _, test := range []struct{ postURL, slug, want string }{
		{"https://example.org/blog/{slug}", "first", "/blog/first"},
		{"https://example.org/{slug}/", "größe", "/größe/"},
		{"https://{slug}.example.org", "first", "/"},
		{"https://example.org/?p={slug}", "first", "/"},
	} {
		if got := (Site{PostURL: test.postURL}).path(test.slug); got != test.want {
			t.Errorf("%s of %s: got %q, want %q", test.slug, test.postURL, got, test.want)
		}
	}
}
