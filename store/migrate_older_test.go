package store

import (
	"database/sql"
	"io/fs"
	"testing"

	"github.com/pressly/goose/v3"
)

// stepsOf returns the steps from one version of a database to the next, and back.
func stepsOf(t *testing.T, db *sql.DB) *goose.Provider {
	t.Helper()
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	steps, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

// fillOlder makes a database in dir as an older program did, whose last step was the given one, and fills it by SQL.
func fillOlder(t *testing.T, dir string, last int64, fill string, values ...any) {
	t.Helper()
	path, err := makeFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	old := openSteps(path)
	if _, err := stepsOf(t, old).UpTo(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	if _, err := old.Exec(fill, values...); err != nil {
		t.Fatal(err)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
}
