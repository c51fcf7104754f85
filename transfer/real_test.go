package transfer

import (
	"bufio"
	"cmp"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"headwater/logic/metric"
)

func TestImportRealBlog(t *testing.T) {
	folder := os.DirFS(realData(t, "golang-blog"))
	h := openHouse(t)
	want := PostReport{
		Files: 333, Created: 270, Left: Tally{reasonRedirect: 60, reasonNoDate: 2, reasonNoMatter: 1},
		Changed: Tally{reasonTemplatePart: 16, reasonSanitised: 31},
	}
	for range 2 {
		var named int64
		watch := Watch{Notice: func(Notice) { named++ }}
		report, err := ImportPosts(operator(t), folder, h.content, PostOptions{Language: "en", DefaultAuthor: "Unknown"}, watch)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(want, report); diff != "" {
			t.Error(diff)
		}
		if wantNamed := report.Left.Total() + report.Changed.Total(); named != wantNamed {
			t.Errorf("%d places were named, not %d", named, wantNamed)
		}
		want.Created, want.Unchanged, want.Changed = 0, 270, Tally{}
	}
}

// counted is what is counted of a log by another path than the importer's: regular expressions over its lines.
type counted struct {
	lines, robots, views int64
	paths                map[string]int64
	visitors             map[string]map[string]bool // the readers of each UTC day
}

var (
	realLine = regexp.MustCompile(`^(\S+) - - \[(\d\d)/May/2015:\d\d:\d\d:\d\d \+0000\] "(.*?) HTTP/1\.[01]" (\d{3}) (?:\d+|-) "(.*)" "(.*)"$`)
	realPage = regexp.MustCompile(`^GET (/[^?#]*)`)
	realFile = regexp.MustCompile(`(?i)\.(?:png|css|ico|jpe?g|js|txt|gif|ttf|pdf|xml|jar|exe|svg|xsl|deb|swf|gz|doc|woff)$`)
	// What is no browser, judged by looking at every user agent of the log. Those that name a page of their own are none.
	realRobot = regexp.MustCompile(`(?i)^-$|https?://|phantomjs|bot|crawl|spider|slurp|feed|rss|wget|curl|python|ruby|php|libwww|fetch|preview|facebookexternalhit|portscout|ezooms|subscriber|archiver`)
)

func countRealLog(t *testing.T, path string) counted {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sums := counted{paths: map[string]int64{}, visitors: map[string]map[string]bool{}}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := realLine.FindStringSubmatch(lines.Text())
		if fields == nil {
			continue
		}
		sums.lines++
		client, day, request, status, agent := fields[1], fields[2], fields[3], fields[4], fields[6]
		page := realPage.FindStringSubmatch(request)
		if page == nil || realFile.MatchString(page[1]) || status[0] != '2' && status != "304" {
			continue
		}
		if realRobot.MatchString(agent) {
			sums.robots++
			continue
		}
		sums.views++
		sums.paths[strings.ReplaceAll(page[1], "//", "/")]++
		if sums.visitors[day] == nil {
			sums.visitors[day] = map[string]bool{}
		}
		sums.visitors[day][client+" "+agent] = true
	}
	return sums
}

func TestImportRealLog(t *testing.T) {
	path := realData(t, "apache-logs/apache_logs")
	h := openHouse(t)
	var notices []string
	watch := Watch{Notice: func(n Notice) { notices = append(notices, n.String()) }}
	log := Log{Name: "apache_logs", Open: func() (io.ReadCloser, error) { return os.Open(path) }}
	report, err := ImportLog(operator(t), log, h.metric, LogOptions{}, watch)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff([]string{"apache_logs:8899: no closing quote"}, notices); diff != "" {
		t.Error(diff)
	}
	want := countRealLog(t, path)
	if report.Lines != 10_000 || report.Taken != 9_999 || report.Taken != want.lines {
		t.Errorf("%d of %d lines were taken; the other count has %d", report.Taken, report.Lines, want.lines)
	}
	if report.Views != want.views || report.Robots != want.robots {
		t.Errorf("%d views, %d of robots were counted; the other count has %d, %d", report.Views, report.Robots, want.views, want.robots)
	}
	h.compare(t, want)

	again, err := ImportLog(operator(t), log, h.metric, LogOptions{}, Watch{})
	if err != nil {
		t.Fatal(err)
	}
	unchanged := NewLogReport()
	unchanged.Earlier = 10_000
	if diff := gocmp.Diff(unchanged, again); diff != "" {
		t.Errorf("the second run did something:\n%s", diff)
	}
	h.compare(t, want)
}

// compare holds the figures of 17 to 20 May 2015 against another count.
func (h house) compare(t *testing.T, want counted) {
	t.Helper()
	const from, to = "2015-05-17", "2015-05-20"
	report := h.mustReport(t, from, to, metric.Filter{})
	robots, err := h.metric.Robots(operator(t), report)
	if err != nil || robots != want.robots {
		t.Errorf("%d robots, %v; want %d", robots, err, want.robots)
	}
	var visitors int64
	for day, readers := range want.visitors {
		date := "2015-05-" + day
		totals := h.mustTotals(t, date, date, metric.Filter{})
		if totals.Visitors != int64(len(readers)) {
			t.Errorf("%s: %d visitors, want %d", date, totals.Visitors, len(readers))
		}
		visitors += int64(len(readers))
	}
	if totals := h.mustTotals(t, from, to, metric.Filter{}); totals.Views != want.views || totals.Visitors != visitors {
		t.Errorf("%d views, %d visitors; want %d, %d", totals.Views, totals.Visitors, want.views, visitors)
	}
	for path, views := range want.paths {
		if totals := h.mustTotals(t, from, to, metric.Filter{Path: &path}); totals.Views != views {
			t.Errorf("%s: %d views, want %d", path, totals.Views, views)
		}
	}
	top, err := h.metric.Top(operator(t), report, metric.DimensionPath, 20)
	if err != nil {
		t.Fatal(err)
	}
	counts := slices.SortedFunc(maps.Values(want.paths), func(a, b int64) int { return cmp.Compare(b, a) })
	for i, row := range top {
		if row.Views != counts[i] || row.Views != want.paths[row.Value] {
			t.Errorf("place %d: %s with %d views; want %d, and %d for this path", i+1, row.Value, row.Views, counts[i], want.paths[row.Value])
		}
	}
	if len(top) != 20 {
		t.Errorf("%d paths, want 20", len(top))
	}
}
