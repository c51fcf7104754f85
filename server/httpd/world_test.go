package httpd

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/files"
	"headwater/graph"
	"headwater/graph/cache"
	"headwater/graph/gen"
	"headwater/graph/guard"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/client"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/logic/webhook"
	"headwater/server/sample"
	"headwater/store"
)

// noon is when these tests stand still.
var noon = logic.MomentOf(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC))

func clock() logic.Moment { return noon }

// world is a server over a database, and what it logged.
type world struct {
	server   *Server
	url      string
	log      *lines
	store    *store.Store
	folder   string
	services graph.Services

	listener net.Listener // of serve
}

// lines keeps what was logged, and may be read while it is written.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// setup is what a test may want otherwise.
type setup struct {
	limits Limits
	filled bool                                              // with the sample
	wrap   func(graphql.GraphExecutor) graphql.GraphExecutor // around the real executor

	resolve func(gen.ResolverRoot) gen.ResolverRoot // around the real resolvers

	clock            logic.Clock    // stands at noon where left out
	publicURL        string         // the listener's where left out
	proxies          []netip.Prefix // that are trusted
	addressPerMinute int
	freshness        time.Duration // of metrics; zero for the very moment
	debugCache       bool
}

func newWorld(t testing.TB, change func(*setup)) *world {
	t.Helper()
	setup := setup{limits: DefaultLimits(), clock: clock}
	setup.limits.Drain, setup.limits.Stop = 0, 100*time.Millisecond
	if change != nil {
		change(&setup)
	}
	listening := httptest.NewUnstartedServer(nil)
	if setup.publicURL == "" {
		setup.publicURL = "http://" + listening.Listener.Addr().String()
	}
	w := &world{log: &lines{}, folder: t.TempDir()}
	logger := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w.store, w.services = open(t, w.folder, 0, setup, logger)
	if setup.filled {
		if _, err := sample.Fill(operator(t), w.services.Content, w.services.Metric, clock); err != nil {
			t.Fatal(err)
		}
	}
	var resolver gen.ResolverRoot = graph.New(w.services)
	if setup.resolve != nil {
		resolver = setup.resolve(resolver)
	}
	var executor graphql.GraphExecutor = graph.NewExecutor(resolver, guard.New(guard.DefaultLimits(), guard.DefaultWeights()), logger,
		graph.Introspection{Anonymous: true})
	if setup.wrap != nil {
		executor = setup.wrap(executor)
	}
	answers := cache.New(cache.Options{Bytes: 8 << 20, Freshness: setup.freshness, Clock: setup.clock, Commits: w.store.Commits})
	w.store.Tell(answers)
	server, err := New(Options{
		Executor: executor,
		Answers:  answers, MetricsFreshness: setup.freshness, DebugCache: setup.debugCache,
		Ready: func(ctx context.Context) error { _, err := w.services.Content.Site(ctx); return err },
		Clock: setup.clock, Logger: logger, Limits: setup.limits,
		Accounts: w.services.Account, Clients: w.services.Client, Content: w.services.Content, UploadFolder: w.folder,
		PublicURL: setup.publicURL, TrustedProxies: setup.proxies,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.server = server
	listening.Config.Handler = server.Handler()
	plain := server.plain(listening.Listener)
	listening.Listener = plain
	listening.Start()
	t.Cleanup(func() {
		listening.Close()
		plain.CloseAll()
	})
	w.url = listening.URL
	return w
}

// open opens the database in a folder with all services over it, as a process does that has the number node.
func open(t testing.TB, folder string, node int, setup setup, logger *slog.Logger) (*store.Store, graph.Services) {
	t.Helper()
	opened, err := store.Open(t.Context(), store.Options{Dir: folder, Clock: setup.clock, Node: node})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() }) // some tests close it themselves
	kept, err := files.OpenFolder(filepath.Join(folder, "media"))
	if err != nil {
		t.Fatal(err)
	}
	return opened, graph.Services{
		Content: content.New(opened.Content(), setup.clock, opened.Keys(), content.Options{MediaURL: setup.publicURL + "/media/", Files: kept}),
		Account: account.New(opened.Account(), setup.clock, opened.Keys(), account.Options{Logger: logger}),
		Client:  client.New(opened.Client(), setup.clock, opened.Keys(), client.Options{AddressPerMinute: setup.addressPerMinute, Logger: logger}),
		Metric:  metric.New(opened.Metric(), setup.clock, opened.Keys(), metric.Options{}),
		Webhook: webhook.New(opened.Webhook(), setup.clock, opened.Keys(), webhook.Options{}),
	}
}

