package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/content"
)

func TestValuesComeBackAsTheyWere(t *testing.T) {
	s := openTest(t)
	long := strings.Repeat("ä", 200_000)
	given := []any{int64(math.MinInt64), int64(math.MaxInt64), 0.5, math.Inf(1), "", "a\x00b", "żółw 🐢", long, []byte{}, []byte{0, 1, 0xff}, []byte(long), nil}
	check := func(r reader) {
		t.Helper()
		rows := 0
		err := r.rows(t.Context(), `SELECT `+strings.Repeat("?, ", len(given))+`'end'`, given, func(row *row) error {
			rows++
			for _, want := range given {
				if found := row.next().driver(); !reflect.DeepEqual(found, want) {
					t.Errorf("%T %.20v came back as %T %.20v", want, want, found, found)
				}
			}
			if end := row.text(); end != "end" {
				t.Errorf("behind the last came %q", end)
			}
			if row.int(); row.err == nil {
				t.Error("a row gave more values than it has columns")
			}
			return nil
		})
		if err != nil || rows != 1 {
			t.Errorf("%d rows, %v", rows, err)
		}
	}
	check(s.reader())
	mustWrite(t, s, func(w *writer) error {
		check(w.reader)
		return nil
	})
}

// countUp is a query of numbers with a text behind each.
const countUp = `WITH RECURSIVE counted(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < ?)
	SELECT n, printf('%d %.*c', n, n % 500, 'x') FROM counted`

func TestRowsComeInOrderHoweverManyThereAre(t *testing.T) {
	s := openTest(t)
	for _, many := range []int64{0, 1, 2, 300, 50_000} {
		var texts []string
		err := s.reader().rows(t.Context(), countUp, []any{many}, func(row *row) error {
			if n := row.int(); n != int64(len(texts))+1 {
				return fmt.Errorf("row %d is %d", len(texts)+1, n)
			}
			texts = append(texts, row.text())
			return row.err
		})
		if many == 0 { // the first is there in any case
			many = 1
		}
		if err != nil || len(texts) != int(many) {
			t.Fatalf("%d rows of %d, %v", len(texts), many, err)
		}
		for i, text := range texts { // which stayed while others were read
			if want := fmt.Sprintf("%d %s", i+1, strings.Repeat("x", max(1, (i+1)%500))); text != want {
				t.Fatalf("text %d is %.40q, not %.40q", i, text, want)
			}
		}
	}
}

func TestQueriesEndWithTheirCallers(t *testing.T) {
	s := openTest(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	endless := `WITH RECURSIVE counted(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM counted) SELECT max(n) FROM counted`
	if _, err := selectRow[int64](ctx, s.reader(), endless); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("an endless query ended with %v", err)
	}
	if _, err := selectRow[int64](ctx, s.reader(), `SELECT 1`); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("whoever waits no more got %v", err)
	}
	for range cap(s.pool.places) + 1 {
		if n, err := selectRow[int64](t.Context(), s.reader(), `SELECT 1`); err != nil || n != 1 {
			t.Errorf("the connection is of no use any more: %v", err)
		}
	}
}

func TestQueriesEndWithTheErrorOfWhoTakes(t *testing.T) {
	s := openTest(t)
	enough := errors.New("enough")
	for range 3 {
		rows := 0
		err := s.reader().rows(t.Context(), countUp, []any{50_000}, func(*row) error {
			if rows++; rows == 2 {
				return enough
			}
			return nil
		})
		if !errors.Is(err, enough) || rows != 2 {
			t.Errorf("%v after %d rows", err, rows)
		}
	}
	func() {
		defer func() {
			if thrown := recover(); thrown != "thrown" {
				t.Errorf("the panic came out as %v", thrown)
			}
		}()
		_ = s.reader().rows(t.Context(), countUp, []any{50_000}, func(*row) error { panic("thrown") })
	}()
	if open := len(s.pool.places); open != 0 {
		t.Errorf("%d connections were not given back", open)
	}
	if err := s.reader().rows(t.Context(), countUp, []any{3}, func(*row) error { return nil }); err != nil {
		t.Error(err)
	}
}

