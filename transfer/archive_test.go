package transfer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"headwater/files"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/store"
)

// archiveNow is when the sample of archives was written.
const archiveNow = logic.Moment(1_780_000_000_000)

// archiveWorld is an open data folder.
type archiveWorld struct {
	ArchiveHouse
	dir   string
	store *store.Store
	now   logic.Moment
}

func openArchiveWorld(t *testing.T, dir string) *archiveWorld {
	t.Helper()
	w := &archiveWorld{dir: dir, now: archiveNow}
	clock := func() logic.Moment { return w.now }
	opened, err := store.Open(t.Context(), store.Options{Dir: dir, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { opened.Close() })
	folder, err := files.OpenFolder(filepath.Join(dir, "media"))
	if err != nil {
		t.Fatal(err)
	}
	w.store = opened
	w.ArchiveHouse = ArchiveHouse{
		Content: content.New(opened.Content(), clock, opened.Keys(), content.Options{Files: folder}),
		Account: account.New(opened.Account(), clock, opened.Keys(), account.Options{}),
		Metric:  metric.New(opened.Metric(), clock, opened.Keys(), metric.Options{}),
	}
	return w
}

// export writes the world into a new folder.
func (w *archiveWorld) export(t *testing.T, folder string) ArchiveReport {
	t.Helper()
	snapshot, err := w.store.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer snapshot.Close()
	clock := func() logic.Moment { return w.now }
	report, err := ExportArchive(operator(t), ArchiveHouse{
		Content: content.New(snapshot.Content(), clock, w.store.Keys(), content.Options{}),
		Account: account.New(snapshot.Account(), clock, w.store.Keys(), account.Options{}),
		Metric:  metric.New(snapshot.Metric(), clock, w.store.Keys(), metric.Options{}),
	}, w.Content.ArchivedContents, folder, Watch{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// takeArchive takes the archive in a folder into a new world.
func takeArchive(t *testing.T, folder string) (*archiveWorld, error) {
	t.Helper()
	archive, err := OpenArchive(t.Context(), folder, Watch{})
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	w := openArchiveWorld(t, t.TempDir())
	_, err = archive.Import(operator(t), w.ArchiveHouse, Watch{})
	return w, err
}

// got returns a value, and ends the test with an error.
func got[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func picture(t *testing.T, width int) io.Reader {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, 40))
	for x := range width {
		img.Set(x, x%40, color.RGBA{uint8(x), uint8(width), 90, 255})
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return &out
}

// fill writes a bit of all that there is.
func (w *archiveWorld) fill(t *testing.T) {
	t.Helper()
	ctx := operator(t)
	post, user, media := got[content.Post](t), got[account.User](t), got[content.Media](t)
	got[content.Site](t)(w.Content.UpdateSite(ctx, content.SiteChange{Title: new("A <b>site</b> & \"more\""), URL: new("https://example.org"), PostURL: new("https://example.org/{slug}"), TimeZone: new("Europe/Vienna")}))
	ada := user(w.Account.CreateUser(ctx, account.CreateUserInput{Username: "ada", Email: "ada@example.org", Role: logic.RoleAdmin, Name: new("Ada Quill"), Password: new("a long enough passphrase")}))
	ben := user(w.Account.CreateUser(ctx, account.CreateUserInput{Username: "ben", Email: "ben@example.org", Role: logic.RoleEditor, Password: new("another long passphrase")}))
	user(w.Account.UpdateUser(ctx, ben.ID, account.UserChange{Bio: logic.TextChange{Given: true, Value: new("Writes.\nReads.")}, Website: logic.TextChange{Given: true, Value: new("https://ben.example")}}))
	user(w.Account.DeactivateUser(ctx, ben.ID))
	cy := user(w.Account.CreateUser(ctx, account.CreateUserInput{Username: "cy", Email: "cy@example.org", Role: logic.RoleReader}))
	got[logic.UserID](t)(w.Account.EraseUser(ctx, cy.ID))

	cover := media(w.Content.UploadMedia(ctx, content.UploadMediaInput{File: content.Upload{Filename: "cover.png", Content: picture(t, 700)}, Alt: "A “cover”"}))
	face := media(w.Content.UploadMedia(ctx, content.UploadMediaInput{File: content.Upload{Filename: "face.png", Content: picture(t, 64)}}))
	media(w.Content.UploadMedia(ctx, content.UploadMediaInput{File: content.Upload{Filename: "notes.txt", Content: strings.NewReader("nobody uses this")}}))
	err := w.Account.RestoreUsers(ctx, []account.ArchivedUser{{ID: cy.ID + 1, Username: "dee", Name: "Dee", Role: logic.RoleReader, CreatedAt: w.now, AvatarID: &face.ID}})
	if err != nil {
		t.Fatal(err)
	}

	create := func(title, markdown string, tags ...string) content.Post {
		t.Helper()
		w.now += 1000
		return post(w.Content.CreatePost(ctx, content.CreatePostInput{Title: title, Markdown: markdown, Tags: tags, AuthorIDs: []logic.UserID{ada.ID, ben.ID}}))
	}
	publish := func(p content.Post) content.Post {
		t.Helper()
		w.now += 1000
		return post(w.Content.PublishPost(ctx, p.ID, p.Revision, nil))
	}
	update := func(p content.Post, in content.UpdatePostInput, autosave bool) content.Post {
		t.Helper()
		w.now += 1000
		return post(w.Content.UpdatePost(ctx, p.ID, p.Revision, in, autosave))
	}
	at := archiveNow + 1_000_000_000
	create("A draft: \"quoted\" \u2028 #1", "---\nnot: matter\n---\n\ttext without an end", "Go", "C++")
	live := publish(create("Live", "![a](/media/"+cover.Name+")\n\nfirst words of the spring\n", "Go", "Écriture"))
	live = update(live, content.UpdatePostInput{Slug: new("renamed")}, false)
	live = publish(live)
	update(live, content.UpdatePostInput{Title: new("A working copy"), Slug: new("to-come"), Markdown: new("![a](/media/" + face.Name + ")"), Tags: []string{"Unseen"}, CoverID: logic.MediaChange{Given: true, Value: &cover.ID}}, false)
	covered := create("With a cover", "words\r\nwith returns\r\n", "Go")
	covered = publish(update(covered, content.UpdatePostInput{CoverID: logic.MediaChange{Given: true, Value: &cover.ID}, Summary: logic.TextChange{Given: true, Value: new("In short")}}, false))
	covered = update(covered, content.UpdatePostInput{Markdown: new("later words")}, false)
	post(w.Content.PublishPost(ctx, covered.ID, covered.Revision, &at))
	scheduled := create("Scheduled", "x", "Later")
	scheduled = post(w.Content.PublishPost(ctx, scheduled.ID, scheduled.Revision, &at))
	update(scheduled, content.UpdatePostInput{Markdown: new("y")}, true)
	post(w.Content.ArchivePost(ctx, publish(create("Archived", "x")).ID))
	post(w.Content.DeletePost(ctx, publish(create("Thrown away", "x")).ID))
	post(w.Content.DeletePost(ctx, create("Never seen", "x").ID))
	post(w.Content.UnpublishPost(ctx, publish(create("Taken back", "x", "Gone")).ID))
	saved := update(create("Saved", "1"), content.UpdatePostInput{Markdown: new("2")}, true)
	saved = update(saved, content.UpdatePostInput{Markdown: new("3")}, true)
	post(w.Content.RestoreRevision(ctx, saved.ID, saved.Revision, 1))
	create(strings.Repeat("長い", 90), "x")
	got[content.ImportResult](t)(w.Content.ImportPost(ctx, content.PostImport{Source: "a.md", Title: "Imported", Markdown: "x", Authors: []string{"Zoë Quarta"}, PublishedAt: archiveNow - 1000}))
	got[content.Media](t)(w.Content.ImportImage(ctx, content.Upload{Filename: "imported.png", Content: picture(t, 333)}))

	tags := got[[]content.ArchivedTag](t)(w.Content.ArchivedTags(ctx))
	byName := map[string]logic.TagID{}
	for _, tag := range tags {
		byName[tag.Name] = tag.ID
	}
	got[content.Tag](t)(w.Content.UpdateTag(ctx, byName["Écriture"], content.UpdateTagInput{Name: new("Writing"), Slug: new("writing")}))
	got[content.Tag](t)(w.Content.MergeTags(ctx, byName["C++"], byName["Go"]))
	w.count(t)
}

// count counts a few readers and a robot.
func (w *archiveWorld) count(t *testing.T) {
	t.Helper()
	ctx := operator(t)
	var hits []metric.Hit
	for i := range 40 {
		hits = append(hits, metric.Hit{
			At: w.now - logic.Moment(i)*20*60*1000, Reader: fmt.Sprintf("192.0.2.%d", i%7), UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
			Path: fmt.Sprintf("/p%d", i%5), Referrer: "https://search.example/?q=x", PostSlug: []string{"renamed", "with-a-cover", ""}[i%3],
		})
	}
	hits = append(hits, metric.Hit{At: w.now, Reader: "192.0.2.9", UserAgent: "Googlebot/2.1", Path: "/p1"}, metric.Hit{At: archiveNow - 400*86_400_000, Reader: "192.0.2.8", UserAgent: hits[0].UserAgent, Path: "/old"})
	got[metric.Imported](t)(w.Metric.ImportHits(ctx, 0, metric.ImportMark{Log: "log", Offset: 10, Lines: 2, Digest: "d"}, hits))
	reader := logic.WithViewer(t.Context(), logic.Viewer{Address: netip.MustParseAddr("198.51.100.7"), UserAgent: hits[0].UserAgent, Limit: logic.AllScopes})
	recorded := got[metric.Recorded](t)(w.Metric.RecordEvents(reader, []metric.EventInput{
		{ID: new("event-1"), Name: new("sign-up"), Path: new("/p1"), Properties: []metric.EventPropertyInput{{Key: "plan", Value: "“pro”"}}},
	}))
	if recorded.Recorded != 1 {
		t.Fatalf("recorded %+v", recorded)
	}
}

// answers are what a house says to questions of all kinds.
func (w *archiveWorld) answers(t *testing.T) map[string]any {
	t.Helper()
	ctx := operator(t)
	said := map[string]any{}
	for _, viewer := range []struct {
		name string
		ctx  context.Context
	}{{"operator", ctx}, {"reader", logic.WithViewer(t.Context(), logic.Viewer{Limit: logic.Anonymous})}} {
		filter := &content.PostFilter{Kind: []content.PostKind{content.PostKindArticle, content.PostKindPage}}
		if viewer.name == "operator" {
			filter.Status = content.EveryStatus()
		}
		query := got[content.PostQuery](t)(w.Content.PostQuery(viewer.ctx, filter, nil, logic.PageArgs{First: new(100)}))
		pages := got[map[content.PostList]logic.Page[content.Post]](t)(w.Content.PostPages(viewer.ctx, []content.PostList{content.AllPosts}, query))
		said[viewer.name+" posts"] = pages[content.AllPosts].Items
		var ids []logic.PostID
		for _, post := range pages[content.AllPosts].Items {
			ids = append(ids, post.ID)
		}
		said[viewer.name+" html"] = got[map[logic.PostID]string](t)(w.Content.Bodies(viewer.ctx, ids, content.BodyHTML))
		said[viewer.name+" outlines"] = got[map[logic.PostID]content.Outline](t)(w.Content.Outlines(viewer.ctx, ids))
		said[viewer.name+" related"] = got[map[logic.PostID][]content.Post](t)(w.Content.Related(viewer.ctx, ids, 5))
		for _, slug := range []string{"live", "renamed", "to-come", "taken-back", "thrown-away", "with-a-cover"} {
			post, err := w.Content.Post(viewer.ctx, slug)
			said[viewer.name+" "+slug] = fmt.Sprint(post.ID, logic.CodeOf(err))
		}
		for _, slug := range []string{"go", "c-plus-plus", "ecriture", "writing", "gone"} {
			tag, err := w.Content.Tag(viewer.ctx, slug)
			said[viewer.name+" tag "+slug] = fmt.Sprint(tag, logic.CodeOf(err))
		}
		said[viewer.name+" users"] = got[logic.Page[account.User]](t)(w.Account.Users(viewer.ctx, &account.UserFilter{}, got[logic.Window](t)(w.Account.Window(logic.PageArgs{First: new(50)})))).Items
	}
	version, changed, err := w.Content.ContentVersion(ctx)
	said["version"] = fmt.Sprint(version, changed, err)
	for _, filter := range []metric.Filter{{}, {Path: new("/p1")}, {Event: new("sign-up")}, {Path: new("/p2"), Author: new("ada")}} {
		for _, days := range []metric.Range{{From: logic.DayOf(archiveNow, time.UTC) - 3, To: logic.DayOf(archiveNow, time.UTC) + 1}, {From: logic.DayOf(archiveNow, time.UTC) - 500, To: logic.DayOf(archiveNow, time.UTC)}} {
			report, err := w.Metric.Report(ctx, days, filter)
			if err != nil {
				said[fmt.Sprint("report ", days, gocmp.Diff(metric.Filter{}, filter))] = err.Error()
				continue
			}
			totals, err := w.Metric.Totals(ctx, report)
			robots, _ := w.Metric.Robots(ctx, report)
			top, _ := w.Metric.TopPosts(ctx, report, 10)
			said[fmt.Sprint("report ", days, gocmp.Diff(metric.Filter{}, filter))] = fmt.Sprint(totals, err, robots, top)
		}
	}
	return said
}

// tree returns every file below a folder.
func tree(t *testing.T, folder string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(folder, path))
		found[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestArchiveComesBackAsItWas(t *testing.T) {
	first := openArchiveWorld(t, t.TempDir())
	first.fill(t)
	here := t.TempDir()
	report := first.export(t, filepath.Join(here, "one"))
	second, err := takeArchive(t, filepath.Join(here, "one"))
	if err != nil {
		t.Fatal(err)
	}
	second.now = first.now
	second.export(t, filepath.Join(here, "two"))
	one, two := tree(t, filepath.Join(here, "one")), tree(t, filepath.Join(here, "two"))
	if diff := gocmp.Diff(one, two); diff != "" {
		t.Errorf("the second archive is another one: %s", diff)
	}
	if diff := gocmp.Diff(first.answers(t), second.answers(t)); diff != "" {
		t.Errorf("the second house says something else: %s", diff)
	}
	for _, kind := range report.Kinds() {
		if report.Counts[kind] == 0 {
			t.Errorf("the sample has no %s, so nothing is proved of them", kind)
		}
	}
	for name, text := range one {
		for _, secret := range []string{"argon2id", "passphrase", "hw_", "password"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
	if !strings.HasSuffix(one["posts/a-draft-quoted-1.md"], "\n---\n---\nnot: matter\n---\n\ttext without an end") {
		t.Errorf("the text is not as it was written:\n%s", one["posts/a-draft-quoted-1.md"])
	}
	if entries := got[[]os.DirEntry](t)(os.ReadDir(here)); len(entries) != 2 {
		t.Errorf("something else was left: %v", entries)
	}
}

func TestArchiveIsOfOneMoment(t *testing.T) {
	w := openArchiveWorld(t, t.TempDir())
	w.fill(t)
	snapshot := got[*store.Snapshot](t)(w.store.Snapshot(t.Context()))
	defer snapshot.Close()
	before := got[content.Site](t)(w.Content.Site(t.Context()))
	got[content.Site](t)(w.Content.UpdateSite(operator(t), content.SiteChange{Title: new("Another")}))
	if site := got[content.Site](t)(snapshot.Content().Site(t.Context())); site != before {
		t.Errorf("the snapshot shows %+v", site)
	}
	if err := snapshot.Content().Write(t.Context(), func(content.Writer) error { return nil }); err == nil {
		t.Error("a snapshot was written to")
	}
}

func TestArchiveIsForTheCommandLineAlone(t *testing.T) {
	w := openArchiveWorld(t, t.TempDir())
	ctx := logic.WithViewer(t.Context(), logic.Viewer{User: 1, Role: logic.RoleAdmin, Limit: logic.AllScopes, SessionLimit: logic.AllScopes, Secret: true})
	_, siteErr := w.Content.ArchivedSite(ctx)
	_, tagErr := w.Content.ArchivedTags(ctx)
	_, contentsErr := w.Content.ArchivedContents(ctx, "x")
	for i, err := range []error{
		siteErr, tagErr, contentsErr,
		w.Content.EachArchivedPost(ctx, nil), w.Content.EachArchivedRevision(ctx, 1, nil), w.Content.EachArchivedMedia(ctx, nil),
		w.Content.EachArchivedImport(ctx, nil), w.Content.EachArchivedMediaImport(ctx, nil), w.Account.EachArchivedUser(ctx, nil), w.Metric.EachArchivedRow(ctx, metric.TableDays, nil),
		w.Content.RestoreSite(ctx, content.ArchivedSite{}), w.Content.RestoreTags(ctx, nil), w.Content.RestoreImports(ctx, nil), w.Content.RestoreMediaImports(ctx, nil),
		w.Content.RestoreMedia(ctx, content.Media{Filename: "x", Name: strings.Repeat("a", 26) + ".png"}, nil), w.Content.RestorePost(ctx, content.ArchivedPost{}, nil),
		w.Account.RestoreUsers(ctx, nil), w.Metric.RestoreRows(ctx, metric.TableDays, nil),
	} {
		if logic.CodeOf(err) != logic.CodeForbidden {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func TestExportWritesIntoNothingElse(t *testing.T) {
	w := openArchiveWorld(t, t.TempDir())
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "mine"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ExportArchive(operator(t), w.ArchiveHouse, w.Content.ArchivedContents, full, Watch{}); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("into a folder with something in it: %v", err)
	}
	here := t.TempDir()
	if _, err := ExportArchive(operator(t), w.ArchiveHouse, w.Content.ArchivedContents, filepath.Join(here, "mine"), Watch{}); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(operator(t))
	cancel()
	if _, err := ExportArchive(ctx, w.ArchiveHouse, w.Content.ArchivedContents, filepath.Join(here, "other"), Watch{}); err == nil {
		t.Error("what was stopped was finished")
	}
	if entries := got[[]os.DirEntry](t)(os.ReadDir(here)); len(entries) != 1 {
		t.Errorf("something was left: %v", entries)
	}
}

// TestExportWritesIntoFoldersThatAreThere has folders that can't be renamed, or are not to be: one that is worked in, and one behind a link.
func TestExportWritesIntoFoldersThatAreThere(t *testing.T) {
	w := openArchiveWorld(t, t.TempDir())
	w.fill(t)
	here := t.TempDir()
	behind, link := filepath.Join(here, "behind"), filepath.Join(here, "link")
	if err := errors.Join(os.Mkdir(behind, 0o700), os.Symlink(behind, link), os.Mkdir(filepath.Join(behind, "lost+found"), 0o700)); err != nil {
		t.Fatal(err)
	}
	w.export(t, link)
	if about := got[os.FileInfo](t)(os.Lstat(link)); about.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v", about.Mode())
	}
	got[*Archive](t)(OpenArchive(t.Context(), behind, Watch{}))
	t.Chdir(t.TempDir())
	w.export(t, ".")
	got[*Archive](t)(OpenArchive(t.Context(), ".", Watch{}))
	for _, folder := range []string{".", behind} {
		for _, entry := range got[[]os.DirEntry](t)(os.ReadDir(folder)) {
			if strings.HasPrefix(entry.Name(), ".") {
				t.Errorf("%s: %s is left", folder, entry.Name())
			}
		}
	}
	_, err := ExportArchive(operator(t), w.ArchiveHouse, w.Content.ArchivedContents, ".", Watch{})
	if !errors.Is(err, ErrNotEmpty) || !strings.Contains(err.Error(), "imports.ndjson is in it") {
		t.Error(err)
	}
}

// TestPostsOfArchivesCanBeImported takes the posts of an archive as any folder of Markdown: what readers did not see stays hidden.
func TestPostsOfArchivesCanBeImported(t *testing.T) {
	w := openArchiveWorld(t, t.TempDir())
	w.fill(t)
	folder := filepath.Join(t.TempDir(), "out")
	w.export(t, folder)
	other := openHouse(t)
	report := got[PostReport](t)(ImportPosts(operator(t), os.DirFS(filepath.Join(folder, "posts")), other.content, PostOptions{Language: "en"}, Watch{}))
	if report.Created == 0 {
		t.Fatalf("%+v", report)
	}
	reader := logic.WithViewer(t.Context(), logic.Viewer{Limit: logic.Anonymous})
	for slug, seen := range map[string]bool{"renamed": true, "with-a-cover": true, "imported": true, "archived": false, "thrown-away": false, "taken-back": false} {
		if _, err := other.content.Post(reader, slug); (err == nil) != seen {
			t.Errorf("%s: %v", slug, err)
		}
	}
}
