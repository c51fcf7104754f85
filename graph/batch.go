package graph

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"headwater/graph/bind"
	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/metric"
)

// Questions that are asked of all rows of a batch together; those with arguments are types of their own.
const (
	askSite        = "site"
	askAuthors     = "authors"
	askAuthorNames = "names of authors"
	askTags        = "tags"
	askTagNames    = "names of tags"
	askOutlines    = "outlines"
	askNext        = "next"
	askPrevious    = "previous"
	askViews       = "views"
	askPosts       = "posts"
	askTotals      = "totals"
	askSeries      = "series"
	askReferrers   = "referrers"
	askClients     = "clients"
	askKeys        = "keys"
	askWebhooks    = "webhooks"
	askMarkdown    = "markdown"
	askDiffs       = "diffs"
	askWorking     = "working copies"
	askRevisions   = "revisions"
	askUploaders   = "uploaders"
	askPictures    = "pictures"
)

// pageQuestion asks for a page of posts of each list; args are the page's arguments as JSON.
type pageQuestion struct {
	args  string
	brief bool
}

// countQuestion asks how many posts each list holds; filter is JSON.
type countQuestion struct{ filter string }

// haveQuestion asks whether anything of each list stands beyond a page, behind it or in front.
type haveQuestion struct {
	args    string
	inFront bool
}

// bodyQuestion asks for a long part of posts.
type bodyQuestion struct{ part content.BodyPart }

// revisionQuestion asks for a part of the revisions of posts; window is JSON.
type revisionQuestion struct{ window string }

// deliveryQuestion asks for a part of the deliveries of webhooks, or how many there are of a state; both are JSON.
type deliveryQuestion struct{ args, state string }

// relatedQuestion asks for posts close to posts.
type relatedQuestion struct{ first int }

// daysQuestion asks for a report on a range of days.
type daysQuestion struct {
	from, to logic.Day
	zone     string
	zoned    bool
}

type responseKey struct{}

// withResponse returns a context with a memo for what a response needs once.
func withResponse(ctx context.Context) context.Context {
	return context.WithValue(ctx, responseKey{}, &bind.Memo{})
}

// site returns the site, which is read at most once for a response.
func (r *Resolver) site(ctx context.Context) (content.Site, error) {
	memo, ok := ctx.Value(responseKey{}).(*bind.Memo)
	if !ok {
		return r.Content.Site(ctx)
	}
	return bind.Ask(ctx, memo, askSite, r.Content.Site)
}

// clientsOf returns the clients of the rows of a batch, where of finds their keys.
func clientsOf[T any](ctx context.Context, r *Resolver, batch *bind.Batch[T], of func(T) []logic.ClientID) (map[logic.ClientID]bind.Client, error) {
	return bind.Ask(ctx, &batch.Memo, askClients, func(ctx context.Context) (map[logic.ClientID]bind.Client, error) {
		rows, err := r.Services.Client.ClientsByID(ctx, keys(batch.Rows, of))
		return together(rows, bind.Clients), err
	})
}

// askOfPosts returns what load knows of one post, loaded for all posts of its batch.
func askOfPosts[V any](ctx context.Context, batch *bind.Batch[content.Post], id logic.PostID, question any,
	load func(context.Context, []logic.PostID) (map[logic.PostID]V, error)) (V, bool, error) {
	values, err := bind.Ask(ctx, &batch.Memo, question, func(ctx context.Context) (map[logic.PostID]V, error) {
		return load(ctx, keys(batch.Rows, func(row content.Post) []logic.PostID { return []logic.PostID{row.ID} }))
	})
	value, ok := values[id]
	return value, ok, err
}

// neighbour returns the post that load knows beside one post, loaded for all posts of its batch.
func neighbour(ctx context.Context, of *bind.Post, question any,
	load func(context.Context, []logic.PostID) (map[logic.PostID]content.Post, error)) (*bind.Post, error) {
	found, ok, err := askOfPosts(ctx, of.Batch, of.ID, question, func(ctx context.Context, ids []logic.PostID) (map[logic.PostID]bind.Post, error) {
		rows, err := load(ctx, ids)
		return together(rows, bind.Posts), err
	})
	if err != nil || !ok {
		return nil, err
	}
	return &found, nil
}

