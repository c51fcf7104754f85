package guard

import (
	"context"
	"errors"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"headwater/logic"
)

// maxMessage is how many bytes of one error's message are answered: messages quote what was sent.
const maxMessage = 500

// Guard is an extension of gqlgen's executor that refuses what passes the limits. Its Documents must be the executor's query
// cache: what stands there has passed.
type Guard struct {
	limits    Limits
	weights   Weights
	documents *Documents
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.ResponseInterceptor
} = (*Guard)(nil)

// New returns a guard with the given limits and weights of fields.
func New(limits Limits, weights Weights) *Guard {
	return &Guard{limits: limits, weights: weights, documents: NewDocuments(limits.DocumentMemory)}
}

// Documents returns the memory of accepted documents, for the executor's SetQueryCache.
func (g *Guard) Documents() *Documents { return g.documents }

// ExtensionName names the extension.
func (g *Guard) ExtensionName() string { return "Guard" }

// Validate returns an error where a weight is for a field that the schema does not have.
func (g *Guard) Validate(schema graphql.ExecutableSchema) error {
	return g.weights.check(schema.Schema())
}

// MutateOperationParameters refuses, with GRAPHQL_PARSE_FAILED or TOO_COMPLEX, a document that is not worth validating.
func (g *Guard) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	if _, known := g.documents.Get(ctx, request.Query); known {
		return nil
	}
	if fault := checkBytes(request.Query, g.limits); fault != nil {
		return refusal(fault)
	}
	document, err := parser.ParseQuery(&ast.Source{Input: request.Query})
	if err != nil {
		return parseFailure(err)
	}
	if len(document.Operations) == 0 && len(document.Fragments) == 0 {
		return refusal(logic.Fault(logic.CodeParseFailed, "The document is empty."))
	}
	if fault := checkShape(document, g.limits); fault != nil {
		return refusal(fault)
	}
	return nil
}

// MutateOperationContext refuses, with TOO_COMPLEX, an operation that may bring too much, or asks twice for what is done once, and, with
// BAD_REQUEST, one that makes several things under one Idempotency-Key.
func (g *Guard) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	if fault := checkOnce(operation.Operation, g.weights.Once); fault != nil {
		return refusal(fault)
	}
	if fault := checkKeyed(operation.Operation, g.weights.Keyed, logic.IdempotencyKey(ctx)); fault != nil {
		return refusal(fault)
	}
	found := cost(operation.Operation, operation.Variables, g.weights)
	if found <= g.limits.Cost {
		return nil
	}
	return refusal(logic.Fault(logic.CodeTooComplex,
		"The operation may bring too much: it is held to a cost of %d, and may come to %d. Ask for smaller pages, fewer days or fewer lists within lists.",
		g.limits.Cost, found))
}

// InterceptResponse keeps the data of an answer, the number of its errors, and the length of each, within bounds.
func (g *Guard) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response == nil {
		return nil
	}
	if found := len(response.Data); found > g.limits.Answer {
		graphql.AddError(ctx, refusal(logic.Fault(logic.CodeTooComplex,
			"The answer is too large: at most %d bytes are allowed, and it has %d. Ask for smaller pages, or for fewer long texts.", g.limits.Answer, found)))
		errs := graphql.GetErrors(ctx)
		return &graphql.Response{Errors: errs[len(errs)-1:]}
	}
	if left := len(response.Errors) - g.limits.Errors; left > 0 {
		rest := gqlerror.Errorf("%d more errors are left out.", left)
		rest.Extensions = map[string]any{}
		for _, name := range []string{"code", "requestId"} {
			if value, ok := response.Errors[0].Extensions[name]; ok {
				rest.Extensions[name] = value
			}
		}
		response.Errors = append(response.Errors[:g.limits.Errors:g.limits.Errors], rest)
	}
	for _, err := range response.Errors {
		err.Message = shorten(err.Message)
	}
	return response
}

// refusal returns fault as gqlgen carries it.
func refusal(fault *logic.Error) *gqlerror.Error {
	return &gqlerror.Error{Err: fault, Message: fault.Message, Extensions: map[string]any{"code": string(fault.Code)}}
}

// parseFailure returns the parser's error, with its place, under a code of ours.
func parseFailure(err error) *gqlerror.Error {
	fault := &logic.Error{Code: logic.CodeParseFailed, Message: "The document is not GraphQL.", Err: err}
	failure := refusal(fault)
	if syntax, ok := errors.AsType[*gqlerror.Error](err); ok {
		fault.Message = "The document is not GraphQL: " + shorten(syntax.Message)
		failure.Message, failure.Locations = fault.Message, syntax.Locations
	}
	return failure
}

// shorten cuts a message that is too long, at a character.
func shorten(message string) string {
	if len(message) <= maxMessage {
		return message
	}
	cut := maxMessage
	for cut > 0 && !utf8.RuneStart(message[cut]) {
		cut--
	}
	return message[:cut] + "…"
}
