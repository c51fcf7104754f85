package httpd

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/client"
)

func TestParseSite(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		origins []string // an error where empty
		secure  bool
	}{
		"https://blog.example.org":       {[]string{"https://blog.example.org"}, true},
		"https://Blog.Example.org:443/x": {[]string{"https://blog.example.org"}, true},
		"https://blog.example.org:8443":  {[]string{"https://blog.example.org:8443"}, true},
		"http://blog.example.org":        {[]string{"http://blog.example.org"}, true},
		"http://127.0.0.1:8080":          {[]string{"http://127.0.0.1:8080", "http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"}, false},
		"http://[::1]:80":                {[]string{"http://[::1]", "http://localhost", "http://127.0.0.1", "http://[::1]"}, false},
		"http://localhost":               {[]string{"http://localhost", "http://localhost", "http://127.0.0.1", "http://[::1]"}, false},
		"https://localhost:8443":         {[]string{"https://localhost:8443", "https://localhost:8443", "https://127.0.0.1:8443", "https://[::1]:8443"}, true},
		"":                               {},
		"blog.example.org":               {},
		"ftp://blog.example.org":         {},
		"http://":                        {},
		"http://[::1":                    {},
	}
	for address, test := range tests {
		got, err := parseSite(address)
		if (err != nil) != (test.origins == nil) || !slices.Equal(got.origins, test.origins) || got.secure != test.secure {
			t.Errorf("%q: %+v, %v", address, got, err)
		}
	}
}

// frontends is a world with two web readers on sites of their own, and a person who is signed in.
type frontends struct {
	*world
	blog, other string // publishable keys of the clients at https://blog.example and https://other.example
	session     string
}

func newFrontends(t *testing.T) frontends {
	t.Helper()
	w := newWorld(t, nil)
	found := frontends{world: w}
	w.addClient(t, "blog", client.KindWeb, "https://blog.example")
	_, found.blog = w.addKey(t, "blog", client.KeyPublishable)
	w.addClient(t, "other", client.KindStudio, "https://other.example")
	_, found.other = w.addKey(t, "other", client.KeyPublishable)
	w.addClient(t, "app", client.KindMobile)
	_, app := w.addKey(t, "app", client.KeyPublishable)
	w.addPerson(t, "ada", logic.RoleAdmin)
	found.session = w.signIn(t, "ada", "X-Api-Key", app)
	return found
}

// port returns what stands behind the host in the server's address.
func (w *world) port() string { return w.url[strings.LastIndex(w.url, ":"):] }

// TestWhereACookieCounts holds requests that bring a session's cookie to a truth table, by each method that is taken.
func TestWhereACookieCounts(t *testing.T) {
	t.Parallel()
	w := newFrontends(t)
	tests := map[string]struct {
		origin, fetchSite, key string
		want                   string // refused with 403 where left out
	}{
		"no browser":                 {want: answered("public", "ada")},
		"the server's page":          {origin: w.url, fetchSite: "same-origin", want: answered("public", "ada")},
		"the server's page, old":     {origin: w.url, want: answered("public", "ada")},
		"the server by its name":     {origin: "http://localhost" + w.port(), want: answered("public", "ada")},
		"the server by IPv6":         {origin: "http://[::1]" + w.port(), want: answered("public", "ada")},
		"the server without Origin":  {fetchSite: "same-origin", want: answered("public", "ada")},
		"the address bar":            {fetchSite: "none", want: answered("public", "ada")},
		"the server's page, odd":     {origin: strings.ToUpper(w.url), want: answered("public", "ada")},
		"the client's page, odd":     {origin: "HTTPS://Blog.example:443", key: w.blog, want: answered("blog", "ada")},
		"the client's page":          {origin: "https://blog.example", fetchSite: "same-site", key: w.blog, want: answered("blog", "ada")},
		"the server's with a key":    {origin: w.url, fetchSite: "same-origin", key: w.blog, want: answered("blog", "ada")},
		"the server's by GET":        {fetchSite: "same-origin", key: w.blog, want: answered("blog", "ada")},
		"the client's, without key":  {origin: "https://blog.example"},
		"another client's":           {origin: "https://other.example", key: w.blog},
		"the client's by http":       {origin: "http://blog.example", key: w.blog},
		"the client's, another port": {origin: "https://blog.example:444", key: w.blog},
		"below the client's":         {origin: "https://x.blog.example", key: w.blog},
		"another port":               {origin: "http://localhost:1"},
		"another scheme":             {origin: "https://localhost" + w.port()},
		"anyone":                     {origin: "https://evil.example"},
		"nobody":                     {origin: "null"},
		"a lie of Sec-Fetch-Site":    {origin: "https://evil.example", fetchSite: "same-origin"},
		"a sibling without Origin":   {fetchSite: "same-site"},
		"a stranger without Origin":  {fetchSite: "cross-site"},
		"nonsense":                   {fetchSite: "nonsense"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			headers := []string{"Cookie", "headwater=" + w.session}
			for header, value := range map[string]string{"Origin": test.origin, "Sec-Fetch-Site": test.fetchSite, "X-Api-Key": test.key} {
				if value != "" {
					headers = append(headers, header, value)
				}
			}
			for method, got := range map[string]answer{
				"POST": w.post(t, whoBody, headers...),
				"GET":  w.send(t, "GET", get("query", "{viewer{client{name} user{username}}}"), "", headers...),
			} {
				if test.want != "" {
					if got.body != test.want {
						t.Errorf("%s: status %d: %s", method, got.StatusCode, got.body)
					}
					continue
				}
				if got.StatusCode != http.StatusForbidden {
					t.Errorf("%s: status %d", method, got.StatusCode)
				}
				checkAnswer(t, got, logic.CodeForbidden, "-")
			}
		})
	}
}

