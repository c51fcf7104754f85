package store

import (
	"context"
	"database/sql"
)

// rows runs a query and calls take for each row, which holds until take returns.
func (r reader) rows(ctx context.Context, query string, args []any, take func(*row) error) error {
	ctx, err := r.begin(ctx)
	if err != nil {
		return err
	}
	_, err = r.from.run(ctx, query, args, take)
	return fault(err)
}

// numbers runs a query of whole numbers and calls take for each row, which holds until take returns.
func (r reader) numbers(ctx context.Context, query string, args []any, take func([]int64) error) error {
	var numbers []int64
	return r.rows(ctx, query, args, func(row *row) error {
		numbers = numbers[:0]
		for range row.columns {
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
	err := r.rows(ctx, query, args, func(row *row) (err error) {
		if into == nil {
			if into, err = scanOf[T](row.columns); err != nil {
				return err
			}
		}
		all = append(all, *new(T))
		return into.row(&all[len(all)-1], row)
	})
	return all, err
}

// selectRow returns the first row of query, or sql.ErrNoRows.
func selectRow[T any](ctx context.Context, r reader, query string, args ...any) (T, error) {
	var found T
	none := true
	err := r.rows(ctx, query, args, func(row *row) error {
		if !none {
			return nil
		}
		none = false
		into, err := scanOf[T](row.columns)
		if err != nil {
			return err
		}
		return into.row(&found, row)
	})
	if err == nil && none {
		err = sql.ErrNoRows
	}
	return found, err
}
