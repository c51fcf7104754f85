package metric_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/content/render"
	"headwater/logic/metric"
)

func TestRecordEventsCounts(t *testing.T) {
	w := newWorld(t, "America/New_York", metric.Options{})
	reader := w.as("203.0.113.9", firefox)
	post := firstPost.ID()
	search, own := "https://www.Search.example/?q=1", "https://example.org/other"
	recorded := w.mustRecord(reader,
		metric.EventInput{PostID: &post, Referrer: &search, At: new(at("2026-06-15T11:00:00Z"))},
		metric.EventInput{PostID: &post, Referrer: &own, At: new(at("2026-06-15T11:10:00Z"))},
		metric.EventInput{Name: new("sign up"), Path: new("/join"), Properties: []metric.EventPropertyInput{{Key: "plan", Value: "a"}}},
		view("/about?x=1#top", "2026-06-15T11:59:00Z"),
	)
	if want := (metric.Recorded{Recorded: 4}); recorded != want {
		t.Errorf("recorded %+v, want %+v", recorded, want)
	}
	if recorded := w.mustRecord(w.as("203.0.113.9", crawler), view("/", "2026-06-15T11:00:00Z")); recorded.Robots != 1 || recorded.Recorded != 0 {
		t.Errorf("recorded %+v of a robot", recorded)
	}

	report := w.mustReport("2026-06-15", "2026-06-15", metric.Filter{})
	want := metric.Totals{Views: 3, Visitors: 1, Visits: 2, Bounces: 1, Seconds: 600, Events: 1}
	if got := w.mustTotals(report); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if robots, err := w.Robots(w.analyst(), report); robots != 1 || err != nil {
		t.Errorf("%d robots, %v", robots, err)
	}
	for dimension, rows := range map[metric.Dimension][]metric.Row{
		metric.DimensionPath: {
			{Value: "/blog/first", Views: 2, Visitors: 1}, {Value: "/about", Views: 1, Visitors: 1}, {Value: "/join", Events: 1},
		},
		metric.DimensionReferrer: {{Value: "", Views: 2, Visitors: 1, Events: 1}, {Value: "search.example", Views: 1, Visitors: 1}},
		metric.DimensionDevice:   {{Value: "Desktop", Views: 3, Visitors: 1, Events: 1}},
		metric.DimensionBrowser:  {{Value: "Firefox", Views: 3, Visitors: 1, Events: 1}},
		metric.DimensionOS:       {{Value: "Linux", Views: 3, Visitors: 1, Events: 1}},
		metric.DimensionEvent:    {{Value: "sign up", Visitors: 1, Events: 1}},
	} {
		got, err := w.Top(w.analyst(), report, dimension, 10)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rows, got); diff != "" {
			t.Errorf("%s:\n%s", dimension, diff)
		}
	}
	posts, err := w.TopPosts(w.analyst(), report, 10)
	if diff := cmp.Diff([]metric.PostRow{{PostID: firstPost, Title: "The first", Views: 2, Visitors: 1}}, posts); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	views, err := w.PostViews(w.analyst(), []logic.PostID{firstPost, secondPost})
	if diff := cmp.Diff(map[logic.PostID]int64{firstPost: 2, secondPost: 0}, views); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func TestRecordEventsReportsEveryFault(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{})
	reader := w.as("203.0.113.9", firefox)
	missing, draft, tag := logic.PostID(999).ID(), draftPost.ID(), redTag.ID()
	long := strings.Repeat("x", 501)
	_, err := w.RecordEvents(reader, []metric.EventInput{
		view("/fine", "2026-06-15T11:00:00Z"),
		{},
		{Path: new("about"), ID: new("")},
		{Path: new("/" + long), Name: new("  ")},
		{PostID: &missing, At: new(w.now.Add(3600e9))},
		{PostID: &draft, At: new(w.now - 7*24*3600*1000 - 1)},
		{PostID: &tag, Name: new(long[:41])},
		{Path: new("/"), Properties: []metric.EventPropertyInput{{Key: "a", Value: long[:201]}, {Key: long[:41], Value: long[:201]}, {}, {Key: "a"}}},
		{Path: new("/"), Properties: make([]metric.EventPropertyInput, 11)},
		{Path: new("/"), Name: new("(other)"), ID: new(long[:65])},
	})
	faults, ok := errors.AsType[logic.Faults](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	var got []string
	for _, fault := range faults {
		got = append(got, strings.TrimPrefix(strings.Join(fault.Field, "."), "input.events.")+" "+string(fault.Code))
	}
	slices.Sort(got)
	want := []string{
		"1.path REQUIRED", "2.id REQUIRED", "2.path INVALID", "3.name REQUIRED", "3.path TOO_LONG", "4.at INVALID", "4.postId NOT_FOUND",
		"5.at INVALID", "5.postId NOT_FOUND", "6.name TOO_LONG", "6.postId NOT_FOUND", "7.properties.0.value TOO_LONG",
		"7.properties.1.key TOO_LONG", "7.properties.1.value TOO_LONG", "7.properties.2.key REQUIRED", "7.properties.3.key INVALID",
		"8.properties TOO_LONG", "9.id TOO_LONG", "9.name INVALID",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	messages := map[string]bool{}
	for _, fault := range faults {
		if fault.Field[3] == "postId" {
			messages[fault.Message] = true
		}
	}
	if len(messages) != 1 {
		t.Errorf("a draft can be told from what is not there: %v", messages)
	}
	if _, err := w.RecordEvents(reader, make([]metric.EventInput, 101)); logic.CodeOf(err) != logic.CodeTooLong {
		t.Errorf("101 events: %v", err)
	}
	if totals := w.mustTotals(w.mustReport("2026-06-01", "2026-06-15", metric.Filter{})); totals != (metric.Totals{}) {
		t.Errorf("something was counted of refused events: %+v", totals)
	}
}

func TestRecordEventsCountsAnIDOnce(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{})
	reader := w.as("203.0.113.9", firefox)
	event := view("/", "2026-06-15T11:00:00Z")
	event.ID = new("a-1")
	other := event
	other.ID = new("a-2")
	for i, want := range []int{2, 0, 0} {
		if got := w.mustRecord(reader, event, other, event).Recorded; got != want {
			t.Errorf("call %d: recorded %d, want %d", i, got, want)
		}
		w.now += 3 * 24 * 3600 * 1000
	}
	if got := w.mustTotals(w.mustReport("2026-06-15", "2026-06-15", metric.Filter{})).Views; got != 2 {
		t.Errorf("%d views, want 2", got)
	}
}

