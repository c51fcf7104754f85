package guard

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"headwater/logic"
)

// What fields count that have no weight of their own: a list counts as a leaf, and each of its entries by its kind.
const (
	leafCost   = 1
	objectCost = 4
)

// assumedListSize is how long a list counts of whose length nothing is known.
const assumedListSize = 10

// unknown stands for the length of a page, or of a range of days, where there is none.
const unknown = -1

// cost returns how much the operation may bring, at most about: each field counts its weight for every object that it stands
// on; a page is as long as first or last says, a series as its days and interval make it, and a list of any other kind as its
// weight says, or the list that is asked for. Under a connection or a series that length holds for the lists right below it.
func cost(operation *ast.OperationDefinition, variables map[string]any, weights Weights) int {
	teller := teller{variables: variables, weights: weights, known: map[fragmentCost]int{}}
	return teller.set(operation.SelectionSet, place{unknown, unknown})
}

// teller adds up what the fields of an operation may bring. A fragment is counted once for each place that it is spread at;
// sums stop at the greatest int32.
type teller struct {
	variables map[string]any
	weights   Weights
	known     map[fragmentCost]int
}

// place is what the fields above a selection set say about the lists in it: the length of those right below, and how many
// days they are about; unknown where they say nothing.
type place struct{ page, days int }

type fragmentCost struct {
	name string
	place
}

// set returns what a selection set brings on one object.
func (t *teller) set(set ast.SelectionSet, at place) int {
	total := 0
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			total = plus(total, t.field(selection, at))
		case *ast.InlineFragment:
			total = plus(total, t.set(selection.SelectionSet, at))
		case *ast.FragmentSpread:
			total = plus(total, t.fragment(selection.Definition, at))
		}
	}
	return total
}

func (t *teller) fragment(definition *ast.FragmentDefinition, at place) int {
	if definition == nil {
		return 0
	}
	key := fragmentCost{definition.Name, at}
	if found, ok := t.known[key]; ok {
		return found
	}
	found := t.set(definition.SelectionSet, at)
	t.known[key] = found
	return found
}

func (t *teller) field(field *ast.Field, at place) int {
	definition := field.Definition
	if definition == nil {
		return leafCost
	}
	name := ""
	if field.ObjectDefinition != nil {
		name = field.ObjectDefinition.Name + "." + field.Name
	}
	entry, own := leafCost, leafCost
	if len(field.SelectionSet) > 0 {
		entry = objectCost
	}
	if definition.Type.Elem == nil {
		own = entry
	}
	if weight, ok := t.weights.Own[name]; ok {
		own = weight
	}
	below := place{unknown, t.days(field, at.days)}
	size := t.pageSize(field)
	if size == unknown {
		size = t.entries(field, below.days)
	}
	if definition.Type.Elem == nil {
		below.page = size
		return plus(own, t.set(field.SelectionSet, below))
	}
	if size == unknown {
		size = at.page
	}
	if size == unknown {
		size = t.listSize(field, name)
	}
	return plus(own, times(size, plus(entry, t.set(field.SelectionSet, below))))
}

// pageSize returns the length of the page that the field's arguments ask for, unknown where it has no such arguments.
func (t *teller) pageSize(field *ast.Field) int {
	paged, size := false, unknown
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
	if paged && size == unknown {
		return logic.DefaultPageSize
	}
	// A page past the greatest is refused where it is asked for, with a better message.
	return min(size, logic.MaxPageSize)
}

// listSize returns how long a list gets that has no page: as its weight says, or as the longest list among its arguments, as
// in nodes(ids:), of which no more than a page is answered.
func (t *teller) listSize(field *ast.Field, name string) int {
	if length, ok := t.weights.Lengths[name]; ok {
		return length
	}
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
	return min(size, logic.MaxPageSize)
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
	}
	return 0, false
}

func plus(a, b int) int { return min(a+b, math.MaxInt32) }

func times(a, b int) int { return min(a*b, math.MaxInt32) }
