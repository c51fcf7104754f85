package wire

import (
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http/httpguts"
)

const (
	// sentAt is how many bytes of an answer are sent before the rest of it is there, where its whole length is known.
	sentAt = 32 << 10
	// maxKeptBuffer is the greatest buffer that waits for another answer.
	maxKeptBuffer = 256 << 10
	// lengthRoom is where a length is written that is known last. What it does not need of that is taken by what stands in front.
	lengthRoom = "            "
)

// answer is an http.ResponseWriter whose answer is sent with one write, once the handler has made it. Unlike that of net/http it says nothing of
// the type of a body behind a call of WriteHeader that names none.
type answer struct {
	conn     net.Conn
	header   http.Header
	names    []string // of header, in order, as they were in the last answer: mostly they are the same
	buffer   *[]byte  // of the pool, under out
	out      []byte   // what is not sent yet
	status   int      // 0 as long as none is said
	length   int      // of the body, as the header told; -1 where it didn't
	lengthAt int      // in out, where the room for it ends, where the header didn't
	written  int      // of the body
	err      error    // of the connection
}

var buffers = sync.Pool{New: func() any {
	buffer := make([]byte, 0, 8<<10)
	return &buffer
}}

// begin begins with nothing.
func (a *answer) begin() {
	clear(a.header)
	a.buffer = buffers.Get().(*[]byte)
	a.out, a.status, a.written = (*a.buffer)[:0], 0, 0
}

// Header returns the headers of the answer. They are looked at when WriteHeader is called, or else with the first Write.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader begins the answer. A status below 200 and a second call are passed over.
func (a *answer) WriteHeader(status int) {
	if a.status != 0 || status < http.StatusOK {
		return
	}
	a.status = status
	a.length = a.toldLength()
	if status == http.StatusNotModified {
		delete(a.header, "Content-Type")
	}
	a.out = append(a.out, "HTTP/1.1 "...)
	a.out = strconv.AppendInt(a.out, int64(status), 10)
	a.out = append(append(append(a.out, ' '), http.StatusText(status)...), "\r\n"...)
	a.writeFields()
	if a.length < 0 && a.takesBody() {
		a.out = append(a.out, "Content-Length: "+lengthRoom...)
		a.lengthAt = len(a.out)
		a.out = append(a.out, "\r\n"...)
	}
	a.out = append(a.out, "\r\n"...)
}

// toldLength returns how long the body is by the header, and -1 where that tells nothing that can be: it is dropped there then.
func (a *answer) toldLength() int {
	if given := a.header["Content-Length"]; len(given) == 1 && a.takesBody() {
		if length, err := strconv.ParseUint(given[0], 10, 63); err == nil {
			return int(length)
		}
	}
	delete(a.header, "Content-Length")
	return -1
}

func (a *answer) takesBody() bool {
	return a.status != http.StatusNoContent && a.status != http.StatusNotModified
}

// writeFields writes the headers in order.
func (a *answer) writeFields() {
	start := len(a.out)
	if !a.appendFields() {
		a.out, a.names = a.out[:start], slices.Sorted(maps.Keys(a.header))
		a.appendFields()
	}
	if a.header["Date"] == nil {
		a.out = appendDate(a.out)
	}
}

// appendFields writes the headers of names, and returns false where the header has others.
func (a *answer) appendFields() bool {
	for _, name := range a.names {
		values, isThere := a.header[name]
		if !isThere {
			return false
		}
		if !isToken(name) {
			continue
		}
		for _, value := range values {
			a.out = append(append(a.out, name...), ": "...)
			a.out = append(append(a.out, cleaned(value)...), "\r\n"...)
		}
	}
	return len(a.names) == len(a.header)
}

// cleaned returns a header's value without what would end its line.
func cleaned(value string) string {
	if isText(value) {
		return value
	}
	return lineEnds.Replace(value)
}

var lineEnds = strings.NewReplacer("\r", " ", "\n", " ")

// Write adds to the body.
func (a *answer) Write(part []byte) (int, error) {
	if a.status == 0 {
		if a.header["Content-Type"] == nil && a.header["Content-Encoding"] == nil {
			a.header.Set("Content-Type", http.DetectContentType(part))
		}
		a.WriteHeader(http.StatusOK)
	}
	switch {
	case a.err != nil:
		return 0, a.err
	case !a.takesBody():
		return 0, http.ErrBodyNotAllowed
	case a.length >= 0 && len(part) > a.length-a.written:
		return 0, http.ErrContentLength
	}
	a.written += len(part)
	if a.length < 0 || len(a.out)+len(part) < sentAt {
		a.out = append(a.out, part...)
	} else {
		a.send(part)
	}
	return len(part), a.err
}

// SetWriteDeadline says until when the answer may be sent, for http.ResponseController.
func (a *answer) SetWriteDeadline(end time.Time) error { return a.conn.SetWriteDeadline(end) }

// SetReadDeadline says until when the request may come: all of it is there.
func (a *answer) SetReadDeadline(time.Time) error { return nil }

// send sends what is not sent yet, and a part behind it.
func (a *answer) send(part []byte) {
	if a.err == nil {
		parts := net.Buffers{a.out, part}
		_, a.err = parts.WriteTo(a.conn)
	}
	a.out = a.out[:0]
}

// finish sends the rest. It returns false where the connection can't have another request.
func (a *answer) finish() bool {
	a.WriteHeader(http.StatusOK)
	rest := a.out
	if a.length < 0 && a.takesBody() {
		rest = a.withLength()
	}
	if a.err == nil && len(rest) > 0 {
		_, a.err = a.conn.Write(rest)
	}
	if cap(a.out) <= maxKeptBuffer {
		*a.buffer = a.out[:0]
		buffers.Put(a.buffer)
	}
	a.buffer, a.out = nil, nil
	isWhole := a.length < 0 || a.written == a.length
	return isWhole && a.err == nil && !httpguts.HeaderValuesContainsToken(a.header["Connection"], "close")
}

// withLength returns out with the length of the body in its place, and what stands in front of that moved up to it.
func (a *answer) withLength() []byte {
	digits := strconv.Itoa(a.written)
	spare := len(lengthRoom) - len(digits)
	copy(a.out[a.lengthAt-len(digits):], digits)
	copy(a.out[spare:], a.out[:a.lengthAt-len(lengthRoom)])
	return a.out[spare:]
}
