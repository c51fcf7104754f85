package graph

import (
	"log/slog"

	"headwater/graph/gen"
	"headwater/graph/guard"
)

// NewGqlgenExecutor returns what NewExecutor returns, with gqlgen's own executor in place of the direct one.
func NewGqlgenExecutor(resolver gen.ResolverRoot, allowed *guard.Guard, logger *slog.Logger, introspection Introspection) Executor {
	return newExecutor(gen.NewExecutableSchema(gen.Config{Resolvers: resolver}), allowed, logger, introspection)
}
