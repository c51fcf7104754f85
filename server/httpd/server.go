package httpd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/klauspost/compress/gzhttp"

	"headwater/graph/cache"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/client"
	"headwater/logic/content"
	"headwater/server/httpd/wire"
	"headwater/transfer"
)

// gzipFrom is the size in bytes from which an answer is compressed.
const gzipFrom = 1024

// Options is what a server needs.
type Options struct {
	// Executor carries out operations.
	Executor graphql.GraphExecutor
	// Ready returns an error as long as the database does not answer.
	Ready func(context.Context) error
	// Clock tells which day it is, for the front page.
	Clock logic.Clock
	// Logger takes a line for every request, and what goes wrong.
	Logger *slog.Logger
	Limits Limits

	// Answers keeps answers; nil for none. MetricsFreshness is for how long what changes with every view may be taken without asking
	// again, at most. DebugCache tells in each answer how it came about.
	Answers          *cache.Cache
	MetricsFreshness time.Duration
	DebugCache       bool

	// Accounts and Clients say who asks.
	Accounts *account.Service
	Clients  *client.Service
	// Content has what is served beside the graph: files and feeds.
	Content *content.Service
	// UploadFolder is where files are kept while they come in; the system's folder for such where it is empty.
	UploadFolder string
	// PublicURL is the address at which people reach the server, as https://example.org.
	PublicURL string
	// TrustedProxies are the networks of the proxies that stand in front, whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
}

// Server answers HTTP requests.
type Server struct {
	options  Options
	site     site
	cookie   sessionCookie
	reading  *gate // of operations that only read
	changing *gate // of mutations
	uploads  *uploads
	feeds    *feeds
	handler  http.Handler
	stopping atomic.Bool
	doubted  sync.Once // whoever forwards and is not trusted

	tookTooLong  error // of an operation
	sitemapLimit int
}

// New returns a server with all its routes. It returns an error where PublicURL is no http or https address.
func New(options Options) (*Server, error) {
	site, err := parseSite(options.PublicURL)
	if err != nil {
		return nil, err
	}
	limits := options.Limits
	s := &Server{
		options: options, site: site, cookie: newSessionCookie(site.secure),
		reading: newGate(limits.Running, limits.Queue), changing: newGate(limits.Changing, limits.Queue),
		uploads: newUploads(limits.Uploads), feeds: newFeeds(limits.Queue), sitemapLimit: transfer.SitemapLimit,
		tookTooLong: logic.Fault(logic.CodeTimeout, "The operation took longer than %v.", limits.Operation),
	}
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(gzipFrom), gzhttp.EnableZstd(false))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle(graphqlPath, s.authenticated(s.kept(whereAsked(compress, s.graphql))))
	mux.HandleFunc("OPTIONS "+graphqlPath, s.preflight)
	mux.Handle("/{$}", onlyRead(compress(s.authenticated(s.front))))
	mux.Handle("/blog/{slug}", onlyRead(s.authenticated(s.post)))
	mux.Handle("/front.css", onlyRead(compress(http.HandlerFunc(frontStyle))))
	mux.Handle("/media/{name}", onlyRead(http.HandlerFunc(s.mediaFile)))
	for _, format := range feedFormats {
		mux.Handle(format.path, onlyRead(s.feed(format)))
	}
	for _, folder := range folders {
		mux.Handle(folder.root, onlyRead(s.files(folder)))
		mux.Handle(folder.root+"/", onlyRead(s.files(folder)))
	}
	mux.Handle("/healthz", onlyRead(http.HandlerFunc(healthy)))
	mux.Handle("/readyz", onlyRead(http.HandlerFunc(s.ready)))
	mux.HandleFunc("/", s.notFound)
	s.handler = s.logged(s.recovered(s.connected(secured(mux))))
	return s, nil
}

// whereAsked returns a handler that compresses its answers where a request asks for any coding, and is spared a look at it elsewhere.
func whereAsked(compress func(http.Handler) http.HandlerFunc, plain http.HandlerFunc) http.HandlerFunc {
	compressed := compress(plain)
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header["Accept-Encoding"] == nil {
			plain(w, r)
		} else {
			compressed(w, r)
		}
	}
}

// Handler returns what answers a request, without a connection's limits.
func (s *Server) Handler() http.Handler { return s.handler }

// plain returns what answers the plain requests of a listener, and hands on all others.
func (s *Server) plain(listener net.Listener) *wire.Listener {
	limits := s.options.Limits
	return wire.Listen(listener, wire.Options{
		Handler: s.handler, Logger: s.options.Logger, Header: limits.Header, First: limits.ReadHeader, Idle: limits.Idle, Write: limits.Write,
	})
}

// Serve answers requests on listener until ctx ends, and then stops cleanly: for Limits.Drain it goes on while /readyz
// answers 503 and every connection is closed behind its answer, then it takes no new request and waits up to Limits.Stop for
// those under way. It returns nil when all of them ended.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	limits := s.options.Limits
	server := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: limits.ReadHeader,
		ReadTimeout:       limits.Read,
		WriteTimeout:      limits.Write,
		IdleTimeout:       limits.Idle,
		MaxHeaderBytes:    limits.Header,
		ErrorLog:          slog.NewLogLogger(s.options.Logger.Handler(), slog.LevelWarn),
	}
	plain := s.plain(bounded(listener, limits.Connections))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(plain) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	s.stopping.Store(true)
	s.options.Logger.Info("stopping", "drain", limits.Drain, "stop", limits.Stop)
	drain := time.NewTimer(limits.Drain)
	defer drain.Stop()
	select {
	case err := <-ended:
		return err
	case <-drain.C:
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), limits.Stop)
	defer cancel()
	_ = plain.Close() // those who still come find nobody
	others := make(chan error, 1)
	go func() { others <- server.Shutdown(stop) }()
	if err := cmp.Or(plain.Shutdown(stop), <-others); err != nil {
		plain.CloseAll()
		return errors.Join(fmt.Errorf("requests were still under way after %v: %w", limits.Stop, err), server.Close())
	}
	return nil
}
