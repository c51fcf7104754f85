package httpd

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/graph"
	"headwater/graph/guard"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/server/sample"
	"headwater/store"
)

// noon is when these tests stand still.
var noon = logic.MomentOf(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC))

func clock() logic.Moment { return noon }

// world is a server over a database, and what it logged.
type world struct {
	server *Server
	url    string
	log    *lines
	store  *store.Store

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
}

func newWorld(t *testing.T, change func(*setup)) *world {
	t.Helper()
	setup := setup{limits: DefaultLimits()}
	setup.limits.Drain, setup.limits.Stop = 0, 100*time.Millisecond
	if change != nil {
		change(&setup)
	}
	opened, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() }) // some tests close it themselves
	services := graph.Services{
		Content: content.New(opened.Content(), clock, opened.Keys()),
		Account: account.New(opened.Account()),
		Metric:  metric.New(opened.Metric(), clock, opened.Keys(), metric.Options{}),
	}
	if setup.filled {
		if _, err := sample.Fill(t.Context(), services.Content, services.Metric, clock); err != nil {
			t.Fatal(err)
		}
	}
	log := &lines{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	var executor graphql.GraphExecutor = graph.NewExecutor(graph.New(services), guard.New(guard.DefaultLimits(), guard.DefaultWeights()), logger)
	if setup.wrap != nil {
		executor = setup.wrap(executor)
	}
	server, err := New(Options{
		Executor: executor,
		Ready:    func(ctx context.Context) error { _, err := services.Content.Site(ctx); return err },
		Clock:    clock, Logger: logger, Limits: setup.limits,
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{server: server, log: log, store: opened}
	listening := httptest.NewServer(server.Handler())
	t.Cleanup(listening.Close)
	w.url = listening.URL
	return w
}

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
