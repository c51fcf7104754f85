package httpd

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/web"
)

var playgroundLinks = regexp.MustCompile(`href="(/playground\?query=[^"]*)"`)

func TestFrontPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.filled = true })
	script := w.addScript(t)
	got := w.send(t, "GET", "/", "", script...)
	if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "text/html; charset=utf-8" || got.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("status %d, headers %v", got.StatusCode, got.Header)
	}
	for _, want := range []string{"Headwater", "Reading the figures", "Jonas Weidner", "Metrics", "<svg", `role="img"`, "Views by day from 26 October to 24 November", "query NewestPosts", "Most viewed"} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if n := strings.Count(got.body, "<rect"); n != chartDays {
		t.Errorf("%d bars", n)
	}
	for _, never := range []string{"<script", " style=", "onclick", "ZgotmplZ", `src="http`, `href="http`, "url("} {
		if strings.Contains(got.body, never) {
			t.Errorf("the page has %q", never)
		}
	}
	links := playgroundLinks.FindAllStringSubmatch(got.body, -1)
	if len(links) < 8 {
		t.Errorf("only %d links into the playground", len(links))
	}
	for _, link := range links {
		address, err := url.Parse(html.UnescapeString(link[1]))
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(map[string]string{"query": address.Query().Get("query")})
		if err != nil {
			t.Fatal(err)
		}
		if answer := w.post(t, string(body), script...); strings.Contains(answer.body, `"errors"`) || strings.Contains(answer.body, `null}}`) {
			t.Errorf("a linked query answers %.300s", answer.body)
		}
	}
}

// TestFrontPageForThePublic shows what everyone may read, says why the rest is not there, and leaves no warning.
func TestFrontPageForThePublic(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.filled = true })
	got := w.send(t, "GET", "/", "")
	for _, want := range []string{"Reading the figures", " views", "shown to those who may read metrics", "query LastThirtyDays", "query NewestPosts"} {
		if got.StatusCode != http.StatusOK || !strings.Contains(got.body, want) {
			t.Errorf("status %d; the page has no %q", got.StatusCode, want)
		}
	}
	if strings.Contains(got.body, "<svg") || strings.Contains(got.body, "could not be read") {
		t.Errorf("the page is %s", got.body)
	}
	if log := w.log.String(); strings.Contains(log, "level=WARN") || strings.Contains(log, "level=ERROR") {
		t.Errorf("logged %s", log)
	}
}

func TestFrontPageOfAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	got := w.send(t, "GET", "/", "", w.addScript(t)...)
	for _, want := range []string{"headwater import posts DIR", "headwater import log FILE", "--sample", "No views in these days"} {
		if got.StatusCode != http.StatusOK || !strings.Contains(got.body, want) {
			t.Errorf("status %d; the page has no %q", got.StatusCode, want)
		}
	}
}

func TestFrontPageWithoutDatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.filled = true })
	w.post(t, query) // from now on the public client is known without the database
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	got := w.send(t, "GET", "/", "")
	if got.StatusCode != http.StatusOK || !strings.Contains(got.body, "could not be read just now") || strings.Contains(got.body, "sql") {
		t.Errorf("status %d: %s", got.StatusCode, got.body)
	}
}

// odd answers the front page's queries with data that no program of ours would write.
type odd struct {
	graphql.GraphExecutor
	data string
}

func (o odd) DispatchOperation(ctx context.Context, _ *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	return graphql.OneShot(&graphql.Response{Data: json.RawMessage(o.data)}), ctx
}

func (o odd) DispatchError(ctx context.Context, errs gqlerror.List) *graphql.Response {
	return o.GraphExecutor.DispatchError(ctx, errs)
}

