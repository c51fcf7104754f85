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
	// sentAt is from how many bytes on a part of an answer is sent as it comes, where its whole length is known.
	sentAt = 32 << 10
	// maxKeptBuffer is the greatest buffer that waits for another answer.
	maxKeptBuffer = 256 << 10
	// lengthRoom is where a length is written that is known last: spaces in front of it mean nothing.
	lengthRoom = "           0"
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
	lengthAt int      // behind the room in out that it is to be written into where the header didn't
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
	a.status, a.length = status, -1
	a.out = append(a.out, "HTTP/1.1 "...)
	a.out = strconv.AppendInt(a.out, int64(status), 10)
	a.out = append(append(append(a.out, ' '), http.StatusText(status)...), "\r\n"...)
	if given := a.header["Content-Length"]; given != nil {
		if length, err := strconv.Atoi(given[0]); err == nil && length >= 0 && len(given) == 1 {
			a.length = length
		} else {
			delete(a.header, "Content-Length")
		}
	}
	a.writeFields()
	if a.length < 0 && a.takesBody() {
		a.out = append(a.out, "Content-Length:"+lengthRoom...)
		a.lengthAt = len(a.out)
		a.out = append(a.out, "\r\n"...)
	}
	a.out = append(a.out, "\r\n"...)
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
	if a.length < 0 || len(part) < sentAt {
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
	if a.length < 0 && a.takesBody() {
		digits := strconv.Itoa(a.written)
		copy(a.out[a.lengthAt-len(digits):], digits)
	}
	if a.err == nil && len(a.out) > 0 {
		_, a.err = a.conn.Write(a.out)
	}
	if cap(a.out) <= maxKeptBuffer {
		*a.buffer = a.out[:0]
		buffers.Put(a.buffer)
	}
	a.buffer, a.out = nil, nil
	isWhole := a.length < 0 || a.written == a.length || !a.takesBody()
	return isWhole && a.err == nil && !httpguts.HeaderValuesContainsToken(a.header["Connection"], "close")
}
