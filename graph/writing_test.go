package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"headwater/logic"
)

// writing is a world with people who write: two authors, and an editor.
type writing struct {
	*world
	ada, bo, eva http.Header
}

func openWriting(t *testing.T) writing {
	t.Helper()
	w := writing{world: openWorld(t)}
	for username, role := range map[string]logic.Role{"ada": logic.RoleAuthor, "bo": logic.RoleAuthor, "eva": logic.RoleEditor} {
		w.mustUser(t, username, role)
	}
	w.ada, w.bo, w.eva = w.mustSignIn(t, "ada"), w.mustSignIn(t, "bo"), w.mustSignIn(t, "eva")
	return w
}

// written is what tests read of a post in a payload.
type written struct {
	ID       string
	Revision int
}

// mustDo carries out a mutation that answers a PostPayload and returns the post that it left.
func (w writing) mustDo(t *testing.T, header http.Header, mutation string) written {
	t.Helper()
	var response struct {
		Do struct {
			Post       written
			UserErrors []any
		}
	}
	data := dataOf(t, w.send(t, header, `mutation { do: `+mutation+` { post { id revision } userErrors { code message field } } }`, nil))
	if err := json.Unmarshal([]byte(data), &response); err != nil || len(response.Do.UserErrors) > 0 || response.Do.Post.ID == "" {
		t.Fatalf("%s: %v, %s", mutation, err, data)
	}
	return response.Do.Post
}

// mustCreate makes a draft, of whoever asks.
func (w writing) mustCreate(t *testing.T, header http.Header, title string) written {
	t.Helper()
	return w.mustDo(t, header, fmt.Sprintf(`createPost(input: { title: %q, markdown: "Text of **%s**.", tags: ["Rope"] })`, title, title))
}

// mustUpdate writes another title over what is there.
func (w writing) mustUpdate(t *testing.T, header http.Header, post written, title string) written {
	t.Helper()
	return w.mustDo(t, header, fmt.Sprintf(`updatePost(id: %q, expectedRevision: %d, input: { title: %q, markdown: "Text of **%s**." })`, post.ID, post.Revision, title, title))
}

// mustPublish shows readers what is there.
func (w writing) mustPublish(t *testing.T, post written) written {
	t.Helper()
	return w.mustDo(t, w.eva, fmt.Sprintf(`publishPost(id: %q, expectedRevision: %d)`, post.ID, post.Revision))
}

