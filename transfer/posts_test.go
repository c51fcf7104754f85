package transfer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestImportPostsWithoutTaker(t *testing.T) {
	var last [2]int64
	var steps int
	watch := Watch{Progress: func(done, total int64) { last, steps = [2]int64{done, total}, steps+1 }}
	report, err := ImportPosts(t.Context(), os.DirFS("testdata/posts"), nil, PostOptions{DefaultAuthor: "Nobody"}, watch)
	if err != nil {
		t.Fatal(err)
	}
	want := PostReport{
		Files: 14, Read: 7, Changed: Tally{reasonTemplatePart: 1},
		Left: Tally{reasonBadMatter: 1, reasonBadDate: 1, reasonSection: 1, reasonNotText: 1, reasonRedirect: 1, reasonNoMatter: 1, reasonSameSlug: 1},
	}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Error(diff)
	}
	if last != [2]int64{14, 14} || steps != 15 {
		t.Errorf("progress ends at %v after %d steps", last, steps)
	}
}

// post returns a file of Markdown that can be taken.
func post(title string) string { return "---\ntitle: " + title + "\ndate: 2024-05-05\n---\ntext\n" }

func TestImportPostsGoesOnAfterWhatItCannotRead(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	link := func(target, name string) {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skipf("links are not to be had here: %v", err)
		}
	}
	write("good.md", post("Good"))
	write("sub/deep.MD", post("Deep"))
	write("node_modules/x/readme.md", post("Other"))
	write("large.md", post("Large")+strings.Repeat("word ", maxPostFile/5))
	write("folder.md/inner.md", post("Inner"))
	write("zero.md", post("Zero")+"\x00")
	link("loop.md", "loop.md")
	link(".", "sub/again")
	link("..", "sub/up.md")
	link("nowhere", "nowhere.md")
	link("good.md", "twin.md")
	report, err := ImportPosts(t.Context(), os.DirFS(dir), nil, PostOptions{DefaultAuthor: "Nobody"}, Watch{})
	if err != nil {
		t.Fatal(err)
	}
	want := PostReport{
		Files: 9, Read: 4, Changed: Tally{},
		Left: Tally{reasonTooLarge: 1, reasonNotText: 1, reasonUnreadable: 3},
	}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Error(diff)
	}
	if os.Getuid() == 0 {
		t.Log("the superuser reads every file: files without permission are not tested")
		return
	}
	if err := os.Chmod(write("secret.md", post("Secret")), 0); err != nil {
		t.Fatal(err)
	}
	report, err = ImportPosts(t.Context(), os.DirFS(dir), nil, PostOptions{DefaultAuthor: "Nobody"}, Watch{})
	if want := int64(4); err != nil || report.Left[reasonUnreadable] != want {
		t.Errorf("%d unreadable files, %v; want %d", report.Left[reasonUnreadable], err, want)
	}
}

