package guard

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Rules returns the rules that documents are validated by: the specification's, and one that gqlparser leaves out. Give the
// function to the executor's SetDefaultRulesFn.
func Rules() *rules.Rules {
	all := rules.NewDefaultRules()
	all.AddRule("LiteralsOfOneValue", literalsOfOneValue)
	return all
}

// literalsOfOneValue refuses objects and lists where a scalar or an enum stands. gqlparser's own rule takes an empty object for
// a value of any of them, and looks at no scalar that it does not know.
func literalsOfOneValue(observers *validator.Events, addError validator.AddErrFunc) {
	observers.OnValue(func(_ *validator.Walker, value *ast.Value) {
		if value.Definition == nil || value.ExpectedType == nil || !isLeaf(value.Definition) {
			return
		}
		switch {
		case value.Kind == ast.ObjectValue && (len(value.Children) == 0 || isCustom(value.Definition)),
			value.Kind == ast.ListValue && value.ExpectedType.Elem == nil && isCustom(value.Definition):
			addError(
				validator.Message("Expected value of type %q, found %s.", value.ExpectedType.String(), value.String()),
				core.At(value.Position))
		}
	})
}

func isLeaf(definition *ast.Definition) bool {
	return definition.Kind == ast.Scalar || definition.Kind == ast.Enum
}

// isCustom tells whether a type is a scalar of which gqlparser knows nothing.
func isCustom(definition *ast.Definition) bool {
	return definition.Kind == ast.Scalar && !definition.OneOf("Int", "Float", "String", "Boolean", "ID")
}
