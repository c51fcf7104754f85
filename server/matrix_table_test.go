package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// permissionRow is what each viewer is to get at one place of the contract.
type permissionRow struct {
	place, way string // way is what stands behind the slash
	cells      string // one letter a viewer
}

func (r permissionRow) String() string {
	if r.way == "" {
		return r.place
	}
	return r.place + "/" + r.way
}

// isPlanted tells a row about a text from one about a place.
func (r permissionRow) isPlanted() bool { return strings.HasPrefix(r.place, "Planted.") }

func permissionFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "permissions", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// readMatrix reads matrix.txt, which has one letter for each of the viewers in a row.
func readMatrix(t *testing.T, viewers int) []permissionRow {
	t.Helper()
	var rows []permissionRow
	seen := map[string]bool{}
	for line := range strings.Lines(permissionFile(t, "matrix.txt")) {
		fields := strings.Fields(strings.Replace(line, "|", " ", 1))
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		row := permissionRow{cells: strings.Join(fields[1:], "")}
		row.place, row.way, _ = strings.Cut(fields[0], "/")
		if len(fields) != 1+viewers || len(row.cells) != viewers {
			t.Fatalf("matrix.txt: a row needs %d cells of one letter: %s", viewers, line)
		}
		if seen[row.String()] {
			t.Fatalf("matrix.txt: two rows for %s", row)
		}
		seen[row.String()] = true
		rows = append(rows, row)
	}
	return rows
}

// contract reads the schema.
func contract(t *testing.T) *ast.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "schema.graphqls"))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// placesOf returns every place of the schema that can be asked for or given: fields, arguments, and fields of inputs.
func placesOf(schema *ast.Schema) map[string]*ast.Type {
	places := map[string]*ast.Type{}
	for _, definition := range schema.Types {
		if strings.HasPrefix(definition.Name, "__") {
			continue
		}
		for _, field := range definition.Fields {
			place := definition.Name + "." + field.Name
			places[place] = field.Type
			for _, argument := range field.Arguments {
				places[place+"("+argument.Name+")"] = argument.Type
			}
		}
	}
	return places
}

// TestEveryPlaceHasARow holds matrix.txt to the schema: neither may have what the other has not.
func TestEveryPlaceHasARow(t *testing.T) {
	t.Parallel()
	places := placesOf(contract(t))
	stated := map[string]bool{}
	for _, row := range readMatrix(t, len(viewerNames)) {
		stated[row.place] = true
		if places[row.place] == nil && !row.isPlanted() {
			t.Errorf("matrix.txt has a row for %s, which the schema does not have", row.place)
		}
	}
	for place := range places {
		if !stated[place] {
			t.Errorf("matrix.txt has no row for %s", place)
		}
	}
}

var placePattern = regexp.MustCompile(`^(\w+)\.(\w+)(?:\((\w+)\))?$`)

// splitPlace returns the type, the field, and the argument where the place is one.
func splitPlace(place string) (typeName, field, argument string) {
	parts := placePattern.FindStringSubmatch(place)
	if parts == nil {
		return "", "", ""
	}
	return parts[1], parts[2], parts[3]
}
