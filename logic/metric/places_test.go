package metric_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/metric"
)

// A stranger who makes up paths, hosts and names takes few of a day's places, whichever program and neighbour's address he
// takes; posts have places of their own, and every filter stays exact or is refused.
func TestAStrangerLeavesPlaces(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{MaxValues: 7, MaxNew: 2})
	for i, address := range []string{"2001:db8::1", "2001:db8::2", "2001:db8:0:0:1::"} {
		event := view(fmt.Sprintf("/made-up-%d", i), "2026-06-15T10:00:00Z")
		event.Name, event.Referrer = new(fmt.Sprintf("name %d", i)), new(fmt.Sprintf("https://host-%d.example/", i))
		w.mustRecord(w.as(address, []string{firefox, iPhone, firefox}[i]), event)
	}
	w.mustRecord(w.as("2001:db8::1", firefox), view("/late", "2026-06-15T10:01:00Z"), view("/blog/first", "2026-06-15T10:02:00Z"))
	reader := w.as("203.0.113.9", firefox)
	w.mustRecord(reader, view("/late", "2026-06-15T10:03:00Z"), view("/about", "2026-06-15T10:04:00Z"))
	for i, post := range []logic.PostID{firstPost, secondPost} {
		event := view("/blog/"+[]string{"first", "second"}[i], "2026-06-15T10:05:00Z")
		event.PostID = new(post.ID())
		w.mustRecord(w.as("2001:db8::1", firefox), event)
	}
	report := w.mustReport("2026-06-15", "2026-06-15", metric.Filter{})
	for dimension, want := range map[metric.Dimension][]metric.Row{
		metric.DimensionPath: {
			{Value: "(other)", Views: 2, Visitors: 1, Events: 1},
			{Value: "/about", Views: 1, Visitors: 1}, {Value: "/blog/first", Views: 1, Visitors: 1},
			{Value: "/blog/second", Views: 1, Visitors: 1}, {Value: "/late", Views: 1, Visitors: 1},
			{Value: "/made-up-0", Events: 1}, {Value: "/made-up-1", Events: 1},
		},
		metric.DimensionReferrer: {
			{Value: "", Views: 6, Visitors: 2}, {Value: "(other)", Events: 1}, {Value: "host-0.example", Events: 1}, {Value: "host-1.example", Events: 1},
		},
		metric.DimensionEvent: {
			{Value: "(other)", Visitors: 1, Events: 1}, {Value: "name 0", Visitors: 1, Events: 1}, {Value: "name 1", Visitors: 1, Events: 1},
		},
	} {
		got, err := w.Top(w.analyst(), report, dimension, 10)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", dimension, err, diff)
		}
	}
	views := func(path string) int64 {
		return w.mustTotals(w.mustReport("2026-06-15", "2026-06-15", metric.Filter{Path: &path})).Views
	}
	for path, want := range map[string]int64{"/late": 2, "/blog/first": 2, "/blog/second": 1, "/about": 1, "/made-up-0": 0} {
		if got := views(path); got != want {
			t.Errorf("%s has %d views, want %d", path, got, want)
		}
	}
	w.now = at("2026-09-15T12:00:00Z")
	for _, path := range []string{"/late", "/blog/first"} {
		_, err := w.Report(w.analyst(), metric.Range{From: day("2026-06-15"), To: day("2026-06-15")}, metric.Filter{Path: &path})
		if logic.CodeOf(err) != logic.CodeInvalid {
			t.Errorf("%s, which had no place at first, was answered from days: %v", path, err)
		}
	}
	if got := views("/made-up-0"); got != 0 {
		t.Errorf("%d views", got)
	}
}

// What a log holds is the owner's, and takes as many places as there are; posts' own paths find one behind them too.
func TestALogTakesEveryPlace(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{MaxValues: 3, MaxNew: 1})
	var hits []metric.Hit
	for i := range 4 {
		hits = append(hits, hit(fmt.Sprintf("/%d", i), "2026-06-15T10:00:00Z"))
	}
	post := hit("/blog/first", "2026-06-15T10:00:00Z")
	post.PostSlug = "first"
	w.mustImport(0, metric.ImportMark{Log: "log", Offset: 1}, append(hits, post)...)
	got, err := w.Top(w.analyst(), w.mustReport("2026-06-15", "2026-06-15", metric.Filter{}), metric.DimensionPath, 10)
	var paths []string
	for _, row := range got {
		paths = append(paths, row.Value)
	}
	if diff := cmp.Diff([]string{"(other)", "/0", "/1", "/2", "/blog/first"}, paths); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}
