package client_test

import (
	"testing"

	"headwater/logic/client"
)

func TestPostAddress(t *testing.T) {
	const site = "https://example.org/blog/{slug}"
	for name, test := range map[string]struct {
		client client.Client
		want   string
	}{
		"by its own template": {client.Client{PostURL: new("https://app.example.org/p/{slug}")}, "https://app.example.org/p/a%20b"},
		"by the site's":       {client.Client{}, "https://example.org/blog/a%20b"},
	} {
		if got := test.client.PostAddress(site, "a b"); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
