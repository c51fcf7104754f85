package bind

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Batch is rows that one read brought, and what has been asked of all of them together since. Every row points to its
// batch, so that what one row is asked is loaded for its whole batch, once, in whichever order and by however many
// goroutines the rows are walked through. A batch lives as long as its rows.
type Batch[T any] struct {
	Rows []T
	Memo
}

// Memo keeps the answers to questions that were asked of it. The zero Memo is ready for use by many goroutines.
type Memo struct {
	mu      sync.Mutex
	answers map[any]*answer
}

type answer struct {
	once  sync.Once
	value any
	err   error
}

// Ask returns the answer to question: load is run by the first who asks, everyone else waits for it, and its error goes to
// all. A question is any comparable value that names what is asked with all its arguments; it always has the same V.
func Ask[V any](ctx context.Context, memo *Memo, question any, load func(context.Context) (V, error)) (V, error) {
	memo.mu.Lock()
	known, ok := memo.answers[question]
	if !ok {
		if memo.answers == nil {
			memo.answers = map[any]*answer{}
		}
		known = &answer{}
		memo.answers[question] = known
	}
	memo.mu.Unlock()

	known.once.Do(func() {
		defer func() {
			if r := recover(); r != nil {
				known.err = &sharedError{err: fmt.Errorf("panic: %v\n%s", r, debug.Stack())}
			}
		}()
		value, err := load(ctx)
		known.value = value
		if err != nil {
			known.err = &sharedError{err: err}
		}
	})
	if known.err != nil {
		var none V
		return none, known.err
	}
	return known.value.(V), nil
}

// sharedError is one failure of which several fields are told.
type sharedError struct {
	err  error
	told atomic.Bool
}

func (e *sharedError) Error() string { return e.err.Error() }
func (e *sharedError) Unwrap() error { return e.err }

// FirstTold tells whether this is the first time that it is asked about err, or about the failure of a batch behind it: a
// failure that hits many rows is logged once.
func FirstTold(err error) bool {
	shared, ok := errors.AsType[*sharedError](err)
	return !ok || !shared.told.Swap(true)
}
