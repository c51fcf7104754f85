package httpd

import (
	"crypto/rand"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"time"

	"headwater/logic"
)

// maxRequestID is the greatest length of a request's name that is taken over from the request.
const maxRequestID = 64

// recorder is a ResponseWriter that keeps what was answered.
type recorder struct {
	http.ResponseWriter
	record *record
}

func (r *recorder) WriteHeader(status int) {
	if r.record.status == 0 {
		r.record.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(body []byte) (int, error) {
	if r.record.status == 0 {
		r.record.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(body)
	r.record.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the writer below.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// logged gives each request its name, and writes a line about it once it is answered.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		id := r.Header.Get("X-Request-Id")
		if !isRequestID(id) {
			id = rand.Text()
		}
		w.Header()["X-Request-Id"] = []string{id}
		x := &exchange{}
		x.Context, x.ID = r.Context(), id
		defer func() { s.log(r, id, &x.record, time.Since(began)) }()
		x.recorder = recorder{w, &x.record}
		next.ServeHTTP(&x.recorder, r.WithContext(x))
	})
}

func (s *Server) log(r *http.Request, id string, kept *record, took time.Duration) {
	level := slog.LevelInfo
	if kept.status >= 500 {
		level = slog.LevelWarn
	}
	if !s.options.Logger.Enabled(r.Context(), level) {
		return
	}
	attributes := []slog.Attr{
		slog.String("id", id), slog.String("method", logic.WithoutTokens(r.Method)), slog.String("path", logic.WithoutTokens(r.URL.Path)), slog.Int("status", kept.status),
		slog.Int64("bytes", kept.bytes), slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if kept.operation != "" {
		attributes = append(attributes, slog.String("operation", logic.WithoutTokens(kept.operation)))
	}
	if kept.client != "" {
		attributes = append(attributes, slog.String("client", kept.client))
	}
	if kept.key != "" {
		attributes = append(attributes, slog.String("key", kept.key))
	}
	if kept.user != 0 {
		attributes = append(attributes, slog.Int64("user", int64(kept.user)))
	}
	if kept.errors > 0 {
		attributes = append(attributes, slog.Int("errors", kept.errors), slog.String("code", string(kept.code)))
	}
	s.options.Logger.LogAttrs(r.Context(), level, "request", attributes...)
}

// isRequestID tells whether a request's own name for itself may stand in the log and in answers: it is no token.
func isRequestID(id string) bool {
	for _, c := range []byte(id) {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	return id != "" && len(id) <= maxRequestID && logic.WithoutTokens(id) == id
}

// recovered answers a request whose handler panicked, and logs why, once.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if cause == http.ErrAbortHandler {
				panic(cause)
			}
			s.options.Logger.ErrorContext(r.Context(), "panic", "id", logic.RequestID(r.Context()), "cause", cause, "stack", string(debug.Stack()))
			if recordOf(r.Context()).status != 0 {
				panic(http.ErrAbortHandler) // the answer has begun: it must not look complete
			}
			s.refuse(w, r, logic.ErrInternal)
		}()
		next.ServeHTTP(w, r)
	})
}

// connected says which connections are closed behind their answer: all of them while the server stops, and those with a
// chunked body, whose end a proxy in front may see elsewhere than we do.
func (s *Server) connected(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.stopping.Load() || len(r.TransferEncoding) > 0 {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// secureHeaders keep browsers from doing more with an answer than it is meant for.
var secureHeaders = http.Header{
	"X-Content-Type-Options":       {"nosniff"},
	"Referrer-Policy":              {"no-referrer"},
	"X-Frame-Options":              {"DENY"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"}, // but for what is asked for by the rules of CORS
	"Content-Security-Policy":      {"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
}

// secured sets the secure headers. A page that needs more than nothing sets a policy of its own, in place of a value here and never
// by adding to it: all answers share them.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), secureHeaders)
		next.ServeHTTP(w, r)
	})
}

// onlyRead refuses every method but those that read.
func onlyRead(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			writeText(w, http.StatusMethodNotAllowed, "This page is read by GET.\n")
			return
		}
		next.ServeHTTP(w, r)
	})
}
