package httpd

import (
	"net/http"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/client"
)

// whoBody asks whom a request is answered for.
const whoBody = `{"query":"{viewer{client{name} user{username}}}"}`

// answered returns what whoBody is answered; user is null for nobody.
func answered(clientName, user string) string {
	if user != "null" {
		user = `{"username":"` + user + `"}`
	}
	return `{"data":{"viewer":{"client":{"name":"` + clientName + `"},"user":` + user + `}}}`
}

// TestTheCredentialDecides goes through the headers that may say who asks, and those that only claim it.
func TestTheCredentialDecides(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.addClient(t, "app", client.KindMobile)
	_, public := w.addKey(t, "app", client.KeyPublishable)
	secret := w.addScript(t)[1]
	w.addPerson(t, "ada", logic.RoleAdmin)
	session := w.signIn(t, "ada", "X-Api-Key", public)
	unknownKey, _ := logic.NewToken(logic.TokenSecret)
	unknownSession, _ := logic.NewToken(logic.TokenSession)
	reset, _ := logic.NewToken(logic.TokenReset)

	tests := map[string]struct {
		headers []string
		want    string // refused with 401 where left out
	}{
		"nothing":                     {nil, answered("public", "null")},
		"a publishable key":           {[]string{"X-Api-Key", public}, answered("app", "null")},
		"a publishable key as bearer": {[]string{"Authorization", "Bearer " + public}, answered("app", "null")},
		"a secret key":                {[]string{"X-Api-Key", secret}, answered("script", "null")},
		"a secret key as bearer":      {[]string{"Authorization", "Bearer " + secret}, answered("script", "null")},
		"a session":                   {[]string{"Authorization", "Bearer " + session}, answered("public", "ada")},
		"a session and a key":         {[]string{"Authorization", "Bearer " + session, "X-Api-Key", public}, answered("app", "ada")},
		"a session and a secret key":  {[]string{"Authorization", "Bearer " + session, "X-Api-Key", secret}, answered("script", "ada")},
		"a scheme in small letters":   {[]string{"Authorization", "bearer  " + session}, answered("public", "ada")},
		"a cookie":                    {[]string{"Cookie", "headwater=" + session}, answered("public", "ada")},
		"a cookie and a key":          {[]string{"Cookie", "headwater=" + session, "X-Api-Key", public}, answered("app", "ada")},
		"a cookie of the other name":  {[]string{"Cookie", "__Host-headwater=" + session}, answered("public", "null")},
		"a key in a cookie":           {[]string{"Cookie", "headwater=" + secret}, answered("public", "null")},
		"two cookies of the name":     {[]string{"Cookie", "headwater=" + session + "; headwater=" + session}, answered("public", "null")},
		"a stale cookie beside a token": {[]string{"Cookie", "headwater=" + unknownSession, "Authorization", "Bearer " + session},
			answered("public", "ada")},

		"an unknown key":              {headers: []string{"X-Api-Key", unknownKey}},
		"an unknown key as bearer":    {headers: []string{"Authorization", "Bearer " + unknownKey}},
		"an unknown session":          {headers: []string{"Authorization", "Bearer " + unknownSession}},
		"no key":                      {headers: []string{"X-Api-Key", ""}},
		"a name in place of a key":    {headers: []string{"X-Api-Key", "script"}},
		"a key and more":              {headers: []string{"X-Api-Key", public + "x"}},
		"a key in other letters":      {headers: []string{"X-Api-Key", strings.ToUpper(public)}},
		"a session in place of a key": {headers: []string{"X-Api-Key", session}},
		"a key twice":                 {headers: []string{"X-Api-Key", public, "X-Api-Key", public}},
		"two keys":                    {headers: []string{"X-Api-Key", public + ", " + secret}},
		"two keys by two headers":     {headers: []string{"X-Api-Key", public, "Authorization", "Bearer " + secret}},
		"two authorizations":          {headers: []string{"Authorization", "Bearer " + session, "Authorization", "Bearer " + public}},
		"a password":                  {headers: []string{"Authorization", "Basic YWRhOmNvcnJlY3Q="}},
		"a token without scheme":      {headers: []string{"Authorization", session}},
		"a scheme without token":      {headers: []string{"Authorization", "Bearer"}},
		"a token to reset":            {headers: []string{"Authorization", "Bearer " + reset}},
		"an empty authorization":      {headers: []string{"Authorization", ""}},
		"a key beside a wrong token":  {headers: []string{"X-Api-Key", public, "Authorization", "Bearer " + unknownSession}},
	}
	for _, claim := range []string{
		"X-Client-Name", "apollographql-client-name", "graphql-client-name", "X-Client-Id", "X-User-Id", "X-Role", "X-Hasura-Role",
		"X-Hasura-Admin-Secret", "X-Forwarded-User", "X-Remote-User", "X-Original-Url", "X-Forwarded-Host", "Forwarded", "From", "Key", "Api-Key",
	} {
		for _, value := range []string{"script", "ada", "ADMIN", secret} {
			tests[claim+" claims "+value[:3]] = struct {
				headers []string
				want    string
			}{[]string{claim, value}, answered("public", "null")}
		}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, media := range []string{mediaResponse, mediaJSON} {
				got := w.post(t, whoBody, append([]string{"Accept", media}, test.headers...)...)
				if test.want != "" {
					if got.StatusCode != http.StatusOK || got.body != test.want {
						t.Errorf("status %d: %s, not %s", got.StatusCode, got.body, test.want)
					}
					continue
				}
				if got.StatusCode != http.StatusUnauthorized || !strings.HasPrefix(got.Header.Get("WWW-Authenticate"), "Bearer") ||
					!strings.HasPrefix(got.Header.Get("Content-Type"), media+";") {
					t.Errorf("status %d, headers %v", got.StatusCode, got.Header)
				}
				checkAnswer(t, got, logic.CodeUnauthenticated, "-")
			}
		})
	}
}

