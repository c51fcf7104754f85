package store

import (
	"slices"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/logic/metric"
)

func TestArchivesAreReadInTheOrderOfKeys(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	tag := content.ArchivedTag{Tag: content.Tag{ID: 1, Slug: "a", Name: "A"}, Slugs: []content.TagSlug{{TagID: 1, Slug: "old", Name: "Old"}}}
	seen := checkPlans(t, s, func(r reader, w *writer) {
		for _, err := range []error{
			w.InsertArchivedUsers(ctx, []account.ArchivedUser{{ID: 2, Username: "b", Name: "B", Role: logic.RoleReader}}),
			w.InsertArchivedTags(ctx, []content.ArchivedTag{tag}), w.SetContentVersion(ctx, 7, testNow),
			second(r.ArchivedTags(ctx)), second(r.ArchivedPosts(ctx, 0, 10)), second(r.ArchivedRevisions(ctx, 1, 0, 10)),
			second(r.ArchivedMedia(ctx, 0, 10)), second(r.ArchivedImports(ctx, "", 10)), second(r.ArchivedMediaImports(ctx, "", 10)),
			second(r.ArchivedUsers(ctx, 0, 10)),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		for _, table := range metric.Tables() {
			none := func([]byte) error { return nil }
			if err := r.ArchivedRows(ctx, table, none); err != nil {
				t.Errorf("%s: %v", table, err)
			}
			if err := w.InsertArchivedRows(ctx, table, []byte("[]")); err != nil {
				t.Errorf("%s: %v", table, err)
			}
		}
	})
	mustHaveAll(t, seen, "archive.go")
	for name, steps := range seen {
		if strings.HasPrefix(name, "Archived") && strings.Contains(strings.Join(steps, "\n"), "TEMP B-TREE FOR ORDER BY") && name != "ArchivedPosts: slugs" &&
			!slices.Contains(steps, "SCAN metric_recent") { // which is short, and put between the other rows
			t.Errorf("%s sorts what it reads: %v", name, steps)
		}
	}
}

// TestArchivesHoldEveryTable fails when a table is added of which nobody said whether archives hold it.
func TestArchivesHoldEveryTable(t *testing.T) {
	s := openTest(t)
	known := map[string]bool{}
	for _, table := range archivedTables {
		known[table.name] = true
	}
	for _, name := range strings.Fields(`
		account tag tag_slug post post_text post_slug revision media media_variant media_import post_import site content_version
		post_list post_list_size post_media post_term term language
		account_network account_secret account_token account_try api_key client client_version idempotency media_stray metric_salt metric_visitor
		metric_number metric_sum metric_recent metric_today metric_event_recent
		preview_token session webhook webhook_delivery goose_db_version`) {
		known[name] = true
	}
	tables, err := selectRows[string](t.Context(), s.reader(), `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if !known[table] && !strings.Contains(table, "_search") {
			t.Errorf("nobody said whether an archive holds the table %s: see docs/export.md", table)
		}
	}
}
