package account

import (
	"context"

	"headwater/logic"
)

// orderByName names the order of every list of users, in their cursors: by name, then by key.
const orderByName = "NAME"

// Service is what the program can do with people. Its methods answer for the viewer in their context.
type Service struct {
	store   Store
	clock   logic.Clock
	keys    *logic.Keys
	options Options
}

// New returns a Service over store.
func New(store Store, clock logic.Clock, keys *logic.Keys, options Options) *Service {
	return &Service{store: store, clock: clock, keys: keys, options: options}
}

// User returns the user with the given username whom the viewer may know of, or NOT_FOUND.
func (s *Service) User(ctx context.Context, username string) (User, error) {
	user, err := s.store.UserByUsername(ctx, username)
	if err == nil && !CanKnow(logic.ViewerFrom(ctx), user) {
		err = logic.NotFound("user")
	}
	if err != nil {
		return User{}, err
	}
	return user, nil
}

// CanKnow tells whether viewer may know of user: as one of the authors whom readers see, as oneself, or with USERS_READ.
func CanKnow(viewer logic.Viewer, user User) bool {
	return user.Listed && viewer.May(logic.ScopePostsRead) || viewer.User == user.ID && user.ID != 0 || viewer.May(logic.ScopeUsersRead)
}

// UsersByID returns the users with the given keys: those of posts that the viewer was given.
func (s *Service) UsersByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]User, error) {
	return s.store.UsersByID(ctx, ids)
}

// KnownUsersByID returns those of the users with the given keys whom the viewer may know of.
func (s *Service) KnownUsersByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]User, error) {
	users, err := s.store.UsersByID(ctx, ids)
	viewer := logic.ViewerFrom(ctx)
	for id, user := range users {
		if !CanKnow(viewer, user) {
			delete(users, id)
		}
	}
	return users, err
}

// Window checks what is asked of the list of users. INVALID (fields first, last, after, before).
func (s *Service) Window(page logic.PageArgs) (logic.Window, error) {
	window, faults := page.Window(orderByName)
	return window, faults.Err()
}

// Users returns a part of the list of users whom the viewer may know of, by name.
func (s *Service) Users(ctx context.Context, filter *UserFilter, window logic.Window) (logic.Page[User], error) {
	users, err := s.store.UserPage(ctx, UserQuery{Listed: true, Window: window})
	return logic.Trim(window, users), err
}

// HaveUsers tells whether any user stands in window.
func (s *Service) HaveUsers(ctx context.Context, filter *UserFilter, window logic.Window) (bool, error) {
	users, err := s.store.UserPage(ctx, UserQuery{Listed: true, Window: window})
	return len(users) > 0, err
}

// CountUsers returns how many users the viewer may know of.
func (s *Service) CountUsers(ctx context.Context, filter *UserFilter) (int64, error) {
	return s.store.CountUsers(ctx, UserQuery{Listed: true})
}

// Cursor returns the user's place in the list of users.
func (u User) Cursor() logic.Cursor {
	return logic.Cursor{Order: orderByName, Text: logic.SortKey(u.Name), Key: int64(u.ID)}
}
