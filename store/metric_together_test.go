package store

import (
	"context"
	"errors"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"testing"

	"headwater/logic"
	"headwater/logic/metric"
)

// Calls that wait at the same time are written together, few statements for all, and each gets its own outcome.
func TestCallsThatWaitAreWrittenTogether(t *testing.T) {
	s := openTest(t)
	service := metric.New(s.Metric(), func() logic.Moment { return testNow }, s.Keys(), metric.Options{})
	path, wrong, once := "/", "wrong", "once"
	missing := logic.PostID(9).ID()
	crawler := "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
	calls := []struct {
		agent  string
		events []metric.EventInput
		want   metric.Recorded
		code   logic.Code
	}{
		{testFirefox, []metric.EventInput{{Path: &path}, {Path: &path, ID: &once}}, metric.Recorded{Recorded: 2}, ""},
		{testFirefox, []metric.EventInput{{Path: &wrong}}, metric.Recorded{}, logic.CodeInvalid},
		{crawler, []metric.EventInput{{Path: &path}}, metric.Recorded{Robots: 1}, ""},
		{testFirefox, []metric.EventInput{{Path: &path, ID: &once}, {Path: &path}}, metric.Recorded{Recorded: 1}, ""},
		{testFirefox, []metric.EventInput{{PostID: &missing}}, metric.Recorded{}, logic.CodeNotFound},
	}
	before := s.Statements()
	release := hold(t, s)
	var group sync.WaitGroup
	for i, call := range calls {
		ctx := logic.WithViewer(t.Context(), logic.Viewer{Limit: logic.AllScopes, Address: netip.MustParseAddr("203.0.113.9"), UserAgent: call.agent})
		group.Go(func() {
			got, err := service.RecordEvents(ctx, call.events)
			if got != call.want || call.code == "" && err != nil || call.code != "" && logic.CodeOf(err) != call.code {
				t.Errorf("call %d: got %+v, %v; want %+v, %s", i, got, err, call.want, call.code)
			}
		})
		for len(s.queue) <= i {
			runtime.Gosched() // until the goroutine has come to the queue
		}
	}
	release()
	group.Wait()
	if used := s.Statements() - before; used > 22 {
		t.Errorf("%d statements for %d calls", used, len(calls))
	}
	if views := mustGet[int64](t, s, `SELECT SUM(views) FROM metric_day WHERE kind = 0`); views != 3 {
		t.Errorf("%d views, want 3", views)
	}
}

// Where some can't be written together, each is tried alone.
func TestCallsThatFailTogetherAreTriedAlone(t *testing.T) {
	s := openProbe(t)
	bad := errors.New("bad")
	var sizes []int
	writeAll := func(w *writer, jobs []any) error {
		sizes = append(sizes, len(jobs))
		for _, job := range jobs {
			if err := insertProbe(context.Background(), job.(int))(w); err != nil {
				return err
			}
			if job == 2 {
				return bad
			}
			if job == 3 {
				panic("three")
			}
		}
		return nil
	}
	release := hold(t, s)
	errs := make([]error, 4)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() { errs[i] = s.changeTogether(t.Context(), i+1, writeAll) })
		for len(s.queue) <= i {
			runtime.Gosched() // until the goroutine has come to the queue
		}
	}
	release()
	group.Wait()
	if errs[0] != nil || !errors.Is(errs[1], bad) || errs[2] == nil || errs[3] != nil {
		t.Errorf("got %v", errs)
	}
	if got := probes(t, s); got != "1,4" {
		t.Errorf("%s were written", got)
	}
	if !slices.Equal(sizes, []int{4, 1, 1, 1, 1}) {
		t.Errorf("they were run in %v", sizes)
	}
}
