package httpd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"headwater/graph"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/client"
	"headwater/logic/content"
	"headwater/logic/metric"
)

// stepsVariable names the variable that says how many steps TestKeptAnswersAreFresh takes. The whole of it is 100000, some minutes.
const stepsVariable = "HEADWATER_CACHE_STEPS"

// twins is two servers over one database, one of which keeps answers, and another process that writes to it.
type twins struct {
	*testing.T
	*rand.Rand
	world  *world
	now    logic.Moment
	kept   http.Handler
	fresh  http.Handler
	other  graph.Services // of another process
	asking map[string]string
	images []logic.MediaID
	client logic.ClientID

	hits, gets, writes int
	asked              [questions]question
	last               []string // what was done, newest last
}

// question is a query and who asks it.
type question struct{ who, query string }

// questions is how many are asked again behind each write. A few of them give way to others each time.
const questions = 24

// TestKeptAnswersAreFresh writes and reads at random, as many viewers, and compares each answer with one that nobody kept.
func TestKeptAnswersAreFresh(t *testing.T) {
	steps := 1500
	if text := os.Getenv(stepsVariable); text != "" {
		var err error
		if steps, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	seed := rand.Uint64()
	w := newTwins(t, seed)
	for step := range steps {
		if at := step % (questions + 1); at < questions {
			w.read(at)
		} else {
			w.write()
		}
		if t.Failed() {
			t.Fatalf("seed %d, step %d, after\n%s", seed, step, strings.Join(w.last, "\n"))
		}
	}
	t.Logf("seed %d: %d writes, %d answers, %d of them kept", seed, w.writes, w.gets, w.hits)
	if w.hits < w.gets/4 {
		t.Errorf("of %d answers %d were kept", w.gets, w.hits)
	}
}

func newTwins(t *testing.T, seed uint64) *twins {
	w := &twins{T: t, Rand: rand.New(rand.NewPCG(seed, 1)), now: noon, asking: map[string]string{}}
	clock := func() logic.Moment { return w.now }
	w.world = newWorld(t, func(s *setup) { s.clock, s.publicURL = clock, "https://example.org" })
	setup := setup{clock: clock, publicURL: "https://example.org"}
	_, w.other = open(t, w.world.folder, 1, setup, w.world.server.options.Logger)

	w.kept = w.server(func(o *Options) { o.DebugCache = true })
	w.fresh = w.server(func(o *Options) { o.Answers = nil })
	many := client.UpdateClientInput{RequestsPerMinute: new(1_000_000)}
	w.must(w.world.services.Client.UpdateClient(operator(t), client.PublicName, many))
	for name, scopes := range map[string][]logic.Scope{
		"all":      nil,
		"drafts":   {logic.ScopePostsRead, logic.ScopeDraftsRead},
		"writes":   {logic.ScopePostsRead, logic.ScopeDraftsRead, logic.ScopePostsWrite},
		"metrics":  {logic.ScopeMetricsRead, logic.ScopePostsRead},
		"people":   {logic.ScopeUsersRead, logic.ScopePostsRead},
		"nothing":  {logic.ScopeMetricsWrite},
		"readonly": {logic.ScopePostsRead},
	} {
		w.world.addClient(t, name, client.KindServer)
		_, secret := w.world.addKey(t, name, client.KeySecret, scopes...)
		_, public := w.world.addKey(t, name, client.KeyPublishable, scopes...)
		w.asking["secret "+name], w.asking["public "+name] = secret, public
		w.must(w.world.services.Client.UpdateClient(operator(t), name, many))
	}
	own := "https://own.example.org/p/{slug}"
	readonly, err := w.world.services.Client.UpdateClient(operator(t), "readonly", client.UpdateClientInput{PostURL: logic.TextChange{Given: true, Value: &own}})
	w.must(readonly, err)
	w.client = readonly.ID
	w.world.addPerson(t, "ada", logic.RoleAuthor)
	w.asking["ada"] = w.world.signIn(t, "ada", "X-Api-Key", w.asking["public all"])
	w.asking["nobody"] = ""
	for i := range 3 {
		var file bytes.Buffer
		w.must(0, png.Encode(&file, image.NewGray(image.Rect(0, 0, 8, 8+i))))
		media, err := w.world.services.Content.UploadMedia(operator(t), content.UploadMediaInput{File: content.Upload{Filename: "a.png", Content: &file}})
		w.must(media, err)
		w.images = append(w.images, media.ID)
	}
	return w
}

// server returns another server over the same services.
func (w *twins) server(change func(*Options)) http.Handler {
	options := w.world.server.options
	change(&options)
	server, err := New(options)
	w.must(server, err)
	return server.Handler()
}

func (w *twins) must(_ any, err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *twins) note(format string, args ...any) {
	w.last = append(w.last, fmt.Sprintf(format, args...))
	w.last = w.last[max(0, len(w.last)-60):]
}

func pick[T any](w *twins, values ...T) T { return values[w.IntN(len(values))] }

func (w *twins) slug() string     { return fmt.Sprintf("post-%d", w.IntN(12)) }
func (w *twins) tag() string      { return pick(w, "go", "sql", "birds", "sea", "Go on", "nobody") }
func (w *twins) username() string { return pick(w, "ada", "u1", "u2", "u3", "u4") }
func (w *twins) word() string {
	return pick(w, "heron", "water", "harbour", "winter", "lantern", "herons", "watering")
}

// post returns the key of some post, zero where there is none.
func (w *twins) post() content.Post {
	filter := &content.PostFilter{Kind: []content.PostKind{content.PostKindArticle, content.PostKindPage}, Status: content.EveryStatus(), Trashed: new(w.IntN(6) == 0)}
	query, err := w.world.services.Content.PostQuery(operator(w.T), filter, nil, logic.PageArgs{First: new(100)})
	w.must(query, err)
	pages, err := w.world.services.Content.PostPages(operator(w.T), []content.PostList{content.AllPosts}, query)
	w.must(pages, err)
	posts := pages[content.AllPosts].Items
	if len(posts) == 0 {
		return content.Post{}
	}
	return pick(w, posts...)
}

func (w *twins) user(services graph.Services) account.User {
	page, err := services.Account.Users(operator(w.T), nil, logic.Window{Limit: 100})
	w.must(page, err)
	return pick(w, page.Items...)
}

// write does something that may be refused.
func (w *twins) write() {
	w.writes++
	services, who := w.world.services, "here"
	if w.IntN(16) == 0 {
		services, who = w.other, "elsewhere"
	}
	ctx := operator(w.T)
	post := w.post()
	name, err := w.writing(ctx, services, post)
	w.note("%s %s: %v", name, who, err)
	if err != nil && logic.CodeOf(err) == "" {
		w.Errorf("%s: %v", name, err)
	}
}

func (w *twins) writing(ctx context.Context, services graph.Services, post content.Post) (string, error) {
	c := services.Content
	text := fmt.Sprintf("# About %s\n\nThe %s and the %s, %d times.", w.word(), w.word(), w.word(), w.IntN(100))
	switch w.IntN(38) {
	case 0, 1, 2, 3:
		author := w.user(services).ID
		slug := w.slug()
		_, err := c.CreatePost(ctx, content.CreatePostInput{
			Kind: pick(w, content.PostKindArticle, content.PostKindArticle, content.PostKindPage), Title: "The " + w.word(), Markdown: text, Slug: &slug,
			Tags: []string{w.tag()}, AuthorIDs: []logic.UserID{author},
		})
		return "create", err
	case 4, 5, 6, 7:
		in := content.UpdatePostInput{Markdown: &text}
		if w.IntN(2) == 0 {
			in.Title = new("A " + w.word())
		}
		if w.IntN(3) == 0 {
			in.Tags = []string{w.tag(), w.tag()}
		}
		if w.IntN(3) == 0 {
			in.Slug = new(w.slug())
		}
		if w.IntN(3) == 0 {
			in.AuthorIDs = []logic.UserID{w.user(services).ID}
		}
		if w.IntN(4) == 0 {
			in.Language = new(pick(w, "en", "de"))
		}
		if w.IntN(4) == 0 {
			in.CoverID = logic.MediaChange{Given: true, Value: new(pick(w, w.images...))}
		}
		if w.IntN(4) == 0 {
			in.PublishedAt = new(w.now.Add(-time.Duration(w.IntN(1000)) * time.Hour))
		}
		_, err := c.UpdatePost(ctx, post.ID, post.Revision, in, w.IntN(2) == 0)
		return "update " + post.Slug, err
	case 8, 9, 10, 11, 12:
		_, err := c.PublishPost(ctx, post.ID, post.Revision, nil)
		return "publish " + post.Slug, err
	case 13:
		at := w.now.Add(time.Minute)
		_, err := c.PublishPost(ctx, post.ID, post.Revision, &at)
		return "plan " + post.Slug, err
	case 14, 15:
		w.now = w.now.Add(time.Minute)
		_, err := c.PublishDue(ctx)
		return "publish what is due", err
	case 16:
		_, err := c.UnpublishPost(ctx, post.ID)
		return "unpublish " + post.Slug, err
	case 17:
		_, err := c.ArchivePost(ctx, post.ID)
		return "archive " + post.Slug, err
	case 18:
		_, err := c.DeletePost(ctx, post.ID)
		return "delete " + post.Slug, err
	case 19:
		_, err := c.UndeletePost(ctx, post.ID)
		return "undelete " + post.Slug, err
	case 20:
		if w.IntN(4) == 0 {
			w.now = w.now.Add(31 * 24 * time.Hour)
		}
		_, err := c.EmptyTrash(ctx)
		return "empty the trash", err
	case 21:
		_, err := c.DiscardWorkingCopy(ctx, post.ID)
		return "discard " + post.Slug, err
	case 22:
		if len(post.TagIDs) == 0 {
			return "no tag", nil
		}
		_, err := c.UpdateTag(ctx, post.TagIDs[0], content.UpdateTagInput{Name: new(pick(w, "Go", "SQL", "Birds", w.word())), Slug: new(pick(w, "go", "sql", "birds", w.word()))})
		return "update a tag", err
	case 23:
		other := w.post()
		if len(post.TagIDs) == 0 || len(other.TagIDs) == 0 {
			return "no tags", nil
		}
		_, err := c.MergeTags(ctx, post.TagIDs[0], other.TagIDs[0])
		return "merge tags", err
	case 24:
		_, err := c.UpdateSite(ctx, content.SiteChange{Title: new(w.word()), ShowsViews: new(w.IntN(2) == 0), PostURL: new("https://example.org/" + w.word() + "/{slug}")})
		return "update the site", err
	case 25, 32, 33, 34:
		if w.IntN(2) == 0 {
			name := w.username()
			_, err := services.Account.CreateUser(ctx, account.CreateUserInput{Username: name, Email: name + "@example.org", Role: logic.RoleAuthor})
			return "create " + name, err
		}
		change := account.UserChange{Name: new("Name " + w.word()), Username: new(pick(w, "u1", "u2", "u3", "u4")), AvatarID: logic.MediaChange{Given: true, Value: new(pick(w, w.images...))}}
		user := w.user(services)
		if user.Username == "ada" {
			change.Username = nil
		}
		_, err := services.Account.UpdateUser(ctx, user.ID, change)
		return "update " + user.Username, err
	case 26:
		user := w.user(services)
		if user.Username == "ada" {
			return "nobody", nil
		}
		_, err := services.Account.EraseUser(ctx, user.ID)
		return "erase " + user.Username, err
	case 27:
		_, err := c.UpdateMedia(ctx, pick(w, w.images...), content.UpdateMediaInput{Alt: new("A " + w.word())})
		return "update a file", err
	case 28, 29:
		path := "/" + w.word()
		event := metric.EventInput{Path: &path}
		if post.ID != 0 {
			event.PostID = new(post.ID.ID())
		}
		viewer := logic.Operator()
		viewer.UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
		_, err := services.Metric.RecordEvents(logic.WithViewer(ctx, viewer), []metric.EventInput{event})
		return "view " + post.Slug, err
	case 35, 36, 37:
		updated, err := c.UpdatePost(ctx, post.ID, post.Revision, content.UpdatePostInput{Markdown: &text}, false)
		if err == nil {
			_, err = c.PublishPost(ctx, updated.ID, updated.Revision, nil)
		}
		return "update and publish " + post.Slug, err
	case 30:
		own := "https://own.example.org/" + w.word() + "/{slug}"
		_, err := w.world.services.Client.UpdateClient(ctx, "readonly", client.UpdateClientInput{PostURL: logic.TextChange{Given: true, Value: &own}})
		return "update a client", err
	}
	_, _, err := c.CreatePreviewToken(ctx, post.ID, 60)
	return "a preview", err
}

// selections of posts and others that queries are made of.
var (
	postSelections = []string{
		"title slug url", "id title updatedAt publishedAt excerpt(length: 30)", "html headings { text }", "title author { name avatar { alt } } tags { name }",
		"title tags { slug postCount }", "title next { title } previous { slug }", "title related(first: 3) { title }", "title views", "slug status revision scheduledFor deletedAt",
		"title authors { username posts(first: 2) { nodes { title } totalCount } }", "title cover { url alt filename }", "title workingCopy { title } viewerCanEdit markdown",
		"title language tags { posts(first: 3, orderBy: {field: TITLE, direction: ASC}) { nodes { title } } }",
	}
	filters = []string{
		"{}", `{tags: ["go"]}`, `{authors: ["u1"]}`, `{kind: [PAGE, ARTICLE]}`, `{status: [DRAFT, PUBLISHED, SCHEDULED, ARCHIVED]}`, `{trashed: true}`, `{languages: ["de"]}`,
		`{publishedFrom: "2026-11-01T00:00:00Z"}`, `{tags: ["sql", "birds"], authors: ["ada", "u2"]}`, `{status: [DRAFT]}`,
	}
	orders = []string{"PUBLISHED_AT", "UPDATED_AT", "CREATED_AT", "TITLE"}
)

// query returns some query.
func (w *twins) query() string {
	posts := pick(w, postSelections...)
	list := fmt.Sprintf("nodes { %s } pageInfo { hasNextPage endCursor } totalCount", posts)
	days := `range: {from: "2026-11-20", to: "2026-11-26"}`
	switch w.IntN(14) {
	case 0, 1:
		return fmt.Sprintf("{ post(slug: %q) { %s } }", w.slug(), posts)
	case 2, 3, 4:
		return fmt.Sprintf("{ posts(first: %d, filter: %s, orderBy: {field: %s, direction: %s}) { %s } }",
			1+w.IntN(4), pick(w, filters...), pick(w, orders...), pick(w, "ASC", "DESC"), list)
	case 5:
		text := pick(w, w.word(), w.word()[:3]+"*", w.word()+" -"+w.word(), "tag:go", "author:u1 "+w.word(), "-tag:sql "+w.word())
		return fmt.Sprintf("{ searchPosts(query: %q, first: 3, filter: %s) { edges { snippet node { title } } totalCount pageInfo { hasNextPage } } }", text, pick(w, filters...))
	case 6:
		return fmt.Sprintf("{ tag(slug: %q) { name %s posts(first: 2) { %s } } }", pick(w, "go", "sql", "birds", "sea", "heron", "go-on"), pick(w, "", "postCount"), list)
	case 7:
		return fmt.Sprintf("{ tags(first: 3, orderBy: {field: %s, direction: %s}) { nodes { name postCount } totalCount } }", pick(w, "NAME", "POST_COUNT"), pick(w, "ASC", "DESC"))
	case 8:
		return fmt.Sprintf("{ user(username: %q) { name role email avatar { alt url } posts(first: 3) { %s } } }", w.username(), list)
	case 9:
		return fmt.Sprintf("{ users(first: 3 %s) { nodes { username name } totalCount pageInfo { hasNextPage } } }", pick(w, "", "", ", filter: {role: AUTHOR}"))
	case 10:
		return "{ site { title postUrl showsViews } " + pick(w, "", "webhooks { url }", "clients { name postUrl }", `client(name: "readonly") { postUrl }`, "viewer { id scopes client { name postUrl } user { username } }", "__typename", "media(first: 2) { nodes { alt } }") + " }"
	case 11:
		return fmt.Sprintf("{ metrics(%s) { totals { views } topPosts(first: 3) { title views post { %s } } } }", days, pick(w, "slug", "title"))
	case 12:
		id := w.post().ID
		if w.IntN(3) == 0 {
			return fmt.Sprintf("{ node(id: %q) { ... on Client { name postUrl scopeCeiling } } site { title } }", w.client.ID().String())
		}
		return fmt.Sprintf("{ node(id: %q) { id ... on Post { %s } } nodes(ids: [%q, %q]) { id } }", id.ID().String(), posts, w.user(w.world.services).ID.ID().String(), pick(w, w.images...).ID().String())
	}
	return fmt.Sprintf("{ a: post(slug: %q) { title metrics(%s) { totals { views } } } b: posts(first: 1) { nodes { %s } } }", w.slug(), days, posts)
}

// read asks both servers, and compares what they answer.
func (w *twins) read(at int) {
	names := []string{"nobody", "nobody", "nobody", "public all", "public readonly", "public nothing", "secret all", "secret drafts", "secret writes",
		"secret metrics", "secret people", "secret nothing", "secret readonly", "ada"}
	if w.asked[at].who == "" || w.IntN(10) == 0 {
		w.asked[at] = question{pick(w, names...), w.query()}
	}
	who, query := w.asked[at].who, w.asked[at].query
	w.gets++
	got, want := w.ask(w.kept, who, query), w.ask(w.fresh, who, query)
	hit := got.Header().Get("X-Cache") == cacheHit
	if hit {
		w.hits++
	}
	w.note("%s asks %s (kept: %v)", who, query, hit)
	kept := without(w.T, got.Body.Bytes())
	if got.Code != want.Code || kept != want.Body.String() || got.Header().Get("Cache-Control") != want.Header().Get("Cache-Control") {
		w.Errorf("%s asked %s (kept: %v)\nand got %d %s\n%s\nnot %d %s\n%s", who, query, hit, got.Code, got.Header().Get("Cache-Control"), kept,
			want.Code, want.Header().Get("Cache-Control"), want.Body.String())
	}
	if hit && (who == "ada" || strings.Contains(query, "viewer {") || strings.Contains(kept, `"errors"`)) {
		w.Errorf("%s asked %s and got what was kept:\n%s", who, query, kept)
	}
}

// without returns an answer without what it says of the cache.
func without(t *testing.T, body []byte) string {
	t.Helper()
	start := bytes.LastIndex(body, []byte(`,"extensions":{"cache":`))
	if !json.Valid(body) || start < 0 {
		return string(body)
	}
	return string(body[:start]) + "}"
}

func (w *twins) ask(handler http.Handler, who, query string) *httptest.ResponseRecorder {
	body, err := json.Marshal(map[string]string{"query": query})
	w.must(body, err)
	request := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Request-Id", "same")
	switch token := w.asking[who]; {
	case who == "ada":
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("X-Api-Key", w.asking["public all"])
	case token != "":
		request.Header.Set("X-Api-Key", token)
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}
