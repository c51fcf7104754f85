package graph_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the answers that are found over those that are expected")

// golden is a query with its variables, which stand beside it in a file of the same name with .variables.json. A variable
// that reads "@newest.data.posts.pageInfo.endCursor" is taken from the answer to the golden query newest.
type golden struct {
	query     string
	variables map[string]any
}

func readGolden(t *testing.T, path string) golden {
	t.Helper()
	query, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g := golden{query: string(query)}
	variables, err := os.ReadFile(strings.TrimSuffix(path, ".graphql") + ".variables.json")
	if os.IsNotExist(err) {
		return g
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(variables, &g.variables); err != nil {
		t.Fatal(path, err)
	}
	return g
}

// ask sends a golden query, with variables from other answers where it wants them.
func (w *world) ask(t *testing.T, path string) answer {
	t.Helper()
	g := readGolden(t, path)
	variables, _ := w.fill(t, filepath.Dir(path), g.variables).(map[string]any)
	found := w.post(t, g.query, variables)
	found.Response = sortErrors(t, found.Response)
	return found
}

// sortErrors orders errors by their paths, since fields are resolved side by side; those of one field keep their order.
func sortErrors(t *testing.T, text json.RawMessage) json.RawMessage {
	t.Helper()
	var response struct {
		Errors     []json.RawMessage `json:"errors,omitempty"`
		Data       json.RawMessage   `json:"data,omitempty"`
		Extensions json.RawMessage   `json:"extensions,omitempty"`
	}
	if err := json.Unmarshal(text, &response); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	slices.SortStableFunc(response.Errors, func(a, b json.RawMessage) int { return strings.Compare(pathOf(a), pathOf(b)) })
	return encode(t, response, "")
}

// encode returns v as JSON that a person can read.
func encode(t *testing.T, v any, indent string) []byte {
	t.Helper()
	text := &bytes.Buffer{}
	encoder := json.NewEncoder(text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	if err := encoder.Encode(v); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func pathOf(text json.RawMessage) string {
	var shown struct{ Path []any }
	if json.Unmarshal(text, &shown) != nil {
		return ""
	}
	return fmt.Sprint(shown.Path...)
}

func (w *world) fill(t *testing.T, folder string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			v[name] = w.fill(t, folder, value)
		}
	case []any:
		for i, value := range v {
			v[i] = w.fill(t, folder, value)
		}
	case string:
		if reference, ok := strings.CutPrefix(v, "@"); ok {
			return w.lookUp(t, folder, reference)
		}
	}
	return v
}

func (w *world) lookUp(t *testing.T, folder, reference string) any {
	t.Helper()
	name, path, _ := strings.Cut(reference, ".")
	var found any
	if err := json.Unmarshal(w.ask(t, filepath.Join(folder, name+".graphql")).Response, &found); err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(path, ".") {
		switch at := found.(type) {
		case map[string]any:
			found = at[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(at) {
				t.Fatalf("%s: no entry %s", reference, part)
			}
			found = at[i]
		}
	}
	if found == nil {
		t.Fatalf("%s leads to nothing", reference)
	}
	return found
}

// TestGolden holds every query under testdata/golden to its whole answer and its number of SQL statements. Queries share one
// server; a mutation has one of its own.
func TestGolden(t *testing.T) {
	shared := openSample(t)
	paths, err := filepath.Glob("testdata/golden/*.graphql")
	if err != nil || len(paths) == 0 {
		t.Fatal("no golden queries", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".graphql"), func(t *testing.T) {
			w := shared
			if strings.HasPrefix(readGolden(t, path).query, "mutation") {
				w = openSample(t)
			}
			compare(t, strings.TrimSuffix(path, ".graphql")+".json", w.ask(t, path))
		})
	}
}

// compare holds an answer to the one in a file, or writes it there.
func compare(t *testing.T, path string, found answer) {
	t.Helper()
	text := encode(t, found, "  ")
	if *update {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	expected, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if difference := cmp.Diff(string(expected), string(text)); difference != "" {
		t.Errorf("%s (-expected +found; go test ./graph -update writes what is found)\n%s", path, difference)
	}
}