// TestOddDataNeverBreaksThePage puts into the page what must be escaped, or is not there.
func TestOddDataNeverBreaksThePage(t *testing.T) {
	t.Parallel()
	evil := `<script>alert(1)</script>\"'\u0000`
	for name, data := range map[string]string{
		"markup":            `{"site":{"title":"` + evil + `","description":"` + evil + `","timeZone":"` + evil + `"},"posts":{"totalCount":1,"nodes":[{"title":"` + evil + `","slug":"` + evil + `","excerpt":"` + evil + `","authors":[{"name":"` + evil + `"}],"tags":[{"name":"` + evil + `"}]}]},"metrics":{"series":{"starts":["2026-01-01T00:00:00Z"],"views":[5]},"topPosts":[{"title":"` + evil + `","post":null}]}}`,
		"nulls":             `{"site":null,"posts":null,"metrics":null}`,
		"nothing":           `{}`,
		"null":              `null`,
		"no series":         `{"metrics":{"series":{"starts":[],"views":[]}}}`,
		"different lengths": `{"metrics":{"series":{"starts":["2026-01-01T00:00:00Z"],"views":[]}}}`,
		"huge numbers":      `{"posts":{"totalCount":9007199254740991,"nodes":[]},"metrics":{"totals":{"views":9007199254740991},"series":{"starts":["2026-01-01T00:00:00Z"],"views":[9007199254740991]}}}`,
		"numbers below 0":   `{"metrics":{"totals":{"views":-1},"series":{"starts":["2026-01-01T00:00:00Z"],"views":[-5]}}}`,
		"another shape":     `{"site":[],"posts":7,"metrics":"x"}`,
		"no JSON":           `{`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(s *setup) {
				s.wrap = func(inner graphql.GraphExecutor) graphql.GraphExecutor { return odd{inner, data} }
			})
			got := w.send(t, "GET", "/", "")
			if got.StatusCode != http.StatusOK || !strings.HasSuffix(strings.TrimSpace(got.body), "</html>") {
				t.Errorf("status %d: %s", got.StatusCode, got.body)
			}
			if strings.Contains(got.body, "<script") || strings.Contains(got.body, "NaN") || strings.Contains(got.body, "height=\"-") {
				t.Errorf("the page is %s", got.body)
			}
		})
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for _, path := range []string{"/", "/front.css", "/playground", "/account", "/graphql", "/healthz", "/readyz", "/nope", "/playground/nope", "/a/../b"} {
		got := w.send(t, "GET", path, "")
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got.Header.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, got.Header.Get(name))
			}
		}
		policy := got.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	tests := map[string]struct {
		method, path string
		status       int
		contains     string
	}{
		"alive":                     {"GET", "/healthz", 200, "alive"},
		"ready":                     {"GET", "/readyz", 200, "ready"},
		"nowhere":                   {"GET", "/nope", 404, "There is nothing here"},
		"nowhere in the playground": {"GET", "/playground/nope.js", 404, "There is nothing here"},
		"out of the playground":     {"GET", "/playground/..%2f..%2fgo.mod", 404, "There is nothing here"},
		"style":                     {"GET", "/front.css", 200, "prefers-color-scheme"},
		"playground":                {"GET", "/playground", 200, "<html"},
		"playground by folder":      {"GET", "/playground/", 200, "<html"},
		"playground with a query":   {"GET", "/playground?query=%7B__typename%7D", 200, "<html"},
		"account":                   {"GET", "/account", 200, "<html"},
		"account's script":          {"GET", "/account/account.js", 200, "resetPassword"},
		"nowhere in the account":    {"GET", "/account/index.js", 404, "There is nothing here"},
		"posting to a page":         {"POST", "/healthz", 405, "read by GET"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := w.send(t, test.method, test.path, "", "Accept-Encoding", "identity")
			if got.StatusCode != test.status || !strings.Contains(got.body, test.contains) {
				t.Errorf("status %d: %.200s", got.StatusCode, got.body)
			}
		})
	}
}

func TestNotReadyWithoutDatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	if got := w.send(t, "GET", "/readyz", ""); got.StatusCode != http.StatusServiceUnavailable || strings.Contains(got.body, "sql") {
		t.Errorf("status %d: %s", got.StatusCode, got.body)
	}
	if got := w.send(t, "GET", "/healthz", ""); got.StatusCode != http.StatusOK {
		t.Errorf("health is %d", got.StatusCode)
	}
}

func TestPlaygroundFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	asset, ok := web.Playground("index.html")
	if !ok {
		t.Fatal("there is no page")
	}
	plain, err := asset.Plain()
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		accept, encoding string
		body             []byte
	}{
		"brotli first":      {"gzip, deflate, br", "br", asset.Brotli},
		"gzip":              {"gzip", "gzip", asset.Gzip},
		"brotli ruled out":  {"br;q=0, gzip;q=0.5", "gzip", asset.Gzip},
		"nothing":           {"identity", "", plain},
		"all of it refused": {"br;q=0.0, gzip; q=0", "", plain},
	}
	tags := map[string]bool{}
	for name, test := range tests {
		got := w.send(t, "GET", "/playground", "", "Accept-Encoding", test.accept)
		if got.StatusCode != http.StatusOK || got.Header.Get("Content-Encoding") != test.encoding || !bytes.Equal([]byte(got.body), test.body) {
			t.Errorf("%s: status %d, headers %v, %d bytes", name, got.StatusCode, got.Header, len(got.body))
		}
		if got.Header.Get("Content-Security-Policy") != web.PlaygroundPolicy || got.Header.Get("Cache-Control") != "no-cache" || got.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: headers %v", name, got.Header)
		}
		tag := got.Header.Get("ETag")
		tags[tag] = true
		again := w.send(t, "GET", "/playground", "", "Accept-Encoding", test.accept, "If-None-Match", `"x", W/`+tag)
		if again.StatusCode != http.StatusNotModified || again.body != "" {
			t.Errorf("%s: status %d for what is known already", name, again.StatusCode)
		}
	}
	if len(tags) != 3 {
		t.Errorf("tags are %v", tags)
	}
	scripts := regexp.MustCompile(`src="/?(?:playground/|\./)?(assets/[^"]+\.js)"`).FindSubmatch(plain)
	if scripts == nil {
		t.Fatalf("no script in %s", plain)
	}
	script := w.send(t, "GET", "/playground/"+string(scripts[1]), "", "Accept-Encoding", "gzip")
	if script.StatusCode != http.StatusOK || !strings.Contains(script.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("status %d, headers %v", script.StatusCode, script.Header)
	}
	unpacked, err := gzip.NewReader(strings.NewReader(script.body))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, unpacked); err != nil {
		t.Error(err)
	}
}

// TestFilesWithoutBrotli takes the next best encoding where a file has none.
func TestFilesWithoutBrotli(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for accept, want := range map[string]string{"br, gzip": "gzip", "br": ""} {
		got := w.send(t, "GET", "/account/account.js", "", "Accept-Encoding", accept)
		if got.StatusCode != http.StatusOK || got.Header.Get("Content-Encoding") != want || got.body == "" || got.Header.Get("Content-Security-Policy") != web.AccountPolicy {
			t.Errorf("%s: status %d, headers %v", accept, got.StatusCode, got.Header)
		}
	}
}

func TestChart(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	drawn := drawChart([]time.Time{day, day.AddDate(0, 0, 1)}, []int64{50, 100}, time.UTC)
	if len(drawn.Bars) != 2 || drawn.Bars[1].Height != chartFloor-chartTop || drawn.Bars[0].Height != (chartFloor-chartTop)/2 {
		t.Errorf("bars are %+v", drawn.Bars)
	}
	if len(drawn.Lines) != 2 || drawn.Lines[0].Text != "100" {
		t.Errorf("lines are %+v", drawn.Lines)
	}
	if empty := drawChart([]time.Time{day, day.AddDate(0, 0, 1)}, []int64{0, 0}, time.UTC); len(empty.Lines) > 0 {
		t.Errorf("without a view the lines are %+v", empty.Lines)
	}
	for n, want := range map[int64]int64{0: 2, 1: 2, 2: 2, 3: 4, 5: 8, 9: 10, 11: 20, 401: 500, 9007199254740991: 10_000_000_000_000_000} {
		if got := niceAbove(n); got != want {
			t.Errorf("above %d stands %d, not %d", n, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1\u202f000", 1234567: "1\u202f234\u202f567"} {
		if got := groupDigits(n); got != want {
			t.Errorf("%d is written %q", n, got)
		}
	}
}

func TestPagesAreOnlyRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for _, path := range []string{"/", "/front.css", "/playground", "/playground/", "/account", "/account/account.js", "/healthz", "/readyz"} {
		for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH"} {
			got := w.send(t, method, path, "")
			if got.StatusCode != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: status %d, Allow %q", method, path, got.StatusCode, got.Header.Get("Allow"))
			}
		}
	}
	if got := w.send(t, "POST", "/nowhere", ""); got.StatusCode != http.StatusNotFound {
		t.Errorf("an address that leads nowhere: status %d", got.StatusCode)
	}
}

func TestStyleIsNotSentAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for _, encoding := range []string{"identity", "gzip"} {
		first := w.send(t, "GET", "/front.css", "", "Accept-Encoding", encoding)
		tag := first.Header.Get("ETag")
		if first.StatusCode != http.StatusOK || tag == "" || first.body == "" {
			t.Fatalf("status %d, ETag %q", first.StatusCode, tag)
		}
		again := w.send(t, "GET", "/front.css", "", "Accept-Encoding", encoding, "If-None-Match", tag)
		if again.StatusCode != http.StatusNotModified || again.body != "" {
			t.Errorf("status %d with %d bytes", again.StatusCode, len(again.body))
		}
		if other := w.send(t, "GET", "/front.css", "", "If-None-Match", `W/"other"`); other.StatusCode != http.StatusOK {
			t.Errorf("status %d for another tag", other.StatusCode)
		}
	}
}
