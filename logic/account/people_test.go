package account_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
)

// changes are all that can be done to another person.
var changes = map[string]func(w *world, ctx context.Context, id logic.UserID) error{
	"update": func(w *world, ctx context.Context, id logic.UserID) error {
		_, err := w.people.UpdateUser(ctx, id, account.UserChange{Bio: logic.TextChange{Given: true, Value: new("Wrote a note.")}})
		return err
	},
	"invite": func(w *world, ctx context.Context, id logic.UserID) error {
		_, err := w.people.InviteUser(ctx, id)
		return err
	},
	"role": func(w *world, ctx context.Context, id logic.UserID) error {
		_, err := w.people.SetUserRole(ctx, id, logic.RoleReader)
		return err
	},
	"deactivate": func(w *world, ctx context.Context, id logic.UserID) error {
		_, err := w.people.DeactivateUser(ctx, id)
		return err
	},
	"reactivate": func(w *world, ctx context.Context, id logic.UserID) error {
		_, err := w.people.ReactivateUser(ctx, id)
		return err
	},
	"erase": func(w *world, ctx context.Context, id logic.UserID) error {
		_, err := w.people.EraseUser(ctx, id)
		return err
	},
}

func TestWhoMayChangeOthers(t *testing.T) {
	w := newWorld(t)
	w.add("root", logic.RoleAdmin)
	for _, role := range []logic.Role{logic.RoleReader, logic.RoleAuthor, logic.RoleEditor} {
		w.add("the-"+string(role), role)
	}
	n := 0
	for name, change := range changes {
		for _, c := range []struct {
			who  string
			ctx  context.Context
			code logic.Code // empty where it is done
			of   logic.Role
		}{
			{"nobody", w.anyone(), logic.CodeForbidden, logic.RoleReader},
			{"a reader", w.as(w.signIn("the-reader").Token), logic.CodeForbidden, logic.RoleReader},
			{"an author", w.as(w.signIn("the-author").Token), logic.CodeForbidden, logic.RoleReader},
			{"an editor", w.as(w.signIn("the-editor").Token), logic.CodeForbidden, logic.RoleReader},
			{"an admin", w.as(w.signIn("root").Token), "", logic.RoleAdmin},
			{"the operator", w.operator(), "", logic.RoleAdmin},
			{"a key that writes users", w.withScopes(logic.ScopeUsersWrite), logic.CodeForbidden, logic.RoleReader},
			{"a key that writes users, and all that readers may", w.withScopes(logic.ScopeUsersWrite, logic.ScopePostsRead, logic.ScopeMetricsWrite), "", logic.RoleReader},
			{"the same key, of an author", w.withScopes(logic.ScopeUsersWrite, logic.ScopePostsRead, logic.ScopeMetricsWrite), logic.CodeForbidden, logic.RoleAuthor},
		} {
			n++
			err := change(w, c.ctx, w.add(fmt.Sprintf("user-%d", n), c.of).ID)
			if c.code == "" {
				mustDo(t, c.who+": "+name, err)
			} else {
				mustFail(t, c.who+": "+name, err, c.code)
			}
		}
		mustFail(t, name+" nobody", change(w, w.operator(), 42), logic.CodeNotFound, "id")
	}
}

func TestNobodyGivesMoreThanTheyHave(t *testing.T) {
	w := newWorld(t)
	reader := w.add("rita", logic.RoleReader)
	readers := logic.RoleReader.Scopes().List()
	key := w.withScopes(append(readers, logic.ScopeUsersWrite)...)
	for _, role := range []logic.Role{logic.RoleAuthor, logic.RoleEditor, logic.RoleAdmin} {
		_, err := w.people.SetUserRole(key, reader.ID, role)
		mustFail(t, "making somebody "+string(role), err, logic.CodeForbidden)
		_, err = w.people.CreateUser(key, account.CreateUserInput{Username: "new", Email: "new@example.org", Role: role})
		mustFail(t, "making an "+string(role), err, logic.CodeForbidden)
	}
	_, err := w.people.CreateUser(key, account.CreateUserInput{Username: "new", Email: "new@example.org", Role: logic.RoleReader})
	mustDo(t, "making a reader", err)
	_, err = w.people.SetUserRole(w.operator(), reader.ID, "OWNER")
	mustFail(t, "no role", err, logic.CodeInvalid, "role")
	_, err = w.people.SetPassword(key, "rita", good)
	mustFail(t, "the password of another", err, logic.CodeForbidden)
	admin := w.add("root", logic.RoleAdmin)
	_, err = w.people.SetPassword(w.as(w.signIn("root").Token), "rita", good)
	mustFail(t, "the password of another, by an admin", err, logic.CodeForbidden)
	user, err := w.people.SetPassword(w.operator(), "Root", "another good one")
	if err != nil || user.ID != admin.ID {
		t.Errorf("on the command line: %+v, %v", user, err)
	}
	mustDo(t, "signing in with it", w.try("root", "another good one", "203.0.113.7"))
	_, err = w.people.SetPassword(w.operator(), "nobody", good)
	mustFail(t, "the password of nobody", err, logic.CodeNotFound, "username")
	_, err = w.people.SetPassword(w.operator(), "root", "root")
	mustFail(t, "a weak one", err, logic.CodeWeakPassword, "password")
}

