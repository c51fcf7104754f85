package account_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/account"
)

func TestSigningIn(t *testing.T) {
	w := newWorld(t)
	ada := w.add("ada", logic.RoleAuthor)
	for _, login := range []string{"ada", " ADA ", "ada@example.org", "Ada@Example.org"} {
		ctx := w.anyone()
		grant, err := w.people.SignIn(ctx, account.SignInInput{Login: login, Password: good})
		if err != nil {
			t.Fatalf("%q: %v", login, err)
		}
		viewer := logic.ViewerFrom(ctx)
		if viewer.User != ada.ID || viewer.Role != logic.RoleAuthor || viewer.Session != grant.Session.ID || viewer.ProvedAt != start {
			t.Errorf("%q: the rest of the request is for %+v", login, viewer)
		}
		if !logic.TokenSession.Is(grant.Token) || !grant.Session.IsCurrent(viewer) || grant.User.ID != ada.ID {
			t.Errorf("%q: granted %+v", login, grant)
		}
	}
	grant, err := w.people.SignIn(w.anyone(), account.SignInInput{Login: "ada", Password: good, Device: new(" Phone ")})
	if err != nil || grant.Session.Device != "Phone" {
		t.Errorf("a named device: %+v, %v", grant.Session, err)
	}
	if device := w.signIn("ada").Session.Device; device != "Firefox on Linux" {
		t.Errorf("a device without a name is %q", device)
	}
	long := strings.Repeat("x", 257)
	for field, in := range map[string]account.SignInInput{
		"login": {Password: good}, "password": {Login: "ada"}, "device": {Login: "ada", Password: good, Device: &long},
	} {
		_, err := w.people.SignIn(w.anyone(), in)
		code := logic.CodeRequired
		if field == "device" {
			code = logic.CodeTooLong
		}
		mustFail(t, field, err, code, field)
	}
}

func TestWhoeverCannotSignInHearsTheSame(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleAuthor)
	w.imported("Éva Quill", nil)
	gone := w.add("gone", logic.RoleReader)
	if _, err := w.people.DeactivateUser(w.operator(), gone.ID); err != nil {
		t.Fatal(err)
	}
	first := w.try("ada", "wrong password", "203.0.113.7")
	mustFail(t, "a wrong password", first, logic.CodeWrongCredentials)
	for login, password := range map[string]string{
		"nobody": good, "nobody@example.org": good, "eva-quill": good, "gone": good, "gone@example.org": good, "ada": "CORRECT horse battery",
	} {
		if err := w.try(login, password, "203.0.113.7"); err == nil || err.Error() != first.Error() {
			t.Errorf("%s: %v, want %v", login, err, first)
		}
	}
}

func TestASessionTakesThePlaceOfTheOneBefore(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleAuthor)
	first := w.signIn("ada")
	second, err := w.people.SignIn(w.as(first.Token), account.SignInInput{Login: "ada", Password: good})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = w.people.Authenticate(t.Context(), first.Token)
	mustFail(t, "the session before", err, logic.CodeUnauthenticated)
	if sessions, err := w.people.Sessions(w.as(second.Token)); err != nil || len(sessions) != 1 || sessions[0].ID != second.Session.ID {
		t.Errorf("%+v, %v", sessions, err)
	}
}

func TestSessionsOfOnesOwn(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleAuthor)
	w.add("grace", logic.RoleAdmin)
	phone, laptop, other := w.signIn("ada"), w.signIn("ada"), w.signIn("grace")
	ctx := w.as(laptop.Token)
	sessions, err := w.people.Sessions(ctx)
	if err != nil || len(sessions) != 2 || sessions[0].ID != laptop.Session.ID || *sessions[0].ClientID != public {
		t.Fatalf("%+v, %v", sessions, err)
	}
	if sessions, err := w.people.Sessions(w.anyone()); err != nil || sessions == nil || len(sessions) != 0 {
		t.Errorf("nobody's: %v, %v", sessions, err)
	}
	ids := []logic.SessionID{phone.Session.ID, other.Session.ID, 42}
	if byID, err := w.people.SessionsByID(ctx, ids); err != nil || len(byID) != 1 || byID[phone.Session.ID].UserID != phone.User.ID {
		t.Errorf("by keys: %v, %v", byID, err)
	}
	if byID, err := w.people.SessionsByID(w.anyone(), ids); err != nil || len(byID) != 0 {
		t.Errorf("nobody's by keys: %v, %v", byID, err)
	}
	for _, id := range ids[1:] {
		_, err := w.people.RevokeSession(ctx, id)
		mustFail(t, "a session of another", err, logic.CodeNotFound, "id")
	}
	_, err = w.people.RevokeSession(w.anyone(), phone.Session.ID)
	mustFail(t, "by nobody", err, logic.CodeUnauthenticated)
	if id, err := w.people.RevokeSession(ctx, phone.Session.ID); err != nil || id != phone.Session.ID || logic.ViewerFrom(ctx).User == 0 {
		t.Errorf("revoked %d, %v", id, err)
	}
	_, _, err = w.people.Authenticate(t.Context(), phone.Token)
	mustFail(t, "a revoked session", err, logic.CodeUnauthenticated)
	if _, err := w.people.RevokeSession(ctx, laptop.Session.ID); err != nil || logic.ViewerFrom(ctx).User != 0 || logic.ViewerFrom(ctx).Session != 0 {
		t.Errorf("after revoking the current session (%v) the viewer is %+v", err, logic.ViewerFrom(ctx))
	}
	w.as(other.Token)
}

