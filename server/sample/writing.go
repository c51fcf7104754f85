package sample

import (
	"context"
	"time"

	"headwater/logic"
	"headwater/logic/content"
)

// What writers see of the sample, and readers don't.
const (
	draftSlug     = "write-review-publish"
	scheduledSlug = "ready-before-you-are-away"
	scheduledIn   = 3 * 24 * time.Hour
	copiedSlug    = "reading-the-figures"
)

// write makes a draft and a post that is scheduled, and begins to edit one that is published. What was made before stays as it is.
func write(ctx context.Context, posts *content.Service, clock logic.Clock) error {
	published, err := posts.Post(ctx, copiedSlug)
	if err != nil {
		return err
	}
	if published.Revision == 1 {
		if _, err = posts.UpdatePost(ctx, published.ID, published.Revision, content.UpdatePostInput{
			Title:   new("Reading the figures, and what lies behind them"),
			Summary: logic.TextChange{Given: true, Value: new("Being rewritten: readers still see the old one.")},
		}, false); err != nil {
			return err
		}
	}
	if _, err := writeDraft(ctx, posts, published.AuthorIDs, draftSlug, "Write, review, publish",
		"A draft, a second pair of eyes, and the moment at which readers see it. How writing works, told by a post that nobody has published yet."); err != nil {
		return err
	}
	scheduled, err := writeDraft(ctx, posts, published.AuthorIDs, scheduledSlug, "Ready before you are away",
		"This post publishes itself. How to set the moment, how to change it, and what happens when the server sleeps through it.")
	if err != nil || scheduled.Status != content.PostStatusDraft {
		return err
	}
	_, err = posts.PublishPost(ctx, scheduled.ID, scheduled.Revision, new(clock().Add(scheduledIn)))
	return err
}

// writeDraft makes a draft of a text in drafts, unless it is there.
func writeDraft(ctx context.Context, posts *content.Service, authors []logic.UserID, slug, title, summary string) (content.Post, error) {
	post, err := posts.Post(ctx, slug)
	if logic.CodeOf(err) != logic.CodeNotFound {
		return post, err
	}
	text, err := files.ReadFile("drafts/" + slug + ".md")
	if err != nil {
		return content.Post{}, err
	}
	return posts.CreatePost(ctx, content.CreatePostInput{
		Kind: content.PostKindArticle, Slug: &slug, Title: title, Summary: &summary, Markdown: string(text), AuthorIDs: authors,
		Tags: []string{"Tutorial", "GraphQL"}, Language: new("en"),
	})
}
