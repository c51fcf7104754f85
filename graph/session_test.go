package graph

import (
	"testing"

	"headwater/logic"
	"headwater/logic/account"
)

func TestBrowsersGetTheirSessionThroughTheJar(t *testing.T) {
	grant := account.Grant{Token: "hw_session_a"}
	for name, browser := range map[string]bool{"a browser": true, "a program": false} {
		var jar SessionJar
		ctx := WithSessionJar(logic.WithViewer(t.Context(), logic.Viewer{Browser: browser}), &jar)
		shown := handOver(ctx, grant)
		if (shown == nil) != browser || (jar.Token == grant.Token) != browser || !browser && (*shown != grant.Token || jar.Token != "") {
			t.Errorf("%s: shown %v, in the jar %q", name, shown, jar.Token)
		}
	}
}

func TestWithoutAJarABrowserGetsNoToken(t *testing.T) {
	ctx := logic.WithViewer(t.Context(), logic.Viewer{Browser: true})
	if shown := handOver(ctx, account.Grant{Token: "hw_session_a"}); shown != nil {
		t.Errorf("shown %q", *shown)
	}
}
