package transfer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/content"
)

// readPosts returns the posts of a folder by path, and what else is said of its files.
func readPosts(t *testing.T, folder fstest.MapFS, options PostOptions) (map[string]content.PostImport, []string) {
	t.Helper()
	posts, notices := map[string]content.PostImport{}, []string{}
	run := postRun{watch: Watch{Notice: func(n Notice) { notices = append(notices, n.String()) }}, siblings: map[string][]string{}}
	run.report.Left = Tally{}
	files, err := run.find(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source := postFile{file, run.siblings[filepath.Dir(file)], options, func(line int64, reason, detail string) {
			run.watch.notice(Notice{file, line, reason, detail})
		}}
		post, err := source.read(folder[file].Data)
		if left, ok := errors.AsType[*leftOut](err); ok {
			run.leave(file, left)
		} else if err != nil {
			t.Fatal(err)
		} else {
			posts[file] = post
		}
	}
	return posts, notices
}

// mapOf returns the files below a folder of the disk.
func mapOf(t *testing.T, dir string) fstest.MapFS {
	t.Helper()
	folder := fstest.MapFS{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		folder[filepath.ToSlash(name)] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestReadPosts(t *testing.T) {
	options := PostOptions{Zone: berlin, Language: "en", DefaultAuthor: "Nobody"}
	posts, notices := readPosts(t, mapOf(t, "testdata/posts"), options)
	updated := moment(2024, 2, 5, 0, 0, berlin)
	nine, sings := "Nine rungs, of which one is new.", "It sings."
	want := map[string]content.PostImport{
		"hugo/ladder/index.md": {
			Source: "hugo/ladder/index.md", Slug: "ladder", Title: "The ladder", Markdown: "\nNine rungs.\n\n\n\nOne is new.\n", Summary: &nine,
			Authors: []string{"Ada Quill"}, Tags: []string{"Wood", "Rope", "Repairs"}, Kind: content.PostKindArticle,
			PublishedAt: moment(2024, 2, 3, 7, 15, time.UTC), UpdatedAt: &updated,
		},
		"hugo/ladder/index.de.md": {
			Source: "hugo/ladder/index.de.md", Slug: "ladder-de", Title: "Die Leiter", Markdown: "\nNeun Sprossen.\n", Language: "de",
			Authors: []string{"Ada Quill"}, Kind: content.PostKindArticle, PublishedAt: moment(2024, 2, 3, 7, 15, time.UTC),
		},
		"_posts/2023-01-09-a-door-that-sticks.markdown": {
			Source: "_posts/2023-01-09-a-door-that-sticks.markdown", Slug: "a-door-that-sticks", Title: "A door that sticks",
			Markdown: "\nPlane it.\n", Authors: []string{"Ben Oakes", "Cy Ruud"}, Tags: []string{"wood", "winter", "Repairs", "House"},
			Kind: content.PostKindArticle, PublishedAt: moment(2023, 1, 9, 0, 0, berlin),
		},
		"_drafts/later.md": {
			Source: "_drafts/later.md", Slug: "later", Title: "Later", Markdown: "Not yet.\n", Authors: []string{"Nobody"},
			Kind: content.PostKindArticle, PublishedAt: moment(2025, 1, 1, 9, 0, time.UTC), Draft: true,
		},
		"zola/2023-11-05_kettle/index.md": {
			Source: "zola/2023-11-05_kettle/index.md", Slug: "kettle", Title: "Kettle", Markdown: "It sings.\n", Summary: &sings,
			Authors: []string{"Cy Ruud"}, Tags: []string{"Water"}, Kind: content.PostKindArticle,
			PublishedAt: moment(2023, 11, 5, 0, 0, berlin),
		},
		"eleventy/page.md": {
			Source: "eleventy/page.md", Slug: "about-us", Title: "About", Markdown: "We mend things.\n",
			Authors: []string{"Ada Quill", "Ben Oakes"}, Kind: content.PostKindPage, PublishedAt: moment(2022, 6, 1, 0, 0, berlin),
		},
		"again.md": {
			Source: "again.md", Slug: "ladder", Title: "The ladder again", Authors: []string{"Nobody"}, Kind: content.PostKindArticle,
			PublishedAt: moment(2024, 5, 5, 0, 0, berlin),
		},
		"template.md": {
			Source: "template.md", Slug: "template", Title: "A template", Authors: []string{"Ada Quill"}, Kind: content.PostKindArticle,
			PublishedAt: moment(2024, 5, 6, 0, 0, berlin),
			Markdown: "\n<img src=\"t/saw.png\" alt=\"\" width=\"300\" height=\"200\">\n\n" +
				"<p><em>The code of <code>t/saw.go</code> is not part of this copy.</em></p>\n\n" +
				"<p><a href=\"https://video.example.org/1\">Video</a></p>\n\n\nIf a  <  b, `{{x}}`.\n\n\n",
		},
	}
	if diff := cmp.Diff(want, posts); diff != "" {
		t.Error(diff)
	}
	wantNotices := []string{
		"broken.md:4: front matter that can't be read (did not find expected ',' or ']')",
		"eleventy/soap.md: a date that can't be read (date: Last Modified)",
		"hugo/_index.md: the page of a folder",
		"latin1.md:2: not UTF-8 text",
		"old-address.md: a redirect (to /blog/the-ladder)",
		"readme.md: no front matter",
		"template.md:16: template code was taken out ({{range .Posts}}{{.Title}}{{end}})",
	}
	if diff := cmp.Diff(wantNotices, notices); diff != "" {
		t.Error(diff)
	}
}

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
	var manyTags string
	for n := range 40 {
		manyTags += fmt.Sprintf("t%d, ", n)
	}
	folder := fstest.MapFS{
		"a.md": {Data: []byte("---\ntitle: A\ndate: 2024-05-05\nauthor: Ada Quill\ntags: [Wood, \"?!\", Rope]\nlang: klingon-\n---\n<script>x</script>one\n")},
		"b.md": {Data: []byte("---\ntitle: B\nslug: b\ndate: 2024-05-06\nupdated: lately\nsummary: " + strings.Repeat("word ", 300) + "\n---\n{{< toc >}}\n")},
		"c.md": {Data: []byte(post("C"))},
		"d.md": {Data: []byte(post(strings.Repeat("Long ", 50)))},
		"e.md": {Data: []byte("---\ntitle: E\ndate: 2024-05-05\ntags: [" + manyTags + "]\n---\n")},
	}
	options := PostOptions{Language: "en", DefaultAuthor: "Nobody"}
	run := func(want PostReport, wantNotices ...string) {
		t.Helper()
		var notices []string
		report, err := ImportPosts(t.Context(), folder, h.content, options, Watch{Notice: func(n Notice) { notices = append(notices, n.Place()+": "+n.Reason) }})
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
	changed, err := h.content.Post(t.Context(), "a")
	if err != nil || changed.Title != "A, again" || len(changed.TagIDs) != 0 {
		t.Errorf("the post is %+v, %v", changed, err)
	}
	if kept, err := h.content.Post(t.Context(), "c"); err != nil || kept.Title != "C" {
		t.Errorf("the post is %+v, %v", kept, err)
	}
}

func TestImportPostsFailsWithoutItsFolder(t *testing.T) {
	if _, err := ImportPosts(t.Context(), os.DirFS(filepath.Join(t.TempDir(), "no")), nil, PostOptions{}, Watch{}); err == nil {
		t.Error("a folder that is not there was read")
	}
}

func TestImportPostsStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
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

func TestDates(t *testing.T) {
	noon := moment(2024, 1, 31, 12, 0, time.UTC)
	midnight := moment(2024, 1, 31, 0, 0, berlin)
	for text, want := range map[string]logic.Moment{
		"2024-01-31":                        midnight,
		"2024-1-31":                         midnight,
		"2024/01/31":                        midnight,
		"2024.01.31":                        midnight,
		"January 31, 2024":                  midnight,
		"Jan 31, 2024":                      midnight,
		"31 January 2024":                   midnight,
		"31 Jan 2024":                       midnight,
		"Wed Jan 31 2024":                   midnight,
		"2024-01-31T12:00:00Z":              noon,
		"2024-01-31T12:00:00.000Z":          noon,
		"2024-01-31T13:00:00+01:00":         noon,
		"2024-01-31T05:00:00-0700":          noon,
		"2024-01-31 13:00:00 +0100":         noon,
		"2024-01-31  13:00 +0100":           noon,
		"2024-01-31 13:00:00+01:00":         noon,
		"2024-01-31 12:00:00 UTC":           noon,
		"2024-01-31 12:00:00 +0000 UTC":     noon,
		"2024-01-31T13:00:00":               noon,
		"2024-01-31T13:00":                  noon,
		"2024-01-31 13:00:00":               noon,
		"2024-01-31 13:00":                  noon,
		"Wed, 31 Jan 2024 12:00:00 GMT":     noon,
		"Wed, 31 Jan 2024 13:00:00 +0100":   noon,
		"Wed Jan 31 12:00:00 UTC 2024":      noon,
		"Wed Jan 31 2024 13:00:00 GMT+0100": noon,
	} {
		if got, ok := parseDate(text, berlin); !ok || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got.Time(), ok, want.Time())
		}
	}
	for _, text := range []string{"", "soon", "31/01/2024", "2024-13-01", "2024-02-30", "2024-01-31 12:00:00 PST", "0000-01-01", "20240131"} {
		if got, ok := parseDate(text, berlin); ok {
			t.Errorf("%q is read as %v", text, got.Time())
		}
	}
}

