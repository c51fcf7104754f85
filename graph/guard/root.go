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

// checkOnce refuses an operation with more than one field at its root out of names, which are written "Type.field".
func checkOnce(operation *ast.OperationDefinition, names []string) *logic.Error {
	taken := ""
	for field := range RootFields(operation) {
		if field.ObjectDefinition == nil || !slices.Contains(names, field.ObjectDefinition.Name+"."+field.Name) {
			continue
		}
		if taken != "" {
			return logic.Fault(logic.CodeTooComplex, "The operation has %s and %s: a request holds at most one of the mutations that check a password or send mail.", taken, field.Name)
		}
		taken = field.Name
	}
	return nil
}
