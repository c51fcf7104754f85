package content_test

import (
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

func TestTheTrashIsEmptiedAfterThirtyDays(t *testing.T) {
	w, editor := newWritingWorld(t)
	old := lives["trashed PUBLISHED+"](t, w, editor)
	if !w.hasTrash(t, content.PostList(ada)) {
		t.Error("what is in the trash is not listed for editors")
	}
	w.now += day
	young := lives["trashed DRAFT"](t, w, editor)
	back := must(t)(w.UndeletePost(editor, lives["trashed PUBLISHED+"](t, w, editor).ID))
	view := w.view(t)

	w.now = now + 30*day - 1
	if purged, err := w.EmptyTrash(t.Context()); purged != 0 || err != nil {
		t.Errorf("%d posts were purged a millisecond early, %v", purged, err)
	}
	w.now++
	if purged, err := w.EmptyTrash(t.Context()); purged != 1 || err != nil {
		t.Errorf("%d posts were purged, want one, %v", purged, err)
	}
	posts, err := w.PostsByID(editor, []logic.PostID{old.ID, young.ID, back.ID})
	if err != nil || len(posts) != 2 || posts[old.ID].ID != 0 {
		t.Errorf("left are %v, %v", posts, err)
	}
	if revisions, err := w.CountRevisions(editor, []content.Post{old}); err != nil || revisions[old.ID] != 0 {
		t.Errorf("%d revisions are left, %v", revisions[old.ID], err)
	}
	if _, err := w.UndeletePost(editor, old.ID); logic.CodeOf(err) != logic.CodeNotFound {
		t.Errorf("undeleting what is gone: %v", err)
	}
	if seen := w.view(t); seen != view {
		t.Errorf("what readers see went from\n%s\nto\n%s", view, seen)
	}
}

// hasTrash tells whether any post of a list is in the trash.
func (w *world) hasTrash(t *testing.T, list content.PostList) bool {
	t.Helper()
	ctx := as(t, person(eva, logic.RoleEditor))
	query, err := w.PostQuery(ctx, &content.PostFilter{Status: content.EveryStatus(), Trashed: new(true)}, nil, logic.PageArgs{})
	if err != nil {
		t.Fatal(err)
	}
	counts, err := w.CountPosts(ctx, []content.PostList{list}, query)
	if err != nil {
		t.Fatal(err)
	}
	return counts[list] > 0
}

// Whatever is put aside, discarded or restored, nothing that was written is lost.
func TestNothingWrittenIsLost(t *testing.T) {
	w, editor := newWritingWorld(t)
	post := lives["PUBLISHED+"](t, w, editor)
	post = must(t)(w.UnpublishPost(editor, post.ID))
	if post.Title != "second" {
		t.Errorf("unpublished, it shows %q", post.Title)
	}
	post = must(t)(w.PublishPost(editor, post.ID, post.Revision, nil))
	post = w.mustUpdate(t, editor, post, "third")
	post = must(t)(w.DiscardWorkingCopy(editor, post.ID))
	if copies, err := w.WorkingCopies(editor, []content.Post{post}); post.Title != "second" || len(copies) != 0 || err != nil {
		t.Errorf("with the working copy discarded, it is %q with %v, %v", post.Title, copies, err)
	}
	post = must(t)(w.RestoreRevision(editor, post.ID, post.Revision, 3))
	if copies, err := w.WorkingCopies(editor, []content.Post{post}); copies[post.ID].Title != "third" || err != nil {
		t.Errorf("restored as the working copy is %v, %v", copies, err)
	}
	post = must(t)(w.ArchivePost(editor, post.ID))
	var titles []string
	for _, revision := range w.revisionsOf(t, post.ID) {
		titles = append(titles, revision.Title)
	}
	if got := len(titles); post.Title != "third" || got != 5 || titles[2] != "third" || titles[3] != "second" || titles[4] != "third" {
		t.Errorf("archived, it shows %q, behind %v", post.Title, titles)
	}
	diffs, err := w.Diffs(editor, []logic.RevisionID{w.revisionsOf(t, post.ID)[1].ID, w.revisionsOf(t, post.ID)[0].ID})
	if want := "@@ -1,1 +1,1 @@\n-The text of first.\n\\ No newline at end of file\n+The text of second.\n\\ No newline at end of file\n"; err != nil || len(diffs) != 2 ||
		diffs[w.revisionsOf(t, post.ID)[1].ID] != want {
		t.Errorf("the diffs are %v, %v", diffs, err)
	}
}
