package guard

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/logic"
)

// maxFaults is how many faults of variables are looked for.
const maxFaults = 100

// CheckVariables returns what is wrong with the values that are given for the variables of a validated operation, each fault
// with the path of the value in extensions.field. It takes no value for one of another type: no text is a number, and no
// number with a fraction an Int. What a scalar of the contract may hold beyond one value is left to the scalar.
func CheckVariables(schema *ast.Schema, operation *ast.OperationDefinition, given map[string]any) gqlerror.List {
	check := variableCheck{schema: schema}
	for _, variable := range operation.VariableDefinitions {
		check.position = variable.Position
		value, ok := given[variable.Variable]
		if ok || variable.DefaultValue == nil && variable.Type.NonNull {
			check.value(variable.Type, value, []string{"variables", variable.Variable})
		}
		if ok && value == nil && variable.Type.Name() == "Boolean" && decides(operation.SelectionSet, variable.Variable, map[string]bool{}) {
			check.fault([]string{"variables", variable.Variable}, "true or false is needed here, for @skip or @include")
		}
	}
	return check.faults
}

type variableCheck struct {
	schema   *ast.Schema
	position *ast.Position
	faults   gqlerror.List
}

func (c *variableCheck) fault(path []string, message string) {
	if len(c.faults) == maxFaults {
		return
	}
	fault := refusal(logic.Fault(logic.CodeValidationFailed, "%s: %s", strings.Join(path, "."), message))
	fault.Extensions["field"] = slices.Clone(path)
	if c.position != nil {
		fault.Locations = []gqlerror.Location{{Line: c.position.Line, Column: c.position.Column}}
	}
	c.faults = append(c.faults, fault)
}

// value checks one value. Where a list is needed, any other value stands for a list of it alone.
func (c *variableCheck) value(of *ast.Type, value any, path []string) {
	switch {
	case value == nil && of.NonNull:
		c.fault(path, "a value is needed here")
		return
	case value == nil:
		return
	}
	if of.Elem != nil {
		list, ok := value.([]any)
		if !ok {
			c.value(of.Elem, value, path)
		}
		for i, entry := range list {
			c.value(of.Elem, entry, append(path, strconv.Itoa(i)))
		}
		return
	}
	switch definition := c.schema.Types[of.NamedType]; definition.Kind {
	case ast.InputObject:
		c.object(definition, value, path)
	case ast.Enum:
		if name, ok := value.(string); !ok || definition.EnumValues.ForName(name) == nil {
			c.fault(path, "a value of "+definition.Name+" is needed here")
		}
	default:
		if needed := neededFor(definition.Name, value); needed != "" {
			c.fault(path, needed+" is needed here")
		}
	}
}

func (c *variableCheck) object(definition *ast.Definition, value any, path []string) {
	members, ok := value.(map[string]any)
	if !ok {
		c.fault(path, "an object is needed here, of "+definition.Name)
		return
	}
	for _, field := range definition.Fields {
		if member, ok := members[field.Name]; ok || field.DefaultValue == nil && field.Type.NonNull {
			c.value(field.Type, member, append(path, field.Name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if definition.Fields.ForName(name) == nil {
			c.fault(append(path, name), definition.Name+" has no such field")
		}
	}
}

// neededFor returns what is needed instead of value for a scalar; empty where value will do.
func neededFor(scalar string, value any) string {
	_, isText := value.(string)
	switch scalar {
	case "Int":
		if n, ok := whole(value); !ok || n < math.MinInt32 || n > math.MaxInt32 {
			return fmt.Sprintf("a whole number from %d to %d", math.MinInt32, math.MaxInt32)
		}
	case "Float":
		if !isNumber(value) {
			return "a number"
		}
	case "String":
		if !isText {
			return "a text"
		}
	case "Boolean":
		if _, ok := value.(bool); !ok {
			return "true or false"
		}
	case "ID":
		if _, ok := whole(value); !ok && !isText {
			return "an ID, which is a text,"
		}
	default:
		switch value.(type) {
		case map[string]any, []any:
			return "a single value of " + scalar
		}
	}
	return ""
}

func isNumber(value any) bool {
	switch value.(type) {
	case int, int64, float64, json.Number:
		return true
	}
	return false
}

// decides tells whether @skip or @include in a selection set asks the variable. Each fragment is looked at once.
func decides(set ast.SelectionSet, variable string, seen map[string]bool) bool {
	return slices.ContainsFunc(set, func(selection ast.Selection) bool {
		switch selection := selection.(type) {
		case *ast.Field:
			return asks(selection.Directives, variable) || decides(selection.SelectionSet, variable, seen)
		case *ast.InlineFragment:
			return asks(selection.Directives, variable) || decides(selection.SelectionSet, variable, seen)
		case *ast.FragmentSpread:
			known := seen[selection.Name]
			seen[selection.Name] = true
			return asks(selection.Directives, variable) || !known && decides(selection.Definition.SelectionSet, variable, seen)
		}
		return false
	})
}

func asks(directives ast.DirectiveList, variable string) bool {
	return slices.ContainsFunc(directives, func(directive *ast.Directive) bool {
		argument := directive.Arguments.ForName("if")
		return argument != nil && argument.Value.Kind == ast.Variable && argument.Value.Raw == variable
	})
}
