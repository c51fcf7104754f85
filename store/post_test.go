package store

import (
	"errors"
	"maps"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/content"
)

func TestPostComesBackAsItWasWritten(t *testing.T) {
	s := openTest(t)
	mustAddNames(t, s, 2, 2)
	post := newPost(1)
	post.Summary, post.TagIDs = new("A summary"), []logic.TagID{firstTag + 1, firstTag}
	post.AuthorIDs = []logic.UserID{firstUser + 1, firstUser}
	text := newText("The text")
	mustWrite(t, s, func(w *writer) error {
		return errors.Join(w.InsertPost(t.Context(), post, text), w.ClaimSlug(t.Context(), post.Slug, post.ID, true))
	})
	for range 2 {
		bySlug, err := s.Content().PostBySlug(t.Context(), post.Slug)
		if diff := gocmp.Diff(post, bySlug); diff != "" || err != nil {
			t.Errorf("by slug: %v (-want +got):\n%s", err, diff)
		}
		byID, err := s.Content().PostsByID(t.Context(), []logic.PostID{post.ID, 42, post.ID})
		if diff := gocmp.Diff(map[logic.PostID]content.Post{post.ID: post}, byID); diff != "" || err != nil {
			t.Errorf("by key: %v (-want +got):\n%s", err, diff)
		}
		outlines, err := s.Content().Outlines(t.Context(), []logic.PostID{post.ID, 42})
		want := map[logic.PostID]content.Outline{post.ID: {Lead: text.Lead, WordCount: text.WordCount, Headings: text.Headings}}
		if diff := gocmp.Diff(want, outlines); diff != "" || err != nil {
			t.Errorf("outline: %v (-want +got):\n%s", err, diff)
		}
		for part, want := range map[content.BodyPart]string{content.BodyHTML: text.HTML, content.BodyText: text.Text} {
			bodies, err := s.Content().Bodies(t.Context(), []logic.PostID{post.ID, 42}, part)
			if diff := gocmp.Diff(map[logic.PostID]string{post.ID: want}, bodies); diff != "" || err != nil {
				t.Errorf("body %d: %v (-want +got):\n%s", part, err, diff)
			}
		}
		// Once more with everything but the key changed.
		later := post.UpdatedAt + 1
		post.Kind, post.Status, post.Slug, post.Title, post.Language = content.PostKindPage, content.PostStatusArchived, "other", "Other", "de"
		post.Summary, post.PublishedAt, post.CreatedAt, post.UpdatedAt = nil, nil, later, later
		post.TagIDs, post.AuthorIDs = []logic.TagID{}, []logic.UserID{firstUser}
		text = newText("Another text")
		mustWrite(t, s, func(w *writer) error {
			return errors.Join(w.UpdatePost(t.Context(), post, text), w.ClaimSlug(t.Context(), post.Slug, post.ID, true))
		})
	}
}

func TestTakenNamesSayWhichInputIsAtFault(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	mustAddNames(t, s, 1, 1)
	mustInsert(t, s, newPost(1), newPost(2))
	again := newPost(3)
	again.Slug = newPost(1).Slug
	changed := again
	changed.ID = newPost(2).ID
	for name, c := range map[string]struct {
		run   func(*writer) error
		field string
	}{
		"a new post":     {func(w *writer) error { return w.InsertPost(ctx, again, newText("")) }, "slug"},
		"a changed post": {func(w *writer) error { return w.UpdatePost(ctx, changed, newText("")) }, "slug"},
		"a tag":          {func(w *writer) error { return w.InsertTag(ctx, content.Tag{ID: 7, Slug: "tag-0", Name: "Again"}) }, "slug"},
		"a user":         {func(w *writer) error { return w.InsertAuthor(ctx, 7, "user-0", "Again", testNow) }, "username"},
	} {
		t.Run(name, func(t *testing.T) {
			err := s.change(ctx, c.run)
			fault, ok := err.(*logic.Error)
			if !ok || fault.Code != logic.CodeTaken || !slices.Equal(fault.Field, []string{c.field}) {
				t.Errorf("got %v, want TAKEN at %s", err, c.field)
			}
		})
	}
	checkBooks(t, s)
}

