package account

import (
	"context"

	"headwater/logic"
)

// Store is what the domain needs of storage.
type Store interface {
	Reader
	logic.Transactor[Writer]
}

// Reader is what the domain needs of storage to read.
type Reader interface {
	// UserByUsername returns NOT_FOUND where nobody has the username.
	UserByUsername(ctx context.Context, username string) (User, error)
	// UsersByID returns the users with the given keys; a key that nobody has is missing from the map.
	UsersByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]User, error)
	// UserPage returns up to Window.Limit+1 users, by logic.SortKey of their names.
	UserPage(ctx context.Context, query UserQuery) ([]User, error)
	CountUsers(ctx context.Context, query UserQuery) (int64, error)
}

// Writer is what the domain needs of storage to change what is there.
type Writer interface {
	Reader
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
