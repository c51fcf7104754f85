package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// operations are the texts of operations.txt by what they are for.
type operations struct {
	schema *ast.Schema
	texts  map[string]string
}

// operation is what is asked at one place.
type operation struct {
	text string
	// twin tells that it changes the session or the account of whoever asks; shown, that the site is to show views.
	twin, shown bool
}

var operationLine = regexp.MustCompile(`^(<[^>]+>|[\w./()-]+): +(.*)$`)

func readOperations(t *testing.T, schema *ast.Schema) operations {
	t.Helper()
	read := operations{schema: schema, texts: map[string]string{}}
	name := ""
	for line := range strings.Lines(permissionFile(t, "operations.txt")) {
		line = strings.TrimRight(line, "\n")
		begins := operationLine.FindStringSubmatch(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case begins != nil:
			name = begins[1]
			if read.texts[name] != "" {
				t.Fatalf("operations.txt: two texts for %s", name)
			}
			read.texts[name] = begins[2]
		case name != "":
			read.texts[name] += "\n" + line
		default:
			t.Fatalf("operations.txt: what is this for? %s", line)
		}
	}
	return read
}

// sweeps returns the operations that are for no row, by name.
func (o operations) sweeps() map[string]string {
	found := map[string]string{}
	for name, text := range o.texts {
		if strings.HasPrefix(name, "sweep/") {
			found[name] = text
		}
	}
	return found
}

// madeOnce returns the names of what a mutation makes the first time that it is named, in a fixed order.
func (o operations) madeOnce() []string {
	var names []string
	for name, text := range o.texts {
		if strings.HasPrefix(name, "<") && isMutation(text) && !strings.HasPrefix(name, "<new ") && !strings.HasPrefix(name, "<own ") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// isWhole tells an operation from what is asked for at the end of a way.
func isWhole(text string) bool {
	_, text = cutWords(text)
	return strings.HasPrefix(text, "{") || strings.HasPrefix(text, "mutation")
}

// cutWords takes the words in front of an operation off that say how it is carried out.
func cutWords(text string) (words map[string]bool, rest string) {
	words = map[string]bool{}
	for {
		word, rest, ok := strings.Cut(text, " ")
		if !ok || word != "twin" && word != "shown" {
			return words, text
		}
		words[word], text = true, rest
	}
}

// of returns the operation that asks for the place of a row.
func (o operations) of(row permissionRow) (operation, error) {
	text, err := o.find(row)
	if err != nil {
		return operation{}, err
	}
	words, text := cutWords(text)
	document, faults := gqlparser.LoadQueryWithRules(o.schema, text, rules.NewDefaultRules())
	if faults != nil {
		return operation{}, fmt.Errorf("%s: %w in %s", row, faults, text)
	}
	if !uses(document.Operations[0].SelectionSet, row.place) {
		return operation{}, fmt.Errorf("%s is not asked for by %s", row, text)
	}
	return operation{text: text, twin: words["twin"], shown: words["shown"]}, nil
}

func (o operations) find(row permissionRow) (string, error) {
	typeName, field, argument := splitPlace(row.place)
	withWay := func(name string) string {
		if row.way == "" {
			return o.texts[name]
		}
		return o.texts[name+"/"+row.way]
	}
	if text := withWay(row.place); isWhole(text) {
		return text, nil
	}
	definition := o.schema.Types[typeName]
	if definition == nil || definition.Fields.ForName(field) == nil {
		return "", fmt.Errorf("the schema has no %s", row.place)
	}
	way := withWay(typeName)
	if definition.Kind == ast.InputObject {
		return way, o.missing(row, way)
	}
	asked := o.texts[row.place]
	if asked == "" && argument != "" {
		asked = o.texts[typeName+"."+field]
	}
	if isWhole(asked) && row.way == "" {
		return asked, nil
	}
	if asked == "" || isWhole(asked) {
		asked = o.plain(definition.Fields.ForName(field))
	}
	return strings.Replace(way, "$", "it: "+asked, 1), o.missing(row, way)
}

func (o operations) missing(row permissionRow, text string) error {
	if text == "" {
		return fmt.Errorf("operations.txt does not say how to ask for %s", row)
	}
	return nil
}

// plain asks for a field as such.
func (o operations) plain(field *ast.FieldDefinition) string {
	definition := o.schema.Types[field.Type.Name()]
	switch {
	case !definition.IsCompositeType():
		return field.Name
	case definition.Fields.ForName("nodes") != nil:
		return field.Name + " { nodes { __typename } }"
	}
	return field.Name + " { __typename }"
}

// uses tells whether a selection asks for the place: a field behind the alias "it", an argument or a field of an input
// anywhere.
func uses(selection ast.SelectionSet, place string) bool {
	typeName, name, argument := splitPlace(place)
	for _, selected := range selection {
		switch selected := selected.(type) {
		case *ast.InlineFragment:
			if uses(selected.SelectionSet, place) {
				return true
			}
		case *ast.Field:
			is := selected.ObjectDefinition.Name == typeName && selected.Name == name
			if is && argument == "" && selected.Alias == "it" || is && selected.Arguments.ForName(argument) != nil || uses(selected.SelectionSet, place) {
				return true
			}
			for _, given := range selected.Arguments {
				if gives(given.Value, typeName, name) {
					return true
				}
			}
		}
	}
	return false
}

// gives tells whether a value has the field of an input.
func gives(value *ast.Value, input, field string) bool {
	for _, child := range value.Children {
		if value.Definition != nil && value.Definition.Name == input && child.Name == field || gives(child.Value, input, field) {
			return true
		}
	}
	return false
}

// TestEveryRowIsAskedFor holds operations.txt to matrix.txt: each operation is one of the schema, and asks for the place of its
// row.
func TestEveryRowIsAskedFor(t *testing.T) {
	t.Parallel()
	read := readOperations(t, contract(t))
	for name, text := range read.sweeps() {
		if _, faults := gqlparser.LoadQueryWithRules(read.schema, text, rules.NewDefaultRules()); faults != nil {
			t.Errorf("%s: %v", name, faults)
		}
	}
	for _, row := range readMatrix(t, len(viewerNames)) {
		if row.isPlanted() {
			continue
		}
		if _, err := read.of(row); err != nil {
			t.Error(err)
		}
	}
}