// TestTheLifeOfAPost leads one post through all of its mutations, as frontends see it.
func TestTheLifeOfAPost(t *testing.T) {
	w := openWriting(t)
	post := w.mustCreate(t, w.ada, "Rope")
	id := fmt.Sprintf("id: %q", post.ID)
	at := func(revision int) string { return fmt.Sprintf("%s, expectedRevision: %d", id, revision) }
	do := func(mutation, fields string) string {
		return `mutation { do: ` + mutation + ` { post ` + fields + ` userErrors { code field } } }`
	}
	const fields = `{ status slug title revision publishedAt scheduledFor deletedAt workingCopy { number title } }`
	answer := func(status, slug, title, rest string) string {
		return fmt.Sprintf(`{"do":{"post":{"status":%q,"slug":%q,"title":%q,%s},"userErrors":[]}}`, status, slug, title, rest)
	}
	const noon, next = `"2026-11-27T12:00:00.000Z"`, `"2026-11-28T12:00:00.000Z"`
	w.tell(t, []step{
		{"as it was made", `{ post(slug: "rope") ` + fields + ` }`,
			`{"post":{"status":"DRAFT","slug":"rope","title":"Rope","revision":1,"publishedAt":null,"scheduledFor":null,"deletedAt":null,"workingCopy":null}}`, w.ada},
		{"readers see nothing", `{ post(slug: "rope") ` + fields + ` }`, `{"post":null}`, nil},
		{"another title", do(`updatePost(`+at(1)+`, input: { title: "Ropes", summary: "Of hemp.", tags: ["Rope", "Hemp"], language: "de" })`, `{ title revision slug summary language tags { slug } }`),
			`{"do":{"post":{"title":"Ropes","revision":2,"slug":"rope","summary":"Of hemp.","language":"de","tags":[{"slug":"rope"},{"slug":"hemp"}]},"userErrors":[]}}`, w.ada},
		{"no summary, and a slug of the title", do(`updatePost(`+at(2)+`, input: { summary: null, slug: "", title: null })`, `{ title revision slug summary }`),
			`{"do":{"post":{"title":"Ropes","revision":3,"slug":"ropes","summary":null},"userErrors":[]}}`, w.ada},
		{"nothing changed", do(`updatePost(`+at(3)+`, input: { title: "Ropes" })`, `{ revision }`), `{"do":{"post":{"revision":3},"userErrors":[]}}`, w.ada},
		{"a schedule", do(`publishPost(`+at(3)+`, at: `+next+`)`, fields),
			answer("SCHEDULED", "ropes", "Ropes", `"revision":3,"publishedAt":null,"scheduledFor":`+next+`,"deletedAt":null,"workingCopy":null`), w.eva},
		{"not in the past", do(`publishPost(`+at(3)+`, at: "2026-11-27T11:59:59.999Z")`, fields), `{"do":{"post":null,"userErrors":[{"code":"INVALID","field":["at"]}]}}`, w.eva},
		{"but now", do(`publishPost(`+at(3)+`)`, fields),
			answer("PUBLISHED", "ropes", "Ropes", `"revision":3,"publishedAt":`+noon+`,"scheduledFor":null,"deletedAt":null,"workingCopy":null`), w.eva},
		{"not twice", do(`publishPost(`+at(3)+`)`, fields), `{"do":{"post":null,"userErrors":[{"code":"INVALID","field":["id"]}]}}`, w.eva},
		{"a working copy", do(`updatePost(`+at(3)+`, input: { title: "Twine", slug: "twine" })`, fields),
			answer("PUBLISHED", "ropes", "Ropes", `"revision":4,"publishedAt":`+noon+`,"scheduledFor":null,"deletedAt":null,"workingCopy":{"number":4,"title":"Twine"}`), w.ada},
		{"of which readers see nothing", `{ post(slug: "ropes") ` + fields + ` other: post(slug: "twine") { id } }`,
			`{"post":{"status":"PUBLISHED","slug":"ropes","title":"Ropes","revision":null,"publishedAt":` + noon + `,"scheduledFor":null,"deletedAt":null,"workingCopy":null},"other":null}`, nil},
		{"taken back", do(`discardWorkingCopy(`+id+`)`, fields),
			answer("PUBLISHED", "ropes", "Ropes", `"revision":5,"publishedAt":`+noon+`,"scheduledFor":null,"deletedAt":null,"workingCopy":null`), w.ada},
		{"and brought back", do(`restoreRevision(`+at(5)+`, number: 4)`, fields),
			answer("PUBLISHED", "ropes", "Ropes", `"revision":6,"publishedAt":`+noon+`,"scheduledFor":null,"deletedAt":null,"workingCopy":{"number":6,"title":"Twine"}`), w.ada},
		{"but not what never was", do(`restoreRevision(`+at(6)+`, number: 7)`, fields), `{"do":{"post":null,"userErrors":[{"code":"NOT_FOUND","field":["number"]}]}}`, w.ada},
		{"published", do(`publishPost(`+at(6)+`)`, fields),
			answer("PUBLISHED", "twine", "Twine", `"revision":6,"publishedAt":`+noon+`,"scheduledFor":null,"deletedAt":null,"workingCopy":null`), w.eva},
		{"the old slug leads to it", `{ post(slug: "ropes") { slug title } draft: post(slug: "rope") { slug } }`, `{"post":{"slug":"twine","title":"Twine"},"draft":null}`, nil},
		{"unpublished", do(`unpublishPost(`+id+`)`, `{ status publishedAt }`), `{"do":{"post":{"status":"DRAFT","publishedAt":` + noon + `},"userErrors":[]}}`, w.eva},
		{"archived", do(`archivePost(`+id+`)`, `{ status }`), `{"do":{"post":{"status":"ARCHIVED"},"userErrors":[]}}`, w.ada},
		{"in the trash", do(`deletePost(`+id+`)`, `{ status deletedAt viewerCanEdit }`), `{"do":{"post":{"status":"ARCHIVED","deletedAt":` + noon + `,"viewerCanEdit":true},"userErrors":[]}}`, w.ada},
		{"where nothing is written", do(`updatePost(`+at(6)+`, input: { title: "No" })`, `{ id }`), `{"do":{"post":null,"userErrors":[{"code":"INVALID","field":["id"]}]}}`, w.ada},
		{"and out of it", do(`undeletePost(`+id+`)`, `{ status deletedAt }`), `{"do":{"post":{"status":"ARCHIVED","deletedAt":null},"userErrors":[]}}`, w.ada},
		{"all faults at once", do(`updatePost(`+at(6)+`, input: { title: "", slug: "No!", language: "?", tags: ["-"], authorIds: ["none"] })`, `{ id }`),
			`{"do":{"post":null,"userErrors":[{"code":"REQUIRED","field":["input","title"]},{"code":"INVALID","field":["input","slug"]},` +
				`{"code":"INVALID","field":["input","language"]},{"code":"INVALID","field":["input","tags","0"]},{"code":"NOT_FOUND","field":["input","authorIds"]}]}}`, w.eva},
		{"what never was", do(`archivePost(id: "none")`, `{ id }`), `{"do":{"post":null,"userErrors":[{"code":"NOT_FOUND","field":["id"]}]}}`, w.eva},
	})
}

