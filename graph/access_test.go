package graph_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"headwater/graph"
	"headwater/graph/bind"
	"headwater/graph/guard"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/client"
)

// sampleAuthor is the username of someone who wrote a post of the sample.
const sampleAuthor = "marit-solheim"

// nodeID returns an ID as frontends see it.
func nodeID(id logic.ID) string { return bind.EncodeID(id) }

// bearer returns the headers that a request with a token has.
func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// dataOf returns the data of an answer that must have no errors.
func dataOf(t *testing.T, got answer) string {
	t.Helper()
	if err := firstError(t, got); err != nil {
		t.Fatalf("answered %s", got.Response)
	}
	var response struct{ Data json.RawMessage }
	if err := json.Unmarshal(got.Response, &response); err != nil {
		t.Fatal(err)
	}
	return string(response.Data)
}

// mustAuthor gives the author with a username an email and deactivates them: every gated field then has something to hide.
func (w *world) mustAuthor(t *testing.T, username string) account.User {
	t.Helper()
	ctx := operator(t.Context())
	user, err := w.services.Account.User(ctx, username)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.services.Account.UpdateUser(ctx, user.ID, account.UserChange{Email: new("ada@example.org")}); err != nil {
		t.Fatal(err)
	}
	if user, err = w.services.Account.DeactivateUser(ctx, user.ID); err != nil {
		t.Fatal(err)
	}
	return user
}

// TestGatedFieldsOfAUser asks for them wherever users stand.
func TestGatedFieldsOfAUser(t *testing.T) {
	w := openSample(t)
	author := w.mustAuthor(t, sampleAuthor)
	w.mustUser(t, "rita", logic.RoleReader)
	w.mustUser(t, "edgar", logic.RoleEditor)
	const fields = `{ username email role deactivatedAt }`
	const hidden = `{"username":"` + sampleAuthor + `","email":null,"role":null,"deactivatedAt":null}`
	const shown = `{"username":"` + sampleAuthor + `","email":"ada@example.org","role":"AUTHOR","deactivatedAt":"2026-11-27T12:00:00.000Z"}`
	id := nodeID(author.NodeID())
	for viewer, test := range map[string]struct {
		header http.Header
		want   string
	}{
		"nobody":                      {nil, hidden},
		"a reader":                    {w.mustSignIn(t, "rita"), hidden},
		"an editor":                   {w.mustSignIn(t, "edgar"), shown},
		"a key that reads users":      {bearer(w.mustKey(t, logic.ScopePostsRead, logic.ScopeUsersRead)), shown},
		"a key that changes users":    {bearer(w.mustKey(t, logic.ScopePostsRead, logic.ScopeUsersWrite)), hidden},
		"a key for all but that":      {bearer(w.mustKey(t, (logic.AllScopes &^ logic.ScopesOf(logic.ScopeUsersRead)).List()...)), hidden},
		"an editor in a reader's app": {w.mustSignIn(t, "edgar", logic.Anonymous.List()...), hidden},
	} {
		for place, query := range map[string]string{
			"user":  `{ user(username: "` + sampleAuthor + `") ` + fields + ` }`,
			"node":  `{ node(id: "` + id + `") { ... on User ` + fields + ` } }`,
			"nodes": `{ nodes(ids: ["` + id + `"]) { ... on User ` + fields + ` } }`,
			"users": `{ users(first: 100) { nodes ` + fields + ` edges { node ` + fields + ` } } }`,
			"post":  `{ posts(filter: { authors: ["` + sampleAuthor + `"] }, first: 1) { nodes { author ` + fields + ` authors ` + fields + ` } } }`,
		} {
			data := dataOf(t, w.send(t, test.header, query, nil))
			if !strings.Contains(data, test.want) {
				t.Errorf("%s, %s: %s", viewer, place, data)
			}
			if test.want == hidden && strings.Contains(data, "ada@example.org") {
				t.Errorf("%s, %s: shows the email: %s", viewer, place, data)
			}
		}
	}
}

func TestOneselfIsShown(t *testing.T) {
	w := openSample(t)
	w.mustUser(t, "rita", logic.RoleReader)
	got := dataOf(t, w.send(t, w.mustSignIn(t, "rita"), `{ viewer { user { username email role deactivatedAt } scopes } user(username: "rita") { email } }`, nil))
	want := `{"viewer":{"user":{"username":"rita","email":"rita@example.org","role":"READER","deactivatedAt":null},"scopes":["POSTS_READ","METRICS_WRITE"]},"user":{"email":"rita@example.org"}}`
	if got != want {
		t.Errorf("answered %s", got)
	}
}

