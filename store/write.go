package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"headwater/logic"
)

const (
	// maxGroup is how many changes one commit carries at most.
	maxGroup = 256
	// maxWaiting is how many changes wait for the writer at most; whoever comes then waits for a place.
	maxWaiting = 4 * maxGroup
)

// writer is every domain's writer, inside a transaction.
type writer struct {
	reader
	keys   *logic.Keys
	memory *memory
	written
}

// transactor gives a domain its Write: the one writer, as the domain knows it.
type transactor[W any] struct {
	store *Store
}

// Write runs fn as logic.Transactor says. It returns OVERLOADED when ctx ends before there is a place in the queue.
func (t transactor[W]) Write(ctx context.Context, fn func(W) error) error {
	return t.store.change(ctx, func(w *writer) error { return fn(any(w).(W)) })
}

// change is something to write, and what came of it.
type change struct {
	ctx    context.Context
	run    func(*writer) error
	job    any                        // what is given to runAll; nil where there is run alone
	runAll func(*writer, []any) error // in place of run: writes its own job and those of others like it at once
	taken  atomic.Bool                // by the writer, to be run, or by its caller, to be dropped
	err    error
	answer chan struct{} // closed once err says what came of it
}

// errClosed answers a change that came after Close.
var errClosed = errors.New("the store is closed")

// change puts run into the queue and waits until it was committed, or was not.
func (s *Store) change(ctx context.Context, run func(*writer) error) error {
	return s.wait(ctx, &change{ctx: ctx, run: run, answer: make(chan struct{})})
}

// changeTogether does the same for a job that is written with those that wait just behind it and are alike.
func (s *Store) changeTogether(ctx context.Context, job any, runAll func(*writer, []any) error) error {
	return s.wait(ctx, &change{ctx: ctx, job: job, runAll: runAll, answer: make(chan struct{})})
}

func (s *Store) wait(ctx context.Context, c *change) error {
	if err := s.enqueue(c); err != nil {
		return err
	}
	select {
	case <-c.answer:
	case <-ctx.Done():
		if c.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		<-c.answer
	}
	return c.err
}

func (s *Store) enqueue(c *change) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return errClosed
	}
	select {
	case s.queue <- c:
		return nil
	default: // full
	}
	select {
	case s.queue <- c:
		return nil
	case <-c.ctx.Done():
		return &logic.Error{Code: logic.CodeOverloaded, Message: "Too much is being written; try again.", Err: c.ctx.Err()}
	}
}

// commitChanges takes whatever waits in the queue, up to maxGroup changes, and commits it together: one wait for the disk
// carries them all. One that comes alone is committed at once.
func (s *Store) commitChanges() {
	defer close(s.finished)
	group := make([]*change, 0, maxGroup)
	for first := range s.queue {
		group = append(group[:0], first)
		for len(group) < maxGroup {
			next, ok := s.waiting()
			if !ok {
				break
			}
			group = append(group, next)
		}
		s.commitGroup(group)
		clear(group)
		s.sawLog()
	}
}

// waiting returns the next change of the queue if there is one now.
func (s *Store) waiting() (*change, bool) {
	select {
	case c, ok := <-s.queue:
		return c, ok
	default:
		return nil, false
	}
}

// commitGroup runs and answers the changes whose callers still wait. When they can't be committed together, each is tried
// alone, so that one's fault is its own.
func (s *Store) commitGroup(group []*change) {
	running := make([]*change, 0, len(group))
	for _, c := range group {
		if !c.taken.CompareAndSwap(false, true) {
			continue
		}
		if c.err = c.ctx.Err(); c.err != nil {
			close(c.answer)
			continue
		}
		running = append(running, c)
	}
	if len(running) == 0 {
		return
	}
	if together := s.commit(running); !together && len(running) > 1 {
		for _, c := range running {
			s.commit([]*change{c})
		}
	}
	for _, c := range running {
		close(c.answer)
	}
}

