package store

import (
	"context"
	"sync"
	"testing"

	_ "headwater/store/internal/reprepared"
)

// changesSchema has the stores of tests that change the schema and undo it.
var changesSchema sync.Map

// watchPlans returns what fails the test where SQLite had since to prepare a statement anew, on any connection of the store: every test
// ends with it. Only a change of the schema may be a reason, which nothing of the program's makes once the store is open.
func watchPlans(t testing.TB, s *Store) func() {
	ctx := context.WithoutCancel(t.Context())
	schema := func() (version int64) {
		version, err := selectRow[int64](ctx, s.reader(), `PRAGMA schema_version`)
		if err != nil {
			t.Error(err)
		}
		return version
	}
	const anew = `SELECT reprepared()`
	began := schema()
	if err := s.write.exec(anew); err != nil { // what was prepared for the start is no matter
		t.Error(err)
	}
	return func() {
		t.Helper()
		if _, changes := changesSchema.Load(s); changes || s.closed || schema() != began {
			return
		}
		var found []*string
		for _, c := range append(s.pool.idle, s.write) {
			_, err := c.run(ctx, anew, nil, func(row *row) error {
				found = append(found, row.textGiven())
				return row.err
			})
			if err != nil {
				t.Error(err)
			}
		}
		for _, query := range found {
			if query != nil {
				t.Errorf("SQLite prepared a statement anew:\n%s", *query)
			}
		}
	}
}

func TestAnewPreparedStatementsAreSeen(t *testing.T) {
	s := openTest(t)
	read := func() *string {
		t.Helper()
		if _, err := s.reader().Site(t.Context()); err != nil {
			t.Fatal(err)
		}
		query, err := selectRow[*string](t.Context(), s.reader(), `SELECT reprepared()`)
		if err != nil {
			t.Fatal(err)
		}
		return query
	}
	if query := read(); query != nil {
		t.Errorf("the first time this was prepared anew:\n%s", *query)
	}
	mustWrite(t, s, createProbe)
	if query := read(); query == nil {
		t.Error("after a change of the schema no statement was seen to be prepared anew")
	}
}