func TestChangingOthersNeedsAFreshPassword(t *testing.T) {
	w := newWorld(t)
	w.add("root", logic.RoleAdmin)
	rita := w.add("rita", logic.RoleReader)
	grant := w.signIn("root")
	w.later(time.Hour)
	mustDo(t, "after an hour", changes["update"](w, w.as(grant.Token), rita.ID))
	w.later(time.Millisecond)
	for name, change := range changes {
		mustFail(t, name+" later", change(w, w.as(grant.Token), rita.ID), logic.CodeUnauthenticated)
	}
	ctx := w.as(grant.Token)
	mustDo(t, "giving it again", w.people.ChangePassword(ctx, account.ChangePasswordInput{Current: good, New: "another good one"}))
	mustDo(t, "in the same request", changes["update"](w, ctx, rita.ID))
	mustDo(t, "in the next request", changes["update"](w, w.as(grant.Token), rita.ID))
}

func TestSomeoneAlwaysAdministers(t *testing.T) {
	w := newWorld(t)
	lasting := []string{"role", "deactivate", "erase"}
	for _, name := range lasting {
		invited, err := w.people.CreateUser(w.operator(), account.CreateUserInput{Username: name, Email: name + "@example.org", Role: logic.RoleAdmin})
		mustDo(t, "one who can't sign in", err)
		mustDo(t, name+" one who can't, where nobody can", changes[name](w, w.operator(), invited.ID))
	}
	first := w.add("root", logic.RoleAdmin)
	for _, name := range lasting {
		mustFail(t, name+" the only one", changes[name](w, w.operator(), first.ID), logic.CodeInvalid, "id")
	}
	_, err := w.people.CreateUser(w.operator(), account.CreateUserInput{Username: "later", Email: "later@example.org", Role: logic.RoleAdmin})
	mustDo(t, "one who can't sign in", err)
	mustFail(t, "with one who can't sign in", changes["erase"](w, w.operator(), first.ID), logic.CodeInvalid, "id")
	second := w.add("second", logic.RoleAdmin)
	mustDo(t, "one of two", changes["deactivate"](w, w.operator(), first.ID))
	mustFail(t, "with one who is deactivated", changes["role"](w, w.operator(), second.ID), logic.CodeInvalid, "id")
	mustDo(t, "one who is deactivated", changes["erase"](w, w.operator(), first.ID))
	w.as(w.signIn("second").Token)
}

func TestChangesCountFromTheNextRequest(t *testing.T) {
	w := newWorld(t)
	ada := w.add("ada", logic.RoleEditor)
	grant := w.signIn("ada")
	_, err := w.people.SetUserRole(w.operator(), ada.ID, logic.RoleReader)
	mustDo(t, "the role", err)
	if viewer := logic.ViewerFrom(w.as(grant.Token)); viewer.Role != logic.RoleReader || viewer.May(logic.ScopeUsersRead) {
		t.Errorf("the next request is for %+v", viewer)
	}
	_, err = w.people.DeactivateUser(w.operator(), ada.ID)
	mustDo(t, "deactivating", err)
	_, _, err = w.people.Authenticate(t.Context(), grant.Token)
	mustFail(t, "the next request", err, logic.CodeUnauthenticated)
	mustFail(t, "signing in", w.try("ada", good, "203.0.113.7"), logic.CodeWrongCredentials)
	user, err := w.people.ReactivateUser(w.operator(), ada.ID)
	if err != nil || user.DeactivatedAt != nil {
		t.Errorf("%+v, %v", user, err)
	}
	_, _, err = w.people.Authenticate(t.Context(), grant.Token)
	mustFail(t, "the session of before", err, logic.CodeUnauthenticated)
	mustDo(t, "signing in again", w.try("ada", good, "203.0.113.7"))
}

