package logic

import "slices"

// Sizes of a page of a list.
const (
	DefaultPageSize = 20
	MaxPageSize     = 100
)

// Cursor is a place in an ordered list, just at one item: the value that the list is ordered by, and the item's key. It
// stays where it is while items come and go.
type Cursor struct {
	Order string  // names the order that the cursor belongs to, as "PUBLISHED_AT"; a cursor of another order is refused
	None  bool    // the item has no value, and stands behind all that have one
	Int   int64   // the item's value, where the order is by a number or a moment
	Text  string  // the item's value, where the order is by text
	Score float64 // the item's value, where the order is by how well it matches
	Key   int64   // the item's key
}

// PageArgs is what a caller asks of a list, in the words of the contract. Nil is "not given".
type PageArgs struct {
	First, Last   *int
	After, Before *Cursor
}

// Window is the part of a list to read: Limit items behind After, or, when Backward, the Limit items just in front of
// Before. Both places, where given, bound the window; the items at them are left out, unless Inclusive.
type Window struct {
	Limit         int
	Backward      bool
	Inclusive     bool
	After, Before *Cursor
}

// Window checks args against the list's order and returns the window that they ask for, and every fault of theirs.
func (args PageArgs) Window(order string) (Window, Faults) {
	var faults Faults
	window := Window{Limit: DefaultPageSize, After: args.After, Before: args.Before}
	if args.First == nil && args.Last == nil {
		window.Backward = args.Before != nil && args.After == nil
	}
	if args.First != nil && args.Last != nil {
		faults.Add(Invalid("give first or last, not both"), "last")
	}
	if args.First != nil {
		window.Limit = *args.First
		faults.Add(checkPageSize(*args.First), "first")
	} else if args.Last != nil {
		window.Limit, window.Backward = *args.Last, true
		faults.Add(checkPageSize(*args.Last), "last")
	}
	faults.Add(args.After.check(order), "after")
	faults.Add(args.Before.check(order), "before")
	return window, faults
}

func checkPageSize(size int) *Error {
	if size < 0 || size > MaxPageSize {
		return Invalid("a page holds 0 to %d items, not %d", MaxPageSize, size)
	}
	return nil
}

func (c *Cursor) check(order string) *Error {
	if c != nil && c.Order != order {
		return Invalid("not a cursor of this list in this order")
	}
	return nil
}

// Page is a part of a list, in the list's order.
type Page[T any] struct {
	Items []T
	// More tells whether the list goes on in the direction that was read.
	More bool
}

// Trim makes a page of rows: up to Limit+1 of them, in the direction that was read.
func Trim[T any](window Window, rows []T) Page[T] {
	page := Page[T]{Items: rows}
	if len(rows) > window.Limit {
		page.Items, page.More = rows[:window.Limit], true
	}
	if window.Backward {
		slices.Reverse(page.Items)
	}
	return page
}

// Next returns the window that tells whether the list goes on behind the window's Before, and whether there can be
// anything: one row of it is enough to know.
func (w Window) Next() (Window, bool) {
	return Window{Inclusive: true, After: w.Before}, w.Before != nil
}

// Previous returns the window that tells whether the list goes on in front of the window's After, and whether there can
// be anything: one row of it is enough to know.
func (w Window) Previous() (Window, bool) {
	return Window{Backward: true, Inclusive: true, Before: w.After}, w.After != nil
}
