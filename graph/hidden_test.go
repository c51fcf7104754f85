package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
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
	hook := w.mustHook(t, "https://builder.example/")
	w.warm(t, "")
	for _, test := range []struct{ query, hidden, missing string }{
		{`{ post(slug: %q) { title html author { name } } }`, "not-yet", "never-was"},
		{`{ tag(slug: %q) { name posts { totalCount } } }`, "unheard-of", "never-was"},
		{`{ user(username: %q) { name posts { totalCount } } }`, "rita", "never-was"},
		{`{ user(username: %q) { name posts { totalCount } } }`, "nora-later", "never-was"},
		{`{ node(id: %q) { id ... on User { name } } }`, bind.EncodeID(rita.NodeID()), bind.EncodeID(logic.UserID(1).ID())},
		{`{ client(name: %q) { name } }`, "reader", "never-was"},
		{`{ webhook(id: %q) { url deliveries { totalCount } } }`, nodeID(hook.NodeID()), nodeID(logic.WebhookID(1).ID())},
		{`{ node(id: %q) { id ... on Webhook { url } } }`, nodeID(hook.NodeID()), nodeID(logic.WebhookID(1).ID())},
	} {
		hidden := w.post(t, fmt.Sprintf(test.query, test.hidden), nil)
		none := w.post(t, fmt.Sprintf(test.query, test.missing), nil)
		if !bytes.Equal(hidden.Response, none.Response) || hidden.Statements != none.Statements || hidden.Status != none.Status {
			t.Errorf("%s\nhidden:  %d statements, %s\nmissing: %d statements, %s", test.query, hidden.Statements, hidden.Response, none.Statements, none.Response)
		}
	}
}

// TestWritingWhatIsHiddenCostsWhatIsMissingDoes asks an author to change a draft of somebody else's, which answers as if there were none.
func TestWritingWhatIsHiddenCostsWhatIsMissingDoes(t *testing.T) {
	w := openWriting(t)
	draft := w.mustCreate(t, w.eva, "Rope")
	trashed := w.mustCreate(t, w.eva, "Twine")
	w.mustDo(t, w.eva, fmt.Sprintf(`deletePost(id: %q)`, trashed.ID))
	missing := nodeID(logic.PostID(1).ID())
	compare := func(header http.Header, query, hidden, missing, want string) {
		t.Helper()
		there, none := w.send(t, header, fmt.Sprintf(query, hidden), nil), w.send(t, header, fmt.Sprintf(query, missing), nil)
		if !bytes.Equal(there.Response, none.Response) || there.Statements != none.Statements || !bytes.Contains(none.Response, []byte(want)) {
			t.Errorf("%s\nhidden:  %d statements, %s\nmissing: %d statements, %s", query, there.Statements, there.Response, none.Statements, none.Response)
		}
	}
	for _, mutation := range []string{
		`updatePost(id: %q, expectedRevision: 1, input: { title: "Mine" }) { post { title }`,
		`updatePost(id: %q, expectedRevision: 9, input: { title: "" }, autosave: true) { post { title }`,
		`publishPost(id: %q, expectedRevision: 1) { post { title }`,
		`discardWorkingCopy(id: %q) { post { title }`,
		`unpublishPost(id: %q) { post { title }`,
		`archivePost(id: %q) { post { title }`,
		`deletePost(id: %q) { post { title }`,
		`undeletePost(id: %q) { post { title }`,
		`restoreRevision(id: %q, expectedRevision: 1, number: 1) { post { title }`,
		`createPreviewToken(postId: %q) { token`,
		`revokePreviewTokens(postId: %q) { post { title }`,
	} {
		query := "mutation { do: " + mutation + " userErrors { code message field } } }"
		compare(w.bo, query, draft.ID, missing, `"NOT_FOUND"`)
		compare(w.bo, query, trashed.ID, missing, `"NOT_FOUND"`)
		compare(nil, query, draft.ID, missing, `"FORBIDDEN"`)
	}
	var found struct {
		Post struct {
			Revisions struct{ Nodes []struct{ ID string } }
		}
	}
	if err := json.Unmarshal([]byte(dataOf(t, w.send(t, w.eva, `{ post(slug: "rope") { revisions { nodes { id } } } }`, nil))), &found); err != nil {
		t.Fatal(err)
	}
	revision := `{ node(id: %q) { ... on Revision { markdown } } }`
	compare(w.bo, revision, found.Post.Revisions.Nodes[0].ID, nodeID(logic.RevisionID(1).ID()), `{"node":null}`)
	compare(w.bo, `{ post(slug: %q) { title } }`, "rope", "never-was", `{"post":null}`)
	compare(w.bo, `{ post(slug: %q) { title } }`, "twine", "never-was", `{"post":null}`)
}
