package content_test

import (
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

// writers are who may come to write a post of ada's.
var writers = map[string]logic.Viewer{
	"nobody":             {Limit: logic.AllScopes, Client: 1},
	"a reader":           person(bo, logic.RoleReader),
	"its author":         person(ada, logic.RoleAuthor),
	"another":            person(bo, logic.RoleAuthor),
	"an editor":          person(eva, logic.RoleEditor),
	"author, client":     {Limit: logic.ScopesOf(logic.ScopePostsRead), SessionLimit: logic.AllScopes, Client: 1, User: ada, Role: logic.RoleAuthor},
	"author, weak login": {Limit: logic.AllScopes, SessionLimit: logic.Anonymous, Client: 1, User: ada, Role: logic.RoleAuthor},
	"writing key":        {Limit: logic.ScopesOf(logic.ScopePostsRead, logic.ScopePostsWrite), Secret: true, Client: 1, Key: 5},
	"editing key":        {Limit: logic.ScopesOf(logic.ScopePostsRead, logic.ScopePostsWrite, logic.ScopeDraftsRead), Secret: true, Client: 1, Key: 5},
	"publishing key":     {Limit: logic.AllScopes, Secret: true, Client: 1, Key: 5},
	"the zero viewer":    {},
}

// rightsTable says what each gets who tries an act on a post of ada's, in the state named in front: ok, or the code of the fault.
const rightsTable = `
                               | nobody    | a reader  | its author | another   | an editor | author, client | author, weak login | writing key | editing key | publishing key | the zero viewer
DRAFT: update                  | FORBIDDEN | FORBIDDEN | ok         | NOT_FOUND | ok        | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | ok          | ok             | FORBIDDEN
DRAFT: publish                 | FORBIDDEN | FORBIDDEN | FORBIDDEN  | NOT_FOUND | ok        | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | FORBIDDEN   | ok             | FORBIDDEN
DRAFT: publish later           | FORBIDDEN | FORBIDDEN | FORBIDDEN  | NOT_FOUND | ok        | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | FORBIDDEN   | ok             | FORBIDDEN
DRAFT: archive                 | FORBIDDEN | FORBIDDEN | ok         | NOT_FOUND | ok        | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | ok          | ok             | FORBIDDEN
DRAFT: delete                  | FORBIDDEN | FORBIDDEN | ok         | NOT_FOUND | ok        | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | ok          | ok             | FORBIDDEN
DRAFT: restore 1               | FORBIDDEN | FORBIDDEN | ok         | NOT_FOUND | ok        | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | ok          | ok             | FORBIDDEN
ARCHIVED: unpublish            | FORBIDDEN | FORBIDDEN | ok         | NOT_FOUND | ok        | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | ok          | ok             | FORBIDDEN
SCHEDULED: update              | FORBIDDEN | FORBIDDEN | ok         | NOT_FOUND | ok        | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | ok          | ok             | FORBIDDEN
SCHEDULED: unpublish           | FORBIDDEN | FORBIDDEN | FORBIDDEN  | NOT_FOUND | ok        | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | FORBIDDEN   | ok             | FORBIDDEN
SCHEDULED: archive             | FORBIDDEN | FORBIDDEN | FORBIDDEN  | NOT_FOUND | ok        | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | FORBIDDEN   | ok             | FORBIDDEN
SCHEDULED: delete              | FORBIDDEN | FORBIDDEN | FORBIDDEN  | NOT_FOUND | ok        | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | FORBIDDEN   | ok             | FORBIDDEN
SCHEDULED+: discard            | FORBIDDEN | FORBIDDEN | ok         | NOT_FOUND | ok        | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | ok          | ok             | FORBIDDEN
PUBLISHED: update              | FORBIDDEN | FORBIDDEN | ok         | FORBIDDEN | ok        | FORBIDDEN      | UNAUTHENTICATED    | FORBIDDEN   | ok          | ok             | FORBIDDEN
PUBLISHED: autosave            | FORBIDDEN | FORBIDDEN | ok         | FORBIDDEN | ok        | FORBIDDEN      | UNAUTHENTICATED    | FORBIDDEN   | ok          | ok             | FORBIDDEN
PUBLISHED+: publish            | FORBIDDEN | FORBIDDEN | FORBIDDEN  | FORBIDDEN | ok        | FORBIDDEN      | UNAUTHENTICATED    | FORBIDDEN   | FORBIDDEN   | ok             | FORBIDDEN
PUBLISHED+: discard            | FORBIDDEN | FORBIDDEN | ok         | FORBIDDEN | ok        | FORBIDDEN      | UNAUTHENTICATED    | FORBIDDEN   | ok          | ok             | FORBIDDEN
PLANNED: discard               | FORBIDDEN | FORBIDDEN | FORBIDDEN  | FORBIDDEN | ok        | FORBIDDEN      | UNAUTHENTICATED    | FORBIDDEN   | FORBIDDEN   | ok             | FORBIDDEN
PUBLISHED: unpublish           | FORBIDDEN | FORBIDDEN | FORBIDDEN  | FORBIDDEN | ok        | FORBIDDEN      | UNAUTHENTICATED    | FORBIDDEN   | FORBIDDEN   | ok             | FORBIDDEN
PUBLISHED: archive             | FORBIDDEN | FORBIDDEN | FORBIDDEN  | FORBIDDEN | ok        | FORBIDDEN      | UNAUTHENTICATED    | FORBIDDEN   | FORBIDDEN   | ok             | FORBIDDEN
PUBLISHED: delete              | FORBIDDEN | FORBIDDEN | FORBIDDEN  | FORBIDDEN | ok        | FORBIDDEN      | UNAUTHENTICATED    | FORBIDDEN   | FORBIDDEN   | ok             | FORBIDDEN
PUBLISHED: restore 1           | FORBIDDEN | FORBIDDEN | ok         | FORBIDDEN | ok        | FORBIDDEN      | UNAUTHENTICATED    | FORBIDDEN   | ok          | ok             | FORBIDDEN
trashed DRAFT: undelete        | FORBIDDEN | FORBIDDEN | ok         | NOT_FOUND | ok        | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | ok          | ok             | FORBIDDEN
trashed PUBLISHED+: undelete   | FORBIDDEN | FORBIDDEN | FORBIDDEN  | NOT_FOUND | ok        | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | FORBIDDEN   | ok             | FORBIDDEN
trashed PUBLISHED+: update     | FORBIDDEN | FORBIDDEN | INVALID    | NOT_FOUND | INVALID   | FORBIDDEN      | UNAUTHENTICATED    | NOT_FOUND   | INVALID     | INVALID        | FORBIDDEN
`

// TestWhoMayDoWhatWithAPost tries acts for everyone. What changes nothing must also leave no trace.
func TestWhoMayDoWhatWithAPost(t *testing.T) {
	lines := strings.Split(strings.Trim(rightsTable, "\n"), "\n")
	names := cells(lines[0])[1:]
	if len(names) != len(writers) {
		t.Fatalf("the table has %d viewers, want %d", len(names), len(writers))
	}
	w, editor := newWritingWorld(t)
	for _, line := range lines[1:] {
		row := cells(line)
		place, act, _ := strings.Cut(row[0], ": ")
		for i, name := range names {
			post := lives[place](t, w, editor)
			_, err := acts[act](as(t, writers[name]), w, post)
			got := "ok"
			if err != nil {
				got = string(logic.CodeOf(err))
			}
			if got != row[i+1] {
				t.Errorf("%s, %s: %s, want %s", row[0], name, got, row[i+1])
			}
			if after := w.mustRead(t, post.ID); got != "ok" && state(after) != state(post) {
				t.Errorf("%s, %s: %s made %s of %s", row[0], name, got, state(after), state(post))
			}
		}
	}
}

// TestWhoMayCreatePosts says of everyone what comes of naming nobody, oneself, and someone else.
func TestWhoMayCreatePosts(t *testing.T) {
	w, _ := newWritingWorld(t)
	for name, test := range map[string]struct {
		viewer                      logic.Viewer
		unnamed, ada, others, empty string
	}{
		"nobody":         {writers["nobody"], "FORBIDDEN", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN"},
		"a reader":       {writers["a reader"], "FORBIDDEN", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN"},
		"an author":      {writers["its author"], "ok", "ok", "FORBIDDEN", "REQUIRED authorIds"},
		"an editor":      {writers["an editor"], "ok", "ok", "ok", "REQUIRED authorIds"},
		"a writing key":  {writers["writing key"], "REQUIRED authorIds", "FORBIDDEN", "FORBIDDEN", "REQUIRED authorIds"},
		"an editing key": {writers["editing key"], "REQUIRED authorIds", "ok", "ok", "REQUIRED authorIds"},
	} {
		for ids, want := range map[*[]logic.UserID]string{nil: test.unnamed, {ada}: test.ada, {bo, ada}: test.others, {}: test.empty} {
			in := content.CreatePostInput{Title: "A post", Markdown: "Text."}
			if ids != nil {
				in.AuthorIDs = *ids
			}
			post, err := w.CreatePost(as(t, test.viewer), in)
			got := "ok"
			if faults, ok := err.(logic.Faults); ok {
				got = describe(faults[0])
			} else if err != nil {
				got = string(logic.CodeOf(err))
			}
			if got != want {
				t.Errorf("%s names %v: %s, want %s", name, ids, got, want)
			}
			if got == "ok" && (len(post.AuthorIDs) == 0 || ids == nil && post.AuthorIDs[0] != test.viewer.User) {
				t.Errorf("%s made a post of %v", name, post.AuthorIDs)
			}
		}
	}
}

// Who may not see the drafts of others may not give posts away either, nor take them from others.
func TestAuthorsOfAPostAreTheEditorsMatter(t *testing.T) {
	w, editor := newWritingWorld(t)
	author := as(t, person(ada, logic.RoleAuthor))
	post := must(t)(w.CreatePost(editor, content.CreatePostInput{Title: "Of two", Markdown: "Text.", AuthorIDs: []logic.UserID{ada, bo}}))
	for _, ids := range [][]logic.UserID{{ada}, {bo}, {bo, ada}, {ada, bo, eva}} {
		_, err := w.UpdatePost(author, post.ID, post.Revision, content.UpdatePostInput{AuthorIDs: ids}, false)
		if logic.CodeOf(err) != logic.CodeForbidden {
			t.Errorf("an author makes %v the authors: %v", ids, err)
		}
	}
	post = must(t)(w.UpdatePost(author, post.ID, post.Revision, content.UpdatePostInput{AuthorIDs: []logic.UserID{ada, bo}, Title: new("Same two")}, false))
	post = must(t)(w.UpdatePost(editor, post.ID, post.Revision, content.UpdatePostInput{AuthorIDs: []logic.UserID{bo}}, false))
	if _, err := w.UpdatePost(author, post.ID, post.Revision, content.UpdatePostInput{Title: new("Mine")}, false); logic.CodeOf(err) != logic.CodeNotFound {
		t.Errorf("someone who was its author writes a draft: %v", err)
	}
	for ids, want := range map[*[]logic.UserID]string{
		{}: "REQUIRED authorIds", {bo, bo}: "INVALID authorIds", {bo, 99}: "NOT_FOUND authorIds",
	} {
		_, err := w.UpdatePost(editor, post.ID, post.Revision, content.UpdatePostInput{AuthorIDs: *ids}, false)
		wantFaults(t, err, want)
	}
	// The author's own name stays on what an author restores.
	other := as(t, person(bo, logic.RoleAuthor))
	post = must(t)(w.RestoreRevision(other, post.ID, post.Revision, 1))
	if len(post.AuthorIDs) != 1 || post.AuthorIDs[0] != bo || post.Title != "Of two" {
		t.Errorf("restored by an author is %q of %v", post.Title, post.AuthorIDs)
	}
	post = must(t)(w.RestoreRevision(editor, post.ID, post.Revision, 1))
	if len(post.AuthorIDs) != 2 {
		t.Errorf("restored by an editor is a post of %v", post.AuthorIDs)
	}
}
