package metric_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"headwater/logic"
	"headwater/logic/metric"
)

// deed is what a reader did, as the model knows it.
type deed struct {
	at             logic.Moment
	who            string
	name           string
	path, referrer string
	post           logic.PostID
}

var (
	postAuthors = map[logic.PostID][]string{firstPost: {"ada"}, secondPost: {"bob", "ada"}}
	postTags    = map[logic.PostID][]string{firstPost: {"red"}, secondPost: {"red", "blue"}}
)

// matches tells whether a deed happened under a filter.
func (d deed) matches(filter metric.Filter) bool {
	return (filter.PostID == nil || *filter.PostID == d.post.ID()) &&
		(filter.Author == nil || slices.Contains(postAuthors[d.post], *filter.Author)) &&
		(filter.Tag == nil || slices.Contains(postTags[d.post], *filter.Tag)) &&
		(filter.Event == nil || *filter.Event == d.name) &&
		(filter.Path == nil || *filter.Path == d.path)
}

// bookings are figures at the moments where they count.
type bookings map[logic.Moment]metric.Totals

// count counts deeds by the definitions alone: per UTC day and reader, sorted by time.
func count(deeds []deed, named bool) bookings {
	booked := bookings{}
	add := func(at logic.Moment, figures metric.Totals) {
		sum := booked[at]
		sum.Views += figures.Views
		sum.Visitors += figures.Visitors
		sum.Visits += figures.Visits
		sum.Bounces += figures.Bounces
		sum.Seconds += figures.Seconds
		sum.Events += figures.Events
		booked[at] = sum
	}
	views := map[string][]logic.Moment{}
	events := map[string][]logic.Moment{}
	for _, d := range deeds {
		key := d.who + d.at.Time().Format(time.DateOnly)
		if d.name == "" {
			views[key] = append(views[key], d.at)
			add(d.at, metric.Totals{Views: 1})
		} else {
			events[key] = append(events[key], d.at)
			add(d.at, metric.Totals{Events: 1})
		}
	}
	if named {
		for _, moments := range events {
			add(slices.Min(moments), metric.Totals{Visitors: 1})
		}
	}
	for _, moments := range views {
		slices.Sort(moments)
		add(moments[0], metric.Totals{Visitors: 1})
		for first, i := 0, 0; i < len(moments); i++ {
			if i+1 < len(moments) && moments[i+1]-moments[i] <= 30*60*1000 {
				continue
			}
			visit := metric.Totals{Visits: 1, Seconds: int64(moments[i]-moments[first]) / 1000}
			if i == first {
				visit.Bounces = 1
			}
			add(moments[first], visit)
			first = i + 1
		}
	}
	return booked
}

// within returns the sum of what counts from one moment to just before another.
func (b bookings) within(from, to logic.Moment) metric.Totals {
	var sum metric.Totals
	for at, figures := range b {
		if at >= from && at < to {
			sum.Views += figures.Views
			sum.Visitors += figures.Visitors
			sum.Visits += figures.Visits
			sum.Bounces += figures.Bounces
			sum.Seconds += figures.Seconds
			sum.Events += figures.Events
		}
	}
	return sum
}

// Whatever readers do, in whichever order it comes and whichever of two processes it comes to, every answer of either at any time, be it
// from days, quarters or single events, equals a count by the definitions.
func TestAnswersEqualACountByTheDefinitions(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, "America/New_York", metric.Options{})
		w.now = at("2026-03-09T12:00:00Z") // clocks in New York went forward on the 8th
		defer w.store.Close()
		other := w.beside()
		defer other.store.Close()
		one := rapid.SampledFrom([]*world{w, other})
		deeds := rapid.SliceOfN(rapid.Custom(drawDeed(w.now)), 1, 40).Draw(rt, "deeds")
		for i, d := range deeds {
			to := one.Draw(rt, "to")
			to.do(d)
			if rapid.IntRange(0, 9).Draw(rt, "prune") == 0 { // which settles what was counted last
				if err := to.Prune(t.Context()); err != nil {
					rt.Fatal(err)
				}
			}
			if i%8 == 7 {
				compare(rt, one.Draw(rt, "by"), deeds[:i+1], fmt.Sprint("after ", i))
			}
		}
		for i := range 4 {
			compare(rt, one.Draw(rt, "by"), deeds, fmt.Sprint(i))
		}
	})
}

func drawDeed(now logic.Moment) func(*rapid.T) deed {
	return func(t *rapid.T) deed {
		// Steps of 25 minutes and some seconds, over three days of few readers, so that views meet in visits and at midnights.
		back := rapid.Int64Range(0, 3*24*60/25).Draw(t, "back")
		d := deed{
			at:       now - logic.Moment(back*25*60_000+rapid.Int64Range(0, 20_000).Draw(t, "off")),
			who:      rapid.SampledFrom([]string{"203.0.113.1", "203.0.113.2", "2001:db8::1"}).Draw(t, "who"),
			name:     rapid.SampledFrom([]string{"", "", "", "join", "leave"}).Draw(t, "name"),
			path:     rapid.SampledFrom([]string{"/", "/a", "/b"}).Draw(t, "path"),
			referrer: rapid.SampledFrom([]string{"", "one.example", "two.example"}).Draw(t, "referrer"),
			post:     rapid.SampledFrom([]logic.PostID{0, firstPost, secondPost}).Draw(t, "post"),
		}
		return d
	}
}

func (w *world) do(d deed) {
	event := metric.EventInput{Path: &d.path, At: &d.at}
	if d.name != "" {
		event.Name = &d.name
	}
	if d.referrer != "" {
		event.Referrer = new("https://www." + d.referrer + "/page")
	}
	if d.post != 0 {
		event.PostID = new(d.post.ID())
	}
	w.mustRecord(w.as(d.who, firefox), event)
}

