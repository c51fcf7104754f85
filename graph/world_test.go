package graph_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"headwater/deliver"
	"headwater/files"
	"headwater/graph"
	"headwater/graph/guard"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/client"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/logic/webhook"
	"headwater/server/httpd"
	"headwater/store"
	"headwater/transfer"
)

// now is when everything happens in these tests, where no clock is moved: a Friday noon behind all posts of the sample.
var now = logic.MomentOf(time.Date(2026, time.November, 27, 12, 0, 0, 0, time.UTC))

// world is a server over a database of its own.
type world struct {
	store    *store.Store
	services graph.Services
	executor graph.Executor
	handler  http.Handler
	log      *bytes.Buffer
	mail     *letters
	now      logic.Moment // what the clock shows
}

func (w *world) clock() logic.Moment { return w.now }

// letters keeps the mail that was sent.
type letters struct{ sent []account.Mail }

func (l *letters) Send(_ context.Context, mail account.Mail) { l.sent = append(l.sent, mail) }

// operator returns the context of the command line, which may do everything.
func operator(ctx context.Context) context.Context { return logic.WithViewer(ctx, logic.Operator()) }

// anyone returns the context of a request by nobody, through a client that may do everything.
func anyone(ctx context.Context) context.Context {
	return logic.WithViewer(ctx, logic.Viewer{Limit: logic.AllScopes})
}

