package graph

import (
	"context"
	"errors"

	"headwater/graph/bind"
	"headwater/logic"
)

// maxNodes is how many IDs nodes takes.
const maxNodes = 100

func (r query) Node(ctx context.Context, id logic.ID) (logic.Node, error) {
	nodes, err := r.things(ctx, []logic.ID{id})
	return nodes[id], err
}

func (r query) Nodes(ctx context.Context, ids []logic.ID) ([]logic.Node, error) {
	if len(ids) > maxNodes {
		return nil, logic.Invalid("at most %d IDs, not %d", maxNodes, len(ids)).At("ids")
	}
	things, err := r.things(ctx, ids)
	nodes := make([]logic.Node, len(ids))
	for i, id := range ids {
		nodes[i] = things[id]
	}
	return nodes, err
}

// things returns what the IDs name that the viewer may know of, with one read for each kind of thing among them.
func (r *Resolver) things(ctx context.Context, ids []logic.ID) (map[logic.ID]logic.Node, error) {
	found := make(map[logic.ID]logic.Node, len(ids))
	posts := readThings(ctx, found, keysOf(ids, logic.ID.Post), r.Content.PostsByID, bind.Posts)
	tags := readThings(ctx, found, keysOf(ids, logic.ID.Tag), r.Content.KnownTagsByID, bind.Tags)
	users := readThings(ctx, found, keysOf(ids, logic.ID.User), r.Account.KnownUsersByID, bind.Users)
	sessions := readThings(ctx, found, keysOf(ids, logic.ID.Session), r.Account.SessionsByID, bind.Sessions)
	clients := readThings(ctx, found, keysOf(ids, logic.ID.Client), r.Services.Client.KnownClientsByID, bind.Clients)
	keys := readThings(ctx, found, keysOf(ids, logic.ID.APIKey), r.Services.Client.APIKeysByID, bind.APIKeys)
	revisions := readThings(ctx, found, keysOf(ids, logic.ID.Revision), r.Content.RevisionsByID, bind.Revisions)
	media := readThings(ctx, found, keysOf(ids, logic.ID.Media), r.Content.KnownMediaByID, bind.Medias)
	hooks := readThings(ctx, found, keysOf(ids, logic.ID.Webhook), r.Services.Webhook.WebhooksByID, bind.Webhooks)
	deliveries := readThings(ctx, found, keysOf(ids, logic.ID.Delivery), r.Services.Webhook.DeliveriesByID, bind.WebhookDeliveries)
	return found, errors.Join(posts, tags, users, sessions, clients, keys, revisions, media, hooks, deliveries)
}

// keysOf returns the keys of the IDs that name things of one kind.
func keysOf[K ~int64](ids []logic.ID, of func(logic.ID) (K, bool)) []K {
	return keys(ids, func(id logic.ID) []K {
		if key, ok := of(id); ok {
			return []K{key}
		}
		return nil
	})
}

// readThings puts the things of one kind into found, as rows of one batch.
func readThings[K comparable, T any, Row logic.Node](ctx context.Context, found map[logic.ID]logic.Node, keys []K,
	read func(context.Context, []K) (map[K]T, error), batch func([]T) []Row) error {
	if len(keys) == 0 {
		return nil
	}
	rows, err := read(ctx, keys)
	for _, row := range together(rows, batch) {
		found[row.NodeID()] = row
	}
	return err
}

// found returns the one row that was read, nil without an error where there is none that the viewer may see.
func found[T, Row any](row T, err error, batch func([]T) []Row) (*Row, error) {
	switch {
	case err == nil:
		return &batch([]T{row})[0], nil
	case logic.CodeOf(err) == logic.CodeNotFound:
		return nil, nil
	}
	return nil, err
}
