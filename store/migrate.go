package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the database's tables up to what this program knows, each step in a transaction of its own. Another
// process may be doing the same.
func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.write.DB, files, goose.WithDisableGlobalRegistry(true))
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
