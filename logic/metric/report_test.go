package metric_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/metric"
)

func TestReportRefusals(t *testing.T) {
	w := newWorld(t, "America/New_York", metric.Options{MaxValues: 2})
	for i := range 4 { // on one day there are more paths than places
		w.mustRecord(w.as("203.0.113.9", firefox), view(fmt.Sprintf("/%d", i), "2026-06-10T12:00:00Z"))
	}
	w.now = at("2026-07-20T12:00:00Z") // single events from 20 June on, quarters from 15 June on
	post := firstPost.ID()
	two := metric.Filter{PostID: &post, Tag: new("red")}
	tests := map[string]struct {
		reason           string
		from, to         string
		zone             *string
		filter           metric.Filter
		interval         metric.Interval
		field, message   string
		dimension        metric.Dimension
		topPosts, report bool
	}{
		"backwards":      {"a range begins before it ends", "2026-07-02", "2026-07-01", nil, metric.Filter{}, "", "range.to", "before it begins", "", false, true},
		"three years":    {"three years are the most", "2023-07-02", "2026-07-02", nil, metric.Filter{}, "", "range.to", "at most 3 years", "", false, true},
		"no zone":        {"zones have IANA names", "2026-07-01", "2026-07-02", new("Moon/Sea"), metric.Filter{}, "", "range.timeZone", "no such time zone", "", false, true},
		"zone twice":     {"one zone has one name", "2026-07-01", "2026-07-02", new("America////New_York"), metric.Filter{}, "", "range.timeZone", "no such time zone", "", false, true},
		"machine's zone": {"the server's own zone is nobody's business", "2026-07-01", "2026-07-02", new("Local"), metric.Filter{}, "", "range.timeZone", "no such time zone", "", false, true},
		"a file":         {"a zone is no path", "2026-07-01", "2026-07-02", new("../../etc/passwd"), metric.Filter{}, "", "range.timeZone", "no such time zone", "", false, true},
		"path":           {"paths are paths", "2026-07-01", "2026-07-02", nil, metric.Filter{Path: new("x")}, "", "filter.path", "begins with", "", false, true},
		"event":          {"an event has a name", "2026-07-01", "2026-07-02", nil, metric.Filter{Event: new("")}, "", "filter.event", "not empty", "", false, true},
		"foreign zone":   {"quarters are gone", "2026-06-14", "2026-07-02", new("Asia/Kolkata"), metric.Filter{}, "", "range.from", "from 2026-06-16 on", "", false, true},
		"two conditions": {"single events are gone", "2026-06-19", "2026-07-02", nil, two, "", "range.from", "from 2026-06-20 on", "", false, true},
		"no place":       {"the path had no place, and single events are gone", "2026-06-10", "2026-06-11", nil, metric.Filter{Path: new("/3")}, "", "range.from", "too many different values", "", false, true},
		"never seen":     {"it may be among the others", "2026-06-10", "2026-06-11", nil, metric.Filter{Path: new("/never")}, "", "range.from", "too many different values", "", false, true},
		"old hours":      {"quarters are gone", "2026-06-14", "2026-06-14", nil, metric.Filter{}, metric.IntervalHour, "interval", "from 2026-06-15 on", "", false, false},
		"many hours":     {"too long a list", "2026-06-14", "2026-07-19", nil, metric.Filter{}, metric.IntervalHour, "interval", "at most 35 days", "", false, false},
		"many minutes":   {"too long a list", "2026-07-18", "2026-07-19", nil, metric.Filter{}, metric.IntervalMinute, "interval", "one day", "", false, false},
		"old minutes":    {"single events are gone", "2026-06-14", "2026-06-14", nil, metric.Filter{}, metric.IntervalMinute, "interval", "from 2026-06-20 on", "", false, false},
		"odd interval":   {"there is none", "2026-07-18", "2026-07-19", nil, metric.Filter{}, "DECADE", "interval", "no such interval", "", false, false},
		"filtered top":   {"a list under a filter is two conditions", "2026-06-14", "2026-07-19", nil, metric.Filter{PostID: &post}, "", "range.from", "single events", metric.DimensionPath, false, false},
		"odd dimension":  {"there is none", "2026-07-18", "2026-07-19", nil, metric.Filter{}, "", "dimension", "no such dimension", "COLOUR", false, false},
		"filtered posts": {"a list under a filter is two conditions", "2026-06-14", "2026-07-19", nil, metric.Filter{Tag: new("red")}, "", "range.from", "single events", "", true, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			report, err := w.Report(w.analyst(), metric.Range{From: day(test.from), To: day(test.to), TimeZone: test.zone}, test.filter)
			if err != nil && !test.report {
				t.Fatal(err)
			}
			switch {
			case test.interval != "":
				_, err = w.Series(w.analyst(), report, test.interval)
			case test.dimension != "":
				_, err = w.Top(w.analyst(), report, test.dimension, 10)
			case test.topPosts:
				_, err = w.TopPosts(w.analyst(), report, 10)
			}
			fault, ok := errors.AsType[*logic.Error](err)
			if faults, many := errors.AsType[logic.Faults](err); many {
				fault, ok = faults[0], true
			}
			if !ok {
				t.Fatalf("got %v: %s", err, test.reason)
			}
			known := fault.Code == logic.CodeInvalid || fault.Code == logic.CodeRequired
			if !known || strings.Join(fault.Field, ".") != test.field || !strings.Contains(fault.Message, test.message) {
				t.Errorf("got %s %v %q, want %s with %q: %s", fault.Code, fault.Field, fault.Message, test.field, test.message, test.reason)
			}
		})
	}
	for _, first := range []int{0, -1, 101} {
		report := w.mustReport("2026-07-01", "2026-07-02", metric.Filter{})
		if _, err := w.Top(w.analyst(), report, metric.DimensionPath, first); logic.CodeOf(err) != logic.CodeInvalid {
			t.Errorf("first %d: %v", first, err)
		}
		if _, err := w.TopPosts(w.analyst(), report, first); logic.CodeOf(err) != logic.CodeInvalid {
			t.Errorf("first %d: %v", first, err)
		}
	}
}

