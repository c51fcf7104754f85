package store

import (
	"fmt"
	"strings"
	"testing"

	"headwater/logic/content"
	"headwater/logic/content/render"
)

// derived is what follows from the posts that there are, each as a query for lines of text.
var derived = []string{
	`SELECT id || ' ' || status || ' ' || coalesce(deleted_at, '') FROM post ORDER BY id`,
	`SELECT list || ' ' || post_id || ' ' || shelf || ' ' || coalesce(published_at, '') || ' ' || updated_at FROM post_list ORDER BY list, post_id`,
	`SELECT list || ' ' || shelf || ' ' || posts FROM post_list_size WHERE posts > 0 ORDER BY list, shelf`,
	`SELECT post_id || ' ' || term || ' ' || open || ' ' || posts FROM post_term JOIN term ON term.id = term_id ORDER BY post_id, term`,
	`SELECT term FROM term ORDER BY term`,
	`SELECT 'tag ' || id || ' ' || post_count || ' ' || listed FROM tag ORDER BY id`,
	`SELECT 'account ' || id || ' ' || listed FROM account ORDER BY id`,
	`SELECT 'public ' || rowid FROM post_search WHERE post_search MATCH 'words' ORDER BY rowid`,
	`SELECT 'draft ' || rowid FROM draft_search WHERE draft_search MATCH 'words' ORDER BY rowid`,
	`SELECT 'word ' || rowid FROM post_word_search WHERE post_word_search MATCH 'words' ORDER BY rowid`,
	`SELECT 'draft word ' || rowid FROM draft_word_search WHERE draft_word_search MATCH 'words' ORDER BY rowid`,
}

func derivedOf(t *testing.T, s *Store) string {
	t.Helper()
	var lines []string
	for _, query := range derived {
		found, err := selectRows[string](t.Context(), s.reader(), query)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, found...)
	}
	for _, index := range searchIndexes {
		mustWrite(t, s, func(w *writer) error {
			_, err := w.exec(t.Context(), `/* check */ INSERT INTO `+index.name+` (`+index.name+`) VALUES ('integrity-check')`)
			return err
		})
	}
	return strings.Join(lines, "\n")
}

// TestMovingAPostIsAsWritingItAnew takes a post from each state to each other, once by itself and once with its text.
func TestMovingAPostIsAsWritingItAnew(t *testing.T) {
	var states []content.Post
	for _, status := range content.EveryStatus() {
		for _, trashed := range []bool{false, true} {
			post := newPost(1)
			post.Status, post.TagIDs, post.UpdatedAt = status, post.TagIDs[:0], testNow
			if post.TagIDs = append(post.TagIDs, firstTag); trashed {
				post.DeletedAt = new(testNow)
			}
			states = append(states, post)
		}
	}
	text := newText("words", render.Term{Term: "a", Weight: 0.6}, render.Term{Term: "b", Weight: 0.8})
	moved, written := openTest(t), openTest(t)
	for _, s := range []*Store{moved, written} {
		mustAddNames(t, s, 1, 1)
		mustInsert(t, s, newPost(2))
		mustWrite(t, s, func(w *writer) error { return w.InsertPost(t.Context(), states[0], text) })
	}
	for _, from := range states {
		for _, to := range states {
			for _, post := range []content.Post{from, to} {
				mustWrite(t, moved, func(w *writer) error { return w.MovePost(t.Context(), post) })
				mustWrite(t, written, func(w *writer) error { return w.UpdatePost(t.Context(), post, text) })
			}
			if got, want := derivedOf(t, moved), derivedOf(t, written); got != want {
				t.Fatalf("from %s to %s:\n%s\nwant\n%s", from.Status, to.Status, got, want)
			}
		}
	}
}

// A post that is taken away leaves nothing that it would not have left had it never been there.
func TestAPurgedPostLeavesNothing(t *testing.T) {
	s := openTest(t)
	mustAddNames(t, s, 1, 1)
	mustInsert(t, s, newPost(2))
	before := derivedOf(t, s)
	post := newPost(1)
	post.TagIDs = append(post.TagIDs, firstTag)
	ctx := t.Context()
	mustWrite(t, s, func(w *writer) error {
		return inOrder(
			func() error { return w.InsertPost(ctx, post, newText("words", render.Term{Term: "a", Weight: 1})) },
			func() error {
				return w.InsertRevision(ctx, content.Revision{ID: 9, PostID: post.ID, Number: 1, AuthorIDs: post.AuthorIDs})
			},
			func() error { return w.ClaimSlug(ctx, post.Slug, post.ID, true) },
			func() error { return w.SetImportedPost(ctx, "source", "digest", post.ID) },
		)
	})
	mustWrite(t, s, func(w *writer) error { return w.PurgePost(ctx, post) })
	if after := derivedOf(t, s); after != before {
		t.Errorf("left is\n%s\nwant\n%s", after, before)
	}
	for _, table := range []string{"revision", "post_slug", "post_import", "post_text", "post_term", "preview_token", "post_media"} {
		if left := mustGet[int](t, s, fmt.Sprintf(`SELECT count(*) FROM %s WHERE post_id = ?`, table), post.ID); left != 0 {
			t.Errorf("%d rows are left in %s", left, table)
		}
	}
}