func drawFilter(t *rapid.T, label string) metric.Filter {
	var filter metric.Filter
	for range rapid.IntRange(0, 2).Draw(t, label+"conditions") {
		switch rapid.IntRange(0, 4).Draw(t, label+"condition") {
		case 0:
			filter.PostID = new(rapid.SampledFrom([]logic.PostID{firstPost, secondPost}).Draw(t, label+"post").ID())
		case 1:
			filter.Author = new(rapid.SampledFrom([]string{"ada", "bob", "nobody"}).Draw(t, label+"author"))
		case 2:
			filter.Tag = new(rapid.SampledFrom([]string{"red", "blue", "none"}).Draw(t, label+"tag"))
		case 3:
			filter.Event = new(rapid.SampledFrom([]string{"join", "leave", "never"}).Draw(t, label+"event"))
		case 4:
			filter.Path = new(rapid.SampledFrom([]string{"/", "/a", "/never"}).Draw(t, label+"path"))
		}
	}
	return filter
}

// compare asks for the figures of a range under a filter and compares the answers with the model's.
func compare(t *rapid.T, w *world, deeds []deed, label string) {
	zones := []string{"America/New_York", "America/Detroit", "Asia/Kolkata", "UTC", "Pacific/Chatham"}
	zoneName := rapid.SampledFrom(zones).Draw(t, label+"zone")
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		t.Fatal(err)
	}
	from := day("2026-03-05") + logic.Day(rapid.IntRange(0, 4).Draw(t, label+"from"))
	to := from + logic.Day(rapid.IntRange(0, 3).Draw(t, label+"days"))
	filter := drawFilter(t, label)
	report, err := w.Report(w.analyst(), metric.Range{From: from, To: to, TimeZone: &zoneName}, filter)
	if err != nil {
		t.Fatal(err)
	}
	matching := slices.DeleteFunc(slices.Clone(deeds), func(d deed) bool { return !d.matches(filter) })
	booked := count(matching, filter.Event != nil)
	start, end := from.Start(zone), (to + 1).Start(zone)

	totals, err := w.Totals(w.analyst(), report)
	if want := booked.within(start, end); err != nil || totals != want {
		t.Fatalf("totals of %+v under %+v: got %+v, %v, want %+v", report.Range, filter, totals, err, want)
	}
	intervals := []metric.Interval{metric.IntervalHour, metric.IntervalDay, metric.IntervalWeek, metric.IntervalMonth}
	if from == to {
		intervals = append(intervals, metric.IntervalMinute)
	}
	for _, interval := range intervals {
		series, err := w.Series(w.analyst(), report, interval)
		if err != nil {
			t.Fatal(err)
		}
		for i, start := range series.Starts {
			next := end
			if i+1 < len(series.Starts) {
				next = series.Starts[i+1]
			}
			want := booked.within(start, next)
			got := metric.Totals{Views: series.Views[i], Visitors: series.Visitors[i], Visits: series.Visits[i], Events: series.Events[i]}
			want.Bounces, want.Seconds = 0, 0
			if got != want {
				t.Fatalf("%s at %s: got %+v, want %+v", interval, start.Time(), got, want)
			}
		}
	}
	for dimension, value := range map[metric.Dimension]func(deed) string{
		metric.DimensionPath:     func(d deed) string { return d.path },
		metric.DimensionReferrer: func(d deed) string { return d.referrer },
		metric.DimensionBrowser:  func(deed) string { return "Firefox" },
		metric.DimensionEvent:    func(d deed) string { return d.name },
	} {
		named := filter.Event != nil || dimension == metric.DimensionEvent
		rows, err := w.Top(w.analyst(), report, dimension, 2)
		if diff := gocmp.Diff(topOf(matching, value, named, dimension == metric.DimensionEvent, start, end), rows); diff != "" || err != nil {
			t.Fatalf("top %s of %+v under %+v: %v\n%s", dimension, report.Range, filter, err, diff)
		}
	}
	for _, id := range []logic.PostID{firstPost, secondPost} {
		viewed := slices.DeleteFunc(slices.Clone(matching), func(d deed) bool { return d.post != id })
		want := count(viewed, false).within(start, end)
		rows, err := w.TopPosts(w.analyst(), report, 2)
		at := slices.IndexFunc(rows, func(row metric.PostRow) bool { return row.PostID == id })
		if err != nil || (at >= 0) != (want.Views > 0) || at >= 0 && (rows[at].Views != want.Views || rows[at].Visitors != want.Visitors) {
			t.Fatalf("posts of %+v under %+v: got %+v, %v, want %d of %+v", report.Range, filter, rows, err, id, want)
		}
	}
}

// topOf returns the model's first two rows of a list.
func topOf(deeds []deed, value func(deed) string, named, namedOnly bool, start, end logic.Moment) []metric.Row {
	byValue := map[string][]deed{}
	for _, d := range deeds {
		if !namedOnly || d.name != "" {
			byValue[value(d)] = append(byValue[value(d)], d)
		}
	}
	var rows []metric.Row
	for value, deeds := range byValue {
		totals := count(deeds, named).within(start, end)
		if totals.Views > 0 || totals.Events > 0 {
			rows = append(rows, metric.Row{Value: value, Views: totals.Views, Visitors: totals.Visitors, Events: totals.Events})
		}
	}
	slices.SortFunc(rows, func(a, b metric.Row) int {
		return cmp.Or(cmp.Compare(b.Views, a.Views), cmp.Compare(b.Events, a.Events), cmp.Compare(a.Value, b.Value))
	})
	return rows[:min(2, len(rows))]
}
