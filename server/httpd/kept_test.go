package httpd

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"headwater/graph"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/client"
	"headwater/logic/content"
	"headwater/logic/metric"
)

// newKept returns a server with the sample that tells of what it keeps.
func newKept(t *testing.T, change func(*setup)) *world {
	t.Helper()
	return newWorld(t, func(s *setup) {
		s.filled, s.debugCache = true, true
		if change != nil {
			change(s)
		}
	})
}

const newest = `{"query":"query Newest { posts(first: 3) { nodes { title text author { name } } } }"}`

// askTwice returns how a request was answered the second time: HIT, MISS or PASS.
func (w *world) askTwice(t *testing.T, body string, headers ...string) string {
	t.Helper()
	w.post(t, body, headers...)
	return w.post(t, body, headers...).Header.Get("X-Cache")
}

// asking returns the body of a request.
func asking(text string) string { return `{"query":` + strconv.Quote(text) + `}` }

func TestWhatIsKept(t *testing.T) {
	w := newKept(t, nil)
	w.addClient(t, "studio", client.KindServer)
	_, secret := w.addKey(t, "studio", client.KeySecret)
	w.addPerson(t, "ada", logic.RoleAdmin)
	session := w.signIn(t, "ada", "X-Api-Key", secret)
	post := w.anyPost(t)
	token, _, err := w.services.Content.CreatePreviewToken(operator(t), post.ID, 600)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		body    string
		headers []string
		want    string
	}{
		"a list":                   {newest, nil, cacheHit},
		"a post that is not there": {asking(`{ post(slug: "nowhere") { title } }`), nil, cacheHit},
		"the schema":               {asking(`{ __schema { queryType { name } } }`), nil, cacheHit},
		"a secret key's":           {asking(`{ posts(filter: {status: [DRAFT]}) { totalCount } }`), []string{"X-Api-Key", secret}, cacheHit},
		"a person's":               {newest, []string{"Authorization", "Bearer " + session}, cachePass},
		"the viewer":               {asking(`{ viewer { id } }`), nil, cachePass},
		"the viewer beside":        {asking(`{ site { title } viewer { client { name } } }`), nil, cachePass},
		"a preview":                {asking(`{ postPreview(token: "` + token + `") { title } }`), nil, cachePass},
		"an error":                 {asking(`{ metrics(range: {from: "2026-11-01", to: "2026-11-02"}) { totals { views } } }`), nil, cachePass},
		"what does not fit":        {asking(`{ nothing }`), nil, cachePass},
		"a mutation":               {asking(`mutation { signOut { userErrors { code } } }`), nil, cachePass},
		"clients":                  {asking(`{ clients { name } }`), []string{"X-Api-Key", secret}, cachePass},
		"a client as a node":       {asking(`{ node(id: "` + clientID(t, w) + `") { id } }`), []string{"X-Api-Key", secret}, cachePass},
		"revisions":                {asking(`{ post(slug: "` + post.Slug + `") { revisions { totalCount } } }`), []string{"X-Api-Key", secret}, cachePass},
		"with an idempotency key":  {newest, []string{"Idempotency-Key", "a"}, cachePass},
		"what is too long":         {asking(`{ site { title } } #` + strings.Repeat(" ", keptFrom)), nil, cachePass},
		"views of this moment":     {asking(`{ posts(first: 1) { nodes { views } } }`), []string{"X-Api-Key", secret}, cachePass},
	} {
		t.Run(name, func(t *testing.T) {
			if got := w.askTwice(t, test.body, test.headers...); got != test.want {
				t.Errorf("the second time it was %q, not %q", got, test.want)
			}
		})
	}
}

func clientID(t *testing.T, w *world) string {
	t.Helper()
	found, err := w.services.Client.Client(operator(t), "studio")
	if err != nil {
		t.Fatal(err)
	}
	return found.ID.ID().String()
}

