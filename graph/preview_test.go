package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"headwater/logic"
)

// mustToken returns a new preview token of a post.
func (w writing) mustToken(t *testing.T, post written) string {
	t.Helper()
	var response struct {
		Do struct{ Token, ExpiresAt string }
	}
	data := dataOf(t, w.send(t, w.ada, fmt.Sprintf(`mutation { do: createPreviewToken(postId: %q) { token expiresAt userErrors { code } } }`, post.ID), nil))
	if err := json.Unmarshal([]byte(data), &response); err != nil || !logic.TokenPreview.Is(response.Do.Token) || response.Do.ExpiresAt != "2026-12-04T12:00:00.000Z" {
		t.Fatalf("answered %s", data)
	}
	return response.Do.Token
}

// wantNoPreview fails the test unless a token shows nothing, with a code.
func (w writing) wantNoPreview(t *testing.T, what, token string, code logic.Code) {
	t.Helper()
	got := w.post(t, fmt.Sprintf(`{ site { title } postPreview(token: %q) { title } }`, token), nil)
	err := firstError(t, got)
	if err == nil || err.Extensions["code"] != string(code) || err.Path.String() != "postPreview" || err.Extensions["requestId"] != requestID || len(err.Locations) != 1 {
		t.Errorf("%s: answered %s, want %s", what, got.Response, code)
	}
	if !strings.Contains(string(got.Response), `"data":{"site":{"title":"Headwater"},"postPreview":null}`) || strings.Contains(string(got.Response), token) && token != "" {
		t.Errorf("%s: answered %s", what, got.Response)
	}
}

// TestAPreviewIsForWhoeverHasTheToken shows a working copy to nobody in particular, through a client that may do nothing else.
func TestAPreviewIsForWhoeverHasTheToken(t *testing.T) {
	w := openWriting(t)
	post := w.mustPublish(t, w.mustCreate(t, w.ada, "Rope"))
	token := w.mustToken(t, post)
	w.mustDo(t, w.eva, fmt.Sprintf(`updatePost(id: %q, expectedRevision: 1, input: {
		title: "Twine", slug: "twine", markdown: "## One\n\nTwo *three*.", tags: ["Unheard of", "Rope"], authorIds: [%q, %q]
	})`, post.ID, w.idOf(t, "bo"), w.idOf(t, "ada")))
	query := fmt.Sprintf(`{ postPreview(token: %q) {
		id title slug status url html text excerpt wordCount readingMinutes headings { level text anchor } author { username } authors { username } tags { slug }
		markdown revision workingCopy { title } revisions { totalCount } scheduledFor viewerCanEdit viewerCanPublish
	} }`, token)
	want := fmt.Sprintf(`{"postPreview":{"id":%q,"title":"Twine","slug":"twine","status":"PUBLISHED","url":"http://localhost:8080/blog/twine",`+
		`"html":"<h2 id=\"one\">One</h2>\n<p>Two <em>three</em>.</p>\n","text":"One\nTwo three.","excerpt":"One Two three.","wordCount":3,"readingMinutes":1,`+
		`"headings":[{"level":2,"text":"One","anchor":"one"}],"author":{"username":"bo"},"authors":[{"username":"bo"},{"username":"ada"}],"tags":[{"slug":"rope"}],`+
		`"markdown":null,"revision":null,"workingCopy":null,"revisions":null,"scheduledFor":null,"viewerCanEdit":false,"viewerCanPublish":false}}`, post.ID)
	for viewer, header := range map[string]http.Header{
		"nobody": nil, "an editor": w.eva, "its author": w.ada, "an author to come": w.bo, "a key without any scope for posts": bearer(w.mustKey(t, logic.ScopeMetricsWrite)),
	} {
		if got := dataOf(t, w.send(t, header, query, nil)); got != want {
			t.Errorf("%s: answered\n%s\nnot\n%s", viewer, got, want)
		}
	}
	if got := dataOf(t, w.post(t, `{ post(slug: "rope") { title html } twine: post(slug: "twine") { id } }`, nil)); got != `{"post":{"title":"Rope","html":"<p>Text of <strong>Rope</strong>.</p>\n"},"twine":null}` {
		t.Errorf("readers see %s", got)
	}
}

func (w writing) idOf(t *testing.T, username string) string {
	t.Helper()
	user, err := w.services.Account.User(operator(t.Context()), username)
	if err != nil {
		t.Fatal(err)
	}
	return nodeID(user.NodeID())
}