// TestAStaleWriteAnswersWhatIsStored: whoever has read an old revision overwrites nothing, and gets what somebody else wrote.
func TestAStaleWriteAnswersWhatIsStored(t *testing.T) {
	w := openWriting(t)
	post := w.mustPublish(t, w.mustCreate(t, w.ada, "Rope"))
	w.mustUpdate(t, w.eva, post, "Twine")
	stale := fmt.Sprintf("id: %q, expectedRevision: 1", post.ID)
	const want = `{"do":{"post":{"title":"Rope","revision":2,"markdown":"Text of **Rope**.","workingCopy":{"number":2,"title":"Twine","markdown":"Text of **Twine**.","editor":{"username":"eva"}}},` +
		`"userErrors":[{"code":"STALE","field":["expectedRevision"]}]}}`
	const fields = ` { post { title revision markdown workingCopy { number title markdown editor { username } } } userErrors { code field } } }`
	w.tell(t, []step{
		{"update", `mutation { do: updatePost(` + stale + `, input: { title: "Mine" })` + fields, want, w.ada},
		{"autosave", `mutation { do: updatePost(` + stale + `, input: { title: "Mine" }, autosave: true)` + fields, want, w.ada},
		{"publish", `mutation { do: publishPost(` + stale + `)` + fields, want, w.eva},
		{"restore", `mutation { do: restoreRevision(` + stale + `, number: 1)` + fields, want, w.ada},
		{"two fields at once", `mutation { first: updatePost(id: "` + post.ID + `", expectedRevision: 2, input: { title: "First" }) { post { revision } userErrors { code } }
			do: updatePost(id: "` + post.ID + `", expectedRevision: 2, input: { title: "Second" }) { post { revision workingCopy { title } } userErrors { code } } }`,
			`{"first":{"post":{"revision":3},"userErrors":[]},"do":{"post":{"revision":3,"workingCopy":{"title":"First"}},"userErrors":[{"code":"STALE"}]}}`, w.ada},
	})
}

