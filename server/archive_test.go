package main

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExportAndImportArchive(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "content/a.md"), "---\ntitle: A\ndate: 2025-03-04\ntags: [x]\n---\nText.\n")
	mustRunIn(t, dir, "", []string{"import", "posts", "content"}, "1  created")
	mustRunIn(t, dir, "", []string{"export", "out"}, "files written", "1  posts\n", "1  revisions\n", "1  users\n")
	mustRunIn(t, dir, "", []string{"import", "archive", "out", "--data", "new/data"}, "files taken into new/data", "1  posts\n")
	mustRunIn(t, dir, "", []string{"export", "again", "--data", "new/data"}, "files written")
	mustBeTheSame(t, filepath.Join(dir, "out"), filepath.Join(dir, "again"))
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"into what is there":        {[]string{"export", "out"}, exitUsage, "the folder is not empty"},
		"over what is there":        {[]string{"import", "archive", "out"}, exitUsage, "the data folder data is not empty"},
		"of nothing":                {[]string{"export", "x", "--data", "nowhere"}, exitUsage, "there is no headwater.db"},
		"of no archive":             {[]string{"import", "archive", "content", "--data", "other"}, exitFailed, "manifest.json: it is not there"},
		"of a folder that is not":   {[]string{"import", "archive", "nowhere", "--data", "other"}, exitFailed, "no such file"},
		"without saying where from": {[]string{"import", "archive"}, exitUsage, "expected"},
	} {
		stdout, stderr, code := runIn(t, dir, "", c.args...)
		if code != c.code || !strings.Contains(stderr, c.want) || stdout != "" {
			t.Errorf("%s: %d, %q, %q", name, code, stdout, stderr)
		}
	}
	writeFile(t, filepath.Join(dir, "out/site.json"), "{}")
	if _, stderr, code := runIn(t, dir, "", "import", "archive", "out", "--data", "other"); code != exitFailed || !strings.Contains(stderr, "the archive is damaged: site.json") {
		t.Errorf("a damaged archive ends with %d and says %q", code, stderr)
	}
	for _, left := range []string{"other", "x", "nowhere"} {
		if _, err := os.Stat(filepath.Join(dir, left)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s was left", left)
		}
	}
}

