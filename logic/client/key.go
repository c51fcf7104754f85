package client

import "headwater/logic"

// APIKey is a key of a client. Of its text only a hash is stored, and the first characters.
type APIKey struct {
	ID        logic.APIKeyID
	ClientID  logic.ClientID
	Prefix    string // the first characters, to tell keys apart
	Label     string
	Kind      KeyKind
	Scopes    logic.Scopes
	CreatedAt logic.Moment
	ExpiresAt *logic.Moment // from then on it does not work; nil for never
	RevokedAt *logic.Moment // nil while it was not
	// MadeToExpireAt is what ExpiresAt was before another key took this one's place.
	MadeToExpireAt *logic.Moment
	// LastUsedAt is when a request with the key was last let through, and RequestCount how many were.
	LastUsedAt   *logic.Moment
	RequestCount int64
}

// NodeID returns the key's identity across all types.
func (k APIKey) NodeID() logic.ID { return k.ID.ID() }

// IsLive tells whether the key works at the moment now.
func (k APIKey) IsLive(now logic.Moment) bool {
	return k.RevokedAt == nil && (k.ExpiresAt == nil || now < *k.ExpiresAt)
}

// KeyKind says what a key may be used for.
type KeyKind string

// The kinds of keys: one that may be shipped in a frontend, and one that acts without a person.
const (
	KeyPublishable KeyKind = "PUBLISHABLE"
	KeySecret      KeyKind = "SECRET"
)

// IsKeyKind tells whether there is such a kind.
func (k KeyKind) IsKeyKind() bool { return k == KeyPublishable || k == KeySecret }

// token returns what the text of keys of the kind begins with.
func (k KeyKind) token() logic.TokenKind {
	if k == KeySecret {
		return logic.TokenSecret
	}
	return logic.TokenPublic
}
