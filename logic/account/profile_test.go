package account_test

import (
	"context"
	"testing"

	"headwater/logic"
	"headwater/logic/account"
)

func TestAProfile(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleReader)
	ctx := w.as(w.signIn("ada").Token)
	user, err := w.people.UpdateProfile(ctx, account.ProfileChange{
		Name: new(" Ada "), Bio: logic.TextChange{Given: true, Value: new("Writes.")}, Email: new("ADA@example.org"),
	})
	if err != nil || user.Name != "Ada" || user.Bio != "Writes." || *user.Email != "ada@example.org" || len(w.outbox) != 0 {
		t.Errorf("%+v, %v, sent %v", user, err, w.outbox)
	}
	_, err = w.people.UpdateProfile(ctx, account.ProfileChange{Name: new("")})
	mustFail(t, "no name", err, logic.CodeRequired, "name")
	_, err = w.people.UpdateProfile(w.anyone(), account.ProfileChange{Name: new("x")})
	mustFail(t, "nobody's", err, logic.CodeUnauthenticated)
}

func TestANewEmailNeedsThePasswordAndIsConfirmed(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleReader)
	w.add("grace", logic.RoleReader)
	ctx := w.as(w.signIn("ada").Token)
	_, err := w.people.UpdateProfile(ctx, account.ProfileChange{Email: new("new@example.org")})
	mustFail(t, "without the password", err, logic.CodeRequired, "password")
	_, err = w.people.UpdateProfile(ctx, account.ProfileChange{Email: new("new@example.org"), Password: new("wrong password")})
	mustFail(t, "with another password", err, logic.CodeWrongCredentials, "password")
	_, err = w.people.UpdateProfile(ctx, account.ProfileChange{Email: new("new"), Password: new(good)})
	mustFail(t, "what is no email", err, logic.CodeInvalid, "email")

	user, err := w.people.UpdateProfile(ctx, account.ProfileChange{Name: new("Ada"), Email: new("New@example.org"), Password: new(good)})
	if err != nil || user.Name != "Ada" || *user.Email != "ada@example.org" {
		t.Errorf("before it is confirmed: %+v, %v", user, err)
	}
	token := w.token("new@example.org")
	mustDo(t, "asking for a reset", w.people.RequestPasswordReset(w.anyone(), "ada"))
	reset := w.token("ada@example.org")
	confirming := w.anyone()
	grant, err := w.people.ConfirmEmail(confirming, token)
	if err != nil || grant != (account.Grant{}) || logic.ViewerFrom(confirming).User != 0 {
		t.Errorf("whoever opens the mail is granted %+v, %v", grant, err)
	}
	if user, err := w.people.User(ctx, "ada"); err != nil || *user.Email != "new@example.org" {
		t.Errorf("confirmed: %+v, %v", user, err)
	}
	if mail := w.outbox[len(w.outbox)-1]; mail.To != "ada@example.org" {
		t.Errorf("the old address is not told, but %+v", mail)
	}
	_, err = w.people.ResetPassword(w.anyone(), account.ResetPasswordInput{Token: reset, Password: good})
	mustFail(t, "the reset that went to the old address", err, logic.CodeExpired, "token")
	mustDo(t, "signing in by the new one", w.try("new@example.org", good, "203.0.113.7"))

	before := w.store.Statements()
	_, err = w.people.UpdateProfile(ctx, account.ProfileChange{Email: new("free@example.org"), Password: new(good)})
	mustDo(t, "an email of nobody", err)
	free := w.store.Statements() - before
	before = w.store.Statements()
	_, err = w.people.UpdateProfile(ctx, account.ProfileChange{Email: new("grace@example.org"), Password: new(good)})
	mustDo(t, "the email of another answers the same", err)
	if taken := w.store.Statements() - before; taken != free {
		t.Errorf("an email of another takes %d statements, one of nobody %d", taken, free)
	}
	if mail := w.outbox[len(w.outbox)-1]; mail.To != "grace@example.org" || mail.Subject != "You already have an account" {
		t.Errorf("the other is told %+v", mail)
	}
}

func TestConfirmingANewEmailLeavesSessionsAlone(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleReader)
	w.add("grace", logic.RoleReader)
	for _, username := range []string{"ada", "grace"} {
		ada, confirming := w.signIn("ada"), w.as(w.signIn(username).Token)
		before := logic.ViewerFrom(confirming)
		_, err := w.people.UpdateProfile(w.as(ada.Token), account.ProfileChange{Email: new("of-" + username + "@example.org"), Password: new(good)})
		mustDo(t, "a new email", err)
		_, err = w.people.ConfirmEmail(confirming, w.token("of-"+username+"@example.org"))
		if viewer := logic.ViewerFrom(confirming); err != nil || viewer != before {
			t.Errorf("confirmed by %s, the rest of the request is for %+v (%v)", username, viewer, err)
		}
		w.as(ada.Token)
	}
}

