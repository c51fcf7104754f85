package httpd

import (
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/client"
)

// scopesOf returns what a request with these headers may do, as the viewer is told.
func (w *world) scopesOf(t *testing.T, headers ...string) string {
	t.Helper()
	got := w.post(t, `{"query":"{viewer{scopes}}"}`, headers...)
	list, ok := strings.CutPrefix(got.body, `{"data":{"viewer":{"scopes":[`)
	if !ok {
		t.Fatalf("status %d: %s", got.StatusCode, got.body)
	}
	return strings.ReplaceAll(strings.TrimSuffix(list, `]}}}`), `"`, "")
}

// TestASessionMayNoMoreThanTheClientThatMadeIt takes the token that an app was given to a studio, whose key and origins are no secret.
func TestASessionMayNoMoreThanTheClientThatMadeIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.addClient(t, "app", client.KindMobile)
	_, appKey := w.addKey(t, "app", client.KeyPublishable)
	w.addClient(t, "studio", client.KindStudio, "https://studio.example")
	_, studioKey := w.addKey(t, "studio", client.KeyPublishable)
	w.addPerson(t, "ada", logic.RoleAdmin)
	narrow := func(scopes ...logic.Scope) {
		t.Helper()
		if _, err := w.services.Client.UpdateClient(operator(t), "app", client.UpdateClientInput{ScopeCeiling: append([]logic.Scope{}, scopes...)}); err != nil {
			t.Fatal(err)
		}
	}
	narrow(logic.Anonymous.List()...)
	app, studio := []string{"X-Api-Key", appKey}, []string{"X-Api-Key", studioKey, "Origin", "https://studio.example"}
	bearer := func(token string, through []string) []string {
		return append([]string{"Authorization", "Bearer " + token}, through...)
	}
	token := w.signIn(t, "ada", app...)
	want := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: it may do %q, not %q", what, got, want)
		}
	}

	want("the app's, through the app", w.scopesOf(t, bearer(token, app)...), logic.Anonymous.String())
	want("the app's, through the studio", w.scopesOf(t, bearer(token, studio)...), logic.Anonymous.String())
	narrow(logic.ScopePostsRead, logic.ScopeUsersRead)
	want("after the app's ceiling changed", w.scopesOf(t, bearer(token, studio)...), "POSTS_READ,USERS_READ")
	narrow(logic.AllScopes.List()...)
	want("the app's, without a key", w.scopesOf(t, bearer(token, nil)...), logic.Anonymous.String())
	narrow()
	want("after the app was closed", w.scopesOf(t, bearer(token, studio)...), "POSTS_READ,METRICS_WRITE")
	if _, err := w.services.Client.DeleteClient(operator(t), "app"); err != nil {
		t.Fatal(err)
	}
	want("after the app was deleted", w.scopesOf(t, bearer(token, studio)...), logic.Anonymous.String())

	body := strings.Replace(signInBody("ada"), "user{username}", "scopes", 1)
	again := w.post(t, body, bearer(token, studio)...)
	all := `"` + strings.ReplaceAll(logic.AllScopes.String(), ",", `","`) + `"`
	cookie := cookieOf(t, again)
	if cookie == nil || !strings.Contains(again.body, `"scopes":[`+all+`]`) {
		t.Fatalf("signing in again: %s", again.body)
	}
	want("signed in through the studio", w.scopesOf(t, append([]string{"Cookie", "headwater=" + cookie.Value}, studio...)...), logic.AllScopes.String())
	checkAnswer(t, w.post(t, whoBody, bearer(token, studio)...), logic.CodeUnauthenticated, "-")
}

// TestACookieOfTwoFrontends signs in on the server's own page, without a key, and then through the studio, in the same browser.
func TestACookieOfTwoFrontends(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.addClient(t, "studio", client.KindStudio)
	_, key := w.addKey(t, "studio", client.KeyPublishable)
	w.addPerson(t, "ada", logic.RoleAdmin)
	studio := []string{"X-Api-Key", key, "Origin", w.url}
	first := "headwater=" + cookieOf(t, w.post(t, signInBody("ada"), "Origin", w.url)).Value
	if got := w.scopesOf(t, append(studio, "Cookie", first)...); got != logic.Anonymous.String() {
		t.Errorf("begun without a key, it may do %s through the studio", got)
	}
	second := "headwater=" + cookieOf(t, w.post(t, signInBody("ada"), append(studio, "Cookie", first)...)).Value
	if got := w.scopesOf(t, append(studio, "Cookie", second)...); got != logic.AllScopes.String() {
		t.Errorf("begun through the studio, it may do %s there", got)
	}
	if got := w.scopesOf(t, "Cookie", second); got != logic.Anonymous.String() {
		t.Errorf("begun through the studio, it may do %s without a key", got)
	}
	if got := w.post(t, whoBody, append(studio, "Cookie", first)...); got.body != answered("studio", "null") {
		t.Errorf("the first session goes on: %s", got.body)
	}
}

// TestWhereSigningInThroughThisClientHelps asks, by a session of the public client, for what the studio could do: a root field says that
// signing in helps, a gated field is null without an error, and what neither may do is FORBIDDEN.
func TestWhereSigningInThroughThisClientHelps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.filled = true })
	w.addClient(t, "studio", client.KindStudio)
	_, key := w.addKey(t, "studio", client.KeyPublishable)
	w.addPerson(t, "ada", logic.RoleAdmin)
	cookie := "headwater=" + cookieOf(t, w.post(t, signInBody("ada"), "Origin", w.url)).Value
	studio := []string{"X-Api-Key", key, "Origin", w.url, "Cookie", cookie}
	checkAnswer(t, w.post(t, `{"query":"{clients{name}}"}`, studio...), logic.CodeUnauthenticated, `{"clients":null}`)
	checkAnswer(t, w.post(t, `{"query":"mutation{updateSite(input:{title:\"Mine\"}){site{title}}}"}`, studio...),
		logic.CodeUnauthenticated, `{"updateSite":null}`)
	gated := `{"query":"{posts(first:1){nodes{metrics(range:{from:\"2026-11-01\",to:\"2026-11-02\"}){id}}}}"}`
	checkAnswer(t, w.post(t, gated, studio...), "", `{"posts":{"nodes":[{"metrics":null}]}}`)
	checkAnswer(t, w.post(t, `{"query":"{clients{name}}"}`, "Cookie", cookie), logic.CodeForbidden, `{"clients":null}`)
}
