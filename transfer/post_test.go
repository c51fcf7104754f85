package transfer

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

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
		post, _, err := source.read(folder[file].Data)
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
		read, _, err := source.read(data)
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
