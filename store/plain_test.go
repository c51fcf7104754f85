//go:build !sqlite_fts5

package store

import (
	"os"
	"path/filepath"
	"testing"
)

func TestABuildWithoutFullTextSearchMakesNoFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if _, err := Open(t.Context(), Options{Dir: dir}); err == nil {
		t.Error("opened a database without full-text search")
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder is there, or nothing can be said of it: %v", err)
	}
}
