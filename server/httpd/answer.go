package httpd

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/logic"
)

// writeError answers what execute returned as an error. The specification wants 200 under application/json for all that was
// carried out; what was not begun may be sent again.
func (s *Server) writeError(w http.ResponseWriter, r *http.Request, media string, err error) {
	if r.Context().Err() != nil {
		recordOf(r.Context()).status = statusClientClosed
		return
	}
	fault := s.faultOf(r.Context(), err)
	status := statusOf(fault.Code)
	_, waited := errors.AsType[notBegun](err)
	switch {
	case fault == errMutationByGet:
		w.Header().Set("Allow", http.MethodPost)
		status = http.StatusMethodNotAllowed
	case waited:
		again := *fault
		again.RetryAfter = retryAfter
		fault, status = &again, http.StatusServiceUnavailable
	case media == mediaJSON:
		status = http.StatusOK
	}
	writeFaults(w, r, media, status, logic.Faults{fault})
}

// refuse answers a request that is not let through to what it asks for.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		recordOf(r.Context()).status = statusClientClosed
		return
	}
	fault := s.faultOf(r.Context(), err)
	status := statusOf(fault.Code)
	if r.URL.Path != graphqlPath {
		advise(w.Header(), status, secondsOf(fault.RetryAfter))
		writeText(w, status, fault.Message+"\n")
		return
	}
	describe(w.Header())
	media, _ := negotiate(r.Header["Accept"])
	writeFaults(w, r, media, status, logic.Faults{fault})
}

// faultOf returns what may be shown of err. A failure of ours is logged.
func (s *Server) faultOf(ctx context.Context, err error) *logic.Error {
	if fault, ok := errors.AsType[*logic.Error](err); ok {
		return fault
	}
	s.options.Logger.ErrorContext(ctx, "request failed", "id", logic.RequestID(ctx), "error", err)
	return logic.ErrInternal
}

// statusClientClosed is what the log says of a request whose sender did not wait for the answer.
const statusClientClosed = 499

// statusOf returns the status of an answer without data under application/graphql-response+json.
func statusOf(code logic.Code) int {
	switch code {
	case logic.CodeUnauthenticated:
		return http.StatusUnauthorized
	case logic.CodeForbidden:
		return http.StatusForbidden
	case logic.CodeRateLimited:
		return http.StatusTooManyRequests
	case logic.CodeTimeout:
		return http.StatusGatewayTimeout
	case logic.CodeOverloaded:
		return http.StatusServiceUnavailable
	case logic.CodeInternal:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

func firstCode(errs gqlerror.List) logic.Code {
	if len(errs) == 0 {
		return logic.CodeInternal
	}
	code, _ := errs[0].Extensions["code"].(string)
	return logic.Code(code)
}

// writeFaults answers what never reached the graph.
func writeFaults(w http.ResponseWriter, r *http.Request, media string, status int, faults logic.Faults) {
	answer := &graphql.Response{}
	for _, fault := range faults {
		extensions := map[string]any{"code": string(fault.Code), "requestId": logic.RequestID(r.Context())}
		if fault.RetryAfter > 0 {
			extensions["retryAfter"] = secondsOf(fault.RetryAfter)
		}
		answer.Errors = append(answer.Errors, &gqlerror.Error{Message: fault.Message, Extensions: extensions})
	}
	writeAnswer(w, r, media, status, answer)
}

// writeAnswer writes the errors, where there are any, and then the data as the executor made it, without another look at it.
func writeAnswer(w http.ResponseWriter, r *http.Request, media string, status int, answer *graphql.Response) {
	kept := recordOf(r.Context())
	kept.errors = len(answer.Errors)
	if kept.errors > 0 {
		kept.code = firstCode(answer.Errors)
		wait := 0
		for _, err := range answer.Errors {
			seconds, _ := err.Extensions["retryAfter"].(int)
			wait = max(wait, seconds)
		}
		advise(w.Header(), status, wait)
	}
	parts := partsOf(answer)
	length := 0
	for _, part := range parts {
		length += len(part)
	}
	header := w.Header()
	header["Content-Type"] = contentTypeOf(media)
	header["Content-Length"] = []string{strconv.Itoa(length)}
	w.WriteHeader(status)
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			return // the reader has left
		}
	}
}

// partsOf returns an answer as it is written: what stands in front of the data, the data, and what stands behind it.
func partsOf(answer *graphql.Response) [3][]byte {
	if answer.Data != nil && len(answer.Errors) == 0 && len(answer.Extensions) == 0 {
		return [...][]byte{beforeData, answer.Data, afterData}
	}
	head, tail := []byte{'{'}, []byte(nil)
	if len(answer.Errors) > 0 {
		head = append(append(append(head, `"errors":`...), mustJSON(answer.Errors)...), ',')
	}
	if answer.Data != nil {
		head = append(head, `"data":`...)
		tail = append(tail, ',')
	}
	if len(answer.Extensions) > 0 {
		tail = append(append(append(tail, `"extensions":`...), mustJSON(answer.Extensions)...), ',')
	}
	if len(tail) > 0 {
		tail[len(tail)-1] = '}'
	} else {
		head[len(head)-1] = '}'
	}
	return [...][]byte{head, answer.Data, tail}
}

// What most answers are: data alone.
var (
	beforeData = []byte(`{"data":`)
	afterData  = []byte(`}`)
)

// contentTypes are the values of Content-Type, which all answers share.
var contentTypes = [...][]string{{mediaResponse + "; charset=utf-8"}, {mediaJSON + "; charset=utf-8"}}

func contentTypeOf(media string) []string { return contentTypes[oneIf(media == mediaJSON)] }

// secondsOf returns a duration in whole seconds, rounded up.
func secondsOf(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// advise tells what to send along, or how many seconds to wait, for the same to be let through.
func advise(header http.Header, status, seconds int) {
	if status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", `Bearer realm="headwater"`)
	}
	if seconds > 0 {
		header.Set("Retry-After", strconv.Itoa(seconds))
	}
}

// mustJSON encodes errors and extensions, which hold texts, numbers and lists of them alone.
func mustJSON(value any) []byte {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return encoded
}
