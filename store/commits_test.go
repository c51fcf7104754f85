package store

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"headwater/logic/content"
)

func TestCommitsOfAllAreCounted(t *testing.T) {
	dir := t.TempDir()
	one, other := openIn(t, dir), openIn(t, dir)
	write := func(s *Store, title string) {
		t.Helper()
		err := s.Content().Write(t.Context(), func(w content.Writer) error {
			site, err := w.Site(t.Context())
			site.Title = title
			if err != nil {
				return err
			}
			return w.UpdateSite(t.Context(), site)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	at := one.Commits()
	for i, s := range []*Store{one, other, other, one} {
		write(s, string(rune('a'+i)))
		at++
		if one.Commits() != at || other.Commits() != at {
			t.Fatalf("after %d commits the counters say %d and %d, not %d", i+1, one.Commits(), other.Commits(), at)
		}
	}
	if _, err := one.Content().Site(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := one.Content().Write(t.Context(), func(w content.Writer) error { return w.DeletePreviewTokensOf(t.Context(), 1) })
	if err != nil {
		t.Fatal(err)
	}
	if err := one.Account().Erase(context.Background()); err != nil {
		t.Fatal(err)
	}
	if one.Commits() != at {
		t.Errorf("reading, writing nothing and emptying the log counted as commits: %d, not %d", one.Commits(), at)
	}
}

// TestEveryStatementThatWritesIsKnown has each be either one whose method says what it changes, or one that changes nothing of what is kept,
// but for those that take away everything.
func TestEveryStatementThatWritesIsKnown(t *testing.T) {
	sweeping := set(`FreeSlugs MergeTags InsertArchivedUsers InsertArchivedRows SetContentVersion`)
	known := map[string]bool{}
	for _, text := range sources(t) {
		for _, found := range writing.FindAllStringSubmatch(text, -1) {
			name := found[1]
			known[name] = true
			if n := countOf(saying[name]) + countOf(silent[name]) + countOf(sweeping[name]); n != 1 {
				t.Errorf("%s stands in %d of the lists of those who write", name, n)
			}
		}
	}
	for _, names := range []map[string]bool{saying, silent} {
		for name := range names {
			if !known[name] {
				t.Errorf("no statement of %s writes", name)
			}
		}
	}
}

// writing matches what writes, with the name of its method.
var writing = regexp.MustCompile(`/\* (\w+)[\w: ]* \*/\s+(?:INSERT|UPDATE|DELETE)`)

func countOf(is bool) int {
	if is {
		return 1
	}
	return 0
}

// sources returns the text of each file of the package that is no test.
func sources(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(path, "_test.go") {
			texts = append(texts, string(text))
		}
	}
	return texts
}

// What a commit writes is counted until it was written back, which is done beside the commits once it is much.
func TestALongLogIsWrittenBack(t *testing.T) {
	s := openProbe(t)
	write := func(id, size int) {
		t.Helper()
		mustWrite(t, s, func(w *writer) error {
			_, err := w.exec(t.Context(), `INSERT INTO probe (id, name) VALUES (?, printf('%d %.*c', ?, ?, 'x'))`, id, id, size)
			return err
		})
	}
	write(1, 1_000_000)
	before := s.commits.unwritten()
	var log, written int64
	_, err := s.write.run(t.Context(), writeBack, nil, func(row *row) error {
		row.int()
		log, written = row.int(), row.int()
		return row.err
	})
	if err != nil || before < 200 || before != int(log) || written != log || s.commits.unwritten() != 0 {
		t.Errorf("%d pages were not written back, of which %d were of %d, and %d are left (%v)", before, written, log, s.commits.unwritten(), err)
	}
	write(2, maxLog*4096)
	for s.commits.unwritten() > 0 {
		runtime.Gosched() // until it was written back
	}
	write(3, 1)
	if begun := s.commits.unwritten(); begun == 0 || begun > 10 {
		t.Errorf("the log goes on with %d pages, want that it begins anew", begun)
	}
}
