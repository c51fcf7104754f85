package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"fmt"
	"io/fs"
	"net/url"

	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"
)

// driverName names our driver among those of database/sql: go-sqlite3 with the pragmas of the connection that writes.
const driverName = "headwater-sqlite3"

func init() {
	sql.Register(driverName, &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
		_, err := conn.Exec(writingPragmas+pragmas, []driver.Value{})
		return err
	}})
}

// openSteps opens the database for what takes it from one version to another, and knows database/sql alone.
func openSteps(path string) *sql.DB {
	address := url.URL{Scheme: "file", Path: path, RawQuery: "mode=rw&_txlock=immediate"}
	db, err := sql.Open(driverName, address.String())
	if err != nil {
		panic(err) // only a driver that was never registered
	}
	db.SetMaxOpenConns(1)
	return db
}

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the database's tables up to what this program knows, each step in a transaction of its own. Another
// process may be doing the same.
func (s *Store) migrate(ctx context.Context, path string) error {
	db := openSteps(path)
	defer db.Close()
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	var failure error
	for tried := int64(-1); ; {
		current, newest, err := provider.GetVersions(ctx)
		switch {
		case err != nil:
			return err
		case current > newest:
			return fmt.Errorf("a newer program wrote this database (its version is %d, this program knows %d): use that one", current, newest)
		case current == newest:
			return nil
		case current == tried:
			return failure
		}
		// Where another process takes the same step first, it fails here, and there is less left to do.
		tried = current
		var steps []*goose.MigrationResult
		steps, failure = provider.Up(ctx)
		for _, step := range steps {
			s.log.Info("migrated the database", "step", step.Source.Path, "duration", step.Duration)
		}
	}
}