// operator returns the context of the command line.
func operator(t testing.TB) context.Context { return logic.WithViewer(t.Context(), logic.Operator()) }

// addClient makes a client that may do everything.
func (w *world) addClient(t *testing.T, name string, kind client.Kind, origins ...string) {
	t.Helper()
	_, err := w.services.Client.CreateClient(operator(t), client.CreateClientInput{
		Name: name, Kind: kind, AllowedOrigins: origins, ScopeCeiling: logic.AllScopes.List(), RequestsPerMinute: 6000,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// addKey makes a key of a client, with all scopes where none are named.
func (w *world) addKey(t *testing.T, clientName string, kind client.KeyKind, scopes ...logic.Scope) (client.APIKey, string) {
	t.Helper()
	if len(scopes) == 0 {
		scopes = logic.AllScopes.List()
	}
	key, token, err := w.services.Client.CreateAPIKey(operator(t), client.CreateAPIKeyInput{Client: clientName, Label: "test", Kind: kind, Scopes: scopes})
	if err != nil {
		t.Fatal(err)
	}
	return key, token
}

// addScript makes a client that runs on a server, and returns the header with a secret key of its, which may do everything.
func (w *world) addScript(t *testing.T) []string { return w.addScriptNamed(t, "script") }

func (w *world) addScriptNamed(t *testing.T, name string) []string {
	t.Helper()
	w.addClient(t, name, client.KindServer)
	_, token := w.addKey(t, name, client.KeySecret)
	return []string{"X-Api-Key", token}
}

// password is everyone's in these tests.
const password = "correct horse battery"

func (w *world) addPerson(t *testing.T, username string, role logic.Role) account.User {
	t.Helper()
	secret := password
	user, err := w.services.Account.CreateUser(operator(t), account.CreateUserInput{
		Username: username, Email: username + "@example.org", Role: role, Password: &secret,
	})
	if err != nil {
		t.Fatal(err)
	}
	return user
}

// signInBody returns the request that signs in whom addPerson made.
func signInBody(username string) string {
	return `{"query":"mutation{signIn(input:{login:\"` + username + `\",password:\"` + password + `\"}){token viewer{user{username}} userErrors{code}}}"}`
}

// signIn returns the token of a new session, which a phone app was given.
func (w *world) signIn(t *testing.T, username string, headers ...string) string {
	t.Helper()
	got := w.post(t, signInBody(username), headers...)
	token := tokens.FindString(got.body)
	if token == "" || got.Header.Get("Set-Cookie") != "" {
		t.Fatalf("status %d, headers %v: %s", got.StatusCode, got.Header, got.body)
	}
	return token
}

// tokens finds a session's token in an answer.
var tokens = regexp.MustCompile(`hw_session_[a-z2-7]+`)

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

// send sends a request with headers given as name, value, name, value.
func (w *world) send(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, w.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response, string(text)}
}

// post sends a JSON body to /graphql.
func (w *world) post(t *testing.T, body string, headers ...string) answer {
	t.Helper()
	return w.send(t, "POST", "/graphql", body, append([]string{"Content-Type", "application/json"}, headers...)...)
}

// held holds every operation until it is let go, or its time is over, and then has the real executor carry it out.
type held struct {
	graphql.GraphExecutor
	arrived chan struct{}
	letGo   chan struct{}
}

func newHeld() *held { return &held{arrived: make(chan struct{}, 100), letGo: make(chan struct{})} }

func (h *held) wrap(inner graphql.GraphExecutor) graphql.GraphExecutor {
	h.GraphExecutor = inner
	return h
}

func (h *held) CreateOperationContext(ctx context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	h.arrived <- struct{}{}
	select {
	case <-h.letGo:
	case <-ctx.Done():
	}
	return h.GraphExecutor.CreateOperationContext(ctx, params)
}

// serve runs the server on a real listener until stop is called; stopped receives what Serve returned.
func (w *world) serve(t *testing.T) (address string, stop context.CancelFunc, stopped <-chan error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.listener = listener
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	var group sync.WaitGroup
	group.Go(func() { ended <- w.server.Serve(ctx, listener) })
	t.Cleanup(func() {
		cancel()
		group.Wait()
	})
	return listener.Addr().String(), cancel, ended
}

// variesBy tells whether an answer says that it depends on a header of the request.
func variesBy(got answer, header string) bool {
	return strings.Contains(", "+strings.Join(got.Header.Values("Vary"), ", ")+", ", ", "+header+", ")
}