// anyPost returns one of the published posts.
func (w *world) anyPost(t *testing.T) content.Post {
	t.Helper()
	query, err := w.services.Content.PostQuery(operator(t), nil, nil, logic.PageArgs{First: new(1)})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := w.services.Content.PostPages(operator(t), []content.PostList{content.AllPosts}, query)
	if err != nil {
		t.Fatal(err)
	}
	return pages[content.AllPosts].Items[0]
}

func TestAnswersAreSharedByThoseOfTheSameRights(t *testing.T) {
	w := newKept(t, nil)
	own := "https://app.example.org/{slug}"
	for name, scopes := range map[string][]logic.Scope{"web": {logic.ScopePostsRead, logic.ScopeMetricsWrite}, "app": {logic.ScopePostsRead, logic.ScopeMetricsWrite, logic.ScopePostsWrite}, "shut": {logic.ScopeMetricsWrite}, "own": nil} {
		w.addClient(t, name, client.KindMobile)
		change := client.UpdateClientInput{}
		if scopes != nil {
			change.ScopeCeiling = scopes
		}
		if name == "own" {
			change.PostURL = logic.TextChange{Given: true, Value: &own}
		}
		if _, err := w.services.Client.UpdateClient(operator(t), name, change); err != nil {
			t.Fatal(err)
		}
	}
	key := func(name string) []string {
		_, token := w.addKey(t, name, client.KeyPublishable)
		return []string{"X-Api-Key", token}
	}
	w.post(t, newest)
	for name, want := range map[string]string{"web": cacheHit, "app": cacheHit, "own": cacheHit, "shut": cacheMiss} {
		if got := w.post(t, newest, key(name)...); got.Header.Get("X-Cache") != want {
			t.Errorf("%s got %s: %s", name, got.Header.Get("X-Cache"), got.body)
		}
	}
	addresses := asking(`{ posts(first: 1) { nodes { url } } }`)
	w.post(t, addresses)
	if got := w.post(t, addresses, key("web")...); got.Header.Get("X-Cache") != cacheHit || strings.Contains(got.body, "app.example.org") {
		t.Errorf("%s: %s", got.Header.Get("X-Cache"), got.body)
	}
	keyOfOwn := key("own")
	for _, want := range []string{cacheMiss, cacheHit} {
		if got := w.post(t, addresses, keyOfOwn...); got.Header.Get("X-Cache") != want || !strings.Contains(got.body, "app.example.org") {
			t.Errorf("%s, not %s: %s", got.Header.Get("X-Cache"), want, got.body)
		}
	}
}

func TestKeptAnswersSayHowLongTheyHold(t *testing.T) {
	now := noon
	w := newKept(t, func(s *setup) {
		s.debugCache, s.freshness, s.clock = false, 3*time.Second, func() logic.Moment { return now }
	})
	w.addClient(t, "studio", client.KindServer)
	_, secret := w.addKey(t, "studio", client.KeySecret)
	figures := get("query", `{ metrics(range: {from: "2026-11-01", to: "2026-11-24"}) { totals { views } } }`)
	for name, test := range map[string]struct {
		path, want string
		headers    []string
	}{
		"public":      {get("query", `{ site { title } }`), "public, max-age=0, must-revalidate", nil},
		"a key":       {get("query", `{ site { title } }`), "private, max-age=0, must-revalidate", []string{"X-Api-Key", secret}},
		"a secret":    {get("query", `{ posts { nodes { viewerCanEdit } } }`), "private, max-age=0, must-revalidate", nil},
		"metrics":     {figures, "private, max-age=3", []string{"X-Api-Key", secret}},
		"the viewer":  {get("query", `{ viewer { id } }`), "no-store", nil},
		"an error":    {get("query", `{ nothing }`), "no-store", nil},
		"no argument": {"/graphql", "no-store", nil},
	} {
		for _, time := range []string{"first", "second"} {
			got := w.send(t, "GET", test.path, "", test.headers...)
			if got.Header.Get("Cache-Control") != test.want || (test.want == "no-store") != (got.Header.Get("Etag") == "") {
				t.Errorf("%s, the %s time: %v", name, time, got.Header)
			}
		}
	}
	now = now.Add(1100 * time.Millisecond)
	if got := w.send(t, "GET", figures, "", "X-Api-Key", secret); got.Header.Get("Age") != "2" { // or whoever keeps them would keep them too long
		t.Errorf("metrics of 1.1 seconds ago say %v", got.Header)
	}
	if _, err := w.services.Metric.RecordEvents(viewing(t), []metric.EventInput{{Path: new("/seen")}}); err != nil {
		t.Fatal(err)
	}
	before := w.send(t, "GET", figures, "", "X-Api-Key", secret)
	now = now.Add(1900 * time.Millisecond)
	if after := w.send(t, "GET", figures, "", "X-Api-Key", secret); after.Header.Get("Age") != "" || after.body == before.body {
		t.Errorf("after 3 seconds metrics are still %s, with %v", after.body, after.Header)
	}
}

