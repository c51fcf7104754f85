// Package bounded remembers what was worked out, in a bounded number of bytes. What is remembered stands elsewhere: nothing of
// GraphQL stands here.
package bounded

import (
	"container/list"
	"sync"
)

// Cache remembers values by their keys, those used last, in a bounded number of bytes. It may be used by many goroutines.
type Cache[K comparable, V any] struct {
	limit   int
	bytesOf func(K, V) int

	mu    sync.Mutex
	bytes int
	used  list.List // of *entry[K, V]; the one used last stands first
	byKey map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key   K
	value V
	bytes int
}

// New returns an empty cache that takes up to about limit bytes, where an entry takes what bytesOf says.
func New[K comparable, V any](limit int, bytesOf func(K, V) int) *Cache[K, V] {
	return &Cache[K, V]{limit: limit, bytesOf: bytesOf, byKey: map[K]*list.Element{}}
}

// Get returns the value of a key, and whether it is remembered.
func (c *Cache[K, V]) Get(key K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.byKey[key]
	if !ok {
		var none V
		return none, false
	}
	c.used.MoveToFront(element)
	return element.Value.(*entry[K, V]).value, true
}

// Add remembers a value, and forgets those not used for the longest time for it. A value that would take more than an eighth of
// the cache is not kept: it would drive out too many others. A key that is there keeps its value.
func (c *Cache[K, V]) Add(key K, value V) {
	added := &entry[K, V]{key, value, c.bytesOf(key, value)}
	if added.bytes > c.limit/8 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[key]; ok {
		return
	}
	c.byKey[key] = c.used.PushFront(added)
	c.bytes += added.bytes
	for c.bytes > c.limit {
		oldest := c.used.Remove(c.used.Back()).(*entry[K, V])
		delete(c.byKey, oldest.key)
		c.bytes -= oldest.bytes
	}
}
