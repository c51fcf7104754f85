package direct

import (
	"slices"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Typename is the Index of the field __typename, which every object has.
const Typename = -1

// maxFields is how many fields a plan has at most: what is larger is left to gqlgen's executor. A field below an interface is
// laid out for each type that may stand there.
const maxFields = 20_000

// Table says which place each field of each object type has in generated code.
type Table map[string]map[string]int

// Plan is an operation made ready to be walked through: fragments are laid out, what is said twice is merged, and what is
// skipped is left out. It is never changed, and serves many runs at once.
type Plan struct {
	Root      *Set
	fields    int
	arguments int // fields that have arguments
}

// Set is what is selected of an object of one type, in the order of the answer.
type Set struct {
	Fields []Field
}

// Field is something selected of an object.
type Field struct {
	// Index is the field's place in generated code, or Typename.
	Index int

	key       string // how its value begins in JSON: "alias":
	nonNull   bool
	slot      int // of its arguments in a run
	selected  []typedSet
	sets      []*Set // those of selected
	collected graphql.CollectedField
}

// typedSet is what is selected of an object where it is of a type.
type typedSet struct {
	name string
	set  *Set
}

// Set returns what is selected of the one type of object that the field can be.
func (f *Field) Set() *Set { return f.selected[0].set }

// On returns what is selected where the field is an object of the named type.
func (f *Field) On(name string) *Set {
	for _, selected := range f.selected {
		if selected.name == name {
			return selected.set
		}
	}
	return nil
}

// compile returns the plan for an operation with these variables, of which only those matter that decide about @skip and
// @include; nil where it has to be left to gqlgen's executor: introspection, @defer, and what is too large.
func compile(schema *ast.Schema, table Table, operation *graphql.OperationContext) *Plan {
	root := schema.Query
	switch operation.Operation.Operation {
	case ast.Mutation:
		root = schema.Mutation
	case ast.Subscription:
		return nil
	}
	c := compiler{schema: schema, table: table, operation: operation, plan: &Plan{}}
	c.plan.Root = c.set(root, operation.Operation.SelectionSet)
	if c.foreign {
		return nil
	}
	return c.plan
}

type compiler struct {
	schema    *ast.Schema
	table     Table
	operation *graphql.OperationContext
	plan      *Plan
	foreign   bool // something is not for this executor
}

// set lays out what is selected of an object of a type.
func (c *compiler) set(of *ast.Definition, selections ast.SelectionSet) *Set {
	set := &Set{}
	c.collect(set, of, selections, map[string]bool{})
	for i := range set.Fields {
		if field := &set.Fields[i]; !c.foreign {
			c.below(field)
		}
	}
	return set
}

// collect adds what is selected of an object of a type to set, each name of the answer once. A fragment that is spread twice in
// one place says nothing new the second time.
func (c *compiler) collect(set *Set, of *ast.Definition, selections ast.SelectionSet, spread map[string]bool) {
	for _, selection := range selections {
		switch selection := selection.(type) {
		case *ast.Field:
			if c.includes(selection.Directives) {
				c.add(set, of, selection)
			}
		case *ast.InlineFragment:
			if c.includes(selection.Directives) && c.applies(selection.TypeCondition, of) {
				c.collect(set, of, selection.SelectionSet, spread)
			}
		case *ast.FragmentSpread:
			if spread[selection.Name] || !c.includes(selection.Directives) {
				continue
			}
			spread[selection.Name] = true
			fragment := c.operation.Doc.Fragments.ForName(selection.Name)
			if c.applies(fragment.TypeCondition, of) {
				c.collect(set, of, fragment.SelectionSet, spread)
			}
		}
	}
}

// add adds a field to set, or what is selected of it to the field that is there under its name.
func (c *compiler) add(set *Set, of *ast.Definition, selected *ast.Field) {
	at := slices.IndexFunc(set.Fields, func(field Field) bool { return field.collected.Alias == selected.Alias })
	if at < 0 {
		at = len(set.Fields)
		index, known := c.table[of.Name][selected.Name]
		if selected.Name == "__typename" {
			index, known = Typename, true
		}
		c.plan.fields++
		c.foreign = c.foreign || !known || c.plan.fields > maxFields
		set.Fields = append(set.Fields, Field{
			Index: index, key: strconv.Quote(selected.Alias) + ":", nonNull: selected.Definition.Type.NonNull,
			collected: graphql.CollectedField{Field: selected},
		})
		if len(selected.Definition.Arguments) > 0 {
			set.Fields[at].slot = c.plan.arguments
			c.plan.arguments++
		}
	}
	merged := &set.Fields[at].collected
	merged.Selections = append(merged.Selections, selected.SelectionSet...)
}

// below lays out what is selected of a field's value, for each type of object that it may be.
func (c *compiler) below(field *Field) {
	if len(field.collected.Selections) == 0 {
		return
	}
	for _, possible := range c.schema.GetPossibleTypes(c.schema.Types[field.collected.Definition.Type.Name()]) {
		set := c.set(possible, field.collected.Selections)
		field.selected, field.sets = append(field.selected, typedSet{possible.Name, set}), append(field.sets, set)
	}
}

// applies tells whether what is selected on a type holds for objects of another.
func (c *compiler) applies(condition string, of *ast.Definition) bool {
	return condition == "" || condition == of.Name ||
		slices.ContainsFunc(c.schema.GetImplements(of), func(i *ast.Definition) bool { return i.Name == condition })
}

// includes tells whether directives let a selection be part of the answer.
func (c *compiler) includes(directives ast.DirectiveList) bool {
	for _, directive := range directives {
		switch directive.Name {
		case "skip", "include":
			given, err := directive.Arguments.ForName("if").Value.Value(c.operation.Variables)
			holds, isBool := given.(bool)
			c.foreign = c.foreign || err != nil || !isBool
			if holds == (directive.Name == "skip") {
				return false
			}
		case "defer":
			c.foreign = true
		}
	}
	return true
}
