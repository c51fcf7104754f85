package store

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"headwater/logic"
	"headwater/logic/metric"
)

// operator returns a context of the command line.
func operator(t testing.TB) context.Context { return logic.WithViewer(t.Context(), logic.Operator()) }

const testFirefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

// A year of days is read from a row a day and facet, however many events there were.
func TestAYearOfDaysDoesNotGrowWithEvents(t *testing.T) {
	const days = 365
	cost := func(perDay int) (rows, statements int64) {
		s := openTest(t)
		service := metric.New(s.Metric(), func() logic.Moment { return testNow }, s.Keys(), metric.Options{})
		var hits []metric.Hit
		for day := range logic.Moment(days) {
			for i := range perDay {
				at := testNow - (day+1)*24*60*60*1000 + logic.Moment(i)*1000
				hits = append(hits, metric.Hit{At: at, Reader: fmt.Sprint(i), UserAgent: testFirefox, Path: "/"})
			}
		}
		before := s.Statements()
		if _, err := service.ImportHits(operator(t), 0, metric.ImportMark{Log: "log", Offset: 1}, hits); err != nil {
			t.Fatal(err)
		}
		const blocks = days/blockDays + 2
		if used := s.Statements() - before; used > 20+2*blocks {
			t.Errorf("%d statements for one call", used)
		}
		today := logic.Day(testNow / (24 * 60 * 60 * 1000))
		before = s.Statements()
		report, err := service.Report(operator(t), metric.Range{From: today - days, To: today - 1}, metric.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		series, err := service.Series(operator(t), report, metric.IntervalDay)
		if err != nil || len(series.Views) != days || series.Views[days-1] != int64(perDay) {
			t.Fatal(series, err)
		}
		top, err := service.Top(operator(t), report, metric.DimensionPath, 10)
		if err != nil || len(top) != 1 || top[0].Views != int64(days*perDay) {
			t.Fatal(top, err)
		}
		statements = s.Statements() - before
		if oldest := mustGet[logic.Day](t, s, `SELECT MIN(utc_day) FROM (SELECT utc_day FROM metric_event UNION ALL SELECT utc_day FROM metric_event_recent)`); oldest != today-30 {
			t.Errorf("single events are kept for %d days", today-oldest)
		}
		if oldest := mustGet[metric.Quarter](t, s, `SELECT MIN(quarter) FROM metric_quarter`); oldest != metric.Quarter(today-35)*24*4 {
			t.Errorf("quarters are kept from %s on", oldest.Start().Time())
		}
		return mustGet[int64](t, s, `SELECT COUNT(*) FROM metric_day`), statements
	}
	fewRows, fewStatements := cost(1)
	manyRows, manyStatements := cost(20)
	if fewRows != manyRows || fewRows != days*6 {
		t.Errorf("%d and %d rows, want %d", fewRows, manyRows, days*6)
	}
	if fewStatements != 4 || manyStatements != 4 {
		t.Errorf("%d and %d statements, want 4", fewStatements, manyStatements)
	}
}

// Events that are recorded at once, and committed together, are all counted.
func TestEventsAtOnce(t *testing.T) {
	s := openTest(t)
	service := metric.New(s.Metric(), func() logic.Moment { return testNow }, s.Keys(), metric.Options{})
	const readers, events = 16, 10
	var group sync.WaitGroup
	for reader := range readers {
		group.Go(func() {
			address := netip.AddrFrom4([4]byte{203, 0, 113, byte(reader % 4)}) // four programs of each of four readers
			ctx := logic.WithViewer(t.Context(), logic.Viewer{Limit: logic.AllScopes, Address: address, UserAgent: testFirefox})
			for i := range events {
				path, at := fmt.Sprintf("/%d", i), testNow.Add(-1000_000_000*60*60)
				if _, err := service.RecordEvents(ctx, []metric.EventInput{{Path: &path, At: &at}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	yesterday := logic.Day(testNow/(24*60*60*1000)) - 1
	report, err := service.Report(operator(t), metric.Range{From: yesterday, To: yesterday}, metric.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	totals, err := service.Totals(operator(t), report)
	if want := (metric.Totals{Views: readers * events, Visitors: 4, Visits: 4}); err != nil || totals != want {
		t.Errorf("got %+v, %v, want %+v", totals, err, want)
	}
	if kept := mustGet[int64](t, s, `SELECT COUNT(*) FROM metric_event_recent`); kept != readers*events {
		t.Errorf("%d single events, want %d", kept, readers*events)
	}
}

// What had its time is gone from the tables, and a salt from the file, so that nobody can find out any more who came.
func TestPruneDeletes(t *testing.T) {
	dir, now := t.TempDir(), testNow
	s := openIn(t, dir)
	service := metric.New(s.Metric(), func() logic.Moment { return now }, s.Keys(), metric.Options{})
	ctx := logic.WithViewer(t.Context(), logic.Viewer{Limit: logic.AllScopes, Address: netip.MustParseAddr("203.0.113.9"), UserAgent: testFirefox})
	path, id := "/", "once"
	for range 3 {
		if _, err := service.RecordEvents(ctx, []metric.EventInput{{Path: &path, ID: &id}, {Path: &path}}); err != nil {
			t.Fatal(err)
		}
		now += 24 * 60 * 60 * 1000
	}
	salts := mustSelect[[]byte](t, s, `SELECT salt FROM metric_salt`)
	rows := func() map[string]int64 {
		counts := map[string]int64{}
		for _, table := range []string{"metric_salt", "metric_visitor", "metric_event", "metric_event_recent", "metric_event_id", "metric_quarter", "metric_day", "metric_today"} {
			counts[table] = mustGet[int64](t, s, `SELECT COUNT(*) FROM `+table)
		}
		return counts
	}
	const quarterRows, dayRows = 3 * 6, 3 * 6 // total, path, no referrer, device, browser, system
	for _, step := range []struct {
		days logic.Moment
		want map[string]int64
	}{
		{8, map[string]int64{"metric_salt": 3, "metric_visitor": 6, "metric_event": 4, "metric_event_id": 1, "metric_quarter": quarterRows, "metric_day": dayRows}},
		{10, map[string]int64{"metric_salt": 1, "metric_visitor": 2, "metric_event": 4, "metric_event_id": 1, "metric_quarter": quarterRows, "metric_day": dayRows}},
		{32, map[string]int64{"metric_event": 2, "metric_quarter": quarterRows, "metric_day": dayRows}},
		{60, map[string]int64{"metric_day": dayRows}},
	} {
		now = testNow + step.days*24*60*60*1000
		if err := service.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		for table, got := range rows() {
			if got != step.want[table] {
				t.Errorf("after %d days %s has %d rows, want %d", step.days, table, got, step.want[table])
			}
		}
	}
	mustBeNowhere(t, dir, salts)
}

// A kind of facets that is added is pruned as well.
func TestPruneDeletesQuartersOfEveryKind(t *testing.T) {
	s := openTest(t)
	kinds := 0
	for kind := range metric.FacetKinds() {
		kinds++
		if _, err := s.write.run(t.Context(), `INSERT INTO metric_quarter VALUES (?, 7, 1, 1, 1, 1, 1, 1, 1)`, []any{kind}, nil); err != nil {
			t.Fatal(err)
		}
	}
	service := metric.New(s.Metric(), func() logic.Moment { return testNow }, s.Keys(), metric.Options{})
	if err := service.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := mustGet[int64](t, s, `SELECT COUNT(*) FROM metric_quarter`); left != 0 || kinds < 10 {
		t.Errorf("%d of %d kinds are left", left, kinds)
	}
}

// Visitors of a day whose salt is gone are deleted step by step, so that whoever waits to write waits shortly.
func TestPruneDeletesVisitorsInSteps(t *testing.T) {
	s, now := openTest(t), testNow
	service := metric.New(s.Metric(), func() logic.Moment { return now }, s.Keys(), metric.Options{})
	hits := make([]metric.Hit, 5000)
	for i := range hits {
		hits[i] = metric.Hit{At: testNow, Reader: fmt.Sprint(i), UserAgent: testFirefox, Path: "/"}
	}
	if _, err := service.ImportHits(operator(t), 0, metric.ImportMark{Log: "log", Offset: 1}, hits); err != nil {
		t.Fatal(err)
	}
	now += 9 * 24 * 60 * 60 * 1000
	left, steps := int64(len(hits)), 0
	for more := true; more; steps++ {
		err := s.Metric().Write(t.Context(), func(w metric.Writer) (err error) {
			more, err = w.DeleteSalts(t.Context(), now-8*24*60*60*1000, 2000)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if salts := mustGet[int64](t, s, `SELECT COUNT(*) FROM metric_salt WHERE length(salt) > 0`); salts != 0 {
			t.Error("the salt outlives its visitors")
		}
		after := mustGet[int64](t, s, `SELECT COUNT(*) FROM metric_visitor`)
		if left-after > 2000 {
			t.Errorf("%d visitors in one step", left-after)
		}
		left = after
	}
	if left != 0 || steps != 4 || mustGet[int64](t, s, `SELECT COUNT(*) FROM metric_salt`) != 0 {
		t.Errorf("%d visitors are left after %d steps", left, steps)
	}
}

// An event of a day whose salt had its time makes a new one for that day; what is left of others is Prune's to delete.
func TestALateEventReplacesItsOwnSaltAlone(t *testing.T) {
	s, now := openTest(t), testNow
	service := metric.New(s.Metric(), func() logic.Moment { return now }, s.Keys(), metric.Options{})
	const day = 24 * 60 * 60 * 1000
	take := func(from int64, at ...logic.Moment) {
		var hits []metric.Hit
		for _, at := range at {
			hits = append(hits, metric.Hit{At: at, Reader: "a", UserAgent: testFirefox, Path: "/"})
		}
		if _, err := service.ImportHits(operator(t), from, metric.ImportMark{Log: "log", Offset: from + 1}, hits); err != nil {
			t.Fatal(err)
		}
	}
	take(0, testNow, testNow-day)
	before := mustSelect[[]byte](t, s, `SELECT salt FROM metric_salt ORDER BY utc_day`)
	now += 9 * day
	take(1, testNow)
	after := mustSelect[[]byte](t, s, `SELECT salt FROM metric_salt ORDER BY utc_day`)
	if len(after) != 2 || !bytes.Equal(before[0], after[0]) || bytes.Equal(before[1], after[1]) {
		t.Errorf("the salts were %x and are %x", before, after)
	}
	if visitors := mustGet[int64](t, s, `SELECT COUNT(*) FROM metric_visitor`); visitors != 3 {
		t.Errorf("%d visitors, want 3", visitors)
	}
}

// The salts of a long log fill many pages; none of them is left behind in a page that is free again.
func TestPruneDeletesTheSaltsOfALongLog(t *testing.T) {
	dir, now := t.TempDir(), testNow
	s := openIn(t, dir)
	service := metric.New(s.Metric(), func() logic.Moment { return now }, s.Keys(), metric.Options{})
	var hits []metric.Hit
	for day := range logic.Moment(2000) {
		hits = append(hits, metric.Hit{At: testNow - day*24*60*60*1000, Reader: "203.0.113.9", UserAgent: testFirefox, Path: "/"})
	}
	if _, err := service.ImportHits(operator(t), 0, metric.ImportMark{Log: "log", Offset: 1}, hits); err != nil {
		t.Fatal(err)
	}
	salts := mustSelect[[]byte](t, s, `SELECT salt FROM metric_salt`)
	now += 9 * 24 * 60 * 60 * 1000
	if err := service.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := mustGet[int64](t, s, `SELECT COUNT(*) FROM metric_visitor`); left != 0 || len(salts) != 2000 {
		t.Errorf("%d of %d visitors are left", left, len(salts))
	}
	mustBeNowhere(t, dir, salts)
}

// mustBeNowhere fails where one of secrets stands in a file of a folder, while the store is open.
func mustBeNowhere(t *testing.T, dir string, secrets [][]byte) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, secret := range secrets {
			if len(secret) != 32 || bytes.Contains(content, secret) {
				found++
			}
		}
		if found > 0 {
			t.Errorf("%d of %d secrets are still in %s", found, len(secrets), filepath.Base(file))
		}
	}
}

// mustSelect returns the values of a query's only column.
func mustSelect[T any](t testing.TB, s *Store, query string) []T {
	t.Helper()
	values, err := selectRows[T](t.Context(), s.reader(), query)
	if err != nil {
		t.Fatal(err)
	}
	return values
}
