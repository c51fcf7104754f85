package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"headwater/logic"
)

// step is one request of a story, and the data that it must be answered with.
type step struct {
	name, query, want string
	header            http.Header
}

// tell sends one request after the other.
func (w *world) tell(t *testing.T, story []step) {
	t.Helper()
	for _, step := range story {
		if got := dataOf(t, w.send(t, step.header, step.query, nil)); got != step.want {
			t.Errorf("%s: answered %s, want %s", step.name, got, step.want)
		}
	}
}

var mailedToken = regexp.MustCompile(`hw_(confirm|reset|invite)_[a-z2-7]+`)

// mailed returns the token in the last mail.
func (w *world) mailed(t *testing.T, to string) string {
	t.Helper()
	if len(w.mail.sent) == 0 || w.mail.sent[len(w.mail.sent)-1].To != to {
		t.Fatalf("no mail to %s: %+v", to, w.mail.sent)
	}
	return mailedToken.FindString(w.mail.sent[len(w.mail.sent)-1].Text)
}

// signedIn returns the headers with the session that an answer holds.
func signedIn(t *testing.T, got answer, key string) http.Header {
	t.Helper()
	var data map[string]struct{ Token string }
	if err := json.Unmarshal([]byte(dataOf(t, got)), &data); err != nil {
		t.Fatal(err)
	}
	for _, payload := range data {
		if logic.TokenSession.Is(payload.Token) {
			return http.Header{"X-Api-Key": {key}, "Authorization": {"Bearer " + payload.Token}}
		}
	}
	t.Fatalf("no token in %s", got.Response)
	return nil
}

