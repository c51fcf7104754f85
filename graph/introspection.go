package graph

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/graph/guard"
	"headwater/logic"
)

// Introspection says who may ask the schema about itself: staff and secret keys may. It is an extension of gqlgen's executor.
// __typename is no such question.
type Introspection struct {
	// Anonymous lets everyone ask.
	Anonymous bool
}

var errNoIntrospection = logic.Fault(logic.CodeForbidden, "Introspection is switched off.")

// ExtensionName names the extension.
func (Introspection) ExtensionName() string { return "Introspection" }

// Validate takes every schema.
func (Introspection) Validate(graphql.ExecutableSchema) error { return nil }

func (i Introspection) allows(viewer logic.Viewer) bool { return i.Anonymous || viewer.IsStaff() }

// MutateOperationContext refuses, with FORBIDDEN, an operation that asks the schema about itself for someone who may not.
func (i Introspection) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	operation.DisableIntrospection = !i.allows(logic.ViewerFrom(ctx))
	if !operation.DisableIntrospection {
		return nil
	}
	for field := range guard.RootFields(operation.Operation) {
		if field.Name == "__schema" || field.Name == "__type" {
			return &gqlerror.Error{Err: errNoIntrospection, Message: errNoIntrospection.Message, Extensions: map[string]any{"code": string(errNoIntrospection.Code)}}
		}
	}
	return nil
}

// cutHints takes what validation suggests out of messages: names of the schema that nobody asked for. It always stands last.
func cutHints(errs gqlerror.List) {
	for _, err := range errs {
		err.Message, _, _ = strings.Cut(err.Message, " Did you mean ")
	}
}