func TestSigningOut(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleAuthor)
	grant := w.signIn("ada")
	ctx := w.as(grant.Token)
	mustDo(t, "signing out", w.people.SignOut(ctx))
	if viewer := logic.ViewerFrom(ctx); viewer.User != 0 || viewer.Role != "" || viewer.Limit != logic.AllScopes {
		t.Errorf("the rest of the request is for %+v", viewer)
	}
	_, _, err := w.people.Authenticate(t.Context(), grant.Token)
	mustFail(t, "the session", err, logic.CodeUnauthenticated)
	mustDo(t, "signing out nobody", w.people.SignOut(w.anyone()))
}

func TestSessionsEnd(t *testing.T) {
	const day = 24 * time.Hour
	w := newWorld(t)
	w.add("ada", logic.RoleAuthor)
	w.add("rita", logic.RoleReader)
	for username, last := range map[string]account.Lifetimes{"ada": {Idle: 7 * day, Absolute: 30 * day}, "rita": {Idle: 30 * day, Absolute: 90 * day}} {
		grant := w.signIn(username)
		if want := w.clock().Add(last.Idle); grant.Session.ExpiresAt != want {
			t.Errorf("%s: ends at %s, want %s", username, grant.Session.ExpiresAt.Time(), want.Time())
		}
		for used := time.Duration(0); used+last.Idle-time.Millisecond < last.Absolute; used += last.Idle - time.Millisecond {
			w.later(last.Idle - time.Millisecond)
			w.as(grant.Token)
			w.run()
		}
		session, _, err := w.people.Authenticate(t.Context(), grant.Token)
		if want := session.CreatedAt.Add(last.Absolute); err != nil || session.ExpiresAt != want || session.LastSeenAt != w.clock() {
			t.Errorf("%s: %+v, %v", username, session, err)
		}
		w.later(time.Duration(session.ExpiresAt-w.clock()) * time.Millisecond)
		_, _, err = w.people.Authenticate(t.Context(), grant.Token)
		mustFail(t, username+": at the end", err, logic.CodeUnauthenticated)

		idle := w.signIn(username)
		w.later(last.Idle)
		_, _, err = w.people.Authenticate(t.Context(), idle.Token)
		mustFail(t, username+": unused", err, logic.CodeUnauthenticated)
	}
}

func TestASessionThatEndedStaysEnded(t *testing.T) {
	w := newWorld(t)
	ada := w.add("ada", logic.RoleAuthor)
	grant := w.signIn("ada")
	w.later(3 * 24 * time.Hour)
	later := w.signIn("ada")
	w.later(4 * 24 * time.Hour)
	_, err := w.people.SetUserRole(w.operator(), ada.ID, logic.RoleReader)
	mustDo(t, "the role", err)
	_, _, err = w.people.Authenticate(t.Context(), grant.Token)
	mustFail(t, "one that readers would still have", err, logic.CodeUnauthenticated)
	w.as(later.Token)
}

// run stores what the service notes, as its Run does when it ends.
func (w *world) run() {
	ctx, cancel := context.WithCancel(w.t.Context())
	cancel()
	w.people.Run(ctx)
}

