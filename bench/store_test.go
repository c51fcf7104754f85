package main

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/store"
)

// measured is a store that holds the short data; all benchmarks share it.
var measured *store.Store

func TestMain(m *testing.M) {
	os.Exit(runWithData(m))
}

func runWithData(m *testing.M) int {
	dir, err := os.MkdirTemp("", "headwater-bench-")
	if err == nil {
		defer os.RemoveAll(dir)
		if err = fill(context.Background(), dir, short, time.Now().UTC().Truncate(24*time.Hour)); err == nil {
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
	query, err := contents().PostQuery(asOperator(t), nil, nil, logic.PageArgs{})
	if err != nil {
		t.Fatal(err)
	}
	counts, err := measured.Content().CountPosts(asOperator(t), lists, query)
	if err != nil || counts[content.AllPosts] != int64(short.posts) {
		t.Errorf("%d posts, %v; want %d", counts[content.AllPosts], err, short.posts)
	}
	report := lastThirty(t, short.days-1)
	totals, err := metrics().Totals(asOperator(t), report)
	if err != nil || totals.Views < int64(short.views*9/10) || totals.Views > int64(short.views) {
		t.Errorf("%d views, %v; want nearly %d", totals.Views, err, short.views)
	}
}

func BenchmarkNewestPosts(b *testing.B) {
	ctx := asOperator(b)
	query, err := contents().PostQuery(ctx, nil, nil, logic.PageArgs{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		pages, err := contents().PostPages(ctx, []content.PostList{content.AllPosts}, query)
		if err != nil || len(pages[content.AllPosts].Items) != 20 {
			b.Fatal(pages, err)
		}
	}
}

func BenchmarkPostBySlug(b *testing.B) {
	ctx := asOperator(b)
	for b.Loop() {
		if _, err := contents().Post(ctx, slugOf(rand.IntN(short.posts))); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRelated(b *testing.B) {
	ctx := asOperator(b)
	post, err := contents().Post(ctx, slugOf(short.posts/2))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := contents().Related(ctx, []logic.PostID{post.ID}, 3); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkThirtyDays(b *testing.B) {
	ctx := asOperator(b)
	report := lastThirty(b, 29)
	for b.Loop() {
		if _, err := metrics().Series(ctx, report, metric.IntervalDay); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRecordAlone and BenchmarkRecordTogether tell what committing waiting writes together is worth.
func BenchmarkRecordAlone(b *testing.B) {
	for b.Loop() {
		recordView(b)
	}
}

func BenchmarkRecordTogether(b *testing.B) {
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			recordView(b)
		}
	})
}

func recordView(b *testing.B) {
	path := "/blog/" + slugOf(rand.IntN(short.posts))
	ctx := logic.WithViewer(b.Context(), logic.Viewer{UserAgent: agents[0], Limit: logic.AllScopes})
	if recorded, err := metrics().RecordEvents(ctx, []metric.EventInput{{Path: &path}}); err != nil || recorded.Recorded != 1 {
		b.Error(recorded, err)
	}
}

// asOperator returns a context in which everything may be read.
func asOperator(t testing.TB) context.Context { return logic.WithViewer(t.Context(), logic.Operator()) }

func contents() *content.Service {
	return content.New(measured.Content(), logic.SystemClock, measured.Keys(), content.Options{})
}

func metrics() *metric.Service {
	return metric.New(measured.Metric(), logic.SystemClock, measured.Keys(), metric.Options{})
}

func lastThirty(t testing.TB, days int) metric.Report {
	t.Helper()
	today := logic.DayOf(logic.MomentOf(time.Now()), time.UTC)
	report, err := metrics().Report(asOperator(t), metric.Range{From: today - logic.Day(days), To: today}, metric.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func accounts() *account.Service {
	return account.New(measured.Account(), logic.SystemClock, measured.Keys(), account.Options{})
}
