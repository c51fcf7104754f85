package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

func TestNamesAreAsTheyWereCommitted(t *testing.T) {
	dir := t.TempDir()
	one, other := openIn(t, dir), openIn(t, dir)
	tag := content.Tag{ID: 1, Slug: "go", Name: "Go"}
	mustWrite(t, one, func(w *writer) error { return w.InsertTag(t.Context(), tag) })
	holds := func(name string, statements int64) {
		t.Helper()
		before := one.Statements()
		tags, err := one.Content().TagNamesByID(t.Context(), []logic.TagID{tag.ID})
		if err != nil || tags[tag.ID].Name != name {
			t.Errorf("the tag is %v (%v), not %s", tags, err, name)
		}
		if ran := one.Statements() - before; ran != statements {
			t.Errorf("%d statements were run, not %d", ran, statements)
		}
	}
	rename := func(w *writer, name string) error {
		return w.UpdateTag(t.Context(), content.Tag{ID: tag.ID, Slug: tag.Slug, Name: name})
	}
	holds("Go", 1)
	holds("Go", 0)
	for i, s := range []*Store{one, other} {
		name := fmt.Sprint("Go ", i)
		mustWrite(t, s, func(w *writer) error { return rename(w, name) })
		holds(name, 1)
		holds(name, 0)
	}
	mustWrite(t, one, func(w *writer) error { return w.TouchContent(t.Context(), testNow) })
	holds("Go 1", 0)
	failed := errors.New("failed")
	if err := one.change(t.Context(), func(w *writer) error { return errors.Join(rename(w, "Undone"), failed) }); !errors.Is(err, failed) {
		t.Fatal(err)
	}
	holds("Go 1", 0)
	mustWrite(t, other, func(w *writer) error { return w.TouchContent(t.Context(), testNow) })
	holds("Go 1", 1)
}

func TestNamesOutliveNoCommitThatWroteNothing(t *testing.T) {
	s := openIn(t, t.TempDir())
	tag := content.Tag{ID: 1, Slug: "go", Name: "Go"}
	mustWrite(t, s, func(w *writer) error { return w.InsertTag(t.Context(), tag) })
	named := func(want string) {
		t.Helper()
		tags, err := s.Content().TagNamesByID(t.Context(), []logic.TagID{tag.ID})
		if err != nil || tags[tag.ID].Name != want {
			t.Errorf("the tag is %v (%v), not %s", tags, err, want)
		}
	}
	named("Go")
	before := s.Commits()
	mustWrite(t, s, func(w *writer) error { // a row that is changed into itself
		changed, err := w.exec(t.Context(), `/* TouchContent */ UPDATE site SET url = url`)
		if changed != 1 {
			t.Errorf("%d rows were changed", changed)
		}
		return err
	})
	if s.Commits() != before {
		t.Fatal("a commit without a page was counted")
	}
	tag.Name = "Golang"
	mustWrite(t, s, func(w *writer) error { return w.UpdateTag(t.Context(), tag) })
	named("Golang")
}

// A change of a group is undone, and another one stays.
func TestNamesAreThoseOfAGroupOfWhichOneIsUndone(t *testing.T) {
	s := openIn(t, t.TempDir())
	ids := []logic.TagID{1, 2}
	mustWrite(t, s, func(w *writer) error {
		return errors.Join(w.InsertTag(t.Context(), content.Tag{ID: 1, Slug: "a", Name: "A 0"}), w.InsertTag(t.Context(), content.Tag{ID: 2, Slug: "b", Name: "B 0"}))
	})
	failed := errors.New("failed")
	rename := func(id logic.TagID, slug, name string, err error) *change {
		return &change{ctx: t.Context(), answer: make(chan struct{}), run: func(w *writer) error {
			return errors.Join(w.UpdateTag(t.Context(), content.Tag{ID: id, Slug: slug, Name: name}), err)
		}}
	}
	touch := func() *change {
		return &change{ctx: t.Context(), answer: make(chan struct{}), run: func(w *writer) error { return w.TouchContent(t.Context(), testNow) }}
	}
	for _, test := range []struct {
		group      []*change
		a, b       string
		statements int64
	}{
		{[]*change{touch(), touch()}, "A 0", "B 0", 0},
		{[]*change{rename(1, "a", "A 1", failed), touch()}, "A 0", "B 0", 0},
		{[]*change{rename(1, "a", "A 2", failed), rename(2, "b", "B 2", nil)}, "A 0", "B 2", 1},
		{[]*change{rename(1, "a", "A 3", nil), rename(2, "b", "B 3", failed)}, "A 3", "B 2", 1},
		{[]*change{rename(1, "a", "A 4", failed), rename(2, "b", "B 4", failed)}, "A 3", "B 2", 0},
	} {
		if _, err := s.Content().TagNamesByID(t.Context(), ids); err != nil {
			t.Fatal(err)
		}
		s.commitGroup(test.group)
		before := s.Statements()
		tags, err := s.Content().TagNamesByID(t.Context(), ids)
		if err != nil || tags[1].Name != test.a || tags[2].Name != test.b {
			t.Errorf("the tags are %v (%v), not %s and %s", tags, err, test.a, test.b)
		}
		if ran := s.Statements() - before; ran != test.statements {
			t.Errorf("%s, %s: %d statements were run, not %d", test.a, test.b, ran, test.statements)
		}
	}
}

// Whoever reads a name finds none older than the last that was committed before, by whichever store.
func TestNamesAreNeverOlderThanWhatWasCommitted(t *testing.T) {
	dir := t.TempDir()
	stores := []*Store{openIn(t, dir), openIn(t, dir)}
	const renames = 60
	mustWrite(t, stores[0], func(w *writer) error { return w.InsertTag(t.Context(), content.Tag{ID: 1, Slug: "go", Name: "0"}) })
	ctx, stop := context.WithCancel(t.Context())
	var committed atomic.Int64
	var readers sync.WaitGroup
	for i := range 6 {
		readers.Go(func() {
			for s := stores[i%2]; ctx.Err() == nil; {
				least := committed.Load()
				tags, err := s.Content().TagNamesByID(t.Context(), []logic.TagID{1})
				if err != nil {
					t.Error(err)
					return
				}
				if number, err := strconv.ParseInt(tags[1].Name, 10, 64); err != nil || number < least {
					t.Errorf("%q was read (%v) once %d was committed", tags[1].Name, err, least)
					return
				}
			}
		})
	}
	for i := range int64(renames) {
		s, name := stores[i%2], strconv.FormatInt(i+1, 10)
		mustWrite(t, stores[i/2%2], func(w *writer) error { return w.TouchContent(t.Context(), testNow+logic.Moment(i)) })
		mustWrite(t, s, func(w *writer) error { return w.UpdateTag(t.Context(), content.Tag{ID: 1, Slug: "go", Name: name}) })
		committed.Store(i + 1)
		mustWrite(t, s, func(w *writer) error { // which writes no page
			_, err := w.exec(t.Context(), `/* TouchContent */ UPDATE site SET url = url`)
			return err
		})
	}
	stop()
	readers.Wait()
}
