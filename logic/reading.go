package logic

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// mostThings is how many things an answer may rest on to be kept.
const mostThings = 5000

// Reading is the record of what was read for one answer, by which it is known for how long the answer holds. Storage writes it, as it alone
// sees all that is read: what it reads without saying of what keeps an answer from being kept. The zero Reading is ready for use by many
// goroutines; a nil one takes no notes.
type Reading struct {
	mu      sync.Mutex
	things  []Thing
	unkept  bool
	counts  bool
	address bool
}

type readingKey struct{}

// ReadingOf returns the record of the answer that is made under ctx; nil where none is kept.
func ReadingOf(ctx context.Context) *Reading {
	reading, _ := ctx.Value(readingKey{}).(*Reading)
	return reading
}

// RestsOn notes that the answer rests on things: it holds until one of them changes.
func (r *Reading) RestsOn(things ...Thing) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.things)+len(things) > 2*mostThings {
		r.unkept = true
		return
	}
	r.things = append(r.things, things...)
}

// Forbid notes that nobody knows for how long the answer holds, or that it is one person's.
func (r *Reading) Forbid() {
	if r != nil {
		r.mu.Lock()
		r.unkept = true
		r.mu.Unlock()
	}
}

// Count notes that the answer has what changes with every view.
func (r *Reading) Count() {
	if r != nil {
		r.mu.Lock()
		r.counts = true
		r.mu.Unlock()
	}
}

// NameAddress notes that the answer depends on where the asking client shows posts.
func (r *Reading) NameAddress() {
	if r != nil {
		r.mu.Lock()
		r.address = true
		r.mu.Unlock()
	}
}

// Findings is what a Reading came to.
type Findings struct {
	// Things is what the answer rests on, each once.
	Things []Thing
	// Counts tells whether it has what changes with every view, and ByAddress whether it depends on where the asking client shows posts.
	Counts, ByAddress bool
}

// Findings returns what was read, and whether an answer made of it may be kept at all.
func (r *Reading) Findings() (Findings, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	things := slices.Clone(r.things)
	slices.SortFunc(things, func(a, b Thing) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.key, b.key)) })
	things = slices.Compact(things)
	return Findings{things, r.counts, r.address}, !r.unkept && len(things) <= mostThings
}
