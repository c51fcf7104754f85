package metric_test

import (
	"context"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/metric"
)

func person(role logic.Role) logic.Viewer {
	return logic.Viewer{Limit: logic.AllScopes, SessionLimit: logic.AllScopes, User: 1, Role: role}
}

func key(scopes logic.Scopes) logic.Viewer { return logic.Viewer{Limit: scopes, Secret: true} }

var (
	metricsRead  = logic.ScopesOf(logic.ScopeMetricsRead)
	metricsWrite = logic.ScopesOf(logic.ScopeMetricsWrite)
)

// TestMetricsAreForThoseWhoMayReadThem asks everything that there is to ask of reports.
func TestMetricsAreForThoseWhoMayReadThem(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{})
	r := w.mustReport("2026-06-15", "2026-06-15", metric.Filter{})
	posts := []logic.PostID{firstPost}
	asks := map[string]func(context.Context) error{
		"Report":        func(ctx context.Context) error { return second(w.Report(ctx, r.Range, metric.Filter{})) },
		"Previous":      func(ctx context.Context) error { _, _, err := w.Previous(ctx, r); return err },
		"Totals":        func(ctx context.Context) error { return second(w.Totals(ctx, r)) },
		"Series":        func(ctx context.Context) error { return second(w.Series(ctx, r, metric.IntervalDay)) },
		"Top":           func(ctx context.Context) error { return second(w.Top(ctx, r, metric.DimensionPath, 10)) },
		"TopPosts":      func(ctx context.Context) error { return second(w.TopPosts(ctx, r, 10)) },
		"Robots":        func(ctx context.Context) error { return second(w.Robots(ctx, r)) },
		"PostTotals":    func(ctx context.Context) error { return second(w.PostTotals(ctx, r, posts)) },
		"PostSeries":    func(ctx context.Context) error { return second(w.PostSeries(ctx, r, posts, metric.IntervalDay)) },
		"PostReferrers": func(ctx context.Context) error { return second(w.PostReferrers(ctx, r, posts, 10)) },
	}
	for name, test := range map[string]struct {
		viewer logic.Viewer
		may    bool
	}{
		"the zero viewer":          {logic.Viewer{}, false},
		"nobody":                   {logic.Viewer{Limit: logic.AllScopes}, false},
		"a reader":                 {person(logic.RoleReader), false},
		"an author":                {person(logic.RoleAuthor), true},
		"an author by a narrow":    {logic.Viewer{Limit: logic.Anonymous, SessionLimit: logic.AllScopes, User: 1, Role: logic.RoleAuthor}, false},
		"a key for metrics":        {key(metricsRead), true},
		"a key for all but those":  {key(logic.AllScopes &^ metricsRead), false},
		"a key that is shown":      {logic.Viewer{Limit: metricsRead}, false},
		"whoever runs the machine": {logic.Operator(), true},
	} {
		for ask, run := range asks {
			err := run(logic.WithViewer(t.Context(), test.viewer))
			if test.may && err != nil || !test.may && (err == nil || logic.CodeOf(err) != logic.CodeForbidden) {
				t.Errorf("%s asks for %s: %v", name, ask, err)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestViewsAreForEveryoneWhereTheSiteShowsThem(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{})
	w.mustRecord(w.as("192.0.2.1", firefox), metric.EventInput{PostID: new(firstPost.ID())})
	nobody := logic.WithViewer(t.Context(), logic.Viewer{Limit: logic.AllScopes})
	for _, shows := range []bool{true, false} {
		err := w.store.Content().Write(t.Context(), func(writer content.Writer) error {
			site, err := writer.Site(t.Context())
			if err != nil {
				return err
			}
			site.ShowsViews = shows
			return writer.UpdateSite(t.Context(), site)
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, ctx := range map[string]context.Context{"nobody": nobody, "the zero viewer": t.Context(), "an analyst": w.analyst()} {
			views, err := w.PostViews(ctx, []logic.PostID{firstPost, secondPost})
			if shows && name == "nobody" || name == "an analyst" {
				if err != nil || views[firstPost] != 1 || views[secondPost] != 0 {
					t.Errorf("shown to %s: %v, %v", name, views, err)
				}
			} else if err == nil || logic.CodeOf(err) != logic.CodeForbidden || views != nil {
				t.Errorf("hidden from %s: %v, %v", name, views, err)
			}
		}
	}
}

func TestEventsAreRecordedForThoseWhoMay(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{})
	for name, test := range map[string]struct {
		viewer logic.Viewer
		want   logic.Code
	}{
		"the zero viewer":          {logic.Viewer{}, logic.CodeForbidden},
		"nobody":                   {logic.Viewer{Limit: logic.AllScopes}, ""},
		"a reader":                 {person(logic.RoleReader), ""},
		"a key for posts":          {key(logic.ScopesOf(logic.ScopePostsRead)), logic.CodeForbidden},
		"a client that is closed":  {logic.Viewer{Limit: metricsRead}, logic.CodeForbidden},
		"a key for events and all": {key(logic.AllScopes), ""},
		"a key for events alone":   {key(metricsWrite), logic.CodeNotFound}, // no post is there for it
	} {
		test.viewer.UserAgent = firefox
		_, err := w.RecordEvents(logic.WithViewer(t.Context(), test.viewer), []metric.EventInput{{PostID: new(firstPost.ID())}})
		if err == nil && test.want != "" || err != nil && logic.CodeOf(err) != test.want {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
	if err := second(w.RecordEvents(t.Context(), nil)); err == nil || logic.CodeOf(err) != logic.CodeForbidden {
		t.Errorf("nothing at all by the zero viewer: %v", err)
	}
	narrow := key(metricsWrite)
	narrow.UserAgent = firefox
	if done := w.mustRecord(logic.WithViewer(t.Context(), narrow), metric.EventInput{Path: new("/")}); done.Recorded != 1 {
		t.Errorf("a path by a key for events alone: %+v", done)
	}
	if views, err := w.PostViews(w.analyst(), []logic.PostID{firstPost}); err != nil || views[firstPost] != 3 {
		t.Errorf("counted %v, %v", views, err)
	}
}

func TestLogsAreForTheCommandLineAlone(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{})
	for _, viewer := range []logic.Viewer{{}, key(logic.AllScopes), person(logic.RoleAdmin)} {
		ctx := logic.WithViewer(t.Context(), viewer)
		if _, err := w.ImportMark(ctx, "log"); err == nil || logic.CodeOf(err) != logic.CodeForbidden {
			t.Errorf("%+v reads a mark: %v", viewer, err)
		}
		_, err := w.ImportHits(ctx, 0, metric.ImportMark{Log: "log", Offset: 1}, []metric.Hit{hit("/", "2026-06-14T10:00:00Z")})
		if err == nil || logic.CodeOf(err) != logic.CodeForbidden {
			t.Errorf("%+v imports: %v", viewer, err)
		}
	}
	if totals := w.mustTotals(w.mustReport("2026-06-14", "2026-06-14", metric.Filter{})); totals.Views != 0 {
		t.Errorf("%d views were taken", totals.Views)
	}
}
