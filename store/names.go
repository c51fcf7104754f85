package store

import (
	"maps"
	"strings"
	"sync"

	"headwater/logic/account"
	"headwater/logic/content"
)

// names remembers what things are called, by their keys: nearly every page asks for it, and it hardly ever changes. What is remembered holds
// for as long as each commit since is known to have changed no name, which SQLite's counter tells for every process.
type names[K ~int64, T any] struct {
	counter *commits
	own     func(T) (T, int) // returns a copy that shares no memory with other rows, and about how many bytes it takes

	mu    sync.RWMutex
	at    uint32 // how many commits had been counted
	rows  map[K]T
	bytes int
}

// maxNames is about how many bytes the names of one kind take when all of them are forgotten.
const maxNames = 1 << 20

func newNames[K ~int64, T any](counter *commits, own func(T) (T, int)) *names[K, T] {
	return &names[K, T]{counter: counter, own: own, rows: map[K]T{}}
}

// of returns the rows with the given keys, of which read reads those that are not remembered.
func (n *names[K, T]) of(keys []K, read func([]K) (map[K]T, error)) (map[K]T, error) {
	at := n.counter.count()
	found := make(map[K]T, len(keys))
	unknown := n.known(at, keys, found)
	if len(unknown) == 0 {
		return found, nil
	}
	rows, err := read(unknown)
	if err != nil {
		return nil, err
	}
	n.remember(at, rows)
	maps.Copy(found, rows)
	return found, nil
}

// known puts into found what is remembered as of a number of commits, and returns the keys of the rest.
func (n *names[K, T]) known(at uint32, keys []K, found map[K]T) (unknown []K) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	if n.at != at {
		return keys
	}
	for _, key := range keys {
		if row, ok := n.rows[key]; ok {
			found[key] = row
		} else {
			unknown = append(unknown, key)
		}
	}
	return unknown
}

// remember keeps rows that were read since a number of commits was counted, unless there are more by now.
func (n *names[K, T]) remember(at uint32, rows map[K]T) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.counter.count() != at {
		return
	}
	if n.at != at || n.bytes > maxNames {
		n.at, n.rows, n.bytes = at, map[K]T{}, 0
	}
	for key, row := range rows {
		if _, ok := n.rows[key]; ok {
			continue
		}
		row, bytes := n.own(row)
		n.rows[key] = row
		n.bytes += bytes
	}
}

// outlive is told of a commit that changed no name, by how many commits there were before it.
func (n *names[K, T]) outlive(before uint32) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.at == before {
		n.at++
	}
}

// nameBytes is about what a row takes beside its texts.
const nameBytes = 300

func ownTag(tag content.Tag) (content.Tag, int) {
	tag.Slug, tag.Name = strings.Clone(tag.Slug), strings.Clone(tag.Name)
	return tag, nameBytes + len(tag.Slug) + len(tag.Name)
}

func ownUser(user account.User) (account.User, int) {
	user.Username, user.Name = strings.Clone(user.Username), strings.Clone(user.Name)
	return user, nameBytes + len(user.Username) + len(user.Name)
}
