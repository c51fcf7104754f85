package store

import (
	"testing"

	"headwater/logic"
)

func TestWhatAnImportBroughtIsKnown(t *testing.T) {
	s := openTest(t)
	ctx, digest := t.Context(), []byte("digest")
	seen := checkPlans(t, s, func(r reader, w *writer) {
		if _, err := r.ImportedMedia(ctx, digest); logic.CodeOf(err) != logic.CodeNotFound {
			t.Errorf("got %v, want NOT_FOUND", err)
		}
		for _, id := range []logic.MediaID{7, 8} {
			for _, err := range []error{w.InsertMedia(ctx, newMedia(id, "snow-of-"+string('0'+rune(id)))), w.SetImportedMedia(ctx, digest, id)} {
				if err != nil {
					t.Error(err)
				}
			}
			if media, err := r.ImportedMedia(ctx, digest); err != nil || media.ID != id || len(media.Variants) != 2 {
				t.Errorf("got %+v, %v", media, err)
			}
		}
		if err := w.DeleteMedia(ctx, 8); err != nil {
			t.Error(err)
		}
		if _, err := r.ImportedMedia(ctx, digest); logic.CodeOf(err) != logic.CodeNotFound {
			t.Errorf("of a file that was deleted: %v", err)
		}
	})
	mustHaveAll(t, seen, "imported_media.go")
}
