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
	never []string // what it may not import of others
}

var rooms = []room{
	{"logic", nil, transports},
	{"logic/account", []string{"logic"}, transports},
	{"logic/content", []string{"logic", "logic/content/render"}, transports},
	{"logic/content/render", []string{"logic"}, transports},
	{"logic/metric", []string{"logic"}, transports},
	{"store", []string{"logic/..."}, []string{"net/http", gqlgen}},
	{"graph/bind", []string{"logic/..."}, []string{"net/http", "database/sql", sqlx, sqlite}},
	{"graph/guard", []string{"logic"}, []string{"database/sql", sqlx, sqlite}},
	{"graph/gen", []string{"logic/...", "graph/bind"}, []string{"database/sql", sqlx, sqlite}},
	{"graph", []string{"logic/...", "graph/..."}, []string{"database/sql", sqlx, sqlite}},
	{"transfer", []string{"logic/..."}, []string{"database/sql", sqlx, sqlite, gqlgen}},
	{"web", nil, []string{"net/http", "database/sql", sqlx, sqlite, gqlgen}},
	{"server/httpd", []string{"logic/...", "graph/...", "web", "transfer"}, []string{"database/sql", sqlx, sqlite}},
	{"server", []string{"logic/...", "store", "graph/...", "transfer", "web", "server/..."}, []string{"database/sql", sqlx, sqlite}},
	{"tools/gqlgen", []string{"logic/...", "graph/..."}, nil},
	{"bench", []string{"logic/...", "store", "graph/...", "transfer", "web", "server/..."}, nil},
}

const (
	module = "headwater"
	gqlgen = "github.com/99designs/gqlgen"
	sqlx   = "github.com/jmoiron/sqlx"
	sqlite = "github.com/mattn/go-sqlite3"
)

var transports = []string{"net/http", "database/sql", sqlx, sqlite, gqlgen}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	seen := map[string]bool{}
	for name, imports := range packages(t) {
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
		for _, imported := range imports {
			own, isOurs := strings.CutPrefix(imported, module+"/")
			if isOurs && !slices.ContainsFunc(room.ours, func(allowed string) bool { return within(own, allowed) }) {
				t.Errorf("%s imports %s, which room %s may not", name, imported, room.path)
			}
			if slices.ContainsFunc(room.never, func(banned string) bool { return within(imported, banned+"/...") }) {
				t.Errorf("%s imports %s, which room %s never may", name, imported, room.path)
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

// within tells whether path is pattern, or stands below it where pattern ends in "/...".
func within(path, pattern string) bool {
	root, deep := strings.CutSuffix(pattern, "/...")
	return path == root || deep && strings.HasPrefix(path, root+"/")
}

// packages returns our packages with what each imports outside its tests.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	found := map[string][]string{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return found
		} else if err != nil {
			t.Fatalf("reading go list: %v", err)
		}
		found[p.ImportPath] = p.Imports
	}
}