// TestSeveralOriginsAreNobodys sends two Origin headers, one of which would count.
func TestSeveralOriginsAreNobodys(t *testing.T) {
	t.Parallel()
	w := newFrontends(t)
	got := w.post(t, whoBody, "Cookie", "headwater="+w.session, "Origin", w.url, "Origin", "https://evil.example")
	if got.StatusCode != http.StatusForbidden {
		t.Errorf("status %d: %s", got.StatusCode, got.body)
	}
}

// TestFollowedLinkShowsThePublicPage comes from another site with a cookie: the page is shown as to nobody.
func TestFollowedLinkShowsThePublicPage(t *testing.T) {
	t.Parallel()
	w := newFrontends(t)
	ceiling := client.UpdateClientInput{ScopeCeiling: logic.AllScopes.List()}
	if _, err := w.services.Client.UpdateClient(operator(t), client.PublicName, ceiling); err != nil {
		t.Fatal(err)
	}
	cookie := "headwater=" + w.session
	followed := w.send(t, "GET", "/", "", "Cookie", cookie, "Sec-Fetch-Site", "cross-site")
	typed := w.send(t, "GET", "/", "", "Cookie", cookie, "Sec-Fetch-Site", "none")
	if followed.StatusCode != http.StatusOK || strings.Contains(followed.body, "<svg") || followed.Header.Get("Set-Cookie") != "" {
		t.Errorf("status %d, headers %v", followed.StatusCode, followed.Header)
	}
	if !strings.Contains(typed.body, "<svg") {
		t.Errorf("the page of an admin has no figures: %s", typed.body)
	}
}

// TestFormsChangeNothing sends what a page of any site can send without asking first.
func TestFormsChangeNothing(t *testing.T) {
	t.Parallel()
	w := newFrontends(t)
	for contentType, body := range map[string]string{
		"application/x-www-form-urlencoded":  "query=mutation{signOut{viewer{id}}}",
		"text/plain":                         `{"query":"mutation{signOut{viewer{id}}}"}`,
		"text/plain; application/json":       `{"query":"mutation{signOut{viewer{id}}}"}`,
		"multipart/form-data; boundary=part": "--part\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{\"query\":\"mutation{signOut{viewer{id}}}\"}\r\n--part--\r\n",
		"":                                   `{"query":"mutation{signOut{viewer{id}}}"}`,
	} {
		got := w.send(t, "POST", "/graphql", body, "Content-Type", contentType, "Cookie", "headwater="+w.session)
		if got.StatusCode != http.StatusUnsupportedMediaType || got.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: status %d, headers %v", contentType, got.StatusCode, got.Header)
		}
	}
	if got := w.post(t, whoBody, "Cookie", "headwater="+w.session); got.body != answered("public", "ada") {
		t.Errorf("afterwards: %s", got.body)
	}
}