func TestValuesBeyondTheDaysPlaces(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{MaxValues: 2})
	reader := w.as("203.0.113.9", firefox)
	for _, path := range []string{"/a", "/b", "/c", "/d", "/c", "/a"} {
		w.mustRecord(reader, view(path, "2026-06-14T12:00:00Z"))
	}
	w.mustRecord(reader, view("/c", "2026-06-15T10:00:00Z"))
	report := w.mustReport("2026-06-14", "2026-06-14", metric.Filter{})
	rows, err := w.Top(w.analyst(), report, metric.DimensionPath, 10)
	want := []metric.Row{{Value: "(other)", Views: 3, Visitors: 1}, {Value: "/a", Views: 2, Visitors: 1}, {Value: "/b", Views: 1, Visitors: 1}}
	if diff := cmp.Diff(want, rows); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	for path, views := range map[string]int64{"/a": 2, "/b": 1, "/c": 3, "/d": 1, "/e": 0} { // from single events where there was no place
		report := w.mustReport("2026-06-14", "2026-06-15", metric.Filter{Path: &path})
		if got := w.mustTotals(report).Views; got != views {
			t.Errorf("%s: %d views, want %d", path, got, views)
		}
	}
}

func TestDaysOfOtherZones(t *testing.T) {
	w := newWorld(t, "America/New_York", metric.Options{})
	w.now = at("2026-11-02T12:00:00Z")
	w.mustRecord(w.as("203.0.113.9", firefox),
		view("/", "2026-11-01T03:59:59Z"), // 31 October 23:59:59 in New York, 1 November 9:29:59 in Kolkata
		view("/", "2026-11-01T05:30:00Z"), // 1:30, for the first time
		view("/", "2026-11-01T06:30:00Z"), // 1:30, for the second time: clocks went back
		view("/", "2026-11-01T18:29:59Z"), // 1 November 23:59:59 in Kolkata
		view("/", "2026-11-01T18:30:00Z"), // 2 November 0:00 in Kolkata
	)
	series := func(zone *string, from, to string, interval metric.Interval) metric.Series {
		report, err := w.Report(w.analyst(), metric.Range{From: day(from), To: day(to), TimeZone: zone}, metric.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		series, err := w.Series(w.analyst(), report, interval)
		if err != nil {
			t.Fatal(err)
		}
		return series
	}
	if got, want := series(nil, "2026-10-31", "2026-11-01", metric.IntervalDay).Views, []int64{1, 4}; !slices.Equal(got, want) {
		t.Errorf("New York: got %v, want %v", got, want)
	}
	if got, want := series(new("Asia/Kolkata"), "2026-11-01", "2026-11-02", metric.IntervalDay).Views, []int64{4, 1}; !slices.Equal(got, want) {
		t.Errorf("Kolkata: got %v, want %v", got, want)
	}
	hours := series(nil, "2026-11-01", "2026-11-01", metric.IntervalHour)
	if len(hours.Starts) != 25 || hours.Views[1] != 1 || hours.Views[2] != 1 {
		t.Errorf("the day on which clocks go back has %d hours: %v", len(hours.Starts), hours.Views)
	}
	// Detroit's days begin with New York's, so they are answered from New York's, however old.
	w.now = at("2027-11-02T12:00:00Z")
	if got, want := series(new("America/Detroit"), "2026-10-31", "2026-11-01", metric.IntervalDay).Views, []int64{1, 4}; !slices.Equal(got, want) {
		t.Errorf("Detroit: got %v, want %v", got, want)
	}
}

func TestPreviousAndDataFrom(t *testing.T) {
	w := newWorld(t, "America/New_York", metric.Options{})
	if got, want := w.mustReport("2026-06-01", "2026-06-15", metric.Filter{}).DataFrom, at("2026-06-15T04:00:00Z"); got != want {
		t.Errorf("with nothing counted figures are kept from %s on, want %s", got.Time(), want.Time())
	}
	reader := w.as("203.0.113.9", firefox)
	w.mustRecord(reader, view("/", "2026-06-09T12:00:00Z"), view("/", "2026-06-12T12:00:00Z"), view("/", "2026-06-14T12:00:00Z"))
	report := w.mustReport("2026-06-12", "2026-06-14", metric.Filter{})
	if want := at("2026-06-09T04:00:00Z"); report.DataFrom != want {
		t.Errorf("figures are kept from %s on, want %s", report.DataFrom.Time(), want.Time())
	}
	previous, ok, err := w.Previous(w.analyst(), report)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if got := w.mustTotals(previous).Views; previous.Range.From != day("2026-06-09") || previous.Range.To != day("2026-06-11") || got != 1 {
		t.Errorf("the range before is %s to %s with %d views", previous.Range.From, previous.Range.To, got)
	}
	if _, ok, err := w.Previous(w.analyst(), previous); ok || err != nil {
		t.Errorf("there is a range before anything was counted: %v", err)
	}
	if report.ID() == previous.ID() || report.ID() != w.mustReport("2026-06-12", "2026-06-14", metric.Filter{}).ID() {
		t.Error("an ID does not tell the same from another")
	}
	// Of another zone, what lies before the quarters that are kept can't be compared.
	w.now = at("2026-07-18T12:00:00Z")
	zone := "Asia/Tokyo"
	report, err = w.Report(w.analyst(), metric.Range{From: day("2026-06-15"), To: day("2026-07-01"), TimeZone: &zone}, metric.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if want := at("2026-06-13T00:00:00Z"); report.DataFrom != want {
		t.Errorf("figures are kept from %s on, want %s", report.DataFrom.Time(), want.Time())
	}
	if _, ok, err := w.Previous(w.analyst(), report); ok || err != nil {
		t.Errorf("a range is compared with one that is not kept: %v", err)
	}
}

// What a page of posts asks for comes from as many statements as for one.
func TestPostsAreAnsweredTogether(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{})
	reader := w.as("203.0.113.9", firefox)
	first, second := firstPost.ID(), secondPost.ID()
	away := "https://news.example/"
	w.mustRecord(reader,
		metric.EventInput{PostID: &first, Referrer: &away, At: new(at("2026-06-14T10:00:00Z"))},
		metric.EventInput{PostID: &second, At: new(at("2026-06-14T10:01:00Z"))},
		metric.EventInput{PostID: &second, At: new(at("2026-06-15T10:01:00Z"))},
	)
	posts := []logic.PostID{firstPost, secondPost, draftPost}
	for i := range 17 {
		posts = append(posts, logic.PostID(1000+i))
	}
	before := w.store.Statements()
	report := w.mustReport("2026-06-14", "2026-06-15", metric.Filter{})
	totals, err := w.PostTotals(w.analyst(), report, posts)
	if err != nil || totals[firstPost].Views != 1 || totals[secondPost].Visitors != 2 || len(totals) != len(posts) {
		t.Errorf("%v %v", totals, err)
	}
	series, err := w.PostSeries(w.analyst(), report, posts, metric.IntervalDay)
	if err != nil || !slices.Equal(series[secondPost].Views, []int64{1, 1}) || !slices.Equal(series[draftPost].Views, []int64{0, 0}) {
		t.Errorf("%v %v", series, err)
	}
	referrers, err := w.PostReferrers(w.analyst(), report, posts, 3)
	want := []metric.Row{{Value: "news.example", Views: 1, Visitors: 1}}
	if diff := cmp.Diff(want, referrers[firstPost]); diff != "" || err != nil || referrers[secondPost][0].Views != 2 {
		t.Errorf("%v %v", referrers, err)
	}
	if got := w.store.Statements() - before; got != 4 {
		t.Errorf("%d statements, want 4", got)
	}
	a, b := metric.PostReport{Report: report, PostID: firstPost}, metric.PostReport{Report: report, PostID: secondPost}
	if a.ID() == b.ID() || a.ID().Kind != logic.KindPostMetrics {
		t.Errorf("%v and %v", a.ID(), b.ID())
	}
}