// outline returns what was worked out of a post's text.
func (r *Resolver) outline(ctx context.Context, of *bind.Post) (content.Outline, error) {
	if of.Preview != nil {
		return of.Preview.Outline(), nil
	}
	outline, _, err := askOfPosts(ctx, of.Batch, of.ID, askOutlines, r.Content.Outlines)
	return outline, err
}

// body returns a long part of a post.
func (r *Resolver) body(ctx context.Context, of *bind.Post, part content.BodyPart) (string, error) {
	if of.Preview != nil {
		return of.Preview.Body(part), nil
	}
	body, _, err := askOfPosts(ctx, of.Batch, of.ID, bodyQuestion{part}, func(ctx context.Context, ids []logic.PostID) (map[logic.PostID]string, error) {
		return r.Content.Bodies(ctx, ids, part)
	})
	return body, err
}

// authors returns the authors of the posts of a batch.
func (r *Resolver) authors(ctx context.Context, batch *bind.Batch[content.Post]) (map[logic.UserID]bind.User, error) {
	question, read := askAuthors, r.Account.UsersByID
	if selectsOnly(ctx, userNames) {
		question, read = askAuthorNames, r.Account.UserNamesByID
	}
	return bind.Ask(ctx, &batch.Memo, question, func(ctx context.Context) (map[logic.UserID]bind.User, error) {
		rows, err := read(ctx, keys(batch.Rows, func(row content.Post) []logic.UserID { return row.AuthorIDs }))
		return together(rows, bind.Users), err
	})
}

// tags returns the tags of the posts of a batch.
func (r *Resolver) tags(ctx context.Context, batch *bind.Batch[content.Post]) (map[logic.TagID]bind.Tag, error) {
	question, read := askTags, r.Content.TagsByID
	if selectsOnly(ctx, tagNames) {
		question, read = askTagNames, r.Content.TagNamesByID
	}
	return bind.Ask(ctx, &batch.Memo, question, func(ctx context.Context) (map[logic.TagID]bind.Tag, error) {
		rows, err := read(ctx, keys(batch.Rows, func(row content.Post) []logic.TagID { return row.TagIDs }))
		return together(rows, bind.Tags), err
	})
}

// related returns posts close to a post.
func (r *Resolver) related(ctx context.Context, of *bind.Post, first int) ([]bind.Post, error) {
	posts, _, err := askOfPosts(ctx, of.Batch, of.ID, relatedQuestion{first}, func(ctx context.Context, ids []logic.PostID) (map[logic.PostID][]bind.Post, error) {
		rows, err := r.Content.Related(ctx, ids, first)
		return listsTogether(rows, bind.Posts), err
	})
	return posts, err
}

// report returns the checked question for the metrics of each post of a batch over days.
func (r *Resolver) report(ctx context.Context, batch *bind.Batch[content.Post], days metric.Range) (metric.Report, error) {
	question := daysQuestion{from: days.From, to: days.To}
	if days.TimeZone != nil {
		question.zone, question.zoned = *days.TimeZone, true
	}
	return bind.Ask(ctx, &batch.Memo, question, func(ctx context.Context) (metric.Report, error) {
		return r.Metric.Report(ctx, days, metric.Filter{})
	})
}

// postPage says which part of lists of posts is asked for, by the arguments of a field.
type postPage struct {
	Filter *content.PostFilter
	Order  *content.PostOrder
	Page   logic.PageArgs
}

// postPages is the same part of several lists of posts.
type postPages struct {
	query content.PostQuery
	lists map[content.PostList]logic.Page[bind.Post]
}

