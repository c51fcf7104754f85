package store

import (
	"context"

	"headwater/logic"
	"headwater/logic/client"
)

// apiKeyColumns are those of a client.APIKey.
const apiKeyColumns = `api_key.id, api_key.client_id, api_key.prefix, api_key.label, api_key.kind, api_key.scopes,
	api_key.created_at, api_key.expires_at, api_key.made_to_expire_at, api_key.revoked_at, api_key.last_used_at, api_key.request_count`

// apiKeyRow is a key with its scopes as they are stored.
type apiKeyRow struct {
	client.APIKey
	Scopes string
}

func (r apiKeyRow) read() client.APIKey {
	r.APIKey.Scopes = scopesOf(r.Scopes)
	return r.APIKey
}

const allKeys = `/* AllKeys */ SELECT ` + apiKeyColumns + `, api_key.hash FROM api_key`

// AllKeys implements client.Reader.
func (r reader) AllKeys(ctx context.Context) ([]client.StoredKey, error) {
	rows, err := selectRows[struct {
		apiKeyRow
		Hash []byte
	}](ctx, r, allKeys)
	keys := make([]client.StoredKey, len(rows))
	for i, row := range rows {
		keys[i].APIKey = row.read()
		copy(keys[i].Hash[:], row.Hash)
	}
	return keys, err
}

const keysOfClients = `/* KeysOfClients */ SELECT ` + apiKeyColumns + ` FROM json_each(?) AS asked CROSS JOIN api_key
	WHERE api_key.client_id = asked.value ORDER BY api_key.id DESC`

// KeysOfClients implements client.Reader.
func (r reader) KeysOfClients(ctx context.Context, ids []logic.ClientID) (map[logic.ClientID][]client.APIKey, error) {
	rows, err := selectRows[apiKeyRow](ctx, r, keysOfClients, keyList(ids))
	keys := make(map[logic.ClientID][]client.APIKey, len(ids))
	for _, row := range rows {
		keys[row.ClientID] = append(keys[row.ClientID], row.read())
	}
	return keys, err
}

const apiKeysByID = `/* APIKeysByID */ SELECT ` + apiKeyColumns + ` FROM json_each(?) AS asked CROSS JOIN api_key WHERE api_key.id = asked.value`

// APIKeysByID implements client.Reader.
func (r reader) APIKeysByID(ctx context.Context, ids []logic.APIKeyID) (map[logic.APIKeyID]client.APIKey, error) {
	rows, err := selectRows[apiKeyRow](ctx, r, apiKeysByID, keyList(ids))
	keys := make(map[logic.APIKeyID]client.APIKey, len(rows))
	for _, row := range rows {
		keys[row.ID] = row.read()
	}
	return keys, err
}

const insertAPIKey = `/* InsertAPIKey */ INSERT INTO api_key
	(id, client_id, hash, prefix, label, kind, scopes, created_at, expires_at, made_to_expire_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// InsertAPIKey implements client.Writer.
func (w *writer) InsertAPIKey(ctx context.Context, k client.StoredKey) error {
	_, err := w.exec(ctx, insertAPIKey, k.ID, k.ClientID, k.Hash[:], k.Prefix, k.Label, k.Kind, k.Scopes.String(), k.CreatedAt,
		k.ExpiresAt, k.MadeToExpireAt)
	return err
}

const endAPIKey = `/* EndAPIKey */ UPDATE api_key SET expires_at = ?, revoked_at = ? WHERE id = ?`

// EndAPIKey implements client.Writer.
func (w *writer) EndAPIKey(ctx context.Context, k client.APIKey) error {
	_, err := w.exec(ctx, endAPIKey, k.ExpiresAt, k.RevokedAt, k.ID)
	return err
}

const deleteAPIKey = `/* DeleteAPIKey */ DELETE FROM api_key WHERE id = ?`

// DeleteAPIKey implements client.Writer.
func (w *writer) DeleteAPIKey(ctx context.Context, id logic.APIKeyID) error {
	_, err := w.exec(ctx, deleteAPIKey, id)
	return err
}

const addUses = `/* AddUses */ UPDATE api_key
	SET request_count = api_key.request_count + (used.value ->> 1), last_used_at = max(coalesce(api_key.last_used_at, 0), used.value ->> 2)
	FROM json_each(?) AS used WHERE api_key.id = used.value ->> 0`

// AddUses implements client.Writer.
func (w *writer) AddUses(ctx context.Context, uses map[logic.APIKeyID]client.Use) error {
	rows := make([][]any, 0, len(uses))
	for id, use := range uses {
		rows = append(rows, []any{id, use.Requests, use.LastAt})
	}
	_, err := w.exec(ctx, addUses, jsonRows(rows))
	return err
}
