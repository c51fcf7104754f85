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
	"testing"
	"time"
)

// waitLimit is how long these tests wait for what must come before they give up.
const waitLimit = 10 * time.Second

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

func TestSlowRequestsAreCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) {
		s.limits.ReadHeader, s.limits.Read, s.limits.Idle = 50*time.Millisecond, 100*time.Millisecond, 50*time.Millisecond
	})
	address, _, _ := w.serve(t)
	tests := map[string]string{
		"nothing at all":           "",
		"a header that never ends": "GET / HTTP/1.1\r\nHost: x\r\nX-A",
		"an idle connection":       "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, from := dial(t, address, text)
			if strings.HasSuffix(text, "\r\n\r\n") {
				read(t, from)
			}
			if rest, err := io.ReadAll(from); err != nil {
				t.Errorf("the connection stays open: %v, %q", err, rest)
			}
		})
	}
	t.Run("a body that never ends", func(t *testing.T) {
		t.Parallel()
		_, from := dial(t, address, "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
		if got := read(t, from); got.StatusCode != http.StatusBadRequest || !got.Close {
			t.Errorf("status is %d, headers %v", got.StatusCode, got.Header)
		}
	})
}

func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.limits.Connections = 2 })
	address, _, _ := w.serve(t)
	const request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	first, from := dial(t, address, request)
	read(t, from)
	_, from = dial(t, address, request)
	read(t, from)
	waiting, from := dial(t, address, request)
	if err := waiting.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := from.Peek(1); err == nil {
		t.Error("a third connection was taken")
	}
	if err := waiting.SetReadDeadline(time.Now().Add(waitLimit)); err != nil {
		t.Fatal(err)
	}
	first.Close()
	if got := read(t, from); got.StatusCode != http.StatusOK {
		t.Errorf("status is %d once there is room", got.StatusCode)
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	holding := newHeld()
	w := newWorld(t, func(s *setup) {
		s.limits.Drain, s.limits.Stop, s.limits.Operation = 300*time.Millisecond, waitLimit, time.Minute
		s.wrap = holding.wrap
	})
	address, stop, stopped := w.serve(t)
	_, idle := dial(t, address, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
	if got := read(t, idle); got.StatusCode != http.StatusOK || got.Close {
		t.Errorf("before: status %d, close %v", got.StatusCode, got.Close)
	}
	_, busy := dial(t, address, fmt.Sprintf("POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(query), query))
	<-holding.arrived

	stop()
	waitFor(t, w.server.stopping.Load)
	_, late := dial(t, address, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
	if got := read(t, late); got.StatusCode != http.StatusServiceUnavailable || !got.Close {
		t.Errorf("while it drains: status %d, close %v", got.StatusCode, got.Close)
	}
	_, alive := dial(t, address, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
	if got := read(t, alive); got.StatusCode != http.StatusOK || !got.Close {
		t.Errorf("while it drains: health %d, close %v", got.StatusCode, got.Close)
	}
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
	select {
	case err := <-stopped:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(waitLimit):
		t.Fatal("it did not stop")
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
	dial(t, address, fmt.Sprintf("POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(query), query))
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
