package client

import (
	"context"
	"slices"
	"strings"
	"time"

	"headwater/logic"
)

const (
	// maxKeys is how many keys a client has, those that no longer work as well.
	maxKeys = 100
	// maxGrace is how long a key may work on beside the one that takes its place.
	maxGrace = 30 * 24 * time.Hour
	// shownOfKey is how many characters of a key's own are kept to tell keys apart.
	shownOfKey = 6
)

// CreateAPIKey makes a key and returns it with its text, which is not kept. It is for those with CLIENTS_WRITE who have the key's
// scopes themselves (FORBIDDEN; UNAUTHENTICATED where a person gave the password too long ago). All faults come together (REQUIRED,
// TOO_LONG, INVALID, NOT_FOUND; the field is the one at fault). Of a client's 100 keys, the oldest that no longer works makes room.
func (s *Service) CreateAPIKey(ctx context.Context, input CreateAPIKeyInput) (APIKey, string, error) {
	now, scopes := s.clock(), logic.ScopesOf(input.Scopes...)
	if err := checkGiving(logic.ViewerFrom(ctx), now, scopes); err != nil {
		return APIKey{}, "", err
	}
	key, secret := s.newKey(APIKey{
		Label: strings.TrimSpace(input.Label), Kind: input.Kind, Scopes: scopes, ExpiresAt: input.ExpiresAt,
	}, now)
	err := s.change(ctx, func(w Writer) error {
		clients, err := w.AllClients(ctx)
		if err != nil {
			return err
		}
		client, ok := named(clients, input.Client)
		faults := append(key.check(client.Kind, now), checkScopes(input.Scopes, "scopes")...)
		if !ok {
			faults.Add(logic.NotFound("client"), "client")
		}
		if len(input.Scopes) == 0 {
			faults.Add(logic.Fault(logic.CodeRequired, "must not be empty: the key could do nothing"), "scopes")
		}
		if err := faults.Err(); err != nil {
			return err
		}
		key.ClientID = client.ID
		return insertKey(ctx, w, key, now)
	})
	if err != nil {
		return APIKey{}, "", err
	}
	return key.APIKey, secret, nil
}

// RotateAPIKey makes a second key with the same rights and label, to expire when the first one was made to, and returns it with
// its text, which is not kept. The first one works on for graceSeconds, 0 to 30 days, unless it expires before. Who may do it is as for
// CreateAPIKey. NOT_FOUND where there is no such key, INVALID (fields id, graceSeconds) where it no longer works.
func (s *Service) RotateAPIKey(ctx context.Context, id logic.APIKeyID, graceSeconds int) (APIKey, string, error) {
	viewer, now := logic.ViewerFrom(ctx), s.clock()
	if err := giveScopes.Check(viewer, now); err != nil {
		return APIKey{}, "", err
	}
	if most := int(maxGrace / time.Second); graceSeconds < 0 || graceSeconds > most {
		return APIKey{}, "", logic.Invalid("must be 0 to %d seconds, which is %d days", most, maxGrace/(24*time.Hour)).At("graceSeconds")
	}
	var key StoredKey
	var secret string
	err := s.change(ctx, func(w Writer) error {
		old, err := keyByID(ctx, w, id)
		if err != nil {
			return err
		}
		if err := checkGiving(viewer, now, old.Scopes); err != nil {
			return err
		}
		if !old.IsLive(now) {
			return logic.Invalid("This key no longer works, so nothing can take its place.").At("id")
		}
		key, secret = s.newKey(APIKey{
			ClientID: old.ClientID, Label: old.Label, Kind: old.Kind, Scopes: old.Scopes, ExpiresAt: old.MadeToExpireAt,
		}, now)
		if end := now.Add(time.Duration(graceSeconds) * time.Second); old.ExpiresAt == nil || end < *old.ExpiresAt {
			old.ExpiresAt = &end
		}
		if err := w.EndAPIKey(ctx, old); err != nil {
			return err
		}
		return insertKey(ctx, w, key, now)
	})
	if err != nil {
		return APIKey{}, "", err
	}
	return key.APIKey, secret, nil
}

// RevokeAPIKey ends a key at once, for those with CLIENTS_WRITE (FORBIDDEN; UNAUTHENTICATED where a person gave the password too
// long ago), and returns it. NOT_FOUND where there is no such key; one that was revoked stays as it is.
func (s *Service) RevokeAPIKey(ctx context.Context, id logic.APIKeyID) (APIKey, error) {
	now := s.clock()
	if err := revokeKeys.Check(logic.ViewerFrom(ctx), now); err != nil {
		return APIKey{}, err
	}
	s.usage.flushing.RLock()
	defer s.usage.flushing.RUnlock()
	var key APIKey
	err := s.change(ctx, func(w Writer) error {
		var err error
		if key, err = keyByID(ctx, w, id); err != nil || key.RevokedAt != nil {
			return err
		}
		key.RevokedAt = &now
		return w.EndAPIKey(ctx, key)
	})
	if err != nil {
		return APIKey{}, err
	}
	return s.usage.complete(key), nil
}

// newKey returns key as it is made at the moment now, and its text.
func (s *Service) newKey(key APIKey, now logic.Moment) (StoredKey, string) {
	kind := key.Kind.token()
	secret, hash := logic.NewToken(kind)
	key.ID, key.CreatedAt, key.Prefix = logic.APIKeyID(s.keys.Next()), now, secret[:len(kind)+shownOfKey]
	key.MadeToExpireAt = key.ExpiresAt
	return StoredKey{APIKey: key, Hash: hash}, secret
}

// keyByID returns a key as it now is, or NOT_FOUND.
func keyByID(ctx context.Context, w Writer, id logic.APIKeyID) (APIKey, error) {
	keys, err := w.APIKeysByID(ctx, []logic.APIKeyID{id})
	if err != nil {
		return APIKey{}, err
	}
	key, ok := keys[id]
	if !ok {
		return APIKey{}, logic.NotFound("API key")
	}
	return key, nil
}

// insertKey adds a key to its client's, in place of the oldest that no longer works where there are as many as there can be.
func insertKey(ctx context.Context, w Writer, key StoredKey, now logic.Moment) error {
	known, err := w.KeysOfClients(ctx, []logic.ClientID{key.ClientID})
	if err != nil {
		return err
	}
	if keys := known[key.ClientID]; len(keys) >= maxKeys {
		slices.Reverse(keys)
		oldest := slices.IndexFunc(keys, func(k APIKey) bool { return !k.IsLive(now) })
		if oldest < 0 {
			return logic.Invalid("The client has %d keys that work, and can't have more: revoke one.", len(keys))
		}
		if err := w.DeleteAPIKey(ctx, keys[oldest].ID); err != nil {
			return err
		}
	}
	return w.InsertAPIKey(ctx, key)
}
