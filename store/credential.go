package store

import (
	"context"
	"strings"

	"headwater/logic"
	"headwater/logic/account"
)

// credentialColumns are those of an account.Credential.
const credentialColumns = userColumns + `, coalesce(account.password, '') AS password`

// CredentialByLogin returns the user with a username, or with an email where there is an @ in it, or NOT_FOUND.
func (r reader) CredentialByLogin(ctx context.Context, login string) (account.Credential, error) {
	credential, err := selectRow[account.Credential](ctx, r, `/* CredentialByLogin */ SELECT `+credentialColumns+`
		FROM account WHERE `+loginColumn(login)+` = ?`, login)
	return credential, orNotFound(err, "user")
}

// loginColumn returns the column of account that a login stands in.
func loginColumn(login string) string {
	if strings.Contains(login, "@") {
		return "email"
	}
	return "username"
}

// CredentialByID returns the user with a key, or NOT_FOUND.
func (r reader) CredentialByID(ctx context.Context, id logic.UserID) (account.Credential, error) {
	credential, err := selectRow[account.Credential](ctx, r, `/* CredentialByID */ SELECT `+credentialColumns+`
		FROM account WHERE id = ?`, id)
	return credential, orNotFound(err, "user")
}

// Token returns what is kept of a token, or NOT_FOUND.
func (r reader) Token(ctx context.Context, hash logic.TokenHash) (account.Token, error) {
	token, err := selectRow[account.Token](ctx, r, `/* Token */ SELECT purpose, user_id, email, username, name, password, expires_at
		FROM account_token WHERE hash = ?`, hash[:])
	return token, orNotFound(err, "token")
}

// CountTokens returns how many tokens of a person are for a purpose and end after the moment.
func (w *writer) CountTokens(ctx context.Context, user logic.UserID, purpose account.Purpose, after logic.Moment) (int, error) {
	return selectRow[int](ctx, w.reader, `/* CountTokens */ SELECT count(*) FROM account_token
		WHERE user_id = ? AND purpose = ? AND expires_at > ?`, user, purpose, after)
}

// InsertToken keeps a token, in place of one with the same hash.
func (w *writer) InsertToken(ctx context.Context, hash logic.TokenHash, token account.Token) error {
	_, err := w.exec(ctx, `/* InsertToken */
		INSERT OR REPLACE INTO account_token (hash, purpose, user_id, email, username, name, password, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		hash[:], token.Purpose, token.UserID, token.Email, token.Username, token.Name, token.Password, token.ExpiresAt)
	return err
}

// DeleteToken takes a token away.
func (w *writer) DeleteToken(ctx context.Context, hash logic.TokenHash) error {
	_, err := w.exec(ctx, `/* DeleteToken */ DELETE FROM account_token WHERE hash = ?`, hash[:])
	return err
}

// DeleteTokensOf takes away all tokens of a person.
func (w *writer) DeleteTokensOf(ctx context.Context, user logic.UserID) error {
	_, err := w.exec(ctx, `/* DeleteTokensOf */ DELETE FROM account_token WHERE user_id = ?`, user)
	return err
}

// DeleteTokensTo takes away all tokens that would give an email to somebody.
func (w *writer) DeleteTokensTo(ctx context.Context, email string) error {
	_, err := w.exec(ctx, `/* DeleteTokensTo */ DELETE FROM account_token WHERE email = ?`, email)
	return err
}
