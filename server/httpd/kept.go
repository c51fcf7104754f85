package httpd

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"

	"headwater/graph/cache"
	"headwater/graph/guard"
	"headwater/logic"
	"headwater/logic/client"
)

// keptFrom is the greatest request in bytes whose answer is kept.
const keptFrom = 16 << 10

// making is what is known of an answer while it is made.
type making struct {
	reading logic.Reading
	hint    guard.Hint

	// Where the answer may be kept: under which key, for which address of posts, and when it was begun.
	keeps   bool
	key     cache.Key
	address string
	stamp   cache.Stamp
	began   logic.Moment
}

// makingOf returns what is known of the answer that is made under ctx: nothing where that is one person's.
func makingOf(ctx context.Context) *making {
	if x := exchangeOf(ctx); x.isMade {
		return &x.making
	}
	return &making{}
}

// kept answers what is asked again by what was answered before, if that still holds. It stands behind authentication, so that such an
// answer is counted and limited as any other. A person is never answered so, nor is a person's answer kept.
func (s *Server) kept(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		viewer := logic.ViewerFrom(r.Context())
		if viewer.User != 0 {
			next(w, r)
			return
		}
		x := exchangeOf(r.Context())
		made := &x.making
		x.isMade, made.began = true, s.options.Clock()
		if s.options.Answers != nil {
			space := spaces.Get().(*space)
			defer space.giveBack()
			if space.take(r, viewer, s.options.Limits.Body) {
				made.keeps, made.key, made.address = true, cache.KeyOf(space.bytes), addressOfPosts(r.Context())
				var answer *cache.Answer
				if answer, made.stamp = s.options.Answers.Get(made.key, made.address); answer != nil {
					s.writeKept(w, r, answer)
					return
				}
			}
			if len(space.body) > 0 {
				r.Body = restOf{io.MultiReader(bytes.NewReader(space.body), r.Body), r.Body}
			}
		}
		x.Reading = &made.reading
		next(w, r)
	}
}

// addressOfPosts returns where the client that asks shows posts; empty for where the site does.
func addressOfPosts(ctx context.Context) string {
	if address := client.Asking(ctx).PostURL; address != nil {
		return *address
	}
	return ""
}

// space holds a request with all that its answer depends on beside it, behind room for what cache.KeyOf adds.
type space struct {
	bytes []byte
	body  []byte // the part of it that is the body, as far as it was read
}

var spaces = sync.Pool{New: func() any { return &space{bytes: make([]byte, cache.SecretSize, 2<<10)} }}

// take takes up a request by nobody, and returns false for one whose answer is not kept: which is neither a plain POST nor a GET, is too long,
// or can't be read.
func (s *space) take(r *http.Request, viewer logic.Viewer, limit int) bool {
	media, acceptable := mediaOf(r.Header["Accept"])
	if !acceptable || r.Header["Idempotency-Key"] != nil {
		return false
	}
	scopes := viewer.Scopes()
	s.bytes = append(s.bytes, byte(scopes>>8), byte(scopes), oneIf(viewer.Secret), oneIf(media == mediaJSON))
	switch r.Method {
	case http.MethodGet, http.MethodHead: // which has the same answer
		s.bytes = append(append(s.bytes, 'G'), r.URL.RawQuery...)
		return len(r.URL.RawQuery) <= keptFrom
	case http.MethodPost:
		s.bytes = append(s.bytes, 'P')
		return isPlain(r.Header) && r.ContentLength > 0 && r.ContentLength <= int64(min(limit, keptFrom)) && s.read(r.Body, int(r.ContentLength))
	}
	return false
}

// read reads a body of a length.
func (s *space) read(from io.Reader, length int) bool {
	start := len(s.bytes)
	if cap(s.bytes)-start < length {
		s.bytes = append(make([]byte, 0, start+length), s.bytes...)
	}
	s.bytes = s.bytes[:start+length]
	n, err := io.ReadFull(from, s.bytes[start:])
	s.body = s.bytes[start : start+n]
	return err == nil
}

// giveBack forgets the request.
func (s *space) giveBack() {
	clear(s.bytes)
	s.bytes, s.body = s.bytes[:cache.SecretSize], nil
	spaces.Put(s)
}

func oneIf(condition bool) byte {
	if condition {
		return 1
	}
	return 0
}

// isPlain tells whether the headers are those of a body that needs no second look: the commonest are, and all others go the long way.
func isPlain(header http.Header) bool {
	types := header["Content-Type"]
	return len(types) == 1 && (types[0] == mediaJSON || types[0] == mediaJSON+"; charset=utf-8") && header["Content-Encoding"] == nil
}

// mediaOf is negotiate, which it leaves the less common to.
func mediaOf(accept []string) (string, bool) {
	switch {
	case len(accept) == 0, len(accept) == 1 && (accept[0] == "*/*" || accept[0] == mediaResponse):
		return mediaResponse, true
	case len(accept) == 1 && accept[0] == mediaJSON:
		return mediaJSON, true
	}
	return negotiate(accept)
}

// restOf is a body of which a part was read already and stands in front again.
type restOf struct {
	io.Reader
	io.Closer
}
