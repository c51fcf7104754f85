package wire

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// waitLimit is how long these tests wait for what must come before they give up: long enough for a busy machine.
const waitLimit = time.Minute

// side is a server on a free port.
type side struct {
	address  string
	listener *Listener
	server   *http.Server
	log      *bytes.Buffer // read it once all is over
	handed   atomic.Int64  // connections that net/http got
	took     chan struct{} // has one of each
}

// waitForHanded waits until net/http gets one more.
func (s *side) waitForHanded(t *testing.T) {
	t.Helper()
	select {
	case <-s.took:
	case <-time.After(waitLimit):
		t.Fatal("nothing was handed on")
	}
}

// serve serves a handler, by change with other options, until the test ends.
func serve(t *testing.T, handler http.Handler, change func(*Options)) *side {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &side{address: inner.Addr().String(), log: &bytes.Buffer{}, took: make(chan struct{}, 100)}
	options := Options{
		Handler: handler, Logger: slog.New(slog.NewTextHandler(s.log, nil)), Header: headerLimit, First: waitLimit, Idle: waitLimit, Write: waitLimit,
	}
	if change != nil {
		change(&options)
	}
	s.listener = Listen(inner, options)
	s.server = &http.Server{Handler: handler, ErrorLog: slog.NewLogLogger(options.Logger.Handler(), slog.LevelWarn), ConnState: func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.handed.Add(1)
			s.took <- struct{}{}
		}
	}}
	ended := make(chan error, 1)
	go func() { ended <- s.server.Serve(s.listener) }()
	t.Cleanup(func() {
		s.listener.Close()
		s.listener.CloseAll()
		s.server.Close()
		<-ended
	})
	return s
}

// dial opens a connection and sends text on it as it stands.
func dial(t *testing.T, address, text string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(waitLimit)); err != nil {
		t.Fatal(err)
	}
	send(t, conn, text)
	return conn, bufio.NewReader(conn)
}

func send(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}

// received is an answer as it came.
type received struct {
	status string
	header http.Header
	body   string
	closes bool // the connection behind it
}

// receive reads one answer.
func receive(t *testing.T, from *bufio.Reader) received {
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
	return received{response.Status, response.Header, string(body), response.Close}
}

func isClosed(from *bufio.Reader) bool {
	_, err := from.ReadByte()
	timeout, ok := errors.AsType[net.Error](err)
	return err != nil && !(ok && timeout.Timeout())
}

func get(path string) string { return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n" }

func post(body string) string {
	return fmt.Sprintf("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// answering answers in all ways that a handler may.
func answering() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprintf(w, "%s %s %s %d %s", r.Method, r.Host, r.URL, r.ContentLength, body)
	})
	mux.HandleFunc("/none", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/typeless", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") })
	mux.HandleFunc("/headers", func(w http.ResponseWriter, _ *http.Request) {
		header := w.Header()
		header["Content-Type"] = []string{"text/plain"}
		header["X-Many"] = []string{"one", "two"}
		header["X-Split"] = []string{"a\r\nX-Smuggled: b"}
		header["X Bad"] = []string{"c"}
		header["Content-Length"] = []string{"no number"}
		w.WriteHeader(http.StatusTeapot)
		header["X-Late"] = []string{"d"}
		w.WriteHeader(http.StatusOK)
		io.WriteString(w, "tea")
	})
	mux.HandleFunc("/early", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "late")
	})
	mux.HandleFunc("/unchanged", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Etag", `"a"`)
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Content-Length", "4")
		w.WriteHeader(http.StatusNotModified)
		if _, err := io.WriteString(w, "body"); !errors.Is(err, http.ErrBodyNotAllowed) {
			panic(fmt.Sprintf("a body where none may be: %v", err))
		}
	})
	mux.HandleFunc("/nothing", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "4")
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("/lengthless", func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Length"] = []string{}
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "body")
	})
	mux.HandleFunc("/closing", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "bye")
	})
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) { // its length is told
		part := bytes.Repeat([]byte("long"), sentAt)
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Content-Length", fmt.Sprint(2*len(part)+2))
		io.WriteString(w, "<")
		w.Write(part)
		w.Write(part)
		io.WriteString(w, ">")
		if _, err := io.WriteString(w, "!"); !errors.Is(err, http.ErrContentLength) {
			panic(fmt.Sprintf("more than was told: %v", err))
		}
	})
	mux.HandleFunc("/untold", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		for range 3 {
			w.Write(bytes.Repeat([]byte("untold"), sentAt))
		}
	})
	return mux
}

