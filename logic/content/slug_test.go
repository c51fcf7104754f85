package content_test

import (
	"context"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

func TestSlugsAreMadeOfTitles(t *testing.T) {
	w, editor := newWritingWorld(t)
	for _, test := range []struct{ title, want string }{
		{"Crème brûlée", "creme-brulee"},
		{"Creme Brulee!", "creme-brulee-2"},
		{"CRÈME BRÛLÉE", "creme-brulee-3"},
		{"Straße №5", "strasse-no5"},
		{"日本語の題名", "日本語の題名"},
		{"?!", "post"},
		{"🙂", "post-2"},
		{strings.Repeat("long ", 39), strings.TrimSuffix(strings.Repeat("long-", 20), "-")},
	} {
		if post := must(t)(w.CreatePost(editor, content.CreatePostInput{Title: test.title})); post.Slug != test.want {
			t.Errorf("the slug of %q is %q, want %q", test.title, post.Slug, test.want)
		}
	}
	for range 60 {
		must(t)(w.CreatePost(editor, content.CreatePostInput{Title: "Many", Slug: new("")}))
	}
	if post := must(t)(w.CreatePost(editor, content.CreatePostInput{Title: "Many"})); post.Slug != "many-61" {
		t.Errorf("the 61st slug is %q", post.Slug)
	}
	post := w.mustCreate(t, editor, "First")
	post = w.mustUpdate(t, editor, post, "Second")
	if post.Slug != "first" {
		t.Errorf("another title made another slug: %q", post.Slug)
	}
	if post = must(t)(w.UpdatePost(editor, post.ID, 2, content.UpdatePostInput{Slug: new("")}, false)); post.Slug != "second" {
		t.Errorf("made anew, the slug is %q", post.Slug)
	}
}

// reslug gives a post another slug.
func (w *world) reslug(ctx context.Context, post content.Post, slug string) (content.Post, error) {
	return w.UpdatePost(ctx, post.ID, post.Revision, content.UpdatePostInput{Slug: &slug}, false)
}

// leads fails the test unless a slug leads readers to the post.
func (w *world) leads(t *testing.T, slug string, to content.Post) {
	t.Helper()
	if post := w.mustPost(t, slug); post.ID != to.ID {
		t.Errorf("%s leads to %q", slug, post.Slug)
	}
}

func TestOldSlugsGoOnLeadingToWhatReadersSaw(t *testing.T) {
	w, editor := newWritingWorld(t)
	post := w.mustCreate(t, editor, "never seen")
	post = must(t)(w.reslug(editor, post, "first"))
	post = must(t)(w.PublishPost(editor, post.ID, post.Revision, nil))
	post = must(t)(w.reslug(editor, post, "tried"))
	w.wantNone(t, "tried")
	w.leads(t, "first", post)
	post = must(t)(w.reslug(editor, post, "second"))
	post = must(t)(w.PublishPost(editor, post.ID, post.Revision, nil))
	if found := w.mustPost(t, "first"); found.ID != post.ID || found.Slug != "second" {
		t.Errorf("the old slug leads to %+v", found)
	}
	w.leads(t, "second", post)
	for _, slug := range []string{"never-seen", "tried"} {
		w.wantNone(t, slug)
		if other := must(t)(w.CreatePost(editor, content.CreatePostInput{Title: "Other", Slug: &slug})); other.Slug != slug {
			t.Errorf("%s, which readers never saw, is kept", slug)
		}
	}
	if _, err := w.CreatePost(editor, content.CreatePostInput{Title: "Other", Slug: new("first")}); logic.CodeOf(err) != logic.CodeTaken {
		t.Errorf("an old slug is given to another: %v", err)
	}
	if other := must(t)(w.CreatePost(editor, content.CreatePostInput{Title: "First"})); other.Slug != "first-2" {
		t.Errorf("an automatic slug is %q", other.Slug)
	}
	post = must(t)(w.reslug(editor, post, "first")) // its own, back again
	post = must(t)(w.PublishPost(editor, post.ID, post.Revision, nil))
	w.leads(t, "second", post)
	must(t)(w.UnpublishPost(editor, post.ID))
	w.wantNone(t, "first")
	w.wantNone(t, "second")
	if found, err := w.Post(editor, "second"); err != nil || found.ID != post.ID {
		t.Errorf("an editor finds %+v, %v", found, err)
	}
}

func TestASlugBelongsToOnePost(t *testing.T) {
	w, editor := newWritingWorld(t)
	post := lives["PUBLISHED"](t, w, editor)
	post = must(t)(w.reslug(editor, post, "coming"))
	other := w.mustCreate(t, editor, "other")
	for name, try := range map[string]func(slug string) error{
		"create": func(slug string) error {
			_, err := w.CreatePost(editor, content.CreatePostInput{Title: "New", Slug: &slug})
			return err
		},
		"update": func(slug string) error { _, err := w.reslug(editor, other, slug); return err },
		"import": func(slug string) error { _, err := w.ImportPost(operator(t), newImport(slug)); return err },
	} {
		for _, slug := range []string{"first", "coming"} {
			if err := try(slug); logic.CodeOf(err) != logic.CodeTaken {
				t.Errorf("%s takes %s: %v", name, slug, err)
			}
		}
	}
	post = must(t)(w.DiscardWorkingCopy(editor, post.ID))
	other = must(t)(w.reslug(editor, other, "coming")) // nobody else's any more
	restored := must(t)(w.RestoreRevision(editor, post.ID, post.Revision, 2))
	if got := w.revisionsOf(t, post.ID); len(got) != 3 || restored.Revision != 3 {
		t.Errorf("restoring a revision whose slug is another post's made %s of it", state(restored))
	}
	post = must(t)(w.PublishPost(editor, w.mustUpdate(t, editor, post, "kept").ID, 4, new(now+day)))
	post = must(t)(w.reslug(editor, post, "newest"))
	post = must(t)(w.reslug(editor, post, "newer"))
	if _, err := w.reslug(editor, other, "newest"); err != nil {
		t.Errorf("a slug that was given up is kept: %v", err)
	}
	must(t)(w.DeletePost(editor, post.ID))
	if _, err := w.reslug(editor, w.mustRead(t, other.ID), "newer"); logic.CodeOf(err) != logic.CodeTaken {
		t.Errorf("the slug of a post in the trash is given away: %v", err)
	}
	w.now += 31 * day
	if purged, err := w.EmptyTrash(t.Context()); purged != 1 || err != nil {
		t.Fatalf("%d posts were purged, %v", purged, err)
	}
	other = w.mustRead(t, other.ID)
	for _, slug := range []string{"newer", "first"} {
		other = must(t)(w.reslug(editor, other, slug))
	}
}

// A planned revision keeps its slug while the working copy has another.
func TestAPlannedSlugIsKept(t *testing.T) {
	w, editor := newWritingWorld(t)
	post := must(t)(w.reslug(editor, lives["PUBLISHED"](t, w, editor), "planned"))
	post = must(t)(w.PublishPost(editor, post.ID, post.Revision, new(now+day)))
	must(t)(w.reslug(editor, post, "later"))
	for _, slug := range []string{"planned", "later", "first"} {
		if _, err := w.CreatePost(editor, content.CreatePostInput{Title: "New", Slug: &slug}); logic.CodeOf(err) != logic.CodeTaken {
			t.Errorf("%s is given away: %v", slug, err)
		}
	}
	w.now += day
	if published, err := w.PublishDue(t.Context()); published != 1 || err != nil {
		t.Fatalf("%d posts were published, %v", published, err)
	}
	w.leads(t, "planned", post)
	w.leads(t, "first", post)
	w.wantNone(t, "later")
}
