package graph

import (
	"testing"

	"headwater/logic"
	"headwater/logic/account"
)

func TestBrowsersGetTheirSessionThroughTheJar(t *testing.T) {
	grant := account.Grant{Token: "hw_session_a"}
	for name, browser := range map[string]bool{"a browser": true, "a program": false} {
		jar := &SessionJar{}
		ctx := WithSessionJar(logic.WithViewer(t.Context(), logic.Viewer{Browser: browser}), jar)
		shown := handOver(ctx, grant)
		token, set := jar.Token()
		if (shown == nil) != browser || set != browser || jar.Cleared() {
			t.Errorf("%s: shown %v, in the jar %q, %v", name, shown, token, set)
		}
		if browser && token != grant.Token {
			t.Errorf("%s: the jar holds %q", name, token)
		}
		takeBack(ctx)
		if _, set := jar.Token(); set || jar.Cleared() != browser {
			t.Errorf("%s signed out: still set %v, cleared %v", name, set, jar.Cleared())
		}
		handOver(ctx, grant)
		if _, set := jar.Token(); set != browser || jar.Cleared() {
			t.Errorf("%s signed in again: set %v, cleared %v", name, set, jar.Cleared())
		}
	}
}

func TestWithoutAJarABrowserGetsNoToken(t *testing.T) {
	ctx := logic.WithViewer(t.Context(), logic.Viewer{Browser: true})
	if shown := handOver(ctx, account.Grant{Token: "hw_session_a"}); shown != nil {
		t.Errorf("shown %q", *shown)
	}
	takeBack(ctx)
}
