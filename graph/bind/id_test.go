package bind

import (
	"math"
	"testing"

	"headwater/logic"
)

func TestIDsComeBackAsTheyWere(t *testing.T) {
	seen := map[string]bool{}
	for _, kind := range []logic.Kind{logic.KindPost, logic.KindTag, logic.KindUser, logic.KindSite, logic.KindMetrics} {
		for _, key := range []int64{0, 1, -1, math.MaxInt64, math.MinInt64} {
			id := logic.ID{Kind: kind, Key: key}
			s := EncodeID(id)
			if got := logic.ParseID(s); got != id {
				t.Errorf("%v came back as %v", id, got)
			}
			if seen[s] {
				t.Errorf("%v has the string of another ID: %s", id, s)
			}
			seen[s] = true
		}
	}
}

func TestWhatIsNoIDIsNobodys(t *testing.T) {
	for _, v := range []any{"", "1", "not an ID at all", "cAAAAAAAAAB", "cAAAAAAAAAAB=", "cAAA AAAAAAB", "cAAAAAAAAAA\n", 7, int64(7), nil} {
		if id, err := UnmarshalID(v); err != nil || id != (logic.ID{}) {
			t.Errorf("%v is %v, %v", v, id, err)
		}
	}
}

func TestAnIDOfAnotherKindIsNobodys(t *testing.T) {
	of := EncodeID(logic.TagID(7).ID())
	if id, err := UnmarshalTagID(of); err != nil || id != 7 {
		t.Errorf("a tag's ID is %v, %v", id, err)
	}
	if id, err := UnmarshalPostID(of); err != nil || id != 0 {
		t.Errorf("a tag's ID taken for a post's: %v, %v", id, err)
	}
	if id, err := UnmarshalUserID(of); err != nil || id != 0 {
		t.Errorf("a tag's ID taken for a user's: %v, %v", id, err)
	}
	if id, err := UnmarshalSessionID(of); err != nil || id != 0 {
		t.Errorf("a tag's ID taken for a session's: %v, %v", id, err)
	}
	if id, err := UnmarshalClientID(of); err != nil || id != 0 {
		t.Errorf("a tag's ID taken for a client's: %v, %v", id, err)
	}
	if id, err := UnmarshalAPIKeyID(of); err != nil || id != 0 {
		t.Errorf("a tag's ID taken for a key's: %v, %v", id, err)
	}
}

func FuzzID(f *testing.F) {
	f.Add("")
	f.Add(EncodeID(logic.PostID(7).ID()))
	f.Fuzz(func(t *testing.T, s string) {
		if id := logic.ParseID(s); id != (logic.ID{}) && EncodeID(id) != s {
			t.Errorf("%q and %q are the same ID", s, EncodeID(id))
		}
	})
}
