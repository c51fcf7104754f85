package wire

import (
	"errors"
	"net"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"
)

const (
	// room is for how many bytes of requests a connection has a buffer while it waits.
	room = 4 << 10
	// patience is how long the rest of a request that has begun may take to come. Whoever is slower is net/http's, whose limits are longer.
	patience = time.Second
	// slack is by which part of the time that it may be idle a connection may be closed early, so that the time is not set behind every request.
	slack = 16
)

// What a connection does.
const (
	busy    int32 = iota // with a request, or to begin with the first
	waiting              // for another
	stopped              // nothing any more
)

// connection is one whose requests were plain so far.
type connection struct {
	net.Conn
	listener *Listener
	address  string // of the other side
	state    atomic.Int32
	bytes    []byte    // what came and was not answered
	deadline time.Time // of reading; zero where that must be set
	answer   answer    // one at a time
}

// serve answers plain requests one behind the other. It returns true where what comes next is none, and the connection is to be handed on.
func (c *connection) serve() (handsOn bool) {
	defer c.recover()
	c.address, c.bytes = c.RemoteAddr().String(), make([]byte, 0, room)
	c.answer.conn, c.answer.header = c.Conn, http.Header{}
	for isThere := c.wait(c.listener.options.First); isThere; isThere = c.next() {
		h, isPlain := c.read()
		if !isPlain {
			return true
		}
		if !c.carryOut(&h) {
			return false
		}
		c.drop(h.end)
	}
	return false
}

// next tells whether another request begins: none does where nothing comes, or the connection was stopped.
func (c *connection) next() bool {
	return c.state.CompareAndSwap(busy, waiting) &&
		(len(c.bytes) > 0 || c.wait(c.listener.options.Idle)) &&
		c.state.CompareAndSwap(waiting, busy)
}

// recover logs a panic, and leaves the connection to be closed.
func (c *connection) recover() {
	if cause := recover(); cause != nil && cause != http.ErrAbortHandler {
		c.listener.options.Logger.Error("panic", "cause", cause, "stack", string(debug.Stack()))
	}
}

// wait waits for the first bytes of a request, and returns false where none come for so long.
func (c *connection) wait(silence time.Duration) bool {
	until := time.Now().Add(silence)
	if early := until.Sub(c.deadline); early < 0 || early > silence/slack {
		c.deadline = until
		_ = c.SetReadDeadline(until) // where it fails, so will reading
	}
	n, _ := c.Read(c.bytes[:cap(c.bytes)])
	c.bytes = c.bytes[:n]
	return n > 0
}

// read reads until a request is there as a whole, and returns false where it is not plain, or slow to come.
func (c *connection) read() (heading, bool) {
	h, what := readHeading(c.bytes, c.listener.options.Header)
	if what == partial {
		c.deadline = time.Time{}
		_ = c.SetReadDeadline(time.Now().Add(patience)) // where it fails, so will reading
	}
	for what == partial {
		if len(c.bytes) == cap(c.bytes) {
			c.bytes = append(make([]byte, 0, 2*cap(c.bytes)), c.bytes...)
		}
		n, err := c.Read(c.bytes[len(c.bytes):cap(c.bytes)])
		c.bytes = c.bytes[:len(c.bytes)+n]
		switch {
		case err != nil:
			return heading{}, false
		case h.end == 0:
			h, what = readHeading(c.bytes, c.listener.options.Header)
		case h.end <= len(c.bytes): // or else the body goes on, and its headers are read once
			what = whole
		}
	}
	return h, what == whole
}

// carryOut has a request answered, and returns false where the connection is to be closed.
func (c *connection) carryOut(h *heading) bool {
	ctx := &leaving{connection: c, began: time.Now()}
	r := h.request(ctx, c.bytes[h.body:h.end])
	r.RemoteAddr = c.address
	_ = c.SetWriteDeadline(ctx.began.Add(c.listener.options.Write)) // where it fails, so will writing
	c.answer.begin()
	c.handle(r, ctx)
	return c.answer.finish()
}

// handle has the handler answer a request, which is over with that, however it ends.
func (c *connection) handle(r *http.Request, ctx *leaving) {
	defer ctx.end()
	c.listener.options.Handler.ServeHTTP(&c.answer, r)
}

// drop forgets the first bytes, which were answered.
func (c *connection) drop(answered int) {
	left := c.bytes[answered:]
	if cap(c.bytes) > room && len(left) <= room {
		c.bytes = make([]byte, 0, room)
	}
	c.bytes = append(c.bytes[:0], left...)
}

// stop closes the connection, or has it closed behind the answer that it is busy with. One that is new keeps its time to begin, since its request may
// be on the way.
func (c *connection) stop() {
	if c.state.Swap(stopped) == waiting {
		_ = c.Close()
	}
}

// isTimeout tells whether a deadline was over.
func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}
