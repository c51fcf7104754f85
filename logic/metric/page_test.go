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
