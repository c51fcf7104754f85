package httpd

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// limited is a context that ends with the time that something may take. It has a timer once anyone waits for its end, which most requests are
// answered without.
type limited struct {
	context.Context // from before the limit
	at              time.Time
	cause           error // of the end, once the time is over

	isOver atomic.Bool // before that
	mu     sync.Mutex  // held while the timer is made or ended
	timer  atomic.Pointer[timer]
}

// timer is the same context with a timer.
type timer struct {
	context.Context
	end context.CancelFunc
}

// withTimeout returns a context that ends with the time that an operation may take.
func (s *Server) withTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	l := &limited{Context: ctx, at: time.Now().Add(s.options.Limits.Operation), cause: s.tookTooLong}
	return l, l.cancel
}

func (l *limited) cancel() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.isOver.Store(true)
	if made := l.timer.Load(); made != nil {
		made.end()
	}
}

// timed returns the timer, made where there is none.
func (l *limited) timed() *timer {
	if made := l.timer.Load(); made != nil {
		return made
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	made := l.timer.Load()
	if made == nil {
		made = &timer{}
		made.Context, made.end = context.WithDeadlineCause(l.Context, l.at, l.cause)
		if l.isOver.Load() {
			made.end()
		}
		l.timer.Store(made)
	}
	return made
}

// Deadline returns when the time is over.
func (l *limited) Deadline() (time.Time, bool) { return l.at, true }

// Done returns a channel that is closed at the end.
func (l *limited) Done() <-chan struct{} { return l.timed().Done() }

// Err returns nil before the end, and behind it why it came.
func (l *limited) Err() error {
	if l.timer.Load() == nil && !l.isOver.Load() && l.Context.Err() == nil && time.Now().Before(l.at) {
		return nil
	}
	return l.timed().Err()
}

// Value returns what the context holds, and to package context the timer, which has the cause.
func (l *limited) Value(key any) any {
	if made := l.timer.Load(); made != nil {
		return made.Value(key)
	}
	return l.Context.Value(key)
}
