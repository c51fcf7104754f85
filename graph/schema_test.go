package graph

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	schema "github.com/vektah/gqlparser/v2/ast"
)

func loadContract(t *testing.T) *schema.Schema {
	t.Helper()
	text, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	contract, err := gqlparser.LoadSchema(&schema.Source{Name: "schema.graphqls", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return contract
}

// contractTypes returns the types that the contract defines itself, by name.
func contractTypes(contract *schema.Schema) []*schema.Definition {
	var types []*schema.Definition
	for _, definition := range contract.Types {
		if !definition.BuiltIn {
			types = append(types, definition)
		}
	}
	slices.SortFunc(types, func(a, b *schema.Definition) int { return strings.Compare(a.Name, b.Name) })
	return types
}

// shortestDescription is how many characters say anything at all.
const shortestDescription = 7

// forbiddenWords are what a frontend need not know of.
var forbiddenWords = regexp.MustCompile(`(?i)\b(tables?|columns? of|rows? in|sql|sqlite|database|gqlgen|resolver|foreign key)\b`)

func checkDescription(t *testing.T, name, description string) {
	t.Helper()
	switch {
	case len(description) < shortestDescription:
		t.Errorf("%s has no description worth reading: %q", name, description)
	case !strings.HasSuffix(strings.TrimSpace(description), "."):
		t.Errorf("the description of %s does not end: %q", name, description)
	}
	if word := forbiddenWords.FindString(description); word != "" {
		t.Errorf("the description of %s speaks of %q, which no frontend sees", name, word)
	}
}

func TestEverythingIsDescribed(t *testing.T) {
	for _, definition := range contractTypes(loadContract(t)) {
		checkDescription(t, definition.Name, definition.Description)
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			name := definition.Name + "." + field.Name
			checkDescription(t, name, field.Description)
			for _, argument := range field.Arguments {
				checkDescription(t, name+"("+argument.Name+")", argument.Description)
			}
		}
		for _, value := range definition.EnumValues {
			checkDescription(t, definition.Name+"."+value.Name, value.Description)
		}
	}
}

var (
	typeName  = regexp.MustCompile(`^[A-Z][A-Za-z]*$`)
	fieldName = regexp.MustCompile(`^[a-z][A-Za-z]*$`)
	valueName = regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
)

func TestNamesAreRegular(t *testing.T) {
	for _, definition := range contractTypes(loadContract(t)) {
		if !typeName.MatchString(definition.Name) {
			t.Errorf("the type %s is not in PascalCase", definition.Name)
		}
		if definition.Kind == schema.InputObject && !slices.ContainsFunc([]string{"Input", "Filter", "Order"}, func(end string) bool { return strings.HasSuffix(definition.Name, end) }) {
			t.Errorf("the input %s is no Input, Filter or Order", definition.Name)
		}
		for _, field := range definition.Fields {
			if !strings.HasPrefix(field.Name, "__") && !fieldName.MatchString(field.Name) {
				t.Errorf("%s.%s is not in camelCase", definition.Name, field.Name)
			}
		}
		for _, value := range definition.EnumValues {
			if !valueName.MatchString(value.Name) {
				t.Errorf("%s.%s is not in UPPER_SNAKE", definition.Name, value.Name)
			}
		}
	}
}

// isConnection tells whether a type is a page of a list that may grow.
func isConnection(definition *schema.Definition) bool {
	return strings.HasSuffix(definition.Name, "Connection")
}

// hiddenFrom is how a description says that permission may hide a list.
var hiddenFrom = regexp.MustCompile(`Null where\s+the viewer lacks`)

func TestListsAreBounded(t *testing.T) {
	for _, definition := range contractTypes(loadContract(t)) {
		for _, field := range definition.Fields {
			list := field.Type
			if list.Elem == nil {
				continue
			}
			name := definition.Name + "." + field.Name
			optional := field.Name == "nodes" && definition.Name == "Query"
			gated := hiddenFrom.MatchString(field.Description)
			if definition.Kind == schema.Object && (list.NonNull == gated && definition.Name != "UserError" || !list.Elem.NonNull && !optional) {
				t.Errorf("%s is %s: a list has no null, and is itself null only where permission hides it", name, list)
			}
			bounded := regexp.MustCompile(`(?i)at most|one (entry )?for each|of each interval|each interval starts`)
			if definition.Kind == schema.Object && definition.Name != "UserError" && !bounded.MatchString(field.Description) {
				t.Errorf("%s is a list, and nothing says how long it can get: make it a connection", name)
			}
		}
	}
}

func TestConnectionsAreAlike(t *testing.T) {
	contract := loadContract(t)
	for _, definition := range contractTypes(contract) {
		if !isConnection(definition) {
			continue
		}
		for name, typ := range map[string]string{"edges": "[", "nodes": "[", "pageInfo": "PageInfo!", "totalCount": "Count!"} {
			field := definition.Fields.ForName(name)
			if field == nil || !strings.HasPrefix(field.Type.String(), typ) {
				t.Errorf("%s has no %s as every connection has", definition.Name, name)
			}
		}
		edge := contract.Types[definition.Fields.ForName("edges").Type.Elem.NamedType]
		for _, name := range []string{"cursor", "node"} {
			if field := edge.Fields.ForName(name); field == nil || !field.Type.NonNull {
				t.Errorf("%s has no %s as every edge has", edge.Name, name)
			}
		}
	}
	for _, definition := range contractTypes(contract) {
		for _, field := range definition.Fields {
			if typ := contract.Types[field.Type.Name()]; typ != nil && isConnection(typ) {
				for _, name := range []string{"first", "after"} {
					if field.Arguments.ForName(name) == nil {
						t.Errorf("%s.%s is a connection without %s", definition.Name, field.Name, name)
					}
				}
			}
		}
	}
}

func TestMutationsAnswerPayloads(t *testing.T) {
	contract := loadContract(t)
	for _, field := range contract.Mutation.Fields {
		payload := contract.Types[field.Type.Name()]
		if field.Type.NonNull || !strings.EqualFold(payload.Name, field.Name+"Payload") && !strings.HasSuffix(payload.Name, "Payload") {
			t.Errorf("%s answers %s", field.Name, field.Type)
		}
		if faults := payload.Fields.ForName("userErrors"); faults == nil || faults.Type.String() != "[UserError!]!" {
			t.Errorf("%s has no userErrors: [UserError!]!", payload.Name)
		}
	}
}

func TestThingsWithAnIDAreNodesOrSayThatTheyAreNot(t *testing.T) {
	for _, definition := range contractTypes(loadContract(t)) {
		id := definition.Fields.ForName("id")
		if definition.Kind != schema.Object || id == nil {
			continue
		}
		if !slices.Contains(definition.Interfaces, "Node") && !strings.Contains(id.Description, "Not for node") {
			t.Errorf("%s has an id that node does not find", definition.Name)
		}
	}
}

// TestGeneratedModelsHaveNoFieldWithArguments guards against a fault of gqlgen's: it drops the arguments of a field of a type
// that it generates, without a word.
func TestGeneratedModelsHaveNoFieldWithArguments(t *testing.T) {
	contract := loadContract(t)
	file, err := parser.ParseFile(token.NewFileSet(), "gen/models.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	models := 0
	for _, declaration := range file.Decls {
		general, ok := declaration.(*ast.GenDecl)
		if !ok || general.Tok != token.TYPE {
			continue
		}
		for _, spec := range general.Specs {
			models++
			name := spec.(*ast.TypeSpec).Name.Name
			for _, field := range typeOfModel(t, contract, name).Fields {
				if len(field.Arguments) > 0 {
					t.Errorf("%s is generated, but %s has arguments: bind it to a type", name, field.Name)
				}
			}
		}
	}
	if models == 0 {
		t.Error("found no generated model")
	}
}

// typeOfModel returns the contract's type that a model was generated for: Go writes its initialisms large.
func typeOfModel(t *testing.T, contract *schema.Schema, model string) *schema.Definition {
	t.Helper()
	for name, definition := range contract.Types {
		if strings.EqualFold(name, model) {
			return definition
		}
	}
	t.Fatalf("the model %s is of no type", model)
	return nil
}