// TestGatedFieldsOfAClient asks for them wherever clients stand.
func TestGatedFieldsOfAClient(t *testing.T) {
	w := openWorld(t)
	w.mustUser(t, "rita", logic.RoleReader)
	w.mustUser(t, "ada", logic.RoleAdmin)
	const fields = `{ allowedOrigins scopeCeiling requestsPerMinute apiKeys { label } }`
	const hidden = `{"allowedOrigins":null,"scopeCeiling":null,"requestsPerMinute":null,"apiKeys":null}`
	for viewer, test := range map[string]struct {
		header http.Header
		want   string
	}{
		"nobody":                 {nil, hidden},
		"a reader":               {w.mustSignIn(t, "rita"), hidden},
		"an admin":               {w.mustSignIn(t, "ada"), `{"allowedOrigins":[],"scopeCeiling":["POSTS_READ",`},
		"a key for clients":      {bearer(w.mustKey(t, logic.ScopeClientsWrite)), `{"allowedOrigins":[],"scopeCeiling":["CLIENTS_WRITE"],"requestsPerMinute":100000,"apiKeys":[{"label":"test"}]}`},
		"a key for all but that": {bearer(w.mustKey(t, (logic.AllScopes &^ logic.ScopesOf(logic.ScopeClientsWrite)).List()...)), hidden},
	} {
		data := dataOf(t, w.send(t, test.header, `{ viewer { client `+fields+` sessions { client `+fields+` } } }`, nil))
		if !strings.Contains(data, test.want) {
			t.Errorf("%s: %s", viewer, data)
		}
		if test.want == hidden && strings.ContainsAny(data, "0123456789") {
			t.Errorf("%s sees something: %s", viewer, data)
		}
	}
}

// TestGatedRootFields asks for what is null with FORBIDDEN to those who may not see it.
func TestGatedRootFields(t *testing.T) {
	w := openSample(t)
	for query, needs := range map[string]logic.Scope{
		`{ site { title } gated: metrics(range: { from: "2026-11-01", to: "2026-11-27" }) { totals { views } } }`: logic.ScopeMetricsRead,
		`{ site { title } gated: clients { name } }`:                                                              logic.ScopeClientsWrite,
		`{ site { title } gated: client(name: "public") { name } }`:                                               logic.ScopeClientsWrite,
		`{ site { title } gated: client(name: "nobody's") { name } }`:                                             logic.ScopeClientsWrite,
	} {
		for _, token := range []string{"", w.mustKey(t, (logic.AllScopes &^ logic.ScopesOf(needs)).List()...)} {
			got := w.postAs(t, token, query, nil)
			if err := firstError(t, got); err == nil || err.Extensions["code"] != string(logic.CodeForbidden) || err.Path.String() != "gated" {
				t.Errorf("%s: %s", query, got.Response)
			}
			if !strings.Contains(string(got.Response), `"data":{"site":{"title":"Headwater"},"gated":null}`) || got.Status != http.StatusOK {
				t.Errorf("%s: answered %d, %s", query, got.Status, got.Response)
			}
		}
		if err := firstError(t, w.postAs(t, w.mustKey(t, needs), query, nil)); err != nil {
			t.Errorf("%s with %s: %v", query, needs, err)
		}
	}
}