// TestWhoMayReadTheAnswer holds the headers by which browsers decide that to a truth table.
func TestWhoMayReadTheAnswer(t *testing.T) {
	t.Parallel()
	w := newFrontends(t)
	unknown, _ := logic.NewToken(logic.TokenPublic)
	secret := w.addScript(t)[1]
	tests := map[string]struct {
		origin, key string
		status      int
		readable    bool
	}{
		"a client's page":                         {"https://blog.example", w.blog, 200, true},
		"the server's page":                       {w.url, "", 200, true},
		"the server's page with a key":            {w.url, w.blog, 200, true},
		"no browser":                              {"", "", 200, false},
		"a stranger's page without key":           {"https://evil.example", "", 200, false},
		"a client's page without key":             {"https://blog.example", "", 200, false},
		"a page of nobody":                        {"null", "", 200, false},
		"a stranger's page with a key":            {"https://evil.example", w.blog, 403, false},
		"a page of nobody with a key":             {"null", w.blog, 403, false},
		"another client's page is told why not":   {"https://other.example", w.blog, 403, true},
		"a browser's key without a browser":       {"", w.blog, 403, false},
		"a secret key in a client's page":         {"https://blog.example", secret, 403, true},
		"a secret key in the server's page":       {w.url, secret, 200, true},
		"a client's page with a key that is gone": {"https://blog.example", unknown, 401, true},
		"a stranger with a key that is gone":      {"https://evil.example", unknown, 401, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var headers []string
			if test.origin != "" {
				headers = append(headers, "Origin", test.origin)
			}
			if test.key != "" {
				headers = append(headers, "X-Api-Key", test.key)
			}
			got := w.post(t, whoBody, headers...)
			if got.StatusCode != test.status {
				t.Errorf("status %d: %s", got.StatusCode, got.body)
			}
			checkReadable(t, got, test.origin, test.readable)
			if test.readable && got.Header.Get("Access-Control-Expose-Headers") != "X-Request-Id, Retry-After" {
				t.Errorf("headers %v", got.Header)
			}
		})
	}
}

// checkReadable looks whether a browser would let pages of origin read an answer, with cookies.
func checkReadable(t *testing.T, got answer, origin string, readable bool) {
	t.Helper()
	want, credentials := "", ""
	if readable {
		want, credentials = origin, "true"
	}
	if got.Header.Get("Access-Control-Allow-Origin") != want || got.Header.Get("Access-Control-Allow-Credentials") != credentials {
		t.Errorf("readable for %q is not %v: %v", origin, readable, got.Header)
	}
	if !variesBy(got, "Origin") {
		t.Errorf("headers %v", got.Header)
	}
}

func TestPreflight(t *testing.T) {
	t.Parallel()
	w := newFrontends(t)
	for origin, allows := range map[string]bool{
		"https://blog.example": true, "https://other.example": true, w.url: true, "http://localhost" + w.port(): true,
		"https://evil.example": false, "null": false, "http://blog.example": false, "https://blog.example.evil.example": false, "*": false,
	} {
		got := w.send(t, "OPTIONS", "/graphql", "", "Origin", origin, "Access-Control-Request-Method", "POST",
			"Access-Control-Request-Headers", "content-type,x-api-key")
		checkReadable(t, got, origin, allows)
		methods, headers := got.Header.Get("Access-Control-Allow-Methods"), got.Header.Get("Access-Control-Allow-Headers")
		if allows && (methods != "GET, POST" || headers != "content-type,x-api-key" || got.Header.Get("Access-Control-Max-Age") == "") ||
			!allows && methods+headers != "" || got.StatusCode != http.StatusNoContent || got.body != "" {
			t.Errorf("%s: status %d, headers %v", origin, got.StatusCode, got.Header)
		}
	}
	if got := w.send(t, "OPTIONS", "/graphql", "", "Origin", "https://blog.example"); got.StatusCode != http.StatusNoContent || got.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("no preflight: status %d, headers %v", got.StatusCode, got.Header)
	}
}
