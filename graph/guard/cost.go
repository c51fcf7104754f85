package guard

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"headwater/logic"
)

// assumedListSize is how long a list counts that has no size of its own: the tags, authors or headings of a post.
const assumedListSize = 10

// noPage stands for the length of a page where there is none.
const noPage = -1

// Weights says which fields bring more than one value's worth of work or bytes, by "Type.field".
type Weights map[string]int

// check returns an error that names a weight whose field schema does not have.
func (w Weights) check(schema *ast.Schema) error {
	for name := range w {
		typeName, fieldName, _ := strings.Cut(name, ".")
		definition := schema.Types[typeName]
		if definition == nil || definition.Fields.ForName(fieldName) == nil {
			return fmt.Errorf("guard: there is a weight for %s, which the schema does not have", name)
		}
	}
	return nil
}

// cost returns how many values the operation may bring, at most about: each field is one, or its weight, for every object
// that it stands on; a page is as long as first or last says, and a list of any other kind as long as assumedListSize, or as
// the list that is asked for. Under a connection the page's length holds for its nodes and edges.
func cost(operation *ast.OperationDefinition, variables map[string]any, weights Weights) int {
	teller := teller{variables: variables, weights: weights, known: map[fragmentCost]int{}}
	return teller.set(operation.SelectionSet, noPage)
}

// teller adds up what the fields of an operation may bring. A fragment is counted once for each length of page that it is
// spread under; sums stop at the greatest int32.
type teller struct {
	variables map[string]any
	weights   Weights
	known     map[fragmentCost]int
}

type fragmentCost struct {
	name string
	page int
}

// set returns what a selection set brings on one object; page is the length of the lists of a connection, noPage elsewhere.
func (t *teller) set(set ast.SelectionSet, page int) int {
	total := 0
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			total = plus(total, t.field(selection, page))
		case *ast.InlineFragment:
			total = plus(total, t.set(selection.SelectionSet, page))
		case *ast.FragmentSpread:
			total = plus(total, t.fragment(selection.Definition, page))
		}
	}
	return total
}

func (t *teller) fragment(definition *ast.FragmentDefinition, page int) int {
	if definition == nil {
		return 0
	}
	key := fragmentCost{definition.Name, page}
	if found, ok := t.known[key]; ok {
		return found
	}
	found := t.set(definition.SelectionSet, page)
	t.known[key] = found
	return found
}

func (t *teller) field(field *ast.Field, page int) int {
	definition := field.Definition
	if definition == nil {
		return 1
	}
	own := 1
	if field.ObjectDefinition != nil {
		if weight, ok := t.weights[field.ObjectDefinition.Name+"."+field.Name]; ok {
			own = weight
		}
	}
	size := t.pageSize(field)
	if definition.Type.Elem == nil {
		return plus(own, t.set(field.SelectionSet, size))
	}
	if size == noPage {
		size = page
	}
	if size == noPage {
		size = t.listSize(field)
	}
	return plus(own, times(size, plus(1, t.set(field.SelectionSet, noPage))))
}

// pageSize returns the length of the page that the field's arguments ask for, noPage where it has no such arguments.
func (t *teller) pageSize(field *ast.Field) int {
	paged, size := false, noPage
	for _, name := range []string{"first", "last"} {
		argument := field.Definition.Arguments.ForName(name)
		if argument == nil {
			continue
		}
		paged = true
		n, ok := t.number(field.Arguments.ForName(name))
		if !ok && argument.DefaultValue != nil {
			n, ok = t.literal(argument.DefaultValue)
		}
		if ok {
			size = max(size, n, 0)
		}
	}
	if paged && size == noPage {
		return logic.DefaultPageSize
	}
	// A page past the greatest is refused where it is asked for, with a better message.
	return min(size, logic.MaxPageSize)
}

// listSize returns the length of the longest list among the field's arguments, as in nodes(ids:).
func (t *teller) listSize(field *ast.Field) int {
	size := 0
	for _, definition := range field.Definition.Arguments {
		if definition.Type.Elem == nil {
			continue
		}
		if argument := field.Arguments.ForName(definition.Name); argument != nil {
			size = max(size, t.length(argument.Value))
		}
	}
	if size == 0 {
		return assumedListSize
	}
	return size
}

func (t *teller) length(value *ast.Value) int {
	switch value.Kind {
	case ast.ListValue:
		return len(value.Children)
	case ast.Variable:
		list, _ := t.variables[value.Raw].([]any)
		return len(list)
	}
	return 1
}

// number returns the whole number that an argument gives; false where it gives none, null or something else.
func (t *teller) number(argument *ast.Argument) (int, bool) {
	if argument == nil || argument.Value == nil {
		return 0, false
	}
	return t.literal(argument.Value)
}

func (t *teller) literal(value *ast.Value) (int, bool) {
	switch value.Kind {
	case ast.IntValue:
		n, err := strconv.Atoi(value.Raw)
		return n, err == nil
	case ast.Variable:
		return whole(t.variables[value.Raw])
	}
	return 0, false
}

// whole reads a number as variables hold it, which depends on how their JSON was decoded.
func whole(value any) (int, bool) {
	switch n := value.(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	case float64:
		return int(n), n == math.Trunc(n) && math.Abs(n) <= math.MaxInt32
	case json.Number:
		i, err := strconv.Atoi(n.String())
		return i, err == nil
	case string: // the variable checks let "1" pass for an Int
		i, err := strconv.Atoi(n)
		return i, err == nil
	}
	return 0, false
}

func plus(a, b int) int { return min(a+b, math.MaxInt32) }

func times(a, b int) int { return min(a*b, math.MaxInt32) }
