package store

import (
	"math"
	"slices"
	"testing"
)

func TestListsOfKeysAreRead(t *testing.T) {
	for _, keys := range [][]int64{{}, {1}, {0, 9223372036854775807, 12}, {913875099508015104, math.MaxInt64}} {
		got, err := appendKeys([]int64{7}, keyList(keys))
		if err != nil || !slices.Equal(got, append([]int64{7}, keys...)) {
			t.Errorf("%v is read as %v (%v)", keys, got, err)
		}
	}
	for _, text := range []string{"", "[", "]", "1", "[1", "1]", "[,]", "[1,]", "[,1]", "[1,,2]", "[1 ,2]", "[-1]", "[+1]", "[1]]", "[9223372036854775808]", "[00000000000000000001]"} {
		if keys, err := appendKeys([]int64(nil), text); err == nil {
			t.Errorf("%q is read as %v", text, keys)
		}
	}
}