func TestNodesOfPeopleAndClients(t *testing.T) {
	w := openWorld(t)
	rita := w.mustUser(t, "rita", logic.RoleReader)
	w.mustUser(t, "ada", logic.RoleAdmin)
	asRita, asAda := w.mustSignIn(t, "rita"), w.mustSignIn(t, "ada")
	var mine struct {
		Viewer struct {
			Session, Client struct{ ID string }
		}
	}
	if err := json.Unmarshal([]byte(dataOf(t, w.send(t, asRita, `{ viewer { session { id } client { id } } }`, nil))), &mine); err != nil {
		t.Fatal(err)
	}
	clients, err := w.services.Client.Clients(operator(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	var public client.Client
	var ids []logic.ClientID
	for _, row := range clients {
		ids = append(ids, row.ID)
		if row.Name == client.PublicName {
			public = row
		}
	}
	byClient, err := w.services.Client.KeysOfClients(operator(t.Context()), ids)
	if err != nil {
		t.Fatal(err)
	}
	var key client.APIKey
	for _, some := range byClient {
		if len(some) > 0 {
			key = some[0]
		}
	}
	asked := []any{nodeID(rita.NodeID()), mine.Viewer.Session.ID, mine.Viewer.Client.ID, nodeID(public.NodeID()), nodeID(key.NodeID()), nodeID(logic.SessionID(7).ID())}
	for viewer, test := range map[string]struct {
		header http.Header
		want   string
	}{
		"nobody":       {nil, `[null,null,null,"Client",null,null]`},
		"the person":   {asRita, `["User","Session","Client",null,null,null]`},
		"an admin":     {asAda, `["User",null,"Client","Client","ApiKey",null]`},
		"another key":  {bearer(w.mustKey(t, logic.ScopeUsersRead)), `["User",null,null,null,null,null]`},
		"a key of all": {bearer(w.mustKey(t, logic.ScopeClientsWrite)), `[null,null,"Client","Client","ApiKey",null]`},
	} {
		data := dataOf(t, w.send(t, test.header, `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }`, map[string]any{"ids": asked}))
		plain := strings.NewReplacer(`{"nodes":`, ``, `{"__typename":`, ``, `}`, ``).Replace(data)
		if plain != test.want {
			t.Errorf("%s: %s, want %s", viewer, plain, test.want)
		}
	}
}

// TestRefusedMutationLeavesTheOthersAnswers sends one that is carried out, one that is refused, one with faults and one more.
func TestRefusedMutationLeavesTheOthersAnswers(t *testing.T) {
	w := openWorld(t)
	key := w.mustKey(t, logic.ScopeSiteWrite)
	got := w.postAs(t, key, `mutation {
		first: updateSite(input: { title: "One" }) { site { title } userErrors { code } }
		refused: createClient(input: { name: "app", kind: MOBILE, scopeCeiling: [] }) { client { name } userErrors { code } }
		person: revokeSession(id: "none") { revokedId }
		faulty: updateSite(input: { title: "", url: "https://example.org/" }) { site { title } userErrors { code field } }
		last: updateSite(input: { description: "Two" }) { site { title description } userErrors { code } }
	}`, nil)
	var response struct {
		Data   json.RawMessage
		Errors []struct {
			Path       []string
			Extensions struct{ Code logic.Code }
		}
	}
	if err := json.Unmarshal(got.Response, &response); err != nil {
		t.Fatal(err)
	}
	want := `{"first":{"site":{"title":"One"},"userErrors":[]},"refused":null,"person":null,` +
		`"faulty":{"site":null,"userErrors":[{"code":"REQUIRED","field":["input","title"]}]},"last":{"site":{"title":"One","description":"Two"},"userErrors":[]}}`
	if string(response.Data) != want {
		t.Errorf("answered %s", response.Data)
	}
	codes := map[string]logic.Code{}
	for _, err := range response.Errors {
		codes[strings.Join(err.Path, ".")] = err.Extensions.Code
	}
	if len(codes) != 2 || codes["refused"] != logic.CodeForbidden || codes["person"] != logic.CodeUnauthenticated {
		t.Errorf("errors are %v", codes)
	}
}

func TestPostsAreWhereTheAskingClientShowsThem(t *testing.T) {
	w := openSample(t)
	ctx := operator(t.Context())
	const query = `{ posts(first: 1) { nodes { slug url } } }`
	of := func(token string) string {
		t.Helper()
		return dataOf(t, w.postAs(t, token, query, nil))
	}
	if _, err := w.services.Client.CreateClient(ctx, client.CreateClientInput{
		Name: "app", Kind: client.KindMobile, PostURL: new("https://app.example.org/read/{slug}"), ScopeCeiling: logic.Anonymous.List(), RequestsPerMinute: 100,
	}); err != nil {
		t.Fatal(err)
	}
	_, key, err := w.services.Client.CreateAPIKey(ctx, client.CreateAPIKeyInput{
		Client: "app", Label: "app", Kind: client.KeyPublishable, Scopes: logic.Anonymous.List(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if data := of(key); !strings.Contains(data, `"url":"https://app.example.org/read/`) {
		t.Errorf("the app is told %s", data)
	}
	if data := of(""); strings.Contains(data, "app.example.org") || !strings.Contains(data, `"url":"http`) {
		t.Errorf("without a key: %s", data)
	}
	if _, err := w.services.Client.UpdateClient(ctx, "app", client.UpdateClientInput{PostURL: logic.TextChange{Given: true}}); err != nil {
		t.Fatal(err)
	}
	if data := of(key); data != of("") {
		t.Errorf("once it has none of its own, the app is told %s", data)
	}
}

func TestSessionsAndKeysAreReadTogether(t *testing.T) {
	w := openWorld(t)
	w.mustUser(t, "ada", logic.RoleAdmin)
	const sessions = `{ viewer { sessions { client { name apiKeys { label client { name } } } } } }`
	const clients = `{ clients { apiKeys { label client { name } } } }`
	header := w.mustSignIn(t, "ada")
	w.mustSignIn(t, "ada")
	few := map[string]int64{}
	for _, query := range []string{sessions, clients} {
		dataOf(t, w.send(t, header, query, nil))
		few[query] = w.send(t, header, query, nil).Statements
	}
	for range 7 {
		w.mustSignIn(t, "ada")
	}
	for _, query := range []string{sessions, clients} {
		dataOf(t, w.send(t, header, query, nil))
		got := w.send(t, header, query, nil)
		if n := strings.Count(string(got.Response), `"label":"test"`); n < 9 {
			t.Errorf("%s: only %d keys: %s", query, n, got.Response)
		}
		if got.Statements != few[query] {
			t.Errorf("%s: %d statements for two, %d for nine", query, few[query], got.Statements)
		}
	}
}

func TestIntrospectionThatIsSwitchedOff(t *testing.T) {
	w := openWorld(t)
	w.mustUser(t, "rita", logic.RoleReader)
	w.mustUser(t, "walter", logic.RoleAuthor)
	viewers := map[string]struct {
		header http.Header
		may    bool
	}{
		"nobody":    {nil, false},
		"a reader":  {http.Header{"Authorization": w.mustSignIn(t, "rita")["Authorization"]}, false},
		"an author": {http.Header{"Authorization": w.mustSignIn(t, "walter")["Authorization"]}, true},
		"a key":     {bearer(w.mustKey(t, logic.ScopePostsRead)), true},
	}
	for _, anonymous := range []bool{true, false} {
		w.serve(t, graph.NewExecutor(graph.New(w.services), guard.New(guard.DefaultLimits(), guard.DefaultWeights()), slog.New(slog.DiscardHandler), graph.Introspection{Anonymous: anonymous}))
		for name, viewer := range viewers {
			may := anonymous || viewer.may
			for _, query := range []string{
				`{ __schema { queryType { name } } }`,
				`{ __type(name: "Post") { name } }`,
				`{ site { title } ...F } fragment F on Query { ... on Query { a: __schema { description } } }`,
				`mutation { __schema { queryType { name } } }`,
			} {
				got := w.send(t, viewer.header, query, nil)
				err := firstError(t, got)
				if query[0] == 'm' { // no mutation asks the schema
					if err == nil {
						t.Errorf("%s: %s", name, got.Response)
					}
					continue
				}
				if refused := err != nil && err.Extensions["code"] == string(logic.CodeForbidden) && got.Status == http.StatusForbidden; refused == may || may && err != nil {
					t.Errorf("anonymous %v, %s, %s: answered %d, %s", anonymous, name, query, got.Status, got.Response)
				}
			}
			if data := dataOf(t, w.send(t, viewer.header, `{ __typename site { __typename } }`, nil)); data != `{"__typename":"Query","site":{"__typename":"Site"}}` {
				t.Errorf("%s: __typename answers %s", name, data)
			}
			for _, query := range []string{
				`{ postz { totalCount } }`,
				`{ posts(frist: 1) { totalCount } }`,
				`{ posts(filter: { tagz: [] }) { totalCount } }`,
				`{ posts(filter: { kind: [ARTICL] }) { totalCount } }`,
				`{ posts(filter: { kind: ["ARTICLE"] }) { totalCount } }`,
				`{ node(id: "a") { title } }`,
				`{ site { titel } }`,
				`{ site }`,
			} {
				got := w.send(t, viewer.header, query, nil)
				if hints := strings.Contains(string(got.Response), "Did you mean"); got.Status != http.StatusBadRequest || hints != may {
					t.Errorf("anonymous %v, %s, %s: answered %d, %s", anonymous, name, query, got.Status, got.Response)
				}
			}
		}
	}
}
