package store

import (
	"context"
	"fmt"
)

// eachRow hands every row of query to take, which scans it, until that fails.
func (r reader) eachRow(ctx context.Context, query string, args []any, take func(scan func(...any) error) error) (err error) {
	if ctx, err = r.begin(ctx); err != nil {
		return err
	}
	rows, err := r.run.QueryxContext(ctx, query, args...)
	if err != nil {
		return fault(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows.Rows.Scan); err != nil {
			return err
		}
	}
	return fault(rows.Err())
}

// eachNumbers hands every row of a query of whole numbers to take, until that fails; the row must not be used any longer than the call.
// To scan into integers, database/sql would print each number and read it again.
func (r reader) eachNumbers(ctx context.Context, columns int, query string, args []any, take func(row []int64) error) error {
	values, into, row := make([]any, columns), make([]any, columns), make([]int64, columns)
	for i := range values {
		into[i] = &values[i]
	}
	return r.eachRow(ctx, query, args, func(scan func(...any) error) error {
		if err := scan(into...); err != nil {
			return err
		}
		for i, value := range values {
			number, ok := value.(int64)
			if !ok {
				return fmt.Errorf("column %d is no whole number: %v", i, value)
			}
			row[i] = number
		}
		return take(row)
	})
}