func TestNothingInTheAddressIsACredential(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	secret := w.addScript(t)[1]
	for _, name := range []string{"key", "api_key", "access_token", "X-Api-Key"} {
		if got := w.send(t, "GET", get("query", "{viewer{client{name} user{username}}}", name, secret), ""); got.body != answered("public", "null") {
			t.Errorf("%s: %s", name, got.body)
		}
	}
}

// TestWhatNeedsNoOne is sent whoever asks.
func TestWhatNeedsNoOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for _, path := range []string{"/healthz", "/readyz", "/front.css", "/playground", "/account"} {
		if got := w.send(t, "GET", path, "", "X-Api-Key", "nonsense"); got.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", path, got.StatusCode)
		}
	}
	if got := w.send(t, "GET", "/", "", "X-Api-Key", "nonsense"); got.StatusCode != http.StatusUnauthorized || got.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("the front page: status %d, headers %v", got.StatusCode, got.Header)
	}
}

// TestClosedClient closes the public client, and finds the others open.
func TestClosedClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	script := w.addScript(t)
	if _, err := w.services.Client.UpdateClient(operator(t), client.PublicName, client.UpdateClientInput{ScopeCeiling: []logic.Scope{}}); err != nil {
		t.Fatal(err)
	}
	got := w.post(t, whoBody)
	if got.StatusCode != http.StatusUnauthorized || !strings.Contains(got.body, "public is closed") {
		t.Errorf("status %d: %s", got.StatusCode, got.body)
	}
	if page := w.send(t, "GET", "/", ""); page.StatusCode != http.StatusUnauthorized || !strings.Contains(page.body, "public is closed") {
		t.Errorf("the front page: status %d: %s", page.StatusCode, page.body)
	}
	if got := w.post(t, whoBody, script...); got.body != answered("script", "null") {
		t.Errorf("status %d: %s", got.StatusCode, got.body)
	}
}

// TestARequestKeepsItsClient deletes the client that a request came through while that is under way: it stays who asks.
func TestARequestKeepsItsClient(t *testing.T) {
	t.Parallel()
	holding := newHeld()
	w := newWorld(t, func(s *setup) { s.filled, s.wrap = true, holding.wrap })
	script := w.addScript(t)
	if _, err := w.services.Client.UpdateClient(operator(t), "script", client.UpdateClientInput{
		PostURL: logic.TextChange{Given: true, Value: new("https://script.example/{slug}")},
	}); err != nil {
		t.Fatal(err)
	}
	answered := make(chan answer, 1)
	go func() {
		answered <- w.post(t, `{"query":"{viewer{client{name kind apiKeys{label}}} posts(first:1){nodes{url}}}"}`, script...)
	}()
	<-holding.arrived
	if _, err := w.services.Client.DeleteClient(operator(t), "script"); err != nil {
		t.Fatal(err)
	}
	close(holding.letGo)
	got := <-answered
	if want := `{"data":{"viewer":{"client":{"name":"script","kind":"SERVER","apiKeys":[]}},"posts":{"nodes":[{"url":"https://script.example/`; !strings.HasPrefix(got.body, want) {
		t.Errorf("deleted from elsewhere: %s", got.body)
	}

	w.addPerson(t, "ada", logic.RoleAdmin)
	for rest, want := range map[string]string{
		`signOut{viewer{client{name} user{username}}}`: `"signOut":{"viewer":{"client":{"name":"script"},"user":null}}}}`,
		`signIn(input:{login:\"ada\",password:\"` + password + `\"}){session{client{name}} viewer{client{name} user{username}}}`: `"signIn":{"session":{"client":null},"viewer":{"client":{"name":"script"},"user":{"username":"ada"}}}}}`,
	} {
		headers := w.addScript(t)
		headers = append(headers, "Authorization", "Bearer "+w.signIn(t, "ada", headers...))
		got := w.post(t, `{"query":"mutation{deleteClient(name:\"script\"){deletedId} `+rest+`}"}`, headers...)
		if !strings.HasPrefix(got.body, `{"data":{"deleteClient":{"deletedId":"`) || !strings.HasSuffix(got.body, want) {
			t.Errorf("%s: %s", rest, got.body)
		}
	}
}