// openWorld returns a server over an empty database, whose clock stands still until it is moved.
func openWorld(t testing.TB) *world {
	t.Helper()
	w := &world{log: &bytes.Buffer{}, mail: &letters{}, now: now}
	logger := slog.New(slog.NewTextHandler(w.log, nil))
	var err error
	if w.store, err = store.Open(t.Context(), store.Options{Dir: t.TempDir(), Clock: w.clock, Logger: logger}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	folder, err := files.OpenFolder(filepath.Join(t.TempDir(), "media"))
	if err != nil {
		t.Fatal(err)
	}
	w.services = graph.Services{
		Content: content.New(w.store.Content(), w.clock, w.store.Keys(), content.Options{Files: folder, MediaURL: "https://example.org/media/"}),
		Account: account.New(w.store.Account(), w.clock, w.store.Keys(), account.Options{
			SignUp: true, Mailer: w.mail, Links: account.Links{Confirm: "{token}", Reset: "{token}", Invite: "{token}"}, Logger: logger,
		}),
		Client:  client.New(w.store.Client(), w.clock, w.store.Keys(), client.Options{Logger: logger}),
		Metric:  metric.New(w.store.Metric(), w.clock, w.store.Keys(), metric.Options{}),
		Webhook: webhook.New(w.store.Webhook(), w.clock, w.store.Keys(), webhook.Options{Sender: deliver.New(nil)}),
	}
	w.serve(t, graph.NewExecutor(graph.New(w.services), guard.New(guard.DefaultLimits(), guard.DefaultWeights()), logger, graph.Introspection{Anonymous: true}))
	w.mustLetIn(t)
	return w
}

// mustLetIn lets in as many requests without a key as there can be, since the clock stands still while they are counted.
func (w *world) mustLetIn(t testing.TB) {
	t.Helper()
	change := client.UpdateClientInput{RequestsPerMinute: new(1_000_000)}
	if _, err := w.services.Client.UpdateClient(operator(t.Context()), client.PublicName, change); err != nil {
		t.Fatal(err)
	}
	w.warm(t, "")
}

// warm has the server read what it keeps of clients and keys, so that no later request pays for it.
func (w *world) warm(t testing.TB, token string) {
	t.Helper()
	if got := w.postAs(t, token, `{ __typename }`, nil); got.Status != http.StatusOK {
		t.Fatalf("answered %d, %s", got.Status, got.Response)
	}
}

// serve answers by executor from now on.
func (w *world) serve(t testing.TB, executor graph.Executor) {
	t.Helper()
	w.executor = executor
	server, err := httpd.New(httpd.Options{
		Executor: executor,
		Ready:    func(context.Context) error { return nil },
		Clock:    w.clock,
		Logger:   slog.New(slog.NewTextHandler(w.log, nil)),
		Limits:   httpd.DefaultLimits(),

		Accounts:  w.services.Account,
		Clients:   w.services.Client,
		Content:   w.services.Content,
		PublicURL: "https://example.org",
	})
	if err != nil {
		t.Fatal(err)
	}
	w.handler = server.Handler()
}

// mustImport puts a folder of posts into the world.
func (w *world) mustImport(t testing.TB, folder fs.FS, options transfer.PostOptions) transfer.PostReport {
	t.Helper()
	report, err := transfer.ImportPosts(operator(t.Context()), folder, w.services.Content, options, transfer.Watch{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// mustView puts a fixed story of fourteen days into the world: each day a few readers more view some of the posts.
func (w *world) mustView(t testing.TB, slugs []string) {
	t.Helper()
	agents := []string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
	}
	var hits []metric.Hit
	for day := range 14 {
		for reader := range 3 + day%5 {
			at := now.Add(-time.Duration(14-day)*24*time.Hour + time.Duration(reader*37)*time.Minute)
			for step := range 1 + reader%3 {
				slug := slugs[(day+reader+step)%len(slugs)]
				hits = append(hits, metric.Hit{
					At: at.Add(time.Duration(step*40) * time.Second), Reader: fmt.Sprintf("192.0.2.%d", reader), UserAgent: agents[reader%len(agents)],
					Path: "/" + slug, PostSlug: slug, Referrer: []string{"https://example.com/links", "-", "https://www.example.org/"}[reader%3],
				})
			}
		}
	}
	done, err := w.services.Metric.ImportHits(operator(t.Context()), 0, metric.ImportMark{Log: "story", Offset: 1}, hits)
	if err != nil || len(done.Faults) > 0 {
		t.Fatal(err, done.Faults)
	}
}

// answer is what the server said to a query, with what it cost.
type answer struct {
	Status     int             `json:"status"`
	Statements int64           `json:"statements"`
	Response   json.RawMessage `json:"response"`
}

// requestID is the ID of every request of these tests.
const requestID = "golden"

// post sends one operation as a frontend would that has no key, with nobody signed in.
func (w *world) post(t testing.TB, query string, variables map[string]any) answer {
	t.Helper()
	return w.postAs(t, "", query, variables)
}

// postAs sends one operation with a token: a key, a session's, or none.
func (w *world) postAs(t testing.TB, token, query string, variables map[string]any) answer {
	t.Helper()
	header := http.Header{}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	return w.send(t, header, query, variables)
}

// send sends one operation with headers beside those that every request has.
func (w *world) send(t testing.TB, header http.Header, query string, variables map[string]any) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
	maps.Copy(request.Header, header)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json")
	request.Header.Set("X-Request-Id", requestID)
	request.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0")
	recorder := httptest.NewRecorder()
	if _, err := w.store.Metric().MetricSite(t.Context()); err != nil { // is known from one question to the next
		t.Fatal(err)
	}
	before := w.store.Statements()
	w.handler.ServeHTTP(recorder, request)
	return answer{recorder.Code, w.store.Statements() - before, recorder.Body.Bytes()}
}

// mustKey returns a secret key with exactly the given scopes, of a client of its own.
func (w *world) mustKey(t testing.TB, scopes ...logic.Scope) string {
	t.Helper()
	ctx := operator(t.Context())
	name := strings.ToLower(rand.Text())
	if _, err := w.services.Client.CreateClient(ctx, client.CreateClientInput{
		Name: name, Kind: client.KindServer, ScopeCeiling: scopes, RequestsPerMinute: 100_000,
	}); err != nil {
		t.Fatal(err)
	}
	_, key, err := w.services.Client.CreateAPIKey(ctx, client.CreateAPIKeyInput{Client: name, Label: "test", Kind: client.KeySecret, Scopes: scopes})
	if err != nil {
		t.Fatal(err)
	}
	w.warm(t, key)
	return key
}

// password is everybody's in these tests.
const password = "correct horse battery"

// mustUser makes a user of a role, who has the password.
func (w *world) mustUser(t testing.TB, username string, role logic.Role) account.User {
	t.Helper()
	user, err := w.services.Account.CreateUser(operator(t.Context()), account.CreateUserInput{
		Username: username, Email: username + "@example.org", Role: role, Password: new(password),
	})
	if err != nil {
		t.Fatal(err)
	}
	return user
}

// mustSignIn signs a user in through a client of its own that may do everything, or what scopes name, and returns the headers of
// a request with its key and the session.
func (w *world) mustSignIn(t testing.TB, username string, scopes ...logic.Scope) http.Header {
	t.Helper()
	if len(scopes) == 0 {
		scopes = logic.AllScopes.List()
	}
	key := w.mustKey(t, scopes...)
	var response struct {
		Data struct{ SignIn struct{ Token string } }
	}
	got := w.postAs(t, key, `mutation ($input: SignInInput!) { signIn(input: $input) { token } }`,
		map[string]any{"input": map[string]any{"login": username, "password": password}})
	if err := json.Unmarshal(got.Response, &response); err != nil || response.Data.SignIn.Token == "" {
		t.Fatalf("%s could not sign in: %s", username, got.Response)
	}
	return http.Header{"X-Api-Key": {key}, "Authorization": {"Bearer " + response.Data.SignIn.Token}}
}

// openSample returns a server over the sample that everyone gets, with a fixed story of views.
func openSample(t testing.TB) *world {
	t.Helper()
	w := openWorld(t)
	w.mustImport(t, os.DirFS("../server/sample/posts"), transfer.PostOptions{})
	w.mustView(t, []string{"write-your-first-query", "paging-with-cursors", "reading-one-post", "authors-and-tags", "filters-and-orders"})
	return w
}
