package store

import (
	"context"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/logic/metric"
)

// notes says how a reader notes for logic.ReadingOf what its statements read.
type notes int8

const (
	forbids notes = iota // nobody said what an answer that is made of it rests on: none may be kept
	noted                // whoever has the statement run has said so
	counts               // it reads what changes with every view
)

// note notes a statement.
func (r reader) note(ctx context.Context) {
	switch r.notes {
	case forbids:
		logic.ReadingOf(ctx).Forbid()
	case counts:
		logic.ReadingOf(ctx).Count()
	}
}

// noting is a reader that says of what it reads what an answer that is made of it rests on. What stands here has methods of the reader's
// names; all others forbid an answer to be kept.
type noting struct {
	reader
	tagNames  *names[logic.TagID, content.Tag]
	userNames *names[logic.UserID, account.User]
}

// resting notes things, and returns the reader whose statement they are of.
func (n noting) resting(ctx context.Context, things ...logic.Thing) reader {
	logic.ReadingOf(ctx).RestsOn(things...)
	n.notes = noted
	return n.reader
}

// restsOnPosts notes posts of which all may be shown that the viewer may see.
func (n noting) restsOnPosts(ctx context.Context, ids ...logic.PostID) {
	reading := logic.ReadingOf(ctx)
	if reading == nil || len(ids) == 0 {
		return
	}
	reading.RestsOn(logic.Things(ids, logic.PostThing)...)
	if viewer := logic.ViewerFrom(ctx); viewer.May(logic.ScopeDraftsRead) || viewer.May(logic.ScopePostsWrite) {
		reading.RestsOn(logic.Things(ids, logic.EditsOf)...)
	}
}

// PostsByID notes the posts, those that are not there among them.
func (n noting) PostsByID(ctx context.Context, ids []logic.PostID) (map[logic.PostID]content.Post, error) {
	n.restsOnPosts(ctx, ids...)
	return n.resting(ctx).PostsByID(ctx, ids)
}

// PostBySlug notes the post and that the slug leads to it, or that it leads to none.
func (n noting) PostBySlug(ctx context.Context, slug string) (content.Post, error) {
	post, err := n.resting(ctx).PostBySlug(ctx, slug)
	if err == nil {
		logic.ReadingOf(ctx).RestsOn(logic.LedSlug(slug))
		n.restsOnPosts(ctx, post.ID)
	} else {
		logic.ReadingOf(ctx).RestsOn(logic.FreeSlug(slug))
	}
	return post, err
}

// Neighbours notes the posts, those beside them, and the order of all.
func (n noting) Neighbours(ctx context.Context, ids []logic.PostID, before bool) (map[logic.PostID]content.Post, error) {
	n.restsOnPosts(ctx, ids...)
	found, err := n.resting(ctx, logic.Published(int64(content.AllPosts))).Neighbours(ctx, ids, before)
	var beside []logic.PostID
	for _, post := range found {
		beside = append(beside, post.ID)
	}
	n.restsOnPosts(ctx, beside...)
	return found, err
}

// RelatedPosts notes the posts, those found, and all that articles are compared by.
func (n noting) RelatedPosts(ctx context.Context, ids []logic.PostID, limit int) (map[logic.PostID][]content.Post, error) {
	n.restsOnPosts(ctx, ids...)
	found, err := n.resting(ctx, logic.PublishedTexts, logic.Published(int64(content.AllPosts))).RelatedPosts(ctx, ids, limit)
	n.restsOnPosts(ctx, keysOfLists(found)...)
	return found, err
}

// keysOfLists returns the keys of the posts of all lists.
func keysOfLists[K comparable](lists map[K][]content.Post) []logic.PostID {
	var keys []logic.PostID
	for _, posts := range lists {
		for _, post := range posts {
			keys = append(keys, post.ID)
		}
	}
	return keys
}

// Outlines notes the posts.
func (n noting) Outlines(ctx context.Context, ids []logic.PostID) (map[logic.PostID]content.Outline, error) {
	return n.resting(ctx, logic.Things(ids, logic.PostThing)...).Outlines(ctx, ids)
}

// Bodies notes the posts.
func (n noting) Bodies(ctx context.Context, ids []logic.PostID, part content.BodyPart) (map[logic.PostID]string, error) {
	return n.resting(ctx, logic.Things(ids, logic.PostThing)...).Bodies(ctx, ids, part)
}

