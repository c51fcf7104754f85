package httpd

import (
	"net/http"

	"github.com/99designs/gqlgen/graphql"

	"headwater/graph"
	"headwater/graph/direct"
	"headwater/logic"
)

// graphqlPath is where the endpoint is, and allowed what it takes.
const (
	graphqlPath = "/graphql"
	allowed     = "GET, HEAD, POST, OPTIONS"
)

// What headers of the endpoint's answers say. All answers share the values, so that they are replaced and never added to.
var (
	varies  = []string{"Origin, Accept, Accept-Encoding"}
	noStore = []string{"no-store"}
)

// describe says what an answer of the endpoint depends on, and that nobody keeps it unless settle says otherwise.
func describe(header http.Header) {
	header["Vary"] = varies
	header["Cache-Control"] = noStore
}

// graphql answers operations by the GraphQL-over-HTTP specification (draft of 2025).
func (s *Server) graphql(w http.ResponseWriter, r *http.Request) {
	describe(w.Header())
	media, acceptable := mediaOf(r.Header["Accept"])
	var params *graphql.RawParams
	var refused *rejection
	readOnly := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case !readOnly && r.Method != http.MethodPost:
		w.Header().Set("Allow", allowed)
		refused = reject(http.StatusMethodNotAllowed, "Operations are sent by POST, queries also by GET.")
	case !acceptable:
		refused = reject(http.StatusNotAcceptable, "The answer can be %s or %s.", mediaResponse, mediaJSON)
	case readOnly:
		params, refused = readGet(r.URL, s.options.Limits.Nesting)
	case !isPlain(r.Header) && isForm(r.Header):
		s.upload(w, r, media)
		return
	default:
		params, refused = readPost(w, r, s.options.Limits)
	}
	if refused != nil {
		writeFaults(w, r, media, refused.status, refused.faults)
		return
	}
	s.operate(w, r, media, params, readOnly)
}

// operate carries out what was read of a request, and answers it.
func (s *Server) operate(w http.ResponseWriter, r *http.Request, media string, params *graphql.RawParams, readOnly bool) {
	ctx, refused := withIdempotencyKey(r.Context(), r.Header)
	if refused != nil {
		writeFaults(w, r, media, refused.status, refused.faults)
		return
	}
	params.Headers = r.Header
	var jar graph.SessionJar
	answer, err := s.execute(graph.WithSessionJar(ctx, &jar), params, readOnly)
	s.deliver(w.Header(), r, jar)
	if err != nil {
		s.writeError(w, r, media, err)
		return
	}
	if r.Context().Err() != nil {
		recordOf(r.Context()).status = statusClientClosed
		return
	}
	status := http.StatusOK
	if answer.Data == nil && media == mediaResponse {
		status = statusOf(firstCode(answer.Errors))
	}
	if s.settle(w, r, media, answer) {
		return
	}
	writeAnswer(w, r, media, status, answer)
	direct.Reuse(answer.Data)
}

// deliver has the browser keep the session that an operation began, and forget the one that the request came with where there is
// none any more.
func (s *Server) deliver(header http.Header, r *http.Request, jar graph.SessionJar) {
	isOver := logic.ViewerFrom(r.Context()).Session == 0
	_, count := s.cookie.read(r)
	switch {
	case isOver && count == 1:
		s.cookie.clear(header)
	case !isOver && jar.Token != "":
		s.cookie.set(header, jar.Token)
	}
}
