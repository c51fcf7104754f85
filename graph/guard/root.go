package guard

import (
	"iter"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"headwater/logic"
)

// RootFields returns the fields at the root of a validated operation, each as often as it stands there once every fragment is laid
// out. How many there are is bounded by Limits.RootFields.
func RootFields(operation *ast.OperationDefinition) iter.Seq[*ast.Field] {
	return func(yield func(*ast.Field) bool) { walkFields(operation.SelectionSet, yield) }
}

// walkFields yields the fields of a set's own level, and tells whether more are wanted.
func walkFields(set ast.SelectionSet, yield func(*ast.Field) bool) bool {
	for _, selection := range set {
		more := true
		switch selection := selection.(type) {
		case *ast.Field:
			more = yield(selection)
		case *ast.InlineFragment:
			more = walkFields(selection.SelectionSet, yield)
		case *ast.FragmentSpread:
			more = walkFields(selection.Definition.SelectionSet, yield)
		}
		if !more {
			return false
		}
	}
	return true
}

// checkOnce refuses an operation with more than one field at its root out of names, of which a request holds at most one.
func checkOnce(operation *ast.OperationDefinition, names []string) *logic.Error {
	if first, second := twoOf(operation, names); second != "" {
		return logic.Fault(logic.CodeTooComplex,
			"The operation has %s and %s: a request holds at most one of the fields that check a secret or send mail.", first, second)
	}
	return nil
}

// checkKeyed refuses an operation with more than one field at its root out of names, where the request has an Idempotency-Key: that is the
// key of what one of them makes.
func checkKeyed(operation *ast.OperationDefinition, names []string, key string) *logic.Error {
	if first, second := twoOf(operation, names); second != "" && key != "" {
		return logic.Fault(logic.CodeBadRequest,
			"The operation has %s and %s, and the request one Idempotency-Key, which is for one of them: send each in a request of its own, with a key of its own.",
			first, second)
	}
	return nil
}

// twoOf returns the first two fields at the root of an operation that are among names, which are written "Type.field"; empty where there
// are none.
func twoOf(operation *ast.OperationDefinition, names []string) (first, second string) {
	for field := range RootFields(operation) {
		if field.ObjectDefinition == nil || !slices.Contains(names, field.ObjectDefinition.Name+"."+field.Name) {
			continue
		}
		if first != "" {
			return first, field.Name
		}
		first = field.Name
	}
	return first, ""
}
