package httpd

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/client"
)

// cookieOf returns the session's cookie that an answer sets, nil where it sets none, and fails where there is more.
func cookieOf(t *testing.T, got answer) *http.Cookie {
	t.Helper()
	cookies := got.Cookies()
	if len(cookies) == 0 {
		return nil
	}
	if len(cookies) > 1 {
		t.Fatalf("%d cookies: %v", len(cookies), got.Header["Set-Cookie"])
	}
	return cookies[0]
}

// TestWhoGetsACookie signs in through each kind of client: browsers get a cookie, all others the token.
func TestWhoGetsACookie(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.addPerson(t, "ada", logic.RoleAuthor)
	for name, test := range map[string]struct {
		kind   client.Kind
		key    client.KeyKind
		cookie bool
	}{
		"the public":      {"", "", true},
		"a web reader":    {client.KindWeb, client.KeyPublishable, true},
		"a studio":        {client.KindStudio, client.KeyPublishable, true},
		"a studio server": {client.KindStudio, client.KeySecret, false},
		"an app":          {client.KindMobile, client.KeyPublishable, false},
		"a server":        {client.KindServer, client.KeySecret, false},
		"a script":        {client.KindCLI, client.KeySecret, false},
	} {
		var headers []string
		if test.kind != "" {
			slug := strings.ReplaceAll(name, " ", "-")
			w.addClient(t, slug, test.kind, "https://"+slug+".example")
			_, key := w.addKey(t, slug, test.key)
			headers = append(headers, "X-Api-Key", key)
			if test.cookie {
				headers = append(headers, "Origin", "https://"+slug+".example")
			}
		}
		got := w.post(t, signInBody("ada"), headers...)
		cookie, token := cookieOf(t, got), tokens.FindString(got.body)
		if (cookie != nil) != test.cookie || (token == "") != test.cookie || !strings.Contains(got.body, `"username":"ada"`) {
			t.Errorf("%s: cookie %v, token %q: %s", name, cookie, token, got.body)
		}
	}
}

// TestCookie signs in and out as browsers do.
func TestCookie(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]struct {
		name   string
		secure bool
	}{"": {"headwater", false}, "https://blog.example.org": {"__Host-headwater", true}} {
		w := newWorld(t, func(s *setup) { s.publicURL = address })
		w.addPerson(t, "ada", logic.RoleAuthor)
		got := w.post(t, signInBody("ada"))
		cookie := cookieOf(t, got)
		if cookie == nil {
			t.Fatalf("no cookie: %s", got.body)
		}
		if cookie.Name != want.name || cookie.Secure != want.secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode ||
			cookie.Path != "/" || cookie.Domain != "" || !logic.TokenSession.Is(cookie.Value) || cookie.MaxAge <= 0 {
			t.Errorf("the cookie is %v", cookie)
		}
		brought := []string{"Cookie", cookie.Name + "=" + cookie.Value}
		if got := w.post(t, whoBody, brought...); got.body != answered("public", "ada") || cookieOf(t, got) != nil {
			t.Errorf("status %d, headers %v: %s", got.StatusCode, got.Header, got.body)
		}
		out := w.post(t, `{"query":"mutation{signOut{viewer{client{name} user{username}}}}"}`, brought...)
		if cleared := cookieOf(t, out); cleared == nil || cleared.Name != want.name || cleared.MaxAge >= 0 || cleared.Value != "" || cleared.Secure != want.secure || cleared.Path != "/" {
			t.Errorf("signed out, and the cookie is %v: %s", cleared, out.body)
		}
		// The session is over on the server too: its cookie is stale now, and taken away.
		stale := w.post(t, whoBody, brought...)
		if cleared := cookieOf(t, stale); stale.body != answered("public", "null") || cleared == nil || cleared.MaxAge >= 0 {
			t.Errorf("status %d, cookie %v: %s", stale.StatusCode, cleared, stale.body)
		}
		// Signing in with a stale cookie keeps the new one.
		again := w.post(t, signInBody("ada"), brought...)
		if cookie := cookieOf(t, again); cookie == nil || cookie.MaxAge <= 0 {
			t.Errorf("signed in again, and the cookie is %v", cookie)
		}
	}
}

// TestCookieComesWithErrors has one field of an operation fail: whoever signed in by another has a session all the same.
func TestCookieComesWithErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.addPerson(t, "ada", logic.RoleAuthor)
	got := w.post(t, strings.Replace(signInBody("ada"), "mutation{", `mutation{deleteClient(name:\"x\"){deletedId} `, 1))
	checkAnswer(t, got, logic.CodeForbidden, "")
	if cookieOf(t, got) == nil {
		t.Errorf("no cookie: %s", got.body)
	}
	wrong := w.post(t, strings.Replace(signInBody("ada"), password, "wrong", 1))
	if cookieOf(t, wrong) != nil || !strings.Contains(wrong.body, "WRONG_CREDENTIALS") {
		t.Errorf("headers %v: %s", wrong.Header, wrong.body)
	}
}

