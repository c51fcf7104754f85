package httpd

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAddressesOfPostsLeadToWhatReadsThem(t *testing.T) {
	t.Parallel()
	w := newFeedWorld(t, nil)
	got := w.send(t, "GET", "/blog/second", "")
	to, err := url.Parse(got.Header.Get("Location"))
	if err != nil || got.StatusCode != http.StatusSeeOther || got.Header.Get("Cache-Control") != "no-store" || to.Path != "/playground" {
		t.Fatalf("status %d, headers %v, %v", got.StatusCode, got.Header, err)
	}
	if query := to.Query().Get("query"); query != postQuery("second") || w.send(t, "GET", to.String(), "").StatusCode != http.StatusOK {
		t.Errorf("it leads to %s", query)
	}
	for _, slug := range []string{"hidden-draft", "hidden-coming", "nothing", "%22%7D%7D", "%00", strings.Repeat("x", 3000), "second/", "", "a/b"} {
		if got := w.send(t, "GET", "/blog/"+slug, ""); got.StatusCode != http.StatusNotFound || got.Header.Get("Location") != "" {
			t.Errorf("%.20s: status %d, headers %v", slug, got.StatusCode, got.Header)
		}
	}
	if got := w.send(t, "POST", "/blog/second", ""); got.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("by POST: status %d", got.StatusCode)
	}
	w.boundPublic(t)
	for _, slug := range []string{"second", "nothing"} {
		if got := w.send(t, "GET", "/blog/"+slug, ""); got.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s, where public is closed: status %d", slug, got.StatusCode)
		}
	}
}