func TestAPersonsAccount(t *testing.T) {
	w := openWorld(t)
	key := w.mustKey(t, logic.Anonymous.List()...)
	app := http.Header{"X-Api-Key": {key}}
	w.tell(t, []step{
		{"who is nobody", `{ viewer { user { id } session { id } sessions { id } scopes } }`,
			`{"viewer":{"user":null,"session":null,"sessions":[],"scopes":["POSTS_READ","METRICS_WRITE"]}}`, app},
		{"all faults of a sign-up", `mutation { signUp(input: { username: "-", email: "nowhere", password: "short" }) { session { id } userErrors { code field } } }`,
			`{"signUp":{"session":null,"userErrors":[{"code":"INVALID","field":["input","username"]},{"code":"INVALID","field":["input","email"]},{"code":"WEAK_PASSWORD","field":["input","password"]}]}}`, app},
		{"a sign-up", `mutation { signUp(input: { username: "rita", email: "rita@example.org", password: "` + password + `" }) { session { id } token viewer { user { id } } userErrors { code } } }`,
			`{"signUp":{"session":null,"token":null,"viewer":{"user":null},"userErrors":[]}}`, app},
		{"a token that was never given out", `mutation { confirmEmail(token: "hw_confirm_a") { session { id } token userErrors { code field } } }`,
			`{"confirmEmail":{"session":null,"token":null,"userErrors":[{"code":"EXPIRED","field":["token"]}]}}`, app},
	})
	confirmed := w.send(t, app, fmt.Sprintf(`mutation { confirmEmail(token: %q) { token } }`, w.mailed(t, "rita@example.org")), nil)
	rita := signedIn(t, confirmed, key)
	w.tell(t, []step{
		{"who is signed in", `{ viewer { user { username email role } session { isCurrent device } sessions { isCurrent client { kind } } } }`,
			`{"viewer":{"user":{"username":"rita","email":"rita@example.org","role":"READER"},"session":{"isCurrent":true,"device":"Firefox on Linux"},` +
				`"sessions":[{"isCurrent":true,"client":{"kind":"SERVER"}}]}}`, rita},
		{"a profile", `mutation { updateProfile(input: { name: "Rita R.", bio: "Reads.", website: "https://rita.example" }) { user { name bio website } userErrors { code } } }`,
			`{"updateProfile":{"user":{"name":"Rita R.","bio":"Reads.","website":"https://rita.example"},"userErrors":[]}}`, rita},
		{"null clears, what is left out stays", `mutation { updateProfile(input: { bio: null, website: null }) { user { name bio website } userErrors { code } } }`,
			`{"updateProfile":{"user":{"name":"Rita R.","bio":"","website":null},"userErrors":[]}}`, rita},
		{"a new email needs the password", `mutation { updateProfile(input: { email: "r@example.org" }) { user { email } userErrors { code field } } }`,
			`{"updateProfile":{"user":null,"userErrors":[{"code":"REQUIRED","field":["input","password"]}]}}`, rita},
		{"another password, with faults", `mutation { changePassword(input: { current: "wrong", new: "rita" }) { viewer { user { username } } userErrors { code field } } }`,
			`{"changePassword":{"viewer":{"user":{"username":"rita"}},"userErrors":[{"code":"WRONG_CREDENTIALS","field":["input","current"]},{"code":"WEAK_PASSWORD","field":["input","new"]}]}}`, rita},
		{"another password", `mutation { changePassword(input: { current: "` + password + `", new: "another fine horse" }) { viewer { user { username } } userErrors { code } } }`,
			`{"changePassword":{"viewer":{"user":{"username":"rita"}},"userErrors":[]}}`, rita},
		{"a wrong password", `mutation { signIn(input: { login: "rita", password: "` + password + `" }) { session { id } token userErrors { code field } } }`,
			`{"signIn":{"session":null,"token":null,"userErrors":[{"code":"WRONG_CREDENTIALS","field":null}]}}`, app},
		{"a lost password", `mutation { requestPasswordReset(login: "rita") { userErrors { code } } }`, `{"requestPasswordReset":{"userErrors":[]}}`, app},
	})
	reset := w.send(t, app, fmt.Sprintf(`mutation { resetPassword(input: { token: %q, password: %q }) { token viewer { user { username } } } }`, w.mailed(t, "rita@example.org"), password), nil)
	again := signedIn(t, reset, key)
	if got := w.send(t, rita, `{ viewer { id } }`, nil); got.Status != http.StatusUnauthorized {
		t.Errorf("the session from before the reset: %d, %s", got.Status, got.Response)
	}
	w.tell(t, []step{
		{"a session that is not there", `mutation { revokeSession(id: "none") { revokedId userErrors { code } } }`, `{"revokeSession":{"revokedId":null,"userErrors":[{"code":"NOT_FOUND"}]}}`, again},
		{"signing out", `mutation { signOut { viewer { user { id } session { id } scopes } userErrors { code } } }`,
			`{"signOut":{"viewer":{"user":null,"session":null,"scopes":["POSTS_READ","METRICS_WRITE"]},"userErrors":[]}}`, again},
	})
	if got := w.send(t, again, `{ viewer { id } }`, nil); got.Status != http.StatusUnauthorized {
		t.Errorf("the session that was signed out: %d, %s", got.Status, got.Response)
	}
}

