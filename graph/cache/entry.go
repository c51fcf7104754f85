package cache

import "headwater/logic"

// What an entry takes in memory beside its body, and each thing that it rests on, about.
const (
	entryBytes = 700
	linkBytes  = 130
)

// entry is an answer in its place.
type entry struct {
	key    Key
	answer *Answer
	until  logic.Moment // 0 where only what is written ends it
	bytes  int64
	links  []link

	in           *list
	newer, older *entry
}

// link is that an entry rests on a thing. Those of one thing are a chain.
type link struct {
	thing        logic.Thing
	entry        *entry
	next, before *link
}

// rest notes that an entry, which is in its place, rests on a thing.
func (c *Cache) rest(e *entry, thing logic.Thing) {
	first := c.resting[thing]
	e.links = append(e.links, link{thing: thing, entry: e, next: first})
	added := &e.links[len(e.links)-1]
	if first != nil {
		first.before = added
	}
	c.resting[thing] = added
}

// put puts an entry into its place, in the stead of another.
func (c *Cache) put(e *entry) {
	if before := c.answers[e.key]; before != nil {
		c.drop(before)
	}
	c.answers[e.key] = e
	c.recent.push(e)
}

// drop takes an entry away.
func (c *Cache) drop(e *entry) {
	delete(c.answers, e.key)
	e.in.remove(e)
	for i := range e.links {
		link := &e.links[i]
		switch {
		case link.before != nil:
			link.before.next = link.next
		case link.next != nil:
			c.resting[link.thing] = link.next
		default:
			delete(c.resting, link.thing)
		}
		if link.next != nil {
			link.next.before = link.before
		}
	}
}

// hotPart is the part of the memory, in tenths, that hot answers may take.
const hotPart = 8

// use notes that an answer is asked for again. Where hot ones then take too much, the one that was not for the longest time has to hold its
// ground among the recent ones.
func (c *Cache) use(e *entry) {
	e.in.remove(e)
	c.hot.push(e)
	for c.hot.bytes > c.options.Bytes*hotPart/10 && c.hot.oldest != e {
		cooled := c.hot.oldest
		c.hot.remove(cooled)
		c.recent.push(cooled)
	}
}

// shrink drops what was not asked for for the longest time until the rest has room.
func (c *Cache) shrink() {
	for c.recent.bytes+c.hot.bytes > c.options.Bytes {
		if c.recent.oldest != nil {
			c.drop(c.recent.oldest)
		} else {
			c.drop(c.hot.oldest)
		}
	}
}

// list is entries in the order in which they were asked for.
type list struct {
	newest, oldest *entry
	bytes          int64
}

func (l *list) push(e *entry) {
	e.in, e.older, e.newer = l, l.newest, nil
	if l.newest != nil {
		l.newest.newer = e
	} else {
		l.oldest = e
	}
	l.newest = e
	l.bytes += e.bytes
}

func (l *list) remove(e *entry) {
	if e.newer != nil {
		e.newer.older = e.older
	} else {
		l.newest = e.older
	}
	if e.older != nil {
		e.older.newer = e.newer
	} else {
		l.oldest = e.newer
	}
	l.bytes -= e.bytes
	e.in, e.newer, e.older = nil, nil, nil
}