func TestRowsWithinRows(t *testing.T) {
	s := openTest(t)
	within := func(r reader, query string) (sum int64, err error) {
		err = r.rows(t.Context(), countUp, []any{3}, func(outer *row) error {
			n, err := selectRow[int64](t.Context(), r, query, outer.int())
			sum += n
			return err
		})
		return sum, err
	}
	snapshot, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer snapshot.Close()
	for name, r := range map[string]reader{"pool": s.reader(), "snapshot": snapshot.reader} {
		if sum, err := within(r, `SELECT 2 * ?`); err != nil || sum != 12 {
			t.Errorf("%s: %d, %v", name, sum, err)
		}
	}
	err = snapshot.rows(t.Context(), countUp, []any{3}, func(*row) error {
		return snapshot.rows(t.Context(), countUp, []any{3}, func(*row) error { return nil })
	})
	if err == nil {
		t.Error("on one connection a query was run within its own rows")
	}
	if err := snapshot.rows(t.Context(), countUp, []any{3}, func(*row) error { return nil }); err != nil {
		t.Error(err)
	}
}

func TestConnectionsForgetStatements(t *testing.T) {
	s := openTest(t)
	c, err := s.pool.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.pool.give(c)
	for range 2 {
		for i := range maxPrepared + 50 {
			found := 0
			if _, err := c.run(t.Context(), fmt.Sprintf("SELECT %d", i), nil, func(row *row) error {
				found = int(row.int())
				return row.err
			}); err != nil || found != i {
				t.Fatal(i, found, err)
			}
		}
	}
	if len(c.prepared) != maxPrepared {
		t.Errorf("%d statements are kept", len(c.prepared))
	}
}

func TestStatementsThatCannotRun(t *testing.T) {
	s := openTest(t)
	for query, args := range map[string][]any{
		`SELECT missing FROM nowhere`: nil, `SELECT ?`: {}, `SELECT 1`: {1}, `SELECT ? `: {struct{}{}}, `SELECT abs(?)`: {int64(math.MinInt64)}, ``: nil,
	} {
		if err := s.reader().rows(t.Context(), query, args, func(*row) error { return nil }); err == nil {
			t.Errorf("%q ran with %v", query, args)
		}
	}
	_, err := selectRow[int64](t.Context(), s.reader(), `SELECT missing FROM nowhere`)
	if err == nil || !strings.Contains(err.Error(), "no such table: nowhere") {
		t.Errorf("a fault is shown as %v", err)
	}
}