func TestUsersAreAdministered(t *testing.T) {
	w := openWorld(t)
	w.mustUser(t, "ada", logic.RoleAdmin)
	ada := w.mustSignIn(t, "ada")
	w.tell(t, []step{{"a new user", `mutation { createUser(input: { username: "walter", email: "w@example.org" }) { user { username name role deactivatedAt } userErrors { code } } }`,
		`{"createUser":{"user":{"username":"walter","name":"walter","role":"READER","deactivatedAt":null},"userErrors":[]}}`, ada}})
	walter, err := w.services.Account.User(operator(t.Context()), "walter")
	if err != nil {
		t.Fatal(err)
	}
	id := `"` + nodeID(walter.NodeID()) + `"`
	w.tell(t, []step{
		{"the same again", `mutation { createUser(input: { username: "walter", email: "w@example.org" }) { user { id } userErrors { code field } } }`,
			`{"createUser":{"user":null,"userErrors":[{"code":"TAKEN","field":["input","username"]},{"code":"TAKEN","field":["input","email"]}]}}`, ada},
		{"an invitation", `mutation { inviteUser(id: ` + id + `) { user { username } userErrors { code } } }`, `{"inviteUser":{"user":{"username":"walter"},"userErrors":[]}}`, ada},
		{"a change", `mutation { updateUser(id: ` + id + `, input: { username: "walt", bio: "Writes." }) { user { username bio } userErrors { code } } }`,
			`{"updateUser":{"user":{"username":"walt","bio":"Writes."},"userErrors":[]}}`, ada},
		{"a change with faults", `mutation { updateUser(id: ` + id + `, input: { username: "ada", name: "" }) { user { id } userErrors { code field } } }`,
			`{"updateUser":{"user":null,"userErrors":[{"code":"TAKEN","field":["input","username"]},{"code":"REQUIRED","field":["input","name"]}]}}`, ada},
		{"a change of nobody", `mutation { updateUser(id: "none", input: { name: "" }) { user { id } userErrors { code field } } }`,
			`{"updateUser":{"user":null,"userErrors":[{"code":"NOT_FOUND","field":["id"]}]}}`, ada},
		{"another role", `mutation { setUserRole(id: ` + id + `, role: AUTHOR) { user { role } userErrors { code } } }`, `{"setUserRole":{"user":{"role":"AUTHOR"},"userErrors":[]}}`, ada},
		{"who has it", `{ users(filter: { role: AUTHOR, query: "wal" }) { totalCount nodes { username } pageInfo { hasNextPage hasPreviousPage } } }`,
			`{"users":{"totalCount":1,"nodes":[{"username":"walt"}],"pageInfo":{"hasNextPage":false,"hasPreviousPage":false}}}`, ada},
		{"who has it, for those who may not ask", `{ users(filter: { role: AUTHOR }) { totalCount nodes { username } } }`, `{"users":{"totalCount":0,"nodes":[]}}`, nil},
		{"the end", `mutation { deactivateUser(id: ` + id + `) { user { deactivatedAt } userErrors { code } } }`, `{"deactivateUser":{"user":{"deactivatedAt":"2026-11-27T12:00:00.000Z"},"userErrors":[]}}`, ada},
		{"not the end", `mutation { reactivateUser(id: ` + id + `) { user { deactivatedAt } userErrors { code } } }`, `{"reactivateUser":{"user":{"deactivatedAt":null},"userErrors":[]}}`, ada},
		{"nothing is left", `mutation { eraseUser(id: ` + id + `) { erasedId userErrors { code } } again: eraseUser(id: ` + id + `) { erasedId userErrors { code field } } }`,
			`{"eraseUser":{"erasedId":` + id + `,"userErrors":[]},"again":{"erasedId":null,"userErrors":[{"code":"INVALID","field":["id"]}]}}`, ada},
	})
}