// mustBeTheSame fails the test unless two folders hold the same files with the same bytes.
func mustBeTheSame(t *testing.T, one, two string) {
	t.Helper()
	count := [2]int{}
	for i, folder := range []string{one, two} {
		err := fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			count[i]++
			first, err := os.ReadFile(filepath.Join(one, path))
			if err != nil {
				return err
			}
			second, err := os.ReadFile(filepath.Join(two, path))
			if err == nil && string(first) != string(second) {
				t.Errorf("%s is not the same in both", path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if count[0] != count[1] || count[0] == 0 {
		t.Errorf("there are %d and %d files", count[0], count[1])
	}
}

func TestImportExportsOfOthers(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "ghost.json"), `{"db":[{"data":{"posts":[{"id":"1","uuid":"u","title":"A","slug":"a","html":"<p>x <script>y</script></p>","status":"published","published_at":"2025-03-04T10:00:00.000Z"}]}}]}`)
	writeFile(t, filepath.Join(dir, "wordpress.xml"), `<rss><channel><wp:wxr_version xmlns:wp="w">1.2</wp:wxr_version><item><title>B</title><content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">One
two [gallery ids="1"]</content:encoded><post_id>1</post_id><post_type>post</post_type><status>publish</status><post_date_gmt>2025-03-05 10:00:00</post_date_gmt></item></channel></rss>`)
	mustRunIn(t, dir, "", []string{"import", "ghost", "ghost.json", "--dry-run"}, "1 posts and pages", "1  that could be taken")
	mustRunIn(t, dir, "", []string{"import", "ghost", "ghost.json"}, "ghost.json: a: what posts can't hold was taken out (<script>)\n", "1  created")
	mustRunIn(t, dir, "", []string{"import", "wordpress", "wordpress.xml"}, "a shortcode stays as text ([gallery])\n", "1  created")
	mustRunIn(t, dir, "", []string{"import", "wordpress", "wordpress.xml"}, "1  unchanged", "Nothing has changed.")
	for _, args := range [][]string{{"import", "ghost", "wordpress.xml"}, {"import", "wordpress", "ghost.json"}} {
		if stdout, stderr, code := runIn(t, dir, "", args...); code != exitFailed || stdout != "" || !strings.Contains(stderr, "not an export that can be read") {
			t.Errorf("%v: %d, %q, %q", args, code, stdout, stderr)
		}
	}
	if _, stderr, code := runIn(t, dir, "", "import", "ghost", "ghost.json", "--url", "old.example.org"); code != exitUsage || !strings.Contains(stderr, "--url must be an absolute") {
		t.Errorf("%d, %q", code, stderr)
	}
}

// TestRealBlogComesBackAsItWas takes the blog with its images and the log through an archive, and asks both servers the same.
func TestRealBlogComesBackAsItWas(t *testing.T) {
	real := os.Getenv("HEADWATER_REAL_DATA")
	if _, err := os.Stat(filepath.Join(real, "golang-blog")); real == "" || err != nil {
		t.Skip("there is no real input: HEADWATER_REAL_DATA names the folder that holds it")
	}
	dir := t.TempDir()
	for _, args := range [][]string{
		{"site", "--time-zone", "Europe/Berlin", "--post-url", "https://example.org/blog/{slug}"},
		{"import", "posts", filepath.Join(real, "golang-blog")},
		{"import", "log", filepath.Join(real, "apache-logs/apache_logs")},
		{"export", "one"}, {"import", "archive", "one", "--data", "second"}, {"export", "two", "--data", "second"},
	} {
		if stdout, stderr, code := runIn(t, dir, "", args...); code != 0 { // what it says meanwhile depends on how long it takes
			t.Fatalf("%v ends with %d and says %s%s", args, code, stdout, stderr)
		}
	}
	mustBeTheSame(t, filepath.Join(dir, "one"), filepath.Join(dir, "two"))
	key := mustKey(t, dir, "data")
	otherKey := mustKey(t, dir, "second")
	first := start(t, nil, "serve", "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0")
	second := start(t, nil, "serve", "--data", filepath.Join(dir, "second"), "--listen", "127.0.0.1:0")
	for _, query := range []string{
		`{site{title url} posts(first:50){totalCount edges{cursor node{id slug url html text excerpt wordCount publishedAt updatedAt tags{slug} authors{id username} related(first:3){slug} next{slug} previous{slug}}}}}`,
		`{tags(first:100){nodes{id slug name postCount}} users(first:100){nodes{id username name}}}`,
		`{searchPosts(query:"garbage collector",first:10){totalCount edges{cursor node{slug}}}}`,
		`{metrics(range:{from:"2015-05-01",to:"2015-05-31"}){totals{views visitors visits} topPaths:top(dimension:PATH,first:20){value views visitors} series(interval:DAY){views}}}`,
	} {
		query = strings.ReplaceAll(strings.ReplaceAll(query, `\"`, `"`), `"`, `\"`)
		one, two := ask(t, first.url, key, query), ask(t, second.url, otherKey, query)
		if one != two || !strings.HasPrefix(one, `{"data":{`) {
			t.Errorf("%s is answered by\n%.2000s\nand by\n%.2000s", query, one, two)
		}
	}
}

// mustKey makes a secret key that may read everything.
func mustKey(t *testing.T, dir, data string) string {
	t.Helper()
	if _, stderr, code := runIn(t, dir, "", "client", "add", "all", "--kind", "SERVER", "--scopes", "ALL", "--data", data); code != 0 {
		t.Fatal(stderr)
	}
	stdout, stderr, code := runIn(t, dir, "", "key", "add", "all", "--kind", "SECRET", "--scopes", "ALL", "--label", "test", "--data", data)
	if code != 0 {
		t.Fatal(stderr)
	}
	return strings.TrimSpace(stdout)
}

// ask sends a query, and returns the answer without the server's own address.
func ask(t *testing.T, url, key, query string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/graphql", strings.NewReader(`{"query":"`+query+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(body), url, "")
}
