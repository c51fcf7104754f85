package wire

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// unwatched is how long a request is under way until anyone who asks whether its sender has left gets to know.
const unwatched = 10 * time.Millisecond

// leaving is the context of a request: it ends when the request is answered, or when its sender leaves before that. The connection is watched for
// that once anyone waits for it, or asks for it late; most requests are answered without.
type leaving struct {
	connection *connection
	began      time.Time

	isOver atomic.Bool
	mu     sync.Mutex // held while watching begins or ends
	watch  atomic.Pointer[watch]
}

// watch is the same context while the connection is watched.
type watch struct {
	context.Context
	end   context.CancelFunc
	ended chan struct{} // closed once nobody reads from the connection
	next  [1]byte       // of the request behind
	came  int           // how many bytes of it came
}

// watched returns the watch, begun where there is none.
func (l *leaving) watched() *watch {
	if begun := l.watch.Load(); begun != nil {
		return begun
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if begun := l.watch.Load(); begun != nil {
		return begun
	}
	w := &watch{ended: make(chan struct{})}
	w.Context, w.end = context.WithCancel(context.Background())
	if l.isOver.Load() {
		w.end()
	} else {
		l.connection.deadline = time.Time{}
		_ = l.connection.SetReadDeadline(time.Time{})
		go w.read(l.connection)
	}
	l.watch.Store(w)
	return w
}

// read waits for the next request to begin, or for its sender to leave.
func (w *watch) read(c *connection) {
	defer close(w.ended)
	var err error
	if w.came, err = c.Read(w.next[:]); err != nil && !isTimeout(err) {
		w.end()
	}
}

// end ends the context, and leaves the connection to be read from.
func (l *leaving) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.isOver.Store(true)
	w := l.watch.Load()
	if w == nil {
		return
	}
	w.end()
	_ = l.connection.SetReadDeadline(time.Unix(1, 0))
	<-w.ended
	l.connection.bytes = append(l.connection.bytes, w.next[:w.came]...)
}

// Deadline returns that there is none.
func (l *leaving) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done returns a channel that is closed at the end.
func (l *leaving) Done() <-chan struct{} { return l.watched().Done() }

// Err returns nil before the end.
func (l *leaving) Err() error {
	if l.watch.Load() == nil && !l.isOver.Load() && time.Since(l.began) < unwatched {
		return nil
	}
	return l.watched().Err()
}

// Value returns nothing of its own, and to package context the watch.
func (l *leaving) Value(key any) any {
	if begun := l.watch.Load(); begun != nil {
		return begun.Value(key)
	}
	return nil
}
