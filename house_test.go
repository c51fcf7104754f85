// Package headwater holds no code: its tests hold the house together.
package headwater

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// room says what a package may import, and those below it that have no line of their own.
type room struct {
	path  string
	ours  []string // the packages of ours that it may import
	never []string // what it may not import of others, nor its tests
	tests []string // what of that its tests may import all the same
}

var rooms = []room{
	{path: "logic", never: transports},
	{path: "logic/account", ours: []string{"logic"}, never: transports},
	{path: "logic/client", ours: []string{"logic"}, never: transports},
	{path: "logic/content", ours: []string{"logic", "logic/content/render", "logic/content/picture"}, never: transports},
	{path: "logic/content/picture", ours: []string{"logic"}, never: transports},
	{path: "logic/content/render", ours: []string{"logic"}, never: transports},
	{path: "logic/metric", ours: []string{"logic"}, never: transports},
	{path: "logic/webhook", ours: []string{"logic"}, never: transports, tests: []string{http}},
	{path: "store", ours: []string{"logic/..."}, never: []string{http, gqlgen}},
	{path: "graph/bind", ours: []string{"logic/..."}, never: stores},
	{path: "graph/bounded", never: transports},
	{path: "graph/cache", ours: []string{"logic"}, never: transports},
	{path: "graph/guard", ours: []string{"logic", "graph/bounded"}, never: stores},
	{path: "graph/direct", ours: []string{"logic", "graph/bounded"}, never: stores},
	{path: "graph/gen", ours: []string{"logic/...", "graph/bind", "graph/direct"}, never: stores},
	{path: "graph", ours: []string{"logic/...", "graph/..."}, never: stores, tests: []string{http}},
	{path: "deliver", ours: []string{"logic", "logic/webhook"}, never: append([]string{gqlgen}, databases...)},
	{path: "mail", ours: []string{"logic", "logic/account"}, never: transports},
	{path: "files", ours: []string{"logic"}, never: append([]string{gqlgen}, databases...)},
	{path: "transfer", ours: []string{"logic/..."}, never: transports},
	{path: "web", never: transports},
	{path: "server/httpd/wire", never: databases},
	{path: "server/httpd", ours: []string{"logic/...", "graph/...", "web", "transfer", "server/httpd/wire"}, never: databases},
	{path: "server", ours: []string{"logic/...", "store", "graph/...", "deliver", "mail", "files", "transfer", "web", "server/..."},
		never: databases, tests: []string{"database/sql"}},
	{path: "tools/gqlgen", ours: []string{"logic/...", "graph/..."}, never: databases},
	{path: "bench", ours: []string{"logic/...", "store", "bench/sqlite"}},
}

const (
	module = "headwater"
	http   = "net/http"
	gqlgen = "github.com/99designs/gqlgen"
	sqlx   = "github.com/jmoiron/sqlx"
	sqlite = "github.com/mattn/go-sqlite3"
)

var (
	databases  = []string{"database/sql", sqlx, sqlite}
	stores     = append([]string{http}, databases...)
	transports = append([]string{gqlgen}, stores...)
)

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	seen := map[string]bool{}
	for name, found := range packages(t) {
		path := strings.TrimPrefix(strings.TrimPrefix(name, module), "/")
		if path == "" {
			continue
		}
		i := roomOf(path)
		if i < 0 {
			t.Errorf("package %s stands in no room: give it a line in the table of rooms", name)
			continue
		}
		room := rooms[i]
		seen[room.path] = true
		for _, imported := range found.Imports {
			own, isOurs := strings.CutPrefix(imported, module+"/")
			if isOurs && !slices.ContainsFunc(room.ours, func(allowed string) bool { return within(own, allowed) }) {
				t.Errorf("%s imports %s, which room %s may not", name, imported, room.path)
			}
			if isAmong(imported, room.never) {
				t.Errorf("%s imports %s, which room %s never may", name, imported, room.path)
			}
		}
		for _, imported := range slices.Concat(found.TestImports, found.XTestImports) {
			if isAmong(imported, room.never) && !isAmong(imported, room.tests) {
				t.Errorf("a test of %s imports %s, which room %s never may", name, imported, room.path)
			}
		}
	}
	for _, room := range rooms {
		if !seen[room.path] {
			t.Errorf("room %s is empty: the table of rooms is out of date", room.path)
		}
	}
}

// roomOf returns the index of the room that the package at path stands in, -1 when there is none.
func roomOf(path string) int {
	for ; path != "."; path = filepath.Dir(path) {
		if i := slices.IndexFunc(rooms, func(r room) bool { return r.path == path }); i >= 0 {
			return i
		}
	}
	return -1
}

// isAmong tells whether path is one of the packages, or stands below one.
func isAmong(path string, packages []string) bool {
	return slices.ContainsFunc(packages, func(known string) bool { return within(path, known+"/...") })
}

// within tells whether path is pattern, or stands below it where pattern ends in "/...".
func within(path, pattern string) bool {
	root, deep := strings.CutSuffix(pattern, "/...")
	return path == root || deep && strings.HasPrefix(path, root+"/")
}

// imports is what a package imports, and its tests inside and outside of it.
type imports struct{ Imports, TestImports, XTestImports []string }

// packages returns our packages with what they import.
func packages(t *testing.T) map[string]imports {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	found := map[string]imports{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			imports
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return found
		} else if err != nil {
			t.Fatalf("reading go list: %v", err)
		}
		found[p.ImportPath] = p.imports
	}
}
