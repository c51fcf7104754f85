package client

import (
	"context"
	"errors"

	"headwater/logic"
)

// Credentials are what a request says of the frontend that sent it.
type Credentials struct {
	Key string // empty without one
	// Origin is the header of that name, empty without one; OwnOrigin tells that it is the server's own.
	Origin    string
	OwnOrigin bool
	// SameOrigin tells that a browser said (Sec-Fetch-Site) that a page of the server's own sent the request.
	SameOrigin bool
}

// Identity is the frontend that a request belongs to.
type Identity struct {
	Client Client
	// Key is the key that came, nil without one. It is shared: what Identify returns is not to be changed. What is counted of it is
	// not up to date.
	Key *APIKey
	// Limit is the most that the request may do: the key's scopes within the client's ceiling.
	Limit logic.Scopes
}

// Secret tells whether the request acts without a person.
func (i Identity) Secret() bool { return i.Key != nil && i.Key.Kind == KeySecret }

// Browser tells whether the client's sessions live in a cookie.
func (i Identity) Browser() bool { return i.Client.Kind.IsBrowser() && !i.Secret() }

// errUnknownKey says the same of every key that does not work.
var errUnknownKey = logic.Fault(logic.CodeUnauthenticated, "This key does not work: it is unknown, has expired or was revoked.")

// errNoPublic can't be but in a database that others changed.
var errNoPublic = errors.New("the client " + PublicName + " is missing")

// Identify returns the frontend that a request belongs to: the one whose key came, the built-in public one without a key.
// UNAUTHENTICATED where the key does not work or the client is closed; FORBIDDEN where the key may not be used from there: a
// publishable one from an origin that is not among the client's (without an origin, only apps, servers and scripts send one), a
// secret one from a browser's page. The server's own pages may use both.
func (s *Service) Identify(ctx context.Context, credentials Credentials) (Identity, error) {
	now := s.clock()
	known, err := s.directory(ctx, now)
	if err != nil {
		return Identity{}, err
	}
	if credentials.Key == "" {
		client, ok := known.named(PublicName)
		if !ok {
			return Identity{}, errNoPublic
		}
		return client.identify(nil, credentials)
	}
	if !logic.TokenPublic.Is(credentials.Key) && !logic.TokenSecret.Is(credentials.Key) {
		return Identity{}, errUnknownKey
	}
	hash := logic.HashToken(credentials.Key)
	key := known.keys[hash]
	if key == nil && s.strangers.AllowN(now.Time(), 1) {
		if known, err = s.lookAgain(ctx, now); err != nil {
			return Identity{}, err
		}
		key = known.keys[hash]
	}
	if key == nil || !key.IsLive(now) {
		return Identity{}, errUnknownKey
	}
	return known.byID[key.ClientID].identify(key, credentials)
}

// identify decides whether a request belongs to the client, with a key that works or without one.
func (c Client) identify(key *APIKey, credentials Credentials) (Identity, error) {
	identity := Identity{Client: c, Key: key, Limit: c.ScopeCeiling}
	if c.ScopeCeiling == 0 {
		return Identity{}, logic.Fault(logic.CodeUnauthenticated, "The client %s is closed.", c.Name)
	}
	if key == nil {
		return identity, nil
	}
	identity.Limit &= key.Scopes
	switch ownPage := credentials.OwnOrigin || credentials.Origin == "" && credentials.SameOrigin; {
	case ownPage:
		return identity, nil
	case key.Kind == KeySecret && credentials.Origin != "":
		return Identity{}, logic.Fault(logic.CodeForbidden, "A secret key may not be used in a browser's page.")
	case key.Kind == KeySecret:
		return identity, nil
	case credentials.Origin != "" && !c.Allows(credentials.Origin):
		return Identity{}, logic.Fault(logic.CodeForbidden, "This key may not be used from the origin %.*q.", maxOrigin, credentials.Origin)
	case credentials.Origin == "" && c.Kind.IsBrowser():
		return Identity{}, logic.Fault(logic.CodeForbidden, "This key may be used only by pages of its client's origins: "+
			"send it from a page of those, or use a key of a client of another kind.")
	}
	return identity, nil
}

// SessionLimit returns the most that a session may do which began through the client with the given key: that client's ceiling, as it is
// now. Where the client is gone (nil too) or closed it is what everyone may.
func (s *Service) SessionLimit(ctx context.Context, through *logic.ClientID) (logic.Scopes, error) {
	known, err := s.directory(ctx, s.clock())
	if err != nil {
		return 0, err
	}
	if through != nil {
		if client, ok := known.byID[*through]; ok && client.ScopeCeiling != 0 {
			return client.ScopeCeiling, nil
		}
	}
	return logic.Anonymous, nil
}

// AllowsOrigin tells whether origin is among those of any client.
func (s *Service) AllowsOrigin(ctx context.Context, origin string) (bool, error) {
	known, err := s.directory(ctx, s.clock())
	if err != nil || len(origin) > maxOrigin {
		return false, err
	}
	return known.origins[PlainOrigin(origin)], nil
}