func TestRunTakesAwayWhatHadItsTime(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleAuthor)
	grant := w.signIn("ada")
	mustDo(t, "asking for a reset", w.people.RequestPasswordReset(w.anyone(), "ada"))
	mustFail(t, "a wrong password", w.try("ada", "wrong password", "203.0.113.7"), logic.CodeWrongCredentials)
	w.run()
	sessions, err := w.store.Account().SessionsByID(t.Context(), []logic.SessionID{grant.Session.ID})
	if err != nil || len(sessions) != 1 {
		t.Fatalf("before: %v, %v", sessions, err)
	}
	w.later(31 * 24 * time.Hour)
	w.run()
	sessions, err = w.store.Account().SessionsByID(t.Context(), []logic.SessionID{grant.Session.ID})
	if err != nil || len(sessions) != 0 {
		t.Errorf("after: %v, %v", sessions, err)
	}
	_, err = w.store.Account().Token(t.Context(), logic.HashToken(w.token("ada@example.org")))
	mustFail(t, "the token", err, logic.CodeNotFound)
}

func TestRunGoesOnWhenTheClockIsSetBack(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleAuthor)
	w.later(100 * time.Hour)
	w.run()
	w.later(-50 * time.Hour)
	mustDo(t, "asking for a reset", w.people.RequestPasswordReset(w.anyone(), "ada"))
	token := logic.HashToken(w.token("ada@example.org"))
	w.run()
	if _, err := w.store.Account().Token(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	w.later(time.Hour + time.Millisecond)
	w.run()
	_, err := w.store.Account().Token(t.Context(), token)
	mustFail(t, "the token", err, logic.CodeNotFound)
}

func TestASessionsUseIsStoredOnceAMinute(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleAuthor)
	grant := w.signIn("ada")
	for _, c := range []struct {
		later  time.Duration
		stored time.Duration // after the sign-in
	}{{time.Second, 0}, {58 * time.Second, 0}, {time.Second, time.Minute}, {59 * time.Second, time.Minute}, {time.Minute, 179 * time.Second}} {
		w.later(c.later)
		session, _, err := w.people.Authenticate(t.Context(), grant.Token)
		if err != nil || session.LastSeenAt != w.clock() {
			t.Errorf("it is used as %+v, %v", session, err)
		}
		w.run()
		sessions, err := w.store.Account().SessionsByID(t.Context(), []logic.SessionID{grant.Session.ID})
		if at := sessions[grant.Session.ID].LastSeenAt; err != nil || at != start.Add(c.stored) {
			t.Errorf("used at %s, it is stored as last used at %s (%v)", w.clock().Time(), at.Time(), err)
		}
	}
}

func TestASessionThatSoonEndsLastsWhileItIsUsed(t *testing.T) {
	w := newWorld(t, func(options *account.Options) { options.Staff.Idle = time.Minute })
	w.add("ada", logic.RoleAuthor)
	grant := w.signIn("ada")
	for range 10 {
		w.later(50 * time.Second)
		w.as(grant.Token)
		w.run()
	}
}

func TestAuthenticatingIsOneStatement(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleAuthor)
	grant := w.signIn("ada")
	before := w.store.Statements()
	session, user, err := w.people.Authenticate(t.Context(), grant.Token)
	if err != nil || session.ID != grant.Session.ID || user.Role != logic.RoleAuthor || w.store.Statements()-before != 1 {
		t.Errorf("%+v, %+v, %v in %d statements", session, user, err, w.store.Statements()-before)
	}
	unknown, _ := logic.NewToken(logic.TokenSession)
	reset, _ := logic.NewToken(logic.TokenReset)
	for _, token := range []string{unknown, reset, "", "hw_session_", grant.Token + "a"} {
		_, _, err := w.people.Authenticate(t.Context(), token)
		mustFail(t, token, err, logic.CodeUnauthenticated)
	}
}

func TestAPersonHasAHundredSessions(t *testing.T) {
	w := newWorld(t)
	ada := w.add("ada", logic.RoleAuthor)
	first := w.signIn("ada")
	err := w.store.Account().Write(t.Context(), func(writer account.Writer) error {
		for i := range 99 {
			_, hash := logic.NewToken(logic.TokenSession)
			session := account.Session{ID: logic.SessionID(w.store.Keys().Next()), UserID: ada.ID, CreatedAt: start, LastSeenAt: start + logic.Moment(i)}
			if err := writer.InsertSession(t.Context(), session, hash, 100); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if sessions, err := w.people.Sessions(w.as(first.Token)); err != nil || len(sessions) != 100 {
		t.Errorf("%d sessions, %v", len(sessions), err)
	}
	newest := w.signIn("ada")
	_, _, err = w.people.Authenticate(t.Context(), first.Token)
	mustFail(t, "the oldest", err, logic.CodeUnauthenticated)
	if sessions, err := w.people.Sessions(w.as(newest.Token)); err != nil || len(sessions) != 100 || sessions[0].ID != newest.Session.ID {
		t.Errorf("%d sessions, %v", len(sessions), err)
	}
}
