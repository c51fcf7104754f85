package graph_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/client"
	"headwater/logic/content"
)

var update = flag.Bool("update", false, "write the answers that are found over those that are expected")

// golden is a query with its variables, which stand beside it in a file of the same name with .variables.json. A variable
// that reads "@newest.data.posts.pageInfo.endCursor" is taken from the answer to the golden query newest. Where not the public
// asks, the query begins with "# by a key with METRICS_READ", by scopes, or "# by rita", by username.
type golden struct {
	query     string
	variables map[string]any
}

// headerOf returns the headers of a request by whoever asks the golden query.
func (w *world) headerOf(t *testing.T, g golden) http.Header {
	t.Helper()
	line, _, _ := strings.Cut(g.query, "\n")
	who, ok := strings.CutPrefix(line, "# by ")
	if !ok {
		return nil
	}
	words, ok := strings.CutPrefix(who, "a key with ")
	if !ok {
		return w.mustSignIn(t, who)
	}
	var scopes []logic.Scope
	for word := range strings.FieldsSeq(words) {
		scopes = append(scopes, logic.Scope(word))
	}
	return bearer(w.mustKey(t, scopes...))
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
	header := w.headerOf(t, g)
	warm := `{ __typename }` // what is kept of clients and keys is not read again
	if !strings.Contains(g.query, "mutation ") {
		warm = g.query // nor are names that are remembered
	}
	w.send(t, header, warm, variables)
	found := w.send(t, header, g.query, variables)
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

// openStaffed returns the sample with a draft, three people, a session and a client with two keys.
func openStaffed(t *testing.T) *world {
	t.Helper()
	w := openSample(t)
	ctx := operator(t.Context())
	draft := content.PostImport{
		Source: "draft.md", Slug: "not-yet", Title: "Not yet", Markdown: "Words that wait.", Draft: true,
		Authors: []string{"Nora Later"}, Tags: []string{"Unheard of"}, PublishedAt: now.Add(-time.Hour),
	}
	if _, err := w.services.Content.ImportPost(ctx, draft); err != nil {
		t.Fatal(err)
	}
	for username, role := range map[string]logic.Role{"rita": logic.RoleReader, "edgar": logic.RoleEditor, "ada": logic.RoleAdmin} {
		w.mustUser(t, username, role)
	}
	w.mustSignIn(t, "rita")
	if _, err := w.services.Client.CreateClient(ctx, client.CreateClientInput{
		Name: "reader", Kind: client.KindWeb, Description: "The blog", PostURL: new("https://blog.example.org/{slug}"),
		AllowedOrigins: []string{"https://blog.example.org"}, ScopeCeiling: logic.Anonymous.List(), RequestsPerMinute: 6_000,
	}); err != nil {
		t.Fatal(err)
	}
	first, _, err := w.services.Client.CreateAPIKey(ctx, client.CreateAPIKeyInput{
		Client: "reader", Label: "site", Kind: client.KeyPublishable, Scopes: logic.Anonymous.List(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.services.Client.RotateAPIKey(ctx, first.ID, 3_600); err != nil {
		t.Fatal(err)
	}
	return w
}

// TestGolden holds every query under testdata/golden to its whole answer and its number of SQL statements. Queries share one
// server; a mutation has one of its own.
func TestGolden(t *testing.T) {
	shared := openStaffed(t)
	paths, err := filepath.Glob("testdata/golden/*.graphql")
	if err != nil || len(paths) == 0 {
		t.Fatal("no golden queries", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".graphql"), func(t *testing.T) {
			w := shared
			if strings.Contains(readGolden(t, path).query, "mutation ") {
				w = openStaffed(t)
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
