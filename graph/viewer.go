package graph

import (
	"context"

	"headwater/graph/bind"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/client"
)

func (r query) Viewer(ctx context.Context) (logic.Viewer, error) {
	logic.ReadingOf(ctx).Forbid()
	return logic.ViewerFrom(ctx), nil
}

func (r viewer) User(ctx context.Context, obj *logic.Viewer) (*bind.User, error) {
	return known(ctx, obj.User, r.Account.KnownUsersByID, bind.Users)
}

func (r viewer) Client(ctx context.Context, _ *logic.Viewer) (bind.Client, error) {
	return bind.Clients([]client.Client{client.Asking(ctx)})[0], nil
}

func (r viewer) Session(ctx context.Context, obj *logic.Viewer) (*bind.Session, error) {
	return known(ctx, obj.Session, r.Account.SessionsByID, bind.Sessions)
}

func (r viewer) Scopes(_ context.Context, obj *logic.Viewer) ([]logic.Scope, error) {
	return obj.Scopes().List(), nil
}

func (r viewer) Sessions(ctx context.Context, _ *logic.Viewer) ([]bind.Session, error) {
	rows, err := r.Account.Sessions(ctx)
	return bind.Sessions(rows), err
}

func (r session) Client(ctx context.Context, obj *bind.Session) (*bind.Client, error) {
	clients, err := clientsOf(ctx, r.Resolver, obj.Batch, func(row account.Session) []logic.ClientID { return atMostOne(row.ClientID) })
	return held(clients, obj.ClientID), err
}

func (r session) IsCurrent(ctx context.Context, obj *bind.Session) (bool, error) {
	return obj.Session.IsCurrent(logic.ViewerFrom(ctx)), nil
}

// known returns the one thing with the given key, nil where there is none that the viewer may know of; the zero key is nothing's.
func known[K comparable, T, Row any](ctx context.Context, key K, read func(context.Context, []K) (map[K]T, error), batch func([]T) []Row) (*Row, error) {
	var none K
	if key == none {
		return nil, nil
	}
	rows, err := read(ctx, []K{key})
	row, ok := rows[key]
	if !ok {
		return nil, err
	}
	return &batch([]T{row})[0], err
}
