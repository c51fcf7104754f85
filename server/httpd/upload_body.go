package httpd

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

// formBody is the body of a request with a file as it may be read: no more of it than was allowed, and no slower.
type formBody struct {
	from   io.Reader
	line   *http.ResponseController
	limits Limits
	end    time.Time // by when all of it must have come
	left   int64     // bytes that may yet be read
	err    error     // why no more can be read
}

var errFormTooLarge = errors.New("more came than may")

// newFormBody allows as much as operations may take.
func newFormBody(w http.ResponseWriter, from io.Reader, limits Limits) *formBody {
	body := &formBody{from: from, line: http.NewResponseController(w), limits: limits, end: time.Now().Add(limits.Upload)}
	body.allow(int64(limits.Body))
	return body
}

// allow lets so many bytes be read from now on, with some room.
func (b *formBody) allow(bytes int64) { b.left = bytes + uploadRoom }

// Read reads what has come, and waits for it no longer than Limits.UploadPause, and than all of the body may take.
func (b *formBody) Read(p []byte) (n int, err error) {
	if b.err != nil {
		return 0, b.err
	}
	pause := time.Now().Add(b.limits.UploadPause)
	if pause.After(b.end) {
		pause = b.end
	}
	if err = b.line.SetReadDeadline(pause); err == nil {
		n, err = b.from.Read(p)
	}
	if b.left -= int64(n); b.left < 0 {
		err = errFormTooLarge
	}
	b.err = err
	return n, err
}

// finish leaves the connection as one whose request has come in just now, so that its answer has time.
func (b *formBody) finish() {
	_ = b.line.SetReadDeadline(time.Time{}) // where that can't be set, nothing was read either
	_ = b.line.SetWriteDeadline(time.Now().Add(b.limits.Write))
}

// refusal says why the body could not be read to its end.
func (b *formBody) refusal() *rejection {
	switch {
	case errors.Is(b.err, errFormTooLarge):
		return reject(http.StatusRequestEntityTooLarge, "The request is too large for what it holds beside the file.")
	case errors.Is(b.err, os.ErrDeadlineExceeded):
		return reject(http.StatusRequestTimeout, "The request took too long to arrive: it has %v, and may pause for %v.", b.limits.Upload, b.limits.UploadPause)
	}
	return reject(http.StatusBadRequest, "The body could not be read to its end.")
}

// newSpool returns a file in folder, the system's own for such where that is empty, that is gone once it is closed, also by a crash.
func newSpool(folder string) (*os.File, error) {
	file, err := os.CreateTemp(folder, "upload-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
