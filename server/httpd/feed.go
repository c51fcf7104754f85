package httpd

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"headwater/logic"
	"headwater/logic/client"
	"headwater/logic/content"
	"headwater/transfer"
)

// feedFormat is what is written at one address for those who follow the site.
type feedFormat struct {
	path        string
	contentType string
	write       func(s *Server, ctx context.Context, w io.Writer, asked feedQuestion) error
}

var feedFormats = []feedFormat{
	{"/feed.atom", "application/atom+xml; charset=utf-8", func(s *Server, ctx context.Context, w io.Writer, asked feedQuestion) error {
		return s.writeFeed(ctx, w, asked, transfer.WriteAtom)
	}},
	{"/feed.json", "application/feed+json; charset=utf-8", func(s *Server, ctx context.Context, w io.Writer, asked feedQuestion) error {
		return s.writeFeed(ctx, w, asked, transfer.WriteJSONFeed)
	}},
	{"/sitemap.xml", "application/xml; charset=utf-8", (*Server).writeSitemap},
}

// feedQuestion is what is asked of a feed: it shows what an anonymous reader may read, through the client public.
type feedQuestion struct {
	path   string
	viewer logic.Viewer
	// client is whose addresses of posts it shows; the zero Client, and one that has none, for the site's own.
	client  client.Client
	page    int // of a sitemap; 0 for all of it
	version int64
	// changedAt is when anything last changed that readers see.
	changedAt logic.Moment
}

// feed answers with what is kept of a feed, or written anew where anything changed that it shows.
func (s *Server) feed(format feedFormat) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := s.withTimeout(r.Context())
		defer cancel()
		asked, err := s.readFeedQuestion(ctx, r)
		if err == nil {
			ctx = logic.WithViewer(ctx, asked.viewer)
			err = s.sendFeed(ctx, w, r, format, asked)
		}
		switch {
		case logic.CodeOf(err) == logic.CodeNotFound:
			s.notFound(w, r)
		case err != nil:
			s.refuse(w, r, timeout(ctx, err))
		}
	}
}

func (s *Server) sendFeed(ctx context.Context, w http.ResponseWriter, r *http.Request, format feedFormat, asked feedQuestion) error {
	asset, err := s.feeds.get(ctx, asked, format.contentType, func(w io.Writer) error { return format.write(s, ctx, w, asked) })
	if err != nil {
		return err
	}
	// What changed within a second can't be told apart by this header.
	if second := time.Second; s.options.Clock() >= asked.changedAt.Add(second) {
		w.Header().Set("Last-Modified", asked.changedAt.Time().Truncate(second).Format(http.TimeFormat))
	}
	// What everyone may read, pages of every origin may, by a script as well.
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	sendAsset(w, r, asset)
	return nil
}

// readFeedQuestion returns NOT_FOUND where a client is named that there is not, and a page that is no number; UNAUTHENTICATED where the
// client public is closed.
func (s *Server) readFeedQuestion(ctx context.Context, r *http.Request) (feedQuestion, error) {
	asked := feedQuestion{path: r.URL.Path}
	err := s.options.Clients.AdmitAddress(s.addressOf(r))
	if err != nil {
		return asked, err
	}
	if asked.viewer, err = s.anonymous(ctx); err != nil {
		return asked, err
	}
	given := r.URL.Query()
	if given.Has("client") {
		if asked.client, err = s.options.Clients.ForAddresses(ctx, given.Get("client")); err != nil {
			return asked, err
		}
	}
	if given.Has("page") {
		if asked.page, err = strconv.Atoi(given.Get("page")); err != nil || asked.page < 1 {
			return asked, logic.NotFound("page")
		}
	}
	asked.version, asked.changedAt, err = s.options.Content.ContentVersion(ctx)
	return asked, err
}

// anonymous returns nobody who asks through the client public, or UNAUTHENTICATED where that is closed: what is empty would say that all is gone.
func (s *Server) anonymous(ctx context.Context) (logic.Viewer, error) {
	identity, err := s.options.Clients.Identify(ctx, client.Credentials{})
	if err != nil {
		return logic.Viewer{}, err
	}
	recordOf(ctx).client = identity.Client.Name
	return logic.Viewer{Client: identity.Client.ID, Limit: identity.Limit}, s.options.Clients.Admit(identity)
}

// key names what is asked for, whatever state it is in.
func (q feedQuestion) key() string { return fmt.Sprint(q.path, " ", q.client.ID, " ", q.page) }

// state names all that decides what the answer is.
func (q feedQuestion) state() string {
	return fmt.Sprint(q.version, " ", q.viewer.Limit, " ", q.client.PostAddress("", logic.SlugPlace))
}

// self returns the address of what is asked for, or of a page of it.
func (q feedQuestion) self(publicURL string, page int) string {
	given := url.Values{}
	if q.client.Name != "" {
		given.Set("client", q.client.Name)
	}
	if page > 0 {
		given.Set("page", strconv.Itoa(page))
	}
	if len(given) == 0 {
		return publicURL + q.path
	}
	return publicURL + q.path + "?" + given.Encode()
}

const (
	feedPosts = 50      // how many posts a feed holds
	feedBytes = 8 << 20 // how long their texts may be together: what is older than these is left out
	feedBatch = 5       // how many texts are in memory at once
)

// writeFeed writes the newest articles.
func (s *Server) writeFeed(ctx context.Context, w io.Writer, asked feedQuestion, write func(io.Writer, transfer.Feed) error) error {
	site, err := s.options.Content.Site(ctx)
	if err != nil {
		return err
	}
	query, err := s.options.Content.PostQuery(ctx, nil, nil, logic.PageArgs{First: new(feedPosts)})
	if err != nil {
		return err
	}
	pages, err := s.options.Content.PostPages(ctx, []content.PostList{content.AllPosts}, query)
	if err != nil {
		return err
	}
	entries := feedEntries{server: s, site: site, client: asked.client, posts: pages[content.AllPosts].Items}
	return write(w, transfer.Feed{
		Title: site.Title, Description: site.Description, Language: site.Language, Home: site.URL,
		Self: asked.self(s.options.PublicURL, 0), UpdatedAt: asked.changedAt,
		Entries: func(yield func(transfer.FeedEntry, error) bool) { entries.read(ctx, yield) },
	})
}
