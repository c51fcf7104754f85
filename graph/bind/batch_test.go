package bind

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

func TestAQuestionIsLoadedOnce(t *testing.T) {
	var memo Memo
	var loads atomic.Int32
	load := func(context.Context) (map[int]int, error) {
		loads.Add(1)
		return map[int]int{1: 2}, nil
	}
	var group sync.WaitGroup
	for range 64 {
		group.Go(func() {
			if values, err := Ask(t.Context(), &memo, "doubles", load); err != nil || values[1] != 2 {
				t.Errorf("answered %v, %v", values, err)
			}
		})
	}
	group.Wait()
	if loads.Load() != 1 {
		t.Errorf("loaded %d times", loads.Load())
	}
	if _, err := Ask(t.Context(), &memo, struct{ first int }{3}, load); err != nil || loads.Load() != 2 {
		t.Errorf("another question: loaded %d times, %v", loads.Load(), err)
	}
}

func TestAFailedLoadFailsForAllAndIsToldOnce(t *testing.T) {
	broken := errors.New("broken")
	for name, load := range map[string]func(context.Context) (int, error){
		"an error": func(context.Context) (int, error) { return 0, broken },
		"a panic":  func(context.Context) (int, error) { panic("broken") },
	} {
		var memo Memo
		_, first := Ask(t.Context(), &memo, "x", load)
		_, second := Ask(t.Context(), &memo, "x", load)
		if first == nil || first != second || !strings.Contains(first.Error(), "broken") {
			t.Errorf("%s: %v, then %v", name, first, second)
		}
		if !FirstTold(first) || FirstTold(second) {
			t.Errorf("%s: not told exactly once", name)
		}
	}
	for range 2 {
		if !FirstTold(broken) {
			t.Error("an error of one field alone is not told every time")
		}
	}
}

func TestAFaultOfALoadKeepsItsCode(t *testing.T) {
	var memo Memo
	_, err := Ask(t.Context(), &memo, "x", func(context.Context) (int, error) { return 0, logic.Faults{logic.NotFound("post")} })
	if logic.CodeOf(err) != logic.CodeNotFound {
		t.Errorf("the code of %v is %s", err, logic.CodeOf(err))
	}
}

func TestRowsOfOneReadShareABatch(t *testing.T) {
	posts := Posts([]content.Post{{ID: 1}, {ID: 2}})
	if posts[0].Batch != posts[1].Batch || len(posts[0].Batch.Rows) != 2 {
		t.Error("rows that were read together are not in one batch")
	}
	if len(Posts(nil)) != 0 || len(Tags(nil)) != 0 || len(Users(nil)) != 0 {
		t.Error("no rows make a row")
	}
}