func TestPeopleIn(t *testing.T) {
	for byline, want := range map[string][]string{
		"Ada Quill":                                 {"Ada Quill"},
		" Ada  Quill ":                              {"Ada Quill"},
		"Ada Quill and Ben Oakes":                   {"Ada Quill", "Ben Oakes"},
		"Ada Quill, Ben Oakes and Cy Ruud":          {"Ada Quill", "Ben Oakes", "Cy Ruud"},
		"Ada Quill, Ben Oakes, and Cy Ruud":         {"Ada Quill", "Ben Oakes", "Cy Ruud"},
		"Ada Quill & Ben Oakes":                     {"Ada Quill", "Ben Oakes"},
		"Ada Quill, Ben Oakes":                      {"Ada Quill", "Ben Oakes"},
		"Ada, Ben and Cy":                           {"Ada", "Ben", "Cy"},
		"Quill, Ada":                                {"Quill, Ada"},
		"Ben Oakes, Jr.":                            {"Ben Oakes, Jr."},
		"Ada Quill, PhD and Cy Ruud":                {"Ada Quill, PhD", "Cy Ruud"},
		"Ada Quill, for the workshop":               {"Ada Quill"},
		"Ada Quill, on behalf of Mill & Co":         {"Ada Quill"},
		"Ada Quill and Ben Oakes, for the workshop": {"Ada Quill", "Ben Oakes"},
		"Ada Quill on behalf of the workshop":       {"Ada Quill"},
		"Ada Quill (Mill)":                          {"Ada Quill"},
		"Ada Quill <ada@example.org>":               {"Ada Quill"},
		"Ada Quill, May 2011; updated by Cy Ruud":   {"Ada Quill", "Cy Ruud"},
		"Ada Quill and contributors":                {"Ada Quill"},
		"Alexander Forman":                          {"Alexander Forman"},
		"The Mill Team":                             {"The Mill Team"},
		"":                                          nil,
		" , ":                                       nil,
	} {
		if diff := cmp.Diff(want, peopleIn(byline)); diff != "" {
			t.Errorf("%q: %s", byline, diff)
		}
	}
}

