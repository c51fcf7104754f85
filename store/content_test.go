package store

import (
	"errors"
	"fmt"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/content/render"
)

// Keys of what fixtures are made of; those of tags and users never meet.
const (
	firstPost logic.PostID = 1_000
	firstTag  logic.TagID  = 100_000
	firstUser logic.UserID = 200_000
)

// mustAddNames adds some tags and users.
func mustAddNames(t testing.TB, s *Store, tags, users int) {
	t.Helper()
	mustWrite(t, s, func(w *writer) error {
		for i := range tags {
			tag := content.Tag{ID: firstTag + logic.TagID(i), Slug: fmt.Sprintf("tag-%d", i), Name: fmt.Sprintf("Tag %d", i)}
			if err := w.InsertTag(t.Context(), tag); err != nil {
				return err
			}
		}
		for i := range users {
			name := fmt.Sprintf("user-%d", i)
			if err := w.InsertAuthor(t.Context(), firstUser+logic.UserID(i), name, name, testNow); err != nil {
				return err
			}
		}
		return nil
	})
}

// newPost returns the how many-th published article, with all that must be there.
func newPost(i int) content.Post {
	published := testNow.Add(0) + logic.Moment(i)
	return content.Post{
		ID: firstPost + logic.PostID(i), Kind: content.PostKindArticle, Slug: fmt.Sprintf("post-%d", i), Title: fmt.Sprintf("Post %d", i),
		Status: content.PostStatusPublished, AuthorIDs: []logic.UserID{firstUser}, TagIDs: []logic.TagID{}, Language: "en",
		PublishedAt: &published, CreatedAt: published, UpdatedAt: published,
	}
}

// newText returns a text that consists of what is given.
func newText(text string, terms ...render.Term) content.PostText {
	return content.PostText{
		Markdown: text,
		Rendered: render.Rendered{
			HTML: "<p>" + text + "</p>", Text: text, Lead: text, WordCount: len(text),
			Headings: []content.Heading{{Level: 2, Text: "A heading", Anchor: "a-heading"}},
		},
		Terms: terms,
	}
}

func mustInsert(t testing.TB, s *Store, posts ...content.Post) {
	t.Helper()
	mustWrite(t, s, func(w *writer) error {
		var err error
		for _, post := range posts {
			err = errors.Join(err, w.InsertPost(t.Context(), post, newText(post.Title)))
		}
		return err
	})
}
