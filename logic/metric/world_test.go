package metric_test

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/content/render"
	"headwater/logic/metric"
	"headwater/store"
)

// world is a site in New York with two posts and a draft, over a store of its own, at a moment that the test sets.
type world struct {
	*metric.Service
	t       testing.TB
	dir     string
	store   *store.Store
	now     logic.Moment
	options metric.Options
	node    int
}

// Keys of the world's posts, tags and users, and a browser.
const (
	firstPost  logic.PostID = 101
	secondPost logic.PostID = 102
	draftPost  logic.PostID = 103
	redTag     logic.TagID  = 201
	blueTag    logic.TagID  = 202
	ada        logic.UserID = 301
	bob        logic.UserID = 302

	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
	iPhone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
	crawler = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
)

func newWorld(t testing.TB, zone string, options metric.Options) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), now: at("2026-06-15T12:00:00Z"), options: options}
	w.open()
	published := w.now - 1000
	err := w.store.Content().Write(t.Context(), func(writer content.Writer) error {
		site, err := writer.Site(t.Context())
		if err != nil {
			return err
		}
		site.URL, site.PostURL, site.TimeZone = "https://www.example.org", "https://www.example.org/blog/{slug}", zone
		if err := writer.UpdateSite(t.Context(), site); err != nil {
			return err
		}
		for id, name := range map[logic.UserID]string{ada: "ada", bob: "bob"} {
			if err := writer.InsertAuthor(t.Context(), id, name, name, published); err != nil {
				return err
			}
		}
		for id, slug := range map[logic.TagID]string{redTag: "red", blueTag: "blue"} {
			if err := writer.InsertTag(t.Context(), content.Tag{ID: id, Slug: slug, Name: slug}); err != nil {
				return err
			}
		}
		for _, post := range []content.Post{
			{ID: firstPost, Slug: "first", AuthorIDs: []logic.UserID{ada}, TagIDs: []logic.TagID{redTag}, Status: content.PostStatusPublished},
			{ID: secondPost, Slug: "second", AuthorIDs: []logic.UserID{bob, ada}, TagIDs: []logic.TagID{redTag, blueTag}, Status: content.PostStatusPublished},
			{ID: draftPost, Slug: "draft", AuthorIDs: []logic.UserID{bob}, Status: content.PostStatusDraft},
		} {
			post.Kind, post.Title, post.Language, post.PublishedAt = content.PostKindArticle, "The "+post.Slug, "en", &published
			if err := writer.InsertPost(t.Context(), post, content.PostText{Terms: []render.Term{}}); err != nil {
				return err
			}
			if err := writer.ClaimSlug(t.Context(), post.Slug, post.ID, true); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// open opens the world's store.
func (w *world) open() {
	w.t.Helper()
	var err error
	if w.store, err = store.Open(context.Background(), store.Options{Dir: w.dir, Clock: w.clock, Node: w.node}); err != nil {
		w.t.Fatal(err)
	}
	opened := w.store
	w.t.Cleanup(func() { opened.Close() })
	w.Service = metric.New(w.store.Metric(), w.clock, w.store.Keys(), w.options)
}

// beside returns the same world as another process sees it.
func (w *world) beside() *world {
	other := *w
	other.node++
	other.open()
	return &other
}

func (w *world) clock() logic.Moment { return w.now }

// at reads a moment.
func at(text string) logic.Moment {
	moment, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return logic.MomentOf(moment)
}

// day reads a day.
func day(text string) logic.Day {
	parsed, err := logic.ParseDay(text)
	if err != nil {
		panic(err)
	}
	return parsed
}

// as returns a context of a reader.
func (w *world) as(address, userAgent string) context.Context {
	return logic.WithViewer(w.t.Context(), logic.Viewer{Limit: logic.AllScopes, Address: netip.MustParseAddr(address), UserAgent: userAgent})
}

// analyst returns a context of a key that may read metrics and nothing else.
func (w *world) analyst() context.Context {
	return logic.WithViewer(w.t.Context(), logic.Viewer{Limit: logic.ScopesOf(logic.ScopeMetricsRead), Secret: true})
}

// operator returns a context of the command line.
func (w *world) operator() context.Context { return logic.WithViewer(w.t.Context(), logic.Operator()) }

// mustRecord records events of a reader.
func (w *world) mustRecord(ctx context.Context, events ...metric.EventInput) metric.Recorded {
	w.t.Helper()
	recorded, err := w.RecordEvents(ctx, events)
	if err != nil {
		w.t.Fatal(err)
	}
	return recorded
}

// view is a page view at a moment.
func view(path, moment string) metric.EventInput {
	when := at(moment)
	return metric.EventInput{Path: &path, At: &when}
}

// mustReport returns a report.
func (w *world) mustReport(from, to string, filter metric.Filter) metric.Report {
	w.t.Helper()
	report, err := w.Report(w.analyst(), metric.Range{From: day(from), To: day(to)}, filter)
	if err != nil {
		w.t.Fatal(err)
	}
	return report
}

// mustTotals returns the totals of a report.
func (w *world) mustTotals(report metric.Report) metric.Totals {
	w.t.Helper()
	totals, err := w.Totals(w.analyst(), report)
	if err != nil {
		w.t.Fatal(err)
	}
	return totals
}
