package metric_test

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/metric"
)

const dayLength = logic.Moment(24 * 60 * 60 * 1000)

// Nothing of who a reader is reaches the disk: neither the address, as text or as bytes, nor the user agent.
func TestAddressesAreNotKept(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{})
	const address, agent = "2001:db8:7d1f:a9c3:55e1:9b0d:2c4f:6e81", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.77"
	w.mustRecord(w.as(address, agent), view("/found", "2026-06-15T11:00:00Z"))
	w.mustImport(0, metric.ImportMark{Log: "log", Offset: 1}, metric.Hit{
		At: w.now, Reader: address, UserAgent: agent, Path: "/imported", Referrer: "-",
	})
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(w.dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	found := false
	raw := netip.MustParseAddr(address).AsSlice()
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found = found || bytes.Contains(content, []byte("/found")) && bytes.Contains(content, []byte("/imported"))
		for _, secret := range [][]byte{[]byte(address), raw, []byte(agent), []byte("Firefox/128.77")} {
			if bytes.Contains(content, secret) {
				t.Errorf("%s holds %q", filepath.Base(file), secret)
			}
		}
	}
	if !found {
		t.Error("what was viewed was not found, so this test would find nothing else")
	}
}

// After 8 days nobody can tell any more whether two days' visitors were one: the salt is gone, and with it what the day's
// visitors did.
func TestSaltsAreThrownAway(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{})
	w.mustImport(0, metric.ImportMark{Log: "log", Offset: 1}, hit("/", "2026-06-01T10:00:00Z"))
	visitors := func() int64 { return w.mustTotals(w.mustReport("2026-06-01", "2026-06-01", metric.Filter{})).Visitors }
	if err := w.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.now += 8 * dayLength
	w.mustImport(1, metric.ImportMark{Log: "log", Offset: 2}, hit("/", "2026-06-01T11:00:00Z"))
	if got := visitors(); got != 1 {
		t.Errorf("%d visitors after the same reader's two views, want 1", got)
	}
	w.now++
	w.mustImport(2, metric.ImportMark{Log: "log", Offset: 3}, hit("/", "2026-06-01T12:00:00Z"))
	if got := visitors(); got != 2 {
		t.Errorf("%d visitors, want 2: the reader was known after the salt's time", got)
	}
}

func TestPruneKeepsDaysForGood(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{RawFor: 10 * 24 * time.Hour})
	w.mustRecord(w.as("203.0.113.9", firefox), view("/", "2026-06-14T10:00:00Z"))
	range14 := metric.Range{From: day("2026-06-14"), To: day("2026-06-14")}
	foreign := range14
	foreign.TimeZone = new("Asia/Kolkata")
	both := metric.Filter{Path: new("/"), Event: new("join")}
	ask := func(days metric.Range, filter metric.Filter) error {
		_, err := w.Report(w.analyst(), days, filter)
		return err
	}
	for _, step := range []struct {
		now                 string
		raw, quarters, days bool
	}{
		{"2026-06-24T23:59:59Z", true, true, true},
		{"2026-06-25T00:00:00Z", false, false, true}, // quarters reach back 35 days, but the 14th in Kolkata begins on the 13th
		{"2030-06-25T00:00:00Z", false, false, true},
	} {
		w.now = at(step.now)
		if err := w.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := ask(range14, both); (err == nil) != step.raw {
			t.Errorf("%s, single events: %v", step.now, err)
		}
		if err := ask(range14, metric.Filter{}); (err == nil) != step.days {
			t.Errorf("%s, days: %v", step.now, err)
		}
		if step.quarters {
			if err := ask(foreign, metric.Filter{}); err != nil {
				t.Errorf("%s, quarters: %v", step.now, err)
			}
		}
	}
	w.now = at("2026-06-24T12:00:00Z") // a clock that goes back brings nothing back, and nothing is answered with zeros
	if err := ask(range14, both); err == nil {
		t.Error("single events that were deleted are counted")
	}
	if err := ask(foreign, metric.Filter{}); err == nil {
		t.Error("quarters that were deleted are counted")
	}
	if got := w.mustTotals(w.mustReport("2026-06-14", "2026-06-14", metric.Filter{})).Views; got != 1 {
		t.Errorf("%d views are left of the day, want 1", got)
	}
}