// TestCookieGoesWithItsSession ends the session that a request comes with, in every way: the browser forgets the cookie.
func TestCookieGoesWithItsSession(t *testing.T) {
	t.Parallel()
	w := newFrontends(t)
	studio := []string{"X-Api-Key", w.other, "Origin", "https://other.example"}
	signIn := strings.TrimSuffix(strings.TrimPrefix(strings.ReplaceAll(signInBody("NAME"), `{token viewer{user{username}} userErrors{code}}`, `{token}`), `{"query":"mutation{`), `}"}`)
	for i, test := range []struct {
		operation string
		kept      bool // whether there is a session afterwards
	}{
		{`signOut{viewer{id}}`, false},
		{`revokeSession(id:\"SESSION\"){revokedId}`, false},
		{`deactivateUser(id:\"USER\"){user{id}}`, false},
		{`eraseUser(id:\"USER\"){erasedId}`, false},
		{signIn + ` deactivateUser(id:\"USER\"){user{id}}`, false},
		{`signOut{viewer{id}} ` + signIn, true},
	} {
		name := "person" + strconv.Itoa(i)
		w.addPerson(t, name, logic.RoleAdmin)
		brought := append([]string{"Cookie", "headwater=" + cookieOf(t, w.post(t, signInBody(name), studio...)).Value}, studio...)
		var asked struct {
			Data struct {
				Viewer struct{ User, Session struct{ ID string } }
			}
		}
		if err := json.Unmarshal([]byte(w.post(t, `{"query":"{viewer{user{id} session{id}}}"}`, brought...).body), &asked); err != nil {
			t.Fatal(err)
		}
		operation := strings.NewReplacer("NAME", name, "USER", asked.Data.Viewer.User.ID, "SESSION", asked.Data.Viewer.Session.ID).Replace(test.operation)
		got := w.post(t, `{"query":"mutation{`+operation+`}"}`, brought...)
		if cookie := cookieOf(t, got); cookie == nil || cookie.MaxAge > 0 != test.kept || strings.Contains(got.body, "errors") {
			t.Errorf("%s: the cookie is %v: %s", operation, cookie, got.body)
		}
	}
	ended := w.post(t, `{"query":"mutation{`+strings.ReplaceAll(signIn, "NAME", "ada")+` signOut{viewer{id}}}"}`, studio...)
	if cookie := cookieOf(t, ended); cookie != nil || strings.Contains(ended.body, "errors") {
		t.Errorf("signed in and out at once: the cookie is %v: %s", cookie, ended.body)
	}
}

// TestOfSeveralCookiesNoneCounts brings a second cookie of the name, which a page of another port or path may have planted beside
// ours: the request is nobody's, and ours is not taken away, since the planted one would be alone then, and count.
func TestOfSeveralCookiesNoneCounts(t *testing.T) {
	t.Parallel()
	for address, name := range map[string]string{"": "headwater", "https://blog.example.org": "__Host-headwater"} {
		w := newWorld(t, func(s *setup) { s.publicURL = address })
		w.addPerson(t, "ada", logic.RoleAdmin)
		w.addPerson(t, "mallory", logic.RoleReader)
		ours := name + "=" + cookieOf(t, w.post(t, signInBody("ada"))).Value
		planted := name + "=" + cookieOf(t, w.post(t, signInBody("mallory"))).Value
		for what, headers := range map[string][]string{
			"ours in front":   {"Cookie", ours + "; " + planted},
			"ours behind":     {"Cookie", planted + "; " + ours},
			"in two headers":  {"Cookie", ours, "Cookie", planted},
			"nonsense":        {"Cookie", ours + "; " + name + "=x"},
			"an empty one":    {"Cookie", name + "=; " + ours},
			"the same, twice": {"Cookie", ours + "; " + ours},
		} {
			for _, body := range []string{whoBody, `{"query":"mutation{signOut{viewer{client{name} user{username}}}}"}`} {
				got := w.post(t, body, headers...)
				if !strings.Contains(got.body, `"user":null`) || cookieOf(t, got) != nil {
					t.Errorf("%s: the cookie is %v: %s", what, cookieOf(t, got), got.body)
				}
			}
			foreign := w.post(t, whoBody, append(headers, "Origin", "https://evil.example")...)
			checkAnswer(t, foreign, logic.CodeForbidden, "-")
		}
		if got := w.post(t, whoBody, "Cookie", ours); got.body != answered("public", "ada") {
			t.Errorf("ours alone: %s", got.body)
		}
		if cookie := cookieOf(t, w.post(t, whoBody, "Cookie", name+"=")); cookie == nil || cookie.MaxAge >= 0 {
			t.Errorf("an empty one alone stays: %v", cookie)
		}
	}
}
