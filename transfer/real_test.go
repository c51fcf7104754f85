package transfer

import (
	"bufio"
	"cmp"
	"html"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/metric"
)

func TestImportRealBlog(t *testing.T) {
	root := realData(t, "golang-blog")
	folder, inside := os.DirFS(root), openRoot(t, root)
	h := openHouse(t)
	want := PostReport{
		Files: 333, Created: 270, Images: 98, Left: Tally{reasonRedirect: 60, reasonNoDate: 2, reasonNoMatter: 1},
		Changed: Tally{reasonTemplatePart: 16, reasonSanitised: 31, reasonNoImage: 618}, // the folder is without most of its images
	}
	var missing []Notice
	for run := range 2 {
		var named int64
		watch := Watch{Notice: func(n Notice) {
			if named++; n.Reason == reasonNoImage {
				missing = append(missing, n)
			}
		}}
		report, err := ImportPosts(operator(t), folder, h.content, PostOptions{Language: "en", DefaultAuthor: "Unknown", Images: inside}, watch)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(want, report); diff != "" {
			t.Errorf("run %d: %s", run, diff)
		}
		if wantNamed := report.Left.Total() + report.Changed.Total(); named != wantNamed {
			t.Errorf("%d places were named, not %d", named, wantNamed)
		}
		want.Created, want.Unchanged, want.Changed = 0, 270, Tally{}
	}
	h.wantNoNewDangling(t, folder, missing)
}

// wantNoNewDangling fails the test where a post shows an image, or leads to one, that is neither there nor among those that are missing, and where
// anything is called missing that the folder has.
func (h house) wantNoNewDangling(t *testing.T, folder fs.FS, missing []Notice) {
	t.Helper()
	var files []string
	err := fs.WalkDir(folder, ".", func(file string, _ fs.DirEntry, err error) error {
		files = append(files, "/"+file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	has := func(address string) bool {
		end := "/" + strings.TrimLeft(path.Clean(address), "./")
		return slices.ContainsFunc(files, func(file string) bool { return strings.HasSuffix(file, end) })
	}
	told := map[string]bool{}
	for _, n := range missing {
		if has(n.Detail) {
			t.Errorf("%s is called missing in %s, and the folder has it", n.Detail, n.File)
		}
		told[n.Detail] = true
	}
	there, gone := 0, 0
	for slug, markup := range h.allHTML(t) {
		for _, match := range shownAddress.FindAllStringSubmatch(markup, -1) {
			address := html.UnescapeString(match[1] + match[2])
			if strings.Contains(address, "://") {
				continue
			}
			name, isOurs := strings.CutPrefix(address, mediaPath)
			switch {
			case isOurs:
				file, err := h.content.OpenMedia(t.Context(), name)
				if err != nil {
					t.Errorf("%s shows %s: %v", slug, address, err)
					continue
				}
				there++
				file.Content.Close()
			case told[address]:
				gone++
			case match[1] != "" || has(address):
				t.Errorf("%s shows %s, which nobody is told of", slug, address)
			}
		}
	}
	t.Logf("%d images are there, %d were missing in the source", there, gone)
	if there < 98 || gone > 2*len(missing) {
		t.Errorf("%d images are there and %d are not, of which %d were missing", there, gone, len(missing))
	}
}

// shownAddress matches the addresses of images, and of links to images, in rendered HTML.
var shownAddress = regexp.MustCompile(`(?i)<img [^>]*?src="([^"]*)"|<a [^>]*?href="([^"]*\.(?:png|jpe?g|gif|webp|svg))"`)

// allHTML returns the HTML of every post by its slug.
func (h house) allHTML(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	args := logic.PageArgs{First: new(logic.MaxPageSize)}
	for {
		query, err := h.content.PostQuery(operator(t), nil, nil, args)
		if err != nil {
			t.Fatal(err)
		}
		pages, err := h.content.PostPages(operator(t), []content.PostList{content.AllPosts}, query)
		if err != nil {
			t.Fatal(err)
		}
		page := pages[content.AllPosts]
		var ids []logic.PostID
		for _, post := range page.Items {
			ids = append(ids, post.ID)
		}
		texts, err := h.content.Bodies(operator(t), ids, content.BodyHTML)
		if err != nil {
			t.Fatal(err)
		}
		for _, post := range page.Items {
			found[post.Slug] = texts[post.ID]
		}
		if !page.More {
			return found
		}
		last := query.Order.Cursor(page.Items[len(page.Items)-1])
		args.After = &last
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
