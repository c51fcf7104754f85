package client

import (
	"context"

	"headwater/logic"
)

// AskingKey is the key under which a context has the client that its request came through: a *Client that nobody changes.
type AskingKey struct{}

// Asking returns the client that the request came through, as it was when that came in: whoever changes or deletes it meanwhile
// does not change who asks. It is the zero Client where the context has none. An answer that is made of it is kept for nobody else.
func Asking(ctx context.Context) Client {
	logic.ReadingOf(ctx).Forbid()
	return asking(ctx)
}

func asking(ctx context.Context) Client {
	if client, ok := ctx.Value(AskingKey{}).(*Client); ok && client != nil {
		return *client
	}
	return Client{}
}

// PostAddress returns where the client that the request came through shows the post with the given slug: where the site does unless it has
// an address of its own.
func PostAddress(ctx context.Context, site, slug string) string {
	logic.ReadingOf(ctx).NameAddress()
	return asking(ctx).PostAddress(site, slug)
}

// ForAddresses returns the client with the given name, or NOT_FOUND, to show the addresses that it has posts at. Anyone may ask: what is read of
// it stands in the address of every post that it shows.
func (s *Service) ForAddresses(ctx context.Context, name string) (Client, error) {
	known, err := s.directory(ctx, s.clock())
	if err != nil {
		return Client{}, err
	}
	if client, ok := known.named(name); ok {
		return client, nil
	}
	return Client{}, logic.NotFound("client")
}