// TestAnswersAreThoseOfNetHTTP asks for everything twice, as a plain request and as one that net/http gets.
func TestAnswersAreThoseOfNetHTTP(t *testing.T) {
	t.Parallel()
	s := serve(t, answering(), nil)
	for _, request := range []string{
		get("/echo?a=%20b"), post(""), post("body"), post(strings.Repeat("x", maxBody)), get("/none"), get("/typeless"), get("/headers"), get("/early"),
		get("/unchanged"), get("/nothing"), get("/lengthless"), get("/closing"), get("/long"), get("/untold"), get("/missing"), get("//echo"),
	} {
		line, rest, _ := strings.Cut(request, "\r\n")
		t.Run(line, func(t *testing.T) {
			before := s.handed.Load()
			_, from := dial(t, s.address, request)
			got := receive(t, from)
			if s.handed.Load() != before {
				t.Error("a plain request was handed on")
			}
			_, from = dial(t, s.address, line+"\r\nConnection: keep-alive, x\r\n"+rest)
			if strings.HasPrefix(line, "GET /early") {
				if early := receive(t, from); early.status != "103 Early Hints" {
					t.Fatalf("net/http answers %v", early)
				}
			}
			wanted := receive(t, from)
			if s.handed.Load() != before+1 {
				t.Error("the other was not handed on")
			}
			for _, of := range []received{got, wanted} {
				if of.header.Get("Date") == "" {
					t.Errorf("no date: %v", of.header)
				}
				delete(of.header, "Date")
				if of.body != "" {
					delete(of.header, "Content-Length") // a long answer has none by net/http
				}
			}
			if diff := gocmp.Diff(wanted, got, gocmp.AllowUnexported(received{})); diff != "" {
				t.Errorf("the answer is not that of net/http (-):\n%.2000s", diff)
			}
		})
	}
}

// TestALengthStandsAsOthersWriteIt looks at the bytes of an answer whose length is known last.
func TestALengthStandsAsOthersWriteIt(t *testing.T) {
	t.Parallel()
	s := serve(t, answering(), nil)
	_, from := dial(t, s.address, get("/typeless"))
	var lines []string
	for len(lines) == 0 || lines[len(lines)-1] != "\r\n" {
		line, err := from.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(line, "Date: ") {
			lines = append(lines, line)
		}
	}
	wanted := []string{"HTTP/1.1 200 OK\r\n", "Content-Type: text/html; charset=utf-8\r\n", "Content-Length: 6\r\n", "\r\n"}
	if diff := gocmp.Diff(wanted, lines); diff != "" {
		t.Errorf("wanted (-):\n%s", diff)
	}
}

// TestALongAnswerIsSentAsItComes has a handler write an answer in small parts, and go on only once the first of them have arrived.
func TestALongAnswerIsSentAsItComes(t *testing.T) {
	t.Parallel()
	const length = 10 * sentAt
	arrived := make(chan struct{})
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(length))
		part := make([]byte, sentAt/8)
		for written := 0; written < length; written += len(part) {
			if written == length/2 {
				<-arrived
			}
			w.Write(part)
		}
	}), nil)
	_, from := dial(t, s.address, get("/"))
	if _, err := from.Peek(1); err != nil {
		t.Error(err)
	}
	close(arrived)
	if got := receive(t, from); len(got.body) != length {
		t.Errorf("%d bytes came", len(got.body))
	}
}

func TestRequestsAreAnsweredInOrder(t *testing.T) {
	t.Parallel()
	s := serve(t, answering(), nil)
	conn, from := dial(t, s.address, post("one")+post("two")+get("/none")+post("three")[:20])
	for _, wanted := range []string{"POST x /echo 3 one", "POST x /echo 3 two", ""} {
		if got := receive(t, from); got.body != wanted || got.closes {
			t.Errorf("%q is answered for %q", got.body, wanted)
		}
	}
	for _, c := range []byte(post("three")[20:]) {
		send(t, conn, string(c))
	}
	if got := receive(t, from); got.body != "POST x /echo 5 three" {
		t.Errorf("answered %q", got.body)
	}
	if s.handed.Load() != 0 {
		t.Error("net/http has it")
	}
	// What net/http gets it keeps, with all that came behind.
	send(t, conn, "GET /none HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, x\r\n\r\n"+post("four")+post("five"))
	for _, wanted := range []string{"", "POST x /echo 4 four", "POST x /echo 4 five"} {
		if got := receive(t, from); got.body != wanted || got.closes {
			t.Errorf("%q is answered for %q", got.body, wanted)
		}
	}
	if s.handed.Load() != 1 {
		t.Errorf("net/http got %d connections", s.handed.Load())
	}
}

