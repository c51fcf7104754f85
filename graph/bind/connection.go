package bind

import (
	"context"

	"headwater/logic"
	"headwater/logic/content"
)

// Rest answers what a page of a list alone can't tell. Both are asked only when a query selects what needs them.
type Rest struct {
	// Count returns how many items the whole list holds.
	Count func(context.Context) (int64, error)
	// Have tells whether any item stands in a window of the list.
	Have func(context.Context, logic.Window) (bool, error)
}

// Connection is a page of a list, as the contract's connections show it.
type Connection[T any] struct {
	page   logic.Page[T]
	window logic.Window
	cursor func(T) logic.Cursor
	rest   Rest
}

// The contract's connections and their edges.
type (
	PostConnection     = Connection[Post]
	PostEdge           = Edge[Post]
	RevisionConnection = Connection[Revision]
	RevisionEdge       = Edge[Revision]
	TagConnection      = Connection[Tag]
	TagEdge            = Edge[Tag]
	MediaConnection    = Connection[Media]
	MediaEdge          = Edge[Media]
	UserConnection     = Connection[User]
	UserEdge           = Edge[User]

	WebhookDeliveryConnection = Connection[WebhookDelivery]
	WebhookDeliveryEdge       = Edge[WebhookDelivery]
)

// NewConnection returns the connection for the page that window asked for; cursor returns an item's place in the list.
func NewConnection[T any](page logic.Page[T], window logic.Window, cursor func(T) logic.Cursor, rest Rest) Connection[T] {
	return Connection[T]{page: page, window: window, cursor: cursor, rest: rest}
}

// PostConnectionOf returns the connection for a page of posts in order.
func PostConnectionOf(page logic.Page[Post], window logic.Window, order content.PostOrder, rest Rest) PostConnection {
	return NewConnection(page, window, func(post Post) logic.Cursor { return order.Cursor(*post.Post) }, rest)
}

// RevisionConnectionOf returns the connection for a page of revisions.
func RevisionConnectionOf(page logic.Page[Revision], window logic.Window, rest Rest) RevisionConnection {
	return NewConnection(page, window, func(revision Revision) logic.Cursor { return revision.Cursor() }, rest)
}

// TagConnectionOf returns the connection for a page of tags in order.
func TagConnectionOf(page logic.Page[Tag], window logic.Window, order content.TagOrder, rest Rest) TagConnection {
	return NewConnection(page, window, func(tag Tag) logic.Cursor { return order.Cursor(*tag.Tag) }, rest)
}

// MediaConnectionOf returns the connection for a page of files in order.
func MediaConnectionOf(page logic.Page[Media], window logic.Window, order content.MediaOrder, rest Rest) MediaConnection {
	return NewConnection(page, window, func(media Media) logic.Cursor { return order.Cursor(*media.Media) }, rest)
}

// UserConnectionOf returns the connection for a page of users.
func UserConnectionOf(page logic.Page[User], window logic.Window, rest Rest) UserConnection {
	return NewConnection(page, window, func(user User) logic.Cursor { return user.Cursor() }, rest)
}

// WebhookDeliveryConnectionOf returns the connection for a page of deliveries.
func WebhookDeliveryConnectionOf(page logic.Page[WebhookDelivery], window logic.Window, rest Rest) WebhookDeliveryConnection {
	return NewConnection(page, window, func(delivery WebhookDelivery) logic.Cursor { return delivery.Cursor() }, rest)
}

// Nodes returns the items of the page, in the list's order.
func (c Connection[T]) Nodes() []T { return c.page.Items }

// Edges returns the items of the page, each with its place in the list.
func (c Connection[T]) Edges() []Edge[T] {
	edges := make([]Edge[T], len(c.page.Items))
	for i, item := range c.page.Items {
		edges[i] = Edge[T]{Node: item, place: c.cursor(item)}
	}
	return edges
}

// TotalCount returns how many items the whole list holds.
func (c Connection[T]) TotalCount(ctx context.Context) (int64, error) { return c.rest.Count(ctx) }

// PageInfo returns where the page stands in the list.
func (c Connection[T]) PageInfo() PageInfo {
	info := PageInfo{window: c.window, more: c.page.More, have: c.rest.Have}
	if items := c.page.Items; len(items) > 0 {
		first, last := c.cursor(items[0]), c.cursor(items[len(items)-1])
		info.first, info.last = &first, &last
	}
	return info
}

// Edge is an item at its place in a list.
type Edge[T any] struct {
	Node  T
	place logic.Cursor
}

// Cursor returns the item's place as frontends send it back.
func (e Edge[T]) Cursor() string { return EncodeCursor(e.place) }

// PageInfo says where a page stands in its list.
type PageInfo struct {
	window      logic.Window
	more        bool
	first, last *logic.Cursor
	have        func(context.Context, logic.Window) (bool, error)
}

// HasNextPage tells whether the list goes on behind the page.
func (p PageInfo) HasNextPage(ctx context.Context) (bool, error) {
	if p.more && !p.window.Backward {
		return true, nil
	}
	return p.ask(ctx, logic.Window.Next)
}

// HasPreviousPage tells whether the list has something in front of the page.
func (p PageInfo) HasPreviousPage(ctx context.Context) (bool, error) {
	if p.more && p.window.Backward {
		return true, nil
	}
	return p.ask(ctx, logic.Window.Previous)
}

func (p PageInfo) ask(ctx context.Context, beyond func(logic.Window) (logic.Window, bool)) (bool, error) {
	window, possible := beyond(p.window)
	if !possible {
		return false, nil
	}
	return p.have(ctx, window)
}

// StartCursor returns the place of the page's first item, nil when the page is empty.
func (p PageInfo) StartCursor() *string { return encodeGiven(p.first) }

// EndCursor returns the place of the page's last item, nil when the page is empty.
func (p PageInfo) EndCursor() *string { return encodeGiven(p.last) }

func encodeGiven(c *logic.Cursor) *string {
	if c == nil {
		return nil
	}
	s := EncodeCursor(*c)
	return &s
}

// PostSearchConnection is a page of what a search found: posts, and beside each the passage that matched.
type PostSearchConnection struct {
	Connection[Post]
	hits []content.SearchHit
}

// PostSearchEdge is a post that was found, with the passage that matched.
type PostSearchEdge struct {
	Edge[Post]
	hit content.SearchHit
}

// PostSearchConnectionOf returns the connection for a page of hits; the search reads forward only.
func PostSearchConnectionOf(hits logic.Page[content.SearchHit], window logic.Window, rest Rest) PostSearchConnection {
	posts := make([]content.Post, len(hits.Items))
	for i, hit := range hits.Items {
		posts[i] = hit.Post
	}
	page := logic.Page[Post]{Items: Posts(posts), More: hits.More}
	places := make(map[logic.PostID]logic.Cursor, len(hits.Items))
	for _, hit := range hits.Items {
		places[hit.Post.ID] = hit.Cursor()
	}
	cursor := func(post Post) logic.Cursor { return places[post.ID] }
	return PostSearchConnection{NewConnection(page, window, cursor, rest), hits.Items}
}

// Edges returns the posts of the page, each with its place and the passage that matched.
func (c PostSearchConnection) Edges() []PostSearchEdge {
	edges := make([]PostSearchEdge, len(c.hits))
	for i, edge := range c.Connection.Edges() {
		edges[i] = PostSearchEdge{edge, c.hits[i]}
	}
	return edges
}

// Snippet returns the passage that matched as HTML.
func (e PostSearchEdge) Snippet() string { return e.hit.SnippetHTML() }
