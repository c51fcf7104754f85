package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/metric"
)

// The size of what is measured: a site with two million views in 120 days.
const (
	manyPosts = 20_000
	manyViews = 2_000_000
	manyDays  = 120
	firstDay  = logic.Day(20_000)
	firstPath = 10 // the key of the first post's path
)

var manyCounted = sync.OnceValues(func() (*Store, error) {
	dir, err := os.MkdirTemp("", "headwater-metric-")
	if err != nil {
		return nil, err
	}
	s, err := Open(context.Background(), Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	random := rand.New(rand.NewPCG(3, 7))
	for day := range logic.Day(manyDays) {
		views := make([]int64, manyPosts)
		for range manyViews / manyDays {
			views[int(random.ExpFloat64()*manyPosts/5)%manyPosts]++
		}
		if err := s.Metric().Write(context.Background(), func(w metric.Writer) error { return count(w, firstDay+day, views) }); err != nil {
			return nil, err
		}
	}
	err = s.write.exec("PRAGMA wal_checkpoint(TRUNCATE)")
	return s, err
})

// count counts the views of posts on a day, three readers out of four of whom are new ones.
func count(w metric.Writer, day logic.Day, views []int64) error {
	ctx := context.Background()
	var figures []metric.Figure
	var rows []metric.PostRow
	var all metric.Totals
	for post, n := range views {
		if n == 0 {
			continue
		}
		rows = append(rows, metric.PostRow{PostID: postOf(post), Title: fmt.Sprintf("Post %d", post), Views: n})
		t := metric.Totals{Views: n, Visitors: (3*n + 3) / 4, Visits: n, Bounces: n / 2, Seconds: 20 * n}
		all = metric.Totals{Views: all.Views + n, Visitors: all.Visitors + t.Visitors, Visits: all.Visits + n}
		figures = append(figures, metric.Figure{Facet: metric.Facet{Kind: metric.FacetPost, Value: int64(postOf(post))}, Time: int64(day), Totals: t},
			metric.Figure{Facet: metric.Facet{Kind: metric.FacetPath, Value: int64(firstPath + post)}, Time: int64(day), Totals: t})
	}
	figures = append(figures, metric.Figure{Facet: metric.Facet{Kind: metric.FacetTotal}, Time: int64(day), Totals: all})
	if err := w.AddPostViews(ctx, rows); err != nil {
		return err
	}
	if _, err := w.(*writer).exec(ctx, `INSERT INTO metric_value (id, kind, text) SELECT value + ?, 2, '/blog/' || value FROM json_each(?) WHERE true
		ON CONFLICT DO NOTHING`, firstPath, keyList(numbersTo(len(views)))); err != nil {
		return err
	}
	return w.AddFigures(ctx, countedOn(figures))
}

// countedOn returns figures of days as they are added to those alone.
func countedOn(figures []metric.Figure) []metric.Counted {
	counted := make([]metric.Counted, len(figures))
	for i, f := range figures {
		counted[i] = metric.Counted{Facet: f.Facet, Quarter: metric.QuarterOf(logic.Day(f.Time).Start(time.UTC)), Day: logic.Day(f.Time), DayOnly: true, Totals: f.Totals}
	}
	return counted
}

func numbersTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// postOf returns the key of a post: one an hour, as keys are made.
func postOf(post int) logic.PostID {
	return logic.PostID((1_700_000_000_000 + int64(post)*3_600_000) << 20)
}

func benchmarkCounted(b *testing.B, ask func(r metric.Reader, from int64) (int, error)) {
	s, err := manyCounted()
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	b.ReportAllocs()
	before := processTime()
	for b.Loop() {
		if n, err := ask(s.Metric(), int64(firstDay)+random.Int64N(manyDays-30)); err != nil || n == 0 {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(processTime()-before)/float64(b.N), "cpu-ns/op")
}

// processTime returns the processor's time that the process took so far, in nanoseconds: neighbours slow the clock, not this.
func processTime() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func BenchmarkTopPosts(b *testing.B) {
	benchmarkCounted(b, func(r metric.Reader, from int64) (int, error) {
		rows, err := r.TopPosts(b.Context(), metric.Period{From: from, To: from + 29}, 10)
		return len(rows), err
	})
}

func BenchmarkTopPostsOfAll(b *testing.B) {
	benchmarkCounted(b, func(r metric.Reader, from int64) (int, error) {
		rows, err := r.TopPosts(b.Context(), metric.Period{From: int64(firstDay), To: from + 29}, 10)
		return len(rows), err
	})
}

func BenchmarkTopPaths(b *testing.B) {
	benchmarkCounted(b, func(r metric.Reader, from int64) (int, error) {
		rows, err := r.TopValues(b.Context(), metric.FacetPath, metric.Period{From: from, To: from + 29}, 10)
		return len(rows), err
	})
}

func BenchmarkSeriesOfAPost(b *testing.B) {
	post := 0
	benchmarkCounted(b, func(r metric.Reader, from int64) (int, error) {
		post = (post + 1) % 1000
		rows, err := r.FacetFigures(b.Context(), metric.FacetPost, []int64{int64(postOf(post))}, metric.Period{From: from, To: from + 29})
		return len(rows), err
	})
}

// BenchmarkAskForAPost is all that the domain does for thirty days of a post.
func BenchmarkAskForAPost(b *testing.B) {
	s, err := manyCounted()
	if err != nil {
		b.Fatal(err)
	}
	service := metric.New(s.Metric(), func() logic.Moment { return (firstDay + manyDays).Start(time.UTC) }, s.Keys(), metric.Options{})
	post := 0
	ctx := logic.WithViewer(b.Context(), logic.Operator())
	benchmarkCounted(b, func(_ metric.Reader, from int64) (int, error) {
		post = (post + 1) % 1000
		report, err := service.Report(ctx, metric.Range{From: logic.Day(from), To: logic.Day(from + 29)}, metric.Filter{})
		if err != nil {
			return 0, err
		}
		series, err := service.PostSeries(ctx, report, []logic.PostID{postOf(post)}, metric.IntervalDay)
		return len(series[postOf(post)].Views), err
	})
}

func BenchmarkMetricSite(b *testing.B) {
	benchmarkCounted(b, func(r metric.Reader, _ int64) (int, error) {
		_, err := r.MetricSite(b.Context())
		return 1, err
	})
}