func TestWhoChangesThemselvesIsChangedAtOnce(t *testing.T) {
	w := newWorld(t)
	w.add("other", logic.RoleAdmin)
	root := w.add("root", logic.RoleAdmin)
	ctx := w.as(w.signIn("root").Token)
	_, err := w.people.SetUserRole(ctx, root.ID, logic.RoleAuthor)
	mustDo(t, "the role", err)
	if viewer := logic.ViewerFrom(ctx); viewer.Role != logic.RoleAuthor || viewer.User != root.ID {
		t.Errorf("the rest of the request is for %+v", viewer)
	}
	_, err = w.people.SetUserRole(ctx, root.ID, logic.RoleAdmin)
	mustFail(t, "taking it back", err, logic.CodeForbidden)

	ctx = w.as(w.signIn("other").Token)
	w.add("third", logic.RoleAdmin)
	_, err = w.people.DeactivateUser(ctx, logic.ViewerFrom(ctx).User)
	if viewer := logic.ViewerFrom(ctx); err != nil || viewer.User != 0 || viewer.Session != 0 {
		t.Errorf("the rest of the request is for %+v (%v)", viewer, err)
	}
}

func TestErasing(t *testing.T) {
	w := newWorld(t)
	id := w.imported("Ada Lovelace", nil)
	_, err := w.people.UpdateUser(w.operator(), id, account.UserChange{
		Email: new("ada@example.org"), Bio: logic.TextChange{Given: true, Value: new("Countess.")},
		Website: logic.TextChange{Given: true, Value: new("https://ada.example.org")},
	})
	mustDo(t, "a profile", err)
	_, err = w.people.SetPassword(w.operator(), "ada-lovelace", good)
	mustDo(t, "a password", err)
	grant := w.signIn("ada-lovelace")
	w.write(func(writer account.Writer) error { return writer.KnowNetwork(t.Context(), id, "a network", start, 20) })
	mustDo(t, "asking for a reset", w.people.RequestPasswordReset(w.anyone(), "ada-lovelace"))
	reset := w.token("ada@example.org")

	erased, err := w.people.EraseUser(w.operator(), id)
	if err != nil || erased != id {
		t.Fatal(err)
	}
	users, err := w.people.UsersByID(w.anyone(), []logic.UserID{id})
	if err != nil {
		t.Fatal(err)
	}
	user := users[id]
	if knows, err := w.store.Account().KnowsNetwork(t.Context(), id, "a network"); err != nil || knows {
		t.Errorf("it is kept where the erased signed in from: %t, %v", knows, err)
	}
	if user.Name != "Former author" || user.Bio != "" || user.Website != nil || user.Email != nil || *user.ErasedAt != start || !user.Listed {
		t.Errorf("what is left is %+v", user)
	}
	_, _, err = w.people.Authenticate(t.Context(), grant.Token)
	mustFail(t, "the session", err, logic.CodeUnauthenticated)
	_, err = w.people.ResetPassword(w.anyone(), account.ResetPasswordInput{Token: reset, Password: good})
	mustFail(t, "the reset", err, logic.CodeExpired, "token")
	mustFail(t, "signing in", w.try("ada-lovelace", good, "203.0.113.7"), logic.CodeWrongCredentials)
	for _, query := range []string{"ada", "lovelace", "example"} {
		if found := w.list(w.operator(), &account.UserFilter{Query: &query}); found != nil {
			t.Errorf("%s finds %q", query, found)
		}
	}
	if role := w.people.Role(w.operator(), user); role != nil {
		t.Errorf("an erased person is still %s", *role)
	}
	for name, change := range changes {
		mustFail(t, name+" after it", change(w, w.operator(), id), logic.CodeInvalid, "id")
	}
	_, err = w.people.SetPassword(w.operator(), user.Username, good)
	mustFail(t, "a password after it", err, logic.CodeNotFound, "username")

	posts := content.New(w.store.Content(), w.clock, w.store.Keys(), content.Options{})
	post, err := posts.Post(w.anyone(), "by-ada-lovelace")
	if err != nil || !slices.Equal(post.AuthorIDs, []logic.UserID{id}) {
		t.Errorf("the post is %+v, %v", post, err)
	}
	if names := w.list(w.anyone(), nil); !slices.Equal(names, []string{"Former author"}) {
		t.Errorf("readers see %q", names)
	}
	rita := w.add("rita", logic.RoleReader)
	_, err = w.people.EraseUser(w.operator(), rita.ID)
	mustDo(t, "erasing a reader", err)
	if names := w.list(w.operator(), nil); !slices.Equal(names, []string{"Former author"}) {
		t.Errorf("the operator sees %q", names)
	}
	w.add("ada-lovelace", logic.RoleReader)
}

