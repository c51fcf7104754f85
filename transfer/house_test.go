package transfer

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"headwater/files"
	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/store"
)

// house is an empty database with the services over it. Its site counts days in UTC.
type house struct {
	content *content.Service
	metric  *metric.Service
}

func openHouse(t *testing.T) house {
	t.Helper()
	opened, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { opened.Close() })
	kept, err := files.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	h := house{
		content: content.New(opened.Content(), logic.SystemClock, opened.Keys(), content.Options{Files: kept}),
		metric:  metric.New(opened.Metric(), logic.SystemClock, opened.Keys(), metric.Options{}),
	}
	zone := "UTC"
	if _, err := h.content.UpdateSite(operator(t), content.SiteChange{TimeZone: &zone}); err != nil {
		t.Fatal(err)
	}
	return h
}

// operator returns a context of the command line, which imports are for.
func operator(t *testing.T) context.Context { return logic.WithViewer(t.Context(), logic.Operator()) }

func mustDay(t *testing.T, text string) logic.Day {
	t.Helper()
	day, err := logic.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// mustReport returns a report over days of the site.
func (h house) mustReport(t *testing.T, from, to string, filter metric.Filter) metric.Report {
	t.Helper()
	report, err := h.metric.Report(operator(t), metric.Range{From: mustDay(t, from), To: mustDay(t, to)}, filter)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// mustTotals returns the figures of days of the site.
func (h house) mustTotals(t *testing.T, from, to string, filter metric.Filter) metric.Totals {
	t.Helper()
	totals, err := h.metric.Totals(operator(t), h.mustReport(t, from, to, filter))
	if err != nil {
		t.Fatal(err)
	}
	return totals
}

// realData returns the path of a folder or file of real input, and skips the test where there is none.
func realData(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("HEADWATER_REAL_DATA")
	path := filepath.Join(root, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("there is no real input: HEADWATER_REAL_DATA names the folder that holds %s", name)
	}
	return path
}

func moment(year int, month time.Month, day, hour, minute int, zone *time.Location) logic.Moment {
	return logic.MomentOf(time.Date(year, month, day, hour, minute, 0, 0, zone))
}
