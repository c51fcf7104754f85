// Package cache keeps whole answers for as long as they hold.
//
// It knows what each answer rests on, and takes an answer away before that changes; it knows nothing of GraphQL, HTTP or permission.
// Whoever asks makes the key, of all that an answer depends on beside what is stored.
package cache

import (
	"sync"
	"time"

	"headwater/logic"
)

// Options says how much is kept, and for how long.
type Options struct {
	// Bytes is how much memory answers may take, about.
	Bytes int64
	// Freshness is for how long an answer holds that has what changes with every view; with zero, none of those is kept.
	Freshness time.Duration
	// Clock tells the time; nil for the machine's.
	Clock logic.Clock
	// Commits returns a number that each commit to the database, by any process, makes greater by one.
	Commits func() uint32
}

// Cache keeps answers. It may be used by many goroutines.
//
// What is written through this process it is told by Committing and Committed. A commit that it was not told of shows by the number of
// commits, and takes away everything.
type Cache struct {
	options Options

	mu sync.Mutex
	// commits is the number of commits of which is known what they changed, and coming the same once the one that is under way is through.
	commits, coming uint32

	epoch   uint64         // grows with every change
	all     uint64         // the epoch in which everything changed last
	changed [slots]uint64  // the epoch in which a thing changed last that has the slot; changing while it changes
	pending []logic.Thing  // what the commit under way changes
	answers map[Key]*entry // by their keys
	resting map[logic.Thing]*link
	recent  list // answers that were asked for once
	hot     list // those asked for again, which one-off requests can't drive out
}

const (
	// slots is in how many parts things are told apart that change while an answer is made. Two in one part make an answer not be kept.
	slots    = 1 << 12
	changing = ^uint64(0)
	// largest is the part of the memory that one answer may take.
	largest = 16
)

// New returns an empty cache.
func New(options Options) *Cache {
	if options.Clock == nil {
		options.Clock = logic.SystemClock
	}
	c := &Cache{options: options}
	c.clear()
	c.know(options.Commits())
	return c
}

// Freshness returns for how long an answer holds that has what changes with every view.
func (c *Cache) Freshness() time.Duration { return c.options.Freshness }

// Stamp is the state of the database that an answer is begun in, as far as the cache knows it.
type Stamp uint64

// Get returns the answer that is kept under key, or under it for address where an answer depends on that. Where there is none, stamp is to
// be given to Keep once it is made.
func (c *Cache) Get(key Key, address string) (answer *Answer, stamp Stamp) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.knows(c.options.Commits()) {
		c.forgetAll()
	}
	found := c.answers[key]
	if found != nil && found.answer.byAddress {
		c.use(found)
		found = c.answers[key.with(address)]
	}
	stamp = Stamp(c.epoch)
	if found == nil {
		return nil, stamp
	}
	if found.until != 0 && found.until <= c.options.Clock() {
		c.drop(found)
		return nil, stamp
	}
	c.use(found)
	return found.answer, stamp
}

// Keep keeps an answer that was begun at stamp under key, if what it rests on has not changed since. It returns whether it did.
func (c *Cache) Keep(key Key, address string, answer *Answer, findings logic.Findings, stamp Stamp) bool {
	kept := &entry{key: key, answer: answer, links: make([]link, 0, len(findings.Things)), bytes: answer.bytes() + entryBytes + linkBytes*int64(len(findings.Things))}
	if findings.Counts {
		if c.options.Freshness <= 0 {
			return false
		}
		kept.until = answer.Made.Add(c.options.Freshness)
	}
	if kept.bytes > c.options.Bytes/largest {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.knows(c.options.Commits()) {
		c.forgetAll()
	}
	if uint64(stamp) < c.all || c.isPending(logic.Everything) {
		return false
	}
	for _, thing := range findings.Things {
		if c.changed[slotOf(thing)] > uint64(stamp) {
			return false
		}
	}
	if findings.ByAddress {
		c.put(&entry{key: key, answer: &Answer{byAddress: true}, bytes: entryBytes})
		kept.key = key.with(address)
	}
	c.put(kept)
	for _, thing := range findings.Things {
		c.rest(kept, thing)
	}
	c.shrink()
	return c.answers[kept.key] == kept
}

// Committing takes away the answers that rest on what is about to change, and keeps none that does until Committed.
func (c *Cache) Committing(changed []logic.Thing, writes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	// Nobody else can commit now: the number is that of the commits before.
	commits := c.options.Commits()
	if commits != c.commits {
		c.forgetAll()
	}
	c.know(commits)
	if writes {
		c.coming = commits + 1
	}
	c.pending = append(c.pending[:0], changed...)
	for _, thing := range changed {
		if thing == logic.Everything {
			c.clear()
			continue
		}
		c.changed[slotOf(thing)] = changing
		for c.resting[thing] != nil {
			c.drop(c.resting[thing].entry)
		}
	}
}

// Committed ends what Committing began. Where it was not counted, a commit that is counted by now is somebody else's.
func (c *Cache) Committed(counted bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !counted {
		c.coming = c.commits
	}
	c.epoch++
	for _, thing := range c.pending {
		if thing == logic.Everything {
			c.all = c.epoch
			continue
		}
		c.changed[slotOf(thing)] = c.epoch
	}
	c.pending = c.pending[:0]
	commits := c.options.Commits()
	if !c.knows(commits) {
		c.forgetAll()
	}
	c.know(commits)
}

// isPending tells whether the commit that is under way changes a thing.
func (c *Cache) isPending(thing logic.Thing) bool {
	for _, changing := range c.pending {
		if changing == thing {
			return true
		}
	}
	return false
}

// knows tells whether it is known what all commits changed up to a number of them.
func (c *Cache) knows(commits uint32) bool {
	return commits == c.commits || commits == c.coming
}

// know states that it is known what all commits changed up to a number of them.
func (c *Cache) know(commits uint32) {
	c.commits, c.coming = commits, commits
}

// forgetAll takes away everything: someone has written who does not say what.
func (c *Cache) forgetAll() {
	c.clear()
	c.epoch++
	c.all = c.epoch
	if len(c.pending) == 0 && c.commits == c.coming {
		c.know(c.options.Commits())
	}
}

func (c *Cache) clear() {
	c.answers, c.resting = map[Key]*entry{}, map[logic.Thing]*link{}
	c.recent, c.hot = list{}, list{}
}

func slotOf(thing logic.Thing) uint64 { return thing.Hash() % slots }
