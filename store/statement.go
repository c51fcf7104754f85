package store

import (
	"math"
	"strings"

	"headwater/logic"
)

// statement is SQL in the making, with its arguments in the order of their question marks.
type statement struct {
	text strings.Builder
	args []any
}

func (s *statement) add(text string, args ...any) {
	s.text.WriteString(text)
	s.args = append(s.args, args...)
}

// place is an entry of an index over a value and a key.
type place struct {
	value any
	key   int64
}

// stretch is a part of such an index, from low to high, both included; nil is open.
type stretch struct {
	low, high *place
	down      bool // whether it is read from high to low
}

// stretchOf returns the part of an index that a window of a list is, value being what the list is ordered by.
func stretchOf(window logic.Window, ascending bool, value func(*logic.Cursor) any) stretch {
	low, high := window.After, window.Before
	if !ascending {
		low, high = high, low
	}
	s := stretch{down: ascending == window.Backward}
	if low != nil {
		s.low = &place{value(low), low.Key}
		if !window.Inclusive {
			s.low.key = min(low.Key, math.MaxInt64-1) + 1
		}
	}
	if high != nil {
		s.high = &place{value(high), high.Key}
		if !window.Inclusive {
			s.high.key = max(high.Key, math.MinInt64+1) - 1
		}
	}
	return s
}

func cursorInt(c *logic.Cursor) any  { return c.Int }
func cursorText(c *logic.Cursor) any { return c.Text }

// addStretch adds the conditions that column and key lie in stretch.
func (s *statement) addStretch(part stretch, column, key string) {
	if part.low != nil {
		s.add(" AND ("+column+", "+key+") >= (?, ?)", part.low.value, part.low.key)
	}
	if part.high != nil {
		s.add(" AND ("+column+", "+key+") <= (?, ?)", part.high.value, part.high.key)
	}
}

// addOrder adds the order that part is read in, and the limit.
func (s *statement) addOrder(part stretch, column, key string, limit int) {
	s.add(" ORDER BY "+column+direction(part.down)+", "+key+direction(part.down)+" LIMIT ?", limit)
}

func direction(down bool) string {
	if down {
		return " DESC"
	}
	return " ASC"
}
