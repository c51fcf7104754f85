package httpd

import (
	"context"
	"net/http"
	"testing"
	"time"

	"headwater/graph/gen"
	"headwater/logic"
	"headwater/logic/metric"
)

// lingering resolves as what it holds does, metrics only once the operation's time is over.
type lingering struct{ gen.ResolverRoot }

func (l lingering) Query() gen.QueryResolver { return lingeringQuery{l.ResolverRoot.Query()} }

type lingeringQuery struct{ gen.QueryResolver }

func (l lingeringQuery) Metrics(ctx context.Context, days metric.Range, filter *metric.Filter) (*metric.Report, error) {
	<-ctx.Done()
	return l.QueryResolver.Metrics(ctx, days, filter)
}

// TestWhatWasCarriedOutIsAnswered asks for fields of which one fails: the others are answered, with 200, in both media types.
func TestWhatWasCarriedOutIsAnswered(t *testing.T) {
	t.Parallel()
	body := `{"query":"{__typename metrics(range:{from:\"2026-11-01\",to:\"2026-11-02\"}){id}}"}`
	for name, test := range map[string]struct {
		change func(*setup)
		code   logic.Code
	}{
		"a failure of ours": {nil, logic.CodeInternal},
		"a field that takes too long": {func(s *setup) {
			s.limits.Operation = 50 * time.Millisecond
			s.resolve = func(inner gen.ResolverRoot) gen.ResolverRoot { return lingering{inner} }
		}, logic.CodeTimeout},
	} {
		for _, media := range []string{mediaResponse, mediaJSON} {
			t.Run(name+", "+media, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, test.change)
				headers := append(w.addScript(t), "Accept", media)
				w.post(t, query, headers...) // from now on the key is known without the database
				if test.code == logic.CodeInternal {
					if err := w.store.Close(); err != nil {
						t.Fatal(err)
					}
				}
				got := w.post(t, body, headers...)
				if got.StatusCode != http.StatusOK || got.Header.Get("Retry-After") != "" {
					t.Errorf("status is %d, headers %v", got.StatusCode, got.Header)
				}
				checkAnswer(t, got, test.code, `{"__typename":"Query","metrics":null}`)
			})
		}
	}
}

// TestStatusOfWhatTookTooLong tells an operation that ran out of time from one that never got its turn.
func TestStatusOfWhatTookTooLong(t *testing.T) {
	t.Parallel()
	for media, status := range map[string]int{mediaResponse: http.StatusGatewayTimeout, mediaJSON: http.StatusOK} {
		holding := newHeld()
		w := newWorld(t, func(s *setup) {
			s.limits.Operation = 20 * time.Millisecond
			s.wrap = holding.wrap
		})
		got := w.post(t, `{"query":"{posts{totalCount}}"}`, "Accept", media)
		if got.StatusCode != status || got.Header.Get("Retry-After") != "" {
			t.Errorf("%s: it ran, and the status is %d, headers %v", media, got.StatusCode, got.Header)
		}
		checkAnswer(t, got, logic.CodeTimeout, "-")

		w = newWorld(t, func(s *setup) { s.limits.Running, s.limits.Operation = 1, 20*time.Millisecond })
		if err := w.server.reading.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		got = w.post(t, query, "Accept", media)
		if got.StatusCode != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" {
			t.Errorf("%s: it never ran, and the status is %d, headers %v", media, got.StatusCode, got.Header)
		}
		checkAnswer(t, got, logic.CodeTimeout, "-")
		w.server.reading.leave()
		if n := w.server.reading.waiting.Load(); n != 0 {
			t.Errorf("%d are still waiting", n)
		}
	}
}

func TestHeadIsGetWithoutItsBody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for _, path := range []string{get("query", "{__typename}"), get("query", "{nope}"), get("query", `mutation{recordEvents(input:{events:[]}){recorded}}`), "/graphql", "/", "/front.css", "/healthz", "/nowhere"} {
		whole, head := w.send(t, "GET", path, ""), w.send(t, "HEAD", path, "")
		if head.StatusCode != whole.StatusCode || head.body != "" || head.Header.Get("Content-Type") != whole.Header.Get("Content-Type") {
			t.Errorf("%s: GET answers %d, HEAD %d with %q", path, whole.StatusCode, head.StatusCode, head.body)
		}
	}
}
