package httpd

import (
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/client"
	"headwater/logic/content"
)

// addPost imports a post that was published so many hours before these tests.
func (w *world) addPost(t *testing.T, slug string, hours int, change func(*content.PostImport)) {
	t.Helper()
	post := content.PostImport{
		Source: slug + ".md", Slug: slug, Title: "Post " + slug, Markdown: "![A pond](/media/pond.png) *" + slug + "*", Authors: []string{"Ada Quill"},
		Tags: []string{"Ponds"}, PublishedAt: w.server.options.Clock().Add(-time.Duration(hours) * time.Hour),
	}
	if change != nil {
		change(&post)
	}
	if _, err := w.services.Content.ImportPost(operator(t), post); err != nil {
		t.Fatal(err)
	}
}

// newFeedWorld returns a server with three posts that readers see, a page among them, and three that they do not.
func newFeedWorld(t *testing.T, change func(*setup)) *world {
	t.Helper()
	w := newWorld(t, change)
	w.addPost(t, "first", 3, nil)
	w.addPost(t, "second", 2, nil)
	w.addPost(t, "about", 1, func(p *content.PostImport) { p.Kind = content.PostKindPage })
	w.addPost(t, "hidden-draft", 1, func(p *content.PostImport) { p.Draft = true })
	w.addPost(t, "hidden-coming", -1, nil)
	site := content.SiteChange{Title: new("Upper Pond"), URL: new("https://blog.example.org"), PostURL: new("https://blog.example.org/{slug}/")}
	if _, err := w.services.Content.UpdateSite(operator(t), site); err != nil {
		t.Fatal(err)
	}
	return w
}

// feedPaths are the addresses of feeds.
var feedPaths = []string{"/feed.atom", "/feed.json", "/sitemap.xml"}

// places finds the addresses of posts in any feed.
var places = regexp.MustCompile(`(?:<link rel="alternate" href="|<loc>|"url":")([^"<]*)`)

func placesIn(body string) string {
	var found []string
	for _, match := range places.FindAllStringSubmatch(body, -1) {
		found = append(found, match[1])
	}
	return strings.Join(found, " ")
}

func TestFeedsHoldWhatReadersSee(t *testing.T) {
	t.Parallel()
	w := newFeedWorld(t, nil)
	for path, want := range map[string]string{
		"/feed.atom":   "https://blog.example.org https://blog.example.org/second/ https://blog.example.org/first/",
		"/feed.json":   "https://blog.example.org/second/ https://blog.example.org/first/",
		"/sitemap.xml": "https://blog.example.org/first/ https://blog.example.org/second/ https://blog.example.org/about/",
	} {
		got := w.send(t, "GET", path, "", w.addScriptNamed(t, "script-"+strings.Trim(strings.ReplaceAll(path, ".", "-"), "/"))...)
		if got.StatusCode != http.StatusOK || strings.Contains(got.body, "hidden") || placesIn(got.body) != want {
			t.Errorf("%s: status %d, places %s: %s", path, got.StatusCode, placesIn(got.body), got.body)
		}
		if wantType := map[string]string{
			"/feed.atom": "application/atom+xml; charset=utf-8", "/feed.json": "application/feed+json; charset=utf-8", "/sitemap.xml": "application/xml; charset=utf-8",
		}[path]; got.Header.Get("Content-Type") != wantType || got.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: headers %v", path, got.Header)
		}
	}
	html := `<p><img src=\"` + w.url + `/media/pond.png\" alt=\"A pond\"> <em>second</em></p>`
	var feed struct {
		FeedURL string `json:"feed_url"`
		Items   []struct {
			ID, Title   string
			ContentHTML string `json:"content_html"`
			Authors     []struct{ Name string }
			Tags        []string
		}
	}
	if err := json.Unmarshal([]byte(w.send(t, "GET", "/feed.json", "").body), &feed); err != nil || len(feed.Items) != 2 {
		t.Fatalf("%v: %+v", err, feed)
	}
	item := feed.Items[0]
	if feed.FeedURL != w.url+"/feed.json" || item.Title != "Post second" || item.Authors[0].Name != "Ada Quill" || item.Tags[0] != "Ponds" ||
		!strings.HasPrefix(item.ID, "urn:uuid:") || item.ID == feed.Items[1].ID ||
		strings.TrimSpace(item.ContentHTML) != strings.ReplaceAll(html, `\"`, `"`) {
		t.Errorf("got %+v", feed)
	}
}

