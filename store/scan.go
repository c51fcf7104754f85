package store

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"

	"github.com/jmoiron/sqlx/reflectx"
)

// mapper finds the field of a struct that a column stands in.
var mapper = reflectx.NewMapperFunc("db", columnName)

// scan puts the values of a row into a Go type. It is worked out once for a type and the columns of a query.
type scan struct {
	columns []string
	fields  []scanField
}

// scanField is where a column stands, by the steps of the path to it, and what puts a value there.
type scanField struct {
	path []int
	set  setter
}

// setter sets a field to a value of SQLite's.
type setter func(reflect.Value, value) error

// scans keeps the scans of each type, which are as many as there are different lists of columns in the program.
var scans sync.Map // from reflect.Type to *scansOfType

type scansOfType struct {
	mu    sync.RWMutex
	known []*scan
}

// scanOf returns the scan of rows with these columns into a T.
func scanOf[T any](columns []string) (*scan, error) {
	of := reflect.TypeFor[T]()
	kept, ok := scans.Load(of)
	if !ok {
		kept, _ = scans.LoadOrStore(of, &scansOfType{})
	}
	ofType := kept.(*scansOfType)
	ofType.mu.RLock()
	at := slices.IndexFunc(ofType.known, func(s *scan) bool { return slices.Equal(s.columns, columns) })
	if at >= 0 {
		defer ofType.mu.RUnlock()
		return ofType.known[at], nil
	}
	ofType.mu.RUnlock()
	made, err := newScan(of, slices.Clone(columns))
	if err == nil {
		ofType.mu.Lock()
		ofType.known = append(ofType.known, made)
		ofType.mu.Unlock()
	}
	return made, err
}

func newScan(of reflect.Type, columns []string) (*scan, error) {
	if of.Kind() != reflect.Struct || isScanner(of) {
		if len(columns) != 1 {
			return nil, fmt.Errorf("a %s can't hold %d columns", of, len(columns))
		}
		return &scan{columns, []scanField{{set: setterOf(of)}}}, nil
	}
	s := &scan{columns: columns}
	fields := mapper.TypeMap(of)
	for _, column := range columns {
		field, ok := fields.Names[column]
		if !ok {
			return nil, fmt.Errorf("a %s has no field for the column %s", of, column)
		}
		s.fields = append(s.fields, scanField{field.Index, setterOf(field.Field.Type)})
	}
	return s, nil
}

// row puts the values of a row into what into points to.
func (s *scan) row(into any, row *row) error {
	target := reflect.ValueOf(into).Elem()
	for i, column := range s.fields {
		field := target
		for _, step := range column.path {
			field = field.Field(step)
		}
		if err := column.set(field, row.next()); err != nil {
			return fmt.Errorf("column %s: %w", s.columns[i], err)
		}
	}
	return row.err
}

func isScanner(of reflect.Type) bool {
	return reflect.PointerTo(of).Implements(reflect.TypeFor[sql.Scanner]())
}

// setterOf returns what sets a field of a type. Moments and keys are whole numbers, statuses and kinds are texts; a list of keys is
// a text as keyList writes it.
func setterOf(of reflect.Type) setter {
	if isScanner(of) {
		return func(field reflect.Value, v value) error {
			return field.Addr().Interface().(sql.Scanner).Scan(v.driver())
		}
	}
	switch of.Kind() {
	case reflect.Pointer:
		return setPointer(of.Elem())
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int16, reflect.Int8:
		return setInt
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return setUint
	case reflect.String:
		return setString
	case reflect.Bool:
		return setBool
	case reflect.Float64:
		return setFloat
	case reflect.Slice:
		switch of.Elem().Kind() {
		case reflect.Uint8:
			return setBytes
		case reflect.Int64:
			return setKeys
		}
	}
	return refuse
}

func refuse(field reflect.Value, v value) error {
	return fmt.Errorf("a %T is no %s", v.driver(), field.Type())
}

func setPointer(to reflect.Type) setter {
	set := setterOf(to)
	return func(field reflect.Value, v value) error {
		if v.kind == kindNone {
			field.SetZero()
			return nil
		}
		field.Set(reflect.New(to))
		return set(field.Elem(), v)
	}
}

func setInt(field reflect.Value, v value) error {
	number := int64(v.number)
	if v.kind != kindInt || field.OverflowInt(number) {
		return refuse(field, v)
	}
	field.SetInt(number)
	return nil
}

func setUint(field reflect.Value, v value) error {
	if v.kind != kindInt || int64(v.number) < 0 || field.OverflowUint(v.number) {
		return refuse(field, v)
	}
	field.SetUint(v.number)
	return nil
}

func setString(field reflect.Value, v value) error {
	if v.kind != kindText {
		return refuse(field, v)
	}
	field.SetString(v.text())
	return nil
}

func setBool(field reflect.Value, v value) error {
	if v.kind != kindInt {
		return refuse(field, v)
	}
	field.SetBool(v.number != 0)
	return nil
}

func setFloat(field reflect.Value, v value) error {
	switch v.kind {
	case kindFloat:
		field.SetFloat(math.Float64frombits(v.number))
	case kindInt:
		field.SetFloat(float64(int64(v.number)))
	default:
		return refuse(field, v)
	}
	return nil
}

func setBytes(field reflect.Value, v value) error {
	switch v.kind {
	case kindNone:
		field.SetZero()
	case kindBlob, kindText:
		field.SetBytes(v.bytes)
	default:
		return refuse(field, v)
	}
	return nil
}

func setKeys(field reflect.Value, v value) error {
	if v.kind != kindText {
		return refuse(field, v)
	}
	keys, err := appendKeys([]int64{}, v.text())
	if err != nil {
		return err
	}
	field.Set(reflect.MakeSlice(field.Type(), len(keys), len(keys)))
	for i, key := range keys {
		field.Index(i).SetInt(key)
	}
	return nil
}

// errKeys is of a text that is no list of keys.
var errKeys = errors.New("a list of keys that can't be read")

// appendKeys appends the keys of a list from text as keyList writes it.
func appendKeys[T ~int64](keys []T, text string) ([]T, error) {
	last := len(text) - 1
	if last < 1 || text[0] != '[' || text[last] != ']' {
		return keys, errKeys
	}
	if last == 1 {
		return keys, nil
	}
	var key uint64
	digits := 0
	for i := 1; i <= last; i++ {
		switch c := text[i]; {
		case '0' <= c && c <= '9' && digits < maxDigits:
			key = 10*key + uint64(c-'0')
			digits++
		case (c == ',' || i == last) && digits > 0 && key <= math.MaxInt64:
			keys = append(keys, T(key))
			key, digits = 0, 0
		default:
			return keys, errKeys
		}
	}
	return keys, nil
}

// maxDigits is how many digits a key has at most.
const maxDigits = 19