// Whatever went to an email must not open the account that has another by now.
func TestTokensThatWentToAnEarlierEmailAreWorthNothing(t *testing.T) {
	for name, move := range map[string]func(w *world, ctx context.Context) error{
		"confirmed": func(w *world, ctx context.Context) error {
			_, err := w.people.UpdateProfile(ctx, account.ProfileChange{Email: new("new@example.org"), Password: new(good)})
			mustDo(t, "a new email", err)
			_, err = w.people.ConfirmEmail(w.anyone(), w.token("new@example.org"))
			return err
		},
		"where no mail is sent": func(w *world, ctx context.Context) error {
			w.options.Mailer = nil
			w.restart()
			_, err := w.people.UpdateProfile(ctx, account.ProfileChange{Email: new("new@example.org"), Password: new(good)})
			return err
		},
		"by somebody else": func(w *world, ctx context.Context) error {
			_, err := w.people.UpdateUser(w.operator(), logic.ViewerFrom(ctx).User, account.UserChange{Email: new("new@example.org")})
			return err
		},
	} {
		w := newWorld(t)
		ada := w.add("ada", logic.RoleReader)
		ctx := w.as(w.signIn("ada").Token)
		_, err := w.people.InviteUser(w.operator(), ada.ID)
		mustDo(t, "inviting", err)
		invited := w.token("ada@example.org")
		mustDo(t, "asking for a reset", w.people.RequestPasswordReset(w.anyone(), "ada"))
		reset := w.token("ada@example.org")
		_, err = w.people.UpdateProfile(ctx, account.ProfileChange{Email: new("other@example.org"), Password: new(good)})
		mustDo(t, "another email", err)
		other := w.token("other@example.org")
		mustDo(t, name, move(w, ctx))
		for _, token := range []string{invited, reset} {
			_, err := w.people.ResetPassword(w.anyone(), account.ResetPasswordInput{Token: token, Password: "another good one"})
			mustFail(t, name+": "+token, err, logic.CodeExpired, "token")
		}
		_, err = w.people.ConfirmEmail(w.anyone(), other)
		mustFail(t, name+": "+other, err, logic.CodeExpired, "token")
	}
}

func TestANewEmailCountsAtOnceWhereNoMailIsSent(t *testing.T) {
	w := newWorld(t, withoutMail)
	w.add("ada", logic.RoleReader)
	w.add("grace", logic.RoleReader)
	ctx := w.as(w.signIn("ada").Token)
	_, err := w.people.UpdateProfile(ctx, account.ProfileChange{Email: new("grace@example.org"), Password: new(good)})
	mustFail(t, "the email of another", err, logic.CodeTaken, "email")
	user, err := w.people.UpdateProfile(ctx, account.ProfileChange{Email: new("new@example.org"), Password: new(good)})
	if err != nil || *user.Email != "new@example.org" {
		t.Errorf("%+v, %v", user, err)
	}
	mustDo(t, "signing in by it", w.try("new@example.org", good, "203.0.113.7"))
}

func TestChangingThePassword(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleAuthor)
	here, there := w.signIn("ada"), w.signIn("ada")
	ctx := w.as(here.Token)
	for _, c := range []struct {
		in    account.ChangePasswordInput
		code  logic.Code
		field string
	}{
		{account.ChangePasswordInput{Current: "wrong password", New: "another good one"}, logic.CodeWrongCredentials, "current"},
		{account.ChangePasswordInput{Current: good, New: "12345678"}, logic.CodeWeakPassword, "new"},
	} {
		mustFail(t, c.field, w.people.ChangePassword(ctx, c.in), c.code, c.field)
	}
	mustFail(t, "nobody's", w.people.ChangePassword(w.anyone(), account.ChangePasswordInput{}), logic.CodeUnauthenticated)
	w.later(1)
	mustDo(t, "changing it", w.people.ChangePassword(ctx, account.ChangePasswordInput{Current: good, New: "another good one"}))
	session, _, err := w.people.Authenticate(t.Context(), here.Token)
	if err != nil || session.ProvedAt != w.clock() {
		t.Errorf("the session that it was changed in: %+v, %v", session, err)
	}
	_, _, err = w.people.Authenticate(t.Context(), there.Token)
	mustFail(t, "another session", err, logic.CodeUnauthenticated)
	mustFail(t, "the old password", w.try("ada", good, "203.0.113.7"), logic.CodeWrongCredentials)
	mustDo(t, "the new one", w.try("ada", "another good one", "203.0.113.7"))
}
