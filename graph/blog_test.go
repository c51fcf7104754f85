package graph_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"headwater/transfer"
)

// blogPosts is how many files of the real blog have a title and a date.
const blogPosts = 270

// realData returns the folder that holds real input, or skips the test.
func realData(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("HEADWATER_REAL_DATA")
	if _, err := os.Stat(filepath.Join(folder, "golang-blog")); err != nil {
		t.Skip("there is no real blog: HEADWATER_REAL_DATA names the folder that holds golang-blog")
	}
	return folder
}

// TestGoldenOverARealBlog asks queries of a blog that is not part of the project, so that what is expected holds its shape
// alone: how many things there are, and how long each text is.
func TestGoldenOverARealBlog(t *testing.T) {
	folder := realData(t)
	w := openWorld(t)
	report := w.mustImport(t, os.DirFS(filepath.Join(folder, "golang-blog")), transfer.PostOptions{DefaultAuthor: "The blog"})
	if report.Created != blogPosts {
		t.Errorf("took %d posts, not %d; left out: %v", report.Created, blogPosts, report.Left)
	}
	w.mustView(t, []string{"slices-intro", "slices", "maps", "errors-are-values", "context"})
	paths, err := filepath.Glob("testdata/golden-blog/*.graphql")
	if err != nil || len(paths) == 0 {
		t.Fatal("no golden queries", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".graphql"), func(t *testing.T) {
			found := w.ask(t, path)
			var response any
			if err := json.Unmarshal(found.Response, &response); err != nil {
				t.Fatal(err)
			}
			if found.Response, err = json.Marshal(shape(response)); err != nil {
				t.Fatal(err)
			}
			compare(t, strings.TrimSuffix(path, ".graphql")+".json", found)
		})
	}
}

// shape returns an answer with the length of each text in the text's place.
func shape(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			v[name] = shape(value)
		}
	case []any:
		for i, value := range v {
			v[i] = shape(value)
		}
	case string:
		return fmt.Sprintf("%d characters", utf8.RuneCountInString(v))
	}
	return v
}
