package content_test

import (
	"context"
	"slices"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

// mustPublish makes a post of ada's on tags and publishes it.
func (w *world) mustPublish(t *testing.T, ctx context.Context, title string, tags ...string) content.Post {
	t.Helper()
	post := must(t)(w.CreatePost(ctx, content.CreatePostInput{Title: title, Markdown: "Some text.", Tags: tags, AuthorIDs: []logic.UserID{ada}}))
	return must(t)(w.PublishPost(ctx, post.ID, post.Revision, nil))
}

// mustTag returns the tag that a slug leads readers to.
func (w *world) mustTag(t *testing.T, slug string) content.Tag {
	t.Helper()
	tag, err := w.Tag(reader(t), slug)
	if err != nil {
		t.Fatalf("the tag %s: %v", slug, err)
	}
	return tag
}

func TestARenamedTagIsStillFound(t *testing.T) {
	w, ctx := newWritingWorld(t)
	post := w.mustPublish(t, ctx, "One", "Go")
	tag, before := w.mustTag(t, "go"), w.version(t)
	renamed, err := w.UpdateTag(ctx, tag.ID, content.UpdateTagInput{Name: new(" Golang "), Slug: new("go-language")})
	if err != nil || renamed.Name != "Golang" || renamed.Slug != "go-language" || renamed.PostCount != 1 {
		t.Fatalf("%+v, %v", renamed, err)
	}
	if w.version(t) == before {
		t.Error("feeds do not know that what readers see has changed")
	}
	for _, slug := range []string{"go", "golang", "go-language"} {
		if got := w.mustTag(t, slug); got != renamed {
			t.Errorf("%s leads to %+v, want %+v", slug, got, renamed)
		}
		query, err := w.PostQuery(ctx, &content.PostFilter{Tags: []string{slug}}, nil, logic.PageArgs{})
		if err != nil {
			t.Fatal(err)
		}
		counts, err := w.CountPosts(ctx, []content.PostList{content.AllPosts}, query)
		if err != nil || counts[content.AllPosts] != 1 {
			t.Errorf("%v posts are on %s, %v", counts, slug, err)
		}
		if found := w.found(t, reader(t), "tag:"+slug, nil); !slices.Equal(found, []string{"One"}) {
			t.Errorf("tag:%s finds %q", slug, found)
		}
	}
	// Whoever names it as it was called, or is, means it.
	second := w.mustPublish(t, ctx, "Two", "go", "Golang")
	if !slices.Equal(second.TagIDs, post.TagIDs) {
		t.Errorf("the tags are %v, want %v", second.TagIDs, post.TagIDs)
	}
	// And back.
	if again, err := w.UpdateTag(ctx, tag.ID, content.UpdateTagInput{Name: new("Go"), Slug: new("go")}); err != nil || again.Slug != "go" || again.Name != "Go" {
		t.Errorf("%+v, %v", again, err)
	}
	third := w.mustPublish(t, ctx, "Three", "Go", "Golang")
	if !slices.Equal(third.TagIDs, post.TagIDs) {
		t.Errorf("the tags are %v, want %v", third.TagIDs, post.TagIDs)
	}
}

func TestAWorkingCopyKeepsItsTagThroughAChangeOfName(t *testing.T) {
	w, ctx := newWritingWorld(t)
	post := w.mustPublish(t, ctx, "One", "Go")
	copied := w.mustUpdate(t, ctx, post, "One again")
	if _, err := w.UpdateTag(ctx, post.TagIDs[0], content.UpdateTagInput{Name: new("Golang")}); err != nil {
		t.Fatal(err)
	}
	if got := must(t)(w.PublishPost(ctx, post.ID, copied.Revision, nil)); !slices.Equal(got.TagIDs, post.TagIDs) {
		t.Errorf("the tags are %v, want %v", got.TagIDs, post.TagIDs)
	}
}

func TestMergedTagsAreOne(t *testing.T) {
	w, ctx := newWritingWorld(t)
	both := w.mustPublish(t, ctx, "Both", "JS", "Web", "JavaScript")
	one := w.mustPublish(t, ctx, "One", "JS")
	draft := must(t)(w.CreatePost(ctx, content.CreatePostInput{Title: "Draft", Tags: []string{"JS"}, AuthorIDs: []logic.UserID{ada}}))
	from, into, before := w.mustTag(t, "js"), w.mustTag(t, "javascript"), w.version(t)
	merged, err := w.MergeTags(ctx, from.ID, into.ID)
	if err != nil || merged.ID != into.ID || merged.Name != "JavaScript" || merged.PostCount != 2 {
		t.Fatalf("%+v, %v", merged, err)
	}
	if w.version(t) == before {
		t.Error("feeds do not know that what readers see has changed")
	}
	web := w.mustTag(t, "web").ID
	for _, want := range []struct {
		post content.Post
		tags []logic.TagID
	}{{both, []logic.TagID{into.ID, web}}, {one, []logic.TagID{into.ID}}, {draft, []logic.TagID{into.ID}}} {
		got := w.mustRead(t, want.post.ID)
		if !slices.Equal(got.TagIDs, want.tags) || got.UpdatedAt != want.post.UpdatedAt {
			t.Errorf("%s has tags %v, want %v; was changed at %d, want %d", got.Title, got.TagIDs, want.tags, got.UpdatedAt, want.post.UpdatedAt)
		}
	}
	if got := w.mustTag(t, "js"); got != merged {
		t.Errorf("the old slug leads to %+v, want %+v", got, merged)
	}
	if found := w.found(t, reader(t), "tag:js", nil); !slices.Equal(found, []string{"One", "Both"}) {
		t.Errorf("tag:js finds %q", found)
	}
	known, err := w.KnownTagsByID(ctx, []logic.TagID{from.ID})
	if err != nil || len(known) != 0 {
		t.Errorf("the tag is still there: %v, %v", known, err)
	}
	if later := w.mustPublish(t, ctx, "Later", "js"); !slices.Equal(later.TagIDs, []logic.TagID{into.ID}) {
		t.Errorf("a new post has tags %v, want %v", later.TagIDs, into.ID)
	}
}

func TestChangesOfTagsHaveFaults(t *testing.T) {
	w, ctx := newWritingWorld(t)
	w.mustPublish(t, ctx, "One", "Go", "Web")
	tag, other := w.mustTag(t, "go"), w.mustTag(t, "web")
	if _, err := w.UpdateTag(ctx, other.ID, content.UpdateTagInput{Slug: new("internet")}); err != nil {
		t.Fatal(err)
	}
	const none logic.TagID = 42
	update := func(name, slug string) error {
		_, err := w.UpdateTag(ctx, tag.ID, content.UpdateTagInput{Name: &name, Slug: &slug})
		return err
	}
	wantFaults(t, update("", ""), "REQUIRED name", "REQUIRED slug")
	wantFaults(t, update("!", "A slug"), "INVALID name", "INVALID slug")
	wantFaults(t, update("web", "web"), "TAKEN slug", "TAKEN name")
	wantFaults(t, update("Go", "internet"), "TAKEN slug")
	_, err := w.UpdateTag(ctx, none, content.UpdateTagInput{})
	wantFaults(t, err, "NOT_FOUND id")
	merge := func(from, into logic.TagID) error {
		_, err := w.MergeTags(ctx, from, into)
		return err
	}
	wantFaults(t, merge(none, none), "NOT_FOUND fromId", "NOT_FOUND intoId")
	wantFaults(t, merge(tag.ID, none), "NOT_FOUND intoId")
	wantFaults(t, merge(tag.ID, tag.ID), "INVALID intoId")
	if got := w.mustTag(t, "go"); got != tag {
		t.Errorf("a change that failed left %+v, want %+v", got, tag)
	}
	if same, err := w.UpdateTag(ctx, tag.ID, content.UpdateTagInput{Name: new("Go")}); err != nil || same != tag {
		t.Errorf("%+v, %v", same, err)
	}
}

func TestTagsAreChangedByEditors(t *testing.T) {
	w, ctx := newWritingWorld(t)
	w.mustPublish(t, ctx, "One", "Go", "Web")
	tag, other := w.mustTag(t, "go"), w.mustTag(t, "web")
	key := func(scopes ...logic.Scope) logic.Viewer {
		return logic.Viewer{Limit: logic.ScopesOf(scopes...), Secret: true}
	}
	for name, viewer := range map[string]logic.Viewer{
		"nobody":                    {Limit: logic.AllScopes},
		"the zero viewer":           {},
		"a reader":                  person(bo, logic.RoleReader),
		"an author":                 person(ada, logic.RoleAuthor),
		"a key that writes":         key(logic.ScopePostsRead, logic.ScopePostsWrite, logic.ScopePostsPublish),
		"a key that reads drafts":   key(logic.ScopePostsRead, logic.ScopeDraftsRead),
		"an editor in another room": {Limit: logic.Anonymous, SessionLimit: logic.AllScopes, User: eva, Role: logic.RoleEditor},
	} {
		ctx := as(t, viewer)
		if _, err := w.UpdateTag(ctx, tag.ID, content.UpdateTagInput{Name: new("Mine")}); logic.CodeOf(err) != logic.CodeForbidden {
			t.Errorf("%s: UpdateTag returns %v, want FORBIDDEN", name, err)
		}
		if _, err := w.MergeTags(ctx, tag.ID, other.ID); logic.CodeOf(err) != logic.CodeForbidden {
			t.Errorf("%s: MergeTags returns %v, want FORBIDDEN", name, err)
		}
	}
}
