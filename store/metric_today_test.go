package store

import (
	"encoding/json"
	"errors"
	"net/netip"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/metric"
)

// What is counted is kept apart until its day is over where the site is, and is moved by the next that deletes what had its time.
func TestFiguresAreMovedWhenTheirDayIsOver(t *testing.T) {
	s := openTest(t)
	if err := s.write.exec(`UPDATE site SET time_zone = 'America/New_York'`); err != nil {
		t.Fatal(err)
	}
	now := logic.MomentOf(time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC))
	service := metric.New(s.Metric(), func() logic.Moment { return now }, s.Keys(), metric.Options{})
	ctx := logic.WithViewer(t.Context(), logic.Viewer{Limit: logic.AllScopes, Address: netip.MustParseAddr("203.0.113.9"), UserAgent: testFirefox})
	path := "/"
	for range 2 { // the first of all stands in metric_day at once
		if _, err := service.RecordEvents(ctx, []metric.EventInput{{Path: &path}}); err != nil {
			t.Fatal(err)
		}
	}
	prune := func(at time.Time) (apart int) {
		t.Helper()
		now = logic.MomentOf(at)
		if err := service.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		totals, err := s.Metric().FacetTotals(t.Context(), metric.FacetTotal, []int64{0}, metric.Period{From: 0, To: 100_000})
		if err != nil || totals[0].Views != 2 {
			t.Errorf("at %s: %+v, %v", at, totals, err)
		}
		return daysThatAreMoved(t, s)
	}
	if prune(time.Date(2026, 6, 16, 3, 59, 59, 0, time.UTC)) == 0 {
		t.Error("the figures of a day that lasts were moved")
	}
	if left := prune(time.Date(2026, 6, 16, 4, 0, 0, 0, time.UTC)); left != 0 {
		t.Errorf("%d figures of a day that is over were not moved", left)
	}
	if views := mustGet[int64](t, s, `SELECT SUM(views) FROM metric_day WHERE kind = 0`); views != 2 {
		t.Errorf("metric_day has %d views", views)
	}
}

// Whoever asks between two portions of what is moved, and behind one that was undone, finds each figure once.
func TestFiguresAreThereOnceWhileTheyAreMoved(t *testing.T) {
	s := openTest(t)
	now := logic.MomentOf(time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC))
	service := metric.New(s.Metric(), func() logic.Moment { return now }, s.Keys(), metric.Options{})
	ctx := logic.WithViewer(t.Context(), logic.Viewer{Limit: logic.AllScopes, Address: netip.MustParseAddr("203.0.113.9"), UserAgent: testFirefox})
	for _, path := range []string{"/", "/a", "/", "/b"} {
		if _, err := service.RecordEvents(ctx, []metric.EventInput{{Path: &path}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := service.Prune(t.Context()); err != nil { // what waits is of today
		t.Fatal(err)
	}
	left := daysThatAreMoved(t, s)
	if left < 4 {
		t.Fatalf("only %d figures wait to be moved", left)
	}
	check := func(want int) {
		t.Helper()
		totals, err := s.Metric().FacetTotals(t.Context(), metric.FacetTotal, []int64{0}, metric.Period{From: 0, To: 100_000})
		if err != nil || totals[0].Views != 4 || totals[0].Visitors != 1 {
			t.Errorf("with %d left: %+v, %v", want, totals, err)
		}
		archived := 0
		if err := s.Metric().ArchivedRows(t.Context(), metric.TableDays, func(row []byte) error {
			var figure struct{ Kind, Views int }
			if err := json.Unmarshal(row, &figure); err != nil {
				return err
			}
			if figure.Kind == int(metric.FacetPath) {
				archived += figure.Views
			}
			return nil
		}); err != nil || archived != 4 {
			t.Errorf("with %d left an archive has %d views (%v)", want, archived, err)
		}
		if left := daysThatAreMoved(t, s); left != want {
			t.Errorf("%d figures are left, not %d", left, want)
		}
	}
	failed := errors.New("failed")
	for more := true; more; {
		err := s.change(t.Context(), func(w *writer) error {
			_, err := w.MoveDays(t.Context(), 100_000, 2)
			return errors.Join(err, failed)
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		check(left)
		mustWrite(t, s, func(w *writer) (err error) {
			more, err = w.MoveDays(t.Context(), 100_000, 2)
			return err
		})
		left = max(0, left-2)
		check(left)
	}
	if left != 0 {
		t.Errorf("%d figures were not moved", left)
	}
}
