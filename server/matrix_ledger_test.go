package main

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// ledger reads what stands in the database of a running server.
type ledger struct {
	db    *sql.DB
	query string // for every row of every table, as a text
}

// everyRow makes that query, so that a new table is read too. What is left out is written down each second, whatever was asked; the
// tables of the searches only repeat others.
const everyRow = `
	SELECT group_concat(rows, ' UNION ALL ') FROM (
		SELECT format('SELECT ''%s: '' || %s FROM %s', tables.name, group_concat(format('quote(%s)', columns.name), ' || '' '' || '), tables.name) AS rows
		FROM pragma_table_list AS tables, pragma_table_info(tables.name) AS columns
		WHERE tables.schema = 'main' AND tables.type = 'table' AND tables.name NOT GLOB 'sqlite_*'
			AND tables.name || '.' || columns.name NOT IN ('session.last_seen_at', 'api_key.last_used_at', 'api_key.request_count', 'webhook.failing_since')
			AND (tables.name <> 'webhook_delivery' OR columns.name IN ('id', 'webhook_id', 'post_id', 'payload'))
		GROUP BY tables.name
	)`

func openLedger(t *testing.T, path string) ledger {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro&_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1) // a connection tells of the commits of others
	t.Cleanup(func() { db.Close() })
	read := ledger{db: db}
	if err := db.QueryRowContext(t.Context(), everyRow).Scan(&read.query); err != nil {
		t.Fatal(err)
	}
	return read
}

// rows returns every row there is.
func (l ledger) rows(ctx context.Context) (map[string]bool, error) {
	read, err := l.db.QueryContext(ctx, l.query)
	if err != nil {
		return nil, err
	}
	defer read.Close()
	rows := map[string]bool{}
	for read.Next() {
		var row string
		if err := read.Scan(&row); err != nil {
			return nil, err
		}
		rows[row] = true
	}
	return rows, read.Err()
}

// version returns a number that is another one after each commit.
func (l ledger) version(ctx context.Context) (version int, err error) {
	err = l.db.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version)
	return version, err
}

// askWatched fills an operation and sends it; it is an error where a mutation is refused and something changed all the same. Nobody else may
// change anything meanwhile. Rows are only compared where something was committed, which may also be what is written down each second: then it is asked
// anew, of targets that are new.
func (w *world) askWatched(ctx context.Context, who asker, text string) (given answer, filled string, err error) {
	if filled, err = w.fill(ctx, who, text); err != nil {
		return answer{}, "", err
	}
	if !isMutation(text) {
		given, err = w.ask(ctx, who, filled)
		return given, filled, err
	}
	before, err := w.ledger.version(ctx)
	if err != nil {
		return answer{}, filled, err
	}
	if given, err = w.ask(ctx, who, filled); err != nil || !isRefused(given) {
		return given, filled, err
	}
	if after, err := w.ledger.version(ctx); after == before || err != nil {
		return given, filled, err
	}
	return w.askComparing(ctx, who, text)
}

// askComparing is askWatched, reading all rows before and after.
func (w *world) askComparing(ctx context.Context, who asker, text string) (given answer, filled string, err error) {
	if filled, err = w.fill(ctx, who, text); err != nil {
		return answer{}, "", err
	}
	before, err := w.ledger.rows(ctx)
	if err != nil {
		return answer{}, filled, err
	}
	given, err = w.ask(ctx, who, filled)
	if err != nil || !isRefused(given) {
		return given, filled, err
	}
	after, err := w.ledger.rows(ctx)
	if err == nil && !maps.Equal(before, after) {
		err = fmt.Errorf("asks %s\n    is refused: %.600s\n    and yet %s", filled, given.body, difference(before, after))
	}
	return given, filled, err
}

func isRefused(given answer) bool { return len(given.Errors) > 0 || len(refusals(given.Data)) > 0 }

func isMutation(text string) bool { return strings.HasPrefix(text, "mutation") }

// difference says which rows are gone, and which are new.
func difference(before, after map[string]bool) string {
	var changes []string
	for row := range before {
		if !after[row] {
			changes = append(changes, "- "+row)
		}
	}
	for row := range after {
		if !before[row] {
			changes = append(changes, "+ "+row)
		}
	}
	slices.Sort(changes)
	return strings.Join(changes, "\n      ")
}