// What a report promised just before midnight is still there when it is answered just behind it.
func TestPruneLeavesWhatWasPromised(t *testing.T) {
	w := newWorld(t, "America/New_York", metric.Options{RawFor: 40 * 24 * time.Hour})
	viewed := view("/", "2026-06-10T10:00:00Z")
	viewed.PostID = new(firstPost.ID())
	w.mustRecord(w.as("203.0.113.9", firefox), viewed)
	days := metric.Range{From: day("2026-06-10"), To: day("2026-06-10"), TimeZone: new("UTC")}
	for _, step := range []struct {
		before, behind string
		filter         metric.Filter
	}{
		{"2026-07-15T23:59:59.999Z", "2026-07-16T00:00:00.001Z", metric.Filter{}},                                            // from quarters
		{"2026-07-20T23:59:59.999Z", "2026-07-21T00:00:00.001Z", metric.Filter{Path: new("/"), PostID: new(firstPost.ID())}}, // from single events
	} {
		w.now = at(step.before)
		report, err := w.Report(w.analyst(), days, step.filter)
		if err != nil {
			t.Fatal(err)
		}
		want := w.mustTotals(report)
		w.now = at(step.behind)
		if err := w.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.mustTotals(report); got != want {
			t.Errorf("%s: got %+v, want %+v", step.behind, got, want)
		}
	}
}

// How long things are kept is for the server alone to say: an import, which knows nothing of it, takes nothing away.
func TestImportLeavesTheHorizonAlone(t *testing.T) {
	w := newWorld(t, "UTC", metric.Options{RawFor: 90 * 24 * time.Hour})
	if err := w.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.mustRecord(w.as("203.0.113.9", firefox), view("/", "2026-06-14T10:00:00Z"))
	w.now = at("2026-08-20T12:00:00Z")
	importer := metric.New(w.store.Metric(), w.clock, w.store.Keys(), metric.Options{})
	if _, err := importer.ImportHits(w.operator(), 0, metric.ImportMark{Log: "log", Offset: 1}, []metric.Hit{hit("/", "2026-06-14T11:00:00Z")}); err != nil {
		t.Fatal(err)
	}
	if err := w.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	series, err := w.Series(w.analyst(), w.mustReport("2026-06-14", "2026-06-14", metric.Filter{}), metric.IntervalMinute)
	if err != nil || len(series.Views) != 24*60 || series.Views[10*60] != 1 || series.Views[11*60] != 1 {
		t.Errorf("the views of 10:00 and 11:00 are gone: %v", err)
	}
}

func hit(path, moment string) metric.Hit {
	return metric.Hit{At: at(moment), Reader: "203.0.113.9", UserAgent: firefox, Path: path}
}

// mustImport imports hits behind the mark at from.
func (w *world) mustImport(from int64, mark metric.ImportMark, hits ...metric.Hit) metric.Imported {
	w.t.Helper()
	imported, err := w.ImportHits(w.operator(), from, mark, hits)
	if err != nil {
		w.t.Fatal(err)
	}
	return imported
}

func TestImportHits(t *testing.T) {
	w := newWorld(t, "America/New_York", metric.Options{})
	if _, err := w.ImportMark(w.operator(), "log"); logic.CodeOf(err) != logic.CodeNotFound {
		t.Errorf("a mark of a log that was never seen: %v", err)
	}
	mark := metric.ImportMark{Log: "log", Offset: 700, Lines: 6, Digest: "d"}
	robot := hit("/", "2015-05-17T10:00:00Z")
	robot.UserAgent = "-"
	post := hit("/blog/second?utm=1", "2015-05-17T10:05:00Z")
	post.PostSlug, post.Referrer = "second", "https://www.example.org/"
	draft := hit("/blog/draft", "2015-05-17T10:06:00Z")
	draft.PostSlug = "draft"
	imported := w.mustImport(0, mark,
		post, draft, robot, hit("*", "2015-05-17T10:00:00Z"), hit("/", "2026-06-16T12:00:00Z"), hit("/", "1970-01-01T00:00:00Z"))
	if imported.Recorded != 2 || imported.Robots != 1 || len(imported.Faults) != 3 || imported.Faults[0].Index != 3 {
		t.Errorf("imported %+v", imported)
	}
	if got, err := w.ImportMark(w.operator(), "log"); got != mark || err != nil {
		t.Errorf("the mark is %+v, %v, want %+v", got, err, mark)
	}
	if _, err := w.ImportHits(w.operator(), 0, mark, []metric.Hit{post}); logic.CodeOf(err) != logic.CodeInvalid {
		t.Errorf("the same part was taken again: %v", err)
	}
	report := w.mustReport("2015-05-17", "2015-05-17", metric.Filter{})
	if got, want := w.mustTotals(report), (metric.Totals{Views: 2, Visitors: 1, Visits: 1, Seconds: 60}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if robots, err := w.Robots(w.analyst(), report); robots != 1 || err != nil {
		t.Errorf("%d robots, %v", robots, err)
	}
	id := secondPost.ID()
	if got := w.mustTotals(w.mustReport("2015-05-17", "2015-05-17", metric.Filter{PostID: &id})).Views; got != 1 {
		t.Errorf("%d views of the post, want 1", got)
	}
	// Too old for single events and quarters: what needs them is refused.
	if _, err := w.Series(w.analyst(), report, metric.IntervalHour); logic.CodeOf(err) != logic.CodeInvalid {
		t.Errorf("hours that were never kept: %v", err)
	}
}
