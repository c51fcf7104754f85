package graph_test

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// generator makes random operations over the contract that are valid. Where two fields of one place have one name in the answer,
// they are the same field with the same arguments, so that what is selected of them is merged.
type generator struct {
	random *rand.Rand
	schema *ast.Schema
	pools  map[string][]string // literals to choose from for an argument, by its name and by its type

	fragments []string
	variables map[string]any
	defaults  map[string]string // the types and values of variables that are given nothing
}

// poolsOf returns what arguments are chosen from: texts and IDs that are there, and some that are not.
func poolsOf(t testing.TB, w *world) map[string][]string {
	var found struct {
		Data struct {
			Posts struct {
				Nodes    []struct{ ID, Slug string }
				PageInfo struct{ EndCursor string }
			}
			Users, Tags struct {
				Nodes []struct{ ID, Username, Slug string }
			}
		}
	}
	answer := execute(operator(t.Context()), w.executor,
		`{ posts(first: 8) { nodes { id slug } pageInfo { endCursor } } users { nodes { id username } } tags { nodes { id slug } } }`)
	whole := `{"data":` + string(answer.Data) + `}`
	if err := json.Unmarshal([]byte(whole), &found); err != nil {
		t.Fatal(err)
	}
	pools := map[string][]string{
		"slug": {`"nowhere"`}, "username": {`"nobody"`}, "ID": {`"nothing"`, `""`}, "first": {"0", "1", "3", "2", "5", "4", "200"}, "last": {"1", "2"},
		"after": {`"` + found.Data.Posts.PageInfo.EndCursor + `"`}, "before": {`"` + found.Data.Posts.PageInfo.EndCursor + `"`},
		"query": {`"query"`, `"pag*"`, `"\"of the\""`}, "token": {`"hw_preview_nothing"`}, "length": {"20", "80", "300", "-5"}, "timeZone": {`"Europe/Berlin"`, `"UTC"`},
		"text": {`"line\nbreak \u0001 \"quoted\" \\ ü"`},
		"Int":  {"1", "2"}, "String": {`"some"`, `""`}, "Boolean": {"true", "false"}, "Date": {`"2026-11-20"`, `"2026-11-27"`, `"2026-11-21"`},
		"DateTime": {`"2026-11-20T00:00:00Z"`}, "URL": {`"https://example.org/"`}, "Count": {"1"}, "Float": {"1.5"},
	}
	for _, post := range found.Data.Posts.Nodes {
		pools["slug"] = append(pools["slug"], fmt.Sprintf("%q", post.Slug))
		pools["ID"] = append(pools["ID"], fmt.Sprintf("%q", post.ID))
	}
	for _, user := range found.Data.Users.Nodes {
		pools["username"] = append(pools["username"], fmt.Sprintf("%q", user.Username))
		pools["ID"] = append(pools["ID"], fmt.Sprintf("%q", user.ID))
	}
	for _, tag := range found.Data.Tags.Nodes {
		pools["slug"] = append(pools["slug"], fmt.Sprintf("%q", tag.Slug))
		pools["ID"] = append(pools["ID"], fmt.Sprintf("%q", tag.ID))
	}
	return pools
}

// refusable are mutations that change nothing when nobody asks for them, and nothing either when they are given nothing.
var refusable = []string{"deleteWebhook", "revokeSession", "unpublishPost", "archivePost", "deleteMedia", "revokeApiKey", "mergeTags", "restoreRevision"}

// operation returns an operation with its variables.
func (g *generator) operation() (string, map[string]any) {
	g.fragments, g.variables, g.defaults = nil, map[string]any{}, map[string]string{}
	kind, body := "query", ""
	if g.random.IntN(20) == 0 {
		kind, body = "mutation", g.mutation()
	} else {
		body = g.selections(g.schema.Query, 5, "")
	}
	var declared []string
	for name := range g.variables {
		declared = append(declared, "$"+name+": Boolean!")
	}
	for name, value := range g.defaults {
		declared = append(declared, "$"+name+": "+value)
	}
	slices.Sort(declared)
	head := kind + " Random"
	if len(declared) > 0 {
		head += "(" + strings.Join(declared, ", ") + ")"
	}
	return head + " " + body + strings.Join(g.fragments, ""), g.variables
}

// mutation selects mutations that are refused: their IDs are of nothing.
func (g *generator) mutation() string {
	var selected []string
	for i := range 1 + g.random.IntN(3) {
		field := g.schema.Mutation.Fields.ForName(refusable[g.random.IntN(len(refusable))])
		var arguments []string
		for _, argument := range field.Arguments {
			if argument.Type.NonNull && argument.DefaultValue == nil {
				value := `"nothing"`
				if argument.Type.Name() == "Int" {
					value = "1"
				}
				arguments = append(arguments, argument.Name+": "+value)
			}
		}
		payload := g.schema.Types[field.Type.Name()]
		selected = append(selected, fmt.Sprintf("m%d: %s(%s) %s", i, field.Name, strings.Join(arguments, ", "), g.selections(payload, 2, "")))
	}
	return "{ " + strings.Join(selected, " ") + " }"
}

