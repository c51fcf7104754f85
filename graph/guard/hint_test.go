package guard

import (
	"os"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

func TestHints(t *testing.T) {
	text, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	contract := gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(text)})
	const days = `range: {from: "2026-01-01", to: "2026-01-02"}`
	for query, want := range map[string]Hint{
		`{ __typename }`:                                                       {Keeps: true},
		`{ __schema { types { name } } }`:                                      {Keeps: true},
		`{ site { title } }`:                                                   {Keeps: true},
		`{ posts { nodes { title author { name } } } }`:                        {Keeps: true},
		`{ post(slug: "a") { views } }`:                                        {Keeps: true},
		`{ post(slug: "a") { markdown } }`:                                     {Keeps: true, Private: true},
		`{ post(slug: "a") { ...F } } fragment F on Post { author { email } }`: {Keeps: true, Private: true},
		`{ metrics(` + days + `) { totals { views } series { views } } }`:      {Keeps: true, MaxAge: 5 * time.Second, Private: true},
		`{ metrics(` + days + `) { __typename dataFrom } }`:                    {Keeps: true, MaxAge: 5 * time.Second, Private: true},
		`{ metrics(` + days + `) { totals { views } } site { title } }`:        {Keeps: true, Private: true},
		`{ metrics(` + days + `) { topPosts { post { title } } } }`:            {Keeps: true, Private: true},
		`{ viewer { id } }`:                                                    {},
		`{ site { title } viewer { id } }`:                                     {},
		`{ site { title } ... on Query { clients { id } } }`:                   {},
		`{ postPreview(token: "a") { title } }`:                                {},
		`mutation { signOut { userErrors { code } } }`:                         {},
	} {
		document, errs := gqlparser.LoadQueryWithRules(contract, query, Rules())
		if errs != nil {
			t.Fatal(query, errs)
		}
		if got := HintOf(document.Operations[0]); got != want {
			t.Errorf("%s: %+v, not %+v", query, got, want)
		}
	}
}
