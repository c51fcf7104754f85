package graph

import (
	"context"
	"log/slog"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/graph/gen"
	"headwater/graph/guard"
)

// Executor answers operations. Transports drive it as a graphql.GraphExecutor; Execute answers one in process.
type Executor struct {
	*executor.Executor
}

var _ graphql.GraphExecutor = Executor{}

// NewExecutor returns an executor that answers by resolver what guard lets through. Failures that are not the caller's go to
// logger. It panics where guard does not fit the schema.
func NewExecutor(resolver *Resolver, guard *guard.Guard, logger *slog.Logger) Executor {
	inner := executor.New(gen.NewExecutableSchema(gen.Config{Resolvers: resolver}))
	presenter := presenter{logger}
	inner.SetErrorPresenter(presenter.present)
	inner.SetRecoverFunc(presenter.recovered)
	inner.SetQueryCache(guard.Documents())
	inner.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		return next(withResponse(ctx))
	})
	inner.Use(guard)
	inner.Use(introspection{})
	return Executor{inner}
}

// Execute answers one operation in process, for the viewer in ctx. It never returns nil.
func (e Executor) Execute(ctx context.Context, query, operationName string, variables map[string]any) *graphql.Response {
	ctx = graphql.StartOperationTrace(ctx)
	operation, refused := e.CreateOperationContext(ctx, &graphql.RawParams{Query: query, OperationName: operationName, Variables: variables})
	if refused != nil {
		return e.DispatchError(graphql.WithOperationContext(ctx, operation), refused)
	}
	respond, ctx := e.DispatchOperation(ctx, operation)
	if response := respond(ctx); response != nil {
		return response
	}
	return e.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(errGivenUp)})
}

// introspection lets everyone ask the schema about itself.
type introspection struct{}

func (introspection) ExtensionName() string { return "Introspection" }

func (introspection) Validate(graphql.ExecutableSchema) error { return nil }

func (introspection) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	operation.DisableIntrospection = false
	return nil
}
