package logic

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
)

// ID is the identity of one thing across all types. The zero ID is nobody's.
type ID struct {
	Kind Kind
	Key  int64
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