// commit runs changes in one transaction and says in each what came of it. It returns false when they failed together,
// after they had begun.
func (s *Store) commit(changes []*change) bool {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.write.exec("BEGIN IMMEDIATE"); err != nil {
		for _, c := range changes {
			c.err = fault(err)
		}
		return true
	}
	var all written
	var err error
	if len(changes) == 1 { // the transaction is its savepoint
		err = s.try(changes, &all)
		changes[0].err = err
	} else {
		err = s.applyEach(changes, &all)
	}
	if err == nil {
		err = s.end(all)
	} else {
		s.rollBack()
	}
	if err == nil {
		return true
	}
	s.memory = nil
	for _, c := range changes {
		if c.err == nil {
			c.err = fault(err)
		}
	}
	return false
}

// end commits, and tells the keeper of answers and what is remembered. A commit is counted where it writes a page, which one that changes
// rows into themselves does not; by then somebody else may have committed, so that the counter itself does not tell.
func (s *Store) end(all written) (err error) {
	before, pages, counted := s.commits.count(), s.write.pagesWritten(), false // nobody else can commit until this has ended
	if keeper := s.keeper.Load(); keeper != nil {
		(*keeper).Committing(all.things, all.writes)
		defer func() { (*keeper).Committed(counted) }()
	}
	if err = s.write.exec("COMMIT"); err != nil {
		s.rollBack()
		return err
	}
	if counted = s.write.pagesWritten() != pages; !counted {
		return nil
	}
	if s.memory != nil {
		s.memory.commits++
	}
	if !all.changesNames() {
		s.tagNames.outlive(before)
		s.userNames.outlive(before)
	}
	return nil
}

// rollBack undoes a transaction. SQLite may have done so by itself, and then says that there is none.
func (s *Store) rollBack() { _ = s.write.exec("ROLLBACK") }

// alike returns the first of changes, with those behind it that can be written together with it.
func alike(changes []*change) []*change {
	n := 1
	for changes[0].runAll != nil && n < len(changes) && changes[n].runAll != nil {
		n++
	}
	return changes[:n]
}

// applyEach runs changes, those together that are alike. An error means that the whole transaction is lost.
func (s *Store) applyEach(changes []*change, all *written) error {
	for len(changes) > 0 {
		alike := alike(changes)
		changes = changes[len(alike):]
		if err := s.apply(alike, all); err != nil {
			return err
		}
	}
	return nil
}

// apply runs a change, or several that are alike, in a savepoint, which is undone when that fails; several are then tried
// one by one. What is written is added to all. An error means that the whole transaction is lost.
func (s *Store) apply(changes []*change, all *written) error {
	if err := s.write.exec("SAVEPOINT one"); err != nil {
		return err
	}
	failed := s.try(changes, all)
	if failed != nil {
		if err := s.write.exec("ROLLBACK TO one"); err != nil {
			return err
		}
	}
	if err := s.write.exec("RELEASE one"); err != nil {
		return err
	}
	if failed == nil || len(changes) == 1 {
		for _, c := range changes {
			c.err = failed
		}
		return nil
	}
	for i := range changes {
		if err := s.apply(changes[i:i+1], all); err != nil {
			return err
		}
	}
	return nil
}

// try runs a change, or several that are alike. What is written is added to all; where it fails, nothing of it changed, yet SQLite may write
// the pages anew, and count that as a commit.
func (s *Store) try(changes []*change, all *written) error {
	w := &writer{reader: reader{from: s.write, statements: &s.statements, leaders: &s.leaders, inside: true}, keys: s.keys}
	if changes[0].runAll == nil {
		w.memory = newMemory(0)
	} else {
		w.memory = s.remembered()
	}
	failed := guarded(func(w *writer) error {
		if changes[0].runAll == nil {
			return changes[0].run(w)
		}
		jobs := make([]any, len(changes))
		for i, c := range changes {
			jobs[i] = c.job
		}
		return changes[0].runAll(w, jobs)
	}, w)
	if failed != nil || w.writes && changes[0].runAll == nil {
		s.memory = nil
	}
	if failed != nil {
		w.things = nil
	}
	all.add(&w.written)
	return failed
}

// guarded returns a panic of run as an error, so that it stops nobody but its caller.
func guarded(run func(*writer) error, w *writer) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("a write panicked: %v\n%s", thrown, debug.Stack())
		}
	}()
	return run(w)
}