func TestASlowRequestIsHandedOn(t *testing.T) {
	t.Parallel()
	s := serve(t, answering(), nil)
	request := post("slow")
	for _, came := range []int{1, len("POST /echo HTTP/1.1\r\nHost: x\r\n"), len(request) - 1} {
		conn, from := dial(t, s.address, request[:came])
		s.waitForHanded(t)
		send(t, conn, request[came:])
		if got := receive(t, from); got.body != "POST x /echo 4 slow" {
			t.Errorf("answered %q", got.body)
		}
	}
}

// dripping is a connection on which a text comes byte by byte.
type dripping struct {
	net.Conn
	text string
}

func (d *dripping) Read(into []byte) (int, error) {
	n := copy(into[:1], d.text)
	d.text = d.text[n:]
	return n, nil
}

func (d *dripping) SetReadDeadline(time.Time) error { return nil }

// TestADrippingRequestIsCheap holds that a request is read once, however many pieces it comes in.
func TestADrippingRequestIsCheap(t *testing.T) { // alone, since it counts what memory is taken
	const length = 10_000
	for what, text := range map[string]string{
		"a body":   strings.Replace(post(strings.Repeat("x", length)), "\r\n", "\r\n"+strings.Repeat("X:\r\n", 100), 1),
		"a target": get("/" + strings.Repeat("x", length)),
		"headers":  strings.Replace(get("/"), "\r\n", "\r\n"+strings.Repeat("X:\r\n", length/4), 1),
	} {
		c := &connection{Conn: &dripping{text: text}, listener: &Listener{options: Options{Header: 2 * length}}, bytes: make([]byte, 0, room)}
		if _, isPlain := c.read(); !isPlain {
			t.Fatalf("%s: not plain", what)
		}
		allocations := testing.AllocsPerRun(1, func() {
			c.bytes, c.Conn = c.bytes[:0], &dripping{text: text}
			c.read()
		})
		if allocations > 200 {
			t.Errorf("%s: memory was taken %.0f times", what, allocations)
		}
	}
}

func TestSilentConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	first := serve(t, answering(), func(o *Options) { o.First = 20 * time.Millisecond })
	if _, from := dial(t, first.address, ""); !isClosed(from) {
		t.Error("one that says nothing is not closed")
	}
	idle := serve(t, answering(), func(o *Options) { o.Idle = 20 * time.Millisecond })
	_, from := dial(t, idle.address, get("/none"))
	receive(t, from)
	if !isClosed(from) {
		t.Error("one that says nothing any more is not closed")
	}
	if n := first.handed.Load() + idle.handed.Load(); n != 0 {
		t.Errorf("%d were handed on", n)
	}
}

func TestAnAnswerThatNobodyReadsEnds(t *testing.T) {
	t.Parallel()
	failed := make(chan error, 1)
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(1<<40))
		part := make([]byte, 1<<20)
		for {
			if _, err := w.Write(part); err != nil {
				failed <- err
				return
			}
		}
	}), func(o *Options) { o.Write = 50 * time.Millisecond })
	dial(t, s.address, get("/"))
	if err := <-failed; !isTimeout(err) {
		t.Errorf("it ended with %v", err)
	}
}

func TestAPanicClosesItsConnection(t *testing.T) {
	t.Parallel()
	for cause, isLogged := range map[any]bool{"the cause": true, http.ErrAbortHandler: false} {
		log := &bytes.Buffer{}
		s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "half")
			panic(cause)
		}), func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(log, nil)) })
		_, from := dial(t, s.address, get("/"))
		if !isClosed(from) {
			t.Errorf("%v: something is answered", cause)
		}
		if err := s.listener.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if got := strings.Contains(log.String(), "the cause"); got != isLogged {
			t.Errorf("%v: logged is %v", cause, got)
		}
	}
}

// TestAPanicEndsTheRequest has another wait for the end of a request whose handler panics, when the one behind has begun to come.
func TestAPanicEndsTheRequest(t *testing.T) {
	t.Parallel()
	contexts := make(chan context.Context)
	s := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		r.Context().Done()
		contexts <- r.Context()
		<-r.Context().(*leaving).watch.Load().ended
		panic(http.ErrAbortHandler)
	}), nil)
	conn, _ := dial(t, s.address, get("/"))
	ctx := <-contexts
	send(t, conn, "G")
	select {
	case <-ctx.Done():
	case <-time.After(waitLimit):
		t.Error("it goes on")
	}
}

