package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"headwater/logic"
)

// createProbe makes a table for tests, whose parent is checked at the commit.
func createProbe(w *writer) error {
	_, err := w.exec(context.Background(), `CREATE TABLE probe (
		id INTEGER NOT NULL UNIQUE,
		name TEXT UNIQUE,
		parent INTEGER REFERENCES probe (id) DEFERRABLE INITIALLY DEFERRED
	) STRICT`)
	return err
}

func insertProbe(ctx context.Context, id int) func(*writer) error {
	return func(w *writer) error {
		_, err := w.exec(ctx, `INSERT INTO probe (id) VALUES (?)`, id)
		return err
	}
}

// openProbe opens a database with a table probe.
func openProbe(t testing.TB) *Store {
	t.Helper()
	s := openTest(t)
	mustWrite(t, s, createProbe)
	return s
}

// together runs changes as one group: a first one holds the writer until all of them wait. It returns their errors.
func together(t *testing.T, s *Store, changes ...func(*writer) error) []error {
	t.Helper()
	release := hold(t, s)
	errs := make([]error, len(changes))
	var group sync.WaitGroup
	for i, run := range changes {
		waiting := len(s.queue)
		group.Go(func() { errs[i] = s.change(t.Context(), run) })
		for len(s.queue) == waiting {
			runtime.Gosched() // until the goroutine has come to the queue
		}
	}
	release()
	group.Wait()
	return errs
}

// hold keeps the writer busy until release is called.
func hold(t *testing.T, s *Store) (release func()) {
	t.Helper()
	holding, done := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		if err := s.change(context.Background(), func(*writer) error { close(holding); <-done; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-holding
	return sync.OnceFunc(func() { close(done); group.Wait() })
}

func probes(t *testing.T, s *Store) string {
	t.Helper()
	return mustGet[string](t, s, `SELECT coalesce(group_concat(id), '') FROM (SELECT id FROM probe ORDER BY id)`)
}

func TestWritesOfAGroupFailAlone(t *testing.T) {
	s := openProbe(t)
	ctx := t.Context()
	refused := errors.New("refused")
	errs := together(t, s,
		insertProbe(ctx, 1),
		func(w *writer) error { return errors.Join(insertProbe(ctx, 2)(w), refused) },
		insertProbe(ctx, 3),
		func(w *writer) error { _ = insertProbe(ctx, 4)(w); panic("thrown") },
		insertProbe(ctx, 1),
		insertProbe(ctx, 5),
	)
	if errs[0] != nil || errs[2] != nil || errs[5] != nil {
		t.Errorf("writes without a fault failed: %v", errs)
	}
	if !errors.Is(errs[1], refused) {
		t.Errorf("got %v, want %v", errs[1], refused)
	}
	if errs[3] == nil || !strings.Contains(errs[3].Error(), "thrown") {
		t.Errorf("got %v, want what was thrown", errs[3])
	}
	if logic.CodeOf(errs[4]) != logic.CodeTaken {
		t.Errorf("got %v, want TAKEN", errs[4])
	}
	if got := probes(t, s); got != "1,3,5" {
		t.Errorf("kept %s, want 1,3,5", got)
	}
}

func TestWritesOfAGroupAreTriedAloneWhenTheirCommitFails(t *testing.T) {
	s := openProbe(t)
	ctx := t.Context()
	errs := together(t, s,
		insertProbe(ctx, 1),
		func(w *writer) error {
			_, err := w.exec(ctx, `INSERT INTO probe (id, parent) VALUES (2, 99)`)
			return err
		},
		insertProbe(ctx, 3),
	)
	if errs[0] != nil || errs[2] != nil {
		t.Errorf("writes without a fault failed: %v", errs)
	}
	if errs[1] == nil || logic.CodeOf(errs[1]) != logic.CodeInternal {
		t.Errorf("got %v, want the failure of the commit", errs[1])
	}
	if got := probes(t, s); got != "1,3" {
		t.Errorf("kept %s, want 1,3", got)
	}
}

func TestWritesOfAGroupOutliveALostTransaction(t *testing.T) {
	s := openProbe(t)
	ctx := t.Context()
	lost := func(w *writer) error {
		_, err := w.exec(ctx, `ROLLBACK`)
		return errors.Join(err, errors.New("lost"))
	}
	errs := together(t, s, insertProbe(ctx, 1), lost, insertProbe(ctx, 3))
	if errs[0] != nil || errs[1] == nil || errs[2] != nil {
		t.Errorf("got %v, want that the second alone fails", errs)
	}
	if got := probes(t, s); got != "1,3" {
		t.Errorf("kept %s, want 1,3", got)
	}
}

func TestWritesThatWaitShareACommit(t *testing.T) {
	s := openProbe(t)
	ctx := t.Context()
	before := s.Commits()
	changes := make([]func(*writer) error, 100)
	for i := range changes {
		changes[i] = insertProbe(ctx, i)
	}
	for _, err := range together(t, s, changes...) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Commits() - before; got != 1 {
		t.Errorf("%d commits for 100 writes that waited together, want 1", got)
	}
}

func TestWriteSeesWhatTheGroupWrote(t *testing.T) {
	s := openProbe(t)
	ctx := t.Context()
	seen := -1
	errs := together(t, s, insertProbe(ctx, 1), func(w *writer) (err error) {
		seen, err = selectRow[int](ctx, w.reader, `SELECT count(*) FROM probe`)
		return err
	})
	if errors.Join(errs...) != nil || seen != 1 {
		t.Errorf("saw %d rows (%v), want 1", seen, errs)
	}
}

func TestCancelledWriteIsNotRun(t *testing.T) {
	s := openProbe(t)
	release := hold(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error)
	go func() { result <- s.change(ctx, insertProbe(ctx, 1)) }()
	for len(s.queue) == 0 {
		runtime.Gosched() // until the goroutine has come to the queue
	}
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that the context was cancelled", err)
	}
	release()
	mustWrite(t, s, insertProbe(t.Context(), 2))
	if got := probes(t, s); got != "2" {
		t.Errorf("kept %s, want 2 alone", got)
	}
}

func TestWriteCancelledWhileItRunsIsUndone(t *testing.T) {
	s := openProbe(t)
	ctx, cancel := context.WithCancel(t.Context())
	errs := together(t, s, insertProbe(t.Context(), 1))
	err := s.change(ctx, func(w *writer) error {
		if err := insertProbe(ctx, 2)(w); err != nil {
			return err
		}
		cancel()
		return insertProbe(ctx, 3)(w)
	})
	if errors.Join(errs...) != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v and %v, want that the second was cancelled", errs, err)
	}
	if got := probes(t, s); got != "1" {
		t.Errorf("kept %s, want 1", got)
	}
}

