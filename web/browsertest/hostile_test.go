//go:build browser

package browsertest

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"headwater/logic/content/render"
)

// rendered is what a browser is shown of a post.
type rendered struct {
	Name string `json:"name"`
	HTML string `json:"html"`
}

// TestHostilePostsInABrowser shows a browser what comes of the posts that try to run something in it.
func TestHostilePostsInABrowser(t *testing.T) {
	file, err := os.ReadFile(filepath.Join("..", "..", "logic", "content", "render", "testdata", "xss.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var posts []rendered
	for _, part := range strings.Split("\n"+string(file), "\n=== ")[1:] {
		name, source, _ := strings.Cut(part, "\n")
		post, err := render.Markdown(source)
		if err != nil {
			t.Fatal(err)
		}
		posts = append(posts, rendered{name, post.HTML})
	}
	input, err := json.Marshal(posts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), browserTime)
	defer cancel()
	script := exec.CommandContext(ctx, "node", "hostile.mjs")
	script.Stdin = bytes.NewReader(input)
	output, err := script.CombinedOutput()
	t.Logf("\n%s", output)
	if err != nil {
		t.Fatalf("hostile.mjs: %v", err)
	}
}
