package store

import (
	"io/fs"
	"testing"

	"github.com/pressly/goose/v3"

	"headwater/logic"
	"headwater/logic/account"
)

func TestPeopleOfAnOlderDatabaseAreAuthors(t *testing.T) {
	dir := t.TempDir()
	old := openIn(t, dir)
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, old.write.DB, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.DownTo(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, old, func(w *writer) error {
		_, err := w.exec(t.Context(), `INSERT INTO account (id, username, name, sort_key, created_at) VALUES (7, 'ada', 'Ada', 'ada', ?)`, testNow)
		return err
	})
	users := openIn(t, dir).Account()
	page, err := users.UserPage(t.Context(), account.UserQuery{Role: logic.RoleAuthor, Words: []string{"ad"}, Window: logic.Window{Limit: 1}})
	if err != nil || len(page) != 1 || page[0].Username != "ada" || page[0].Email != nil {
		t.Errorf("%+v, %v", page, err)
	}
	if credential, err := users.CredentialByID(t.Context(), 7); err != nil || credential.Password != "" {
		t.Errorf("%+v, %v", credential, err)
	}
}

func TestTheSecretStays(t *testing.T) {
	dir := t.TempDir()
	first, err := openIn(t, dir).Account().Secret(t.Context())
	if err != nil || len(first) != 32 {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	if again, err := openIn(t, dir).Account().Secret(t.Context()); err != nil || string(again) != string(first) {
		t.Errorf("it changed: %v", err)
	}
	if other, err := openTest(t).Account().Secret(t.Context()); err != nil || string(other) == string(first) {
		t.Errorf("another database has the same: %v", err)
	}
}
