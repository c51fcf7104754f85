package store

import (
	"fmt"
	"net/netip"
	"sync"
	"testing"

	"headwater/logic"
	"headwater/logic/metric"
)

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
		if _, err := service.ImportHits(t.Context(), 0, metric.ImportMark{Log: "log", Offset: 1}, hits); err != nil {
			t.Fatal(err)
		}
		if used := s.Statements() - before; used > 20 {
			t.Errorf("%d statements for one call", used)
		}
		today := logic.Day(testNow / (24 * 60 * 60 * 1000))
		before = s.Statements()
		report, err := service.Report(t.Context(), metric.Range{From: today - days, To: today - 1}, metric.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		series, err := service.Series(t.Context(), report, metric.IntervalDay)
		if err != nil || len(series.Views) != days || series.Views[days-1] != int64(perDay) {
			t.Fatal(series, err)
		}
		top, err := service.Top(t.Context(), report, metric.DimensionPath, 10)
		if err != nil || len(top) != 1 || top[0].Views != int64(days*perDay) {
			t.Fatal(top, err)
		}
		statements = s.Statements() - before
		return mustGet[int64](t, s, `SELECT COUNT(*) FROM metric_day`), statements
	}
	fewRows, fewStatements := cost(1)
	manyRows, manyStatements := cost(20)
	if fewRows != manyRows || fewRows != days*6 {
		t.Errorf("%d and %d rows, want %d", fewRows, manyRows, days*6)
	}
	if fewStatements != 3 || manyStatements != 3 {
		t.Errorf("%d and %d statements, want 3", fewStatements, manyStatements)
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
			ctx := logic.WithViewer(t.Context(), logic.Viewer{Address: address, UserAgent: testFirefox})
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
	report, err := service.Report(t.Context(), metric.Range{From: yesterday, To: yesterday}, metric.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	totals, err := service.Totals(t.Context(), report)
	if want := (metric.Totals{Views: readers * events, Visitors: 4, Visits: 4}); err != nil || totals != want {
		t.Errorf("got %+v, %v, want %+v", totals, err, want)
	}
	if kept := mustGet[int64](t, s, `SELECT COUNT(*) FROM metric_event`); kept != readers*events {
		t.Errorf("%d single events, want %d", kept, readers*events)
	}
}
