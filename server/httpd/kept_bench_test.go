package httpd

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"headwater/logic/client"
)

// nowhere takes an answer.
type nowhere struct {
	header http.Header
	status int
}

func (n *nowhere) Header() http.Header            { return n.header }
func (n *nowhere) Write(body []byte) (int, error) { return len(body), nil }
func (n *nowhere) WriteHeader(status int)         { n.status = status }

// BenchmarkAnswers compares an answer that is kept with one that is made, with the least that can be asked for, and with one that is stored:
// all that the server does, without a connection.
func BenchmarkAnswers(b *testing.B) {
	w := newWorld(b, func(s *setup) { s.filled = true })
	if _, err := w.services.Client.UpdateClient(operator(b), client.PublicName, client.UpdateClientInput{RequestsPerMinute: new(1_000_000)}); err != nil {
		b.Fatal(err)
	}
	fresh := w.server.options
	fresh.Answers = nil
	without, err := New(fresh)
	if err != nil {
		b.Fatal(err)
	}
	const body = `{"query":"query Newest { posts(first: 20) { nodes { title slug excerpt publishedAt author { name } tags { name slug } } pageInfo { endCursor } } }"}`
	stored := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	if w.server.Handler().ServeHTTP(stored, request); stored.Code != http.StatusOK {
		b.Fatal(stored.Body)
	}
	for name, asked := range map[string]struct {
		handler http.Handler
		body    string
	}{
		"kept": {w.server.Handler(), body}, "made": {without.Handler(), body}, "least": {without.Handler(), `{"query":"{ __typename }"}`},
		"stored": {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{mediaResponse}
			_, _ = w.Write(stored.Body.Bytes())
		}), body},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(asked.body))
				request.Header.Set("Content-Type", "application/json")
				answer := nowhere{header: http.Header{}, status: http.StatusOK}
				if asked.handler.ServeHTTP(&answer, request); answer.status != http.StatusOK {
					b.Fatal(answer.status)
				}
			}
		})
	}
}
