package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"

	"github.com/jmoiron/sqlx"
)

// rows runs a query and calls take for each row with its values, as SQLite has them: an int64, a float64, a string, a []byte, or
// nil. They hold until take returns. Columns are those of the query.
//
// Outside a transaction the values come from the driver: database/sql would convert each of them by reflection, several times.
func (r reader) rows(ctx context.Context, query string, args []any, take func(columns []string, values []driver.Value) error) error {
	ctx, err := r.begin(ctx)
	if err != nil {
		return err
	}
	pool, outside := r.run.(*sqlx.DB)
	if !outside {
		return fault(rowsInside(ctx, r.run, query, args, take))
	}
	conn, err := pool.DB.Conn(ctx)
	if err != nil {
		return fault(err)
	}
	defer conn.Close()
	given, err := driverValues(args)
	if err != nil {
		return err
	}
	return fault(conn.Raw(func(raw any) error { return rowsOf(ctx, raw.(driver.QueryerContext), query, given, take) }))
}

// driverValues returns arguments as the driver takes them.
func driverValues(args []any) ([]driver.NamedValue, error) {
	values := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		value, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			return nil, err
		}
		values[i] = driver.NamedValue{Ordinal: i + 1, Value: value}
	}
	return values, nil
}

func rowsOf(ctx context.Context, conn driver.QueryerContext, query string, args []driver.NamedValue, take func([]string, []driver.Value) error) (err error) {
	found, err := conn.QueryContext(ctx, query, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	columns := found.Columns()
	values := make([]driver.Value, len(columns))
	for {
		switch err := found.Next(values); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if err := take(columns, values); err != nil {
			return err
		}
	}
}

// rowsInside does the same within a transaction, where database/sql does not show the driver.
func rowsInside(ctx context.Context, run sqlx.QueryerContext, query string, args []any, take func([]string, []driver.Value) error) error {
	found, err := run.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer found.Close()
	columns, err := found.Columns()
	if err != nil {
		return err
	}
	scanned, into, values := make([]any, len(columns)), make([]any, len(columns)), make([]driver.Value, len(columns))
	for i := range into {
		into[i] = &scanned[i]
	}
	for found.Next() {
		if err := found.Scan(into...); err != nil {
			return err
		}
		for i, value := range scanned {
			values[i] = value
		}
		if err := take(columns, values); err != nil {
			return err
		}
	}
	return found.Err()
}

// numbers runs a query of whole numbers and calls take for each row, which holds until take returns.
func (r reader) numbers(ctx context.Context, query string, args []any, take func([]int64) error) error {
	var numbers []int64
	return r.rows(ctx, query, args, func(columns []string, values []driver.Value) error {
		row := row{values: values}
		numbers = numbers[:0]
		for range columns {
			numbers = append(numbers, row.int())
		}
		if row.err != nil {
			return row.err
		}
		return take(numbers)
	})
}

// selectRows returns every row of query, each as a T: a struct by the names of its columns, or a single column.
func selectRows[T any](ctx context.Context, r reader, query string, args ...any) ([]T, error) {
	var all []T
	var into *scan
	err := r.rows(ctx, query, args, func(columns []string, values []driver.Value) (err error) {
		if into == nil {
			if into, err = scanOf[T](columns); err != nil {
				return err
			}
		}
		all = append(all, *new(T))
		return into.row(&all[len(all)-1], values)
	})
	return all, err
}

// selectRow returns the first row of query, or sql.ErrNoRows.
func selectRow[T any](ctx context.Context, r reader, query string, args ...any) (T, error) {
	var found T
	none := true
	err := r.rows(ctx, query, args, func(columns []string, values []driver.Value) error {
		if !none {
			return nil
		}
		none = false
		into, err := scanOf[T](columns)
		if err != nil {
			return err
		}
		return into.row(&found, values)
	})
	if err == nil && none {
		err = sql.ErrNoRows
	}
	return found, err
}