// selections returns a selection set on an object of a type, of which fields go at most depth levels deeper. prefix stands before
// the names of the answer, where other types may stand in the same place.
func (g *generator) selections(of *ast.Definition, depth int, prefix string) string {
	var selected []string
	for range 1 + g.random.IntN(5) {
		selection := g.field(of, depth, prefix)
		switch g.random.IntN(12) {
		case 0:
			selection = "... on " + of.Name + g.directive() + " { " + selection + " " + g.field(of, depth, prefix) + " }"
		case 1:
			name := fmt.Sprintf("F%d", len(g.fragments))
			g.fragments = append(g.fragments, "")
			at := len(g.fragments) - 1
			g.fragments[at] = fmt.Sprintf(" fragment %s on %s { %s }", name, of.Name, selection+" "+g.field(of, depth, prefix))
			selection = "..." + name + g.directive()
			if g.random.IntN(3) == 0 {
				selection += " ..." + name
			}
		case 2:
			selection = "... " + g.directive() + " { " + selection + " }"
		}
		selected = append(selected, selection)
	}
	return "{ " + strings.Join(selected, " ") + " }"
}

// field returns one field of an object of a type.
func (g *generator) field(of *ast.Definition, depth int, prefix string) string {
	for range 30 {
		field := of.Fields[g.random.IntN(len(of.Fields))]
		below := g.schema.Types[field.Type.Name()]
		if strings.HasPrefix(field.Name, "__") || depth == 0 && !below.IsLeafType() {
			continue
		}
		arguments, variant := g.arguments(field)
		text := field.Name + arguments
		if alias := prefix + field.Name + variant; alias != field.Name {
			text = alias + ": " + text
		}
		text += g.directive()
		switch below.Kind {
		case ast.Object:
			return text + " " + g.selections(below, depth-1, "")
		case ast.Interface:
			return text + " " + g.onTypes(below, depth-1)
		}
		return text
	}
	return "__typename"
}

// onTypes returns a selection set on an interface.
func (g *generator) onTypes(of *ast.Definition, depth int) string {
	selected := []string{"__typename"}
	if g.random.IntN(2) == 0 {
		selected = append(selected, "id")
	}
	possible := g.schema.GetPossibleTypes(of)
	for range 1 + g.random.IntN(3) {
		on := possible[g.random.IntN(len(possible))]
		selected = append(selected, "... on "+on.Name+" "+g.selections(on, depth, on.Name+"_"))
	}
	return "{ " + strings.Join(selected, " ") + " }"
}

// arguments returns what a field is given, and what tells it from the same field given something else.
func (g *generator) arguments(field *ast.FieldDefinition) (text, variant string) {
	var given []string
	choice := g.random.IntN(7)
	for i, argument := range field.Arguments {
		needed := argument.Type.NonNull && argument.DefaultValue == nil
		if !needed && (choice+i)%4 != 0 {
			continue
		}
		if value, ok := g.literal(argument.Name, argument.Type, choice+i); ok {
			if choice%3 == 0 {
				value = g.variable(argument, value)
			}
			given = append(given, argument.Name+": "+value)
		}
	}
	if len(given) == 0 {
		return "", ""
	}
	return "(" + strings.Join(given, ", ") + ")", fmt.Sprintf("_%d", choice)
}

// variable returns a variable for an argument that has a value: the same for the same value.
func (g *generator) variable(of *ast.ArgumentDefinition, value string) string {
	value = of.Type.String() + " = " + value
	sum := fnv.New64a()
	fmt.Fprint(sum, value)
	name := fmt.Sprintf("%s_%x", of.Name, sum.Sum64())
	g.defaults[name] = value
	return "$" + name
}

// literal returns a value of a type: the same for the same choice.
func (g *generator) literal(name string, of *ast.Type, choice int) (string, bool) {
	if of.Elem != nil {
		one, _ := g.literal(name, of.Elem, choice)
		two, ok := g.literal(name, of.Elem, choice+1)
		return "[" + one + ", " + two + "]", ok
	}
	definition := g.schema.Types[of.NamedType]
	switch definition.Kind {
	case ast.Enum:
		return definition.EnumValues[choice%len(definition.EnumValues)].Name, true
	case ast.InputObject:
		var fields []string
		for i, field := range definition.Fields {
			if !field.Type.NonNull && (choice+i)%4 != 0 {
				continue
			}
			if value, ok := g.literal(field.Name, field.Type, choice+i); ok {
				fields = append(fields, field.Name+": "+value)
			}
		}
		return "{ " + strings.Join(fields, ", ") + " }", true
	}
	pool := g.pools[name]
	if pool == nil || of.NamedType == "ID" {
		pool = g.pools[of.NamedType]
	}
	return pool[choice%len(pool)], len(pool) > 0
}

// directive returns @skip or @include by a literal or a variable, now and then.
func (g *generator) directive() string {
	if g.random.IntN(10) > 0 {
		return ""
	}
	name := []string{" @skip", " @include"}[g.random.IntN(2)]
	if g.random.IntN(2) == 0 {
		return fmt.Sprintf("%s(if: %v)", name, g.random.IntN(2) == 0)
	}
	variable := fmt.Sprintf("v%d", g.random.IntN(3))
	g.variables[variable] = g.random.IntN(2) == 0
	return name + "(if: $" + variable + ")"
}
