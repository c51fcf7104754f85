package store

import (
	"cmp"
	"errors"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"headwater/logic"
	"headwater/logic/content"
)

// openRevised returns a store with three posts: one with two revisions, one with eight, among whose numbers some are missing, and one
// with none.
func openRevised(t *testing.T) (*Store, map[logic.PostID][]content.Revision) {
	t.Helper()
	s := openTest(t)
	mustAddNames(t, s, 0, 1)
	mustInsert(t, s, newPost(0), newPost(1), newPost(2))
	written := map[logic.PostID][]content.Revision{}
	mustWrite(t, s, func(w *writer) (err error) {
		for post, numbers := range map[logic.PostID][]int{firstPost: {1, 2}, firstPost + 1: {1, 2, 4, 5, 9, 10, 11, 12}} {
			for _, number := range numbers {
				revision := content.Revision{
					ID: logic.RevisionID(int(post)*100 + number), PostID: post, Number: number, Slug: "slug", Title: "Title", Markdown: "text",
					Tags: []string{"A tag"}, AuthorIDs: []logic.UserID{firstUser}, Language: "en", CreatedAt: testNow,
				}
				err = errors.Join(err, w.InsertRevision(t.Context(), revision))
				revision.Markdown = ""
				written[post] = append(written[post], revision)
			}
		}
		return err
	})
	return s, written
}

func TestRevisionsOfManyPostsAnswerAsIfAllWereLookedAt(t *testing.T) {
	s, written := openRevised(t)
	ids := []logic.PostID{firstPost, firstPost + 1, firstPost + 2}
	compare := func(a, b logic.Cursor) int { return cmp.Or(-cmp.Compare(a.Int, b.Int), -cmp.Compare(a.Key, b.Key)) }
	rapid.Check(t, func(draw *rapid.T) {
		window := drawWindow(draw, written[firstPost+1], content.Revision.Cursor)
		got, err := s.Content().RevisionPages(t.Context(), ids, window)
		if err != nil {
			draw.Fatal(err)
		}
		for _, id := range ids {
			want := naiveWindow(written[id], window, compare, content.Revision.Cursor)
			if diff := gocmp.Diff(want, got[id]); diff != "" && len(want)+len(got[id]) > 0 {
				draw.Fatalf("%+v of %d (-want +got):\n%s", window, id, diff)
			}
		}
	})
	counts, err := s.Content().CountRevisions(t.Context(), ids)
	if want := (map[logic.PostID]int64{firstPost: 2, firstPost + 1: 8, firstPost + 2: 0}); err != nil || !gocmp.Equal(counts, want) {
		t.Errorf("counted %v (%v)", counts, err)
	}
}

func TestEveryStatementOfRevisionsInListsUsesAnIndex(t *testing.T) {
	s, written := openRevised(t)
	ctx := t.Context()
	ids := []logic.PostID{firstPost, firstPost + 1}
	place := written[firstPost+1][3].Cursor()
	revisions := []logic.RevisionID{written[firstPost][1].ID}
	seen := checkPlans(t, s, func(r reader, _ *writer) {
		for _, err := range []error{
			second(r.RevisionPages(ctx, ids, logic.Window{})), second(r.RevisionPages(ctx, ids, logic.Window{After: &place})),
			second(r.RevisionPages(ctx, ids, logic.Window{Before: &place, Backward: true})), second(r.CountRevisions(ctx, ids)),
			second(r.RevisionsByID(ctx, revisions)), second(r.Sources(ctx, ids)), second(r.RevisionSources(ctx, revisions)),
			second(r.SourcesBefore(ctx, revisions)),
		} {
			if err != nil {
				t.Error(err)
			}
		}
	})
	mustHaveAll(t, seen, "revision_list.go", "source.go")
	mustStep(t, seen, "RevisionPages", "SEARCH revision USING INDEX sqlite_autoindex_revision_1 (post_id=? AND number=?)")
}