func TestUnchangedAnswersAreNotSentAgain(t *testing.T) {
	w := newKept(t, func(s *setup) { s.debugCache = false })
	path := get("query", `{ posts(first: 3) { nodes { title } } }`)
	first := w.send(t, "GET", path, "")
	tag := first.Header.Get("Etag")
	for name, test := range map[string]struct {
		method, tags string
		want         int
	}{
		"the same":       {"GET", tag, 304},
		"without W/":     {"GET", strings.TrimPrefix(tag, "W/"), 304},
		"among others":   {"GET", `"a", ` + tag, 304},
		"whichever":      {"GET", "*", 304},
		"another":        {"GET", `W/"a"`, 200},
		"its head alone": {"HEAD", tag, 304},
	} {
		got := w.send(t, test.method, path, "", "If-None-Match", test.tags)
		if got.StatusCode != test.want || got.StatusCode == 304 && (got.body != "" || got.Header.Get("Etag") != tag) {
			t.Errorf("%s: %d, %v, %s", name, got.StatusCode, got.Header, got.body)
		}
	}
	for _, media := range []string{"application/json", "application/graphql-response+json"} {
		got := w.send(t, "GET", path, "", "If-None-Match", tag, "Accept", media)
		if same := strings.HasPrefix(first.Header.Get("Content-Type"), media); same != (got.StatusCode == 304) || same != (got.Header.Get("Etag") == tag) {
			t.Errorf("as %s, where %s is known: %d, %v", media, first.Header.Get("Content-Type"), got.StatusCode, got.Header)
		}
	}
	if _, err := w.services.Content.UnpublishPost(operator(t), w.anyPost(t).ID); err != nil {
		t.Fatal(err)
	}
	if got := w.send(t, "GET", path, "", "If-None-Match", tag); got.StatusCode != 200 || got.Header.Get("Etag") == tag {
		t.Errorf("a change was told as none: %d", got.StatusCode)
	}
}

func TestKeptAnswersAreCompressed(t *testing.T) {
	w := newKept(t, func(s *setup) { s.debugCache = false })
	plain := w.post(t, newest, "Accept-Encoding", "identity")
	for name, test := range map[string]struct {
		accepted string
		want     string
	}{
		"gzip": {"gzip", "gzip"}, "among others": {"br, gzip;q=0.5", "gzip"}, "not at all": {"gzip;q=0", ""}, "another": {"br", ""},
	} {
		got := w.post(t, newest, "Accept-Encoding", test.accepted)
		body := got.body
		if got.Header.Get("Content-Encoding") == "gzip" {
			reader, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(reader)
			if err != nil {
				t.Fatal(err)
			}
			body = string(text)
		}
		if got.Header.Get("Content-Encoding") != test.want || body != plain.body || len(body) < gzipFrom {
			t.Errorf("%s: %v, %d bytes", name, got.Header, len(got.body))
		}
	}
}

