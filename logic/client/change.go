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
			faults.Add(logic.Invalid("there are %d clients, and can't be more", len(clients)))
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
// that the client has and the one that it is to have: by an origin or an address of posts alone, whoever changes a client would take
// hold of what people may do through it. Faults are those of CreateClient; NOT_FOUND where there is none. A changed limit, ceiling
// or origin holds at once.
func (s *Service) UpdateClient(ctx context.Context, name string, input UpdateClientInput) (Client, error) {
	viewer, now := logic.ViewerFrom(ctx), s.clock()
	if err := checkGiving(viewer, now, logic.ScopesOf(input.ScopeCeiling...)); err != nil {
		return Client{}, err
	}
	var client Client
	err := s.change(ctx, func(w Writer) error {
		before, err := clientNamed(ctx, w, name)
		if err != nil {
			return err
		}
		if err := checkGiving(viewer, now, before.ScopeCeiling); err != nil {
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

// DeleteClient takes the client with a name away, with its keys, for those with CLIENTS_WRITE (FORBIDDEN; UNAUTHENTICATED where a
// person gave the password too long ago). Sessions that began through it go on, with the rights that
// everyone has. NOT_FOUND where there is none; INVALID (field
// name) for the built-in one, which an empty ceiling closes.
func (s *Service) DeleteClient(ctx context.Context, name string) (logic.ClientID, error) {
	if err := changeClients.Check(logic.ViewerFrom(ctx), s.clock()); err != nil {
		return 0, err
	}
	if name == PublicName {
		return 0, logic.Invalid("the built-in client stays; an empty scopeCeiling closes it").At("name")
	}
	var id logic.ClientID
	err := s.change(ctx, func(w Writer) error {
		client, err := clientNamed(ctx, w, name)
		if err != nil {
			return err
		}
		id = client.ID
		return w.DeleteClient(ctx, id)
	})
	return id, err
}

// clientNamed returns the client with a name as it now is, or NOT_FOUND.
func clientNamed(ctx context.Context, w Writer, name string) (Client, error) {
	clients, err := w.AllClients(ctx)
	if err != nil {
		return Client{}, err
	}
	client, ok := named(clients, name)
	if !ok {
		return Client{}, logic.NotFound("client")
	}
	return client, nil
}
