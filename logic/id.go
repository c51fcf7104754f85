package logic

import (
	"encoding/base64"
	"encoding/binary"
)

// Kind names the type of thing that an ID belongs to. Its value is part of the ID that frontends see and keep, so
// a kind's letter never changes.
type Kind byte

// The kinds of things that have an ID.
const (
	KindPost        Kind = 'p'
	KindTag         Kind = 't'
	KindUser        Kind = 'u'
	KindSite        Kind = 's'
	KindMetrics     Kind = 'm'
	KindPostMetrics Kind = 'q'
	KindSession     Kind = 'n'
	KindClient      Kind = 'c'
	KindAPIKey      Kind = 'k'
	KindViewer      Kind = 'v'
	KindRevision    Kind = 'r'
	KindMedia       Kind = 'f'
	KindWebhook     Kind = 'w'
	KindDelivery    Kind = 'd'
	KindNotice      Kind = 'e' // an event that webhooks are told of; nothing that can be fetched
)

// ID is the identity of one thing across all types. The zero ID is nobody's.
type ID struct {
	Kind Kind
	Key  int64
}

// idSize is how many bytes an ID has before it is made printable: the kind and the key.
const idSize = 1 + 8

// String returns the opaque string for an ID, as frontends see it: twelve letters, digits, hyphens and underscores.
func (id ID) String() string { return string(id.AppendTo(nil)) }

// AppendTo appends what String returns.
func (id ID) AppendTo(to []byte) []byte {
	var raw [idSize]byte
	raw[0] = byte(id.Kind)
	binary.BigEndian.PutUint64(raw[1:], uint64(id.Key))
	return base64.RawURLEncoding.AppendEncode(to, raw[:])
}

// ParseID returns the ID that String made text of, and the zero ID, which nobody has, for every other text.
func ParseID(text string) ID {
	var raw [idSize]byte
	if len(text) != base64.RawURLEncoding.EncodedLen(idSize) {
		return ID{}
	}
	if n, err := base64.RawURLEncoding.Decode(raw[:], []byte(text)); err != nil || n != idSize {
		return ID{}
	}
	return ID{Kind: Kind(raw[0]), Key: int64(binary.BigEndian.Uint64(raw[1:]))}
}

// Node is anything that can be fetched again by its ID.
type Node interface {
	NodeID() ID
}

// PostID is the key of a post.
type PostID int64

// TagID is the key of a tag.
type TagID int64

// UserID is the key of a user.
type UserID int64

// SessionID is the key of a session.
type SessionID int64

// ClientID is the key of a client.
type ClientID int64

// APIKeyID is the key of an API key.
type APIKeyID int64

// RevisionID is the key of a revision of a post.
type RevisionID int64

// MediaID is the key of a file that was uploaded.
type MediaID int64

// WebhookID is the key of a webhook.
type WebhookID int64

// DeliveryID is the key of what a webhook is sent.
type DeliveryID int64

// ID returns the identity of the post across all types.
func (id PostID) ID() ID { return ID{KindPost, int64(id)} }

// ID returns the identity of the tag across all types.
func (id TagID) ID() ID { return ID{KindTag, int64(id)} }

// ID returns the identity of the user across all types.
func (id UserID) ID() ID { return ID{KindUser, int64(id)} }

// ID returns the identity of the session across all types.
func (id SessionID) ID() ID { return ID{KindSession, int64(id)} }

// ID returns the identity of the client across all types.
func (id ClientID) ID() ID { return ID{KindClient, int64(id)} }

// ID returns the identity of the API key across all types.
func (id APIKeyID) ID() ID { return ID{KindAPIKey, int64(id)} }

// ID returns the identity of the revision across all types.
func (id RevisionID) ID() ID { return ID{KindRevision, int64(id)} }

// ID returns the identity of the file across all types.
func (id MediaID) ID() ID { return ID{KindMedia, int64(id)} }

// ID returns the identity of the webhook across all types.
func (id WebhookID) ID() ID { return ID{KindWebhook, int64(id)} }

// ID returns the identity of the delivery across all types.
func (id DeliveryID) ID() ID { return ID{KindDelivery, int64(id)} }

// Post returns the key of the post that id names, and whether it names one at all.
func (id ID) Post() (PostID, bool) { return PostID(id.Key), id.Kind == KindPost }

// Tag returns the key of the tag that id names, and whether it names one at all.
func (id ID) Tag() (TagID, bool) { return TagID(id.Key), id.Kind == KindTag }

// User returns the key of the user that id names, and whether it names one at all.
func (id ID) User() (UserID, bool) { return UserID(id.Key), id.Kind == KindUser }

// Session returns the key of the session that id names, and whether it names one at all.
func (id ID) Session() (SessionID, bool) { return SessionID(id.Key), id.Kind == KindSession }

// Client returns the key of the client that id names, and whether it names one at all.
func (id ID) Client() (ClientID, bool) { return ClientID(id.Key), id.Kind == KindClient }

// APIKey returns the key of the API key that id names, and whether it names one at all.
func (id ID) APIKey() (APIKeyID, bool) { return APIKeyID(id.Key), id.Kind == KindAPIKey }

// Revision returns the key of the revision that id names, and whether it names one at all.
func (id ID) Revision() (RevisionID, bool) { return RevisionID(id.Key), id.Kind == KindRevision }

// Media returns the key of the file that id names, and whether it names one at all.
func (id ID) Media() (MediaID, bool) { return MediaID(id.Key), id.Kind == KindMedia }

// Webhook returns the key of the webhook that id names, and whether it names one at all.
func (id ID) Webhook() (WebhookID, bool) { return WebhookID(id.Key), id.Kind == KindWebhook }

// Delivery returns the key of the delivery that id names, and whether it names one at all.
func (id ID) Delivery() (DeliveryID, bool) { return DeliveryID(id.Key), id.Kind == KindDelivery }
