package store

import (
	"testing"

	"headwater/logic"
	"headwater/logic/account"
)

func TestEveryStatementOfPeopleUsesAnIndex(t *testing.T) {
	s := openTest(t)
	mustAddNames(t, s, 0, 3)
	ctx := t.Context()
	_, hash := logic.NewToken(logic.TokenSession)
	user := account.User{ID: 7, Username: "ada", Name: "Ada", Role: logic.RoleAdmin, CreatedAt: testNow}
	session := account.Session{ID: 1, UserID: user.ID, CreatedAt: testNow, LastSeenAt: testNow}
	seen := checkPlans(t, s, func(r reader, w *writer) {
		for _, err := range []error{
			w.InsertUser(ctx, user, "hash"), w.UpdateUser(ctx, user), second(r.IsImage(ctx, 7)), w.DropAvatar(ctx, 7, user.ID), w.SetPassword(ctx, user.ID, "other"),
			second(r.UserByUsername(ctx, "ada")), second(r.UsersByID(ctx, []logic.UserID{user.ID})), second(r.UserNamesByID(ctx, []logic.UserID{user.ID})),
			second(w.AuthorsByUsername(ctx, []string{"ada"})),
			second(r.NameableAuthors(ctx, []logic.UserID{user.ID})),
			second(r.UserPage(ctx, account.UserQuery{})), second(r.CountUsers(ctx, account.UserQuery{})),
			second(w.LoginsTaken(ctx, "ada", "ada@example.org", 0)), second(w.OtherAdmins(ctx, 0)),
			second(r.CredentialByLogin(ctx, "ada")), second(r.CredentialByID(ctx, user.ID)), second(r.Secret(ctx)),
			w.InsertToken(ctx, hash, account.Token{Purpose: account.PurposeReset, UserID: &user.ID}), second(r.Token(ctx, hash)),
			w.DeleteToken(ctx, hash), w.DeleteTokensOf(ctx, user.ID), w.DeleteTokensTo(ctx, "ada@example.org"),
			w.InsertSession(ctx, session, hash, 100), second(r.SessionsOf(ctx, user.ID, 100)),
			second(r.SessionsByID(ctx, []logic.SessionID{1})), w.ProveSession(ctx, 1, testNow),
			w.SeeSessions(ctx, map[logic.SessionID]logic.Moment{1: testNow + 1}),
			w.SetTried(ctx, "subject", account.Tried{Failures: 1, LastAt: testNow}), second(w.TriesOf(ctx, []string{"subject"})),
			w.SetTried(ctx, "subject", account.Tried{}), second(r.KnowsNetwork(ctx, user.ID, "network")),
			second(w.CountTokens(ctx, user.ID, account.PurposeReset, testNow)), w.KnowNetwork(ctx, user.ID, "network", testNow, 20),
			w.ForgetNetworks(ctx, user.ID), w.Prune(ctx, account.Horizon{MostSignUps: 1, MostTries: 1}),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		if got, _, err := r.SessionByToken(ctx, hash); err != nil || got.LastSeenAt != testNow+1 || got.ProvedAt != testNow {
			t.Errorf("the session is %+v (%v)", got, err)
		}
		for _, err := range []error{w.DeleteSession(ctx, 1), w.DeleteSessionsOf(ctx, user.ID, 2)} {
			if err != nil {
				t.Error(err)
			}
		}
	})
	mustHaveAll(t, seen, "user*.go", "session.go", "credential.go", "try.go")
	mustStep(t, seen, "SessionByToken", "SEARCH session USING INDEX sqlite_autoindex_session_1 (token_hash=?)")
	mustStep(t, seen, "OtherAdmins", "SEARCH account USING INDEX account_by_role (role=?)")
}

func TestPagesOfUsersUseTheIndexOfTheirOrder(t *testing.T) {
	s := openTest(t)
	place := &logic.Cursor{Text: "m", Key: 7}
	for _, list := range []struct {
		query account.UserQuery
		step  string
	}{
		{account.UserQuery{Listed: true}, "SEARCH account USING INDEX account_by_name (listed=?"},
		{account.UserQuery{}, "SEARCH account USING INDEX account_by_sort_key (shown=?"},
		{account.UserQuery{Role: logic.RoleEditor}, "SEARCH account USING INDEX account_by_role (role=?"},
		{account.UserQuery{Words: []string{"a"}}, "SEARCH account USING INTEGER PRIMARY KEY (rowid=?)"},
		{account.UserQuery{Words: []string{"a"}, Role: logic.RoleEditor}, "SEARCH account USING INTEGER PRIMARY KEY (rowid=?)"},
	} {
		for _, window := range []logic.Window{{}, {After: place}, {Before: place, Backward: true}, {After: place, Before: place}} {
			list.query.Window = window
			seen := checkPlans(t, s, func(r reader, _ *writer) {
				if _, err := r.UserPage(t.Context(), list.query); err != nil {
					t.Error(err)
				}
				if _, err := r.CountUsers(t.Context(), list.query); err != nil {
					t.Error(err)
				}
			})
			mustStep(t, seen, "UserPage", list.step)
		}
	}
}
