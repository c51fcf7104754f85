package httpd

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// waitLimit is how long these tests wait for what must come before they give up: long enough for a busy machine.
const waitLimit = time.Minute

// waitFor looks again and again until a condition holds.
func waitFor(t *testing.T, holds func() bool) {
	t.Helper()
	deadline := time.After(waitLimit)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline:
			t.Fatal("it did not come to be")
		case <-tick.C:
		}
	}
}

// dial opens a connection and sends text on it as it stands.
func dial(t *testing.T, address, text string) (net.Conn, *bufio.Reader) {
	t.Helper()
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	if err := connection.SetDeadline(time.Now().Add(waitLimit)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(connection, text); err != nil {
		t.Fatal(err)
	}
	return connection, bufio.NewReader(connection)
}

// read reads one answer with its body.
func read(t *testing.T, from *bufio.Reader) answer {
	t.Helper()
	response, err := http.ReadResponse(from, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response, string(body)}
}

// isClosed tells whether the other side has closed the connection, with nothing more to read.
func isClosed(from *bufio.Reader) bool {
	_, err := from.ReadByte()
	timeout, ok := errors.AsType[net.Error](err)
	return err != nil && !(ok && timeout.Timeout())
}

const query = `{"query":"{__typename}"}`

// queryRequest is a request with that, as it goes over the wire.
var queryRequest = fmt.Sprintf("POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(query), query)

func TestChunkedBodiesCloseTheConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	address, _, _ := w.serve(t)
	chunk := fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(query), query)
	tests := map[string]string{
		"chunked":                    "Transfer-Encoding: chunked\r\n",
		"chunked and Content-Length": "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
		"the other way round":        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
	}
	for name, headers := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, from := dial(t, address, "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"+headers+"\r\n"+chunk+
				"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
			got := read(t, from)
			if got.StatusCode != http.StatusOK && got.StatusCode != http.StatusBadRequest {
				t.Errorf("status is %d", got.StatusCode)
			}
			if !got.Close {
				t.Errorf("the connection stays open: %v", got.Header)
			}
			if !isClosed(from) {
				t.Error("what stood behind was answered as a second request")
			}
		})
	}
}

func TestEndlessChunkedBodyIsCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	address, _, _ := w.serve(t)
	connection, from := dial(t, address, "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
	go func() {
		chunk := "10000\r\n" + strings.Repeat(" ", 0x10000) + "\r\n"
		for range 1000 {
			if _, err := io.WriteString(connection, chunk); err != nil {
				return
			}
		}
	}()
	if got := read(t, from); got.StatusCode != http.StatusRequestEntityTooLarge || !got.Close {
		t.Errorf("status is %d, headers %v", got.StatusCode, got.Header)
	}
}

func TestLargeBodyIsRefusedUnread(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	address, _, _ := w.serve(t)
	_, from := dial(t, address, "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 16000000\r\n\r\n")
	if got := read(t, from); got.StatusCode != http.StatusRequestEntityTooLarge || !got.Close {
		t.Errorf("status is %d, headers %v", got.StatusCode, got.Header)
	}
}

func TestManyHeadersAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	address, _, _ := w.serve(t)
	_, from := dial(t, address, "GET / HTTP/1.1\r\nHost: x\r\n"+strings.Repeat("X-Y: z\r\n", 5_000)+"\r\n")
	if got := read(t, from); got.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status is %d", got.StatusCode)
	}
}

// TestSlowRequestsAreCut has a short limit for one thing at a time, so that nothing else ends early on a busy machine.
func TestSlowRequestsAreCut(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text   string
		limit  func(*Limits)
		status int // of an answer that comes before the end; 0 where none does
	}{
		"nothing at all":           {"", func(l *Limits) { l.ReadHeader = 50 * time.Millisecond }, 0},
		"a header that never ends": {"GET / HTTP/1.1\r\nHost: x\r\nX-A", func(l *Limits) { l.ReadHeader = 50 * time.Millisecond }, 0},
		"an idle connection":       {"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", func(l *Limits) { l.Idle = 50 * time.Millisecond }, http.StatusOK},
		"a body that never ends": {"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
			func(l *Limits) { l.Read = 2 * time.Second }, http.StatusBadRequest},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(s *setup) { test.limit(&s.limits) })
			address, _, _ := w.serve(t)
			_, from := dial(t, address, test.text)
			if test.status != 0 {
				if got := read(t, from); got.StatusCode != test.status {
					t.Errorf("status is %d", got.StatusCode)
				}
			}
			if rest, err := io.ReadAll(from); err != nil && !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("the connection stays open: %v, %q", err, rest)
			}
		})
	}
}

// pipes is a listener that always has one more connection.
type pipes struct{}

func (pipes) Accept() (net.Conn, error) {
	connection, _ := net.Pipe()
	return connection, nil
}

func (pipes) Close() error { return nil }

func (pipes) Addr() net.Addr { return nil }

