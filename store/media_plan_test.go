package store

import (
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

// newMedia returns a file with a copy.
func newMedia(id logic.MediaID, name string) content.Media {
	return content.Media{
		ID: id, Name: name + ".png", Filename: "A picture.png", MimeType: "image/png", Size: 7, Width: new(700), Height: new(70), Alt: "Snow",
		Variants: []content.MediaVariant{
			{Name: name + "-320.png", Width: 320, Height: 32, MimeType: "image/png", Size: 3},
			{Name: name + "-640.jpg", Width: 640, Height: 64, MimeType: "image/jpeg", Size: 5},
		},
		CreatedAt: testNow,
	}
}

func TestEveryStatementOfMediaUsesAnIndex(t *testing.T) {
	s, _ := randomBlog(t)
	ctx := t.Context()
	ids := []logic.MediaID{7}
	seen := checkPlans(t, s, func(r reader, w *writer) {
		for _, err := range []error{
			w.InsertMedia(ctx, newMedia(7, "snow")), w.UpdateMedia(ctx, newMedia(7, "snow")),
			second(r.MediaByID(ctx, ids)), second(r.ReaderMediaByID(ctx, ids, 1)), second(r.MediaByName(ctx, "snow-320.png")),
			w.SetPostMedia(ctx, firstPost, []string{"snow-640.jpg"}, ids), w.SetPostMedia(ctx, firstPost, nil, nil),
			w.AddStrays(ctx, []string{"stray.png"}, testNow), second(r.OldStrays(ctx, testNow, 1)), second(w.DropStrays(ctx, []string{"stray.png"})),
			second(r.CountMedia(ctx, content.MediaQuery{})), second(r.CountMedia(ctx, content.MediaQuery{Words: []string{"sno"}})),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		if _, _, err := r.MediaUses(ctx, 7); err != nil {
			t.Error(err)
		}
		place := &logic.Cursor{Text: "m", Key: 7}
		for _, field := range []content.MediaOrderField{content.MediaOrderCreatedAt, content.MediaOrderFilename, content.MediaOrderSize} {
			for _, words := range [][]string{nil, {"pic", "sno"}} {
				for _, window := range []logic.Window{{Limit: 1}, {Limit: 1, After: place}} {
					if _, err := r.MediaPage(ctx, content.MediaQuery{Words: words, Order: content.MediaOrder{Field: field}, Window: window}); err != nil {
						t.Error(err)
					}
				}
			}
		}
		if err := w.DeleteMedia(ctx, 7); err != nil {
			t.Error(err)
		}
	})
	mustHaveAll(t, seen, "media.go", "post_media.go")
	mustStep(t, seen, "MediaPage", "SEARCH media USING INDEX media_by_created_at (created_at>?)")
}
