package store

import (
	"errors"
	"fmt"
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
