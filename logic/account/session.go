package account

import "headwater/logic"

// Session is one sign-in of a person on one device. ClientID is nil once the client is gone. It ends at ExpiresAt unless it
// is used before.
type Session struct {
	ID         logic.SessionID
	UserID     logic.UserID
	ClientID   *logic.ClientID
	Device     string
	CreatedAt  logic.Moment
	LastSeenAt logic.Moment
	ProvedAt   logic.Moment
	ExpiresAt  logic.Moment
}

// NodeID returns the session's identity across all types.
func (s Session) NodeID() logic.ID { return s.ID.ID() }

// IsCurrent tells whether it is the session that viewer asks in.
func (s Session) IsCurrent(viewer logic.Viewer) bool { return s.ID == viewer.Session }

// Grant is a session that has just begun, with its token, which is shown this once.
type Grant struct {
	Session Session
	User    User
	Token   string
}
