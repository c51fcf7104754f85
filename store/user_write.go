package store

import (
	"context"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
)

// AuthorsByUsername returns the users with the given usernames, listed or not, by their usernames.
func (w *writer) AuthorsByUsername(ctx context.Context, usernames []string) (map[string]content.Named[logic.UserID], error) {
	return selectNamed[logic.UserID](ctx, w.reader, `/* AuthorsByUsername */ SELECT account.username AS slug, account.id, account.name
		FROM json_each(?) AS asked CROSS JOIN account WHERE account.username = asked.value`, usernames)
}

// InsertAuthor adds a user who can't sign in. TAKEN (field username) when another has the username.
func (w *writer) InsertAuthor(ctx context.Context, id logic.UserID, username, name string, createdAt logic.Moment) error {
	author := account.User{ID: id, Username: username, Name: name, Role: logic.RoleAuthor, CreatedAt: createdAt}
	return takenAt(w.InsertUser(ctx, author, ""), "username")
}

// InsertUser adds a user with a password's hash, empty for none.
func (w *writer) InsertUser(ctx context.Context, user account.User, password string) error {
	w.change(logic.UserThing(user.ID), logic.Users, logic.Usernames)
	_, err := w.exec(ctx, `/* InsertUser */
		INSERT INTO account (id, username, name, sort_key, bio, website, email, role, created_at, password)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, ''))`,
		user.ID, user.Username, user.Name, logic.SortKey(user.Name), user.Bio, user.Website, user.Email, user.Role, user.CreatedAt, password)
	return err
}

// UpdateUser replaces all of a user but the password.
func (w *writer) UpdateUser(ctx context.Context, user account.User) error {
	w.change(logic.UserThing(user.ID), logic.Users, logic.Usernames)
	_, err := w.exec(ctx, `/* UpdateUser */
		UPDATE account SET username = ?, name = ?, sort_key = ?, bio = ?, avatar_id = ?, website = ?, email = ?, role = ?, deactivated_at = ?, erased_at = ?
		WHERE id = ?`,
		user.Username, user.Name, logic.SortKey(user.Name), user.Bio, user.AvatarID, user.Website, user.Email, user.Role,
		user.DeactivatedAt, user.ErasedAt, user.ID)
	return err
}

// SetPassword replaces a password's hash; with the empty one the user can't sign in.
func (w *writer) SetPassword(ctx context.Context, id logic.UserID, password string) error {
	_, err := w.exec(ctx, `/* SetPassword */ UPDATE account SET password = nullif(?, '') WHERE id = ?`, password, id)
	return err
}

// LoginsTaken tells whether someone other than the given user has the username, and whether someone has the email.
func (r reader) LoginsTaken(ctx context.Context, username, email string, but logic.UserID) (account.Taken, error) {
	return selectRow[account.Taken](ctx, r, `/* LoginsTaken */ SELECT
			EXISTS (SELECT 1 FROM account WHERE username = ? AND id <> ?) AS username,
			EXISTS (SELECT 1 FROM account WHERE email = ? AND id <> ?) AS email`,
		username, but, email, but)
}

// OtherAdmins returns how many people other than the given one are active and administer, with a password to sign in with.
func (w *writer) OtherAdmins(ctx context.Context, but logic.UserID) (int64, error) {
	return selectRow[int64](ctx, w.reader, `/* OtherAdmins */ SELECT count(*) FROM account
		WHERE role = ? AND erased_at IS NULL AND deactivated_at IS NULL AND password IS NOT NULL AND id <> ?`, logic.RoleAdmin, but)
}

// IsImage tells whether a file was uploaded, and is an image.
func (r reader) IsImage(ctx context.Context, id logic.MediaID) (bool, error) {
	return selectRow[bool](ctx, r, `/* IsImage */ SELECT EXISTS (SELECT 1 FROM media WHERE id = ? AND width IS NOT NULL)`, id)
}

// unused is the condition that a file is nothing's but one person's picture, whose key stands behind the file's.
const unused = `media.id = ? AND NOT EXISTS (SELECT 1 FROM post_media WHERE post_media.media_id = media.id)
	AND NOT EXISTS (SELECT 1 FROM account WHERE account.avatar_id = media.id AND account.id <> ?)`

// DropAvatar takes away what is said of the file of a person's picture, and notes its contents as strays since ever, unless someone or something
// else has it.
func (w *writer) DropAvatar(ctx context.Context, id logic.MediaID, user logic.UserID) error {
	w.change(logic.MediaThing(id))
	_, err := w.exec(ctx, `/* DropAvatar: strays */ INSERT INTO media_stray (name, since)
		SELECT media.name, 0 FROM media WHERE `+unused+`
		UNION ALL SELECT v.name, 0 FROM media CROSS JOIN media_variant AS v WHERE v.media_id = media.id AND `+unused, id, user, id, user)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `/* DropAvatar */ DELETE FROM media WHERE `+unused, id, user)
	return err
}