// TestALeavingSenderEndsTheRequest leaves while its request is carried out, by a handler that waits for that and by one that asks now and then.
func TestALeavingSenderEndsTheRequest(t *testing.T) {
	t.Parallel()
	for name, wait := range map[string]func(context.Context){
		"waits": func(ctx context.Context) { <-ctx.Done() },
		"asks": func(ctx context.Context) {
			for ctx.Err() == nil {
				runtime.Gosched()
			}
		},
		"waits below": func(ctx context.Context) {
			below, cancel := context.WithTimeout(ctx, waitLimit)
			defer cancel()
			<-below.Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			arrived, ended := make(chan struct{}), make(chan error)
			s := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				close(arrived)
				wait(r.Context())
				ended <- r.Context().Err()
			}), nil)
			conn, _ := dial(t, s.address, get("/"))
			<-arrived
			conn.Close()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("it ended with %v", err)
			}
		})
	}
}

// TestWatchingLosesNothing sends the next request while somebody waits for the sender to leave.
func TestWatchingLosesNothing(t *testing.T) {
	t.Parallel()
	watched, letGo := make(chan context.Context, 2), make(chan struct{})
	s := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		r.Context().Done()
		watched <- r.Context()
		<-letGo
		if err := r.Context().Err(); err != nil {
			panic(err)
		}
	}), nil)
	conn, from := dial(t, s.address, get("/"))
	first := <-watched
	send(t, conn, get("/"))
	letGo <- struct{}{}
	receive(t, from)
	second := <-watched
	if first.Err() == nil || second.Err() != nil {
		t.Errorf("the first request ended with %v, the second with %v", first.Err(), second.Err())
	}
	letGo <- struct{}{}
	receive(t, from)
	if first.Done() == second.Done() {
		t.Error("both requests end as one")
	}
	select {
	case <-second.Done():
	default:
		t.Error("a request that was answered goes on")
	}
}

// TestAContextThatIsAskedLateIsOver keeps a request's context beyond its answer.
func TestAContextThatIsAskedLateIsOver(t *testing.T) {
	t.Parallel()
	kept := make(chan context.Context, 1)
	s := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { kept <- r.Context() }), nil)
	_, from := dial(t, s.address, get("/"))
	receive(t, from)
	ctx := <-kept
	<-ctx.Done()
	if !errors.Is(ctx.Err(), context.Canceled) {
		t.Errorf("it ended with %v", ctx.Err())
	}
}

func TestShutdownWaitsForAnswers(t *testing.T) {
	t.Parallel()
	arrived, letGo := make(chan struct{}), make(chan struct{})
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/held" {
			close(arrived)
			<-letGo
		}
	}), nil)
	_, idle := dial(t, s.address, get("/"))
	receive(t, idle)
	fresh, answeredLate := dial(t, s.address, "")
	_, held := dial(t, s.address, get("/held"))
	<-arrived
	s.listener.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.listener.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("with a request under way, and no time: %v", err)
	}
	if !isClosed(idle) {
		t.Error("what waits for another request stays open")
	}
	send(t, fresh, get("/"))
	if got := receive(t, answeredLate); got.status != "200 OK" || !isClosed(answeredLate) {
		t.Errorf("the first request of a new connection got %v", got)
	}
	close(letGo)
	if got := receive(t, held); got.status != "200 OK" || !isClosed(held) {
		t.Errorf("the request under way got %v", got)
	}
	if err := s.listener.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestAHandlerSetsDeadlines has a handler give its answer more time than there is.
func TestAHandlerSetsDeadlines(t *testing.T) {
	t.Parallel()
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line := http.NewResponseController(w)
		if r.URL.Path == "/more" {
			if err := errors.Join(line.SetWriteDeadline(time.Now().Add(waitLimit)), line.SetReadDeadline(time.Now())); err != nil {
				panic(err)
			}
		}
	}), func(o *Options) { o.Write = -time.Second })
	if _, from := dial(t, s.address, get("/")); !isClosed(from) {
		t.Error("there was time")
	}
	_, from := dial(t, s.address, get("/more")+get("/more"))
	for range 2 {
		if got := receive(t, from); got.status != "200 OK" {
			t.Errorf("answered %v", got)
		}
	}
}