func TestClientsAndKeysAreAdministered(t *testing.T) {
	w := openWorld(t)
	w.mustUser(t, "ada", logic.RoleAdmin)
	ada := w.mustSignIn(t, "ada")
	const created = `{"client":{"name":"app","kind":"MOBILE","description":"","postUrl":null,"allowedOrigins":[],"scopeCeiling":["POSTS_READ","METRICS_WRITE"],"requestsPerMinute":6000,"apiKeys":[]},"userErrors":[]}`
	w.tell(t, []step{
		{"a client", `mutation { createClient(input: { name: "app", kind: MOBILE, scopeCeiling: [METRICS_WRITE, POSTS_READ] }) {
			client { name kind description postUrl allowedOrigins scopeCeiling requestsPerMinute apiKeys { id } } userErrors { code } } }`, `{"createClient":` + created + `}`, ada},
		{"all faults of a client", `mutation { createClient(input: { name: "app", kind: WEB, scopeCeiling: [], allowedOrigins: ["example.org"], postUrl: "x", requestsPerMinute: 0 }) { client { id } userErrors { code field } } }`,
			`{"createClient":{"client":null,"userErrors":[{"code":"INVALID","field":["input","postUrl"]},{"code":"INVALID","field":["input","allowedOrigins","0"]},` +
				`{"code":"INVALID","field":["input","requestsPerMinute"]},{"code":"TAKEN","field":["input","name"]}]}}`, ada},
		{"an address of its own", `mutation { updateClient(name: "app", input: { postUrl: "https://app.example/{slug}" }) { client { postUrl scopeCeiling } userErrors { code } } }`,
			`{"updateClient":{"client":{"postUrl":"https://app.example/{slug}","scopeCeiling":["POSTS_READ","METRICS_WRITE"]},"userErrors":[]}}`, ada},
		{"null clears it, null for a list changes nothing", `mutation { updateClient(name: "app", input: { postUrl: null, scopeCeiling: null }) { client { postUrl scopeCeiling } userErrors { code } } }`,
			`{"updateClient":{"client":{"postUrl":null,"scopeCeiling":["POSTS_READ","METRICS_WRITE"]},"userErrors":[]}}`, ada},
		{"a client that is not there", `{ client(name: "none") { id } }`, `{"client":null}`, ada},
		{"a change of none", `mutation { updateClient(name: "none", input: {}) { client { id } userErrors { code } } }`, `{"updateClient":{"client":null,"userErrors":[{"code":"NOT_FOUND"}]}}`, ada},
	})
	got := w.send(t, ada, `mutation { createApiKey(input: { client: "app", label: "store", kind: PUBLISHABLE, scopes: [POSTS_READ], expiresAt: "2027-01-01T00:00:00Z" }) {
		secret apiKey { id prefix label kind scopes expiresAt revokedAt lastUsedAt requestCount client { name } } userErrors { code } } }`, nil)
	var first struct {
		CreateAPIKey struct {
			Secret string
			APIKey struct{ ID, Prefix string }
		} `json:"createApiKey"`
	}
	if err := json.Unmarshal([]byte(dataOf(t, got)), &first); err != nil {
		t.Fatal(err)
	}
	secret, id := first.CreateAPIKey.Secret, first.CreateAPIKey.APIKey.ID
	if want := `"label":"store","kind":"PUBLISHABLE","scopes":["POSTS_READ"],"expiresAt":"2027-01-01T00:00:00.000Z","revokedAt":null,"lastUsedAt":null,"requestCount":0,"client":{"name":"app"}}`; !strings.Contains(string(got.Response), want) ||
		!logic.TokenPublic.Is(secret) || !strings.HasPrefix(secret, first.CreateAPIKey.APIKey.Prefix) {
		t.Fatalf("made %s", got.Response)
	}
	key := http.Header{"X-Api-Key": {secret}}
	w.tell(t, []step{
		{"who asks", `{ viewer { client { name allowedOrigins } scopes } }`, `{"viewer":{"client":{"name":"app","allowedOrigins":null},"scopes":["POSTS_READ"]}}`, key},
		{"a key of no client", `mutation { createApiKey(input: { client: "none", label: "", kind: SECRET, scopes: [] }) { secret apiKey { id } userErrors { code field } } }`,
			`{"createApiKey":{"secret":null,"apiKey":null,"userErrors":[{"code":"REQUIRED","field":["input","label"]},{"code":"NOT_FOUND","field":["input","client"]},{"code":"REQUIRED","field":["input","scopes"]}]}}`, ada},
		{"too long a grace", `mutation { rotateApiKey(id: "` + id + `", graceSeconds: -1) { secret userErrors { code field } } }`,
			`{"rotateApiKey":{"secret":null,"userErrors":[{"code":"INVALID","field":["graceSeconds"]}]}}`, ada},
		{"a second key", `mutation { rotateApiKey(id: "` + id + `", graceSeconds: 60) { apiKey { label scopes client { apiKeys { expiresAt } } } userErrors { code } } }`,
			`{"rotateApiKey":{"apiKey":{"label":"store","scopes":["POSTS_READ"],"client":{"apiKeys":[{"expiresAt":"2027-01-01T00:00:00.000Z"},{"expiresAt":"2026-11-27T12:01:00.000Z"}]}},"userErrors":[]}}`, ada},
		{"the first one still", `{ viewer { scopes } }`, `{"viewer":{"scopes":["POSTS_READ"]}}`, key},
		{"revoked", `mutation { revokeApiKey(id: "` + id + `") { apiKey { id revokedAt } userErrors { code } } }`,
			`{"revokeApiKey":{"apiKey":{"id":"` + id + `","revokedAt":"2026-11-27T12:00:00.000Z"},"userErrors":[]}}`, ada},
	})
	if got := w.send(t, key, `{ viewer { id } }`, nil); got.Status != http.StatusUnauthorized {
		t.Errorf("the revoked key: %d, %s", got.Status, got.Response)
	}
	w.tell(t, []step{
		{"the built-in client stays", `mutation { deleteClient(name: "public") { deletedId userErrors { code field } } }`,
			`{"deleteClient":{"deletedId":null,"userErrors":[{"code":"INVALID","field":["name"]}]}}`, ada},
		{"an ID of another kind", `mutation { revokeApiKey(id: "` + nodeID(logic.UserID(1).ID()) + `") { apiKey { id } userErrors { code } } }`,
			`{"revokeApiKey":{"apiKey":null,"userErrors":[{"code":"NOT_FOUND"}]}}`, ada},
	})
	if data := dataOf(t, w.send(t, ada, `mutation { deleteClient(name: "app") { deletedId userErrors { code } } }`, nil)); strings.Contains(data, "null") {
		t.Errorf("deleting: %s", data)
	}
}

