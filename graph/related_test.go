package graph_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"headwater/transfer"
)

// Of the related posts that are shown, at least this share must be among those that people called close.
const (
	relatedShown = 3
	relatedShare = 0.6
)

// TestRelatedPostsAreThoseThatPeopleCalledClose compares what is shown of twenty posts of a real blog with neighbours that
// were judged by hand.
func TestRelatedPostsAreThoseThatPeopleCalledClose(t *testing.T) {
	folder := realData(t)
	text, err := os.ReadFile("testdata/related.json")
	if err != nil {
		t.Fatal(err)
	}
	var judged struct{ Posts map[string][]string }
	if err := json.Unmarshal(text, &judged); err != nil || len(judged.Posts) != 20 {
		t.Fatalf("%d judged posts, %v", len(judged.Posts), err)
	}
	w := openWorld(t)
	w.mustImport(t, os.DirFS(filepath.Join(folder, "golang-blog")), transfer.PostOptions{DefaultAuthor: "The blog"})

	near, shown := 0, 0
	for slug, neighbours := range judged.Posts {
		found := w.post(t, `query ($slug: String!, $first: Int!) { post(slug: $slug) { related(first: $first) { slug } } }`,
			map[string]any{"slug": slug, "first": relatedShown})
		var response struct {
			Data struct {
				Post struct{ Related []struct{ Slug string } }
			}
		}
		if err := json.Unmarshal(found.Response, &response); err != nil {
			t.Fatal(err)
		}
		related := response.Data.Post.Related
		if len(related) != relatedShown {
			t.Errorf("%s: %d related posts: %s", slug, len(related), found.Response)
		}
		for _, post := range related {
			shown++
			if slices.Contains(neighbours, post.Slug) {
				near++
			}
			if post.Slug == slug {
				t.Errorf("%s is shown as related to itself", slug)
			}
		}
	}
	if share := float64(near) / float64(shown); share < relatedShare {
		t.Errorf("%d of %d related posts are close (%.0f %%), want %.0f %%", near, shown, 100*share, 100*relatedShare)
	}
	t.Logf("%d of %d related posts are close", near, shown)
}
