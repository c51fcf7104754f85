package store

import (
	"cmp"
	"fmt"
	"math"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"headwater/logic"
	"headwater/logic/metric"
)

func drawRecent(t *rapid.T) recent {
	small := rapid.Int64Range(-200, 200)
	r := recent{Counted: metric.Counted{
		Facet:   metric.Facet{Kind: metric.FacetKind(rapid.IntRange(0, 9).Draw(t, "kind")), Value: rapid.Int64().Draw(t, "value")},
		Quarter: metric.Quarter(rapid.Int64Range(-1e6, 1e7).Draw(t, "quarter")),
		DayOnly: rapid.Bool().Draw(t, "day only"),
		Totals: metric.Totals{
			Views: small.Draw(t, "views"), Visitors: small.Draw(t, "visitors"), Visits: rapid.Int64().Draw(t, "visits"),
			Bounces: small.Draw(t, "bounces"), Seconds: rapid.Int64Range(math.MinInt32, math.MaxInt32).Draw(t, "seconds"), Events: small.Draw(t, "events"),
		},
	}}
	r.Day = utcDayOf(r.Quarter) + logic.Day(rapid.IntRange(-1, 1).Draw(t, "day"))
	if r.number = r.Facet.Value; r.Facet.Kind == metric.FacetPost {
		r.number = rapid.Int64Range(1, math.MaxInt64).Draw(t, "number")
	}
	return r
}

// What was written is read as it was; what breaks off is refused, or is what stood there before.
func TestRecentFiguresAreReadAsTheyWere(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := rapid.SliceOfN(rapid.Custom(drawRecent), 0, 20).Draw(rt, "recent")
		var code []byte
		for _, r := range want {
			code = appendRecent(code, r)
		}
		read := func(code []byte) (list []recent, err error) {
			err = eachRecent(code, nil, func(r recent) { list = append(list, r) })
			return list, err
		}
		if got, err := read(code); err != nil || !slices.Equal(got, want) {
			rt.Fatalf("got %+v, %v, want %+v", got, err, want)
		}
		if len(code) == 0 {
			return
		}
		cut := rapid.IntRange(0, len(code)-1).Draw(rt, "cut")
		if got, err := read(code[:cut]); len(got) >= len(want) || !slices.Equal(got, want[:len(got)]) || err == nil && len(code[:cut]) > 0 && len(got) == 0 {
			rt.Fatalf("%d of %d bytes are read as %+v, %v", cut, len(code), got, err)
		}
	})
}

