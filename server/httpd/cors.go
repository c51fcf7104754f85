package httpd

import (
	"context"
	"net/http"

	"headwater/logic"
)

// preflightSeconds is how long a browser may remember what a preflight was told.
const preflightSeconds = "600"

// preflight answers OPTIONS: what /graphql takes, and whether a page of another origin may ask at all. A preflight brings no
// key, so every client's origins count; the request itself is then held to those of its own client.
func (s *Server) preflight(w http.ResponseWriter, r *http.Request) {
	header, origin := w.Header(), originHeader(r)
	describe(header)
	header.Set("Allow", allowed)
	if r.Header.Get("Access-Control-Request-Method") != "" && s.anyoneAllows(r.Context(), origin) {
		share(header, origin)
		header.Set("Access-Control-Allow-Methods", "GET, POST")
		// Whatever headers a library adds: none but the credentials says who asks.
		if wanted := r.Header.Get("Access-Control-Request-Headers"); wanted != "" {
			header.Set("Access-Control-Allow-Headers", wanted)
		}
		header.Set("Access-Control-Max-Age", preflightSeconds)
	}
	w.WriteHeader(http.StatusNoContent)
}

// anyoneAllows tells whether origin is the server's own or any client's.
func (s *Server) anyoneAllows(ctx context.Context, origin string) bool {
	if origin == "" {
		return false
	}
	if s.site.isOwn(origin) {
		return true
	}
	allows, err := s.options.Clients.AllowsOrigin(ctx, origin)
	if err != nil && ctx.Err() == nil {
		s.options.Logger.WarnContext(ctx, "origins", "id", logic.RequestID(ctx), "error", err)
	}
	return err == nil && allows
}

// share lets pages of an origin read the answer, and ask with their cookies. There is never a wildcard.
func share(header http.Header, origin string) {
	header.Set("Access-Control-Allow-Origin", origin)
	header.Set("Access-Control-Allow-Credentials", "true")
	header.Set("Access-Control-Expose-Headers", "X-Request-Id, Retry-After")
}
