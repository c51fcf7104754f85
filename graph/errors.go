package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/graph/bind"
	"headwater/logic"
)

// errGivenUp is why nothing is answered to whoever has gone.
var errGivenUp = logic.Fault(logic.CodeTimeout, "The request was given up before it was answered.")

// inputCodes are the codes of faults in what was sent: userErrors of a mutation, BAD_REQUEST of a query.
var inputCodes = []logic.Code{
	logic.CodeRequired, logic.CodeInvalid, logic.CodeTooLong, logic.CodeTaken, logic.CodeNotFound, logic.CodeExpired,
	logic.CodeWrongCredentials, logic.CodeWeakPassword, logic.CodeStale, logic.CodeInUse,
}

// userErrors returns the faults in what was sent to a mutation, or err where it says something else.
func userErrors(err error) ([]logic.Error, error) {
	faults := faultsOf(err)
	shown := make([]logic.Error, len(faults))
	for i, fault := range faults {
		if !slices.Contains(inputCodes, fault.Code) {
			return nil, err
		}
		shown[i] = *fault
	}
	if len(faults) == 0 {
		return nil, err
	}
	return shown, nil
}

// ofInput returns err with every path in it put below the argument named input, where a mutation takes what logic speaks of; those
// of the mutation's other arguments stay as they are.
func ofInput(err error, others ...string) error {
	found := faultsOf(err)
	if len(found) == 0 {
		return err
	}
	faults := make(logic.Faults, len(found))
	for i, fault := range found {
		faults[i] = fault
		if len(fault.Field) > 0 && !slices.Contains(others, fault.Field[0]) {
			faults[i] = fault.At(slices.Insert(slices.Clone(fault.Field), 0, "input")...)
		}
	}
	return faults
}

// faultsOf returns what err says that its cause may know of; nil for everything else.
func faultsOf(err error) []*logic.Error {
	if faults, ok := errors.AsType[logic.Faults](err); ok {
		return faults
	}
	if fault, ok := errors.AsType[*logic.Error](err); ok {
		return []*logic.Error{fault}
	}
	return nil
}

// presenter turns errors into what frontends see of them.
type presenter struct {
	logger *slog.Logger
}

// present returns err with its code and the ID of the request. Where err is several faults, all but the last are added to the
// response on the way.
func (p presenter) present(ctx context.Context, err error) *gqlerror.Error {
	place, ok := errors.AsType[*gqlerror.Error](err)
	if !ok {
		place = gqlerror.WrapPath(graphql.GetPath(ctx), err)
	}
	if code, ok := place.Extensions["code"].(string); ok {
		field, _ := place.Extensions["field"].([]string)
		return at(ctx, place, &logic.Error{Code: logic.Code(code), Message: place.Message, Field: field})
	}
	place, argument := splitPath(ctx, place)
	faults := faultsOf(err)
	if argument != nil && len(faults) == 0 {
		faults = []*logic.Error{logic.Invalid("not a value of the type that stands here")}
	}
	if len(faults) == 0 || faults[0].Code == logic.CodeInternal {
		return p.presentFailure(ctx, place, err)
	}
	last := len(faults) - 1
	for _, fault := range faults[:last] {
		graphql.AddError(ctx, presentFault(ctx, place, fault))
	}
	if argument != nil {
		return presentFault(ctx, place, faults[last].At(argument...))
	}
	return presentFault(ctx, place, faults[last])
}

// splitPath parts what gqlgen joins into one path where an argument can't be read: the field's place in the answer, and the
// path of the argument; nil for any other error.
func splitPath(ctx context.Context, place *gqlerror.Error) (*gqlerror.Error, []string) {
	field := graphql.GetFieldContext(ctx)
	if field == nil || len(place.Path) <= len(field.Path()) {
		return place, nil
	}
	var argument []string
	for _, step := range place.Path[len(field.Path()):] {
		argument = append(argument, fmt.Sprint(step))
	}
	found := &gqlerror.Error{Path: field.Path()}
	if position := field.Field.Position; position != nil {
		found.Locations = []gqlerror.Location{{Line: position.Line, Column: position.Column}}
	}
	return found, argument
}

// presentFault shows a fault with its code and, where one input is at fault, its path.
func presentFault(ctx context.Context, place *gqlerror.Error, fault *logic.Error) *gqlerror.Error {
	shown := *fault
	if slices.Contains(inputCodes, shown.Code) {
		shown.Code = logic.CodeBadRequest
	}
	if len(shown.Field) > 0 {
		shown.Message = strings.Join(shown.Field, ".") + ": " + shown.Message
	}
	return at(ctx, place, &shown)
}

// presentFailure shows nothing of an error that is not the caller's but that there was one, and logs it once. An error after
// the request ended, by its time limit or because the client has gone, comes of that end.
func (p presenter) presentFailure(ctx context.Context, place *gqlerror.Error, err error) *gqlerror.Error {
	if ctx.Err() != nil {
		fault, ok := errors.AsType[*logic.Error](context.Cause(ctx))
		if !ok {
			fault = errGivenUp
		}
		return presentFault(ctx, place, fault)
	}
	if !errors.Is(err, logic.ErrInternal) && bind.FirstTold(err) {
		p.logger.ErrorContext(ctx, "field failed", "id", logic.RequestID(ctx),
			"path", logic.WithoutTokens(place.Path.String()), "error", logic.WithoutTokens(err.Error()))
	}
	return at(ctx, place, logic.ErrInternal)
}

// at returns a fault in the place of an error.
func at(ctx context.Context, place *gqlerror.Error, fault *logic.Error) *gqlerror.Error {
	extensions := map[string]any{"code": string(fault.Code)}
	if id := logic.RequestID(ctx); id != "" {
		extensions["requestId"] = id
	}
	if len(fault.Field) > 0 {
		extensions["field"] = fault.Field
	}
	if fault.RetryAfter > 0 {
		extensions["retryAfter"] = int(math.Ceil(fault.RetryAfter.Seconds()))
	}
	return &gqlerror.Error{Message: fault.Message, Path: place.Path, Locations: place.Locations, Extensions: extensions}
}

// recovered logs a panic with its stack, and returns what stands for it.
func (p presenter) recovered(ctx context.Context, panicked any) error {
	p.logger.ErrorContext(ctx, "panic", "id", logic.RequestID(ctx), "error", fmt.Sprint(panicked), "stack", string(debug.Stack()))
	return logic.ErrInternal
}