func TestFullQueueIsOverloaded(t *testing.T) {
	s := openProbe(t)
	release := hold(t, s)
	var group sync.WaitGroup
	for i := range maxWaiting {
		group.Go(func() {
			if err := s.change(t.Context(), insertProbe(t.Context(), i)); err != nil {
				t.Error(err)
			}
		})
	}
	for len(s.queue) < maxWaiting {
		runtime.Gosched() // until the goroutines have come to the queue
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.change(ctx, insertProbe(ctx, -1)); logic.CodeOf(err) != logic.CodeOverloaded {
		t.Errorf("got %v, want OVERLOADED", err)
	}
	release()
	group.Wait()
	if got := mustGet[int](t, s, `SELECT count(*) FROM probe`); got != maxWaiting {
		t.Errorf("%d rows, want %d", got, maxWaiting)
	}
}

func TestBusyDatabaseIsOverloaded(t *testing.T) {
	dir := t.TempDir()
	first, second := openIn(t, dir), openIn(t, dir)
	release := hold(t, first)
	defer release()
	second.write.waitFor(1)
	if err := second.change(t.Context(), func(*writer) error { return nil }); logic.CodeOf(err) != logic.CodeOverloaded {
		t.Errorf("got %v, want OVERLOADED", err)
	}
}

func TestCloseCommitsWhatWaits(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir)
	mustWrite(t, s, createProbe)
	release := hold(t, s)
	var group sync.WaitGroup
	group.Go(func() {
		if err := s.change(t.Context(), insertProbe(t.Context(), 1)); err != nil {
			t.Error(err)
		}
	})
	for len(s.queue) == 0 {
		runtime.Gosched() // until the goroutine has come to the queue
	}
	group.Go(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	release()
	group.Wait()
	if err := s.change(t.Context(), insertProbe(t.Context(), 2)); err != errClosed {
		t.Errorf("got %v, want %v", err, errClosed)
	}
	if got := probes(t, openIn(t, dir)); got != "1" {
		t.Errorf("kept %s, want 1", got)
	}
}

// TestMain lets the test binary be a program that writes until it is killed: see TestAcknowledgedWritesSurviveAKill.
func TestMain(m *testing.M) {
	if dir := os.Getenv("HEADWATER_TEST_WRITE_TO"); dir != "" {
		writeUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// writeUntilKilled writes rows from many goroutines and prints the key of each once it was committed.
func writeUntilKilled(dir string) {
	s, err := Open(context.Background(), Options{Dir: dir})
	if err == nil {
		err = s.change(context.Background(), createProbe)
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for n := 0; ; n++ {
				id := n*8 + worker
				if err := s.change(context.Background(), insertProbe(context.Background(), id)); err != nil {
					fmt.Println(err)
					return
				}
				fmt.Println(id)
			}
		})
	}
	group.Wait()
}

func TestAcknowledgedWritesSurviveAKill(t *testing.T) {
	dir := t.TempDir()
	program := exec.CommandContext(t.Context(), os.Args[0])
	program.Env = append(os.Environ(), "HEADWATER_TEST_WRITE_TO="+dir)
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[int]bool{}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		id, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatal(lines.Text())
		}
		acknowledged[id] = true
		if len(acknowledged) == 200 {
			if err := program.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := program.Wait(); err == nil {
		t.Fatal("the program ended by itself")
	}
	s := openIn(t, dir)
	kept, err := selectRows[int](t.Context(), s.reader(), `SELECT id FROM probe`)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range kept {
		delete(acknowledged, id)
	}
	if len(acknowledged) > 0 {
		t.Errorf("lost %d acknowledged writes", len(acknowledged))
	}
	if got := mustGet[string](t, s, `PRAGMA integrity_check`); got != "ok" {
		t.Errorf("the database is broken: %s", got)
	}
}