func TestFeedsHaveTheAddressesOfAClient(t *testing.T) {
	t.Parallel()
	w := newFeedWorld(t, nil)
	w.addClient(t, "plain", client.KindWeb)
	_, err := w.services.Client.CreateClient(operator(t), client.CreateClientInput{
		Name: "app", Kind: client.KindMobile, PostURL: new("https://app.example/posts/{slug}?a=1&b=2"), RequestsPerMinute: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range feedPaths {
		got := w.send(t, "GET", path+"?client=app", "")
		if got.StatusCode != http.StatusOK || !strings.Contains(placesIn(got.body), "https://app.example/posts/second?a=1") ||
			strings.Contains(placesIn(got.body), "https://blog.example.org/second/") {
			t.Errorf("%s: status %d: %s", path, got.StatusCode, got.body)
		}
		if path != "/sitemap.xml" && !strings.Contains(got.body, w.url+path+"?client=app") {
			t.Errorf("%s does not name itself: %s", path, got.body)
		}
		if ours := w.send(t, "GET", path, ""); strings.Contains(ours.body, "app.example") || ours.Header.Get("Etag") == got.Header.Get("Etag") {
			t.Errorf("%s is the same as the client's", path)
		}
		for _, name := range []string{"plain", "public"} {
			got := w.send(t, "GET", path+"?client="+name, "")
			if got.StatusCode != http.StatusOK || !strings.Contains(placesIn(got.body), "https://blog.example.org/second/") {
				t.Errorf("%s of %q, which shows posts where the site does: status %d: %s", path, name, got.StatusCode, got.body)
			}
		}
		for _, name := range []string{"nobody", ""} {
			if got := w.send(t, "GET", path+"?client="+name, ""); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s of %q: status %d", path, name, got.StatusCode)
			}
		}
	}
}

func TestEntriesKeepTheirIDsWhereTheSiteMoves(t *testing.T) {
	t.Parallel()
	w := newFeedWorld(t, nil)
	ids := regexp.MustCompile(`"id":"[^"]*"`)
	before := ids.FindAllString(w.send(t, "GET", "/feed.json", "").body, -1)
	if _, err := w.services.Content.UpdateSite(operator(t), content.SiteChange{URL: new("https://moved.example")}); err != nil {
		t.Fatal(err)
	}
	moved := w.send(t, "GET", "/feed.json", "").body
	if after := ids.FindAllString(moved, -1); len(before) != 2 || !slices.Equal(before, after) || !strings.Contains(moved, "https://moved.example") {
		t.Errorf("got %q, before %q", after, before)
	}
}

func TestPagesOfEveryOriginReadFeeds(t *testing.T) {
	t.Parallel()
	w := newFeedWorld(t, nil)
	for _, path := range feedPaths {
		tag := w.send(t, "GET", path, "").Header.Get("Etag")
		for _, headers := range [][]string{nil, {"Origin", "https://elsewhere.example"}, {"Origin", "https://elsewhere.example", "If-None-Match", tag}} {
			header := w.send(t, "GET", path, "", headers...).Header
			if header.Get("Access-Control-Allow-Origin") != "*" || header.Get("Access-Control-Allow-Credentials") != "" ||
				header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
				t.Errorf("%s, %q: headers %v", path, headers, header)
			}
		}
	}
}

