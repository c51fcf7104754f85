package wire

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
)

const (
	// maxBody is the greatest body in bytes that a plain request has.
	maxBody = 64 << 10
	// maxLengthDigits is how many digits such a length has at most.
	maxLengthDigits = 5
)

// verdict is what the beginning of a connection's bytes is.
type verdict int

const (
	other   verdict = iota // no plain request, for net/http to judge
	partial                // a plain request so far, of which more must come
	whole                  // a plain request
)

// heading is a request as far as its headers tell, and how many bytes it takes with its body.
type heading struct {
	method, target, host string
	url                  *url.URL
	header               http.Header
	body                 int // where the body begins
	end                  int // and where it ends
}

// readHeading reads a request off the beginning of bytes. The headers take limit bytes at most.
func readHeading(from []byte, limit int) (heading, verdict) {
	end := bytes.Index(from, []byte("\r\n\r\n"))
	if end < 0 {
		return heading{}, beginningOf(from, limit)
	}
	if end > limit {
		return heading{}, other
	}
	text := string(from[:end+2])
	line, lines, _ := strings.Cut(text, "\r\n")
	h := heading{body: end + 4}
	if !h.readLine(line) || !h.readHeader(lines) {
		return heading{}, other
	}
	length, ok := h.length()
	if !ok {
		return heading{}, other
	}
	h.end = h.body + length
	if h.end > len(from) {
		return h, partial
	}
	return h, whole
}

// beginningOf judges what does not yet have the end of its headers. It may be asked again with each byte, so that it only looks at how the first
// line begins and ends.
func beginningOf(from []byte, limit int) verdict {
	line, _, isThere := bytes.Cut(from, []byte("\r\n"))
	switch {
	case len(from) > limit, !agree(from, "GET /") && !agree(from, "POST /"):
		return other
	case isThere && !bytes.HasSuffix(line, []byte(version)), !isThere && bytes.IndexByte(line, '\n') >= 0:
		return other
	}
	return partial
}

// agree tells whether two texts are the same as far as both of them go.
func agree(one []byte, other string) bool {
	n := min(len(one), len(other))
	return string(one[:n]) == other[:n]
}

// version ends the first line.
const version = " HTTP/1.1"

// readLine reads the first line, and returns false where it is not plain.
func (h *heading) readLine(line string) bool {
	rest, ok := strings.CutSuffix(line, version)
	if !ok {
		return false
	}
	h.method, h.target, _ = strings.Cut(rest, " ")
	if h.method != http.MethodPost && h.method != http.MethodGet || !strings.HasPrefix(h.target, "/") {
		return false
	}
	for _, c := range []byte(h.target) {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	var err error
	h.url, err = url.ParseRequestURI(h.target)
	return err == nil
}

// readHeader reads the lines behind, and returns false where they are not plain.
func (h *heading) readHeader(lines string) bool {
	count := strings.Count(lines, "\n")
	h.header = make(http.Header, count)
	values := make([]string, 0, count)
	hosts := 0
	for lines != "" {
		line, rest, _ := strings.Cut(lines, "\r\n")
		lines = rest
		name, value, ok := strings.Cut(line, ":")
		if !ok || !isToken(name) || !isText(value) {
			return false
		}
		value = trimmed(value)
		switch name = canonical(name); name {
		case "Host":
			h.host = value
			hosts++
			continue
		case "Connection":
			if !strings.EqualFold(value, "keep-alive") {
				return false
			}
		case "Expect", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade":
			return false
		}
		if known := h.header[name]; known != nil {
			h.header[name] = append(known, value)
			continue
		}
		values = append(values, value)
		h.header[name] = values[len(values)-1 : len(values) : len(values)]
	}
	// What net/http makes of an old header is its own.
	isOld := h.header["Pragma"] != nil && h.header["Cache-Control"] == nil
	return hosts == 1 && isHost(h.host) && !isOld
}

// trimmed returns a header's value without the blanks around it.
func trimmed(value string) string {
	for value != "" && isBlank(value[0]) {
		value = value[1:]
	}
	for value != "" && isBlank(value[len(value)-1]) {
		value = value[:len(value)-1]
	}
	return value
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// length returns how long the body is, and false where that is not plain to see.
func (h *heading) length() (int, bool) {
	given := h.header["Content-Length"]
	if h.method == http.MethodGet {
		return 0, given == nil
	}
	if given == nil {
		return 0, true
	}
	if len(given) != 1 || given[0] == "" || len(given[0]) > maxLengthDigits {
		return 0, false
	}
	length := 0
	for _, c := range []byte(given[0]) {
		if c < '0' || c > '9' {
			return 0, false
		}
		length = 10*length + int(c-'0')
	}
	return length, length <= maxBody
}

// canonicals has the commonest names of headers as net/http spells them.
var canonicals = func() map[string]string {
	all := map[string]string{}
	for _, name := range []string{
		"Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Connection", "Content-Length", "Content-Type", "Cookie",
		"Host", "Origin", "Priority", "Referer", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "User-Agent", "X-Api-Key", "X-Forwarded-For",
		"X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "X-Request-Id",
	} {
		all[name], all[strings.ToLower(name)] = name, name
	}
	return all
}()

func canonical(name string) string {
	if known, ok := canonicals[name]; ok {
		return known
	}
	return textproto.CanonicalMIMEHeaderKey(name)
}

// bits are which bytes below 128 are in a set.
type bits [2]uint64

func bitsOf(set string) (of bits) {
	for _, c := range []byte(set) {
		of[c>>6] |= 1 << (c & 63)
	}
	return of
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

var (
	tokenBytes = bitsOf(letters + "!#$%&'*+-.^_`|~")
	hostBytes  = bitsOf(letters + "-._:[]")
)

// hasAll tells whether a text is of bytes in a set, and not empty.
func (of *bits) hasAll(text string) bool {
	for _, c := range []byte(text) {
		if c >= 0x80 || of[c>>6]>>(c&63)&1 == 0 {
			return false
		}
	}
	return text != ""
}

// isToken and isHost tell whether a header's name, and a host, is one.
func isToken(name string) bool { return tokenBytes.hasAll(name) }
func isHost(host string) bool  { return hostBytes.hasAll(host) }

// isText tells whether a header's value has nothing in it that steers anything.
func isText(value string) bool {
	for _, c := range []byte(value) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// request makes the request of which body is the body.
func (h *heading) request(ctx context.Context, body []byte) *http.Request {
	r := http.Request{
		Method: h.method, URL: h.url, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h.header, Host: h.host, RequestURI: h.target,
		ContentLength: int64(len(body)), Body: http.NoBody,
	}
	if len(body) > 0 {
		r.Body = &bodyReader{*bytes.NewReader(body)}
	}
	return r.WithContext(ctx)
}

// bodyReader reads a body that is there.
type bodyReader struct{ bytes.Reader }

// Close does nothing.
func (*bodyReader) Close() error { return nil }

var _ io.ReadCloser = (*bodyReader)(nil)
