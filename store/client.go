package store

import (
	"context"
	"encoding/json"
	"strings"

	"headwater/logic"
	"headwater/logic/client"
)

var (
	_ client.Reader = reader{}
	_ client.Writer = (*writer)(nil)
)

// Client returns what the domain client needs of storage.
func (s *Store) Client() client.Store {
	return struct {
		reader
		transactor[client.Writer]
	}{s.reader(), transactor[client.Writer]{s}}
}

const clientVersion = `/* ClientVersion */ SELECT version FROM client_version WHERE id = 1`

// ClientVersion implements client.Reader.
func (r reader) ClientVersion(ctx context.Context) (int64, error) {
	return selectRow[int64](ctx, r, clientVersion)
}

const raiseClientVersion = `/* RaiseClientVersion */ UPDATE client_version SET version = version + 1 WHERE id = 1`

// RaiseClientVersion implements client.Writer.
func (w *writer) RaiseClientVersion(ctx context.Context) error {
	_, err := w.exec(ctx, raiseClientVersion)
	return err
}

// clientRow is a client with its lists as they are stored.
type clientRow struct {
	client.Client
	AllowedOrigins, ScopeCeiling string
}

func (r clientRow) read() (client.Client, error) {
	r.Client.ScopeCeiling = scopesOf(r.ScopeCeiling)
	return r.Client, json.Unmarshal([]byte(r.AllowedOrigins), &r.Client.AllowedOrigins)
}

// scopesOf reads scopes as logic.Scopes prints them.
func scopesOf(text string) logic.Scopes {
	var scopes logic.Scopes
	for name := range strings.SplitSeq(text, ",") {
		scopes |= logic.ScopesOf(logic.Scope(name))
	}
	return scopes
}

const allClients = `/* AllClients */ SELECT id, name, kind, description, post_url, allowed_origins, scope_ceiling, requests_per_minute, created_at
	FROM client ORDER BY name`

// AllClients implements client.Reader.
func (r reader) AllClients(ctx context.Context) ([]client.Client, error) {
	rows, err := selectRows[clientRow](ctx, r, allClients)
	if err != nil {
		return nil, err
	}
	clients := make([]client.Client, len(rows))
	for i, row := range rows {
		if clients[i], err = row.read(); err != nil {
			return nil, err
		}
	}
	return clients, nil
}

const insertClient = `/* InsertClient */ INSERT INTO client
	(id, name, kind, description, post_url, allowed_origins, scope_ceiling, requests_per_minute, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

// InsertClient implements client.Writer.
func (w *writer) InsertClient(ctx context.Context, c client.Client) error {
	_, err := w.exec(ctx, insertClient, c.ID, c.Name, c.Kind, c.Description, c.PostURL, textList(c.AllowedOrigins), c.ScopeCeiling.String(),
		c.RequestsPerMinute, c.CreatedAt)
	return takenAt(err, "name")
}

const updateClient = `/* UpdateClient */ UPDATE client
	SET description = ?, post_url = ?, allowed_origins = ?, scope_ceiling = ?, requests_per_minute = ? WHERE id = ?`

// UpdateClient implements client.Writer.
func (w *writer) UpdateClient(ctx context.Context, c client.Client) error {
	_, err := w.exec(ctx, updateClient, c.Description, c.PostURL, textList(c.AllowedOrigins), c.ScopeCeiling.String(), c.RequestsPerMinute, c.ID)
	return err
}

const deleteClient = `/* DeleteClient */ DELETE FROM client WHERE id = ?`

// DeleteClient implements client.Writer.
func (w *writer) DeleteClient(ctx context.Context, id logic.ClientID) error {
	_, err := w.exec(ctx, deleteClient, id)
	return err
}