// postList returns a part of one list of posts, read for all lists of the memo's batch together.
func (r *Resolver) postList(ctx context.Context, memo *bind.Memo, list content.PostList, all func() []content.PostList, asked postPage) (bind.PostConnection, error) {
	var none bind.PostConnection
	args, err := json.Marshal(asked)
	if err != nil {
		return none, err
	}
	filter, err := json.Marshal(asked.Filter)
	if err != nil {
		return none, err
	}
	brief := selectsOnly(ctx, briefList)
	pages, err := bind.Ask(ctx, memo, pageQuestion{string(args), brief}, func(ctx context.Context) (postPages, error) {
		query, err := r.Content.PostQuery(ctx, asked.Filter, asked.Order, asked.Page)
		if err != nil {
			return postPages{}, err
		}
		query.Brief = brief
		rows, err := r.Content.PostPages(ctx, all(), query)
		return postPages{query, pagesTogether(rows, bind.Posts)}, err
	})
	if err != nil {
		return none, err
	}
	return bind.PostConnectionOf(pages.lists[list], pages.query.Window, pages.query.Order, bind.Rest{
		Count: func(ctx context.Context) (int64, error) {
			counts, err := bind.Ask(ctx, memo, countQuestion{string(filter)}, func(ctx context.Context) (map[content.PostList]int64, error) {
				return r.Content.CountPosts(ctx, all(), pages.query)
			})
			return counts[list], err
		},
		Have: func(ctx context.Context, window logic.Window) (bool, error) {
			have, err := bind.Ask(ctx, memo, haveQuestion{string(args), window.Backward}, func(ctx context.Context) (map[content.PostList]bool, error) {
				return r.Content.HavePosts(ctx, all(), pages.query, window)
			})
			return have[list], err
		},
	}), nil
}

// keys returns the keys that of finds in rows, each once, in order.
func keys[T any, K cmp.Ordered](rows []T, of func(T) []K) []K {
	found := make([]K, 0, len(rows))
	for _, row := range rows {
		found = append(found, of(row)...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// pick returns the values of the keys that have one, in the order of keys.
func pick[K comparable, V any](values map[K]V, keys []K) []V {
	picked := make([]V, 0, len(keys))
	for _, key := range keys {
		if value, ok := values[key]; ok {
			picked = append(picked, value)
		}
	}
	return picked
}

// together makes rows of one batch of all values.
func together[K comparable, T, Row any](values map[K]T, batch func([]T) []Row) map[K]Row {
	order := make([]K, 0, len(values))
	flat := make([]T, 0, len(values))
	for key, value := range values {
		order, flat = append(order, key), append(flat, value)
	}
	rows := make(map[K]Row, len(values))
	for i, row := range batch(flat) {
		rows[order[i]] = row
	}
	return rows
}

// listsTogether makes rows of one batch of all values of all lists.
func listsTogether[K comparable, T, Row any](lists map[K][]T, batch func([]T) []Row) map[K][]Row {
	if len(lists) == 1 {
		for key, list := range lists {
			return map[K][]Row{key: batch(list)}
		}
	}
	var flat []T
	order := make([]K, 0, len(lists))
	for key, list := range lists {
		order, flat = append(order, key), append(flat, list...)
	}
	all := batch(flat)
	rows := make(map[K][]Row, len(lists))
	for _, key := range order {
		length := len(lists[key])
		rows[key], all = all[:length:length], all[length:]
	}
	return rows
}

// pageTogether makes rows of one batch of a page.
func pageTogether[T, Row any](page logic.Page[T], batch func([]T) []Row) logic.Page[Row] {
	return logic.Page[Row]{Items: batch(page.Items), More: page.More}
}

// pagesTogether makes rows of one batch of all items of all pages.
func pagesTogether[K comparable, T, Row any](pages map[K]logic.Page[T], batch func([]T) []Row) map[K]logic.Page[Row] {
	items := make(map[K][]T, len(pages))
	for key, page := range pages {
		items[key] = page.Items
	}
	rows := listsTogether(items, batch)
	bound := make(map[K]logic.Page[Row], len(pages))
	for key, page := range pages {
		bound[key] = logic.Page[Row]{Items: rows[key], More: page.More}
	}
	return bound
}

// held returns the value of a key; nil where it has none, and where there is no key.
func held[K comparable, V any](values map[K]V, key *K) *V {
	if key == nil {
		return nil
	}
	if value, ok := values[*key]; ok {
		return &value
	}
	return nil
}

// atMostOne returns the list of what there is, which is none or one.
func atMostOne[T any](value *T) []T {
	if value == nil {
		return nil
	}
	return []T{*value}
}
