package transfer

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"headwater/logic/metric"
)

const (
	browser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
	crawler = "Mozilla/5.0 (compatible; Examplebot/2.1; +https://example.org/bot)"
)

// combinedLine is a line of a log in the combined format, the nth of its log, n seconds behind noon.
func combinedLine(n int, path, agent string) string {
	return fmt.Sprintf(`192.0.2.%d - - [04/Mar/2025:12:%02d:%02d +0000] "GET %s HTTP/1.1" 200 512 "-" "%s"`, n%250, n/60%60, n%60, path, agent)
}

func commonLine(n int, path string) string {
	line, _, _ := strings.Cut(combinedLine(n, path, ""), ` "-"`)
	return line
}

func logOf(name, text string) Log {
	return Log{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

func packed(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	_, err := io.WriteString(writer, text)
	if err := errors.Join(err, writer.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// importLog imports a log and returns its report and notices.
func (h house) importLog(t *testing.T, log Log) (LogReport, []string) {
	t.Helper()
	notices := []string{}
	report, err := ImportLog(operator(t), log, h.metric, LogOptions{}, Watch{Notice: func(n Notice) { notices = append(notices, n.String()) }})
	if err != nil {
		t.Fatal(err)
	}
	return report, notices
}

func (h house) views(t *testing.T) int64 {
	t.Helper()
	return h.mustTotals(t, "2025-03-04", "2025-03-04", metric.Filter{}).Views
}

func TestImportLogCounts(t *testing.T) {
	h := openHouse(t)
	text := strings.Join([]string{
		combinedLine(1, "/blog/a", browser),
		combinedLine(2, "/blog/a/?x=1", browser),
		combinedLine(3, "/blog/a", crawler),
		combinedLine(4, "/style.css", browser),
		strings.Replace(combinedLine(5, "/b", browser), "GET", "POST", 1),
		strings.Replace(combinedLine(6, "/b", browser), " 200 ", " 404 ", 1),
		"",
		"nonsense",
		combinedLine(7, "/long/"+strings.Repeat("x", maxLine), browser),
		combinedLine(8, "/long/"+strings.Repeat("x", 5000), browser),
		combinedLine(9, "/caf\xe9", browser),
		combinedLine(10, "/blog/a", "-"),
		commonLine(11, "/blog/a"),
	}, "\n") + "\n"
	posts, err := ParsePostPath("https://example.org/blog/{slug}")
	if err != nil {
		t.Fatal(err)
	}
	notices := []string{}
	watch := Watch{Notice: func(n Notice) { notices = append(notices, n.String()) }}
	got, err := ImportLog(operator(t), logOf("access.log", text), h.metric, LogOptions{PostPath: posts}, watch)
	if err != nil {
		t.Fatal(err)
	}
	want := LogReport{
		Lines: 13, Taken: 9, Views: 4, Robots: 2, Posts: 5, Unread: Tally{},
		Left:   Tally{string(faultEmpty): 1, string(faultTime): 1, string(faultTooLong): 1, string(faultRefused): 1},
		Passed: Tally{passedFile: 1, passedMethod: 1, passedStatus: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for i, start := range []string{
		"access.log:7: empty", "access.log:8: no time that can be read", "access.log:9: longer than 64 KiB", "access.log:10: can't be counted (",
	} {
		if i >= len(notices) || !strings.HasPrefix(notices[i], start) {
			t.Errorf("notices are %q; want %q", notices, start)
		}
	}
	for path, views := range map[string]int64{"/blog/a": 2, "/blog/a/": 1, "/café": 1} {
		if totals := h.mustTotals(t, "2025-03-04", "2025-03-04", metric.Filter{Path: &path}); totals.Views != views {
			t.Errorf("%s: %d views, want %d", path, totals.Views, views)
		}
	}
}

func TestImportLogGoesOnBehindItsMark(t *testing.T) {
	h := openHouse(t)
	lines := make([]string, 12)
	for i := range lines {
		lines[i] = combinedLine(i, "/a", browser) + "\n"
	}
	first, all := strings.Join(lines[:5], ""), strings.Join(lines, "")
	half := first + lines[5][:60]
	for _, step := range []struct {
		reason         string
		log            Log
		earlier, taken int64
		notices        []string
		views          int64
	}{
		{"an empty log is nothing", logOf("a.log", ""), 0, 0, []string{}, 0},
		{"a new log is taken", logOf("a.log", first), 0, 5, []string{}, 5},
		{"the same one gives nothing more", logOf("a.log", first), 5, 0, []string{}, 5},
		{"half a line waits", logOf("a.log", half), 5, 0, []string{"a.log:6: not finished yet"}, 5},
		{"a line that lacks only its end is taken", logOf("a.log", strings.TrimSuffix(strings.Join(lines[:7], ""), "\n")), 5, 2, []string{}, 7},
		{"its end changes nothing", logOf("a.log", strings.Join(lines[:7], "")), 7, 0, []string{}, 7},
		{"a renamed and packed log is known", logOf("a.log.1.gz", packed(t, all)), 7, 5, []string{}, 12},
		{"in parts packed one by one, too", logOf("b.gz", packed(t, first)+packed(t, all[len(first):])), 12, 0, []string{}, 12},
	} {
		report, notices := h.importLog(t, step.log)
		if report.Earlier != step.earlier || report.Taken != step.taken {
			t.Errorf("%s: %d taken earlier, %d taken now; want %d, %d", step.reason, report.Earlier, report.Taken, step.earlier, step.taken)
		}
		if diff := cmp.Diff(step.notices, notices); diff != "" {
			t.Errorf("%s: %s", step.reason, diff)
		}
		if views := h.views(t); views != step.views {
			t.Errorf("%s: %d views, want %d", step.reason, views, step.views)
		}
	}
	for _, step := range []struct {
		log    Log
		reason string
	}{
		{logOf("short.log", first), unreadShorter},
		{logOf("other.log", lines[0]+strings.Replace(all[len(lines[0]):], "/a", "/b", 1)), unreadChanged},
	} {
		report, notices := h.importLog(t, step.log)
		if diff := cmp.Diff(Tally{step.reason: 1}, report.Unread); diff != "" {
			t.Error(diff)
		}
		if len(notices) != 1 || h.views(t) != 12 {
			t.Errorf("%s: notices %q, %d views", step.log.Name, notices, h.views(t))
		}
	}
}

func TestImportLogTellsLogsApartBehindTheirComments(t *testing.T) {
	h := openHouse(t)
	comments := "#Version: 1.0\n#Fields: host ident user time request status bytes referrer agent\n"
	for n := range 3 {
		log := logOf(fmt.Sprintf("%d.log", n), comments+combinedLine(n, "/a", browser)+"\n")
		if report, notices := h.importLog(t, log); report.Views != 1 || len(report.Unread) > 0 {
			t.Errorf("log %d: %+v, %q", n, report, notices)
		}
	}
	if report, _ := h.importLog(t, logOf("1.log", comments+combinedLine(1, "/a", browser)+"\n"+combinedLine(9, "/a", browser)+"\n")); report.Earlier != 3 || report.Views != 1 {
		t.Errorf("a log that grew: %+v", report)
	}
}

func TestImportLogTakesALastLineOfTheSameFormat(t *testing.T) {
	for name, test := range map[string]struct {
		text  string
		taken int64
		left  int64
	}{
		"combined behind combined": {combinedLine(1, "/a", browser) + "\n" + combinedLine(2, "/a", browser), 2, 0},
		"common behind common":     {commonLine(1, "/a") + "\n" + commonLine(2, "/a"), 2, 0},
		"common behind combined":   {combinedLine(1, "/a", browser) + "\n" + commonLine(2, "/a"), 1, 1},
		"combined alone":           {combinedLine(1, "/a", browser), 1, 0},
		"common alone":             {commonLine(1, "/a"), 0, 1},
		"longer than a line":       {combinedLine(1, "/a", browser) + "\n" + strings.Repeat("x", 3*maxLine), 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			h := openHouse(t)
			report, _ := h.importLog(t, logOf("a.log", test.text))
			if report.Robots != 0 || report.Taken != test.taken || report.Left[string(faultCutOff)] != test.left {
				t.Errorf("%+v; want %d taken, %d left", report, test.taken, test.left)
			}
			whole, _ := h.importLog(t, logOf("a.log", test.text+"\n"+combinedLine(3, "/a", browser)+"\n"))
			if whole.Earlier != test.taken {
				t.Errorf("%d lines are behind the mark, want %d", whole.Earlier, test.taken)
			}
		})
	}
}

func TestImportLogGoesOnAfterAStop(t *testing.T) {
	h := openHouse(t)
	var text strings.Builder
	const lines = 2*batchLines + 100
	for i := range lines {
		text.WriteString(combinedLine(i, fmt.Sprintf("/%d", i%7), browser) + "\n")
	}
	ctx, cancel := context.WithCancel(operator(t))
	report, err := ImportLog(ctx, logOf("a.log", text.String()), h.metric, LogOptions{}, Watch{Progress: func(int64, int64) { cancel() }})
	if !errors.Is(err, context.Canceled) || report.Taken != batchLines {
		t.Fatalf("stopped after %d lines, %v", report.Taken, err)
	}
	again, _ := h.importLog(t, logOf("a.log", text.String()))
	if again.Earlier != batchLines || again.Taken != lines-batchLines || h.views(t) != lines {
		t.Errorf("then %d earlier, %d taken, %d views", again.Earlier, again.Taken, h.views(t))
	}
}

func TestImportLogThatBreaks(t *testing.T) {
	one, two := combinedLine(1, "/a", browser)+"\n", combinedLine(2, "/a", browser)+"\n"
	zipped := packed(t, one+two+strings.Repeat("x", 1000))
	broken := func(text string) Log {
		data := io.MultiReader(strings.NewReader(text), iotest.ErrReader(errors.New("the disk is gone")))
		return Log{Name: "broken.log", Open: func() (io.ReadCloser, error) { return io.NopCloser(data), nil }}
	}
	for name, test := range map[string]struct {
		log    Log
		taken  int64
		notice string
	}{
		"cannot be opened": {
			Log{Name: "a.log", Open: func() (io.ReadCloser, error) { return nil, errors.New("not yours") }}, 0, "a.log: can't be read (not yours)",
		},
		"breaks at once":         {broken(""), 0, "broken.log: can't be read (the disk is gone)"},
		"breaks in a line":       {broken(one + two + strings.Repeat("x", maxLine)), 2, "broken.log:3: can't be read (the disk is gone)"},
		"a packed log cut short": {logOf("a.gz", zipped[:len(zipped)-9]), 2, "a.gz:3: can't be read (unexpected EOF)"},
		"a packed log with a bad sum": {
			logOf("a.gz", zipped[:len(zipped)-8]+"\x00\x00\x00\x00"+zipped[len(zipped)-4:]), 2, "a.gz:3: can't be read (gzip: invalid checksum)",
		},
		"no gzip behind its first bytes": {logOf("a.gz", "\x1f\x8bnothing"), 0, "a.gz: can't be read (unexpected EOF)"},
	} {
		t.Run(name, func(t *testing.T) {
			h := openHouse(t)
			report, notices := h.importLog(t, test.log)
			if diff := cmp.Diff([]string{test.notice}, notices); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(Tally{reasonUnreadable: 1}, report.Unread); diff != "" || report.Taken != test.taken {
				t.Errorf("%d lines were taken, want %d\n%s", report.Taken, test.taken, diff)
			}
		})
	}
}

func TestImportLogWithoutTaker(t *testing.T) {
	report, err := ImportLog(t.Context(), logOf("a.log", combinedLine(1, "/a", browser)+"\n"+combinedLine(2, "/a", crawler)+"\nx\n"), nil, LogOptions{}, Watch{})
	if err != nil || report.Taken != 2 || report.Views != 2 || report.Left.Total() != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestImportLogBesideAnother(t *testing.T) {
	h := openHouse(t)
	var text strings.Builder
	for i := 0; text.Len() < 2*maxLine; i++ {
		text.WriteString(combinedLine(i, "/a", browser) + "\n")
	}
	// The log ends only after another import took it whole.
	other := readerFunc(func([]byte) (int, error) {
		report, err := ImportLog(operator(t), logOf("b.log", text.String()), h.metric, LogOptions{}, Watch{})
		if report.Taken == 0 {
			t.Error("the other import took nothing")
		}
		if err != nil {
			return 0, err
		}
		return 0, io.EOF
	})
	data := io.MultiReader(strings.NewReader(text.String()), other)
	log := Log{Name: "a.log", Open: func() (io.ReadCloser, error) { return io.NopCloser(data), nil }}
	report, notices := h.importLog(t, log)
	if diff := cmp.Diff(Tally{unreadMeddling: 1}, report.Unread); diff != "" || len(notices) != 1 || report.Taken != 0 {
		t.Errorf("%d lines were taken twice, notices %q\n%s", report.Taken, notices, diff)
	}
	if want := int64(strings.Count(text.String(), "\n")); h.views(t) != want {
		t.Errorf("%d views, want %d", h.views(t), want)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
