package store

import (
	"testing"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/content/render"
)

// Every statement of writing must reach its rows by an index. What is due is asked four times a second.
func TestStatementsOfWritingUseIndexes(t *testing.T) {
	s, _ := randomBlog(t)
	ctx := t.Context()
	post := newPost(5000)
	post.Revision, post.ShownRevision = 1, 1
	id, ids := post.ID, []logic.PostID{post.ID}
	revision := content.Revision{ID: 6001, PostID: id, Number: 1, Slug: post.Slug, AuthorIDs: post.AuthorIDs, Language: "en", AutosavedSince: new(testNow)}
	next := revision
	next.ID, next.Number = 6002, 2
	seen := checkPlans(t, s, func(r reader, w *writer) {
		for _, err := range []error{
			w.InsertPost(ctx, post, newText("new", render.Term{Term: "new", Weight: 1})), w.MovePost(ctx, post), w.SetPostRevisions(ctx, post),
			w.InsertRevision(ctx, revision), w.ReplaceRevision(ctx, revision.ID, next), w.FixRevisions(ctx, id, []int{1, 2}),
			second(r.NewestRevisions(ctx, ids)), second(r.RevisionByNumber(ctx, id, 2)), second(r.RevisionsInUse(ctx, id)),
			w.ClaimSlug(ctx, post.Slug, id, true), w.ReleaseSlugs(ctx, id, []string{post.Slug}), second(r.SlugOwners(ctx, []string{post.Slug})), w.DropOldSlug(ctx, "old", id),
			second(r.DuePosts(ctx, testNow, nil, 10)), second(r.OldTrash(ctx, testNow, nil, 10)), second(r.WasPublic(ctx, post.ID)), w.DropOutdatedTagSlug(ctx, "tag-1"), w.publishTagSlug(ctx, "tag-1"), second(r.NameableAuthors(ctx, post.AuthorIDs)),
			w.TouchContent(ctx, testNow), w.PurgePost(ctx, post),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		if _, _, err := r.ContentVersion(ctx); err != nil {
			t.Error(err)
		}
	})
	for name, step := range map[string]string{
		"DuePosts":         "SEARCH post USING COVERING INDEX post_by_scheduled_for (scheduled_for<?)",
		"OldTrash":         "SEARCH post USING COVERING INDEX post_by_deleted_at (deleted_at<?)",
		"RevisionByNumber": "SEARCH revision USING INDEX sqlite_autoindex_revision_1 (post_id=? AND number=?)",
		"RevisionsInUse":   "SEARCH revision USING INDEX sqlite_autoindex_revision_1 (post_id=? AND number=?)",
		"SlugOwners":       "SEARCH post_slug USING PRIMARY KEY (slug=?)",
		"NameableAuthors":  "SEARCH account USING INTEGER PRIMARY KEY (rowid=?)",
	} {
		mustStep(t, seen, name, step)
	}
	mustHaveAll(t, seen, "post_move.go", "post_slug.go", "revision.go", "schedule.go", "content_version.go")
}
