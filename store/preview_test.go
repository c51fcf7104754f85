package store

import (
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

func TestPreviewTokensAreKept(t *testing.T) {
	s := openTest(t)
	mustAddNames(t, s, 0, 1)
	mustInsert(t, s, newPost(0), newPost(1))
	ctx := t.Context()
	hashes := make([]logic.TokenHash, 4)
	for i := range hashes {
		hashes[i][0] = byte(i)
	}
	token := func(post logic.PostID, expires logic.Moment) content.PreviewToken {
		return content.PreviewToken{PostID: post, ExpiresAt: testNow + expires}
	}
	tokens := []content.PreviewToken{token(firstPost, 1), token(firstPost, 3), token(firstPost+1, 2), token(firstPost+1, 3)}
	seen := checkPlans(t, s, func(r reader, w *writer) {
		check := func(step string, known ...bool) {
			t.Helper()
			for i, hash := range hashes {
				got, err := r.PreviewToken(ctx, hash)
				if known[i] && (err != nil || got != tokens[i]) || !known[i] && logic.CodeOf(err) != logic.CodeNotFound {
					t.Errorf("%s: token %d is %+v, %v", step, i, got, err)
				}
			}
		}
		for i, hash := range hashes {
			if err := w.InsertPreviewToken(ctx, hash, tokens[i]); err != nil {
				t.Fatal(err)
			}
		}
		check("all", true, true, true, true)
		if err := w.DeletePreviewTokensBefore(ctx, testNow+2); err != nil {
			t.Error(err)
		}
		check("the oldest gone", false, true, true, true)
		if err := w.DeletePreviewTokensOf(ctx, firstPost+1); err != nil {
			t.Error(err)
		}
		check("those of a post gone", false, true, false, false)
	})
	mustHaveAll(t, seen, "preview.go")
	mustStep(t, seen, "DeletePreviewTokensBefore", "SEARCH preview_token USING INDEX preview_token_by_expires_at (expires_at<?)")
}
