package account

import (
	"context"
	"strings"
	"time"

	"github.com/mileusna/useragent"

	"headwater/logic"
)

// maxSessions is how many sessions a person has at most; the oldest ends when another begins.
const maxSessions = 100

// How long sessions last where no setting says otherwise.
var (
	staffLifetimes  = Lifetimes{Idle: 7 * 24 * time.Hour, Absolute: 30 * 24 * time.Hour}
	readerLifetimes = Lifetimes{Idle: 30 * 24 * time.Hour, Absolute: 90 * 24 * time.Hour}
)

func (l Lifetimes) orDefault(lifetimes Lifetimes) Lifetimes {
	setDefault(&l.Idle, lifetimes.Idle)
	setDefault(&l.Absolute, lifetimes.Absolute)
	return l
}

// Session is one sign-in of a person on one device. ClientID is nil once the client is gone. The session ends at ExpiresAt unless it
// is used before.
type Session struct {
	ID         logic.SessionID
	UserID     logic.UserID
	ClientID   *logic.ClientID
	Device     string
	CreatedAt  logic.Moment
	LastSeenAt logic.Moment
	ProvedAt   logic.Moment // when the password was last given; 0 for never
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

// lifetimes returns how long sessions of a role last.
func (s *Service) lifetimes(role logic.Role) Lifetimes {
	if role.IsStaff() {
		return s.options.Staff
	}
	return s.options.Reader
}

// lasting returns session with the moment at which it ends, as a person of the role has it.
func (s *Service) lasting(session Session, role logic.Role) Session {
	last := s.lifetimes(role)
	session.ExpiresAt = min(session.LastSeenAt.Add(last.Idle), session.CreatedAt.Add(last.Absolute))
	return session
}

// Authenticate returns the session with a token, and the person whose it is as they are now, and notes once a minute that it was used.
// UNAUTHENTICATED where there is no such session, or it has ended, or the person is deactivated.
func (s *Service) Authenticate(ctx context.Context, token string) (Session, User, error) {
	ended := logic.Fault(logic.CodeUnauthenticated, "This session has ended: sign in again.")
	if !logic.TokenSession.Is(token) {
		return Session{}, User{}, ended
	}
	session, user, err := s.store.SessionByToken(ctx, logic.HashToken(token))
	if logic.CodeOf(err) == logic.CodeNotFound {
		return Session{}, User{}, ended
	}
	if err != nil {
		return Session{}, User{}, err
	}
	now := s.clock()
	if user.DeactivatedAt != nil || s.lasting(session, user.Role).ExpiresAt <= now {
		return Session{}, User{}, ended
	}
	if now >= session.LastSeenAt.Add(min(noteEach, s.lifetimes(user.Role).Idle/10)) {
		s.see(session.ID, now)
	}
	session.LastSeenAt = max(session.LastSeenAt, now)
	return s.lasting(session, user.Role), user, nil
}

// Sessions returns the viewer's own sessions, newest first, at most 100; none for nobody.
func (s *Service) Sessions(ctx context.Context) ([]Session, error) {
	viewer := logic.ViewerFrom(ctx)
	if viewer.User == 0 {
		return []Session{}, nil
	}
	stored, err := s.store.SessionsOf(ctx, viewer.User, maxSessions)
	sessions := make([]Session, 0, len(stored))
	for _, session := range stored {
		if session, ok := s.owned(viewer, session); ok {
			sessions = append(sessions, session)
		}
	}
	return sessions, err
}

// SessionsByID returns those of the sessions with the given keys that are the viewer's own.
func (s *Service) SessionsByID(ctx context.Context, ids []logic.SessionID) (map[logic.SessionID]Session, error) {
	viewer := logic.ViewerFrom(ctx)
	sessions, err := s.store.SessionsByID(ctx, ids)
	for id, session := range sessions {
		if session, ok := s.owned(viewer, session); ok {
			sessions[id] = session
		} else {
			delete(sessions, id)
		}
	}
	return sessions, err
}

// owned returns a session as viewer may see it, and whether they may at all: it is their own, and has not ended.
func (s *Service) owned(viewer logic.Viewer, session Session) (Session, bool) {
	session = s.asOfNow(session, viewer.Role)
	return session, viewer.User != 0 && session.UserID == viewer.User && session.ExpiresAt > s.clock()
}

// asOfNow returns session with the uses that are not stored yet.
func (s *Service) asOfNow(session Session, role logic.Role) Session {
	session.LastSeenAt = max(session.LastSeenAt, s.lastSeen(session.ID))
	return s.lasting(session, role)
}

// begin begins a session of user in place of the one that the request came with.
func (s *Service) begin(ctx context.Context, w Writer, user User, device string, provedAt logic.Moment) (Grant, error) {
	viewer, now := logic.ViewerFrom(ctx), s.clock()
	if viewer.Session != 0 {
		if err := w.DeleteSession(ctx, viewer.Session); err != nil {
			return Grant{}, err
		}
	}
	token, hash := logic.NewToken(logic.TokenSession)
	session := Session{
		ID: logic.SessionID(s.keys.Next()), UserID: user.ID, Device: device, CreatedAt: now, LastSeenAt: now, ProvedAt: provedAt,
	}
	if viewer.Client != 0 {
		session.ClientID = &viewer.Client
	}
	return Grant{s.lasting(session, user.Role), user, token}, w.InsertSession(ctx, session, hash, maxSessions)
}

// enter makes whoever a session was granted to the one whom the rest of the request is answered for. It began through the client
// that asks.
func enter(ctx context.Context, grant Grant) {
	viewer := logic.ViewerFrom(ctx)
	viewer.User, viewer.Role = grant.User.ID, grant.User.Role
	viewer.Session, viewer.SessionLimit, viewer.ProvedAt = grant.Session.ID, viewer.Limit, grant.Session.ProvedAt
	logic.Become(ctx, viewer)
}

// leave makes nobody the one whom the rest of the request is answered for.
func leave(ctx context.Context) {
	viewer := logic.ViewerFrom(ctx)
	viewer.User, viewer.Role, viewer.Session, viewer.SessionLimit, viewer.ProvedAt = 0, "", 0, 0, 0
	logic.Become(ctx, viewer)
}

// endSessions takes away the sessions of user that have ended, as under another role they might not have.
func (s *Service) endSessions(ctx context.Context, w Writer, user User) error {
	sessions, err := w.SessionsOf(ctx, user.ID, maxSessions)
	if err != nil {
		return err
	}
	for _, session := range sessions {
		if s.asOfNow(session, user.Role).ExpiresAt > s.clock() {
			continue
		}
		if err := w.DeleteSession(ctx, session.ID); err != nil {
			return err
		}
	}
	return nil
}

// SignOut ends the session that the request came with. Everyone may; without a session nothing happens.
func (s *Service) SignOut(ctx context.Context) error {
	viewer := logic.ViewerFrom(ctx)
	if viewer.Session == 0 {
		return nil
	}
	err := s.store.Write(ctx, func(w Writer) error { return w.DeleteSession(ctx, viewer.Session) })
	if err == nil {
		leave(ctx)
	}
	return err
}

// RevokeSession ends one of the viewer's own sessions, and returns its key. Whoever is signed in may; NOT_FOUND (field id).
func (s *Service) RevokeSession(ctx context.Context, id logic.SessionID) (logic.SessionID, error) {
	viewer, err := s.check(ctx, changeSelf)
	if err != nil {
		return 0, err
	}
	err = s.store.Write(ctx, func(w Writer) error {
		sessions, err := w.SessionsByID(ctx, []logic.SessionID{id})
		if err != nil {
			return err
		}
		if _, ok := s.owned(viewer, sessions[id]); !ok {
			return logic.NotFound("session").At("id")
		}
		return w.DeleteSession(ctx, id)
	})
	if err != nil {
		return 0, err
	}
	if id == viewer.Session {
		leave(ctx)
	}
	return id, nil
}

// deviceOf returns what a session is listed as: what was given, else the program and the system that ask, as far as they are known.
func deviceOf(given *string, viewer logic.Viewer) string {
	if given != nil {
		return strings.TrimSpace(*given)
	}
	agent := useragent.Parse(viewer.UserAgent)
	system := agent.OS
	if agent.Device != "" {
		system = agent.Device
	}
	device := strings.TrimSuffix(strings.TrimPrefix(agent.Name+" on "+system, " on "), " on ")
	if logic.CheckLine(device, 0, maxDevice) != nil {
		return ""
	}
	return device
}
