package client

import (
	"context"
	"maps"
	"slices"

	"headwater/logic"
)

// Clients returns every client, by name; there are at most 100. FORBIDDEN without CLIENTS_WRITE.
func (s *Service) Clients(ctx context.Context) ([]Client, error) {
	known, err := s.readable(ctx)
	if err != nil {
		return nil, err
	}
	return slices.Clone(known.clients), nil
}

// Client returns the client with a name, or NOT_FOUND. FORBIDDEN without CLIENTS_WRITE.
func (s *Service) Client(ctx context.Context, name string) (Client, error) {
	known, err := s.readable(ctx)
	if err != nil {
		return Client{}, err
	}
	client, ok := known.named(name)
	if !ok {
		return Client{}, logic.NotFound("client")
	}
	return client, nil
}

// readable returns what is known of clients, to those who may know it.
func (s *Service) readable(ctx context.Context) (*directory, error) {
	now := s.clock()
	if err := readClients.Check(logic.ViewerFrom(ctx), now); err != nil {
		return nil, err
	}
	return s.directory(ctx, now)
}

// ClientsByID returns the clients with the given keys: those of things that the viewer was given. Of what it returns, more than
// names, kinds, descriptions, addresses of posts and when they were made is for those alone who CanSeeSettings.
func (s *Service) ClientsByID(ctx context.Context, ids []logic.ClientID) (map[logic.ClientID]Client, error) {
	known, err := s.directory(ctx, s.clock())
	if err != nil {
		return nil, err
	}
	found := make(map[logic.ClientID]Client, len(ids))
	for _, id := range ids {
		if client, ok := known.byID[id]; ok {
			found[id] = client
		}
	}
	return found, nil
}

// KnownClientsByID returns those of the clients with the given keys that the viewer may know of: all with CLIENTS_WRITE, the one
// that asks without.
func (s *Service) KnownClientsByID(ctx context.Context, ids []logic.ClientID) (map[logic.ClientID]Client, error) {
	viewer := logic.ViewerFrom(ctx)
	clients, err := s.ClientsByID(ctx, ids)
	maps.DeleteFunc(clients, func(id logic.ClientID, _ Client) bool { return !canKnow(viewer, id) })
	return clients, err
}

// KeysOfClients returns each client's keys, the newest first; at most 100 of each. FORBIDDEN without CLIENTS_WRITE.
func (s *Service) KeysOfClients(ctx context.Context, ids []logic.ClientID) (map[logic.ClientID][]APIKey, error) {
	if err := readClients.Check(logic.ViewerFrom(ctx), s.clock()); err != nil {
		return nil, err
	}
	s.usage.flushing.RLock()
	defer s.usage.flushing.RUnlock()
	keys, err := s.store.KeysOfClients(ctx, ids)
	for _, ofOne := range keys {
		for i, key := range ofOne {
			ofOne[i] = s.usage.complete(key)
		}
	}
	return keys, err
}

// APIKeysByID returns the keys with the given IDs; none without CLIENTS_WRITE.
func (s *Service) APIKeysByID(ctx context.Context, ids []logic.APIKeyID) (map[logic.APIKeyID]APIKey, error) {
	if !readClients.Allows(logic.ViewerFrom(ctx)) {
		return nil, nil
	}
	s.usage.flushing.RLock()
	defer s.usage.flushing.RUnlock()
	keys, err := s.store.APIKeysByID(ctx, ids)
	for id, key := range keys {
		keys[id] = s.usage.complete(key)
	}
	return keys, err
}