func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		listener := bounded(pipes{}, 2)
		var taken []net.Conn
		var last error
		go func() {
			for last == nil {
				var connection net.Conn
				if connection, last = listener.Accept(); last == nil {
					taken = append(taken, connection)
				}
			}
		}()
		synctest.Wait()
		if len(taken) != 2 {
			t.Fatalf("%d connections were taken, not 2", len(taken))
		}
		for range 2 { // a connection closed twice gives up one place
			if err := taken[0].Close(); err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		if len(taken) != 3 {
			t.Errorf("%d connections were taken once there was room for one", len(taken))
		}
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if !errors.Is(last, net.ErrClosed) {
			t.Errorf("a closed listener answers %v", last)
		}
	})
}

// TestDrain looks at a server that was told to stop and still takes requests, for as long as the test likes.
func TestDrain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.limits.Drain = time.Hour })
	address, stop, stopped := w.serve(t)
	_, before := dial(t, address, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
	if got := read(t, before); got.StatusCode != http.StatusOK || got.Close {
		t.Errorf("before: status %d, close %v", got.StatusCode, got.Close)
	}
	stop()
	waitFor(t, w.server.stopping.Load)
	for path, status := range map[string]int{"/readyz": http.StatusServiceUnavailable, "/healthz": http.StatusOK, "/graphql?query=%7B__typename%7D": http.StatusOK} {
		_, late := dial(t, address, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n")
		if got := read(t, late); got.StatusCode != status || !got.Close {
			t.Errorf("%s while it drains: status %d, close %v", path, got.StatusCode, got.Close)
		}
	}
	w.listener.Close()
	if err := <-stopped; !errors.Is(err, net.ErrClosed) {
		t.Errorf("stopped with %v", err)
	}
}

// TestStop stops a server with a request under way, which is answered, while no other is taken.
func TestStop(t *testing.T) {
	t.Parallel()
	holding := newHeld()
	w := newWorld(t, func(s *setup) {
		s.limits.Drain, s.limits.Stop, s.limits.Operation = 0, waitLimit, waitLimit
		s.wrap = holding.wrap
	})
	address, stop, stopped := w.serve(t)
	_, busy := dial(t, address, queryRequest)
	<-holding.arrived
	stop()
	waitFor(t, func() bool {
		connection, err := net.Dial("tcp", address)
		if err == nil {
			connection.Close()
		}
		return err != nil
	})
	close(holding.letGo)
	if got := read(t, busy); got.StatusCode != http.StatusOK || got.body != `{"data":{"__typename":"Query"}}` {
		t.Errorf("the request under way got %d: %s", got.StatusCode, got.body)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// TestStopClosesWhatIsIdle looks at idle connections, of a plain request and of another, while a stopping server waits for a request under way.
func TestStopClosesWhatIsIdle(t *testing.T) {
	t.Parallel()
	holding := newHeld()
	w := newWorld(t, func(s *setup) {
		s.limits.Drain, s.limits.Stop, s.limits.Operation = 0, waitLimit, waitLimit
		s.wrap = holding.wrap
	})
	address, stop, stopped := w.serve(t)
	idle := map[string]*bufio.Reader{}
	for _, method := range []string{"GET", "OPTIONS"} {
		_, idle[method] = dial(t, address, method+" /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
		read(t, idle[method])
	}
	_, busy := dial(t, address, queryRequest)
	<-holding.arrived
	stop()
	for method, from := range idle {
		if !isClosed(from) {
			t.Errorf("the idle connection of %s stays open", method)
		}
	}
	close(holding.letGo)
	read(t, busy)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestStopDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	holding := newHeld()
	w := newWorld(t, func(s *setup) {
		s.limits.Drain, s.limits.Stop, s.limits.Operation = 0, 30*time.Millisecond, time.Minute
		s.wrap = holding.wrap
	})
	address, stop, stopped := w.serve(t)
	dial(t, address, queryRequest)
	<-holding.arrived
	stop()
	if err := <-stopped; err == nil || !strings.Contains(err.Error(), "30ms") {
		t.Errorf("stopped with %v", err)
	}
	close(holding.letGo)
}

// TestStopFailsNoRequest stops a server that clients keep busy over connections that stay open: each request is answered, the
// last of a connection with the word that it was.
func TestStopFailsNoRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.limits.Drain, s.limits.Stop = 200*time.Millisecond, waitLimit })
	address, stop, stopped := w.serve(t)
	var answered atomic.Int64
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			client := &http.Client{Transport: transport}
			for {
				response, err := client.Post("http://"+address+"/graphql", "application/json", strings.NewReader(query))
				if err != nil {
					t.Error(err)
					return
				}
				_, err = io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if err != nil || response.StatusCode != http.StatusOK {
					t.Errorf("status %d, %v", response.StatusCode, err)
					return
				}
				answered.Add(1)
				if response.Close {
					return
				}
			}
		})
	}
	waitFor(t, func() bool { return answered.Load() > 100 })
	stop()
	group.Wait()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}
