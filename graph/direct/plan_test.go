package direct

import (
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

const schemaText = `
type Query { thing(size: Int): Thing things: [Thing!]! }
interface Thing { id: ID! next: Thing }
type Book implements Thing { id: ID! next: Thing title: String! }
type Film implements Thing { id: ID! next: Thing minutes: Int }
directive @defer on FRAGMENT_SPREAD | INLINE_FRAGMENT
type Subscription { thing: Thing }
`

var table = Table{"Query": {"thing": 0, "things": 1}, "Book": {"id": 0, "next": 1, "title": 2}, "Film": {"id": 0, "next": 1, "minutes": 2}}

func operationOf(t *testing.T, schema *ast.Schema, text string, variables map[string]any) *graphql.OperationContext {
	t.Helper()
	document, err := gqlparser.LoadQueryWithRules(schema, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &graphql.OperationContext{Doc: document, Operation: document.Operations[0], Variables: variables}
}

// laid returns a set as text: the names of the answer, and below each what is selected for each type.
func laid(set *Set) string {
	text := ""
	for i := range set.Fields {
		field := &set.Fields[i]
		text += field.key
		for _, selected := range field.selected {
			text += selected.name + "{" + laid(selected.set) + "}"
		}
		text += " "
	}
	return text
}

func TestPlansAreLaidOut(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: schemaText})
	for text, want := range map[string]string{
		`{ thing { id } }`: `"thing":Book{"id": }Film{"id": } `,
		`{ thing { id ... on Book { title again: id } id } }`:                                           `"thing":Book{"id": "title": "again": }Film{"id": } `,
		`{ thing { ...F } a: thing { __typename ...F } } fragment F on Film { minutes }`:                `"thing":Book{}Film{"minutes": } "a":Book{"__typename": }Film{"__typename": "minutes": } `,
		`{ thing { next { id } } thing { next { __typename } } }`:                                       `"thing":Book{"next":Book{"id": "__typename": }Film{"id": "__typename": } }Film{"next":Book{"id": "__typename": }Film{"id": "__typename": } } `,
		`query ($yes: Boolean!) { thing @include(if: $yes) { id @skip(if: $yes) } things { id } }`:      `"thing":Book{}Film{} "things":Book{"id": }Film{"id": } `,
		`query ($no: Boolean!) { ... @skip(if: $no) { thing { id } } things @include(if: $no) { id } }`: `"thing":Book{"id": }Film{"id": } `,
	} {
		plan := compile(schema, table, operationOf(t, schema, text, map[string]any{"yes": true, "no": false}))
		if plan == nil {
			t.Errorf("%s has no plan", text)
		} else if got := laid(plan.Root); got != want {
			t.Errorf("%s\nis laid out as %s\nnot as         %s", text, got, want)
		}
	}
}

func TestWhatIsLeftToGqlgen(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: schemaText})
	for _, text := range []string{
		`{ __schema { description } }`, `{ thing { id } __type(name: "Book") { name } }`, `{ thing { ... @defer { id } } }`, `subscription { thing { id } }`,
	} {
		if compile(schema, table, operationOf(t, schema, text, nil)) != nil {
			t.Errorf("%s has a plan", text)
		}
	}
	deep := `{ thing { `
	for range 14 {
		deep += `next { `
	}
	deep += "id"
	for range 16 {
		deep += " }"
	}
	if compile(schema, table, operationOf(t, schema, deep, nil)) != nil {
		t.Error("a plan may have any number of fields")
	}
}

func TestAPlanIsMadeOnceForWhatIsSkipped(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: schemaText})
	plans := NewPlans(schema, table, 1<<20)
	operation := operationOf(t, schema, `query ($on: Boolean!, $size: Int) { thing(size: $size) { id @include(if: $on) __typename } }`, nil)
	seen := map[*Plan]string{}
	for _, variables := range []map[string]any{{"on": true, "size": 1}, {"on": false, "size": 1}, {"on": true, "size": 2}, {"on": false}} {
		operation.Variables = variables
		plan := plans.Of(operation)
		want := `"thing":Book{"__typename": }Film{"__typename": } `
		if variables["on"] == true {
			want = `"thing":Book{"id": "__typename": }Film{"id": "__typename": } `
		}
		if got := laid(plan.Root); got != want {
			t.Errorf("with %v it is laid out as %s", variables, got)
		}
		seen[plan] = want
	}
	if len(seen) != 2 {
		t.Errorf("%d plans were made", len(seen))
	}
}
