package content_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

// Who writes in the tests.
const (
	ada logic.UserID = 11 + iota
	bo
	eva
)

// person returns the viewer that someone is who signed in, in a session whose number is the person's.
func person(id logic.UserID, role logic.Role) logic.Viewer {
	return logic.Viewer{
		Limit: logic.AllScopes, SessionLimit: logic.AllScopes, Client: 1, User: id, Role: role, Session: logic.SessionID(id),
	}
}

// newWritingWorld returns a world with three people in it, and a context that answers for eva, an editor.
func newWritingWorld(t *testing.T) (*world, context.Context) {
	t.Helper()
	w := newWorld(t)
	err := w.store.Content().Write(t.Context(), func(writer content.Writer) error {
		return errors.Join(
			writer.InsertAuthor(t.Context(), ada, "ada", "Ada", now),
			writer.InsertAuthor(t.Context(), bo, "bo", "Bo", now),
			writer.InsertAuthor(t.Context(), eva, "eva", "Eva", now),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	return w, as(t, person(eva, logic.RoleEditor))
}

// must returns the post, and stops the test where there is an error.
func must(t *testing.T) func(content.Post, error) content.Post {
	return func(post content.Post, err error) content.Post {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return post
	}
}

// mustCreate makes a draft of ada's with a title and a text.
func (w *world) mustCreate(t *testing.T, ctx context.Context, title string) content.Post {
	t.Helper()
	return must(t)(w.CreatePost(ctx, content.CreatePostInput{
		Title: title, Markdown: "The text of " + title + ".", Tags: []string{"Rope"}, AuthorIDs: []logic.UserID{ada},
	}))
}

// mustUpdate saves another title and another text over the newest revision.
func (w *world) mustUpdate(t *testing.T, ctx context.Context, post content.Post, title string) content.Post {
	t.Helper()
	in := content.UpdatePostInput{Title: &title, Markdown: new("The text of " + title + ".")}
	return must(t)(w.UpdatePost(ctx, post.ID, post.Revision, in, false))
}

// mustRead returns the post with the given key as an editor sees it.
func (w *world) mustRead(t *testing.T, id logic.PostID) content.Post {
	t.Helper()
	posts, err := w.PostsByID(as(t, person(eva, logic.RoleEditor)), []logic.PostID{id})
	if err != nil || len(posts) != 1 {
		t.Fatalf("the post is %+v, %v", posts, err)
	}
	return posts[id]
}

// revisionsOf returns all revisions of a post, the oldest first.
func (w *world) revisionsOf(t *testing.T, id logic.PostID) []content.Revision {
	t.Helper()
	ctx := as(t, person(eva, logic.RoleEditor))
	post := w.mustRead(t, id)
	pages, err := w.Revisions(ctx, []content.Post{post}, logic.Window{Limit: 1000, Backward: true})
	if err != nil {
		t.Fatal(err)
	}
	revisions := pages[id].Items
	for i, j := 0, len(revisions)-1; i < j; i, j = i+1, j-1 {
		revisions[i], revisions[j] = revisions[j], revisions[i]
	}
	var ids []logic.RevisionID
	for _, revision := range revisions {
		ids = append(ids, revision.ID)
	}
	sources, err := w.RevisionSources(ctx, ids)
	if err != nil {
		t.Fatal(err)
	}
	for i := range revisions {
		revisions[i].Markdown = sources[revisions[i].ID]
	}
	return revisions
}

// numbersOf returns the numbers of all revisions of a post, each of an autosave with a + behind.
func (w *world) numbersOf(t *testing.T, id logic.PostID) string {
	t.Helper()
	var numbers []string
	for _, revision := range w.revisionsOf(t, id) {
		number := fmt.Sprint(revision.Number)
		if revision.Autosaved() {
			number += "+"
		}
		numbers = append(numbers, number)
	}
	return strings.Join(numbers, " ")
}

// state describes where a post is in its life, as "PUBLISHED 1 of 2, 2 planned": its status, the revision that it shows, the newest one.
func state(post content.Post) string {
	text := fmt.Sprintf("%s %d", post.Status, post.ShownRevision)
	if post.HasWorkingCopy() {
		text += fmt.Sprintf(" of %d", post.Revision)
	}
	if post.ScheduledFor != nil {
		text += fmt.Sprintf(", %d planned", *post.ScheduledRevision)
	}
	if post.DeletedAt != nil {
		text += ", trashed"
	}
	return text
}

// outcome describes what came of a call: the state of the post, or the fault.
func outcome(post content.Post, err error) string {
	switch err := err.(type) {
	case nil:
		return state(post)
	case *logic.Error:
		return describe(err)
	}
	return err.Error()
}

// view describes all that readers see of the site's posts.
func (w *world) view(t *testing.T) string {
	t.Helper()
	ctx := reader(t)
	var view strings.Builder
	query, err := w.PostQuery(ctx, &content.PostFilter{Status: content.EveryStatus()}, nil, logic.PageArgs{First: new(100)})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := w.PostPages(ctx, []content.PostList{content.AllPosts}, query)
	if err != nil {
		t.Fatal(err)
	}
	counts, err := w.CountPosts(ctx, []content.PostList{content.AllPosts}, query)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(&view, counts[content.AllPosts], "posts")
	for _, post := range pages[content.AllPosts].Items {
		texts, err := w.Bodies(ctx, []logic.PostID{post.ID}, content.BodyText)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&view, post.Slug, post.Title, post.TagIDs, post.AuthorIDs, *post.PublishedAt, post.UpdatedAt, texts[post.ID])
	}
	for _, words := range []string{"first", "second", "third"} {
		query, err := w.SearchQuery(ctx, words, nil, logic.PageArgs{})
		if err != nil {
			t.Fatal(err)
		}
		hits, err := w.SearchPosts(ctx, query)
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range hits.Items {
			fmt.Fprintln(&view, words, "finds", hit.Post.Slug, hit.Score, hit.Snippet)
		}
	}
	tags, err := w.Tags(ctx, content.TagQuery{Order: content.TagOrder{Field: content.TagOrderName, Direction: content.Ascending}, Window: logic.Window{Limit: 10}})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&view, "%+v", tags.Items)
	return view.String()
}
