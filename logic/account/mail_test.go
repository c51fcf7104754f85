package account_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/account"
)

func TestSigningUp(t *testing.T) {
	w := newWorld(t)
	in := account.SignUpInput{Username: "Ada", Email: "Ada@Example.org", Password: good, Name: new("Ada Lovelace")}
	mustDo(t, "signing up", w.people.SignUp(w.anyone(), in))
	token := w.token("ada@example.org")
	if text := w.outbox[0].Text; !strings.Contains(text, "the account ada.") {
		t.Errorf("the mail does not say for which account it is: %s", text)
	}
	_, err := w.people.User(w.operator(), "ada")
	mustFail(t, "the account before the mail is confirmed", err, logic.CodeNotFound)
	mustFail(t, "signing in before", w.try("ada", good, "203.0.113.7"), logic.CodeWrongCredentials)

	ctx := w.anyone()
	grant, err := w.people.ConfirmEmail(ctx, token)
	if err != nil {
		t.Fatal(err)
	}
	if u := grant.User; u.Username != "ada" || u.Name != "Ada Lovelace" || *u.Email != "ada@example.org" || u.Role != logic.RoleReader {
		t.Errorf("made %+v", u)
	}
	if viewer := logic.ViewerFrom(ctx); viewer.User != grant.User.ID || viewer.Session != grant.Session.ID || viewer.ProvedAt != 0 {
		t.Errorf("the rest of the request is for %+v", viewer)
	}
	w.as(grant.Token)
	mustDo(t, "signing in after", w.try("ada", good, "203.0.113.7"))
	_, err = w.people.ConfirmEmail(w.anyone(), token)
	mustFail(t, "the token again", err, logic.CodeExpired, "token")
}

func TestSigningUpWithAnEmailThatIsKnown(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleReader)
	mustDo(t, "what is read once is read", w.try("ada", good, "192.0.2.200"))
	before := w.store.Statements()
	mustDo(t, "a new email", w.people.SignUp(w.anyone(), account.SignUpInput{Username: "grace", Email: "grace@example.org", Password: good}))
	unknown := w.store.Statements() - before
	before = w.store.Statements()
	mustDo(t, "a known email", w.people.SignUp(w.anyone(), account.SignUpInput{Username: "other", Email: "ADA@example.org", Password: good}))
	if known := w.store.Statements() - before; known != unknown {
		t.Errorf("a known email takes %d statements, a new one %d", known, unknown)
	}
	mail := w.outbox[len(w.outbox)-1]
	if mail.To != "ada@example.org" || !strings.Contains(mail.Text, "already") || strings.Contains(mail.Text, "https://") {
		t.Errorf("the owner is told %+v", mail)
	}
	err := w.people.SignUp(w.anyone(), account.SignUpInput{Username: "ada", Email: "new@example.org", Password: "ada12345678"})
	if logic.CodeOf(err) == "" || !strings.Contains(err.Error(), "username: ") || !strings.Contains(err.Error(), "password: ") {
		t.Errorf("not all faults at once: %v", err)
	}
}

func TestStrangersSignUpOnlyWhereTheyMay(t *testing.T) {
	in := account.SignUpInput{Username: "ada", Email: "ada@example.org", Password: good}
	mustFail(t, "without mail", newWorld(t, withoutMail).people.SignUp(t.Context(), in), logic.CodeForbidden)
	closed := newWorld(t, func(options *account.Options) { options.SignUp = false })
	mustFail(t, "by the settings", closed.people.SignUp(t.Context(), in), logic.CodeForbidden)
}

func TestTwoSignUpsForOneName(t *testing.T) {
	w := newWorld(t)
	mustDo(t, "the first", w.people.SignUp(w.anyone(), account.SignUpInput{Username: "ada", Email: "ada@example.org", Password: good}))
	first := w.token("ada@example.org")
	mustDo(t, "the second", w.people.SignUp(w.anyone(), account.SignUpInput{Username: "ada", Email: "other@example.org", Password: good}))
	second := w.token("other@example.org")
	_, err := w.people.ConfirmEmail(w.anyone(), second)
	mustDo(t, "the second is confirmed", err)
	_, err = w.people.ConfirmEmail(w.anyone(), first)
	mustFail(t, "the first is confirmed", err, logic.CodeTaken, "token")
	w.later(24 * time.Hour)
	_, err = w.people.ConfirmEmail(w.anyone(), first)
	mustFail(t, "after a day", err, logic.CodeExpired, "token")
}