func TestKeptAnswersAreLoggedCountedAndLimited(t *testing.T) {
	w := newKept(t, nil)
	w.addClient(t, "web", client.KindMobile)
	_, token := w.addKey(t, "web", client.KeyPublishable)
	if _, err := w.services.Client.UpdateClient(operator(t), "web", client.UpdateClientInput{RequestsPerMinute: new(5)}); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		got := w.post(t, newest, "X-Api-Key", token, "X-Request-Id", fmt.Sprint("request-", i))
		if want := map[bool]string{true: cacheMiss, false: cacheHit}[i == 0]; got.Header.Get("X-Cache") != want || got.Header.Get("X-Request-Id") != fmt.Sprint("request-", i) {
			t.Errorf("request %d: %v", i, got.Header)
		}
	}
	if got := w.post(t, newest, "X-Api-Key", token); got.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the sixth request was answered %d", got.StatusCode)
	}
	log := w.log.String()
	if strings.Count(log, `operation="query Newest"`) != 5 || !strings.Contains(log, "id=request-4") {
		t.Errorf("the log says\n%s", log)
	}
}

func TestAStaleCookieIsTakenAwayWithAKeptAnswer(t *testing.T) {
	w := newKept(t, nil)
	w.post(t, newest)
	got := w.post(t, newest, "Cookie", w.server.cookie.name+"=hw_session_stale")
	if got.Header.Get("X-Cache") != cacheHit || !strings.Contains(got.Header.Get("Set-Cookie"), "Max-Age=0") || got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", got.Header)
	}
}

// viewing returns the context of a reader's browser.
func viewing(t *testing.T) context.Context {
	viewer := logic.Operator()
	viewer.UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
	return logic.WithViewer(t.Context(), viewer)
}

// TestTheNextReadSeesTheWrite has readers ask all the time while two processes write: once a write is answered, nobody gets what was before.
func TestTheNextReadSeesTheWrite(t *testing.T) {
	w := newKept(t, func(s *setup) { s.publicURL = "https://example.org" })
	if _, err := w.services.Client.UpdateClient(operator(t), client.PublicName, client.UpdateClientInput{RequestsPerMinute: new(1_000_000)}); err != nil {
		t.Fatal(err)
	}
	_, elsewhere := open(t, w.folder, 1, setup{clock: clock, publicURL: "https://example.org"}, w.server.options.Logger)
	body := asking(`{ site { description } }`)
	read := func() int {
		var number int
		got := w.post(t, body).body
		_, rest, _ := strings.Cut(got, `"description":"`)
		text, _, _ := strings.Cut(rest, `"`)
		number, err := strconv.Atoi(text)
		if err != nil {
			t.Errorf("%v: %s", err, got)
		}
		return number
	}
	var written sync.Mutex
	highest := 0
	set := func(services graph.Services, to int) {
		text := strconv.Itoa(to)
		if _, err := services.Content.UpdateSite(operator(t), content.SiteChange{Description: &text}); err != nil {
			t.Error(err)
		}
		written.Lock()
		highest = to
		written.Unlock()
	}
	set(w.services, 1)
	done := make(chan struct{})
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				written.Lock()
				before := highest
				written.Unlock()
				if got := read(); got < before {
					t.Errorf("read %d after %d was answered as written", got, before)
					return
				}
			}
		})
	}
	for to := 2; to < 150; to++ {
		set([]graph.Services{w.services, w.services, elsewhere}[to%3], to)
		if got := read(); got != to {
			t.Errorf("read %d right after writing %d", got, to)
		}
	}
	close(done)
	group.Wait()
}

