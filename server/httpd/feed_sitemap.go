package httpd

import (
	"context"
	"io"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/transfer"
)

// sitemapBatch is how many posts are in memory at once while a sitemap is written.
const sitemapBatch = 1000

// writeSitemap writes the addresses of all posts, or of the asked page of them; where they are too many for one page, and none is asked for, the
// addresses of the pages.
func (s *Server) writeSitemap(ctx context.Context, w io.Writer, asked feedQuestion) error {
	filter := &content.PostFilter{Kind: []content.PostKind{content.PostKindArticle, content.PostKindPage}}
	order := &content.PostOrder{Field: content.PostOrderCreatedAt, Direction: content.Ascending} // posts stay on their page
	query, err := s.options.Content.PostQuery(ctx, filter, order, logic.PageArgs{})
	if err != nil {
		return err
	}
	counts, err := s.options.Content.CountPosts(ctx, []content.PostList{content.AllPosts}, query)
	if err != nil {
		return err
	}
	pages := max(1, (int(counts[content.AllPosts])+s.sitemapLimit-1)/s.sitemapLimit)
	switch {
	case asked.page > pages:
		return logic.NotFound("page")
	case asked.page == 0 && pages > 1:
		sitemaps := make([]transfer.SitemapPlace, pages)
		for i := range sitemaps {
			sitemaps[i].Address = asked.self(s.options.PublicURL, i+1)
		}
		return transfer.WriteSitemapIndex(w, sitemaps)
	}
	site, err := s.options.Content.Site(ctx)
	if err != nil {
		return err
	}
	first := max(asked.page-1, 0) * s.sitemapLimit
	return transfer.WriteSitemap(w, func(yield func(transfer.SitemapPlace, error) bool) {
		at := -1
		s.eachPost(ctx, query, func(post content.Post, err error) bool {
			if at++; err == nil && at < first {
				return true
			}
			place := transfer.SitemapPlace{Address: asked.client.PostAddress(site.PostURL, post.Slug), UpdatedAt: &post.UpdatedAt}
			return at < first+s.sitemapLimit && yield(place, err)
		})
	})
}

// eachPost gives all posts of a list to yield, whatever the window of query, until it wants no more.
func (s *Server) eachPost(ctx context.Context, query content.PostQuery, yield func(content.Post, error) bool) {
	query.Window = logic.Window{Limit: sitemapBatch}
	for {
		pages, err := s.options.Content.PostPages(ctx, []content.PostList{content.AllPosts}, query)
		if err != nil {
			yield(content.Post{}, err)
			return
		}
		page := pages[content.AllPosts]
		for _, post := range page.Items {
			if !yield(post, nil) {
				return
			}
		}
		if !page.More {
			return
		}
		last := query.Order.Cursor(page.Items[len(page.Items)-1])
		query.Window.After = &last
	}
}
