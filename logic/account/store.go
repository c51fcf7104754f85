package account

import (
	"context"

	"headwater/logic"
)

// Reader is what the domain needs of storage to read. A user is listed when readers may know of them: as an author of at
// least one published post.
type Reader interface {
	// UsersByID returns the users with the given keys, listed or not; a key that nobody has is missing from the map.
	UsersByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]User, error)
	// ListedUser returns the listed user with the given username, or NOT_FOUND.
	ListedUser(ctx context.Context, username string) (User, error)
	// ListedUsersByID returns those of the users with the given keys that are listed.
	ListedUsersByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]User, error)
	// ListedUsers returns up to Limit+1 listed users of the window, by logic.SortKey of their names.
	ListedUsers(ctx context.Context, window logic.Window) ([]User, error)
	// CountListedUsers returns how many users are listed.
	CountListedUsers(ctx context.Context) (int64, error)
}
