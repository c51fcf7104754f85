package content_test

import (
	"slices"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

// TestNamesOfHiddenTagsLeadNobody renames a tag that only a draft has, and merges another one into a tag that readers see.
func TestNamesOfHiddenTagsLeadNobody(t *testing.T) {
	w, editor := newWritingWorld(t)
	author := as(t, person(bo, logic.RoleAuthor))
	open := w.mustPublish(t, editor, "Open", "Company")
	draft := must(t)(w.CreatePost(editor, content.CreatePostInput{Title: "Draft", Tags: []string{"Layoffs in May", "Bankruptcy"}, AuthorIDs: []logic.UserID{ada}}))
	rename := mustTagOf(t)(w.UpdateTag(editor, draft.TagIDs[0], content.UpdateTagInput{Name: new("Staff"), Slug: new("staff")}))
	if _, err := w.MergeTags(editor, draft.TagIDs[1], open.TagIDs[0]); err != nil {
		t.Fatal(err)
	}
	// What the draft says keeps its tags through a change of its text, and by whom.
	draft = must(t)(w.UpdatePost(editor, draft.ID, 1, content.UpdatePostInput{Title: new("Draft again")}, false))
	draft = must(t)(w.UpdatePost(as(t, person(ada, logic.RoleAuthor)), draft.ID, 2, content.UpdatePostInput{Title: new("Draft once more")}, false))
	if want := []logic.TagID{rename.ID, open.TagIDs[0]}; !slices.Equal(draft.TagIDs, want) {
		t.Errorf("the draft has tags %v, want %v", draft.TagIDs, want)
	}
	draft = must(t)(w.PublishPost(editor, draft.ID, draft.Revision, nil))
	for _, slug := range []string{"layoffs-in-may", "bankruptcy"} {
		for who, ctx := range map[string]logic.Viewer{"nobody": {Limit: logic.AllScopes}, "an author": person(bo, logic.RoleAuthor)} {
			if tag, err := w.Tag(as(t, ctx), slug); logic.CodeOf(err) != logic.CodeNotFound {
				t.Errorf("%s leads %s to %+v, %v", slug, who, tag, err)
			}
			if found := w.found(t, as(t, ctx), "tag:"+slug, nil); len(found) != 0 {
				t.Errorf("tag:%s finds %q for %s", slug, found, who)
			}
		}
	}
	if got := w.mustTag(t, "staff"); got.ID != rename.ID {
		t.Errorf("staff leads to %+v", got)
	}
	// Whoever does not know what a name stood for makes a tag of it, as if it had never been one.
	own := must(t)(w.CreatePost(author, content.CreatePostInput{Title: "Own", Tags: []string{"Bankruptcy", "staff", "company"}}))
	tags, err := w.TagsByID(author, own.TagIDs)
	if err != nil {
		t.Fatal(err)
	}
	var slugs []string
	for _, id := range own.TagIDs {
		slugs = append(slugs, tags[id].Slug)
	}
	if !slices.Equal(slugs, []string{"bankruptcy", "staff", "company"}) || own.TagIDs[1] != rename.ID || own.TagIDs[2] != open.TagIDs[0] {
		t.Errorf("an author's names are the tags %v %q", own.TagIDs, slugs)
	}
}

// TestNamesOfHiddenTagsDoNotShowInPreviews writes a working copy that names what was merged away unseen.
func TestNamesOfHiddenTagsDoNotShowInPreviews(t *testing.T) {
	w, editor := newWritingWorld(t)
	post := w.mustPublish(t, editor, "Open", "Company")
	draft := must(t)(w.CreatePost(editor, content.CreatePostInput{Title: "Draft", Tags: []string{"Bankruptcy"}, AuthorIDs: []logic.UserID{eva}}))
	if _, err := w.MergeTags(editor, draft.TagIDs[0], post.TagIDs[0]); err != nil {
		t.Fatal(err)
	}
	post = must(t)(w.UpdatePost(as(t, person(ada, logic.RoleAuthor)), post.ID, 1, content.UpdatePostInput{Tags: []string{"Bankruptcy"}}, false))
	if got := w.mustPreview(t, w.mustToken(t, editor, post)); len(got.TagIDs) != 0 {
		t.Errorf("the preview has tags %v", got.TagIDs)
	}
	if got := w.mustPreview(t, w.mustToken(t, editor, draft)); !slices.Equal(got.TagIDs, post.TagIDs) {
		t.Errorf("the preview of the draft has tags %v, want %v", got.TagIDs, post.TagIDs)
	}
}

func mustTagOf(t *testing.T) func(content.Tag, error) content.Tag {
	return func(tag content.Tag, err error) content.Tag {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return tag
	}
}
