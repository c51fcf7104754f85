package graph_test

import (
	"bytes"
	"fmt"
	"testing"

	"headwater/graph/bind"
	"headwater/logic"
)

// TestWhatIsHiddenCostsWhatIsMissingDoes asks for what there is and may not be known of, and for what there is not: the same answer,
// after the same statements, so that neither words nor time tell the two apart.
func TestWhatIsHiddenCostsWhatIsMissingDoes(t *testing.T) {
	w := openStaffed(t)
	rita, err := w.services.Account.User(operator(t.Context()), "rita")
	if err != nil {
		t.Fatal(err)
	}
	w.warm(t, "")
	for _, test := range []struct{ query, hidden, missing string }{
		{`{ post(slug: %q) { title html author { name } } }`, "not-yet", "never-was"},
		{`{ tag(slug: %q) { name posts { totalCount } } }`, "unheard-of", "never-was"},
		{`{ user(username: %q) { name posts { totalCount } } }`, "rita", "never-was"},
		{`{ user(username: %q) { name posts { totalCount } } }`, "nora-later", "never-was"},
		{`{ node(id: %q) { id ... on User { name } } }`, bind.EncodeID(rita.NodeID()), bind.EncodeID(logic.UserID(1).ID())},
		{`{ client(name: %q) { name } }`, "reader", "never-was"},
	} {
		hidden := w.post(t, fmt.Sprintf(test.query, test.hidden), nil)
		none := w.post(t, fmt.Sprintf(test.query, test.missing), nil)
		if !bytes.Equal(hidden.Response, none.Response) || hidden.Statements != none.Statements || hidden.Status != none.Status {
			t.Errorf("%s\nhidden:  %d statements, %s\nmissing: %d statements, %s", test.query, hidden.Statements, hidden.Response, none.Statements, none.Response)
		}
	}
}
