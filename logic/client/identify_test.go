package client_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/client"
)

const (
	refused = logic.CodeUnauthenticated
	foreign = logic.CodeForbidden
)

// Where a request comes from, as far as it matters to keys.
var places = map[string]client.Credentials{
	"its page":       {Origin: "https://example.org"},
	"its page, odd":  {Origin: "HTTPS://Example.ORG:443"},
	"another page":   {Origin: "https://evil.example"},
	"a sandbox":      {Origin: "null"},
	"our page":       {Origin: "https://api.example", OwnOrigin: true},
	"our page, GET":  {SameOrigin: true},
	"no page":        {},
	"a false page":   {Origin: "https://evil.example", SameOrigin: true},
	"a lookalike":    {Origin: "https://example.org.evil.example"},
	"another scheme": {Origin: "http://example.org"},
	"another port":   {Origin: "https://example.org:8443"},
}

func TestWhereKeysMayBeUsed(t *testing.T) {
	w := newWorld(t)
	publishable := map[string]logic.Code{
		"its page": "", "its page, odd": "", "our page": "", "our page, GET": "", "another page": foreign, "a sandbox": foreign,
		"a false page": foreign, "a lookalike": foreign, "another scheme": foreign, "another port": foreign,
	}
	secret := map[string]logic.Code{
		"its page": foreign, "its page, odd": foreign, "our page": "", "our page, GET": "", "another page": foreign, "a sandbox": foreign,
		"a false page": foreign, "a lookalike": foreign, "another scheme": foreign, "another port": foreign, "no page": "",
	}
	for _, test := range []struct {
		kind    client.Kind
		key     client.KeyKind
		noPage  logic.Code
		browser bool
	}{
		{client.KindWeb, client.KeyPublishable, foreign, true},
		{client.KindStudio, client.KeyPublishable, foreign, true},
		{client.KindMobile, client.KeyPublishable, "", false},
		{client.KindCLI, client.KeyPublishable, "", false},
		{client.KindServer, client.KeyPublishable, "", false},
		{client.KindStudio, client.KeySecret, "", false},
		{client.KindCLI, client.KeySecret, "", false},
		{client.KindServer, client.KeySecret, "", false},
	} {
		name := strings.ToLower(fmt.Sprintf("%s-%s", test.kind, test.key))
		made := w.mustCreate(t, newClient(name, test.kind))
		key, text := w.mustKey(t, name, test.key)
		want := secret
		if test.key == client.KeyPublishable {
			want = publishable
			want["no page"] = test.noPage
		}
		for place, credentials := range places {
			what := fmt.Sprintf("a %s key of a %s client from %s", test.key, test.kind, place)
			credentials.Key = text
			identity, err := w.Identify(t.Context(), credentials)
			code, ok := want[place]
			if !ok {
				t.Fatalf("nothing is said of %s", place)
			}
			wantCode(t, what, err, code)
			if err != nil {
				if identity.Limit != 0 || identity.Key != nil {
					t.Errorf("%s: was refused, and got %+v", what, identity)
				}
				continue
			}
			if identity.Client.ID != made.ID || identity.Key.ID != key.ID || identity.Limit != logic.AllScopes ||
				identity.Secret() != (test.key == client.KeySecret) || identity.Browser() != test.browser {
				t.Errorf("%s is %+v", what, identity)
			}
		}
	}
}

func TestWithoutAKeyEveryoneIsPublic(t *testing.T) {
	w := newWorld(t)
	for place, credentials := range places {
		identity, err := w.Identify(t.Context(), credentials)
		if err != nil || identity.Client.Name != client.PublicName || identity.Key != nil || identity.Limit != logic.Anonymous ||
			identity.Secret() || !identity.Browser() {
			t.Errorf("from %s: %+v, %v", place, identity, err)
		}
	}
}

