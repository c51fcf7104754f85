package wire

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options is what a listener needs.
type Options struct {
	// Handler answers plain requests. It takes no part of one with it once it has returned.
	Handler http.Handler
	// Logger is told of panics.
	Logger *slog.Logger
	// Header is how many bytes the headers of a plain request take at most.
	Header int
	// First is how long a connection may send nothing at first, Idle how long behind a request, and Write how long a request may take with its
	// answer until all of it is sent.
	First, Idle, Write time.Duration
}

// Listener takes the connections of another listener, answers plain requests, and hands the connections of others on to whoever calls Accept,
// which is net/http.
type Listener struct {
	net.Listener
	options Options
	handed  chan taken
	closed  chan struct{}
	close   func() error

	mu         sync.Mutex
	open       map[*connection]struct{}
	isStopping bool
	served     sync.WaitGroup // what serves them
}

// taken is what Accept returns.
type taken struct {
	conn net.Conn
	err  error
}

// Listen begins to take connections of a listener.
func Listen(listener net.Listener, options Options) *Listener {
	l := &Listener{
		Listener: listener, options: options, handed: make(chan taken), closed: make(chan struct{}), open: map[*connection]struct{}{},
	}
	l.close = sync.OnceValue(func() error {
		close(l.closed)
		return listener.Close()
	})
	go l.takeAll()
	return l
}

// takeAll takes connections until that can't be done any more. Whoever calls Accept is told what went wrong, and says by calling again that
// another try is due.
func (l *Listener) takeAll() {
	for {
		conn, err := l.Listener.Accept()
		if err == nil {
			l.begin(conn)
		} else if !l.hand(taken{err: err}) {
			return
		}
	}
}

// hand returns something from Accept, and false where the listener was closed.
func (l *Listener) hand(what taken) bool {
	select {
	case l.handed <- what:
		return true
	case <-l.closed:
		return false
	}
}

// Accept returns the next connection with a request that is not plain.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case taken := <-l.handed:
		return taken.conn, taken.err
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the taking of connections. Those that are open stay so. It may be called again.
func (l *Listener) Close() error { return l.close() }

// begin serves a connection.
func (l *Listener) begin(conn net.Conn) {
	c := &connection{Conn: conn, listener: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isStopping {
		_ = conn.Close()
		return
	}
	l.open[c] = struct{}{}
	l.served.Go(func() {
		handsOn := c.serve()
		l.mu.Lock()
		delete(l.open, c)
		l.mu.Unlock()
		if !handsOn || !l.hand(taken{conn: c.handOn()}) {
			_ = conn.Close()
		}
	})
}

// Shutdown closes the connections that wait for another request, and each other one behind its answer, or once it has had its time to begin. It
// returns when all are closed, or with the error of ctx where that ends before. The listener must be closed.
func (l *Listener) Shutdown(ctx context.Context) error {
	l.mu.Lock()
	l.isStopping = true
	for c := range l.open {
		c.stop()
	}
	l.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		l.served.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// CloseAll closes all connections, whatever goes on.
func (l *Listener) CloseAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		_ = c.Close()
	}
}
