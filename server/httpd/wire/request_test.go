package wire

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

const headerLimit = 1 << 10

// plain is a request as frontends send it.
const plain = "POST /graphql HTTP/1.1\r\nHost: api.example.org:8080\r\nUser-Agent: node\r\naccept: application/json\r\nContent-Type: application/json\r\n" +
	"Cookie: a=1; b=2\r\nContent-Length: 2\r\nX-Own: \t one \r\nX-Own: two\r\nConnection: keep-alive\r\n\r\n{}"

// TestPlainRequestsAreSeenAsNetHTTPSeesThem holds that what is taken as plain is to us what it is to net/http, to the byte where it ends, and that
// what net/http refuses is never taken.
func TestPlainRequestsAreSeenAsNetHTTPSeesThem(t *testing.T) {
	t.Parallel()
	for _, test := range plainRequests {
		t.Run("", func(t *testing.T) {
			h, what := readHeading([]byte(test), headerLimit)
			if what != whole {
				t.Fatalf("%q is not plain", test)
			}
			checkAsNetHTTP(t, []byte(test), h)
		})
	}
}

var plainRequests = []string{
	plain,
	plain + "GET / HTTP/1.1\r\n",
	"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
	"GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nHost: [::1]:80\r\nCache-Control: no-cache\r\nPragma: no-cache\r\n\r\n",
	"GET //a/../b?c?d HTTP/1.1\r\nHost:x\r\n\r\n",
	"POST /graphql HTTP/1.1\r\nHost: x\r\n\r\n",
	"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
	"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 00001\r\nX-Latin: \xe4\r\nempty:\r\n\r\nx",
}

// checkAsNetHTTP compares a plain request with what net/http reads.
func checkAsNetHTTP(t *testing.T, from []byte, h heading) {
	t.Helper()
	in := bytes.NewReader(from)
	reader := bufio.NewReader(in)
	wanted, err := http.ReadRequest(reader)
	if err != nil {
		t.Fatalf("net/http refuses %q: %v", from, err)
	}
	body, err := io.ReadAll(wanted.Body)
	if err != nil {
		t.Fatalf("net/http can't read the body of %q: %v", from, err)
	}
	if end := len(from) - in.Len() - reader.Buffered(); end != h.end {
		t.Errorf("%q ends at %d, for net/http at %d", from, h.end, end)
	}
	r := h.request(t.Context(), from[h.body:h.end])
	got, err := io.ReadAll(r.Body)
	if err != nil || !bytes.Equal(got, body) {
		t.Errorf("the body of %q is %q, %v, for net/http %q", from, got, err, body)
	}
	for _, r := range []*http.Request{r, wanted} {
		r.Body = nil
	}
	if diff := gocmp.Diff(seen(wanted), seen(r)); diff != "" {
		t.Errorf("%q is another request than for net/http (-):\n%s", from, diff)
	}
}

// seen is all of a request that a handler looks at.
func seen(r *http.Request) map[string]any {
	return map[string]any{
		"method": r.Method, "url": *r.URL, "proto": r.Proto, "major": r.ProtoMajor, "minor": r.ProtoMinor, "header": r.Header, "host": r.Host,
		"target": r.RequestURI, "length": r.ContentLength, "close": r.Close, "encoding": r.TransferEncoding, "trailer": r.Trailer,
	}
}

func TestWhatIsNotPlainIsLeftToNetHTTP(t *testing.T) {
	t.Parallel()
	with := func(lines string) string { return "POST /graphql HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n\r\n" }
	for name, test := range map[string]string{
		"HTTP/1.0":                       "GET / HTTP/1.0\r\nHost: x\r\n\r\n",
		"HTTP/2":                         "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"TLS":                            "\x16\x03\x01\x00\xa5\x01\x00\r\n\r\n",
		"another method":                 "PUT / HTTP/1.1\r\nHost: x\r\n\r\n",
		"no method":                      " / HTTP/1.1\r\nHost: x\r\n\r\n",
		"a whole address":                "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"a space in the target":          "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
		"a bad escape":                   "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
		"letters beyond ASCII":           "GET /\xe4 HTTP/1.1\r\nHost: x\r\n\r\n",
		"an empty line in front":         "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"line feeds alone":               "GET / HTTP/1.1\nHost: x\n\n\r\n\r\n",
		"a line feed in a value":         with("X-Own: a\nX-Other: b"),
		"a carriage return":              with("X-Own: a\rb"),
		"a zero byte":                    with("X-Own: a\x00b"),
		"a folded line":                  with("X-Own: a\r\n b"),
		"a line without a colon":         with("X-Own"),
		"a space before the colon":       with("Content-Length : 1"),
		"an empty name":                  with(": a"),
		"no host":                        "GET / HTTP/1.1\r\n\r\n",
		"an empty host":                  "GET / HTTP/1.1\r\nHost:\r\n\r\n",
		"two hosts":                      with("Host: x"),
		"a host with a slash":            "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n",
		"chunks":                         with("Transfer-Encoding: chunked"),
		"chunks and a length":            with("Content-Length: 2\r\nTransfer-Encoding: chunked"),
		"lengths":                        with("Content-Length: 1\r\nContent-Length: 1"),
		"a list of lengths":              with("Content-Length: 1, 1"),
		"a signed length":                with("Content-Length: +1"),
		"an empty length":                with("Content-Length:"),
		"a long length":                  with("Content-Length: 000001"),
		"a great length":                 with("Content-Length: 65537"),
		"a GET with a body":              "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx",
		"an end of the connection":       with("Connection: close"),
		"headers of one hop":             with("Connection: keep-alive, X-Own"),
		"an upgrade":                     with("Connection: Upgrade\r\nUpgrade: websocket"),
		"an expectation":                 with("Expect: 100-continue"),
		"a trailer":                      with("Trailer: X-Own"),
		"the old header for caching":     with("Pragma: no-cache"),
		"too many headers":               with(strings.Repeat("X-Own: something\r\n", headerLimit/17) + "X-Own: x"),
		"TLS that has begun":             "\x16\x03\x01\x00",
		"another method that has begun":  "HEAD /",
		"a whole address that has begun": "GET h",
		"a first line without end":       "GET /" + strings.Repeat("a", headerLimit),
		"a first line that is other":     "GET / HTTP/1.0\r\nHost",
		"a first line by line feed":      "GET / HTTP/1.1\nHost",
	} {
		if _, what := readHeading([]byte(test), headerLimit); what != other {
			t.Errorf("%s: verdict %d", name, what)
		}
	}
}

func TestARequestIsPartialUntilItIsWhole(t *testing.T) {
	t.Parallel()
	for n := range len(plain) {
		if _, what := readHeading([]byte(plain[:n]), headerLimit); what != partial {
			t.Fatalf("%q: verdict %d", plain[:n], what)
		}
	}
}

// FuzzPlain looks for bytes that are a plain request to us and anything else to net/http.
func FuzzPlain(f *testing.F) {
	for _, test := range plainRequests {
		f.Add([]byte(test))
	}
	f.Fuzz(func(t *testing.T, from []byte) {
		if h, what := readHeading(from, headerLimit); what == whole {
			checkAsNetHTTP(t, from, h)
		}
	})
}