func TestAddressOf(t *testing.T) {
	for file, want := range map[string]address{
		"a.md":                      {slug: "a"},
		"go1.9.md":                  {slug: "go1.9"},
		"My First Post!.md":         {slug: "my-first-post"},
		"über-größe.md":             {slug: "über-größe"},
		"2024-01-31-a.md":           {slug: "a", date: "2024-01-31"},
		"2024-1-3_a.md":             {slug: "a", date: "2024-1-3"},
		"2024-01-31.md":             {date: "2024-01-31"},
		"2024-01-31/index.md":       {date: "2024-01-31"},
		"2024-01-31T10:00:00Z-a.md": {slug: "a", date: "2024-01-31"},
		"2024-01-31abc.md":          {slug: "2024-01-31abc"},
		"x/a/index.md":              {slug: "a"},
		"x/a/index.pt-br.md":        {slug: "a", language: "pt-br"},
		"x/_index.de.md":            {slug: "index", language: "de", section: true},
		"index.md":                  {},
		"x/two.de.md":               {slug: "two", language: "de"},
		"x/two.fr.md":               {slug: "two", language: "fr"},
		"x/lone.de.md":              {slug: "lone.de"},
		"node.js.md":                {slug: "node.js"},
		"_drafts/a.md":              {slug: "a", draft: true},
	} {
		if diff := cmp.Diff(want, addressOf(file, []string{"two.de.md", "two.fr.md", "lone.de.md"}), cmp.AllowUnexported(address{})); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
}

func TestSlugOfAddress(t *testing.T) {
	for link, want := range map[string]string{
		"/2024/01/the-ladder/":               "the-ladder",
		"/2024/the-ladder.html":              "the-ladder",
		"the-ladder/index.html":              "the-ladder",
		"https://example.org/b/The-Ladder?x": "the-ladder",
		"/:year/:title/":                     "",
		"/{{ page.fileSlug }}/":              "",
		"/":                                  "",
		"":                                   "",
		"/index.html":                        "",
	} {
		if got := slugOfAddress(link); got != want {
			t.Errorf("%q gives %q, want %q", link, got, want)
		}
	}
}

func TestMatterKeepsWhatWasWritten(t *testing.T) {
	for name, text := range map[string]string{
		"YAML": "---\nTitle: on\npublish_date: 2024-01-31\nversion: 1.10\nempty: ~\nlist: [1.10, yes]\n---\n",
		"TOML": "+++\nTitle = \"on\"\npublish-date = 2024-01-31\nversion = \"1.10\"\nlist = [\"1.10\", \"yes\"]\n+++\n",
		"JSON": "{\n\"Title\": \"on\", \"publishDate\": \"2024-01-31\", \"version\": \"1.10\", \"empty\": null, \"list\": [\"1.10\", \"yes\"]\n}\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			fields, rest, line, err := splitMatter([]byte(text + "rest"))
			if err != nil {
				t.Fatal(err)
			}
			if rest != "rest" || line != int64(strings.Count(text, "\n"))+1 {
				t.Errorf("the rest is %q, from line %d", rest, line)
			}
			list := []string{}
			for _, item := range fields["list"].list {
				list = append(list, item.text)
			}
			got := []string{fields.text("title"), fields.text("publishdate"), fields.text("version"), fields.text("empty"), strings.Join(list, " ")}
			if diff := cmp.Diff([]string{"on", "2024-01-31", "1.10", "", "1.10 yes"}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMatterErrorsNameTheirLine(t *testing.T) {
	for text, want := range map[string]int64{
		"---\na: 1\nb: [\n---\n":       3,
		"\n\n---\na: 1\n\tb: 2\n---\n": 5,
		"+++\na = 1\nb = = 2\n+++\n":   3,
		"+++\na = 1\na = 2\n+++\n":     3,
	} {
		_, _, _, err := splitMatter([]byte(text))
		if fault, ok := errors.AsType[*matterError](err); !ok || fault.line != want {
			t.Errorf("%q: %#v; want line %d", text, err, want)
		}
	}
}

func FuzzReadPost(f *testing.F) {
	for _, name := range []string{"hugo/ladder/index.md", "eleventy/page.md", "template.md", "broken.md", "_posts/2023-01-09-a-door-that-sticks.markdown"} {
		data, err := os.ReadFile(filepath.Join("testdata/posts", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("---\na: &a [x]\nb: [*a, *a]\ntitle: {c: [[[]]]}\ndate: 2024-01-01\ntemplate: true\n---\n{{with 1}}{{else}}{{end}}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		source := postFile{"2024-01-31-a.md", nil, PostOptions{DefaultAuthor: "Nobody"}, func(int64, string, string) {}}
		read, err := source.read(data)
		if left, ok := errors.AsType[*leftOut](err); ok {
			if left.reason == "" || left.line > int64(bytes.Count(data, []byte("\n"))+bytes.Count(data, []byte("\r")))+1 {
				t.Errorf("%+v", left)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if read.Title == "" || len(read.Authors) == 0 {
			t.Errorf("%+v", read)
		}
	})
}
