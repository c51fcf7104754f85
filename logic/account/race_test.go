package account_test

import (
	"context"
	"testing"

	"headwater/logic"
	"headwater/logic/account"
)

// interrupted is a store that runs something else just before one of the writes.
type interrupted struct {
	account.Store
	writes int // until then
	run    func()
}

func (s *interrupted) Write(ctx context.Context, fn func(account.Writer) error) error {
	s.writes--
	if s.writes == 0 {
		s.run()
	}
	return s.Store.Write(ctx, fn)
}

// interrupting returns the domain with run before its nth write.
func (w *world) interrupting(n int, run func()) *account.Service {
	return account.New(&interrupted{w.store.Account(), n, run}, w.clock, w.store.Keys(), w.options)
}

// What was proved before a write holds only as long as nothing has changed meanwhile.
func TestWhoeverWasShutOutMeanwhileChangesNothing(t *testing.T) {
	const proofs = 2 // writes that count the try and take it back
	for name, meanwhile := range map[string]func(w *world, ada account.Grant) error{
		"a new password by mail": func(w *world, _ account.Grant) error {
			mustDo(t, "asking", w.people.RequestPasswordReset(w.from("198.51.100.1"), "ada"))
			_, err := w.people.ResetPassword(w.anyone(), account.ResetPasswordInput{Token: w.token("ada@example.org"), Password: "the owner's new one"})
			return err
		},
		"a new password in the same session": func(w *world, ada account.Grant) error {
			return w.people.ChangePassword(w.as(ada.Token), account.ChangePasswordInput{Current: good, New: "the owner's new one"})
		},
		"deactivated": func(w *world, ada account.Grant) error {
			_, err := w.people.DeactivateUser(w.operator(), ada.User.ID)
			return err
		},
		"erased": func(w *world, ada account.Grant) error {
			_, err := w.people.EraseUser(w.operator(), ada.User.ID)
			return err
		},
		"revoked": func(w *world, ada account.Grant) error {
			_, err := w.people.RevokeSession(w.as(ada.Token), ada.Session.ID)
			return err
		},
	} {
		for what, change := range map[string]func(people *account.Service, ctx context.Context) error{
			"a password": func(people *account.Service, ctx context.Context) error {
				return people.ChangePassword(ctx, account.ChangePasswordInput{Current: good, New: "the thief's new one"})
			},
			"a profile": func(people *account.Service, ctx context.Context) error {
				_, err := people.UpdateProfile(ctx, account.ProfileChange{Name: new("Countess"), Email: new("new@example.org"), Password: new(good)})
				return err
			},
		} {
			w := newWorld(t)
			w.add("ada", logic.RoleReader)
			ada, before := w.signIn("ada"), proofs
			if what == "a profile" {
				before += 2 // that count who asks for mail, and whom it goes to
			}
			people := w.interrupting(before+1, func() { mustDo(t, name, meanwhile(w, ada)) })
			mustFail(t, what+", "+name, change(people, w.as(ada.Token)), logic.CodeUnauthenticated)
			mustFail(t, name+": the thief's password", w.try("ada", "the thief's new one", "198.51.100.1"), logic.CodeWrongCredentials)
			users, err := w.people.UsersByID(w.operator(), []logic.UserID{ada.User.ID})
			if user := users[ada.User.ID]; err != nil || user.Name == "Countess" {
				t.Errorf("%s: the person is %+v (%v)", name, user, err)
			}
		}
	}
}

// A link that was on its way when its person was deactivated is stored after all others were taken away.
func TestNobodyChoosesAPasswordWhoIsDeactivated(t *testing.T) {
	w := newWorld(t)
	ada := w.add("ada", logic.RoleReader)
	_, err := w.people.DeactivateUser(w.operator(), ada.ID)
	mustDo(t, "deactivating", err)
	token, hash := logic.NewToken(logic.TokenReset)
	w.write(func(writer account.Writer) error {
		return writer.InsertToken(t.Context(), hash, account.Token{Purpose: account.PurposeReset, UserID: &ada.ID, ExpiresAt: start + 1})
	})
	_, err = w.people.ResetPassword(w.anyone(), account.ResetPasswordInput{Token: token, Password: "another good one"})
	mustFail(t, "a password", err, logic.CodeExpired, "token")
}

func TestTheErasedGetNoPassword(t *testing.T) {
	w := newWorld(t)
	ada := w.add("ada", logic.RoleReader)
	people := w.interrupting(1, func() {
		_, err := w.people.EraseUser(w.operator(), ada.ID)
		mustDo(t, "erasing", err)
	})
	_, err := people.SetPassword(w.operator(), "ada", good)
	mustFail(t, "a password", err, logic.CodeNotFound, "username")
	if credential, err := w.store.Account().CredentialByID(t.Context(), ada.ID); err != nil || credential.Password != "" {
		t.Errorf("the erased has the password %q (%v)", credential.Password, err)
	}
}