func TestAnEmptyCeilingClosesAClient(t *testing.T) {
	w := newWorld(t)
	w.mustCreate(t, newClient("script", client.KindCLI))
	_, text := w.mustKey(t, "script", client.KeySecret)
	for name, key := range map[string]string{client.PublicName: "", "script": text} {
		if _, err := w.Identify(t.Context(), client.Credentials{Key: key}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.UpdateClient(operator(t), name, client.UpdateClientInput{ScopeCeiling: []logic.Scope{}}); err != nil {
			t.Fatal(err)
		}
		for place, credentials := range places {
			credentials.Key = key
			_, err := w.Identify(t.Context(), credentials)
			wantCode(t, name+" closed, from "+place, err, refused)
			if want := "The client " + name + " is closed."; err.Error() != want {
				t.Errorf("%q, want %q", err, want)
			}
		}
		open := client.UpdateClientInput{ScopeCeiling: []logic.Scope{logic.ScopePostsRead}}
		if _, err := w.UpdateClient(operator(t), name, open); err != nil {
			t.Fatal(err)
		}
		identity, err := w.Identify(t.Context(), client.Credentials{Key: key})
		if err != nil || identity.Limit != logic.ScopesOf(logic.ScopePostsRead) {
			t.Errorf("%s opened again: %+v, %v", name, identity, err)
		}
	}
}

func TestKeysThatDoNotWork(t *testing.T) {
	w := newWorld(t)
	w.mustCreate(t, newClient("script", client.KindCLI))
	revoked, revokedText := w.mustKey(t, "script", client.KeySecret)
	if _, err := w.RevokeAPIKey(operator(t), revoked.ID); err != nil {
		t.Fatal(err)
	}
	_, expiringText, err := w.CreateAPIKey(operator(t), client.CreateAPIKeyInput{
		Client: "script", Label: "Short", Kind: client.KeySecret, Scopes: []logic.Scope{logic.ScopePostsRead}, ExpiresAt: new(now + 1000),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.mustCreate(t, newClient("gone", client.KindCLI))
	_, goneText := w.mustKey(t, "gone", client.KeySecret)
	if _, err := w.DeleteClient(operator(t), "gone"); err != nil {
		t.Fatal(err)
	}
	w.pass(999 * time.Millisecond)
	if _, err := w.Identify(t.Context(), client.Credentials{Key: expiringText}); err != nil {
		t.Errorf("just before it expires: %v", err)
	}
	w.pass(time.Millisecond)
	unknown, _ := logic.NewToken(logic.TokenSecret)
	session, _ := logic.NewToken(logic.TokenSession)
	for name, text := range map[string]string{
		"unknown": unknown, "revoked": revokedText, "expired": expiringText, "of a deleted client": goneText, "no key": "hw_secret_short",
		"a session": session, "of another kind": string(logic.TokenPublic) + revokedText[len(logic.TokenSecret):], "in upper case": "HW_SECRET_",
	} {
		_, err := w.Identify(t.Context(), client.Credentials{Key: text})
		wantCode(t, name, err, refused)
		if want := "This key does not work: it is unknown, has expired or was revoked."; err.Error() != want {
			t.Errorf("%s: %q, want %q", name, err, want)
		}
	}
}

func TestALimitIsWhatKeyAndCeilingBothAllow(t *testing.T) {
	w := newWorld(t)
	input := newClient("app", client.KindMobile)
	input.ScopeCeiling = []logic.Scope{logic.ScopePostsRead, logic.ScopeDraftsRead}
	w.mustCreate(t, input)
	_, text, err := w.CreateAPIKey(operator(t), client.CreateAPIKeyInput{
		Client: "app", Label: "App", Kind: client.KeyPublishable, Scopes: []logic.Scope{logic.ScopeDraftsRead, logic.ScopeUsersWrite},
	})
	if err != nil {
		t.Fatal(err)
	}
	identity, err := w.Identify(t.Context(), client.Credentials{Key: text})
	if want := logic.ScopesOf(logic.ScopeDraftsRead); err != nil || identity.Limit != want {
		t.Errorf("the limit is %s, %v; want %s", identity.Limit, err, want)
	}
}

func TestOriginsOfAnyClientAreAllowed(t *testing.T) {
	w := newWorld(t)
	input := newClient("studio", client.KindStudio)
	input.AllowedOrigins = []string{"https://Studio.example.org:443", "http://localhost:5173", "http://[::1]:80"}
	w.mustCreate(t, input)
	for origin, want := range map[string]bool{
		"https://studio.example.org": true, "https://studio.example.org:443": true, "http://localhost:5173": true, "HTTP://[::1]": true,
		"http://localhost": false, "https://example.org": false, "null": false, "": false, "*": false, "https://studio.example.org/": false,
	} {
		if got, err := w.AllowsOrigin(t.Context(), origin); got != want || err != nil {
			t.Errorf("%q: %t, %v; want %t", origin, got, err, want)
		}
	}
}

func TestStrangersMakeNobodyAskTheDatabase(t *testing.T) {
	w := newWorld(t)
	if _, err := w.Identify(t.Context(), client.Credentials{}); err != nil {
		t.Fatal(err)
	}
	before := w.store.Statements()
	for range 10_000 {
		token, _ := logic.NewToken(logic.TokenPublic)
		_, err := w.Identify(t.Context(), client.Credentials{Key: token})
		wantCode(t, "a guess", err, refused)
	}
	if ran := w.store.Statements() - before; ran > 100 {
		t.Errorf("10,000 guesses at one moment ran %d statements", ran)
	}
	before = w.store.Statements()
	for range 1000 {
		if _, err := w.Identify(t.Context(), client.Credentials{}); err != nil {
			t.Fatal(err)
		}
	}
	if ran := w.store.Statements() - before; ran != 0 {
		t.Errorf("1,000 requests at one moment ran %d statements", ran)
	}
}

// TestARequestOfAMomentAgoReadsNothingAnew has a request come behind another that began later.
func TestARequestOfAMomentAgoReadsNothingAnew(t *testing.T) {
	w := newWorld(t)
	identify := func() {
		t.Helper()
		if _, err := w.Identify(t.Context(), client.Credentials{}); err != nil {
			t.Fatal(err)
		}
	}
	identify()
	before := w.store.Statements()
	w.pass(-time.Millisecond)
	identify()
	if ran := w.store.Statements() - before; ran != 0 {
		t.Errorf("a millisecond before, a request ran %d statements", ran)
	}
	w.pass(-500 * time.Millisecond) // the clock was set back
	identify()
	if ran := w.store.Statements() - before; ran == 0 {
		t.Error("with the clock set back, what was read holds until the old time has come again")
	}
}
