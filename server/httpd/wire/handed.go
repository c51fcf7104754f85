package wire

import (
	"io"
	"net"
	"time"
)

// handed is a connection that is handed on, with what came already in front.
type handed struct {
	net.Conn
	rest []byte
}

// handOn returns the connection for net/http, without any deadline.
func (c *connection) handOn() net.Conn {
	_ = c.SetDeadline(time.Time{}) // where it fails, so will reading
	return &handed{c.Conn, c.bytes}
}

// Read reads what came already, and then what comes.
func (h *handed) Read(into []byte) (int, error) {
	if len(h.rest) == 0 {
		return h.Conn.Read(into)
	}
	n := copy(into, h.rest)
	if h.rest = h.rest[n:]; len(h.rest) == 0 {
		h.rest = nil
	}
	return n, nil
}

// ReadFrom sends what is read from another, which the system may do by itself.
func (h *handed) ReadFrom(from io.Reader) (int64, error) { return io.Copy(h.Conn, from) }

// CloseWrite ends what is sent, so that the last answer arrives.
func (h *handed) CloseWrite() error {
	if half, ok := h.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}
