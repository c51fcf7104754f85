package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"headwater/graph"
	"headwater/graph/guard"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/server/httpd"
	"headwater/store"
	"headwater/transfer"
)

// now is when everything happens in these tests: a Friday noon behind all posts of the sample.
var now = logic.MomentOf(time.Date(2026, time.November, 27, 12, 0, 0, 0, time.UTC))

// world is a server over a database of its own.
type world struct {
	store    *store.Store
	services graph.Services
	executor graph.Executor
	handler  http.Handler
	log      *bytes.Buffer
}

// openWorld returns a server over an empty database, whose clock stands still.
func openWorld(t testing.TB) *world {
	t.Helper()
	clock := func() logic.Moment { return now }
	w := &world{log: &bytes.Buffer{}}
	logger := slog.New(slog.NewTextHandler(w.log, nil))
	var err error
	if w.store, err = store.Open(t.Context(), store.Options{Dir: t.TempDir(), Clock: clock, Logger: logger}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	w.services = graph.Services{
		Content: content.New(w.store.Content(), clock, w.store.Keys()),
		Account: account.New(w.store.Account()),
		Metric:  metric.New(w.store.Metric(), clock, w.store.Keys(), metric.Options{}),
	}
	w.serve(t, graph.NewExecutor(graph.New(w.services), guard.New(guard.DefaultLimits(), guard.DefaultWeights()), logger))
	return w
}

// serve answers by executor from now on.
func (w *world) serve(t testing.TB, executor graph.Executor) {
	t.Helper()
	w.executor = executor
	server, err := httpd.New(httpd.Options{
		Executor: executor,
		Ready:    func(context.Context) error { return nil },
		Clock:    func() logic.Moment { return now },
		Logger:   slog.New(slog.NewTextHandler(w.log, nil)),
		Limits:   httpd.DefaultLimits(),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.handler = server.Handler()
}

// mustImport puts a folder of posts into the world.
func (w *world) mustImport(t testing.TB, folder fs.FS, options transfer.PostOptions) transfer.PostReport {
	t.Helper()
	report, err := transfer.ImportPosts(t.Context(), folder, w.services.Content, options, transfer.Watch{})
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
	done, err := w.services.Metric.ImportHits(t.Context(), 0, metric.ImportMark{Log: "story", Offset: 1}, hits)
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

// post sends one operation as a frontend would.
func (w *world) post(t testing.TB, query string, variables map[string]any) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json")
	request.Header.Set("X-Request-Id", requestID)
	request.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0")
	recorder := httptest.NewRecorder()
	before := w.store.Statements()
	w.handler.ServeHTTP(recorder, request)
	return answer{recorder.Code, w.store.Statements() - before, recorder.Body.Bytes()}
}

// openSample returns a server over the sample that everyone gets, with a fixed story of views.
func openSample(t testing.TB) *world {
	t.Helper()
	w := openWorld(t)
	w.mustImport(t, os.DirFS("../server/sample/posts"), transfer.PostOptions{})
	w.mustView(t, []string{"write-your-first-query", "paging-with-cursors", "reading-one-post", "authors-and-tags", "filters-and-orders"})
	return w
}
