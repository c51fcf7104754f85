package httpd

import (
	"context"
	"slices"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/client"
	"headwater/logic/content"
	"headwater/transfer"
)

// feedEntries reads the posts of a feed with all that stands in it of them.
type feedEntries struct {
	server *Server
	site   content.Site
	client client.Client
	posts  []content.Post

	authors map[logic.UserID]account.User
	tags    map[logic.TagID]content.Tag
}

// read gives the entries to yield, a few texts at a time, until it wants no more or there were feedBytes of text.
func (e *feedEntries) read(ctx context.Context, yield func(transfer.FeedEntry, error) bool) {
	if err := e.readNames(ctx); err != nil {
		yield(transfer.FeedEntry{}, err)
		return
	}
	left := feedBytes
	for posts := range slices.Chunk(e.posts, feedBatch) {
		texts, err := e.server.options.Content.Bodies(ctx, idsOf(posts), content.BodyHTML)
		if err != nil {
			yield(transfer.FeedEntry{}, err)
			return
		}
		for _, post := range posts {
			entry := e.entry(post, texts[post.ID])
			if left -= len(entry.HTML); left < 0 || !yield(entry, nil) {
				return
			}
		}
	}
}

// readNames reads what the authors and tags of all posts are called.
func (e *feedEntries) readNames(ctx context.Context) (err error) {
	var authors []logic.UserID
	var tags []logic.TagID
	for _, post := range e.posts {
		authors, tags = append(authors, post.AuthorIDs...), append(tags, post.TagIDs...)
	}
	if e.authors, err = e.server.options.Accounts.UsersByID(ctx, authors); err != nil {
		return err
	}
	e.tags, err = e.server.options.Content.TagsByID(ctx, tags)
	return err
}

func (e *feedEntries) entry(post content.Post, html string) transfer.FeedEntry {
	entry := transfer.FeedEntry{
		ID:      transfer.EntryID(post.NodeID()),
		Address: e.client.PostAddress(e.site.PostURL, post.Slug), Title: post.Title, HTML: html, Language: post.Language,
		PublishedAt: *post.PublishedAt, UpdatedAt: max(post.UpdatedAt, *post.PublishedAt),
	}
	if post.Summary != nil {
		entry.Summary = *post.Summary
	}
	for _, id := range post.AuthorIDs {
		entry.Authors = append(entry.Authors, e.authors[id].Name)
	}
	for _, id := range post.TagIDs {
		entry.Tags = append(entry.Tags, e.tags[id].Name)
	}
	return entry
}

func idsOf(posts []content.Post) []logic.PostID {
	ids := make([]logic.PostID, len(posts))
	for i, post := range posts {
		ids[i] = post.ID
	}
	return ids
}
