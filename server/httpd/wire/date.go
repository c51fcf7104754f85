package wire

import (
	"net/http"
	"sync/atomic"
	"time"
)

// dated is the Date of one second, as a line of a header.
type dated struct {
	second int64
	line   []byte
}

var lastDate atomic.Pointer[dated]

// appendDate appends the Date of now, which is written once a second.
func appendDate(to []byte) []byte {
	now := time.Now()
	last := lastDate.Load()
	if last == nil || last.second != now.Unix() {
		last = &dated{now.Unix(), now.UTC().AppendFormat(nil, "Date: "+http.TimeFormat+"\r\n")}
		lastDate.Store(last)
	}
	return append(to, last.line...)
}