// TestARefusedWriteTakesNothingAwayFromOthers makes one mutation that is refused between two that are not.
func TestARefusedWriteTakesNothingAwayFromOthers(t *testing.T) {
	w := openWriting(t)
	draft := w.mustCreate(t, w.ada, "Rope")
	public := w.mustPublish(t, w.mustCreate(t, w.ada, "Twine"))
	for refused, header := range map[string]http.Header{
		fmt.Sprintf(`publishPost(id: %q, expectedRevision: 1)`, draft.ID):                          w.ada,
		fmt.Sprintf(`unpublishPost(id: %q)`, public.ID):                                            w.ada,
		fmt.Sprintf(`deletePost(id: %q)`, public.ID):                                               w.ada,
		fmt.Sprintf(`updatePost(id: %q, expectedRevision: 1, input: {})`, public.ID):               w.bo,
		fmt.Sprintf(`updatePost(id: %q, expectedRevision: 9, input: {})`, public.ID):               w.bo,
		fmt.Sprintf(`revokePreviewTokens(postId: %q)`, public.ID):                                  w.bo,
		fmt.Sprintf(`updatePost(id: %q, expectedRevision: 1, input: { authorIds: [] })`, draft.ID): w.ada,
	} {
		got := w.send(t, header, `mutation {
			before: createPost(input: { title: "Before" }) { post { title } userErrors { code } }
			refused: `+refused+` { post { id } userErrors { code } }
			after: createPost(input: { title: "After" }) { post { title } userErrors { code } }
		}`, nil)
		err := firstError(t, got)
		if err == nil || err.Extensions["code"] != string(logic.CodeForbidden) || err.Path.String() != "refused" || got.Status != http.StatusOK {
			t.Errorf("%s: answered %d, %s", refused, got.Status, got.Response)
		}
		const want = `"data":{"before":{"post":{"title":"Before"},"userErrors":[]},"refused":null,"after":{"post":{"title":"After"},"userErrors":[]}}`
		if !strings.Contains(string(got.Response), want) {
			t.Errorf("%s: answered %s", refused, got.Response)
		}
	}
}

// TestWhatOnlyThoseSeeWhoMayEdit asks for the fields about a post's edits of what everybody may read.
func TestWhatOnlyThoseSeeWhoMayEdit(t *testing.T) {
	w := openWriting(t)
	post := w.mustPublish(t, w.mustCreate(t, w.ada, "Rope"))
	post = w.mustUpdate(t, w.ada, post, "Twine")
	w.mustDo(t, w.eva, fmt.Sprintf(`publishPost(id: %q, expectedRevision: %d, at: "2026-12-01T00:00:00Z")`, post.ID, post.Revision))
	const fields = `{ title markdown scheduledFor revision workingCopy { title } revisions { totalCount } viewerCanEdit viewerCanPublish }`
	const hidden = `{"title":"Rope","markdown":null,"scheduledFor":null,"revision":null,"workingCopy":null,"revisions":null,"viewerCanEdit":false,"viewerCanPublish":false}`
	shown := func(publish bool) string {
		return fmt.Sprintf(`{"title":"Rope","markdown":"Text of **Rope**.","scheduledFor":"2026-12-01T00:00:00.000Z","revision":2,"workingCopy":{"title":"Twine"},"revisions":{"totalCount":2},`+
			`"viewerCanEdit":true,"viewerCanPublish":%t}`, publish)
	}
	for viewer, test := range map[string]struct {
		header http.Header
		want   string
	}{
		"nobody":                              {nil, hidden},
		"another author":                      {w.bo, hidden},
		"its author":                          {w.ada, shown(false)},
		"an editor":                           {w.eva, shown(true)},
		"an editor in a reader's app":         {w.mustSignIn(t, "eva", logic.Anonymous.List()...), hidden},
		"a key that reads drafts":             {bearer(w.mustKey(t, logic.ScopePostsRead, logic.ScopeDraftsRead)), hidden},
		"a key that writes, but reads none":   {bearer(w.mustKey(t, logic.ScopePostsRead, logic.ScopePostsWrite)), hidden},
		"a key that writes what it reads":     {bearer(w.mustKey(t, logic.ScopePostsRead, logic.ScopeDraftsRead, logic.ScopePostsWrite)), shown(false)},
		"a key that publishes, but writes no": {bearer(w.mustKey(t, logic.ScopePostsRead, logic.ScopeDraftsRead, logic.ScopePostsPublish)), hidden},
	} {
		for place, query := range map[string]string{
			"post":   `{ post(slug: "rope") ` + fields + ` }`,
			"node":   `{ node(id: "` + post.ID + `") { ... on Post ` + fields + ` } }`,
			"posts":  `{ posts { nodes ` + fields + ` edges { node ` + fields + ` } } }`,
			"search": `{ searchPosts(query: "rope") { edges { node ` + fields + ` } } }`,
			"tag":    `{ tag(slug: "rope") { posts { nodes ` + fields + ` } } }`,
			"user":   `{ user(username: "ada") { posts { nodes ` + fields + ` } } }`,
		} {
			if data := dataOf(t, w.send(t, test.header, query, nil)); !strings.Contains(data, test.want) {
				t.Errorf("%s, %s: %s", viewer, place, data)
			}
		}
	}
}

