package account

import (
	"context"

	"headwater/logic"
)

// orderByName names the order of every list of users, in their cursors: by name, then by key.
const orderByName = "NAME"

// Service is what the program can do with people. Its methods answer for the viewer in their context. A viewer knows of
// those who are authors of something that readers may read, and of no one else.
type Service struct {
	store Reader
}

// New returns a Service over store.
func New(store Reader) *Service { return &Service{store: store} }

// User returns the user with the given username whom the viewer may know of, or NOT_FOUND.
func (s *Service) User(ctx context.Context, username string) (User, error) {
	return s.store.ListedUser(ctx, username)
}

// UsersByID returns the users with the given keys: those of posts that the viewer was given.
func (s *Service) UsersByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]User, error) {
	return s.store.UsersByID(ctx, ids)
}

// ListedUsersByID returns those of the users with the given keys whom the viewer may know of.
func (s *Service) ListedUsersByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]User, error) {
	return s.store.ListedUsersByID(ctx, ids)
}

// Window checks what is asked of the list of users. INVALID (fields first, last, after, before).
func (s *Service) Window(page logic.PageArgs) (logic.Window, error) {
	window, faults := page.Window(orderByName)
	return window, faults.Err()
}

// Users returns a part of the list of users whom the viewer may know of, by name.
func (s *Service) Users(ctx context.Context, window logic.Window) (logic.Page[User], error) {
	users, err := s.store.ListedUsers(ctx, window)
	return logic.Trim(window, users), err
}

// HaveUsers tells whether any user stands in window.
func (s *Service) HaveUsers(ctx context.Context, window logic.Window) (bool, error) {
	users, err := s.store.ListedUsers(ctx, window)
	return len(users) > 0, err
}

// CountUsers returns how many users the viewer may know of.
func (s *Service) CountUsers(ctx context.Context) (int64, error) {
	return s.store.CountListedUsers(ctx)
}

// Cursor returns the user's place in the list of users.
func (u User) Cursor() logic.Cursor {
	return logic.Cursor{Order: orderByName, Text: logic.SortKey(u.Name), Key: int64(u.ID)}
}