func TestSizesThatSQLiteCannotCountAreRefused(t *testing.T) {
	for size, taken := range map[int]bool{0: true, math.MaxInt32: true, math.MaxInt32 + 1: false, math.MaxUint32 + 2: false} {
		if _, err := appendSize(nil, kindText, size); (err == nil) != taken {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

func TestPoolHasAnEnd(t *testing.T) {
	s := openIn(t, t.TempDir())
	for range cap(s.pool.places) {
		c, err := s.pool.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.pool.give(c)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.pool.take(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("beyond the last connection came %v", err)
	}
}

func TestNothingIsReadOfAClosedSnapshot(t *testing.T) {
	s := openTest(t)
	snapshot, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	posts := snapshot.Content()
	for range 2 {
		if err := snapshot.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, site := range []func(context.Context) (content.Site, error){snapshot.Site, posts.Site} {
		if _, err := site(t.Context()); !errors.Is(err, errClosed) {
			t.Errorf("a closed snapshot answered %v", err)
		}
	}
}

// unwaited is a context whose end nobody may wait for.
type unwaited struct {
	context.Context
	t *testing.T
}

func (u unwaited) Done() <-chan struct{} {
	u.t.Error("the end is waited for")
	return u.Context.Done()
}

func TestWhoGetsAConnectionAtOnceDoesNotWait(t *testing.T) {
	s := openTest(t)
	if n, err := selectRow[int64](unwaited{t.Context(), t}, s.reader(), `SELECT 1`); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
}

func TestNothingIsReadOfAClosedStore(t *testing.T) {
	s := openTest(t)
	snapshot, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := snapshot.Site(t.Context()); err != nil { // which was begun before
		t.Error(err)
	}
	if err := snapshot.Close(); err != nil {
		t.Error(err)
	}
	if _, err := s.reader().Site(t.Context()); !errors.Is(err, errClosed) {
		t.Errorf("a closed store answered %v", err)
	}
}

func TestAStatementRunsAsOftenAsItHasValues(t *testing.T) {
	s := openProbe(t)
	mustWrite(t, s, func(w *writer) error {
		changed, err := w.exec(t.Context(), `INSERT INTO probe (id, name) VALUES (?, ?) ON CONFLICT (id) DO NOTHING`, 1, "a", 2, nil, 1, "b", 3, "c")
		if changed != 3 {
			t.Errorf("%d rows were changed, want 3", changed)
		}
		return err
	})
	names := func(asked ...any) (found []string) {
		t.Helper()
		err := s.reader().rows(t.Context(), `SELECT id, name FROM probe WHERE id = ? AND name IS NOT ?`, asked, func(row *row) error {
			found = append(found, fmt.Sprintf("%d %v", row.int(), row.next().driver()))
			return row.err
		})
		if err != nil {
			t.Error(err)
		}
		return found
	}
	if found := names(3, "", 9, "", 2, "", 1, "a", 1, nil); fmt.Sprint(found) != "[3 c 2 <nil> 1 a]" {
		t.Errorf("found %v", found)
	}
	// Rows of all runs come, however many there are.
	sum := int64(0)
	err := s.reader().rows(t.Context(), countUp, []any{3, 20_000, 2}, func(row *row) error {
		sum += row.int()
		return row.err
	})
	if want := int64(6 + 20_000*20_001/2 + 3); err != nil || sum != want {
		t.Errorf("the sum is %d (%v), want %d", sum, err, want)
	}
}

func TestOfSeveralRunsOneThatFailsEndsAll(t *testing.T) {
	s := openProbe(t)
	err := s.change(t.Context(), func(w *writer) error {
		_, err := w.exec(t.Context(), `INSERT INTO probe (id) VALUES (?)`, 1, 2, 1, 3)
		return err
	})
	if logic.CodeOf(err) != logic.CodeTaken {
		t.Errorf("got %v, want TAKEN", err)
	}
	if got := probes(t, s); got != "" {
		t.Errorf("kept %s, want none", got)
	}
	for _, args := range [][]any{{}, {1, 2, 3}} {
		if _, err := selectRows[int](t.Context(), s.reader(), `SELECT ? + ?`, args...); err == nil {
			t.Errorf("two question marks took %v", args)
		}
	}
}

func TestWhatWritesReadsWithinItsRows(t *testing.T) {
	s := openProbe(t)
	mustWrite(t, s, func(w *writer) error {
		return w.rows(t.Context(), countUp, []any{3}, func(row *row) error {
			return insertProbe(t.Context(), int(row.int()))(w)
		})
	})
	if got := probes(t, s); got != "1,2,3" {
		t.Errorf("kept %s, want 1,2,3", got)
	}
}

// What was to be run with values that SQLite does not know leaves nothing behind for what is run next.
func TestChangedRowsAreCountedAnewBehindValuesThatCannotBe(t *testing.T) {
	s := openTest(t)
	mustWrite(t, s, func(w *writer) error {
		if _, err := w.exec(t.Context(), `UPDATE site SET url = url`); err != nil {
			return err
		}
		if _, err := w.exec(t.Context(), `UPDATE site SET url = ?`, struct{}{}); err == nil {
			t.Error("a struct was taken for a value")
		}
		changed, err := w.exec(t.Context(), `DELETE FROM site WHERE false`)
		if changed != 0 {
			t.Errorf("%d rows were changed", changed)
		}
		return err
	})
}

func TestConnectionsKeepNoLongValues(t *testing.T) {
	s := openTest(t)
	mustWrite(t, s, func(w *writer) error {
		return w.rows(t.Context(), `SELECT length(?)`, []any{strings.Repeat("x", 4*keptChunk)}, func(row *row) error {
			row.int()
			return row.err
		})
	})
	if kept := cap(s.write.values); kept > keptChunk {
		t.Errorf("%d bytes are kept", kept)
	}
}
