package account_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
)

func TestCanKnow(t *testing.T) {
	listed, hidden := account.User{ID: 1, Listed: true}, account.User{ID: 2}
	reader := logic.Viewer{Limit: logic.AllScopes}
	himself := logic.Viewer{User: 2, Role: logic.RoleReader}
	for _, c := range []struct {
		name           string
		viewer         logic.Viewer
		listed, hidden bool
	}{
		{"nobody, with nothing", logic.Viewer{}, false, false},
		{"a reader", reader, true, false},
		{"oneself, with nothing", himself, false, true},
		{"an author", logic.Viewer{User: 9, Role: logic.RoleAuthor, Limit: logic.AllScopes, SessionLimit: logic.AllScopes}, true, false},
		{"an editor", logic.Viewer{User: 9, Role: logic.RoleEditor, Limit: logic.AllScopes, SessionLimit: logic.AllScopes}, true, true},
		{"an editor by a key that reads posts", logic.Viewer{User: 9, Role: logic.RoleEditor, Limit: logic.ScopesOf(logic.ScopePostsRead), SessionLimit: logic.AllScopes}, true, false},
		{"a key that reads users", logic.Viewer{Secret: true, Limit: logic.ScopesOf(logic.ScopeUsersRead)}, true, true},
		{"the operator", logic.Operator(), true, true},
	} {
		if got := account.CanKnow(c.viewer, listed); got != c.listed {
			t.Errorf("%s knows of an author: %t", c.name, got)
		}
		if got := account.CanKnow(c.viewer, hidden); got != c.hidden {
			t.Errorf("%s knows of somebody else: %t", c.name, got)
		}
	}
	if account.CanKnow(reader, account.User{}) || account.CanSeeEmail(reader, account.User{}) {
		t.Error("nobody is the user without a key")
	}
}

func TestWhatIsSeenOfAPerson(t *testing.T) {
	w := newWorld(t)
	ada, admin := w.add("ada", logic.RoleAuthor), w.add("root", logic.RoleAdmin)
	if _, err := w.people.DeactivateUser(w.operator(), w.add("gone", logic.RoleReader).ID); err != nil {
		t.Fatal(err)
	}
	gone, err := w.people.User(w.operator(), "Gone")
	if err != nil {
		t.Fatal(err)
	}
	for name, ctx := range map[string]struct {
		see   bool
		state bool
		as    string
	}{"ada": {true, false, "ada"}, "root": {true, true, "root"}, "nobody": {}} {
		viewer := w.anyone()
		if ctx.as != "" {
			viewer = w.as(w.signIn(ctx.as).Token)
		}
		if email, role := w.people.Email(viewer, ada), w.people.Role(viewer, ada); (email != nil) != ctx.see || (role != nil) != ctx.see {
			t.Errorf("%s sees %v, %v", name, email, role)
		}
		if at := w.people.DeactivatedAt(viewer, gone); (at != nil) != ctx.state {
			t.Errorf("%s sees %v", name, at)
		}
	}
	if email := w.people.Email(w.as(w.signIn("ada").Token), admin); email != nil {
		t.Errorf("an author sees the email %s of another", *email)
	}
}

