package client

import (
	"context"

	"headwater/logic"
)

// Reader is what the domain needs of storage to read. Reads by many keys return a map, from which what is not there is missing.
// No read decides who may see what.
type Reader interface {
	// ClientVersion returns a number that RaiseClientVersion makes another.
	ClientVersion(ctx context.Context) (int64, error)
	// AllClients returns every client, by name.
	AllClients(ctx context.Context) ([]Client, error)
	// AllKeys returns every key, those that no longer work as well.
	AllKeys(ctx context.Context) ([]StoredKey, error)
	// KeysOfClients returns each client's keys, the newest first.
	KeysOfClients(ctx context.Context, ids []logic.ClientID) (map[logic.ClientID][]APIKey, error)
	APIKeysByID(ctx context.Context, ids []logic.APIKeyID) (map[logic.APIKeyID]APIKey, error)
}

// Writer is what the domain needs of storage to change, inside one transaction.
type Writer interface {
	Reader
	// RaiseClientVersion tells all who hold what they read of clients and keys that it changed.
	RaiseClientVersion(ctx context.Context) error
	InsertClient(ctx context.Context, client Client) error
	// UpdateClient replaces a client, found by its key, but for its name, its kind and when it was made.
	UpdateClient(ctx context.Context, client Client) error
	// DeleteClient takes a client away, with its keys; sessions that began through it lose their client.
	DeleteClient(ctx context.Context, id logic.ClientID) error
	InsertAPIKey(ctx context.Context, key StoredKey) error
	// EndAPIKey stores when a key expires and when it was revoked.
	EndAPIKey(ctx context.Context, key APIKey) error
	DeleteAPIKey(ctx context.Context, id logic.APIKeyID) error
	// AddUses adds to what is counted of each key; one that is gone is passed over.
	AddUses(ctx context.Context, uses map[logic.APIKeyID]Use) error
}

// Store keeps clients and their keys.
type Store interface {
	Reader
	logic.Transactor[Writer]
}

// StoredKey is a key with what is kept of its text.
type StoredKey struct {
	APIKey
	Hash logic.TokenHash
}

// Use is what requests with one key did: how many there were, and when the last came.
type Use struct {
	Requests int64
	LastAt   logic.Moment
}