// TestTheScheduleOfAPostThatReadersDoNotSee is for all who may read the post.
func TestTheScheduleOfAPostThatReadersDoNotSee(t *testing.T) {
	w := openWriting(t)
	post := w.mustCreate(t, w.ada, "Rope")
	w.mustDo(t, w.eva, fmt.Sprintf(`publishPost(id: %q, expectedRevision: 1, at: "2026-12-01T00:00:00Z")`, post.ID))
	const query = `{ post(slug: "rope") { status scheduledFor revision } }`
	w.tell(t, []step{
		{"nobody", query, `{"post":null}`, nil},
		{"another author", query, `{"post":null}`, w.bo},
		{"its author", query, `{"post":{"status":"SCHEDULED","scheduledFor":"2026-12-01T00:00:00.000Z","revision":1}}`, w.ada},
		{"who reads drafts", query, `{"post":{"status":"SCHEDULED","scheduledFor":"2026-12-01T00:00:00.000Z","revision":null}}`,
			bearer(w.mustKey(t, logic.ScopePostsRead, logic.ScopeDraftsRead))},
	})
}

// TestRevisionsOfAPost reads them page by page, with who wrote them through what.
func TestRevisionsOfAPost(t *testing.T) {
	w := openWriting(t)
	post := w.mustCreate(t, w.ada, "Rope")
	post = w.mustUpdate(t, w.eva, post, "Twine")
	w.now = w.now.Add(time.Minute)
	w.mustDo(t, w.ada, fmt.Sprintf(`updatePost(id: %q, expectedRevision: 2, input: { markdown: "Text of **Twine**.\n\nMore." }, autosave: true)`, post.ID))
	const fields = `{ number title tags autosaved editor { username } authors { username } language createdAt diff html }`
	type revisions struct {
		Post struct {
			Revisions struct {
				TotalCount int
				Nodes      []json.RawMessage
				Edges      []struct{ Cursor string }
				PageInfo   json.RawMessage
			}
		}
	}
	ask := func(arguments string) revisions {
		t.Helper()
		var found revisions
		data := dataOf(t, w.send(t, w.ada, `{ post(slug: "rope") { revisions(`+arguments+`) { totalCount nodes `+fields+` edges { cursor } pageInfo { hasNextPage hasPreviousPage } } } }`, nil))
		if err := json.Unmarshal([]byte(data), &found); err != nil {
			t.Fatal(err)
		}
		return found
	}
	wants := []string{
		`{"number":3,"title":"Twine","tags":["Rope"],"autosaved":true,"editor":{"username":"ada"},"authors":[{"username":"ada"}],"language":"en","createdAt":"2026-11-27T12:01:00.000Z",` +
			`"diff":"@@ -1,1 +1,3 @@\n-Text of **Twine**.\n\\ No newline at end of file\n+Text of **Twine**.\n+\n+More.\n\\ No newline at end of file\n",` +
			`"html":"<p>Text of <strong>Twine</strong>.</p>\n<p>More.</p>\n"}`,
		`{"number":2,"title":"Twine","tags":["Rope"],"autosaved":false,"editor":{"username":"eva"},"authors":[{"username":"ada"}],"language":"en","createdAt":"2026-11-27T12:00:00.000Z",` +
			`"diff":"@@ -1,1 +1,1 @@\n-Text of **Rope**.\n\\ No newline at end of file\n+Text of **Twine**.\n\\ No newline at end of file\n",` +
			`"html":"<p>Text of <strong>Twine</strong>.</p>\n"}`,
		`{"number":1,"title":"Rope","tags":["Rope"],"autosaved":false,"editor":{"username":"ada"},"authors":[{"username":"ada"}],"language":"en","createdAt":"2026-11-27T12:00:00.000Z",` +
			`"diff":"@@ -0,0 +1,1 @@\n+Text of **Rope**.\n\\ No newline at end of file\n",` +
			`"html":"<p>Text of <strong>Rope</strong>.</p>\n"}`,
	}
	first := ask("first: 2").Post.Revisions
	if first.TotalCount != 3 || len(first.Nodes) != 2 || string(first.PageInfo) != `{"hasNextPage":true,"hasPreviousPage":false}` {
		t.Fatalf("the first page is %+v", first)
	}
	rest := ask(fmt.Sprintf("first: 2, after: %q", first.Edges[1].Cursor)).Post.Revisions
	if len(rest.Nodes) != 1 || string(rest.PageInfo) != `{"hasNextPage":false,"hasPreviousPage":true}` {
		t.Fatalf("the rest is %+v", rest)
	}
	for i, got := range append(first.Nodes, rest.Nodes...) {
		if string(got) != wants[i] {
			t.Errorf("revision %d is\n%s\nnot\n%s", len(wants)-i, got, wants[i])
		}
	}
	if err := firstError(t, w.send(t, w.ada, `{ post(slug: "rope") { revisions(after: "`+"AQIKUE9TVA"+`") { totalCount } } }`, nil)); err == nil || err.Extensions["code"] != string(logic.CodeBadRequest) {
		t.Errorf("a cursor of another list: %v", err)
	}
}