func TestReadersKnowOfAuthorsOfWhatTheySee(t *testing.T) {
	w := newWorld(t)
	published := w.imported("Éva Quill", nil)
	draft := w.imported("Dan Draft", func(in *content.PostImport) { in.Draft = true })
	w.imported("Ada Page", func(in *content.PostImport) { in.Kind = content.PostKindPage })
	later := w.imported("Sam Later", func(in *content.PostImport) { in.PublishedAt = start + 1 })
	w.add("rita", logic.RoleReader)
	readers, staff, closed := w.anyone(), w.withScopes(logic.ScopeUsersRead), w.withScopes(logic.ScopeMetricsRead)

	if user, err := w.people.User(readers, "EVA-quill"); err != nil || user.Name != "Éva Quill" || user.ID != published || user.CreatedAt != start {
		t.Errorf("an author of a published post is %+v, %v", user, err)
	}
	for _, username := range []string{"dan-draft", "sam-later", "rita", "nobody", ""} {
		_, err := w.people.User(readers, username)
		mustFail(t, username, err, logic.CodeNotFound)
	}
	if _, err := w.people.User(staff, "dan-draft"); err != nil {
		t.Errorf("with USERS_READ: %v", err)
	}
	if user, err := w.people.User(w.as(w.signIn("rita").Token), "rita"); err != nil || user.Username != "rita" {
		t.Errorf("oneself: %+v, %v", user, err)
	}
	all := []logic.UserID{draft, published, later}
	for _, c := range []struct {
		name  string
		ctx   context.Context
		known int
		names []string
	}{
		{"readers", readers, 1, []string{"Ada Page", "Éva Quill"}},
		{"those with USERS_READ", staff, 3, []string{"Ada Page", "Dan Draft", "Éva Quill", "rita", "Sam Later"}},
		{"those with neither", closed, 0, nil},
	} {
		if got := w.list(c.ctx, nil); !slices.Equal(got, c.names) {
			t.Errorf("%s: the list is %q, want %q", c.name, got, c.names)
		}
		if known, err := w.people.KnownUsersByID(c.ctx, all); err != nil || len(known) != c.known {
			t.Errorf("%s know of %v, %v", c.name, known, err)
		}
	}
	if byID, err := w.people.UsersByID(readers, all); err != nil || len(byID) != 3 {
		t.Errorf("by keys: %v, %v", byID, err)
	}
	if _, err := w.people.Window(logic.PageArgs{First: new(-1)}); logic.CodeOf(err) != logic.CodeInvalid {
		t.Errorf("less than nothing: %v", err)
	}
}

// list returns the names of the whole list of users, in order, two a page.
func (w *world) list(ctx context.Context, filter *account.UserFilter) []string {
	w.t.Helper()
	var names []string
	window := logic.Window{Limit: 2}
	for {
		page, err := w.people.Users(ctx, filter, window)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, user := range page.Items {
			names = append(names, user.Name)
			window.After = new(user.Cursor())
		}
		if have, err := w.people.HaveUsers(ctx, filter, window); have != page.More || err != nil {
			w.t.Errorf("there are more: %t, and still: %t (%v)", page.More, have, err)
		}
		if !page.More {
			break
		}
	}
	if count, err := w.people.CountUsers(ctx, filter); count != int64(len(names)) || err != nil {
		w.t.Errorf("counted %d (%v) of %q", count, err, names)
	}
	return names
}

func TestFiltersOfUsers(t *testing.T) {
	w := newWorld(t)
	w.imported("Éva Quill", nil)
	for _, username := range []string{"ada.lovelace", "grace"} {
		w.add(username, logic.RoleReader)
	}
	w.add("edith", logic.RoleEditor)
	staff := w.withScopes(logic.ScopeUsersRead)
	for _, c := range []struct {
		role  logic.Role
		query string
		want  []string
	}{
		{"", "", []string{"ada.lovelace", "edith", "Éva Quill", "grace"}},
		{"", "  ", []string{"ada.lovelace", "edith", "Éva Quill", "grace"}},
		{logic.RoleReader, "", []string{"ada.lovelace", "grace"}},
		{logic.RoleAdmin, "", nil},
		{"", "EVA", []string{"Éva Quill"}},
		{"", "qui é", []string{"Éva Quill"}},
		{"", "love", []string{"ada.lovelace"}},
		{"", "grace@exam", []string{"grace"}},
		{logic.RoleEditor, "e", []string{"edith"}},
		{"", "ovelace", nil},
		{"", `" NOT "`, nil},
		{"", "...", nil},
	} {
		filter := &account.UserFilter{Query: &c.query}
		if c.role != "" {
			filter.Role = &c.role
		}
		if got := w.list(staff, filter); !slices.Equal(got, c.want) {
			t.Errorf("%s %q: %q, want %q", c.role, c.query, got, c.want)
		}
		if got := w.list(w.anyone(), filter); got != nil {
			t.Errorf("readers filter %q", got)
		}
	}
	if got := w.list(w.anyone(), &account.UserFilter{}); !slices.Equal(got, []string{"Éva Quill"}) {
		t.Errorf("a filter that says nothing: %q", got)
	}
	_, err := w.people.Users(staff, &account.UserFilter{Query: new(strings.Repeat("a ", 101))}, logic.Window{Limit: 1})
	mustFail(t, "a long query", err, logic.CodeTooLong, "filter", "query")
}
