package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/client"
	"headwater/logic/content"
)

var (
	testClient = client.Client{
		ID: 70, Name: "reader", Kind: client.KindWeb, Description: "What readers see.", PostURL: new("https://example.org/{slug}"),
		AllowedOrigins: []string{"https://example.org", "http://localhost:5173"}, ScopeCeiling: logic.AllScopes, RequestsPerMinute: 60, CreatedAt: testNow,
	}
	testKey = client.StoredKey{
		APIKey: client.APIKey{
			ID: 71, ClientID: 70, Prefix: "hw_pub_abc", Label: "Key", Kind: client.KeyPublishable, Scopes: logic.Anonymous, CreatedAt: testNow,
			ExpiresAt: new(testNow + 1000),
		},
		Hash: logic.HashToken("key"),
	}
)

func TestClientsAreReadAsTheyWereWritten(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	mustWrite(t, s, func(w *writer) error {
		if err := w.InsertClient(ctx, testClient); err != nil {
			return err
		}
		return w.InsertAPIKey(ctx, testKey)
	})
	changed := testClient
	changed.Description, changed.PostURL, changed.AllowedOrigins, changed.ScopeCeiling, changed.RequestsPerMinute = "", nil, []string{}, 0, 1
	clients, err := s.reader().AllClients(ctx)
	if err != nil || len(clients) != 2 || clients[0].Name != client.PublicName {
		t.Fatalf("the clients are %+v, %v", clients, err)
	}
	if diff := cmp.Diff(testClient, clients[1]); diff != "" {
		t.Error(diff)
	}
	mustWrite(t, s, func(w *writer) error { return w.UpdateClient(ctx, changed) })
	if clients, err = s.reader().AllClients(ctx); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(changed, clients[1]); diff != "" {
		t.Error(diff)
	}
	keys, err := s.reader().AllKeys(ctx)
	if diff := cmp.Diff([]client.StoredKey{testKey}, keys); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestPublicIsThereFromTheStart(t *testing.T) {
	clients, err := openTest(t).reader().AllClients(t.Context())
	if err != nil || len(clients) != 1 {
		t.Fatalf("the clients are %+v, %v", clients, err)
	}
	want := client.Client{
		ID: 1, Name: client.PublicName, Kind: client.KindWeb, Description: "Whoever asks without a key.", AllowedOrigins: []string{},
		ScopeCeiling: logic.Anonymous, RequestsPerMinute: 60_000, CreatedAt: clients[0].CreatedAt,
	}
	if diff := cmp.Diff(want, clients[0]); diff != "" || want.CreatedAt == 0 {
		t.Error(diff)
	}
}

func TestUsesAreAddedToWhatIsThere(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	for _, uses := range []map[logic.APIKeyID]client.Use{
		{testKey.ID: {Requests: 3, LastAt: testNow + 5}, 999: {Requests: 1, LastAt: testNow}},
		{testKey.ID: {Requests: 4, LastAt: testNow + 2}}, // another process, whose clock is behind
		{},
	} {
		mustWrite(t, s, func(w *writer) error {
			known, err := w.APIKeysByID(ctx, []logic.APIKeyID{testKey.ID})
			if err != nil {
				return err
			}
			if len(known) == 0 {
				if err := w.InsertClient(ctx, testClient); err != nil {
					return err
				}
				if err := w.InsertAPIKey(ctx, testKey); err != nil {
					return err
				}
			}
			return w.AddUses(ctx, uses)
		})
	}
	keys, err := s.reader().APIKeysByID(ctx, []logic.APIKeyID{testKey.ID, 999})
	if key := keys[testKey.ID]; err != nil || len(keys) != 1 || key.RequestCount != 7 || *key.LastUsedAt != testNow+5 {
		t.Errorf("the keys are %+v, %v", keys, err)
	}
}

func TestDeletingAClientTakesItsKeysAndLeavesItsSessions(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	mustWrite(t, s, func(w *writer) error {
		if err := w.InsertClient(ctx, testClient); err != nil {
			return err
		}
		if err := w.InsertAPIKey(ctx, testKey); err != nil {
			return err
		}
		if err := w.InsertAuthor(ctx, 1, "ada", "Ada", testNow); err != nil {
			return err
		}
		_, err := w.exec(ctx, `/* a session */ INSERT INTO session (id, token_hash, user_id, client_id, device, created_at, last_seen_at, proved_at)
			VALUES (5, x'00', 1, ?, '', 0, 0, 0)`, testClient.ID)
		return err
	})
	mustWrite(t, s, func(w *writer) error { return w.DeleteClient(ctx, testClient.ID) })
	if keys, err := s.reader().AllKeys(ctx); err != nil || len(keys) != 0 {
		t.Errorf("the keys are %+v, %v", keys, err)
	}
	if left := mustGet[int](t, s, `SELECT count(*) FROM session WHERE client_id IS NULL`); left != 1 {
		t.Errorf("%d sessions are left without a client, want 1", left)
	}
}

func TestKeysGoOnFromThoseOfSessionsAndClients(t *testing.T) {
	ahead := logic.NewKeys(func() logic.Moment { return testNow + 1_000_000 }, 1)
	for name, insert := range map[string]string{
		"client": `INSERT INTO client VALUES (?, 'ahead', 'WEB', '', NULL, '[]', '', 1, 0)`,
		"key": `INSERT INTO api_key (id, client_id, hash, prefix, label, kind, scopes, created_at)
			VALUES (?, 1, x'00', '', '', 'SECRET', '', 0)`,
		"revision": `INSERT INTO revision (id, post_id, number, slug, title, tags, author_ids, language, created_at, markdown)
			VALUES (?, 1, 1, '', '', '[]', '[]', '', 0, '')`,
		"file":    `INSERT INTO media (id, name, filename, sort_key, mime_type, size, alt, created_at) VALUES (?, '', '', '', '', 0, '', 0)`,
		"session": `INSERT INTO session (id, token_hash, user_id, device, created_at, last_seen_at, proved_at) VALUES (?, x'00', 1, '', 0, 0, 0)`,
	} {
		dir := t.TempDir()
		s := openIn(t, dir)
		greatest := ahead.Next()
		mustWrite(t, s, func(w *writer) error {
			if err := w.InsertAuthor(t.Context(), 1, "ada", "Ada", testNow); err != nil {
				return err
			}
			if err := w.InsertPost(t.Context(), content.Post{ID: 1, Kind: "ARTICLE", Status: "DRAFT"}, content.PostText{}); err != nil {
				return err
			}
			_, err := w.exec(t.Context(), insert, greatest)
			return err
		})
		if next := openIn(t, dir).Keys().Next(); next <= greatest {
			t.Errorf("behind a %s: the key %d comes after %d", name, next, greatest)
		}
	}
}
