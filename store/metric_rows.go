package store

import "context"

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