// TestAWriteTakesAwayWhatItChangesAlone states which answers stay behind each kind of write.
func TestAWriteTakesAwayWhatItChangesAlone(t *testing.T) {
	w := newKept(t, nil)
	author, tag := "ada", "birds"
	ada := w.addPerson(t, author, logic.RoleAuthor)
	bob := w.addPerson(t, "bob", logic.RoleAuthor)
	add := func(slug string, author logic.UserID, tag string) content.Post {
		t.Helper()
		post, err := w.services.Content.CreatePost(operator(t), content.CreatePostInput{Title: slug, Slug: &slug, Tags: []string{tag}, AuthorIDs: []logic.UserID{author}, Markdown: "Text."})
		if err == nil {
			post, err = w.services.Content.PublishPost(operator(t), post.ID, post.Revision, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		return post
	}
	changing := add("changing", ada.ID, tag)
	add("other", ada.ID, tag)
	add("third", bob.ID, "sea")
	questions := map[string]string{
		"the post":                          `{ post(slug: "changing") { title html tags { name } author { name } } }`,
		"another on its tag":                `{ post(slug: "other") { title html tags { name } author { name } } }`,
		"with a count":                      `{ post(slug: "other") { tags { postCount } } }`,
		"with its neighbours":               `{ post(slug: "other") { title next { title } } }`,
		"the newest":                        `{ posts(first: 5) { nodes { title } } }`,
		"by title":                          `{ posts(first: 2, orderBy: {field: TITLE}) { nodes { slug } } }`,
		"on its tag":                        `{ tag(slug: "birds") { posts(first: 1) { totalCount } } }`,
		"on another tag":                    `{ tag(slug: "sea") { name posts(first: 1) { nodes { title } totalCount } } }`,
		"by another author":                 `{ user(username: "bob") { name posts(first: 3) { nodes { title } } } }`,
		"a search":                          `{ searchPosts(query: "text") { totalCount } }`,
		"a search for nothing":              `{ searchPosts(query: "words") { totalCount } }`,
		"by its slug and what is not there": `{ post(slug: "nowhere") { title } site { language } }`,
		"the site":                          `{ site { title } }`,
		"a slug to come":                    `{ post(slug: "fresh") { title } }`,
	}
	stay := func(name string, write func() error, gone ...string) {
		t.Helper()
		for _, text := range questions {
			w.post(t, asking(text))
		}
		if err := write(); err != nil {
			t.Fatal(name, err)
		}
		for question, text := range questions {
			want := cacheHit
			if slices.Contains(gone, question) {
				want = cacheMiss
			}
			if got := w.post(t, asking(text)).Header.Get("X-Cache"); got != want {
				t.Errorf("behind %s, %s is a %s, not a %s", name, question, got, want)
			}
		}
	}
	c := w.services.Content
	stay("a view", func() error {
		_, err := w.services.Metric.RecordEvents(viewing(t), []metric.EventInput{{PostID: new(changing.ID.ID())}})
		return err
	})
	stay("a session", func() error { w.signIn(t, author, w.addScriptNamed(t, "app")...); return nil })
	stay("a working copy", func() (err error) {
		changing, err = c.UpdatePost(operator(t), changing.ID, changing.Revision, content.UpdatePostInput{Markdown: new("Other words.")}, false)
		return err
	})
	stay("publishing it", func() (err error) {
		changing, err = c.PublishPost(operator(t), changing.ID, changing.Revision, nil)
		return err
	}, "the post", "the newest", "on its tag", "a search", "a search for nothing") // the page of one on its tag has a look at two
	stay("a new post", func() error { add("fresh", ada.ID, tag); return nil },
		"with a count", "with its neighbours", "the newest", "by title", "on its tag", "a search", "a search for nothing", "a slug to come")
	stay("a draft", func() error {
		_, err := c.CreatePost(operator(t), content.CreatePostInput{Title: "Draft", Tags: []string{tag}, AuthorIDs: []logic.UserID{ada.ID}})
		return err
	})
	stay("another name of an author", func() error {
		_, err := w.services.Account.UpdateUser(operator(t), bob.ID, account.UserChange{Name: new("Bob B.")})
		return err
	}, "by another author")
	stay("the site's title", func() error {
		_, err := c.UpdateSite(operator(t), content.SiteChange{Title: new("Other")})
		return err
	}, "the site", "by its slug and what is not there")
	stay("what was refused once something was written", func() error {
		_, err := c.UpdateTag(operator(t), changing.TagIDs[0], content.UpdateTagInput{Slug: new("avian"), Name: new("sea")})
		if logic.CodeOf(err) != logic.CodeTaken {
			return fmt.Errorf("not refused: %w", err)
		}
		return nil
	})
	stay("what was refused", func() error {
		if _, err := c.PublishPost(operator(t), changing.ID, 1000, nil); logic.CodeOf(err) != logic.CodeStale {
			return fmt.Errorf("not refused: %w", err)
		}
		return nil
	})
}
