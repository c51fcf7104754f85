package store

import (
	"context"
	"strings"

	"headwater/logic"
	"headwater/logic/account"
)

// userColumns are those of an account.User.
const userColumns = `account.id, account.username, account.name, account.bio, account.avatar_id, account.website, account.created_at,
	account.email, account.role, account.deactivated_at, account.erased_at, account.listed`

func userID(user account.User) logic.UserID { return user.ID }

// UserByUsername returns the user with a username, or NOT_FOUND.
func (r reader) UserByUsername(ctx context.Context, username string) (account.User, error) {
	user, err := selectRow[account.User](ctx, r, `/* UserByUsername */ SELECT `+userColumns+` FROM account WHERE username = ?`, username)
	return user, orNotFound(err, "user")
}

// UsersByID returns the users with the given keys.
func (r reader) UsersByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]account.User, error) {
	users, err := selectRows[account.User](ctx, r, `/* UsersByID */ SELECT `+userColumns+`
		FROM json_each(?) AS asked CROSS JOIN account WHERE account.id = asked.value`, keyList(ids))
	return byKey(users, userID), err
}

// UserNamesByID returns the users with the given keys, of whom nothing but the key, the username and the name is read.
func (r reader) UserNamesByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]account.User, error) {
	users := make(map[logic.UserID]account.User, len(ids))
	err := r.rows(ctx, `/* UserNamesByID */ SELECT account.id, account.username, account.name
		FROM json_each(?) AS asked CROSS JOIN account WHERE account.id = asked.value`, []any{keyList(ids)}, func(row *row) error {
		user := account.User{ID: logic.UserID(row.int()), Username: row.text(), Name: row.text()}
		users[user.ID] = user
		return row.err
	})
	return users, err
}

// UserPage returns up to Window.Limit+1 users, by name.
func (r reader) UserPage(ctx context.Context, query account.UserQuery) ([]account.User, error) {
	ask := userPage(query)
	return selectRows[account.User](ctx, r, ask.text.String(), ask.args...)
}

func userPage(query account.UserQuery) *statement {
	part := stretchOf(query.Window, true, cursorText)
	var s statement
	s.add(`/* UserPage */ SELECT ` + userColumns)
	s.addUsers(query)
	s.addStretch(part, "account.sort_key", "account.id")
	s.addOrder(part, "account.sort_key", "account.id", query.Window.Limit+1)
	return &s
}

// CountUsers returns how many users match query, whatever its window.
func (r reader) CountUsers(ctx context.Context, query account.UserQuery) (int64, error) {
	var s statement
	s.add(`/* CountUsers */ SELECT count(*)`)
	s.addUsers(query)
	return selectRow[int64](ctx, r, s.text.String(), s.args...)
}

// addUsers adds where users stand and which of them match. Each of the three lists has an index in the order of names; with
// words, what they are found in is put in order.
func (s *statement) addUsers(query account.UserQuery) {
	if len(query.Words) > 0 {
		s.add(` FROM account_search CROSS JOIN account WHERE account_search MATCH ? AND account.id = account_search.rowid AND `,
			beginnings(query.Words))
	} else {
		s.add(` FROM account WHERE `)
	}
	switch {
	case query.Listed:
		s.add(`account.listed = 1`)
	case query.Role != "":
		s.add(`account.erased_at IS NULL`)
	default:
		s.add(`account.shown = 1`)
	}
	if query.Role != "" {
		s.add(` AND account.role = ?`, query.Role)
	}
}

// beginnings returns what the full-text search is asked for words that begin as given.
func beginnings(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = `"` + strings.ReplaceAll(word, `"`, `""`) + `"*`
	}
	return strings.Join(quoted, " ")
}

// NameableAuthors tells which of the users are there and not erased.
func (r reader) NameableAuthors(ctx context.Context, ids []logic.UserID) (map[logic.UserID]bool, error) {
	found, err := selectRows[logic.UserID](ctx, r, `/* NameableAuthors */ SELECT account.id
		FROM json_each(?) AS asked CROSS JOIN account WHERE account.id = asked.value AND account.erased_at IS NULL`, keyList(ids))
	nameable := make(map[logic.UserID]bool, len(found))
	for _, id := range found {
		nameable[id] = true
	}
	return nameable, err
}
