package store

import (
	"context"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
)

// userColumns are those of an account.User.
const userColumns = `account.id, account.username, account.name, account.bio, account.website, account.created_at`

func userID(user account.User) logic.UserID { return user.ID }

// UsersByID returns the users with the given keys, listed or not.
func (r reader) UsersByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]account.User, error) {
	users, err := selectRows[account.User](ctx, r, `/* UsersByID */ SELECT `+userColumns+`
		FROM json_each(?) AS asked CROSS JOIN account WHERE account.id = asked.value`, keyList(ids))
	return byKey(users, userID), err
}

// ListedUser returns the listed user with a username, or NOT_FOUND.
func (r reader) ListedUser(ctx context.Context, username string) (account.User, error) {
	user, err := selectRow[account.User](ctx, r, `/* ListedUser */ SELECT `+userColumns+`
		FROM account WHERE username = ? AND listed = 1`, username)
	return user, orNotFound(err, "user")
}

// ListedUsersByID returns those of the users with the given keys that are listed.
func (r reader) ListedUsersByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]account.User, error) {
	users, err := selectRows[account.User](ctx, r, `/* ListedUsersByID */ SELECT `+userColumns+`
		FROM json_each(?) AS asked CROSS JOIN account WHERE account.id = asked.value AND account.listed = 1`, keyList(ids))
	return byKey(users, userID), err
}

// ListedUsers returns up to Limit+1 listed users of the window, by name.
func (r reader) ListedUsers(ctx context.Context, window logic.Window) ([]account.User, error) {
	ask := listedUsers(window)
	return selectRows[account.User](ctx, r, ask.text.String(), ask.args...)
}

func listedUsers(window logic.Window) *statement {
	part := stretchOf(window, true, cursorText)
	var s statement
	s.add(`/* ListedUsers */ SELECT ` + userColumns + ` FROM account WHERE listed = 1`)
	s.addStretch(part, "sort_key", "id")
	s.addOrder(part, "sort_key", "id", window.Limit+1)
	return &s
}

// CountListedUsers returns how many users are listed.
func (r reader) CountListedUsers(ctx context.Context) (int64, error) {
	return selectRow[int64](ctx, r, `/* CountListedUsers */ SELECT count(*) FROM account WHERE listed = 1`)
}

// AuthorsByUsername returns the users with the given usernames, listed or not, by their usernames.
func (w *writer) AuthorsByUsername(ctx context.Context, usernames []string) (map[string]content.Named[logic.UserID], error) {
	return selectNamed[logic.UserID](ctx, w.reader, `/* AuthorsByUsername */ SELECT account.username AS slug, account.id, account.name
		FROM json_each(?) AS asked CROSS JOIN account WHERE account.username = asked.value`, usernames)
}

// InsertAuthor adds a user who can't sign in. TAKEN (field username) when another has the username.
func (w *writer) InsertAuthor(ctx context.Context, id logic.UserID, username, name string, createdAt logic.Moment) error {
	_, err := w.exec(ctx, `/* InsertAuthor */ INSERT INTO account (id, username, name, sort_key, created_at) VALUES (?, ?, ?, ?, ?)`,
		id, username, name, logic.SortKey(name), createdAt)
	return takenAt(err, "username")
}
