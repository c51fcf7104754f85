package main

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/store"
)

// measured is a store that holds the short data; all benchmarks share it.
var measured *store.Store

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "headwater-bench-")
	if err == nil {
		defer os.RemoveAll(dir)
		if err = fill(context.Background(), dir, short); err == nil {
			measured, err = store.Open(context.Background(), store.Options{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
		}
	}
	if err != nil {
		panic(err)
	}
	defer measured.Close()
	return m.Run()
}

func TestTheDataIsWhatItSaysItIs(t *testing.T) {
	lists := []content.PostList{content.AllPosts}
	query, err := contents().PostQuery(t.Context(), nil, nil, logic.PageArgs{})
	if err != nil {
		t.Fatal(err)
	}
	counts, err := measured.Content().CountPosts(t.Context(), lists, query)
	if err != nil || counts[content.AllPosts] != int64(short.posts) {
		t.Errorf("%d posts, %v; want %d", counts[content.AllPosts], err, short.posts)
	}
	report := lastThirty(t, short.days-1)
	totals, err := metrics().Totals(t.Context(), report)
	if err != nil || totals.Views < int64(short.views*9/10) || totals.Views > int64(short.views) {
		t.Errorf("%d views, %v; want nearly %d", totals.Views, err, short.views)
	}
}

func BenchmarkNewestPosts(b *testing.B) {
	query, err := contents().PostQuery(b.Context(), nil, nil, logic.PageArgs{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		pages, err := contents().PostPages(b.Context(), []content.PostList{content.AllPosts}, query)
		if err != nil || len(pages[content.AllPosts].Items) != 20 {
			b.Fatal(pages, err)
		}
	}
}

func BenchmarkPostBySlug(b *testing.B) {
	for b.Loop() {
		if _, err := contents().Post(b.Context(), slugOf(rand.IntN(short.posts))); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRelated(b *testing.B) {
	post, err := contents().Post(b.Context(), slugOf(short.posts/2))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := contents().Related(b.Context(), []logic.PostID{post.ID}, 3); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkThirtyDays(b *testing.B) {
	report := lastThirty(b, 29)
	for b.Loop() {
		if _, err := metrics().Series(b.Context(), report, metric.IntervalDay); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRecordAlone and BenchmarkRecordTogether tell what committing waiting writes together is worth.
func BenchmarkRecordAlone(b *testing.B) {
	for b.Loop() {
		record(b)
	}
}

func BenchmarkRecordTogether(b *testing.B) {
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			record(b)
		}
	})
}

func record(b *testing.B) {
	path := "/blog/" + slugOf(rand.IntN(short.posts))
	ctx := logic.WithViewer(b.Context(), logic.Viewer{UserAgent: agents[0]})
	if recorded, err := metrics().RecordEvents(ctx, []metric.EventInput{{Path: &path}}); err != nil || recorded.Recorded != 1 {
		b.Error(recorded, err)
	}
}

func contents() *content.Service {
	return content.New(measured.Content(), logic.SystemClock, measured.Keys())
}

func metrics() *metric.Service {
	return metric.New(measured.Metric(), logic.SystemClock, measured.Keys(), metric.Options{})
}

func lastThirty(t testing.TB, days int) metric.Report {
	t.Helper()
	today := logic.DayOf(logic.MomentOf(time.Now()), time.UTC)
	report, err := metrics().Report(t.Context(), metric.Range{From: today - logic.Day(days), To: today}, metric.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}