func TestWhatIsNotThere(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	for name, run := range map[string]func() error{
		"a post":    func() error { return second(s.Content().PostBySlug(ctx, "none")) },
		"a tag":     func() error { return second(s.Content().ListedTag(ctx, "none", 0)) },
		"a user":    func() error { return second(s.Account().UserByUsername(ctx, "none")) },
		"an import": func() error { _, _, err := s.Content().ImportedPost(ctx, "none"); return err },
		"a post to update": func() error {
			return s.change(ctx, func(w *writer) error { return w.UpdatePost(ctx, newPost(1), newText("")) })
		},
		"a tag without post": func() error { mustAddNames(t, s, 1, 1); return second(s.Content().ListedTag(ctx, "tag-0", 0)) },
	} {
		t.Run(name, func(t *testing.T) {
			if err := run(); logic.CodeOf(err) != logic.CodeNotFound {
				t.Errorf("got %v, want NOT_FOUND", err)
			}
		})
	}
}

func TestPostOfAnUnknownStateIsRefused(t *testing.T) {
	s := openTest(t)
	post := newPost(1)
	post.Status = "LOST"
	if err := s.change(t.Context(), func(w *writer) error { return w.InsertPost(t.Context(), post, newText("")) }); err == nil {
		t.Error("a post with an unknown state was written")
	}
}

func TestNeighboursAreTheClosestPublishedArticles(t *testing.T) {
	s, posts := randomBlog(t)
	order := content.PostOrder{Field: content.PostOrderPublishedAt, Direction: content.Ascending}
	ids := slices.Sorted(maps.Keys(posts))
	for _, before := range []bool{false, true} {
		statements := s.Statements()
		got, err := s.Content().Neighbours(t.Context(), ids, before)
		if err != nil {
			t.Fatal(err)
		}
		if n := s.Statements() - statements; n != 1 {
			t.Errorf("%d statements, want 1", n)
		}
		for _, id := range ids {
			query := content.PostQuery{
				States: []content.PostStatus{content.PostStatusPublished}, Kinds: []content.PostKind{content.PostKindArticle}, Order: order,
			}
			place := new(order.Cursor(posts[id]))
			if query.Window.After = place; before {
				query.Window = logic.Window{Backward: true, Before: place}
			}
			want, _ := naivePage(posts, content.AllPosts, query)
			if posts[id].PublishedAt == nil {
				want = nil
			}
			if found, ok := got[id]; ok != (len(want) > 0) || ok && found.ID != want[0].ID {
				t.Errorf("beside %d (before: %t) stands %d, want %v", id, before, found.ID, want)
			}
		}
	}
}

func TestImportedPostIsRemembered(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	mustAddNames(t, s, 1, 1)
	mustInsert(t, s, newPost(1), newPost(2))
	for i, digest := range []string{"first", "second"} {
		id := newPost(i + 1).ID
		mustWrite(t, s, func(w *writer) error { return w.SetImportedPost(ctx, "a/b.md", digest, id) })
		if got, known, err := s.Content().ImportedPost(ctx, "a/b.md"); got != id || known != digest || err != nil {
			t.Errorf("got %d, %s, %v, want %d, %s", got, known, err, id, digest)
		}
	}
	err := s.change(ctx, func(w *writer) error { return w.SetImportedPost(ctx, "other.md", "digest", 42) })
	if err == nil {
		t.Error("a post that is not there was imported")
	}
}

func TestSiteIsReplaced(t *testing.T) {
	s := openTest(t)
	if site, err := s.Content().Site(t.Context()); err != nil || site.Title == "" || site.TimeZone != "UTC" {
		t.Errorf("a new database has the site %+v (%v)", site, err)
	}
	want := content.Site{
		Title: "Title", Description: "Description", URL: "https://example.org", PostURL: "https://example.org/{slug}",
		Language: "de", TimeZone: "Europe/Berlin", ShowsViews: false,
	}
	mustWrite(t, s, func(w *writer) error { return w.UpdateSite(t.Context(), want) })
	if got, err := s.Content().Site(t.Context()); got != want || err != nil {
		t.Errorf("got %+v (%v), want %+v", got, err, want)
	}
}
