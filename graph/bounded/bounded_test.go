package bounded

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

func keyBytes(key string, _ int) int { return len(key) }

func TestTheOldestIsForgotten(t *testing.T) {
	t.Parallel()
	key := func(i int) string { return fmt.Sprintf("key %02d", i) }
	size := len(key(0))
	cache := New(10*size, keyBytes)
	for i := range 10 {
		cache.Add(key(i), i)
	}
	cache.Get(key(0))
	cache.Add(key(10), 10)
	for i, want := range map[int]bool{0: true, 1: false, 2: true, 10: true} {
		if value, got := cache.Get(key(i)); got != want || got && value != i {
			t.Errorf("remembers %d: %v, as %d", i, got, value)
		}
	}
	cache.Add(key(10), 11)
	if value, _ := cache.Get(key(10)); value != 10 || cache.bytes != 10*size {
		t.Errorf("what is there became %d, and takes %d bytes, not %d", value, cache.bytes, 10*size)
	}
	cache.Add(strings.Repeat(" ", 2*size), 12)
	if _, ok := cache.Get(key(10)); !ok {
		t.Error("one large value drove others out")
	}
}

func TestManyGoroutines(t *testing.T) {
	t.Parallel()
	cache := New(1_000, keyBytes)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for j := range 500 {
				key := fmt.Sprintf("key %d", (i+j)%200)
				if value, ok := cache.Get(key); ok && value != (i+j)%200 {
					t.Errorf("%s is %d", key, value)
				} else if !ok {
					cache.Add(key, (i+j)%200)
				}
			}
		})
	}
	group.Wait()
	if cache.bytes > 1_000 || cache.used.Len() != len(cache.byKey) {
		t.Errorf("takes %d bytes; %d in order, %d by key", cache.bytes, cache.used.Len(), len(cache.byKey))
	}
}
