package guard

import (
	"math"

	"github.com/vektah/gqlparser/v2/ast"

	"headwater/logic"
)

// checkShape refuses a document whose counts pass the limits. It runs before validation, so nothing in the document can be
// trusted to exist; an unknown fragment, and one that spreads itself, are left for validation to name.
func checkShape(document *ast.QueryDocument, limits Limits) *logic.Error {
	if n := len(document.Operations); n > limits.Operations {
		return tooComplex("operations", limits.Operations, n)
	}
	var written counts
	for _, operation := range document.Operations {
		written.directives += len(operation.Directives)
		for _, variable := range operation.VariableDefinitions {
			written.directives += len(variable.Directives)
		}
		written.add(operation.SelectionSet)
	}
	for _, fragment := range document.Fragments {
		written.directives += len(fragment.Directives)
		written.add(fragment.SelectionSet)
	}
	switch {
	case written.selections > limits.Selections:
		return tooComplex("selections", limits.Selections, written.selections)
	case written.aliases > limits.Aliases:
		return tooComplex("aliases", limits.Aliases, written.aliases)
	case written.directives > limits.Directives:
		return tooComplex("directives", limits.Directives, written.directives)
	}
	return checkOperations(document, limits)
}

// counts is what stands in a document as it is written.
type counts struct {
	selections, aliases, directives int
}

// add counts a selection set and all below it. The depth of its recursion is bounded by checkBytes.
func (c *counts) add(set ast.SelectionSet) {
	c.selections += len(set)
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			if selection.Alias != selection.Name {
				c.aliases++
			}
			c.directives += len(selection.Directives)
			c.add(selection.SelectionSet)
		case *ast.InlineFragment:
			c.directives += len(selection.Directives)
			c.add(selection.SelectionSet)
		case *ast.FragmentSpread:
			c.directives += len(selection.Directives)
		}
	}
}

func checkOperations(document *ast.QueryDocument, limits Limits) *logic.Error {
	laid := layout{fragments: make(map[string]*ast.FragmentDefinition, len(document.Fragments)), known: map[string]extent{}}
	for _, fragment := range document.Fragments {
		laid.fragments[fragment.Name] = fragment
	}
	for _, operation := range document.Operations {
		found := laid.extent(operation.SelectionSet)
		switch {
		case found.depth > limits.Depth:
			return tooDeep("selects", limits.Depth, found.depth)
		case found.top > limits.RootFields:
			return tooComplex("fields at the root", limits.RootFields, found.top)
		case found.fields > limits.Fields:
			return tooComplex("fields, with every fragment laid out where it is spread", limits.Fields, found.fields)
		}
	}
	// Fragments that no operation spreads are compared by validation all the same.
	for _, fragment := range document.Fragments {
		laid.extent(fragment.SelectionSet)
	}
	if laid.repeats > limits.Repeats {
		return tooComplex("fields of one name in one place", limits.Repeats, laid.repeats)
	}
	return nil
}

// extent is what a selection set comes to when every fragment is laid out where it is spread.
type extent struct {
	depth  int            // levels of fields
	top    int            // fields at its own level
	fields int            // fields and spreads at all levels
	names  map[string]int // how often each answers at its own level; nil where there is none
}

// layout lays fragments out, each once, whatever number of places it is spread at: the counts of a fragment are the same
// everywhere. So its work grows with the text alone, and its sums, which do not, stop at the greatest int32.
type layout struct {
	fragments map[string]*ast.FragmentDefinition
	known     map[string]extent // a fragment under way is known as empty, which ends a cycle
	repeats   int               // the most fields of one name in one place so far
}

func (l *layout) extent(set ast.SelectionSet) extent {
	var total extent
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			below := l.extent(selection.SelectionSet)
			total.add(extent{depth: below.depth + 1, top: 1, fields: below.fields + 1})
			total.count(selection.Alias, 1)
		case *ast.InlineFragment:
			total.addAll(l.extent(selection.SelectionSet))
		case *ast.FragmentSpread:
			below := l.fragment(selection.Name)
			below.fields++
			total.addAll(below)
		}
	}
	for _, n := range total.names {
		l.repeats = max(l.repeats, n)
	}
	return total
}

func (l *layout) fragment(name string) extent {
	if found, ok := l.known[name]; ok {
		return found
	}
	definition, ok := l.fragments[name]
	if !ok {
		return extent{}
	}
	l.known[name] = extent{}
	found := l.extent(definition.SelectionSet)
	l.known[name] = found
	return found
}

func (e *extent) add(other extent) {
	e.depth = max(e.depth, other.depth)
	e.top = min(e.top+other.top, math.MaxInt32)
	e.fields = min(e.fields+other.fields, math.MaxInt32)
}

func (e *extent) addAll(other extent) {
	e.add(other)
	for name, n := range other.names {
		e.count(name, n)
	}
}

func (e *extent) count(name string, n int) {
	if e.names == nil {
		e.names = map[string]int{}
	}
	e.names[name] = min(e.names[name]+n, math.MaxInt32)
}
