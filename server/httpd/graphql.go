package httpd

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/logic"
)

// internalMessage is all that anyone outside sees of a fault of ours.
const internalMessage = "Something went wrong on the server. Its log says what, under the requestId."

// allowed is what /graphql takes.
const allowed = "GET, HEAD, POST, OPTIONS"

// graphql answers operations by the GraphQL-over-HTTP specification (draft of 2025).
func (s *Server) graphql(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Accept")
	w.Header().Set("Cache-Control", "no-store")
	media, acceptable := negotiate(r.Header["Accept"])
	var params *graphql.RawParams
	var refused *rejection
	readOnly := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", allowed)
		w.WriteHeader(http.StatusNoContent)
		return
	case !readOnly && r.Method != http.MethodPost:
		w.Header().Set("Allow", allowed)
		refused = reject(http.StatusMethodNotAllowed, "Operations are sent by POST, queries also by GET.")
	case !acceptable:
		media = mediaJSON
		refused = reject(http.StatusNotAcceptable, "The answer can be %s or %s.", mediaResponse, mediaJSON)
	case readOnly:
		params, refused = readGet(r.URL, s.options.Limits.Nesting)
	default:
		params, refused = readPost(w, r, s.options.Limits)
	}
	if refused != nil {
		writeFaults(w, r, media, refused.status, refused.faults)
		return
	}
	params.Headers = r.Header
	answer, err := s.execute(r.Context(), params, readOnly)
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
	writeAnswer(w, r, media, status, answer)
}

// errMutationByGet refuses a change by a method that promises to change nothing.
var errMutationByGet = logic.Fault(logic.CodeBadRequest, "Mutations are sent by POST.")

// notBegun is why an operation was not begun: that there is no room, or that its time was over before there was.
type notBegun struct{ error }

// Unwrap returns the reason.
func (e notBegun) Unwrap() error { return e.error }

// execute carries an operation out, in its turn and within its time. A request error has no Data; where time runs out within
// an operation, what was read by then is answered. An error is returned where the server, not the graph, refuses: notBegun,
// TIMEOUT where nothing was read in time, errMutationByGet, or the context's.
func (s *Server) execute(ctx context.Context, params *graphql.RawParams, readOnly bool) (*graphql.Response, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.options.Limits.Operation,
		logic.Fault(logic.CodeTimeout, "The operation took longer than %v.", s.options.Limits.Operation))
	defer cancel()
	if err := s.gate.enter(ctx); err != nil {
		return nil, notBegun{timeout(ctx, err)}
	}
	defer s.gate.leave()

	ctx = graphql.StartOperationTrace(ctx)
	executor := s.options.Executor
	operation, errs := executor.CreateOperationContext(ctx, params)
	if len(errs) > 0 {
		return requestError(executor.DispatchError(graphql.WithOperationContext(ctx, operation), errs)), nil
	}
	definition := operation.Operation
	recordOf(ctx).operation = strings.TrimSpace(string(definition.Operation) + " " + definition.Name)
	switch {
	case definition.Operation == ast.Mutation && readOnly:
		return nil, errMutationByGet
	case definition.Operation == ast.Subscription:
		refused := &gqlerror.Error{Message: "Subscriptions are not answered here.", Extensions: map[string]any{"code": string(logic.CodeBadRequest)}}
		return requestError(executor.DispatchError(graphql.WithOperationContext(ctx, operation), gqlerror.List{refused})), nil
	}
	responses, ctx := executor.DispatchOperation(ctx, operation)
	answer := responses(ctx)
	if answer == nil {
		return nil, timeout(ctx, context.Cause(ctx))
	}
	return answer, nil
}

// requestError takes away what an operation that never ran can't have: data.
func requestError(answer *graphql.Response) *graphql.Response {
	answer.Data = nil
	return answer
}

// timeout returns TIMEOUT where err comes of the operation's time being over, and err itself elsewhere.
func timeout(ctx context.Context, err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	return err
}

// writeError answers what execute returned as an error. The specification wants 200 under application/json for all that was
// carried out; what was not begun may be sent again.
func (s *Server) writeError(w http.ResponseWriter, r *http.Request, media string, err error) {
	if r.Context().Err() != nil {
		recordOf(r.Context()).status = statusClientClosed
		return
	}
	fault, ok := errors.AsType[*logic.Error](err)
	if !ok {
		s.options.Logger.ErrorContext(r.Context(), "operation failed", "id", logic.RequestID(r.Context()), "error", err)
		fault = logic.Fault(logic.CodeInternal, internalMessage)
	}
	status := statusOf(fault.Code)
	_, waited := errors.AsType[notBegun](err)
	switch {
	case fault == errMutationByGet:
		w.Header().Set("Allow", http.MethodPost)
		status = http.StatusMethodNotAllowed
	case waited:
		w.Header().Set("Retry-After", "1")
		status = http.StatusServiceUnavailable
	case media == mediaJSON:
		status = http.StatusOK
	}
	writeFaults(w, r, media, status, logic.Faults{fault})
}

// statusClientClosed is what the log says of a request whose sender did not wait for the answer.
const statusClientClosed = 499

// statusOf returns the status of an answer without data under application/graphql-response+json.
func statusOf(code logic.Code) int {
	switch code {
	case logic.CodeForbidden:
		return http.StatusForbidden
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
		answer.Errors = append(answer.Errors, &gqlerror.Error{
			Message:    fault.Message,
			Extensions: map[string]any{"code": string(fault.Code), "requestId": logic.RequestID(r.Context())},
		})
	}
	writeAnswer(w, r, media, status, answer)
}

// writeAnswer writes the errors, where there are any, and then the data as the executor made it, without another look at it.
func writeAnswer(w http.ResponseWriter, r *http.Request, media string, status int, answer *graphql.Response) {
	kept := recordOf(r.Context())
	kept.errors = len(answer.Errors)
	var head, tail []byte
	if kept.errors > 0 {
		kept.code = firstCode(answer.Errors)
		head = append(mustJSON(answer.Errors), ',')
		head = append([]byte(`"errors":`), head...)
	}
	if answer.Data != nil {
		head = append(head, `"data":`...)
		tail = append(tail, ',')
	}
	if len(answer.Extensions) > 0 {
		tail = append(tail, `"extensions":`...)
		tail = append(append(tail, mustJSON(answer.Extensions)...), ',')
	}
	head = append([]byte{'{'}, head...)
	if len(tail) > 0 {
		tail[len(tail)-1] = '}'
	} else {
		head[len(head)-1] = '}'
	}
	w.Header().Set("Content-Type", media+"; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(head)+len(answer.Data)+len(tail)))
	w.WriteHeader(status)
	for _, part := range [][]byte{head, answer.Data, tail} {
		if _, err := w.Write(part); err != nil {
			return // the reader has left
		}
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
