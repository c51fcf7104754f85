package client

import (
	"context"

	"headwater/logic"
)

// maxClients is how many clients there can be.
const maxClients = 100

// CreateClient makes a client, for those with CLIENTS_WRITE whose own rights hold its ceiling (FORBIDDEN; UNAUTHENTICATED where a
// person gave the password too long ago). All faults come together (REQUIRED, TOO_LONG, INVALID, TAKEN; the field is the one at
// fault).
func (s *Service) CreateClient(ctx context.Context, input CreateClientInput) (Client, error) {
	now, ceiling := s.clock(), logic.ScopesOf(input.ScopeCeiling...)
	if err := checkGiving(logic.ViewerFrom(ctx), now, ceiling); err != nil {
		return Client{}, err
	}
	client := Client{
		ID: logic.ClientID(s.keys.Next()), Name: input.Name, Kind: input.Kind, Description: input.Description, PostURL: input.PostURL,
		AllowedOrigins: input.AllowedOrigins, ScopeCeiling: ceiling, RequestsPerMinute: input.RequestsPerMinute, CreatedAt: now,
	}.plain()
	err := s.change(ctx, func(w Writer) error {
		faults := append(client.check(), checkScopes(input.ScopeCeiling, "scopeCeiling")...)
		clients, err := w.AllClients(ctx)
		if err != nil {
			return err
		}
		if _, taken := named(clients, client.Name); taken {
			faults.Add(logic.Fault(logic.CodeTaken, "Another client has it."), "name")
		}
		if len(clients) >= maxClients {
			faults.Add(logic.Invalid("There are %d clients, and there can't be more: delete one.", len(clients)))
		}
		if err := faults.Err(); err != nil {
			return err
		}
		client.AllowedOrigins = distinct(client.AllowedOrigins)
		return w.InsertClient(ctx, client)
	})
	return client, err
}

// UpdateClient changes the client with a name and returns it as it then is. Who may do it is as for CreateClient, with the ceiling
// that the client is to have, the one that it has, and the scopes of its keys that work: by an origin or an address of posts alone,
// whoever changes a client would take hold of what people may do through it. Faults are those of CreateClient; NOT_FOUND where there is
// none. A changed limit, ceiling or origin holds at once.
func (s *Service) UpdateClient(ctx context.Context, name string, input UpdateClientInput) (Client, error) {
	now := s.clock()
	if err := checkGiving(logic.ViewerFrom(ctx), now, logic.ScopesOf(input.ScopeCeiling...)); err != nil {
		return Client{}, err
	}
	var client Client
	err := s.change(ctx, func(w Writer) error {
		before, err := clientToChange(ctx, w, name, now)
		if err != nil {
			return err
		}
		client = input.apply(before).plain()
		faults := append(client.check(), checkScopes(input.ScopeCeiling, "scopeCeiling")...)
		if err := faults.Err(); err != nil {
			return err
		}
		client.AllowedOrigins = distinct(client.AllowedOrigins)
		return w.UpdateClient(ctx, client)
	})
	return client, err
}

func (i UpdateClientInput) apply(client Client) Client {
	if i.Description != nil {
		client.Description = *i.Description
	}
	i.PostURL.Apply(&client.PostURL)
	if i.AllowedOrigins != nil {
		client.AllowedOrigins = i.AllowedOrigins
	}
	if i.ScopeCeiling != nil {
		client.ScopeCeiling = logic.ScopesOf(i.ScopeCeiling...)
	}
	if i.RequestsPerMinute != nil {
		client.RequestsPerMinute = *i.RequestsPerMinute
	}
	return client
}

// DeleteClient takes the client with a name away, with its keys. Who may do it is as for UpdateClient: it shuts out whoever works
// through it. Sessions that began through it go on, with the rights that everyone has. NOT_FOUND where there is none; INVALID (field
// name) for the built-in one, which an empty ceiling closes.
func (s *Service) DeleteClient(ctx context.Context, name string) (logic.ClientID, error) {
	now := s.clock()
	if err := giveScopes.Check(logic.ViewerFrom(ctx), now); err != nil {
		return 0, err
	}
	if name == PublicName {
		return 0, logic.Invalid("The built-in client stays; an empty scopeCeiling closes it.").At("name")
	}
	var id logic.ClientID
	err := s.change(ctx, func(w Writer) error {
		client, err := clientToChange(ctx, w, name, now)
		if err != nil {
			return err
		}
		id = client.ID
		return w.DeleteClient(ctx, id)
	})
	return id, err
}

// clientToChange returns the client with a name as it is at the moment now, or NOT_FOUND; FORBIDDEN to those who lack a scope of its
// ceiling or of a key that works, and any scope at all where the client is closed: it may be opened again with each.
func clientToChange(ctx context.Context, w Writer, name string, now logic.Moment) (Client, error) {
	clients, err := w.AllClients(ctx)
	if err != nil {
		return Client{}, err
	}
	client, ok := named(clients, name)
	if !ok {
		return Client{}, logic.NotFound("client")
	}
	keys, err := w.KeysOfClients(ctx, []logic.ClientID{client.ID})
	if err != nil {
		return Client{}, err
	}
	held := client.ScopeCeiling
	if held == 0 {
		held = logic.AllScopes
	}
	for _, key := range keys[client.ID] {
		if key.IsLive(now) {
			held |= key.Scopes
		}
	}
	return client, checkGiving(logic.ViewerFrom(ctx), now, held)
}
