package content_test

import (
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

func TestImportPublishesOnceThePostsDateHasCome(t *testing.T) {
	w := newWorld(t)
	in := newImport("later")
	in.PublishedAt = now + day
	if result := w.mustImport(t, in, content.ImportCreated); !result.Scheduled {
		t.Error("a post of tomorrow is not scheduled")
	}
	if result := w.mustImport(t, in, content.ImportUnchanged); !result.Scheduled {
		t.Error("an unchanged post of tomorrow is not scheduled")
	}
	if _, err := w.Post(t.Context(), "later"); logic.CodeOf(err) != logic.CodeNotFound {
		t.Errorf("a post of tomorrow: %v", err)
	}
	w.now += 2 * day
	if result := w.mustImport(t, in, content.ImportUpdated); result.Scheduled {
		t.Error("a post of yesterday is scheduled")
	}
	if post := w.mustPost(t, "later"); post.UpdatedAt != in.PublishedAt {
		t.Errorf("it was changed at %d, want when it was published, %d", post.UpdatedAt, in.PublishedAt)
	}
	w.mustImport(t, in, content.ImportUnchanged)
}

func TestImportTakesOneMomentForAll(t *testing.T) {
	w := newWorld(t)
	ticking := content.New(w.store.Content(), func() logic.Moment { w.now++; return w.now }, w.store.Keys())
	in := newImport("post")
	if _, err := ticking.ImportPost(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if created := w.mustPost(t, "post").CreatedAt; created != w.now {
		t.Errorf("made at %d, but the clock was read until %d", created, w.now)
	}
	in.Markdown = "Other."
	if _, err := ticking.ImportPost(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if updated := w.mustPost(t, "post").UpdatedAt; updated != w.now {
		t.Errorf("changed at %d, but the clock was read until %d", updated, w.now)
	}
}