func TestImportPostsChangesWhatChanged(t *testing.T) {
	h := openHouse(t)
	var manyTags strings.Builder
	for n := range 40 {
		fmt.Fprintf(&manyTags, "t%d, ", n)
	}
	folder := fstest.MapFS{
		"a.md": {Data: []byte("---\ntitle: A\ndate: 2024-05-05\nauthor: Ada Quill\ntags: [Wood, \"?!\", Rope]\nlang: klingon-\n---\n<script>x</script>one\n")},
		"b.md": {Data: []byte("---\ntitle: B\nslug: b\ndate: 2024-05-06\nupdated: lately\nsummary: " + strings.Repeat("word ", 300) + "\n---\n{{< toc >}}\n")},
		"c.md": {Data: []byte(post("C"))},
		"d.md": {Data: []byte(post(strings.Repeat("Long ", 50)))},
		"e.md": {Data: []byte("---\ntitle: E\ndate: 2024-05-05\ntags: [" + manyTags.String() + "]\n---\n")},
	}
	options := PostOptions{Language: "en", DefaultAuthor: "Nobody"}
	run := func(want PostReport, wantNotices ...string) {
		t.Helper()
		var notices []string
		report, err := ImportPosts(operator(t), folder, h.content, options, Watch{Notice: func(n Notice) {
			notices = append(notices, n.Place()+": "+n.Reason)
			if strings.Contains(n.Detail, "constraint") {
				t.Errorf("the notice tells what the database says: %s", n)
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, report); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(wantNotices, notices); diff != "" {
			t.Error(diff)
		}
	}
	left := Tally{"title too long": 1, "tags not valid": 1}
	run(PostReport{Files: 5, Created: 3, Left: left, Changed: Tally{
		reasonNoName: 1, reasonBadLanguage: 1, reasonSanitised: 1, reasonLongSummary: 1, reasonBadUpdate: 1, reasonShortcode: 1,
	}},
		"a.md: "+reasonNoName, "a.md: "+reasonBadLanguage, "a.md: "+reasonSanitised,
		"b.md: "+reasonLongSummary, "b.md: "+reasonBadUpdate, "b.md:8: "+reasonShortcode,
		"d.md: title too long", "e.md: tags not valid")
	run(PostReport{Files: 5, Unchanged: 3, Left: left, Changed: Tally{}}, "d.md: title too long", "e.md: tags not valid")

	// Another file takes the slug of one that is gone: the post that stands is not touched.
	folder["z.md"] = &fstest.MapFile{Data: []byte("---\ntitle: Z\nslug: c\ndate: 2024-05-05\n---\n")}
	folder["a.md"] = &fstest.MapFile{Data: []byte("---\ntitle: A, again\ndate: 2024-05-05\nauthor: Ada Quill\n---\ntwo\n")}
	delete(folder, "c.md")
	delete(folder, "d.md")
	delete(folder, "e.md")
	run(PostReport{Files: 3, Updated: 1, Unchanged: 1, Left: Tally{"slug taken": 1}, Changed: Tally{}}, "z.md: slug taken")
	changed, err := h.content.Post(operator(t), "a")
	if err != nil || changed.Title != "A, again" || len(changed.TagIDs) != 0 {
		t.Errorf("the post is %+v, %v", changed, err)
	}
	if kept, err := h.content.Post(operator(t), "c"); err != nil || kept.Title != "C" {
		t.Errorf("the post is %+v, %v", kept, err)
	}
}

func TestImportPostsFailsWithoutItsFolder(t *testing.T) {
	if _, err := ImportPosts(t.Context(), os.DirFS(filepath.Join(t.TempDir(), "no")), nil, PostOptions{}, Watch{}); err == nil {
		t.Error("a folder that is not there was read")
	}
}

func TestImportPostsStops(t *testing.T) {
	ctx, cancel := context.WithCancel(operator(t))
	watch := Watch{Progress: func(done, _ int64) {
		if done == 3 {
			cancel()
		}
	}}
	report, err := ImportPosts(ctx, os.DirFS("testdata/posts"), nil, PostOptions{DefaultAuthor: "Nobody"}, watch)
	if !errors.Is(err, context.Canceled) || report.Read+report.Left.Total() != 3 {
		t.Errorf("%+v, %v", report, err)
	}
}

// slugged returns a file of Markdown with a slug of its own.
func slugged(title, slug string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("---\ntitle: " + title + "\nslug: " + slug + "\ndate: 2024-05-05\n---\ntext\n")}
}

// mustImportPosts imports a folder, and wants this report.
func (h house) mustImportPosts(t *testing.T, folder fstest.MapFS, options PostOptions, want PostReport) {
	t.Helper()
	options.DefaultAuthor = "Nobody"
	report, err := ImportPosts(operator(t), folder, h.content, options, Watch{})
	if err != nil {
		t.Fatal(err)
	}
	if want.Left == nil {
		want.Left = Tally{}
	}
	want.Changed = Tally{}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Error(diff)
	}
}

// wantTitles wants these titles of the posts with these slugs.
func (h house) wantTitles(t *testing.T, titles map[string]string) {
	t.Helper()
	for slug, title := range titles {
		if found, err := h.content.Post(operator(t), slug); err != nil || found.Title != title {
			t.Errorf("the post %s is %q, %v; want %q", slug, found.Title, err, title)
		}
	}
}

func TestARefusedFileKeepsNoSlug(t *testing.T) {
	h := openHouse(t)
	folder := fstest.MapFS{"a.md": slugged(strings.Repeat("Long ", 50), "same"), "b.md": slugged("B", "same")}
	h.mustImportPosts(t, folder, PostOptions{}, PostReport{Files: 2, Created: 1, Left: Tally{"title too long": 1}})
	h.wantTitles(t, map[string]string{"same": "B"})
}

func TestFilesTakeEachOthersSlugs(t *testing.T) {
	h := openHouse(t)
	folder := fstest.MapFS{
		"a.md": slugged("A", "a"), "b.md": slugged("B", "b"), "c.md": slugged("C", "c"), "d.md": slugged("D", "d"), "gone.md": slugged("Gone", "gone"),
		"x.md": slugged("X", "x"),
	}
	h.mustImportPosts(t, folder, PostOptions{}, PostReport{Files: 6, Created: 6})
	delete(folder, "gone.md")
	// a and b change places; c takes what d leaves, and d what a file had that is gone; a new one takes what x leaves.
	folder["a.md"], folder["b.md"] = slugged("A", "b"), slugged("B", "a")
	folder["c.md"], folder["d.md"] = slugged("C", "d"), slugged("D", "gone")
	folder["new.md"], folder["x.md"] = slugged("New", "x"), slugged("X", "y")
	stuck := Tally{"slug taken": 2}
	h.mustImportPosts(t, folder, PostOptions{}, PostReport{Files: 6, Created: 1, Updated: 3, Left: stuck})
	h.wantTitles(t, map[string]string{"a": "B", "b": "A", "c": "C", "d": "D", "gone": "Gone", "x": "New", "y": "X"})
	h.mustImportPosts(t, folder, PostOptions{}, PostReport{Files: 6, Unchanged: 4, Left: stuck})
	folder["d.md"] = slugged("D", "c")
	h.mustImportPosts(t, folder, PostOptions{}, PostReport{Files: 6, Unchanged: 4, Updated: 2})
	h.wantTitles(t, map[string]string{"d": "C", "c": "D"})
}

func TestFoldersDoNotTakeEachOthersPosts(t *testing.T) {
	h := openHouse(t)
	file := func(title, date string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\ntitle: " + title + "\nslug: " + strings.ToLower(title) + "\ndate: " + date + "\n---\n")}
	}
	notes, diary := fstest.MapFS{"hello.md": file("Notes", "2024-05-05")}, fstest.MapFS{"hello.md": file("Diary", "2024-06-06")}
	h.mustImportPosts(t, notes, PostOptions{}, PostReport{Files: 1, Created: 1})
	h.mustImportPosts(t, diary, PostOptions{}, PostReport{Files: 1, Left: Tally{"source taken": 1}})
	h.mustImportPosts(t, diary, PostOptions{Source: "diary"}, PostReport{Files: 1, Created: 1})
	h.mustImportPosts(t, diary, PostOptions{Source: "diary"}, PostReport{Files: 1, Unchanged: 1})
	h.mustImportPosts(t, notes, PostOptions{}, PostReport{Files: 1, Unchanged: 1})
	h.wantTitles(t, map[string]string{"notes": "Notes", "diary": "Diary"})

	// Either may change alone, and both where that is meant.
	h.mustImportPosts(t, fstest.MapFS{"hello.md": file("Renamed", "2024-05-05")}, PostOptions{}, PostReport{Files: 1, Updated: 1})
	h.mustImportPosts(t, fstest.MapFS{"hello.md": file("Renamed", "2024-07-07")}, PostOptions{}, PostReport{Files: 1, Updated: 1})
	h.mustImportPosts(t, fstest.MapFS{"hello.md": file("Other", "2024-08-08")}, PostOptions{Replace: true}, PostReport{Files: 1, Updated: 1})
	h.wantTitles(t, map[string]string{"other": "Other"})
}
