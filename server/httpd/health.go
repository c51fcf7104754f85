package httpd

import (
	"context"
	"io"
	"net/http"
	"time"
)

// readyWithin is how long the database may take to answer before the server calls itself not ready.
const readyWithin = 2 * time.Second

// healthy tells that the process lives.
func healthy(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "alive\n") }

// ready tells whether to send requests here: not while the database does not answer, and no more once the server stops.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if s.stopping.Load() {
		writeText(w, http.StatusServiceUnavailable, "stopping\n")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
	defer cancel()
	if err := s.options.Ready(ctx); err != nil {
		s.options.Logger.WarnContext(ctx, "not ready", "error", err)
		writeText(w, http.StatusServiceUnavailable, "the database does not answer\n")
		return
	}
	writeText(w, http.StatusOK, "ready\n")
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // the reader may have left
}
