package store

import (
	"context"
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