func TestFeedsAreSentWhereTheyChanged(t *testing.T) {
	t.Parallel()
	now := noon.Add(10 * 365 * 24 * time.Hour) // later than the machine's clock, by which the database began
	httpTime := func(moment logic.Moment) string { return moment.Time().Format(http.TimeFormat) }
	w := newFeedWorld(t, func(s *setup) { s.clock = func() logic.Moment { return now } })
	for _, path := range feedPaths {
		if got := w.send(t, "GET", path, ""); got.Header.Get("Last-Modified") != "" {
			t.Errorf("%s: what changed just now was last modified %s", path, got.Header.Get("Last-Modified"))
		}
	}
	changed := now
	now = now.Add(time.Hour)
	old := map[string]answer{}
	for _, path := range feedPaths {
		first := w.send(t, "GET", path, "", "Accept-Encoding", "identity")
		tag, modified := first.Header.Get("Etag"), first.Header.Get("Last-Modified")
		if !regexp.MustCompile(`^"[0-9a-f]{64}"$`).MatchString(tag) || modified != httpTime(changed) {
			t.Fatalf("%s: headers %v", path, first.Header)
		}
		packed := w.send(t, "GET", path, "", "Accept-Encoding", "gzip")
		unpacked, err := gzip.NewReader(strings.NewReader(packed.body))
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := io.ReadAll(unpacked); err != nil || string(plain) != first.body || packed.Header.Get("Content-Encoding") != "gzip" ||
			packed.Header.Get("Etag") == tag {
			t.Errorf("%s: packed it has headers %v, %v", path, packed.Header, err)
		}
		again := w.send(t, "GET", path, "", "Accept-Encoding", "gzip", "If-None-Match", packed.Header.Get("Etag"))
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: packed again it has status %d", path, again.StatusCode)
		}
		for _, method := range []string{"GET", "HEAD"} {
			for name, test := range map[string]struct {
				headers []string
				status  int
			}{
				"nothing known":             {nil, 200},
				"the tag":                   {[]string{"If-None-Match", tag}, 304},
				"a weak tag":                {[]string{"If-None-Match", `"other", W/` + tag}, 304},
				"the tag packed":            {[]string{"If-None-Match", packed.Header.Get("Etag")}, 200},
				"another tag":               {[]string{"If-None-Match", `"other"`, "If-Modified-Since", modified}, 200},
				"when it changed":           {[]string{"If-Modified-Since", modified}, 304},
				"a second before":           {[]string{"If-Modified-Since", httpTime(changed - 1000)}, 200},
				"no date":                   {[]string{"If-Modified-Since", "yesterday"}, 200},
				"the tag of another":        {[]string{"If-None-Match", w.send(t, "GET", "/front.css", "").Header.Get("Etag")}, 200},
				"the tag and an older date": {[]string{"If-None-Match", tag, "If-Modified-Since", httpTime(noon)}, 304},
			} {
				got := w.send(t, method, path, "", append(test.headers, "Accept-Encoding", "identity")...)
				if got.StatusCode != test.status || got.Header.Get("Etag") == "" || got.Header.Get("Vary") != "Accept-Encoding" {
					t.Errorf("%s %s, %s: status %d, headers %v", method, path, name, got.StatusCode, got.Header)
				}
				if hasBody := got.body != ""; hasBody != (method == "GET" && test.status == 200) {
					t.Errorf("%s %s, %s: the body is %q", method, path, name, got.body)
				}
				if test.status == 200 && got.Header.Get("Content-Length") != fmt.Sprint(len(first.body)) {
					t.Errorf("%s %s, %s: length %s", method, path, name, got.Header.Get("Content-Length"))
				}
			}
		}
		old[path] = first
	}
	w.addPost(t, "third", 0, nil)
	now = now.Add(time.Minute)
	for path, first := range old {
		got := w.send(t, "GET", path, "", "If-None-Match", first.Header.Get("Etag"), "If-Modified-Since", first.Header.Get("Last-Modified"))
		if got.StatusCode != http.StatusOK || !strings.Contains(got.body, "https://blog.example.org/third/") || got.Header.Get("Last-Modified") == first.Header.Get("Last-Modified") {
			t.Errorf("%s afterwards: status %d, headers %v: %s", path, got.StatusCode, got.Header, got.body)
		}
		if got := w.send(t, "POST", path, ""); got.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: status %d", path, got.StatusCode)
		}
	}
}

