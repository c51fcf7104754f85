package sample

import (
	"context"
	"slices"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/store"
)

// noon is when these tests stand still.
var noon = logic.MomentOf(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC))

func clock() logic.Moment { return noon }

// operator returns a context of the command line, which fills the sample in.
func operator(t *testing.T) context.Context { return logic.WithViewer(t.Context(), logic.Operator()) }

func openServices(t *testing.T) (*content.Service, *metric.Service) {
	t.Helper()
	opened := openStore(t)
	return content.New(opened.Content(), clock, opened.Keys(), content.Options{}), metric.New(opened.Metric(), clock, opened.Keys(), metric.Options{})
}

func openStore(t *testing.T) *store.Store {
	t.Helper()
	opened, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
	return opened
}

// TestFillGoesOnWhereItEnded interrupts a filling at each of its transactions, has a later one complete it, and finds what one
// that was not interrupted leaves.
func TestFillGoesOnWhereItEnded(t *testing.T) {
	t.Parallel()
	figures := func(metrics *metric.Service) metric.Totals {
		report, err := metrics.Report(operator(t), metric.Range{From: logic.DayOf(noon, time.UTC) - Days, To: logic.DayOf(noon, time.UTC)}, metric.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		totals, err := metrics.Totals(operator(t), report)
		if err != nil {
			t.Fatal(err)
		}
		return totals
	}
	posts, metrics := openServices(t)
	if underWay, err := IsUnderWay(operator(t), metrics); underWay || err != nil {
		t.Errorf("before: under way is %v, %v", underWay, err)
	}
	whole, err := Fill(operator(t), posts, metrics, clock)
	if err != nil {
		t.Fatal(err)
	}
	if underWay, err := IsUnderWay(operator(t), metrics); underWay || err != nil {
		t.Errorf("afterwards: under way is %v, %v", underWay, err)
	}
	want := figures(metrics)
	if again, err := Fill(operator(t), posts, metrics, clock); again.Events != 0 || err != nil || figures(metrics) != want {
		t.Errorf("a second one filled %+v, %v", again, err)
	}

	opened := openStore(t)
	posts = content.New(opened.Content(), clock, opened.Keys(), content.Options{})
	interrupted := 0
	for later := time.Duration(0); ; later += 20 * time.Hour {
		at := func() logic.Moment { return noon.Add(later) }
		ctx, interrupt := context.WithCancel(operator(t))
		calls := 0
		metrics = metric.New(opened.Metric(), func() logic.Moment {
			if calls++; calls > 1 {
				interrupt()
			}
			return at()
		}, opened.Keys(), metric.Options{})
		filled, err := Fill(ctx, posts, metrics, at)
		interrupt()
		if err == nil {
			if filled.Posts != whole.Posts || filled.Events >= whole.Events {
				t.Errorf("the last one filled %+v", filled)
			}
			break
		}
		interrupted++
		if underWay, err := IsUnderWay(operator(t), metrics); !underWay || err != nil {
			t.Fatalf("under way is %v, %v", underWay, err)
		}
	}
	if interrupted < 3 {
		t.Errorf("interrupted %d times", interrupted)
	}
	if got := figures(metric.New(opened.Metric(), clock, opened.Keys(), metric.Options{})); got != want {
		t.Errorf("counted %+v, not %+v", got, want)
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	posts, metrics := openServices(t)
	began := time.Now()
	filled, err := Fill(operator(t), posts, metrics, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v in %v", filled, time.Since(began))
	if filled.Posts < 12 || filled.Events < 15_000 || filled.Events > 30_000 {
		t.Errorf("filled %+v", filled)
	}
	today := logic.DayOf(noon, time.UTC)
	report, err := metrics.Report(operator(t), metric.Range{From: today - 29, To: today}, metric.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	series, err := metrics.Series(operator(t), report, metric.IntervalDay)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Min(series.Views) == 0 {
		t.Errorf("a day without views: %v", series.Views)
	}
	for _, dimension := range []metric.Dimension{metric.DimensionReferrer, metric.DimensionDevice, metric.DimensionBrowser, metric.DimensionOS, metric.DimensionEvent} {
		rows, err := metrics.Top(operator(t), report, dimension, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) < 3 {
			t.Errorf("only %d values of %s: %v", len(rows), dimension, rows)
		}
	}
	top, err := metrics.TopPosts(operator(t), report, 5)
	if err != nil {
		t.Fatal(err)
	}
	if len(top) != 5 || top[0].Views < 2*top[4].Views {
		t.Errorf("no post stands out: %v", top)
	}
	if robots, err := metrics.Robots(operator(t), report); err != nil || robots == 0 {
		t.Errorf("%d robots, %v", robots, err)
	}
}

// TestFillLeavesWorkForWriters finds what readers don't: a draft, a post that is scheduled, and a working copy. A second filling makes none of it
// anew.
func TestFillLeavesWorkForWriters(t *testing.T) {
	t.Parallel()
	posts, metrics := openServices(t)
	for range 2 {
		if _, err := Fill(operator(t), posts, metrics, clock); err != nil {
			t.Fatal(err)
		}
		if err := write(operator(t), posts, clock); err != nil {
			t.Fatal(err)
		}
	}
	for slug, want := range map[string]content.PostStatus{
		draftSlug: content.PostStatusDraft, scheduledSlug: content.PostStatusScheduled, copiedSlug: content.PostStatusPublished,
	} {
		post, err := posts.Post(operator(t), slug)
		if err != nil || post.Status != want || post.HasWorkingCopy() != (slug == copiedSlug) || post.Revision > 2 {
			t.Errorf("%s is %+v, %v", slug, post, err)
		}
		reader, err := posts.Post(logic.WithViewer(t.Context(), logic.Viewer{Limit: logic.AllScopes}), slug)
		if seen := err == nil; seen != (slug == copiedSlug) || seen && reader.Title != "Reading the figures" {
			t.Errorf("a reader sees %+v, %v", reader, err)
		}
	}
}

func TestEventsAreTheSameEachTime(t *testing.T) {
	t.Parallel()
	pages := []page{{"new", "/new", noon.Add(-48 * time.Hour)}, {"old", "/old", noon.Add(-2500 * time.Hour)}, {"later", "/later", noon.Add(time.Hour)}}
	first, second := events(pages, noon, time.UTC), events(pages, noon, time.UTC)
	if !slices.Equal(first, second) {
		t.Error("the same seed made different events")
	}
	if !slices.IsSortedFunc(first, func(a, b metric.Hit) int { return int(a.At - b.At) }) {
		t.Error("events are not in order")
	}
	for _, hit := range first {
		if hit.At > noon {
			t.Fatalf("an event in the future: %+v", hit)
		}
		if hit.PostSlug == "later" || hit.PostSlug == "new" && hit.At < pages[0].published {
			t.Fatalf("a view of a post that was not out: %+v", hit)
		}
	}
	if days := int64(noon-first[0].At) / (24 * 60 * 60 * 1000); days != Days-1 {
		t.Errorf("events go back %d days", days)
	}
}

func TestEventsWithoutPosts(t *testing.T) {
	t.Parallel()
	if hits := events(nil, noon, time.UTC); len(hits) != 0 {
		t.Errorf("%d events", len(hits))
	}
}
