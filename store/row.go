package store

import (
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unsafe"
)

// The types of values, as SQLite numbers them.
const (
	kindInt   = 1
	kindFloat = 2
	kindText  = 3
	kindBlob  = 4
	kindNone  = 5
)

// row takes the values of a row one by one, and remembers the first that is not what it was taken for. What it holds, it holds until
// the next row; what was taken stays. Its form is that of connection.h.
type row struct {
	columns []string // their names
	rest    []byte
	err     error
}

func (r *row) begin(values []byte) { r.rest, r.err = values, nil }

// value is a value as SQLite has it.
type value struct {
	kind   byte
	number uint64 // the bits of an int64 or float64
	bytes  []byte // of a text or blob
}

func (r *row) next() value {
	if len(r.rest) == 0 {
		if r.err == nil {
			r.err = errors.New("a row has fewer columns than are taken of it")
		}
		return value{kind: kindNone}
	}
	v := value{kind: r.rest[0]}
	size := 1
	switch v.kind {
	case kindInt, kindFloat:
		v.number = binary.NativeEndian.Uint64(r.rest[1:])
		size = 9
	case kindText, kindBlob:
		size = 5 + int(binary.NativeEndian.Uint32(r.rest[1:]))
		v.bytes = r.rest[5:size:size]
	}
	r.rest = r.rest[size:]
	return v
}

// driver returns the value as the drivers of database/sql do.
func (v value) driver() driver.Value {
	switch v.kind {
	case kindInt:
		return int64(v.number)
	case kindFloat:
		return math.Float64frombits(v.number)
	case kindText:
		return v.text()
	case kindBlob:
		return v.bytes
	}
	return nil
}

// text returns the bytes as a text, without a copy: nobody writes to those of a text.
func (v value) text() string { return unsafe.String(unsafe.SliceData(v.bytes), len(v.bytes)) }

func (r *row) wrong(v value) {
	if r.err == nil {
		r.err = fmt.Errorf("a column is a %T, with %d bytes behind it", v.driver(), len(r.rest))
	}
}

func (r *row) int() int64 {
	if len(r.rest) >= 9 && r.rest[0] == kindInt {
		number := binary.NativeEndian.Uint64(r.rest[1:])
		r.rest = r.rest[9:]
		return int64(number)
	}
	r.wrong(r.next())
	return 0
}

func (r *row) text() string {
	if len(r.rest) >= 5 && r.rest[0] == kindText {
		size := 5 + int(binary.NativeEndian.Uint32(r.rest[1:]))
		text := r.rest[5:size]
		r.rest = r.rest[size:]
		return unsafe.String(unsafe.SliceData(text), len(text))
	}
	r.wrong(r.next())
	return ""
}

func (r *row) bytes() []byte {
	v := r.next()
	if v.kind != kindBlob {
		r.wrong(v)
	}
	return v.bytes
}

func (r *row) float() float64 {
	v := r.next()
	switch v.kind {
	case kindFloat:
		return math.Float64frombits(v.number)
	case kindInt:
		return float64(int64(v.number))
	default:
		r.wrong(v)
		return 0
	}
}

// skipNull goes on to the next value where this one is null.
func (r *row) skipNull() bool {
	null := len(r.rest) > 0 && r.rest[0] == kindNone
	if null {
		r.rest = r.rest[1:]
	}
	return null
}

// textGiven takes a text that may be null.
func (r *row) textGiven() *string {
	if r.skipNull() {
		return nil
	}
	text := r.text()
	return &text
}

// intGiven takes a whole number that may be null.
func intGiven[T ~int64 | ~int32 | ~int](r *row) *T {
	if r.skipNull() {
		return nil
	}
	number := T(r.int())
	return &number
}

// keysOf takes a list of keys from text as keyList writes it, and puts them behind those of other lists, with which they share memory.
func keysOf[T ~int64](r *row, others *[]T) []T {
	first := len(*others)
	all, err := appendKeys(*others, r.text())
	if err != nil && r.err == nil {
		r.err = err
	}
	*others = all
	return all[first:len(all):len(all)]
}

// appendValues appends values in the form of a row.
func appendValues(row []byte, values []any) ([]byte, error) {
	for _, given := range values {
		var err error
		switch given.(type) {
		case int64, string, []byte, nil:
		default:
			if given, err = driver.DefaultParameterConverter.ConvertValue(given); err != nil {
				return nil, err
			}
		}
		switch given := given.(type) {
		case nil:
			row = append(row, kindNone)
		case int64:
			row = appendNumber(row, kindInt, uint64(given))
		case bool:
			var number uint64
			if given {
				number = 1
			}
			row = appendNumber(row, kindInt, number)
		case float64:
			row = appendNumber(row, kindFloat, math.Float64bits(given))
		case string:
			row, err = appendBytes(row, kindText, given)
		case []byte:
			if given == nil {
				row = append(row, kindNone)
			} else {
				row, err = appendBytes(row, kindBlob, given)
			}
		default:
			err = fmt.Errorf("SQLite has no value for a %T", given)
		}
		if err != nil {
			return nil, err
		}
	}
	return row, nil
}

func appendNumber(row []byte, kind byte, bits uint64) []byte {
	return binary.NativeEndian.AppendUint64(append(row, kind), bits)
}

func appendBytes[T string | []byte](row []byte, kind byte, value T) ([]byte, error) {
	row, err := appendSize(row, kind, len(value))
	if err != nil {
		return nil, err
	}
	return append(row, value...), nil
}

// appendSize refuses a size that SQLite's int can't hold, and would take for another one.
func appendSize(row []byte, kind byte, size int) ([]byte, error) {
	if size > math.MaxInt32 {
		return nil, fmt.Errorf("%d bytes are too many for SQLite", size)
	}
	return binary.NativeEndian.AppendUint32(append(row, kind), uint32(size)), nil
}
