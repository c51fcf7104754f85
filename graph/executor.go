package graph

import (
	"context"
	"log/slog"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/graph/gen"
	"headwater/graph/guard"
	"headwater/logic"
)

// Executor answers operations; transports drive it as a graphql.GraphExecutor.
type Executor struct {
	*executor.Executor
	schema        *ast.Schema
	introspection Introspection
}

var _ graphql.GraphExecutor = Executor{}

// planMemory is how many bytes, about, plans of operations may take.
const planMemory = 8 << 20

// NewExecutor returns an executor that answers by resolver what allowed lets through. Failures that are not the caller's go to
// logger. It panics where allowed does not fit the schema.
func NewExecutor(resolver gen.ResolverRoot, allowed *guard.Guard, logger *slog.Logger, introspection Introspection) Executor {
	return newExecutor(gen.NewDirectSchema(gen.Config{Resolvers: resolver}, planMemory), allowed, logger, introspection)
}

func newExecutor(schema graphql.ExecutableSchema, allowed *guard.Guard, logger *slog.Logger, introspection Introspection) Executor {
	inner := executor.New(schema)
	presenter := presenter{logger}
	inner.SetErrorPresenter(presenter.present)
	inner.SetRecoverFunc(presenter.recovered)
	inner.SetQueryCache(allowed.Documents())
	inner.SetDefaultRulesFn(guard.Rules)
	inner.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		return next(withResponse(ctx))
	})
	inner.Use(allowed)
	inner.Use(introspection)
	return Executor{inner, schema.Schema(), introspection}
}

// CreateOperationContext finds the operation in a request and refuses what must not run, without a hint at the schema for those
// who may not ask it about itself.
func (e Executor) CreateOperationContext(ctx context.Context, request *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	operation, refused := e.operation(ctx, request)
	if !e.introspection.allows(logic.ViewerFrom(ctx)) {
		cutHints(refused)
	}
	return operation, refused
}

// operation is CreateOperationContext with all hints. gqlgen's own look at variables lets texts pass for numbers and says untrue
// things of what it refuses, so ours comes on top of it.
func (e Executor) operation(ctx context.Context, request *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	coerced := *request
	coerced.Variables, _ = cloned(request.Variables).(map[string]any)
	operation, refused := e.Executor.CreateOperationContext(ctx, &coerced)
	switch {
	case operation.Doc == nil:
	case operation.Operation == nil:
		return operation, gqlerror.List{noOperation(request.OperationName)}
	default:
		if faults := guard.CheckVariables(e.schema, operation.Operation, request.Variables); len(faults) > 0 {
			return operation, faults
		}
	}
	return operation, refused
}

// cloned returns a copy of what JSON was decoded to: gqlgen writes into the values that it is given.
func cloned(value any) any {
	switch value := value.(type) {
	case map[string]any:
		copied := make(map[string]any, len(value))
		for name, member := range value {
			copied[name] = cloned(member)
		}
		return copied
	case []any:
		copied := make([]any, len(value))
		for i, entry := range value {
			copied[i] = cloned(entry)
		}
		return copied
	}
	return value
}

// noOperation returns the refusal of a request that names none of the operations of its document.
func noOperation(name string) *gqlerror.Error {
	fault := logic.Fault(logic.CodeBadRequest, "Several operations: name one by operationName.")
	if name != "" {
		fault = logic.Fault(logic.CodeBadRequest, "The document has no operation named %q.", name)
	}
	return &gqlerror.Error{Err: fault, Message: fault.Message, Extensions: map[string]any{"code": string(fault.Code)}}
}
