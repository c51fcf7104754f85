package guard

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// Hint is what the contract's @cacheControl says of an answer.
type Hint struct {
	// Keeps tells whether the answer may be kept at all, and be asked about by its tag: each field at its root has a hint.
	Keeps bool
	// MaxAge is for how long it may be taken without asking again: the least of its fields' hints.
	MaxAge time.Duration
	// Private tells that it has a field that not everyone gets.
	Private bool
}

// HintOf returns the hint of a validated query: each field's own, or its type's, where the field is of an object; one of a scalar or an enum
// without a hint is as its parent. What @skip and @include may leave out counts all the same.
func HintOf(operation *ast.OperationDefinition) Hint {
	if operation.Operation != ast.Query {
		return Hint{}
	}
	hint := Hint{Keeps: true, MaxAge: math.MaxInt64}
	hint.add(operation.SelectionSet, true)
	if hint.MaxAge == math.MaxInt64 || !hint.Keeps {
		hint.MaxAge = 0
	}
	return hint
}

func (h *Hint) add(set ast.SelectionSet, root bool) {
	for field := range fieldsOf(set) {
		of := field.Definition.Directives.ForName(cacheControl)
		switch {
		case strings.HasPrefix(field.Name, "__"):
			if root {
				h.MaxAge = 0 // a new version may tell something else
			}
			continue
		case of != nil:
			h.take(of)
		case !h.takeTypes(field.SelectionSet):
			h.MaxAge = 0
			h.Keeps = h.Keeps && !root
		}
		h.add(field.SelectionSet, false)
	}
}

// cacheControl is the name of the directive.
const cacheControl = "cacheControl"

// takeTypes takes over the hints of the types that a set's fields are of, and tells whether each has one. An empty set is of none.
func (h *Hint) takeTypes(set ast.SelectionSet) bool {
	for field := range fieldsOf(set) {
		of := field.ObjectDefinition.Directives.ForName(cacheControl)
		if of == nil {
			return false
		}
		h.take(of)
	}
	return true
}

func (h *Hint) take(of *ast.Directive) {
	seconds, _ := strconv.Atoi(of.Arguments.ForName("maxAge").Value.Raw) // the contract was checked
	h.MaxAge = min(h.MaxAge, time.Duration(seconds)*time.Second)
	scope := of.Arguments.ForName("scope")
	h.Private = h.Private || scope != nil && scope.Value.Raw == "PRIVATE"
}

// fieldsOf returns the fields of a set's own level, every fragment laid out.
func fieldsOf(set ast.SelectionSet) func(func(*ast.Field) bool) {
	return func(yield func(*ast.Field) bool) { walkFields(set, yield) }
}
