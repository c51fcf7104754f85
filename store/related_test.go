package store

import (
	"errors"
	"slices"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/content/render"
)

// relatedIDs returns the posts related to one, closest first.
func relatedIDs(t *testing.T, s *Store, id logic.PostID, limit int) []logic.PostID {
	t.Helper()
	related, err := s.Content().RelatedPosts(t.Context(), []logic.PostID{id}, limit)
	if err != nil {
		t.Fatal(err)
	}
	var ids []logic.PostID
	for _, post := range related[id] {
		ids = append(ids, post.ID)
	}
	return ids
}

// openRelated opens a database of ten posts: 0 to 3 have words in common with 0, fewer each, and 4 shares a tag with it.
func openRelated(t *testing.T) *Store {
	t.Helper()
	s := openTest(t)
	mustAddNames(t, s, 3, 1)
	words := map[int][]string{
		0: {"river", "water", "stone"}, 1: {"river", "water", "stone"}, 2: {"river", "water", "sand"}, 3: {"river", "tree", "wood"},
		4: {"other"}, 5: {"matters"}, 6: {"matters"}, 7: {"matters"}, 8: {"matters"}, 9: {"matters"},
	}
	mustWrite(t, s, func(w *writer) error {
		for i := range 10 {
			post := newPost(i)
			if i == 0 || i == 4 {
				post.TagIDs = []logic.TagID{firstTag}
			}
			terms := make([]render.Term, len(words[i]))
			for j, word := range words[i] {
				terms[j] = render.Term{Term: word, Weight: 0.577}
			}
			if err := w.InsertPost(t.Context(), post, newText("", terms...)); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

func TestRelatedPostsAreClosestFirst(t *testing.T) {
	s := openRelated(t)
	want := []logic.PostID{firstPost + 1, firstPost + 2}
	if got := relatedIDs(t, s, firstPost, 2); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	all := relatedIDs(t, s, firstPost, 20)
	slices.Sort(all)
	if want := []logic.PostID{firstPost + 1, firstPost + 2, firstPost + 3, firstPost + 4}; !slices.Equal(all, want) {
		t.Errorf("got %v, want those that share words or a tag: %v", all, want)
	}
}

func TestRelatedPostsArePublishedArticles(t *testing.T) {
	s := openRelated(t)
	page, draft := newPost(1), newPost(2)
	page.Kind, draft.Status = content.PostKindPage, content.PostStatusDraft
	mustWrite(t, s, func(w *writer) error {
		terms := []render.Term{{Term: "river", Weight: 1}}
		if err := w.UpdatePost(t.Context(), page, newText("", terms...)); err != nil {
			return err
		}
		return w.UpdatePost(t.Context(), draft, newText("", terms...))
	})
	got := relatedIDs(t, s, firstPost, 20)
	slices.Sort(got)
	if want := []logic.PostID{firstPost + 3, firstPost + 4}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	// What is not published has related posts all the same.
	if got, want := relatedIDs(t, s, draft.ID, 1), []logic.PostID{firstPost}; len(got) != 1 {
		t.Errorf("got %v for a draft, want %v or another", got, want)
	}
	checkBooks(t, s)
}

func TestRelatedPostsOfManyTakeOneStatement(t *testing.T) {
	s := openRelated(t)
	before := s.Statements()
	related, err := s.Content().RelatedPosts(t.Context(), []logic.PostID{firstPost, firstPost + 3, firstPost + 9, 42}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Statements() - before; got != 1 {
		t.Errorf("%d statements, want 1", got)
	}
	for id, posts := range related {
		if slices.ContainsFunc(posts, func(post content.Post) bool { return post.ID == id }) {
			t.Errorf("post %d is related to itself", id)
		}
	}
	if len(related[firstPost]) != 3 || len(related[firstPost+3]) != 3 || len(related[firstPost+9]) != 3 || len(related[42]) != 0 {
		t.Errorf("got %v", related)
	}
}

func TestWordsOfOldTextsAreForgotten(t *testing.T) {
	s := openTest(t)
	mustAddNames(t, s, 0, 1)
	draft := newPost(1)
	draft.Status = content.PostStatusDraft
	term := func(word string) render.Term { return render.Term{Term: word, Weight: 0.5} }
	mustWrite(t, s, func(w *writer) error {
		return errors.Join(
			w.InsertPost(t.Context(), newPost(0), newText("", term("secret"), term("stays"), term("shared"))),
			w.InsertPost(t.Context(), draft, newText("", term("shared"))),
			w.UpdatePost(t.Context(), newPost(0), newText("", term("stays"), term("new"))),
		)
	})
	if got := mustGet[string](t, s, `SELECT group_concat(term) FROM (SELECT term FROM term ORDER BY term)`); got != "new,shared,stays" {
		t.Errorf("the words are %s, want new,shared,stays", got)
	}
	if got := mustGet[int](t, s, `SELECT posts FROM term WHERE term = 'stays'`); got != 1 {
		t.Errorf("%d posts have the word that stayed, want 1", got)
	}
}
