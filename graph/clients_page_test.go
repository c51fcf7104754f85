package graph

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	schema "github.com/vektah/gqlparser/v2/ast"
)

// TestTheClientsPageKeepsUpWithTheContract compares the settings of caches and code generators that frontends copy, and the codes that they are
// told of, with what there is.
func TestTheClientsPageKeepsUpWithTheContract(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/clients.md")
	if err != nil {
		t.Fatal(err)
	}
	page, contract := string(text), loadContract(t)
	var nodes []string
	for _, definition := range contract.PossibleTypes["Node"] {
		nodes = append(nodes, `"`+definition.Name+`"`)
	}
	slices.Sort(nodes)
	if want := "Node: [" + strings.Join(nodes, ", ") + "]"; !strings.Contains(page, want) {
		t.Errorf("possibleTypes has no %s", want)
	}
	_, codes, _ := strings.Cut(page, "What is wrong with the input of a mutation stands in its payload")
	for _, value := range contract.Types["UserErrorCode"].EnumValues {
		if !strings.Contains(codes, "`"+value.Name+"`") {
			t.Errorf("the code %s is not told of", value.Name)
		}
	}
	scalars := regexp.MustCompile(`scalars: \{[^}]*\}`).FindString(page)
	for _, definition := range contractTypes(contract) {
		if definition.Kind == schema.Scalar && (!strings.Contains(scalars, definition.Name+`: "`) || !strings.Contains(page, "| `"+definition.Name+"`")) {
			t.Errorf("the scalar %s is not told of", definition.Name)
		}
	}
}
