package httpd

import (
	"io"
	"net/http"
	"time"
)

// What is read of a request that was refused, and thrown away: browsers, and most other clients, look for an answer once they have sent
// everything, and where the connection is closed before, all that they see is that it broke.
const (
	lingerMost  = 256 << 20        // bytes
	lingerTime  = 30 * time.Second // in all
	lingerPause = 5 * time.Second  // without a byte
)

// refuseForm answers a request with a file that is not wanted, and closes its connection once the client has had the time to see why.
func (s *Server) refuseForm(w http.ResponseWriter, r *http.Request, answer func()) {
	w.Header().Set("Connection", "close")
	line := http.NewResponseController(w)
	full := line.EnableFullDuplex() // or else the answer would wait for the body
	answer()
	if full != nil || line.Flush() != nil || r.Header.Get("Expect") != "" { // who asks before sending has not begun to
		return
	}
	body := newFormBody(w, r.Body, Limits{Upload: min(lingerTime, s.options.Limits.Upload), Write: s.options.Limits.Write, UploadPause: min(lingerPause, s.options.Limits.UploadPause)})
	body.allow(lingerMost)
	_, _ = io.Copy(io.Discard, body) // whatever comes, it has been answered
	body.finish()
}