// PostPages notes the lists in their order, and the posts.
func (n noting) PostPages(ctx context.Context, lists []content.PostList, query content.PostQuery) (map[content.PostList][]content.Post, error) {
	restsOnLists(ctx, lists, query, query.Order.Field)
	found, err := n.resting(ctx).PostPages(ctx, lists, query)
	n.restsOnPosts(ctx, keysOfLists(found)...)
	return found, err
}

// CountPosts notes the lists.
func (n noting) CountPosts(ctx context.Context, lists []content.PostList, query content.PostQuery) (map[content.PostList]int64, error) {
	restsOnLists(ctx, lists, query, content.PostOrderPublishedAt)
	return n.resting(ctx).CountPosts(ctx, lists, query)
}

// SearchPosts notes the words of all posts that may be found, what is asked of them, and the hits.
func (n noting) SearchPosts(ctx context.Context, query content.SearchQuery) ([]content.SearchHit, error) {
	restsOnSearch(ctx, query)
	found, err := n.resting(ctx).SearchPosts(ctx, query)
	var hits []logic.PostID
	for _, hit := range found {
		hits = append(hits, hit.Post.ID)
	}
	n.restsOnPosts(ctx, hits...)
	return found, err
}

// CountSearch notes the same but for the hits.
func (n noting) CountSearch(ctx context.Context, query content.SearchQuery) (int64, error) {
	restsOnSearch(ctx, query)
	return n.resting(ctx).CountSearch(ctx, query)
}

// restsOnLists notes lists of posts in an order, with the names that are asked for.
func restsOnLists(ctx context.Context, lists []content.PostList, query content.PostQuery, order content.PostOrderField) {
	reading := logic.ReadingOf(ctx)
	of := listThing(query, order)
	for _, list := range lists {
		reading.RestsOn(of(int64(list)))
	}
	reading.RestsOn(logic.Things(query.Tags, logic.TagSlug)...)
	if len(query.Authors) > 0 {
		reading.RestsOn(logic.Usernames)
	}
}

// listThing returns what a list is that query asks for in an order.
func listThing(query content.PostQuery, order content.PostOrderField) func(int64) logic.Thing {
	switch {
	case !asksForPublished(query):
		return logic.EveryPost
	case order == content.PostOrderTitle:
		return logic.PublishedByTitle
	case order == content.PostOrderUpdatedAt:
		return logic.PublishedByUpdate
	}
	return logic.Published
}

// asksForPublished tells whether nothing but what readers see can meet query.
func asksForPublished(query content.PostQuery) bool {
	if query.Trashed || len(query.OwnStates) > 0 {
		return false
	}
	for _, state := range query.States {
		if state != content.PostStatusPublished {
			return false
		}
	}
	return true
}

// restsOnSearch notes what a search looks at.
func restsOnSearch(ctx context.Context, query content.SearchQuery) {
	restsOnLists(ctx, []content.PostList{content.AllPosts}, query.Posts, content.PostOrderPublishedAt)
	reading := logic.ReadingOf(ctx)
	if reading.RestsOn(logic.PublishedTexts); !asksForPublished(query.Posts) {
		reading.RestsOn(logic.EveryText)
	}
	reading.RestsOn(logic.Things(query.Tags, logic.TagSlug)...)
	reading.RestsOn(logic.Things(query.WithoutTags, logic.TagSlug)...)
	if len(query.Authors)+len(query.WithoutAuthors) > 0 {
		reading.RestsOn(logic.Usernames)
	}
}

// TagsByID notes the tags.
func (n noting) TagsByID(ctx context.Context, ids []logic.TagID) (map[logic.TagID]content.Tag, error) {
	return n.resting(ctx, logic.Things(ids, logic.TagThing)...).TagsByID(ctx, ids)
}

// TagNamesByID notes the tags, and reads those that are not remembered.
func (n noting) TagNamesByID(ctx context.Context, ids []logic.TagID) (map[logic.TagID]content.Tag, error) {
	r := n.resting(ctx, logic.Things(ids, logic.TagThing)...)
	return n.tagNames.of(ids, func(unknown []logic.TagID) (map[logic.TagID]content.Tag, error) { return r.TagNamesByID(ctx, unknown) })
}

// TagBySlug notes where the slug leads, and the tag.
func (n noting) TagBySlug(ctx context.Context, slug string) (content.Tag, error) {
	tag, err := n.resting(ctx, logic.TagSlug(slug)).TagBySlug(ctx, slug)
	if err == nil {
		logic.ReadingOf(ctx).RestsOn(logic.TagThing(tag.ID))
	}
	return tag, err
}

