package logic

import "sync"

// Bits of a key below its milliseconds: which machine made it, and the how many-th it was of its millisecond.
const (
	keyNodeBits     = 10
	keySequenceBits = 12
)

// Keys makes 64-bit keys that grow with time: 41 bits of milliseconds since keyEpoch, ten of the machine's number and
// twelve that count within a millisecond (the layout of Twitter's Snowflake, 2010). It may be used by many goroutines.
type Keys struct {
	clock Clock
	node  int64

	mu   sync.Mutex
	last int64 // milliseconds and sequence of the newest key, without the node
}

// keyEpoch is 2020-01-01T00:00:00Z, so that the 41 bits last until 2089.
const keyEpoch Moment = 1577836800000

// KeyNodes is how many machines can make keys side by side.
const KeyNodes = 1 << keyNodeBits

// NewKeys returns a maker of keys for the machine with the given number, 0 to KeyNodes-1. Of all that make keys for one
// database at the same time, each needs a number of its own.
func NewKeys(clock Clock, node int) *Keys {
	return &Keys{clock: clock, node: int64(node) & (1<<keyNodeBits - 1)}
}

// StartAfter makes every key from now on greater than key, which may be of any machine.
func (k *Keys) StartAfter(key int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	millisecond := key >> (keyNodeBits + keySequenceBits)
	k.last = max(k.last, (millisecond+1)<<keySequenceBits-1)
}

// Next returns a key greater than every one it returned before, also when the clock stands still or goes back.
func (k *Keys) Next() int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := int64(k.clock()-keyEpoch) << keySequenceBits
	k.last = max(now, k.last+1)
	millisecond, sequence := k.last>>keySequenceBits, k.last&(1<<keySequenceBits-1)
	return millisecond<<(keyNodeBits+keySequenceBits) | k.node<<keySequenceBits | sequence
}
