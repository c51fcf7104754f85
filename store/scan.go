package store

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
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
type setter func(reflect.Value, driver.Value) error

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
func (s *scan) row(into any, values []driver.Value) error {
	target := reflect.ValueOf(into).Elem()
	for i, column := range s.fields {
		field := target
		for _, step := range column.path {
			field = field.Field(step)
		}
		if err := column.set(field, values[i]); err != nil {
			return fmt.Errorf("column %s: %w", s.columns[i], err)
		}
	}
	return nil
}

func isScanner(of reflect.Type) bool {
	return reflect.PointerTo(of).Implements(reflect.TypeFor[sql.Scanner]())
}

// setterOf returns what sets a field of a type. Moments and keys are whole numbers, statuses and kinds are texts; a list of keys is
// a text as keyList writes it.
func setterOf(of reflect.Type) setter {
	if isScanner(of) {
		return func(field reflect.Value, value driver.Value) error {
			return field.Addr().Interface().(sql.Scanner).Scan(value)
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

func refuse(field reflect.Value, value driver.Value) error {
	return fmt.Errorf("a %T is no %s", value, field.Type())
}

func setPointer(to reflect.Type) setter {
	set := setterOf(to)
	return func(field reflect.Value, value driver.Value) error {
		if value == nil {
			field.SetZero()
			return nil
		}
		field.Set(reflect.New(to))
		return set(field.Elem(), value)
	}
}

func setInt(field reflect.Value, value driver.Value) error {
	number, ok := value.(int64)
	if !ok || field.OverflowInt(number) {
		return refuse(field, value)
	}
	field.SetInt(number)
	return nil
}

func setUint(field reflect.Value, value driver.Value) error {
	number, ok := value.(int64)
	if !ok || number < 0 || field.OverflowUint(uint64(number)) {
		return refuse(field, value)
	}
	field.SetUint(uint64(number))
	return nil
}

func setString(field reflect.Value, value driver.Value) error {
	text, ok := value.(string)
	if !ok {
		return refuse(field, value)
	}
	field.SetString(text)
	return nil
}

func setBool(field reflect.Value, value driver.Value) error {
	number, ok := value.(int64)
	if !ok {
		return refuse(field, value)
	}
	field.SetBool(number != 0)
	return nil
}

func setFloat(field reflect.Value, value driver.Value) error {
	switch value := value.(type) {
	case float64:
		field.SetFloat(value)
	case int64:
		field.SetFloat(float64(value))
	default:
		return refuse(field, value)
	}
	return nil
}

func setBytes(field reflect.Value, value driver.Value) error {
	switch value := value.(type) {
	case nil:
		field.SetZero()
	case []byte:
		field.SetBytes(value)
	case string:
		field.SetBytes([]byte(value))
	default:
		return refuse(field, value)
	}
	return nil
}

func setKeys(field reflect.Value, value driver.Value) error {
	text, ok := value.(string)
	if !ok || len(text) < len("[]") {
		return refuse(field, value)
	}
	text = text[1 : len(text)-1]
	if text == "" {
		field.Set(reflect.MakeSlice(field.Type(), 0, 0))
		return nil
	}
	keys := reflect.MakeSlice(field.Type(), 1+strings.Count(text, ","), 1+strings.Count(text, ","))
	i := 0
	for digits := range strings.SplitSeq(text, ",") {
		key, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return err
		}
		keys.Index(i).SetInt(key)
		i++
	}
	field.Set(keys)
	return nil
}