// ListedTag notes where the slug leads, and the tag with its posts; where that is none, the list of all.
func (n noting) ListedTag(ctx context.Context, slug string, owner logic.UserID) (content.Tag, error) {
	tag, err := n.resting(ctx, logic.TagSlug(slug)).ListedTag(ctx, slug, owner)
	if err == nil {
		logic.ReadingOf(ctx).RestsOn(logic.TagThing(tag.ID), logic.PostsOnTag(tag.ID))
	} else {
		logic.ReadingOf(ctx).RestsOn(logic.ListedTags)
	}
	return tag, err
}

// ListedTagsByID notes the tags with their posts.
func (n noting) ListedTagsByID(ctx context.Context, ids []logic.TagID, owner logic.UserID) (map[logic.TagID]content.Tag, error) {
	logic.ReadingOf(ctx).RestsOn(logic.Things(ids, logic.PostsOnTag)...)
	return n.resting(ctx, logic.Things(ids, logic.TagThing)...).ListedTagsByID(ctx, ids, owner)
}

// ListedTags notes the list.
func (n noting) ListedTags(ctx context.Context, query content.TagQuery) ([]content.Tag, error) {
	return n.resting(ctx, logic.ListedTags).ListedTags(ctx, query)
}

// CountListedTags notes the list.
func (n noting) CountListedTags(ctx context.Context) (int64, error) {
	return n.resting(ctx, logic.ListedTags).CountListedTags(ctx)
}

// Site notes the site.
func (n noting) Site(ctx context.Context) (content.Site, error) {
	return n.resting(ctx, logic.TheSite).Site(ctx)
}

// MediaByID notes the files.
func (n noting) MediaByID(ctx context.Context, ids []logic.MediaID) (map[logic.MediaID]content.Media, error) {
	return n.resting(ctx, logic.Things(ids, logic.MediaThing)...).MediaByID(ctx, ids)
}

// UserByUsername notes who has the username, and the person.
func (n noting) UserByUsername(ctx context.Context, username string) (account.User, error) {
	user, err := n.resting(ctx, logic.Usernames).UserByUsername(ctx, username)
	if err == nil {
		logic.ReadingOf(ctx).RestsOn(logic.UserThing(user.ID))
	}
	return user, err
}

// UsersByID notes the people.
func (n noting) UsersByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]account.User, error) {
	return n.resting(ctx, logic.Things(ids, logic.UserThing)...).UsersByID(ctx, ids)
}

// UserNamesByID notes the people, and reads those who are not remembered.
func (n noting) UserNamesByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]account.User, error) {
	r := n.resting(ctx, logic.Things(ids, logic.UserThing)...)
	return n.userNames.of(ids, func(unknown []logic.UserID) (map[logic.UserID]account.User, error) {
		return r.UserNamesByID(ctx, unknown)
	})
}

// UserPage notes the lists of people, which change with everyone in them.
func (n noting) UserPage(ctx context.Context, query account.UserQuery) ([]account.User, error) {
	return n.resting(ctx, logic.Users).UserPage(ctx, query)
}

// CountUsers notes the lists of people.
func (n noting) CountUsers(ctx context.Context, query account.UserQuery) (int64, error) {
	return n.resting(ctx, logic.Users).CountUsers(ctx, query)
}

// MetricSite notes the site, beside what was counted. It is asked with nearly every question, so it is kept for as long as nothing is
// committed.
func (m metricStore) MetricSite(ctx context.Context) (metric.Site, error) {
	logic.ReadingOf(ctx).RestsOn(logic.TheSite)
	commits := m.store.Commits()
	if known := m.store.site.Load(); known != nil && known.commits == commits {
		m.note(ctx)
		return known.site, nil
	}
	site, err := m.reader.MetricSite(ctx)
	if err == nil {
		m.store.site.Store(&knownSite{commits, site})
	}
	return site, err
}

// knownSite is the site as it was when so many commits had been counted, or later.
type knownSite struct {
	commits uint32
	site    metric.Site
}

// FacetValue notes what the text names, beside what was counted.
func (m metricStore) FacetValue(ctx context.Context, kind metric.FacetKind, text string) (int64, error) {
	switch kind {
	case metric.FacetAuthor:
		logic.ReadingOf(ctx).RestsOn(logic.Usernames)
	case metric.FacetTag:
		logic.ReadingOf(ctx).RestsOn(logic.TagSlug(text))
	}
	return m.reader.FacetValue(ctx, kind, text)
}
