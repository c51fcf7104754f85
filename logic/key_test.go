package logic

import "testing"

func TestKeysGrow(t *testing.T) {
	now := Moment(1_800_000_000_000)
	keys := NewKeys(func() Moment { return now }, 3)
	last := int64(0)
	for i := range 20_000 {
		if i == 10_000 {
			now -= 5_000
		}
		next := keys.Next()
		if next <= last {
			t.Fatalf("key %d: %d after %d", i, next, last)
		}
		last = next
	}
	if node := last >> keySequenceBits & (1<<keyNodeBits - 1); node != 3 {
		t.Errorf("the key says that machine %d made it, not 3", node)
	}
}

func TestKeysStartAfterWhatIsThere(t *testing.T) {
	const second = 1_000
	for name, clock := range map[string]Moment{
		"the same moment": keyEpoch + 1_000*second, "set back": keyEpoch + second, "before there were keys": 0, "later": keyEpoch + 2_000*second,
	} {
		for _, node := range []int{0, 5, KeyNodes - 1} {
			first := NewKeys(func() Moment { return keyEpoch + 1_000*second }, 5)
			var newest int64
			for range 1<<keySequenceBits + 7 {
				newest = first.Next()
			}
			again := NewKeys(func() Moment { return clock }, node)
			again.StartAfter(newest)
			for range 10 {
				next := again.Next()
				if next <= newest {
					t.Errorf("%s, machine %d: %d after %d", name, node, next, newest)
				}
				newest = next
			}
		}
	}
}