func TestUpdatingUsers(t *testing.T) {
	w := newWorld(t)
	ada := w.add("ada", logic.RoleReader)
	w.add("grace", logic.RoleReader)
	user, err := w.people.UpdateUser(w.operator(), ada.ID, account.UserChange{
		Username: new(" Countess "), Name: new(" Ada "), Email: new("Countess@example.org"),
		Bio: logic.TextChange{Given: true, Value: new("Writes.")}, Website: logic.TextChange{Given: true, Value: new("https://example.org")},
	})
	if err != nil || user.Username != "countess" || user.Name != "Ada" || *user.Email != "countess@example.org" || user.Bio != "Writes." {
		t.Errorf("%+v, %v", user, err)
	}
	stored, err := w.people.User(w.operator(), "countess")
	if err != nil || *stored.Website != "https://example.org" || stored.Role != logic.RoleReader {
		t.Errorf("%+v, %v", stored, err)
	}
	user, err = w.people.UpdateUser(w.operator(), ada.ID, account.UserChange{Bio: logic.TextChange{Given: true}, Website: logic.TextChange{Given: true}})
	if err != nil || user.Bio != "" || user.Website != nil || user.Name != "Ada" {
		t.Errorf("cleared: %+v, %v", user, err)
	}
	for field, change := range map[string]account.UserChange{
		"username": {Username: new("grace")}, "email": {Email: new("GRACE@example.org")},
	} {
		_, err := w.people.UpdateUser(w.operator(), ada.ID, change)
		mustFail(t, field, err, logic.CodeTaken, field)
	}
	_, err = w.people.UpdateUser(w.operator(), ada.ID, account.UserChange{Website: logic.TextChange{Given: true, Value: new("javascript:alert(1)")}})
	mustFail(t, "a website", err, logic.CodeInvalid, "website")

	mustDo(t, "asking for a reset", w.people.RequestPasswordReset(w.anyone(), "countess"))
	reset := w.token("countess@example.org")
	_, err = w.people.UpdateUser(w.operator(), ada.ID, account.UserChange{Email: new("ada@example.org")})
	mustDo(t, "another email", err)
	_, err = w.people.ResetPassword(w.anyone(), account.ResetPasswordInput{Token: reset, Password: good})
	mustFail(t, "the token that went to the old one", err, logic.CodeExpired, "token")
}

func TestAnImportedNameThatIsNoUsernameStays(t *testing.T) {
	w := newWorld(t)
	id := w.imported("村上春樹", nil)
	user, err := w.people.UpdateUser(w.operator(), id, account.UserChange{Name: new("Haruki Murakami")})
	if err != nil || user.Name != "Haruki Murakami" {
		t.Errorf("%+v, %v", user, err)
	}
	_, err = w.people.UpdateUser(w.operator(), id, account.UserChange{Email: new("haruki@example.org")})
	mustDo(t, "an email", err)
	_, err = w.people.InviteUser(w.operator(), id)
	mustDo(t, "an invitation", err)
	_, err = w.people.ResetPassword(w.anyone(), account.ResetPasswordInput{Token: w.token("haruki@example.org"), Password: good})
	mustDo(t, "a password", err)
	mustDo(t, "signing in", w.try(user.Username, good, "203.0.113.7"))
	_, err = w.people.UpdateUser(w.operator(), id, account.UserChange{Username: new("樹春上村")})
	mustFail(t, "another such username", err, logic.CodeInvalid, "username")
}