// A late first view takes the visitor and the visit to the hour where they now begin, also over the site's midnight.
func TestLateEventsMoveVisitors(t *testing.T) {
	w := newWorld(t, "America/New_York", metric.Options{})
	reader := w.as("203.0.113.9", firefox)
	w.mustRecord(reader, view("/", "2026-06-15T04:10:00Z")) // 0:10 in New York
	days := func() []int64 {
		series, err := w.Series(w.analyst(), w.mustReport("2026-06-14", "2026-06-15", metric.Filter{}), metric.IntervalDay)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Concat(series.Views, series.Visitors, series.Visits)
	}
	if got, want := days(), []int64{0, 1, 0, 1, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	w.now += 3 * 24 * 3600 * 1000
	w.mustRecord(reader, view("/", "2026-06-15T03:50:00Z")) // 23:50 the day before
	if got, want := days(), []int64{1, 1, 1, 0, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	totals := w.mustTotals(w.mustReport("2026-06-14", "2026-06-14", metric.Filter{}))
	if want := (metric.Totals{Views: 1, Visitors: 1, Visits: 1, Seconds: 1200}); totals != want {
		t.Errorf("got %+v, want %+v", totals, want)
	}
}

// What a robot sends again is one event too.
func TestRecordEventsCountsARobotsIDOnce(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{})
	event := view("/", "2026-06-15T11:00:00Z")
	event.ID = new("a-1")
	for i, want := range []int{1, 0} {
		if got := w.mustRecord(w.as("203.0.113.9", crawler), event, event).Robots; got != want {
			t.Errorf("call %d: %d robots, want %d", i, got, want)
		}
	}
	if robots, err := w.Robots(w.analyst(), w.mustReport("2026-06-15", "2026-06-15", metric.Filter{})); robots != 1 || err != nil {
		t.Errorf("%d robots, %v, want 1", robots, err)
	}
}

// hastyStore lets something else be written just before each write.
type hastyStore struct {
	metric.Store
	before func()
}

func (s hastyStore) WriteTogether(ctx context.Context, call *metric.Call, book func(metric.Writer, []*metric.Call) error) error {
	s.before()
	return s.Store.WriteTogether(ctx, call, book)
}

// A post that is withdrawn while its view waits to be written is not there any more.
func TestPostsAreReadWhereTheyAreCounted(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{})
	withdraw := func() {
		err := w.store.Content().Write(t.Context(), func(writer content.Writer) error {
			post, err := writer.PostBySlug(t.Context(), "first")
			post.Status, post.PublishedAt = content.PostStatusDraft, nil
			return errors.Join(err, writer.UpdatePost(t.Context(), post, content.PostText{Terms: []render.Term{}}))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	service := metric.New(hastyStore{w.store.Metric(), withdraw}, w.clock, w.store.Keys(), metric.Options{})
	id := firstPost.ID()
	_, err := service.RecordEvents(w.as("203.0.113.9", firefox), []metric.EventInput{{PostID: &id}})
	if logic.CodeOf(err) != logic.CodeNotFound {
		t.Errorf("a post that was withdrawn was viewed: %v", err)
	}
}

// However a path is told, by a log, by a browser or by the post's address, it is one.
func TestPathsCountAlike(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{})
	ctx := w.as("203.0.113.9", firefox)
	w.mustRecord(ctx, view("/blog/%E6%97%A5", "2026-06-15T11:00:00Z"), view("//blog/%e6%97%a5?a", "2026-06-15T11:00:00Z"))
	w.mustImport(0, metric.ImportMark{Log: "log", Offset: 1}, hit("/blog/日", "2026-06-15T11:00:00Z"))
	for _, path := range []string{"/blog/日", "/blog/%E6%97%A5"} {
		if got := w.mustTotals(w.mustReport("2026-06-15", "2026-06-15", metric.Filter{Path: &path})).Views; got != 3 {
			t.Errorf("%s has %d views, want 3", path, got)
		}
	}
}

// Whatever else is written between two calls, in this process or in another, the next one counts by what stands there then.
func TestNothingIsCountedByWhatWasBefore(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{})
	other := w.beside()
	defer other.store.Close()
	id := firstPost.ID()
	viewed := metric.EventInput{PostID: &id, Referrer: new("https://elsewhere.example/")}
	record := func() error {
		_, err := w.RecordEvents(w.as("203.0.113.9", firefox), []metric.EventInput{viewed})
		return err
	}
	for i, by := range []*world{w, other} {
		for range 2 {
			if err := record(); err != nil {
				t.Fatal(err)
			}
		}
		change := func(edit func(*content.Post, *content.Site)) {
			t.Helper()
			err := by.store.Content().Write(t.Context(), func(writer content.Writer) error {
				posts, err := writer.PostsByID(t.Context(), []logic.PostID{firstPost})
				if err != nil {
					return err
				}
				site, err := writer.Site(t.Context())
				if err != nil {
					return err
				}
				post := posts[firstPost]
				edit(&post, &site)
				return errors.Join(writer.UpdatePost(t.Context(), post, content.PostText{Terms: []render.Term{}}), writer.UpdateSite(t.Context(), site))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		published := w.now - 1000
		change(func(post *content.Post, _ *content.Site) {
			post.Status, post.PublishedAt = content.PostStatusDraft, nil
		})
		if err := record(); logic.CodeOf(err) != logic.CodeNotFound {
			t.Errorf("a post that process %d withdrew was viewed: %v", i, err)
		}
		slug := fmt.Sprint("moved-", i)
		change(func(post *content.Post, site *content.Site) {
			post.Status, post.PublishedAt, post.Slug = content.PostStatusPublished, &published, slug
			site.URL = "https://elsewhere.example"
		})
		if err := record(); err != nil {
			t.Fatal(err)
		}
		path := "/blog/" + slug
		if got := w.mustTotals(w.mustReport("2026-06-15", "2026-06-15", metric.Filter{Path: &path})).Views; got != 1 {
			t.Errorf("%s has %d views, want 1", path, got)
		}
		rows, err := w.Top(w.analyst(), w.mustReport("2026-06-15", "2026-06-15", metric.Filter{Path: &path}), metric.DimensionReferrer, 1)
		if err != nil || len(rows) != 1 || rows[0].Value != "" {
			t.Errorf("the site refers to itself: %+v, %v", rows, err)
		}
		change(func(_ *content.Post, site *content.Site) { site.URL = "https://www.example.org" })
	}
}
