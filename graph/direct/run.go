package direct

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Run is one walk through a plan. What writes a value returns false where there is none to write, though there must be: then it
// has written nothing, and the error is among those of the response.
type Run struct {
	Ctx context.Context // of the response; resolvers are called with it
	Out []byte          // the answer so far

	operation *graphql.OperationContext
	steps     []step
	arguments []any
}

// step is a part of the path to where a run is: a field, or a place in a list where there is none.
type step struct {
	field *Field
	index int
	start int // where the field's value begins in Out
}

// Answer returns what answers an operation once: walk writes its data into the run, and returns false where there is none.
func Answer(plan *Plan, operation *graphql.OperationContext, walk func(*Run) bool) graphql.ResponseHandler {
	answered := false
	return func(ctx context.Context) *graphql.Response {
		if answered {
			return nil
		}
		answered = true
		run := &Run{Out: buffer(), operation: operation, steps: make([]step, 0, 16), arguments: make([]any, plan.arguments)}
		run.Ctx = context.WithValue(ctx, runKey{}, run)
		if !walk(run) {
			run.Null()
		}
		return &graphql.Response{Data: run.Out}
	}
}

type runKey struct{}

// Write appends p to the answer, as an io.Writer that never fails.
func (r *Run) Write(p []byte) (int, error) {
	r.Out = append(r.Out, p...)
	return len(p), nil
}

// Null writes null.
func (r *Run) Null() { r.Out = append(r.Out, "null"...) }

// Open begins an object, or a list where sign is [, and returns where.
func (r *Run) Open(sign byte) int {
	r.Out = append(r.Out, sign)
	return len(r.Out) - 1
}

// Next ends a member of an object or a list.
func (r *Run) Next() { r.Out = append(r.Out, ',') }

// Close ends the object or list that began at start, and returns true.
func (r *Run) Close(start int, sign byte) bool {
	if last := len(r.Out) - 1; last > start {
		r.Out[last] = sign
	} else {
		r.Out = append(r.Out, sign)
	}
	return true
}

// Cancel takes back what was written since start, and returns false.
func (r *Run) Cancel(start int) bool {
	r.Out = r.Out[:start]
	return false
}

// Depth returns how long the path is to where the run is.
func (r *Run) Depth() int { return len(r.steps) }

// Enter begins a field of an object.
func (r *Run) Enter(field *Field) {
	r.Out = append(r.Out, field.key...)
	r.steps = append(r.steps, step{field: field, start: len(r.Out)})
}

// Leave ends the field that was entered last, which wrote its value or did not, and returns false where the object can't be
// without it.
func (r *Run) Leave(wrote bool) bool {
	last := len(r.steps) - 1
	field := r.steps[last].field
	r.steps = r.steps[:last]
	if !wrote {
		if field.nonNull {
			return false
		}
		r.Null()
	}
	r.Next()
	return true
}

// EnterItem begins the item of a list at index.
func (r *Run) EnterItem(index int) { r.steps = append(r.steps, step{index: index}) }

// LeaveItem ends the item that was entered last.
func (r *Run) LeaveItem() { r.steps = r.steps[:len(r.steps)-1] }

// Recover is deferred by what writes the fields of an object at depth, of which at is under way. After a panic it ends that field
// without a value, and puts into ok whether the object can be without it.
func (r *Run) Recover(depth int, at *int, ok *bool) {
	thrown := recover()
	if thrown == nil {
		return
	}
	r.steps = r.steps[:depth+1]
	r.Out = r.Out[:r.steps[depth].start]
	ctx := r.placed()
	r.operation.Error(ctx, graphql.Recover(ctx, thrown))
	*ok = r.Leave(false)
	*at++
}

// Fail notes that the field under way failed, and returns false.
func (r *Run) Fail(err error) bool {
	ctx := r.placed()
	r.operation.Error(ctx, graphql.AddFieldLocationToError(ctx, err))
	return false
}

var errNull = errors.New("the requested element is null which the schema does not allow")

// Missing notes that a value is null that may not be, unless why is known, and returns false.
func (r *Run) Missing() bool {
	if ctx := r.placed(); !graphql.HasFieldError(ctx, graphql.GetFieldContext(ctx)) {
		graphql.AddError(ctx, errNull)
	}
	return false
}

// Marshal writes a value that writes itself.
func (r *Run) Marshal(value graphql.ContextMarshaler) bool {
	start := len(r.Out)
	if err := value.MarshalGQLContext(r.Ctx, r); err != nil {
		r.Out = r.Out[:start]
		graphql.AddError(r.placed(), err)
		r.Null()
	}
	return true
}

// Arguments returns the arguments of a field, which read makes of those in the operation: once in a run. Where they can't be read
// it notes why, and returns false.
func Arguments[T any](r *Run, field *Field, read func(context.Context, map[string]any) (T, error)) (*T, bool) {
	if known, ok := r.arguments[field.slot].(*T); ok {
		return known, true
	}
	raw := field.collected.ArgumentMap(r.operation.Variables)
	arguments, err := read(r.Ctx, raw)
	if err != nil {
		ctx := r.placed()
		if _, err = read(ctx, raw); err != nil { // again, to be told the path
			r.operation.Error(ctx, err)
		}
		return nil, false
	}
	r.arguments[field.slot] = &arguments
	return &arguments, true
}

// placed returns the context of the response with the path to where the run is, as gqlgen's functions read it.
func (r *Run) placed() context.Context {
	ctx := graphql.WithFieldContext(r.Ctx, &graphql.FieldContext{Object: objectOf(r.operation.Operation.Operation)})
	for i := range r.steps {
		step := &r.steps[i]
		if step.field == nil {
			ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Index: &step.index})
			continue
		}
		object := ""
		if definition := step.field.collected.ObjectDefinition; definition != nil {
			object = definition.Name
		}
		ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: object, Field: step.field.collected})
	}
	return ctx
}

func objectOf(operation ast.Operation) string {
	if operation == ast.Mutation {
		return "Mutation"
	}
	return "Query"
}