func TestResettingAPassword(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleAuthor)
	session := w.signIn("ada")
	mustDo(t, "asking", w.people.RequestPasswordReset(w.anyone(), "Ada"))
	early := w.token("ada@example.org")
	mustDo(t, "asking again", w.people.RequestPasswordReset(w.anyone(), "ada@example.org"))
	token := w.token("ada@example.org")
	if kept, err := w.store.Account().Token(t.Context(), logic.HashToken(token)); err != nil || kept.Email != "" {
		t.Errorf("more is kept of it than it takes: %+v, %v", kept, err)
	}
	_, err := w.people.ResetPassword(w.anyone(), account.ResetPasswordInput{Token: token, Password: "password"})
	mustFail(t, "a weak password", err, logic.CodeWeakPassword, "password")
	ctx := w.anyone()
	grant, err := w.people.ResetPassword(ctx, account.ResetPasswordInput{Token: token, Password: "another good one"})
	if err != nil || logic.ViewerFrom(ctx).User != grant.User.ID || logic.ViewerFrom(ctx).ProvedAt != start {
		t.Fatalf("%+v, %v", logic.ViewerFrom(ctx), err)
	}
	_, _, err = w.people.Authenticate(t.Context(), session.Token)
	mustFail(t, "the session before", err, logic.CodeUnauthenticated)
	w.as(grant.Token)
	for name, spent := range map[string]string{"used": token, "earlier": early, "none": "", "a session's": grant.Token} {
		_, err := w.people.ResetPassword(w.anyone(), account.ResetPasswordInput{Token: spent, Password: "another good one"})
		mustFail(t, name, err, logic.CodeExpired, "token")
	}
	mustFail(t, "the old password", w.try("ada", good, "203.0.113.7"), logic.CodeWrongCredentials)
	mustDo(t, "the new one", w.try("ada", "another good one", "203.0.113.7"))

	mustDo(t, "asking once more", w.people.RequestPasswordReset(w.anyone(), "ada"))
	w.later(time.Hour)
	_, err = w.people.ResetPassword(w.anyone(), account.ResetPasswordInput{Token: w.token("ada@example.org"), Password: "yet another one"})
	mustFail(t, "after an hour", err, logic.CodeExpired, "token")
}

func TestAskingForAResetTellsNothing(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleAuthor)
	w.imported("Éva Quill", nil)
	gone := w.add("gone", logic.RoleReader)
	_, err := w.people.DeactivateUser(w.operator(), gone.ID)
	mustDo(t, "deactivating", err)
	mustDo(t, "what is read once is read", w.try("ada", good, "192.0.2.200"))
	var statements int64
	for i, login := range []string{"ada", "nobody", "nobody@example.org", "eva-quill", "gone"} {
		before := w.store.Statements()
		mustDo(t, login, w.people.RequestPasswordReset(w.anyone(), login))
		if took := w.store.Statements() - before; i == 0 {
			statements = took
		} else if took != statements {
			t.Errorf("%s takes %d statements, a login with an email %d", login, took, statements)
		}
	}
	if len(w.outbox) != 1 {
		t.Errorf("sent %+v, want one mail", w.outbox)
	}
	mustFail(t, "no login", w.people.RequestPasswordReset(w.anyone(), " "), logic.CodeRequired, "login")
}

func TestInvitations(t *testing.T) {
	w := newWorld(t)
	eva := w.imported("Éva Quill", nil)
	_, err := w.people.InviteUser(w.operator(), eva)
	mustFail(t, "without an email", err, logic.CodeInvalid, "id")
	_, err = w.people.UpdateUser(w.operator(), eva, account.UserChange{Email: new("eva@example.org")})
	mustDo(t, "an email", err)
	mustFail(t, "without a password", w.try("eva-quill", "", "203.0.113.7"), logic.CodeRequired, "password")
	mustFail(t, "with any password", w.try("eva-quill", good, "203.0.113.7"), logic.CodeWrongCredentials)
	user, err := w.people.InviteUser(w.operator(), eva)
	if err != nil || user.ID != eva {
		t.Fatal(err)
	}
	token := w.token("eva@example.org")
	if !logic.TokenInvite.Is(token) {
		t.Errorf("%s is no invitation", token)
	}
	w.later(7*24*time.Hour - time.Millisecond)
	grant, err := w.people.ResetPassword(w.anyone(), account.ResetPasswordInput{Token: token, Password: good})
	if err != nil || grant.User.Role != logic.RoleAuthor {
		t.Errorf("%+v, %v", grant, err)
	}
	mustDo(t, "signing in", w.try("eva-quill", good, "203.0.113.7"))
	_, err = w.people.InviteUser(w.operator(), 42)
	mustFail(t, "nobody", err, logic.CodeNotFound, "id")
}

func TestWithoutMailLinksGoToTheLogForDebugging(t *testing.T) {
	for level, shown := range map[slog.Level]bool{slog.LevelDebug: true, slog.LevelInfo: false} {
		var log bytes.Buffer
		w := newWorld(t, withoutMail, func(options *account.Options) {
			options.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: level}))
		})
		ada := w.add("ada", logic.RoleAuthor)
		mustDo(t, "a reset", w.people.RequestPasswordReset(w.anyone(), "ada"))
		_, err := w.people.InviteUser(w.operator(), ada.ID)
		mustDo(t, "an invitation", err)
		for _, kind := range []logic.TokenKind{logic.TokenReset, logic.TokenInvite} {
			if strings.Contains(log.String(), string(kind)) != shown {
				t.Errorf("at level %s the log is %s", level, log.String())
			}
		}
	}
}