// TestNodesOfRevisions finds a revision again by its ID, for those alone who may edit its post.
func TestNodesOfRevisions(t *testing.T) {
	w := openWriting(t)
	post := w.mustPublish(t, w.mustCreate(t, w.ada, "Rope"))
	w.mustUpdate(t, w.ada, post, "Twine")
	var found struct {
		Post struct{ WorkingCopy struct{ ID string } }
	}
	if err := json.Unmarshal([]byte(dataOf(t, w.send(t, w.ada, `{ post(slug: "rope") { workingCopy { id } } }`, nil))), &found); err != nil {
		t.Fatal(err)
	}
	query := fmt.Sprintf(`{ node(id: %q) { id ... on Revision { title markdown client { kind } } } }`, found.Post.WorkingCopy.ID)
	shown := fmt.Sprintf(`{"node":{"id":%q,"title":"Twine","markdown":"Text of **Twine**.","client":{"kind":"SERVER"}}}`, found.Post.WorkingCopy.ID)
	w.tell(t, []step{
		{"its author", query, shown, w.ada}, {"an editor", query, shown, w.eva},
		{"another author", query, `{"node":null}`, w.bo}, {"nobody", query, `{"node":null}`, nil},
	})
}

// TestAPostIsMadeOnceUnderOneKey sends the same request again, as a frontend does that did not get the answer.
func TestAPostIsMadeOnceUnderOneKey(t *testing.T) {
	w := openWriting(t)
	const mutation = `mutation ($title: String!) { createPost(input: { title: $title }) { post { slug } userErrors { code } } }`
	ask := func(key, title string) string {
		header := w.ada.Clone()
		header.Set("Idempotency-Key", key)
		return dataOf(t, w.send(t, header, mutation, map[string]any{"title": title}))
	}
	for _, test := range []struct{ key, title, want string }{
		{"one", "Rope", `{"createPost":{"post":{"slug":"rope"},"userErrors":[]}}`},
		{"one", "Rope", `{"createPost":{"post":{"slug":"rope"},"userErrors":[]}}`},
		{"one", "Twine", `{"createPost":{"post":null,"userErrors":[{"code":"INVALID"}]}}`},
		{"two", "Rope", `{"createPost":{"post":{"slug":"rope-2"},"userErrors":[]}}`},
	} {
		if got := ask(test.key, test.title); got != test.want {
			t.Errorf("%s, %s: answered %s, want %s", test.key, test.title, got, test.want)
		}
	}
	if got := dataOf(t, w.send(t, w.ada, `{ posts(filter: { status: [DRAFT] }) { totalCount } }`, nil)); got != `{"posts":{"totalCount":2}}` {
		t.Errorf("there are %s", got)
	}
}