// TestAPreviewTokenOpensOnePostAlone asks for everything else with a token in hand.
func TestAPreviewTokenOpensOnePostAlone(t *testing.T) {
	w := openWriting(t)
	draft, other := w.mustCreate(t, w.ada, "Rope"), w.mustCreate(t, w.ada, "Knots")
	token := w.mustToken(t, draft)
	for _, query := range []string{
		`{ it: post(slug: "rope") { id } }`, `{ it: post(slug: "knots") { id } }`, fmt.Sprintf(`{ it: node(id: %q) { id } }`, draft.ID),
		fmt.Sprintf(`{ it: node(id: %q) { id } }`, other.ID), `{ it: tag(slug: "rope") { id } }`, `{ it: user(username: "ada") { id } }`,
	} {
		for name, header := range map[string]http.Header{"a token": {}, "a bearer": bearer(token), "a key": {"X-Api-Key": {token}}} {
			got := w.send(t, header, query, nil)
			if !strings.Contains(string(got.Response), `"it":null`) && firstError(t, got) == nil {
				t.Errorf("%s as %s: answered %s", query, name, got.Response)
			}
		}
	}
	got := dataOf(t, w.post(t, fmt.Sprintf(`{ postPreview(token: %q) { title tags { posts(filter: { status: [DRAFT] }) { totalCount } } author { posts(filter: { status: [DRAFT] }) { totalCount } }
		next { id } previous { id } related { id } views metrics(range: { from: "2026-11-01", to: "2026-11-02" }) { id } } }`, token), nil))
	if got != `{"postPreview":{"title":"Rope","tags":[{"posts":{"totalCount":0}}],"author":{"posts":{"totalCount":0}},"next":null,"previous":null,"related":[],"views":0,"metrics":null}}` {
		t.Errorf("beside the post, the token shows %s", got)
	}
}

func TestPreviewsThatShowNothing(t *testing.T) {
	w := openWriting(t)
	post := w.mustCreate(t, w.ada, "Rope")
	token := w.mustToken(t, post)
	other := w.mustToken(t, w.mustCreate(t, w.ada, "Knots"))
	never, _ := logic.NewToken(logic.TokenPreview)
	for what, token := range map[string]string{"none": "", "no token": "hw_preview_short", "one that never was": never, "a key": w.mustKey(t, logic.ScopePostsRead)} {
		w.wantNoPreview(t, what, token, logic.CodeNotFound)
	}
	w.mustDo(t, w.ada, fmt.Sprintf(`deletePost(id: %q)`, post.ID))
	w.wantNoPreview(t, "of a post in the trash", token, logic.CodeNotFound)
	w.mustDo(t, w.ada, fmt.Sprintf(`undeletePost(id: %q)`, post.ID))
	w.mustDo(t, w.ada, fmt.Sprintf(`revokePreviewTokens(postId: %q)`, post.ID))
	w.wantNoPreview(t, "revoked", token, logic.CodeNotFound)
	w.now = now.Add(7 * 24 * time.Hour)
	w.wantNoPreview(t, "too old", other, logic.CodeExpired)
}

// TestPreviewTokensAreAskedFor says what is wrong with the question.
func TestPreviewTokensAreAskedFor(t *testing.T) {
	w := openWriting(t)
	post := w.mustCreate(t, w.ada, "Rope")
	ask := func(id string, seconds int) string {
		return fmt.Sprintf(`mutation { do: createPreviewToken(postId: %q, expiresInSeconds: %d) { token expiresAt userErrors { code field } } }`, id, seconds)
	}
	w.tell(t, []step{
		{"too short", ask(post.ID, 59), `{"do":{"token":null,"expiresAt":null,"userErrors":[{"code":"INVALID","field":["expiresInSeconds"]}]}}`, w.ada},
		{"another author's draft", ask(post.ID, 60), `{"do":{"token":null,"expiresAt":null,"userErrors":[{"code":"NOT_FOUND","field":["postId"]}]}}`, w.bo},
		{"what never was", ask("none", 60), `{"do":{"token":null,"expiresAt":null,"userErrors":[{"code":"NOT_FOUND","field":["postId"]}]}}`, w.eva},
		{"revoked what never was", `mutation { revokePreviewTokens(postId: "none") { post { id } userErrors { code field } } }`,
			`{"revokePreviewTokens":{"post":null,"userErrors":[{"code":"NOT_FOUND","field":["postId"]}]}}`, w.eva},
	})
	if err := firstError(t, w.post(t, ask(post.ID, 60), nil)); err == nil || err.Extensions["code"] != string(logic.CodeForbidden) {
		t.Errorf("nobody asked: %v", err)
	}
}

// TestPreviewsAreNotKept looks at the headers of an answer by token.
func TestPreviewsAreNotKept(t *testing.T) {
	w := openWriting(t)
	token := w.mustToken(t, w.mustCreate(t, w.ada, "Rope"))
	for _, token := range []string{token, "none"} {
		query := url.Values{"query": {fmt.Sprintf(`{ postPreview(token: %q) { title } }`, token)}}
		recorder := httptest.NewRecorder()
		w.handler.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/graphql?"+query.Encode(), nil))
		if !strings.Contains(recorder.Body.String(), `"postPreview":`) {
			t.Fatalf("answered %s", recorder.Body)
		}
		if got := recorder.Header().Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s may be kept: %q", recorder.Body, got)
		}
		for _, name := range []string{"ETag", "Last-Modified", "Expires"} {
			if recorder.Header().Get(name) != "" {
				t.Errorf("%s has %s", recorder.Body, name)
			}
		}
	}
	if strings.Contains(w.log.String(), token) {
		t.Error("the log holds the token")
	}
}