// everyFigure returns what is answered from what events of some posts and paths make, and what archives hold of it.
func everyFigure(t *testing.T, s *Store) map[string]any {
	t.Helper()
	ctx, r := t.Context(), s.Metric()
	all := map[string]any{}
	keep := func(name string, value any, err error) {
		if err != nil {
			t.Fatal(name, err)
		}
		all[name] = value
	}
	for _, byQuarter := range []bool{false, true} {
		period := metric.Period{ByQuarter: byQuarter, From: 0, To: 4_000_000}
		if byQuarter {
			period.From, period.To = int64(metric.QuarterOf(testNow))-200, int64(metric.QuarterOf(testNow))
		} else {
			period.From, period.To = int64(logic.DayOf(testNow, time.UTC))-3, int64(logic.DayOf(testNow, time.UTC))
		}
		for kind := range metric.FacetKinds() {
			values := []int64{0, 2, 3, 4, 5, 6, 7, 8, int64(firstPost), int64(firstPost) + 1}
			totals, err := r.FacetTotals(ctx, kind, values, period)
			keep(fmt.Sprint("totals of ", kind, byQuarter), totals, err)
			figures, err := r.FacetFigures(ctx, kind, values, period)
			sums := map[string]metric.Totals{}
			for _, f := range figures {
				at := fmt.Sprint(f.Facet, f.Time)
				sums[at] = sums[at].Plus(f.Totals)
			}
			keep(fmt.Sprint("figures of ", kind, byQuarter), sums, err)
			if kind > metric.FacetPost && kind <= metric.FacetEvent {
				top, err := r.TopValues(ctx, kind, period, 10)
				keep(fmt.Sprint("top of ", kind, byQuarter), top, err)
			}
		}
		posts, err := r.TopPosts(ctx, period, 10)
		keep(fmt.Sprint("posts ", byQuarter), posts, err)
	}
	for name, posts := range map[string][]logic.PostID{"all": nil, "no post": {0}, "posts": {0, firstPost}} {
		var events []metric.RawEvent
		err := r.RawEvents(ctx, metric.RawQuery{ToDay: 100_000, PostIDs: posts, Text: metric.FacetReferrer}, func(event metric.RawEvent) error {
			events = append(events, event)
			return nil
		})
		left := map[metric.DayVisitor]bool{}
		for i, event := range events {
			if i > 0 && event.Visitor != events[i-1].Visitor {
				left[events[i-1].Visitor] = true
			}
			if left[event.Visitor] {
				t.Errorf("single events of %s are not handed over visitor by visitor", name)
			}
		}
		slices.SortFunc(events, func(a, b metric.RawEvent) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		keep("single events of "+name, events, err)
	}
	for _, table := range []metric.Table{metric.TableDays, metric.TableQuarters, metric.TableEvents} {
		var rows []string
		err := r.ArchivedRows(ctx, table, func(row []byte) error { rows = append(rows, string(row)); return nil })
		keep("archive of "+string(table), rows, err)
	}
	return all
}

// rowsThatWait returns how many rows wait to be added.
func rowsThatWait(t *testing.T, s *Store) int {
	return mustGet[int](t, s, `SELECT COUNT(*) FROM metric_recent`)
}

// countSome counts some events, of which the last ones wait to be added.
func countSome(t *testing.T, s *Store) {
	t.Helper()
	now := testNow
	service := metric.New(s.Metric(), func() logic.Moment { return now }, s.Keys(), metric.Options{})
	for i := range 40 {
		now = testNow - logic.Moment(40-i)*40*60_000
		path, name := fmt.Sprint("/", i%3), "join"
		event := metric.EventInput{Path: &path, At: &now}
		if i%4 == 0 {
			event.Name = &name
		}
		ctx := logic.WithViewer(t.Context(), logic.Viewer{
			Limit: logic.AllScopes, Address: netip.AddrFrom4([4]byte{203, 0, 113, byte(i % 5)}), UserAgent: testFirefox,
		})
		if _, err := service.RecordEvents(ctx, []metric.EventInput{event}); err != nil {
			t.Fatal(err)
		}
	}
	if rowsThatWait(t, s) == 0 {
		t.Fatal("nothing waits to be added")
	}
}

// Nothing is answered otherwise before what was counted last is added to the rest than behind, nor while the figures of days that are over
// are moved, and archives hold the same.
func TestSettlingChangesNoAnswer(t *testing.T) {
	s, _ := randomBlog(t)
	countSome(t, s)
	before := everyFigure(t, s)
	mustWrite(t, s, func(w *writer) error { return w.settle(t.Context(), nil, addTodayFigures) })
	if rowsThatWait(t, s) != 0 {
		t.Error("something still waits")
	}
	mustAnswer := func() {
		if diff := gocmp.Diff(before, everyFigure(t, s)); diff != "" {
			t.Fatal(diff)
		}
	}
	mustAnswer()
	today := mustGet[logic.Day](t, s, `SELECT MAX(day) FROM metric_today`)
	for more, left := true, daysThatAreMoved(t, s); more; {
		mustWrite(t, s, func(w *writer) (err error) { more, err = w.MoveDays(t.Context(), today, 3); return err })
		now := daysThatAreMoved(t, s)
		if more && now != left-3 {
			t.Errorf("%d of %d figures of days are left", now, left)
		}
		left = now
		mustAnswer()
	}
	if over := mustGet[int](t, s, `SELECT COUNT(*) FROM metric_today WHERE day < ?`, today); over != 0 || daysThatAreMoved(t, s) == 0 {
		t.Errorf("%d figures of days that are over are left, of %d", over, daysThatAreMoved(t, s))
	}
	mustWrite(t, s, func(w *writer) error { return w.SumDays(t.Context()) })
	if daysThatAreMoved(t, s) != 0 {
		t.Error("running sums were made without figures that are to be moved")
	}
	mustAnswer()
}

// Nor is anything while single events are moved, of which those that come meanwhile stay.
func TestMovingEventsChangesNoAnswer(t *testing.T) {
	s, _ := randomBlog(t)
	countSome(t, s)
	before := everyFigure(t, s)
	apart := func() int { return mustGet[int](t, s, `SELECT COUNT(*) FROM metric_event_recent`) }
	last := mustGet[int64](t, s, `SELECT MAX(id) FROM metric_event_recent`)
	for more, left := true, apart(); more; {
		mustWrite(t, s, func(w *writer) (err error) { more, err = w.MoveEvents(t.Context(), last, 7); return err })
		now := apart()
		if more && now != left-7 {
			t.Errorf("%d of %d single events are left", now, left)
		}
		left = now
		if diff := gocmp.Diff(before, everyFigure(t, s)); diff != "" {
			t.Fatal(diff)
		}
	}
	if apart() != 1 {
		t.Errorf("%d single events are left", apart())
	}
}

// daysThatAreMoved returns how many figures of days are to be moved once the day is over.
func daysThatAreMoved(t *testing.T, s *Store) int {
	return mustGet[int](t, s, `SELECT COUNT(*) FROM metric_today`)
}

// What waits never grows beyond its bound, however much is counted at once.
func TestWhatWaitsIsBounded(t *testing.T) {
	s := openTest(t)
	want := map[metric.Facet]int64{}
	for call := range 60 {
		var counted []metric.Counted
		for value := range 1 + call*call%97 {
			c := metric.Counted{Facet: metric.Facet{Kind: metric.FacetTag, Value: int64(value)}, Quarter: 96 * 20_000, Day: 20_000, Totals: metric.Totals{Views: 1}}
			counted = append(counted, c)
			want[c.Facet]++
		}
		mustWrite(t, s, func(w *writer) error { return w.AddFigures(t.Context(), counted) })
		if size := mustGet[int](t, s, `SELECT COALESCE(SUM(length(counted)), 0) FROM metric_recent`); size > maxRecent {
			t.Fatalf("%d bytes wait", size)
		}
	}
	for facet, views := range want {
		totals, err := s.Metric().FacetTotals(t.Context(), facet.Kind, []int64{facet.Value}, metric.Period{From: 20_000, To: 20_000})
		if err != nil || totals[facet.Value].Views != views {
			t.Errorf("%v has %+v, %v, want %d", facet, totals, err, views)
		}
	}
}

// lastByValue is the newest database whose figures stand in the order of values.
const lastByValue = 11

// The figures of a database that an older program wrote are those of this one, and so are its lists, whatever waited to be added to them.
func TestFiguresOfAnOlderDatabaseAreKept(t *testing.T) {
	dir := t.TempDir()
	fillOlder(t, dir, lastByValue, `
		INSERT INTO metric_value VALUES (2, 2, '/one'), (3, 2, '/two');
		INSERT INTO metric_day VALUES (0, 0, 20000, 5, 4, 4, 3, 60, 1), (2, 2, 20000, 3, 2, 2, 1, 40, 1), (2, 3, 20000, 2, 2, 2, 2, 20, 0), (2, 3, 20001, 4, 1, 1, 0, 9, 0);
		INSERT INTO metric_quarter VALUES (2, 2, 1920001, 3, 2, 2, 1, 40, 1);
		INSERT INTO metric_sum VALUES (2, 20000, x'020302');
		UPDATE metric_change SET changes = x'00'`)
	s := openIn(t, dir)
	rows, err := s.Metric().TopValues(t.Context(), metric.FacetPath, metric.Period{From: 20_000, To: 20_001}, 10)
	want := []metric.Row{{Value: "/two", Views: 6, Visitors: 3}, {Value: "/one", Views: 3, Visitors: 2, Events: 1}}
	if diff := gocmp.Diff(want, rows); diff != "" || err != nil {
		t.Error(err, diff)
	}
	for period, want := range map[metric.Period]metric.Totals{
		{From: 20_000, To: 20_001}:                        {Views: 3, Visitors: 2, Visits: 2, Bounces: 1, Seconds: 40, Events: 1},
		{ByQuarter: true, From: 1_920_000, To: 1_920_002}: {Views: 3, Visitors: 2, Visits: 2, Bounces: 1, Seconds: 40, Events: 1},
		{ByQuarter: true, From: 1_920_002, To: 1_920_009}: {},
	} {
		totals, err := s.Metric().FacetTotals(t.Context(), metric.FacetPath, []int64{2}, period)
		if err != nil || totals[2] != want {
			t.Errorf("%+v: got %+v, %v, want %+v", period, totals, err, want)
		}
	}
}

// Whoever goes back to an older program loses nothing of what waits, nor of what is of today.
func TestWhatWaitsIsKeptOnTheWayBack(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir)
	countSome(t, s)
	mustWrite(t, s, func(w *writer) error { return w.settle(t.Context(), nil, addTodayFigures) })
	countSome(t, s)
	if daysThatAreMoved(t, s) == 0 {
		t.Fatal("nothing is of today")
	}
	before := everyFigure(t, s)
	back := openSteps(filepath.Join(dir, FileName))
	provider := stepsOf(t, back)
	if _, err := provider.DownTo(t.Context(), lastByValue); err != nil {
		t.Fatal(err)
	}
	if err := back.Close(); err != nil {
		t.Fatal(err)
	}
	again := openIn(t, dir)
	if rowsThatWait(t, again) != 0 {
		t.Error("something still waits")
	}
	if diff := gocmp.Diff(before, everyFigure(t, again)); diff != "" {
		t.Error(diff)
	}
}
