package store

import (
	"context"
	"encoding/json"

	"headwater/logic"
	"headwater/logic/account"
)

// sessionColumns are those of an account.Session.
const sessionColumns = `session.id, session.user_id, session.client_id, session.device, session.created_at, session.last_seen_at,
	session.proved_at`

// SessionByToken returns the session with a token's hash and whose it is, or NOT_FOUND.
func (r reader) SessionByToken(ctx context.Context, hash logic.TokenHash) (account.Session, account.User, error) {
	type row struct {
		account.User
		Session account.Session
	}
	found, err := selectRow[row](ctx, r, `/* SessionByToken */ SELECT `+userColumns+`,
			session.id AS "session.id", session.user_id AS "session.user_id", session.client_id AS "session.client_id",
			session.device AS "session.device", session.created_at AS "session.created_at",
			session.last_seen_at AS "session.last_seen_at", session.proved_at AS "session.proved_at"
		FROM session CROSS JOIN account WHERE session.token_hash = ? AND account.id = session.user_id`, hash[:])
	return found.Session, found.User, orNotFound(err, "session")
}

// SessionsOf returns up to limit sessions of a person, newest first.
func (r reader) SessionsOf(ctx context.Context, user logic.UserID, limit int) ([]account.Session, error) {
	return selectRows[account.Session](ctx, r, `/* SessionsOf */ SELECT `+sessionColumns+`
		FROM session WHERE user_id = ? ORDER BY id DESC LIMIT ?`, user, limit)
}

// SessionsByID returns the sessions with the given keys.
func (r reader) SessionsByID(ctx context.Context, ids []logic.SessionID) (map[logic.SessionID]account.Session, error) {
	sessions, err := selectRows[account.Session](ctx, r, `/* SessionsByID */ SELECT `+sessionColumns+`
		FROM json_each(?) AS asked CROSS JOIN session WHERE session.id = asked.value`, keyList(ids))
	return byKey(sessions, func(session account.Session) logic.SessionID { return session.ID }), err
}

// InsertSession adds a session, without its client where that was deleted meanwhile, and takes away those of the same person that are
// older than its newest keep.
func (w *writer) InsertSession(ctx context.Context, session account.Session, hash logic.TokenHash, keep int) error {
	_, err := w.exec(ctx, `/* InsertSession */
		INSERT INTO session (id, token_hash, user_id, client_id, device, created_at, last_seen_at, proved_at)
		VALUES (?, ?, ?, (SELECT id FROM client WHERE id = ?), ?, ?, ?, ?)`,
		session.ID, hash[:], session.UserID, session.ClientID, session.Device, session.CreatedAt, session.LastSeenAt, session.ProvedAt)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `/* InsertSession: oldest */ DELETE FROM session
		WHERE id IN (SELECT id FROM session WHERE user_id = ? ORDER BY id DESC LIMIT -1 OFFSET ?)`, session.UserID, keep)
	return err
}

// ProveSession notes when the password was last given in a session.
func (w *writer) ProveSession(ctx context.Context, id logic.SessionID, at logic.Moment) error {
	_, err := w.exec(ctx, `/* ProveSession */ UPDATE session SET proved_at = ? WHERE id = ?`, at, id)
	return err
}

// SeeSessions notes when sessions were last used.
func (w *writer) SeeSessions(ctx context.Context, seen map[logic.SessionID]logic.Moment) error {
	given, err := json.Marshal(seen)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `/* SeeSessions */ UPDATE session SET last_seen_at = max(last_seen_at, given.value)
		FROM json_each(?) AS given WHERE session.id = CAST(given.key AS INTEGER)`, string(given))
	return err
}

// DeleteSession ends a session.
func (w *writer) DeleteSession(ctx context.Context, id logic.SessionID) error {
	_, err := w.exec(ctx, `/* DeleteSession */ DELETE FROM session WHERE id = ?`, id)
	return err
}

// DeleteSessionsOf ends all sessions of a person but one, zero for none.
func (w *writer) DeleteSessionsOf(ctx context.Context, user logic.UserID, but logic.SessionID) error {
	_, err := w.exec(ctx, `/* DeleteSessionsOf */ DELETE FROM session WHERE user_id = ? AND id <> ?`, user, but)
	return err
}
