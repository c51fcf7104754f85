package httpd

import (
	"context"
	"errors"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/graph/guard"
	"headwater/logic"
)

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
	ctx, cancel := s.withTimeout(ctx)
	defer cancel()
	var turn turn
	defer turn.leave()
	if err := turn.take(ctx, s.reading); err != nil {
		return nil, notBegun{timeout(ctx, err)}
	}

	ctx = graphql.StartOperationTrace(ctx)
	executor := s.options.Executor
	operation, errs := executor.CreateOperationContext(ctx, params)
	if len(errs) > 0 {
		return requestError(executor.DispatchError(graphql.WithOperationContext(ctx, operation), errs)), nil
	}
	definition := operation.Operation
	makingOf(ctx).hint = guard.HintOf(definition)
	recordOf(ctx).operation = strings.TrimSpace(string(definition.Operation) + " " + definition.Name)
	switch {
	case definition.Operation == ast.Mutation && readOnly:
		return nil, errMutationByGet
	case definition.Operation == ast.Subscription:
		refused := &gqlerror.Error{Message: "Subscriptions are not answered here.", Extensions: map[string]any{"code": string(logic.CodeBadRequest)}}
		return requestError(executor.DispatchError(graphql.WithOperationContext(ctx, operation), gqlerror.List{refused})), nil
	case definition.Operation == ast.Mutation:
		// Changes wait for the one writer, and for passwords to be hashed: those who only read have no part in that.
		if err := turn.take(ctx, s.changing); err != nil {
			return nil, notBegun{timeout(ctx, err)}
		}
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
