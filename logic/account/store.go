package account

import (
	"context"

	"headwater/logic"
)

// Store is what the domain needs of storage.
type Store interface {
	Reader
	logic.Transactor[Writer]
	// Erase makes that what was taken away can't be read from the disk any more. Where readers are in the way it does nothing.
	Erase(ctx context.Context) error
}

// Reader is what the domain needs of storage to read. Whoever is asked for by one key or name and is not there is NOT_FOUND; from
// a map they are missing. No read decides who may see what.
type Reader interface {
	UserByUsername(ctx context.Context, username string) (User, error)
	UsersByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]User, error)
	// UserNamesByID reads of users nothing but ID, Username and Name.
	UserNamesByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]User, error)
	// UserPage returns up to Window.Limit+1 users, by logic.SortKey of their names.
	UserPage(ctx context.Context, query UserQuery) ([]User, error)
	// CountUsers returns how many users match query, whatever its window.
	CountUsers(ctx context.Context, query UserQuery) (int64, error)
	// ArchivedUsers returns up to limit people behind the one with a key, in the order of their keys.
	ArchivedUsers(ctx context.Context, after logic.UserID, limit int) ([]ArchivedUser, error)
	// LoginsTaken tells whether anyone but the given person, zero for nobody, has the username, and whether anyone has the email.
	LoginsTaken(ctx context.Context, username, email string, but logic.UserID) (Taken, error)

	// CredentialByLogin finds a person by email where there is an @ in login, else by username.
	CredentialByLogin(ctx context.Context, login string) (Credential, error)
	CredentialByID(ctx context.Context, id logic.UserID) (Credential, error)
	Token(ctx context.Context, hash logic.TokenHash) (Token, error)

	// SessionByToken returns the session with a token's hash and whose it is, in one statement. Here and below, ExpiresAt is not set.
	SessionByToken(ctx context.Context, hash logic.TokenHash) (Session, User, error)
	// SessionsOf returns up to limit sessions of a person, newest first.
	SessionsOf(ctx context.Context, user logic.UserID, limit int) ([]Session, error)
	SessionsByID(ctx context.Context, ids []logic.SessionID) (map[logic.SessionID]Session, error)

	// IsImage tells whether a file was uploaded, and is an image.
	IsImage(ctx context.Context, id logic.MediaID) (bool, error)

	// KnowsNetwork tells whether a person, zero for nobody, signed in from a network.
	KnowsNetwork(ctx context.Context, user logic.UserID, network string) (bool, error)
	// Secret is what logins and networks are hashed with; it stays the same for good.
	Secret(ctx context.Context) ([]byte, error)
}

// Writer is what the domain needs of storage to change what is there.
type Writer interface {
	Reader

	// InsertUser adds a user with a password's hash, empty for none.
	InsertUser(ctx context.Context, user User, password string) error
	// InsertArchivedUsers adds people without a password.
	InsertArchivedUsers(ctx context.Context, users []ArchivedUser) error
	// UpdateUser replaces all of a user but Listed and the password.
	UpdateUser(ctx context.Context, user User) error
	// TouchContent says that readers may see another site than before.
	TouchContent(ctx context.Context, now logic.Moment) error
	// DropAvatar takes away the file of a person's picture unless someone or something else has it.
	DropAvatar(ctx context.Context, id logic.MediaID, user logic.UserID) error
	// SetPassword replaces a password's hash, empty for none.
	SetPassword(ctx context.Context, id logic.UserID, password string) error
	// OtherAdmins returns how many people other than the given one are active, administer, and have a password.
	OtherAdmins(ctx context.Context, but logic.UserID) (int64, error)

	// CountTokens returns how many tokens of a person, zero for nobody, are for a purpose and end after the moment.
	CountTokens(ctx context.Context, user logic.UserID, purpose Purpose, after logic.Moment) (int, error)
	// InsertToken keeps a token, in place of one with the same hash.
	InsertToken(ctx context.Context, hash logic.TokenHash, token Token) error
	DeleteToken(ctx context.Context, hash logic.TokenHash) error
	// DeleteTokensOf takes away all that was sent to a person by mail.
	DeleteTokensOf(ctx context.Context, user logic.UserID) error
	// DeleteTokensTo takes away what would give an email to somebody, sign-ups among it.
	DeleteTokensTo(ctx context.Context, email string) error

	// InsertSession adds a session, and takes away those of the same person that are older than the newest keep.
	InsertSession(ctx context.Context, session Session, hash logic.TokenHash, keep int) error
	// ProveSession notes when the password was last given in a session.
	ProveSession(ctx context.Context, id logic.SessionID, at logic.Moment) error
	// SeeSessions notes when sessions were last used.
	SeeSessions(ctx context.Context, seen map[logic.SessionID]logic.Moment) error
	DeleteSession(ctx context.Context, id logic.SessionID) error
	// DeleteSessionsOf ends all sessions of a person but one, zero for none.
	DeleteSessionsOf(ctx context.Context, user logic.UserID, but logic.SessionID) error

	// TriesOf returns how often the subjects failed; one that never did is missing from the map.
	TriesOf(ctx context.Context, subjects []string) (map[string]Tried, error)
	// SetTried notes how often a subject failed, and forgets one that never did.
	SetTried(ctx context.Context, subject string, tried Tried) error
	// KnowNetwork notes that a person signed in from a network, and forgets those that are older than the latest keep.
	KnowNetwork(ctx context.Context, user logic.UserID, network string, at logic.Moment, keep int) error
	// ForgetNetworks forgets where a person signed in from.
	ForgetNetworks(ctx context.Context, user logic.UserID) error

	// Prune takes away what had its time.
	Prune(ctx context.Context, before Horizon) error
}

// UserQuery asks for a part of the list of users.
type UserQuery struct {
	// Listed narrows the list to authors of published posts. The whole list has them, and all who are not erased.
	Listed bool
	// Role narrows it to a role; empty does not.
	Role logic.Role
	// Words narrows it to those of whom each of the words begins a word of the username, the name or the email.
	Words  []string
	Window logic.Window
}

// Taken tells which logins belong to somebody else.
type Taken struct{ Username, Email bool }

// Credential is a user with the hash of the password, empty for one who can't sign in.
type Credential struct {
	User
	Password string
}

// Purpose is what a token is for.
type Purpose string

// The purposes of tokens that are sent by mail.
const (
	PurposeSignUp Purpose = "SIGN_UP" // to make the account that the token holds
	PurposeEmail  Purpose = "EMAIL"   // to give the person the email that it was sent to
	PurposeReset  Purpose = "RESET"   // to choose a password anew
	PurposeInvite Purpose = "INVITE"  // to choose the first one
)

// Token is what is kept of a token beside its hash. Email is what a sign-up or a person is to have by it, empty for the other purposes.
// UserID is nil for a sign-up, which has Username, Name and Password, its hash.
type Token struct {
	Purpose   Purpose
	UserID    *logic.UserID
	Email     string
	Username  string
	Name      string
	Password  string
	ExpiresAt logic.Moment
}

// Tried is how often something failed, and when it last did.
type Tried struct {
	Failures int
	LastAt   logic.Moment
}

// Horizon is what had its time: what was last used, ends or happened before.
type Horizon struct {
	Sessions, Tokens, Tries, Networks logic.Moment
	// MostSignUps and MostTries are how many of those stay, the newest.
	MostSignUps, MostTries int
}
