package graph

import (
	"context"
	"fmt"

	"headwater/graph/bind"
	"headwater/logic"
	"headwater/logic/client"
	"headwater/logic/content"
	"headwater/logic/metric"
)

func (r query) Post(ctx context.Context, slug string) (*bind.Post, error) {
	row, err := r.Content.Post(ctx, slug)
	return found(row, err, bind.Posts)
}

func (r query) Posts(ctx context.Context, first *int, after *string, last *int, before *string, filter *content.PostFilter, orderBy *content.PostOrder) (bind.PostConnection, error) {
	asked := postPage{filter, orderBy, bind.Page(first, after, last, before)}
	all := func() []content.PostList { return []content.PostList{content.AllPosts} }
	return r.postList(ctx, &bind.Memo{}, content.AllPosts, all, asked)
}

func (r query) SearchPosts(ctx context.Context, text string, first int, after *string, filter *content.PostFilter) (bind.PostSearchConnection, error) {
	search, err := r.Content.SearchQuery(ctx, text, filter, bind.Page(&first, after, nil, nil))
	if err != nil {
		return bind.PostSearchConnection{}, err
	}
	hits, err := r.Content.SearchPosts(ctx, search)
	return bind.PostSearchConnectionOf(hits, search.Posts.Window, r.searchRest(search, hits)), err
}

// searchRest tells what a page of hits alone can't: there is something in front of it unless it begins with the best hit.
func (r query) searchRest(search content.SearchQuery, hits logic.Page[content.SearchHit]) bind.Rest {
	return bind.Rest{
		Count: func(ctx context.Context) (int64, error) { return r.Content.CountSearch(ctx, search) },
		Have: func(ctx context.Context, _ logic.Window) (bool, error) {
			fromStart := search
			fromStart.Posts.Window = logic.Window{Limit: 1}
			best, err := r.Content.SearchPosts(ctx, fromStart)
			begins := len(hits.Items) > 0 && len(best.Items) > 0 && hits.Items[0].Post.ID == best.Items[0].Post.ID
			return len(best.Items) > 0 && !begins, err
		},
	}
}

func (r post) URL(ctx context.Context, obj *bind.Post) (*string, error) {
	site, err := r.site(ctx)
	address := client.PostAddress(ctx, site.PostURL, obj.Slug)
	return &address, err
}

func (r post) Excerpt(ctx context.Context, obj *bind.Post, length int) (string, error) {
	outline, err := r.outline(ctx, obj)
	if err != nil {
		return "", err
	}
	return obj.Post.Excerpt(outline, length)
}

func (r post) HTML(ctx context.Context, obj *bind.Post) (string, error) {
	return r.body(ctx, obj, content.BodyHTML)
}

func (r post) Text(ctx context.Context, obj *bind.Post) (string, error) {
	return r.body(ctx, obj, content.BodyText)
}

func (r post) Headings(ctx context.Context, obj *bind.Post) ([]content.Heading, error) {
	outline, err := r.outline(ctx, obj)
	return outline.Headings, err
}

func (r post) WordCount(ctx context.Context, obj *bind.Post) (int, error) {
	outline, err := r.outline(ctx, obj)
	return outline.WordCount, err
}

func (r post) ReadingMinutes(ctx context.Context, obj *bind.Post) (int, error) {
	outline, err := r.outline(ctx, obj)
	return outline.ReadingMinutes(), err
}

func (r post) Author(ctx context.Context, obj *bind.Post) (bind.User, error) {
	users, err := r.authors(ctx, obj.Batch)
	if err != nil {
		return bind.User{}, err
	}
	for _, id := range obj.AuthorIDs {
		if user, ok := users[id]; ok {
			return user, nil
		}
	}
	return bind.User{}, fmt.Errorf("post %q has no author", obj.Slug)
}

func (r post) Authors(ctx context.Context, obj *bind.Post) ([]bind.User, error) {
	users, err := r.authors(ctx, obj.Batch)
	return pick(users, obj.AuthorIDs), err
}

func (r post) Tags(ctx context.Context, obj *bind.Post) ([]bind.Tag, error) {
	tags, err := r.tags(ctx, obj.Batch)
	return pick(tags, obj.TagIDs), err
}

func (r post) Next(ctx context.Context, obj *bind.Post) (*bind.Post, error) {
	return neighbour(ctx, obj, askNext, r.Content.NextPosts)
}

func (r post) Previous(ctx context.Context, obj *bind.Post) (*bind.Post, error) {
	return neighbour(ctx, obj, askPrevious, r.Content.PreviousPosts)
}

func (r post) Related(ctx context.Context, obj *bind.Post, first int) ([]bind.Post, error) {
	return r.related(ctx, obj, first)
}

func (r post) Views(ctx context.Context, obj *bind.Post) (*int64, error) {
	views, _, err := askOfPosts(ctx, obj.Batch, obj.ID, askViews, r.Metric.PostViews)
	return gated(&views, err)
}

func (r post) Metrics(ctx context.Context, obj *bind.Post, days metric.Range) (*bind.PostMetrics, error) {
	report, err := r.report(ctx, obj.Batch, days)
	return gated(&bind.PostMetrics{PostReport: metric.PostReport{Report: report, PostID: obj.ID}, Batch: obj.Batch}, err)
}

// gated returns what a field answers that permission may hide: null without an error where the viewer may not see it.
func gated[T any](value *T, err error) (*T, error) {
	switch {
	case err == nil:
		return value, nil
	case logic.CodeOf(err) == logic.CodeForbidden, logic.CodeOf(err) == logic.CodeUnauthenticated:
		return nil, nil
	}
	return nil, err
}