// TestABrowserGetsACookie signs in through the client named public, which runs in browsers.
func TestABrowserGetsACookie(t *testing.T) {
	w := openWorld(t)
	w.mustUser(t, "rita", logic.RoleReader)
	got := dataOf(t, w.post(t, `mutation { signIn(input: { login: "rita@example.org", password: "`+password+`", device: "My desk" }) { token session { device isCurrent } viewer { user { username } } } }`, nil))
	if want := `{"signIn":{"token":null,"session":{"device":"My desk","isCurrent":true},"viewer":{"user":{"username":"rita"}}}}`; got != want {
		t.Errorf("answered %s", got)
	}
}

func TestOneRequestTriesOnePassword(t *testing.T) {
	w := openWorld(t)
	for name, query := range map[string]string{
		"aliases":     `mutation { a: signIn(input: { login: "a", password: "a" }) { token } b: signIn(input: { login: "a", password: "b" }) { token } }`,
		"a fragment":  `mutation { ...A ...B } fragment A on Mutation { a: signIn(input: { login: "a", password: "a" }) { token } } fragment B on Mutation { b: signIn(input: { login: "a", password: "b" }) { token } }`,
		"two of them": `mutation { signIn(input: { login: "a", password: "a" }) { token } changePassword(input: { current: "a", new: "b" }) { viewer { id } } }`,
	} {
		got := w.post(t, query, nil)
		if err := firstError(t, got); err == nil || err.Extensions["code"] != string(logic.CodeTooComplex) || got.Statements > 0 {
			t.Errorf("%s: %s", name, got.Response)
		}
	}
}

func TestTooManyTriesSayHowLongToWait(t *testing.T) {
	w := openWorld(t)
	w.mustUser(t, "rita", logic.RoleReader)
	const try = `mutation { before: signOut { userErrors { code } } signIn(input: { login: "rita", password: "wrong" }) { userErrors { code } } after: signOut { userErrors { code } } }`
	for range 5 {
		if data := dataOf(t, w.post(t, try, nil)); !strings.Contains(data, "WRONG_CREDENTIALS") {
			t.Fatalf("answered %s", data)
		}
	}
	got := w.post(t, try, nil)
	err := firstError(t, got)
	if err == nil || err.Extensions["code"] != string(logic.CodeRateLimited) || err.Extensions["retryAfter"] != 1.0 || err.Path.String() != "signIn" {
		t.Errorf("answered %s", got.Response)
	}
	if want := `"data":{"before":{"userErrors":[]},"signIn":null,"after":{"userErrors":[]}}`; !strings.Contains(string(got.Response), want) {
		t.Errorf("answered %s", got.Response)
	}
}
