package store

import (
	"bytes"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

func TestWhatWasMadeOnceIsKnownForAWhile(t *testing.T) {
	s := openTest(t)
	hash := []byte("hash")
	seen := checkPlans(t, s, func(_ reader, w *writer) {
		if _, err := w.Once(t.Context(), hash); logic.CodeOf(err) != logic.CodeNotFound {
			t.Errorf("got %v, want NOT_FOUND", err)
		}
		if err := w.AddOnce(t.Context(), hash, content.Once{Input: []byte("input"), Made: 7, MadeAt: testNow}); err != nil {
			t.Error(err)
		}
		if err := w.ForgetOnce(t.Context(), testNow); err != nil {
			t.Error(err)
		}
		once, err := w.Once(t.Context(), hash)
		if err != nil || once.Made != 7 || !bytes.Equal(once.Input, []byte("input")) || once.MadeAt != testNow {
			t.Errorf("got %+v, %v", once, err)
		}
		if err := w.ForgetOnce(t.Context(), testNow+1); err != nil {
			t.Error(err)
		}
		if _, err := w.Once(t.Context(), hash); logic.CodeOf(err) != logic.CodeNotFound {
			t.Errorf("got %v, want NOT_FOUND", err)
		}
	})
	mustHaveAll(t, seen, "idempotency.go")
}
