package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

// testNow is the moment at which tests run.
const testNow logic.Moment = 1_767_225_600_000 // 2026-01-01

// openTest opens a new database that is closed with the test.
func openTest(t testing.TB) *Store {
	t.Helper()
	return openIn(t, filepath.Join(t.TempDir(), "data"))
}

func openIn(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{Dir: dir, Clock: func() logic.Moment { return testNow }, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	plansKept := watchPlans(t, s)
	t.Cleanup(func() {
		plansKept()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// mustWrite runs run as one change, and stops the test unless it was committed.
func mustWrite(t testing.TB, s *Store, run func(*writer) error) {
	t.Helper()
	if err := s.change(t.Context(), run); err != nil {
		t.Fatal(err)
	}
}

// mustGet returns the only value of a query.
func mustGet[T any](t testing.TB, s *Store, query string, args ...any) T {
	t.Helper()
	value, err := selectRow[T](t.Context(), s.reader(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestOpenMakesFilesForTheOwnerAlone(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	dir := filepath.Join(t.TempDir(), "below", "data")
	s := openIn(t, dir)
	mustWrite(t, s, createProbe)
	for name, mode := range map[string]os.FileMode{
		"..": 0o700, "": 0o700, FileName: 0o600, FileName + "-wal": 0o600, FileName + "-shm": 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != mode {
			t.Errorf("%s has mode %o, want %o", filepath.Join(dir, name), got, mode)
		}
	}
}

func TestOpenClosesAFileThatOthersCouldRead(t *testing.T) {
	dir := t.TempDir()
	openIn(t, dir) // and stays open, so that there are files beside it
	names := []string{FileName, FileName + "-wal", FileName + "-shm"}
	for _, name := range names {
		if err := os.Chmod(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	openIn(t, dir)
	for _, name := range names {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s has mode %o, want 600", name, got)
		}
	}
}

func TestOpenTakesAnyFolderName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b?mode=memory#c%20d&e")
	openIn(t, dir)
	if _, err := os.Stat(filepath.Join(dir, FileName)); err != nil {
		t.Error(err)
	}
}

func TestOpenNeedsAFolder(t *testing.T) {
	if _, err := Open(t.Context(), Options{}); err == nil {
		t.Error("opened a database in no folder")
	}
}

func TestKeysGoOnFromTheGreatest(t *testing.T) {
	dir := t.TempDir()
	first := openIn(t, dir)
	mustAddNames(t, first, 1, 1)
	greatest := first.Keys().Next() + 1<<40 // made by a clock that was ahead
	mustWrite(t, first, func(w *writer) error {
		return w.InsertTag(t.Context(), content.Tag{ID: logic.TagID(greatest), Slug: "ahead"})
	})
	if next := openIn(t, dir).Keys().Next(); next <= greatest {
		t.Errorf("the key %d comes after %d", next, greatest)
	}
}

func TestTheSameKeyTwiceIsNobodysFault(t *testing.T) {
	s := openTest(t)
	mustAddNames(t, s, 1, 1)
	mustInsert(t, s, newPost(1))
	for name, run := range map[string]func(*writer) error{
		"post": func(w *writer) error {
			post := newPost(1)
			post.Slug = "other"
			return w.InsertPost(t.Context(), post, newText(""))
		},
		"tag":  func(w *writer) error { return w.InsertTag(t.Context(), content.Tag{ID: firstTag, Slug: "other"}) },
		"user": func(w *writer) error { return w.InsertAuthor(t.Context(), firstUser, "other", "Other", testNow) },
	} {
		if err := s.change(t.Context(), run); err == nil || logic.CodeOf(err) != logic.CodeInternal {
			t.Errorf("a second %s with the same key: %v, want INTERNAL", name, err)
		}
	}
}

func TestOpenAgainChangesNothing(t *testing.T) {
	dir := t.TempDir()
	first := openIn(t, dir)
	const schema = `SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)`
	const versions = `SELECT group_concat(version_id) FROM goose_db_version`
	before, applied := mustGet[string](t, first, schema), mustGet[string](t, first, versions)
	second := openIn(t, dir)
	if after := mustGet[string](t, second, schema); after != before {
		t.Errorf("the tables changed from\n%s\nto\n%s", before, after)
	}
	if after := mustGet[string](t, second, versions); after != applied {
		t.Errorf("the versions changed from %s to %s", applied, after)
	}
}

func TestOpenAtOnce(t *testing.T) {
	dir := t.TempDir()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			s, err := Open(t.Context(), Options{Dir: dir})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestOpenRefusesANewerDatabase(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir)
	mustWrite(t, s, func(w *writer) error {
		_, err := w.exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
		return err
	})
	_, err := Open(t.Context(), Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "newer program") || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want one line about a newer program", err)
	}
}

func TestOpenRefusesWhatIsNoDatabase(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, FileName), []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Dir: dir}); err == nil {
		t.Error("opened a file that is no database")
	}
}

func TestConnections(t *testing.T) {
	s := openTest(t)
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "trusted_schema": "0",
	} {
		var got string
		_, err := s.write.run(t.Context(), "PRAGMA "+pragma, nil, func(row *row) error {
			got = fmt.Sprint(row.next().driver())
			return row.err
		})
		if err != nil || got != want {
			t.Errorf("writer: %s is %s (%v), want %s", pragma, got, err, want)
		}
	}
	if _, err := selectRows[int](t.Context(), s.reader(), `DELETE FROM goose_db_version RETURNING id`); err == nil {
		t.Error("a reader could write")
	}
}

func TestTwoStoresOnOneFolder(t *testing.T) {
	dir := t.TempDir()
	stores := []*Store{openIn(t, dir), openIn(t, dir)}
	mustWrite(t, stores[0], createProbe)
	const writes = 50
	var group sync.WaitGroup
	for i, s := range stores {
		for n := range writes {
			group.Go(func() {
				if err := s.change(t.Context(), insertProbe(t.Context(), i*writes+n)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	group.Wait()
	for i, s := range stores {
		if got := mustGet[int](t, s, `SELECT count(*) FROM probe`); got != len(stores)*writes {
			t.Errorf("store %d sees %d rows, want %d", i, got, len(stores)*writes)
		}
	}
}

func TestStatementsAreCounted(t *testing.T) {
	s := openTest(t)
	mustWrite(t, s, createProbe)
	before := s.Statements()
	mustWrite(t, s, insertProbe(t.Context(), 1))
	mustGet[int](t, s, `SELECT count(*) FROM probe`)
	if _, err := selectRow[int](t.Context(), s.reader(), `SELECT id FROM probe WHERE id = 2`); err != sql.ErrNoRows {
		t.Errorf("got %v, want no row", err)
	}
	if got := s.Statements() - before; got != 3 {
		t.Errorf("counted %d statements, want 3", got)
	}
}

func TestReadEndsWithItsContext(t *testing.T) {
	s := openTest(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := selectRow[int](ctx, s.reader(), `SELECT 1`); err != context.Canceled {
		t.Errorf("got %v, want that the context was cancelled", err)
	}
}

func TestColumnName(t *testing.T) {
	for field, want := range map[string]string{
		"ID": "id", "HTML": "html", "URL": "url", "PostURL": "post_url", "AuthorIDs": "author_ids", "TagIDs": "tag_ids",
		"Title": "title", "PublishedAt": "published_at", "HTMLText": "html_text", "IDs": "ids", "IDsOfPosts": "ids_of_posts",
		"Utf8Text": "utf8_text", "P95": "p95", "OSName": "os_name",
	} {
		if got := columnName(field); got != want {
			t.Errorf("%s stands in %s, want %s", field, got, want)
		}
	}
}