func TestFeedsAreRefusedWherePublicIsClosed(t *testing.T) {
	t.Parallel()
	w := newFeedWorld(t, nil)
	tags := map[string]string{}
	for _, path := range feedPaths {
		tags[path] = w.send(t, "GET", path, "").Header.Get("Etag")
	}
	w.boundPublic(t)
	front, script := w.send(t, "GET", "/", ""), w.addScriptNamed(t, "script")
	for _, path := range feedPaths {
		for _, asked := range []string{path, path + "?client=public", path + "?client=nobody"} {
			got := w.send(t, "GET", asked, "", append(script, "If-None-Match", tags[path])...)
			if got.StatusCode != http.StatusUnauthorized || got.body != front.body || got.Header.Get("Etag") != "" {
				t.Errorf("%s: status %d, headers %v: %s", asked, got.StatusCode, got.Header, got.body)
			}
		}
	}
	w.boundPublic(t, logic.ScopePostsRead)
	for _, path := range feedPaths {
		if got := w.send(t, "GET", path, "", "If-None-Match", tags[path]); got.StatusCode != http.StatusNotModified {
			t.Errorf("%s, opened again: status %d", path, got.StatusCode)
		}
	}
}

func TestFeedsShowNothingWherePublicMayNotReadPosts(t *testing.T) {
	t.Parallel()
	w := newFeedWorld(t, nil)
	w.boundPublic(t, logic.ScopeMetricsWrite)
	for i, path := range feedPaths {
		got := w.send(t, "GET", path, "", w.addScriptNamed(t, fmt.Sprintf("script-%d", i))...)
		if got.StatusCode != http.StatusOK || strings.Contains(got.body, "second") || strings.Contains(got.body, "Ada") {
			t.Errorf("%s: status %d: %s", path, got.StatusCode, got.body)
		}
		if path != "/feed.json" && xml.Unmarshal([]byte(got.body), &struct{ XMLName xml.Name }{}) != nil {
			t.Errorf("%s: %s", path, got.body)
		}
	}
}

// boundPublic lets requests without a key do no more than the given.
func (w *world) boundPublic(t *testing.T, ceiling ...logic.Scope) {
	t.Helper()
	if ceiling == nil {
		ceiling = []logic.Scope{}
	}
	if _, err := w.services.Client.UpdateClient(operator(t), client.PublicName, client.UpdateClientInput{ScopeCeiling: ceiling}); err != nil {
		t.Fatal(err)
	}
}

func TestLargeSitemapsHavePages(t *testing.T) {
	t.Parallel()
	w := newFeedWorld(t, nil)
	w.server.sitemapLimit = 2
	for path, want := range map[string]string{
		"/sitemap.xml":        w.url + "/sitemap.xml?page=1 " + w.url + "/sitemap.xml?page=2",
		"/sitemap.xml?page=1": "https://blog.example.org/first/ https://blog.example.org/second/",
		"/sitemap.xml?page=2": "https://blog.example.org/about/",
	} {
		got := w.send(t, "GET", path, "")
		if got.StatusCode != http.StatusOK || placesIn(got.body) != want {
			t.Errorf("%s: status %d: %s", path, got.StatusCode, got.body)
		}
	}
	for _, page := range []string{"3", "0", "-1", "x", "", "99999999999999999999", "1.5"} {
		if got := w.send(t, "GET", "/sitemap.xml?page="+page, ""); got.StatusCode != http.StatusNotFound {
			t.Errorf("page %q: status %d: %s", page, got.StatusCode, got.body)
		}
	}
}

func TestFeedsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	long := strings.Repeat(strings.Repeat("word ", 200)+"\n\n", 900)
	for i := range feedBytes/len(long) + 2 {
		w.addPost(t, fmt.Sprintf("post-%d", i), i, func(p *content.PostImport) { p.Markdown = long })
	}
	got := w.send(t, "GET", "/feed.json", "")
	if count := strings.Count(got.body, `"content_html"`); got.StatusCode != http.StatusOK || len(got.body) > feedBytes*2 || count < 5 || count > feedBytes/len(long) {
		t.Errorf("status %d, %d bytes, %d posts", got.StatusCode, len(got.body), count)
	}
	for i := range feedPosts {
		w.addPost(t, fmt.Sprintf("short-%d", i), 0, nil)
	}
	if count := strings.Count(w.send(t, "GET", "/feed.json", "").body, `"content_html"`); count != feedPosts {
		t.Errorf("there are %d posts", count)
	}
}

func TestFeedsAreWrittenOncePerChange(t *testing.T) {
	t.Parallel()
	w := newFeedWorld(t, nil)
	w.send(t, "GET", "/feed.atom", "")
	before := w.store.Statements()
	w.send(t, "GET", "/feed.atom", "")
	if ran := w.store.Statements() - before; ran != 1 {
		t.Errorf("asking again ran %d statements, want the one that tells the version", ran)
	}
	kept, noise := newFeeds(1), rand.NewChaCha8([32]byte{}) // what can't be compressed
	for i := range 10 {
		asset, err := kept.get(t.Context(), feedQuestion{page: i}, "text/plain", func(out io.Writer) error {
			_, err := io.Copy(out, io.LimitReader(noise, maxKeptFeeds/3))
			return err
		})
		if err != nil || asset.Size != maxKeptFeeds/3 {
			t.Fatal(asset.Size, err)
		}
		if kept.bytes > maxKeptFeeds || len(kept.kept) > 2 {
			t.Fatalf("%d feeds of %d bytes are kept", len(kept.kept), kept.bytes)
		}
	}
}

func TestTheFrontPageLeadsToTheFeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	page := w.send(t, "GET", "/", "").body
	for _, path := range feedPaths[:2] {
		if !strings.Contains(page, `href="`+path+`"`) {
			t.Errorf("it does not name %s", path)
		}
	}
}

func TestFeedsForgetTheNameOfAnAuthor(t *testing.T) {
	t.Parallel()
	w := newFeedWorld(t, nil)
	if before := w.send(t, "GET", "/feed.atom", "").body; !strings.Contains(before, "Ada Quill") {
		t.Fatal(before)
	}
	user, err := w.services.Account.User(operator(t), "ada-quill")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.services.Account.EraseUser(operator(t), user.ID); err != nil {
		t.Fatal(err)
	}
	if after := w.send(t, "GET", "/feed.atom", "").body; strings.Contains(after, "Ada Quill") || !strings.Contains(after, "Former author") {
		t.Error(after)
	}
}

func TestFeedsSayNothingOfPeopleWhoWroteNothing(t *testing.T) {
	t.Parallel()
	now := noon.Add(10 * 365 * 24 * time.Hour)
	w := newFeedWorld(t, func(s *setup) { s.clock = func() logic.Moment { return now } })
	hidden, err := w.services.Account.CreateUser(operator(t), account.CreateUserInput{Username: "una", Email: "una@example.org", Name: new("Una"), Role: logic.RoleAuthor})
	if err != nil {
		t.Fatal(err)
	}
	author, err := w.services.Account.User(operator(t), "ada-quill")
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	before := w.send(t, "GET", "/feed.atom", "").Header.Get("Last-Modified")
	for _, test := range []struct {
		user    account.User
		changes bool
	}{{hidden, false}, {author, true}} {
		if _, err := w.services.Account.UpdateUser(operator(t), test.user.ID, account.UserChange{Name: new("Ada Una")}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Hour)
		if after := w.send(t, "GET", "/feed.atom", "").Header.Get("Last-Modified"); after != before != test.changes {
			t.Errorf("%s has another name: last modified %s, %s before", test.user.Username, after, before)
		}
	}
}
