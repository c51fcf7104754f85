package content_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/content"
)

func TestAnImportedPostIsPublishedWhenItsDateComes(t *testing.T) {
	w := newWorld(t)
	in := newImport("later")
	in.PublishedAt = now + day
	result := w.mustImport(t, in, content.ImportCreated)
	if got := state(result.Post); !result.Scheduled || got != "SCHEDULED 1, 1 planned" || *result.Post.ScheduledFor != now+day || result.Post.PublishedAt != nil {
		t.Errorf("a post of tomorrow is %s, %+v", got, result.Post)
	}
	if result := w.mustImport(t, in, content.ImportUnchanged); !result.Scheduled {
		t.Error("an unchanged post of tomorrow is not scheduled")
	}
	w.wantNone(t, "later")
	w.now += 2 * day
	w.wantNone(t, "later")
	if published, err := w.PublishDue(t.Context()); published != 1 || err != nil {
		t.Fatalf("%d posts were published, %v", published, err)
	}
	if post := w.mustPost(t, "later"); *post.PublishedAt != in.PublishedAt || post.UpdatedAt != w.now {
		t.Errorf("it has the date %d and was changed at %d, want %d and %d", *post.PublishedAt, post.UpdatedAt, in.PublishedAt, w.now)
	}
	w.mustImport(t, in, content.ImportUnchanged)
	in.Markdown = "Other."
	if got := state(w.mustImport(t, in, content.ImportUpdated).Post); got != "PUBLISHED 2" {
		t.Errorf("changed, it is %s", got)
	}
}

// What comes in again is a revision over what was written since: that is lost to readers, and to nobody else.
func TestImportsAreRevisions(t *testing.T) {
	w, editor := newWritingWorld(t)
	in := newImport("post")
	in.Tags = []string{"Rope"}
	post := w.mustImport(t, in, content.ImportCreated).Post
	post = w.mustUpdate(t, editor, post, "Edited")
	in.Markdown = "Another text."
	if got := state(w.mustImport(t, in, content.ImportUpdated).Post); got != "PUBLISHED 3" {
		t.Errorf("it is %s", got)
	}
	revisions := w.revisionsOf(t, post.ID)
	var titles []string
	for _, revision := range revisions {
		titles = append(titles, revision.Title)
	}
	if diff := cmp.Diff([]string{"Post post", "Edited", "Post post"}, titles); diff != "" {
		t.Error(diff)
	}
	if last := revisions[2]; last.EditorID != nil || last.ClientID != nil || last.Markdown != "Another text." || len(last.Tags) != 1 {
		t.Errorf("the import's revision is %+v", last)
	}
	must(t)(w.DeletePost(editor, post.ID))
	in.Markdown = "A third text."
	if got := state(w.mustImport(t, in, content.ImportUpdated).Post); got != "PUBLISHED 4, trashed" {
		t.Errorf("imported into the trash, it is %s", got)
	}
	in.PublishedAt = w.now + day
	if got := state(w.mustImport(t, in, content.ImportUpdated).Post); got != "DRAFT 5, trashed" {
		t.Errorf("planned in the trash, it is %s", got)
	}
}

func TestImportTakesOneMomentForAll(t *testing.T) {
	w := newWorld(t)
	ticking := content.New(w.store.Content(), func() logic.Moment { w.now++; return w.now }, w.store.Keys(), content.Options{})
	in := newImport("post")
	if _, err := ticking.ImportPost(operator(t), in); err != nil {
		t.Fatal(err)
	}
	if created := w.mustPost(t, "post").CreatedAt; created != w.now {
		t.Errorf("made at %d, but the clock was read until %d", created, w.now)
	}
	in.Markdown = "Other."
	if _, err := ticking.ImportPost(operator(t), in); err != nil {
		t.Fatal(err)
	}
	if updated := w.mustPost(t, "post").UpdatedAt; updated != w.now {
		t.Errorf("changed at %d, but the clock was read until %d", updated, w.now)
	}
}

func TestImportOutcomes(t *testing.T) {
	w := newWorld(t)
	in := newImport("post")
	in.Title, in.Summary, in.Tags, in.Markdown = " A title\n", new("\ta summary "), []string{"Rope", "rope", "Wood"}, "<script>x</script>Some *text*."
	created := w.mustImport(t, in, content.ImportCreated)
	post := w.mustPost(t, "post")
	if diff := cmp.Diff(created.Post, post); diff != "" {
		t.Errorf("what stands is not what the import says (-import +stands):\n%s", diff)
	}
	want := content.Post{
		ID: post.ID, Kind: content.PostKindArticle, Slug: "post", Title: "A title", Status: content.PostStatusPublished, Summary: new("a summary"),
		AuthorIDs: post.AuthorIDs, TagIDs: post.TagIDs, Language: "en", PublishedAt: new(now - day), CreatedAt: now, UpdatedAt: now - day,
		Revision: 1, ShownRevision: 1,
	}
	if diff := cmp.Diff(want, post); diff != "" || len(post.AuthorIDs) != 1 || len(post.TagIDs) != 2 {
		t.Errorf("%d authors, %d tags (-want +got):\n%s", len(post.AuthorIDs), len(post.TagIDs), diff)
	}
	if len(created.Removed) != 1 || created.Removed[0].What != "<script>" {
		t.Errorf("sanitising took out %v", created.Removed)
	}
	w.now += day
	w.mustImport(t, in, content.ImportUnchanged)
	if again := w.mustPost(t, "post"); again.UpdatedAt != now-day {
		t.Errorf("what is unchanged was changed at %d", again.UpdatedAt)
	}
	in.Slug, in.Markdown, in.Kind, in.Language, in.Tags = "renamed", "Other.", content.PostKindPage, "de", nil
	w.mustImport(t, in, content.ImportUpdated)
	want.Slug, want.Kind, want.Language, want.TagIDs, want.UpdatedAt = "renamed", content.PostKindPage, "de", []logic.TagID{}, now+day
	want.Revision, want.ShownRevision = 2, 2
	if diff := cmp.Diff(want, w.mustPost(t, "renamed")); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	bodies, err := w.Bodies(t.Context(), []logic.PostID{post.ID}, content.BodyText)
	if err != nil || bodies[post.ID] != "Other." {
		t.Errorf("the text is %q, %v", bodies[post.ID], err)
	}
	if old := w.mustPost(t, "post"); old.ID != post.ID || old.Slug != "renamed" {
		t.Errorf("the old slug leads to %+v", old)
	}
}

func TestImportOfATakenSlugChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.mustImport(t, newImport("post"), content.ImportCreated)
	in := newImport("post")
	in.Source, in.Tags = "other.md", []string{"New"}
	result, err := w.ImportPost(operator(t), in)
	wantFaults(t, err, "TAKEN slug")
	if result.Outcome != content.ImportCreated {
		t.Errorf("it would have had outcome %d", result.Outcome)
	}
	in.Slug = "other"
	w.mustImport(t, in, content.ImportCreated)
	in.Slug = "post"
	if result, err = w.ImportPost(operator(t), in); result.Outcome != content.ImportUpdated {
		t.Errorf("it would have had outcome %d", result.Outcome)
	}
	wantFaults(t, err, "TAKEN slug")
	if post := w.mustPost(t, "post"); post.Title != "Post post" || len(post.TagIDs) != 0 {
		t.Errorf("the post is %+v", post)
	}
}

// Files say where posts stand now, so an old address is given up to a file that names it; one that is in use is not.
func TestImportsTakeOldSlugs(t *testing.T) {
	w, editor := newWritingWorld(t)
	moved := newImport("old")
	first := w.mustImport(t, moved, content.ImportCreated).Post
	moved.Slug = "new"
	w.mustImport(t, moved, content.ImportUpdated)
	w.leads(t, "old", first)
	other := newImport("old")
	other.Source = "other.md"
	second := w.mustImport(t, other, content.ImportCreated).Post
	w.leads(t, "old", second)
	w.leads(t, "new", first)
	must(t)(w.reslug(editor, w.mustRead(t, second.ID), "coming"))
	third := newImport("coming")
	_, err := w.ImportPost(operator(t), third)
	wantFaults(t, err, "TAKEN slug")
}

func TestImportNamesEveryFault(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("é", 1001)
	_, err := w.ImportPost(operator(t), content.PostImport{
		Title: long, Slug: "Not a slug", Summary: &long, Language: "no language", Tags: []string{"fine", "?!"}, Markdown: strings.Repeat("x", 2<<20),
		PublishedAt: now,
	})
	wantFaults(t, err, "TOO_LONG title", "INVALID slug", "TOO_LONG summary", "INVALID language", "INVALID tags 1", "TOO_LONG markdown", "REQUIRED source", "REQUIRED authors")
	in := newImport("post")
	in.Source, in.Title, in.Summary = "a\x00", "a\x1b[31m", new("a\u0085b")
	in.Authors, in.Tags = []string{"a\rb"}, []string{"\xff"}
	_, err = w.ImportPost(operator(t), in)
	wantFaults(t, err, "INVALID title", "INVALID summary", "INVALID tags 0", "INVALID source", "INVALID authors 0")
	in = newImport("post")
	in.Title, in.Summary, in.Authors = strings.Repeat(" ", 201)+"A title", new("two\n\tlines"), []string{strings.Repeat(" ", 101) + "Ada"}
	w.mustImport(t, in, content.ImportCreated)
}

func TestImportsAreForTheCommandLineAlone(t *testing.T) {
	w := newWorld(t)
	for _, viewer := range []logic.Viewer{{}, {Limit: logic.AllScopes, Secret: true}, {Limit: logic.AllScopes, User: 1, Role: logic.RoleAdmin}} {
		if _, err := w.ImportPost(as(t, viewer), newImport("post")); logic.CodeOf(err) != logic.CodeForbidden {
			t.Errorf("%+v imports a post: %v", viewer, err)
		}
		if _, err := w.ImportPosts(as(t, viewer), []content.PostImport{newImport("post")}); logic.CodeOf(err) != logic.CodeForbidden {
			t.Errorf("%+v imports posts: %v", viewer, err)
		}
	}
	w.wantNone(t, "post")
}

func TestImportPostsIsAllOrNothing(t *testing.T) {
	w := newWorld(t)
	a, b := newImport("a"), newImport("b")
	for _, in := range []content.PostImport{a, b, newImport("c")} {
		w.mustImport(t, in, content.ImportCreated)
	}
	a.Slug, b.Slug = "b", "c"
	results, err := w.ImportPosts(operator(t), []content.PostImport{a, b})
	wantFaults(t, err, "TAKEN slug")
	if len(results) != 1 {
		t.Errorf("%d posts before the one at fault, want 1", len(results))
	}
	if w.mustPost(t, "a").Title != "Post a" || w.mustPost(t, "b").Title != "Post b" {
		t.Error("something was changed")
	}
	b.Slug = "a"
	if results, err = w.ImportPosts(operator(t), []content.PostImport{a, newImport("c"), b}); err != nil {
		t.Fatal(err)
	}
	if len(results) != 3 || results[0].Outcome != content.ImportUpdated || results[1].Outcome != content.ImportUnchanged {
		t.Errorf("the results are %+v", results)
	}
	if w.mustPost(t, "a").Title != "Post b" || w.mustPost(t, "b").Title != "Post a" || w.mustPost(t, "c").Title != "Post c" {
		t.Error("the posts have not changed places")
	}
}
