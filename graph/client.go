package graph

import (
	"context"
	"fmt"

	"headwater/graph/bind"
	"headwater/graph/gen"
	"headwater/logic"
	"headwater/logic/client"
)

func (r query) Clients(ctx context.Context) ([]bind.Client, error) {
	rows, err := r.Services.Client.Clients(ctx)
	return bind.Clients(rows), err
}

func (r query) Client(ctx context.Context, name string) (*bind.Client, error) {
	row, err := r.Services.Client.Client(ctx, name)
	return found(row, err, bind.Clients)
}

func (r frontend) AllowedOrigins(ctx context.Context, obj *bind.Client) ([]string, error) {
	return setting(ctx, append([]string{}, obj.Client.AllowedOrigins...)), nil
}

func (r frontend) ScopeCeiling(ctx context.Context, obj *bind.Client) ([]logic.Scope, error) {
	return setting(ctx, obj.Client.ScopeCeiling.List()), nil
}

func (r frontend) RequestsPerMinute(ctx context.Context, obj *bind.Client) (*int, error) {
	return setting(ctx, &obj.Client.RequestsPerMinute), nil
}

func (r frontend) APIKeys(ctx context.Context, obj *bind.Client) ([]bind.APIKey, error) {
	if !client.CanSeeSettings(logic.ViewerFrom(ctx)) {
		return nil, nil
	}
	keys, err := bind.Ask(ctx, &obj.Batch.Memo, askKeys, func(ctx context.Context) (map[logic.ClientID][]bind.APIKey, error) {
		rows, err := r.Services.Client.KeysOfClients(ctx, keys(obj.Batch.Rows, func(row client.Client) []logic.ClientID { return []logic.ClientID{row.ID} }))
		return listsTogether(rows, bind.APIKeys), err
	})
	return append([]bind.APIKey{}, keys[obj.ID]...), err
}

// setting returns value to those who may see the settings of clients, and nil to all others.
func setting[T any](ctx context.Context, value T) T {
	var hidden T
	if !client.CanSeeSettings(logic.ViewerFrom(ctx)) {
		return hidden
	}
	return value
}

func (r key) Client(ctx context.Context, obj *bind.APIKey) (bind.Client, error) {
	clients, err := clientsOf(ctx, r.Resolver, obj.Batch, func(row client.APIKey) []logic.ClientID { return []logic.ClientID{row.ClientID} })
	found, ok := clients[obj.ClientID]
	if err == nil && !ok {
		err = fmt.Errorf("key %s… has no client", obj.Prefix)
	}
	return found, err
}

func (r mutation) CreateClient(ctx context.Context, input client.CreateClientInput) (*gen.ClientPayload, error) {
	row, err := r.Services.Client.CreateClient(ctx, input)
	return clientPayload(row, ofInput(err))
}

func (r mutation) UpdateClient(ctx context.Context, name string, input client.UpdateClientInput) (*gen.ClientPayload, error) {
	row, err := r.Services.Client.UpdateClient(ctx, name, input)
	return clientPayload(row, ofInput(err, "name"))
}

func clientPayload(row client.Client, err error) (*gen.ClientPayload, error) {
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.ClientPayload{Client: done(row, faults, bind.Clients), UserErrors: faults}, nil
}

func (r mutation) DeleteClient(ctx context.Context, name string) (*gen.DeleteClientPayload, error) {
	deleted, err := r.Services.Client.DeleteClient(ctx, name)
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.DeleteClientPayload{DeletedID: given(deleted.ID(), faults), UserErrors: faults}, nil
}

func (r mutation) CreateAPIKey(ctx context.Context, input client.CreateAPIKeyInput) (*gen.APIKeySecretPayload, error) {
	row, secret, err := r.Services.Client.CreateAPIKey(ctx, input)
	return secretPayload(row, secret, ofInput(err))
}

func (r mutation) RotateAPIKey(ctx context.Context, id logic.ID, graceSeconds int) (*gen.APIKeySecretPayload, error) {
	key, _ := id.APIKey()
	return secretPayload(r.Services.Client.RotateAPIKey(ctx, key, graceSeconds))
}

func secretPayload(row client.APIKey, secret string, err error) (*gen.APIKeySecretPayload, error) {
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.APIKeySecretPayload{APIKey: done(row, faults, bind.APIKeys), Secret: given(secret, faults), UserErrors: faults}, nil
}

func (r mutation) RevokeAPIKey(ctx context.Context, id logic.ID) (*gen.APIKeyPayload, error) {
	key, _ := id.APIKey()
	row, err := r.Services.Client.RevokeAPIKey(ctx, key)
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.APIKeyPayload{APIKey: done(row, faults, bind.APIKeys), UserErrors: faults}, nil
}
