package store

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
)

// row takes the values of a row one by one, and remembers the first that is not what it was taken for. It is for what is read
// most; elsewhere rows are scanned by the names of their columns.
type row struct {
	values []driver.Value
	at     int
	err    error
}

func (r *row) next() driver.Value {
	value := r.values[r.at]
	r.at++
	return value
}

func (r *row) wrong(value driver.Value) {
	if r.err == nil {
		r.err = fmt.Errorf("column %d is a %T", r.at, value)
	}
}

// taken takes a value of one type.
func taken[T any](r *row) T {
	value := r.next()
	of, ok := value.(T)
	if !ok {
		r.wrong(value)
	}
	return of
}

func (r *row) int() int64    { return taken[int64](r) }
func (r *row) text() string  { return taken[string](r) }
func (r *row) bytes() []byte { return taken[[]byte](r) }

func (r *row) float() float64 {
	switch value := r.next().(type) {
	case float64:
		return value
	case int64:
		return float64(value)
	default:
		r.wrong(value)
		return 0
	}
}

// textGiven takes a text that may be null.
func (r *row) textGiven() *string {
	if r.values[r.at] == nil {
		r.at++
		return nil
	}
	text := r.text()
	return &text
}

// intGiven takes a whole number that may be null.
func intGiven[T ~int64 | ~int32 | ~int](r *row) *T {
	if r.values[r.at] == nil {
		r.at++
		return nil
	}
	number := T(r.int())
	return &number
}

// keysOf takes a list of keys from text as keyList writes it.
func keysOf[T ~int64](r *row) []T {
	text := strings.Trim(r.text(), "[]")
	if text == "" {
		return []T{}
	}
	keys := make([]T, 0, 1+strings.Count(text, ","))
	for digits := range strings.SplitSeq(text, ",") {
		key, err := strconv.ParseInt(digits, 10, 64)
		if err != nil && r.err == nil {
			r.err = err
		}
		keys = append(keys, T(key))
	}
	return keys
}
