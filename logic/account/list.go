package account

import (
	"context"
	"strings"
	"unicode"

	"headwater/logic"
)

// orderByName names the order of every list of users, in their cursors: by name, then by key.
const orderByName = "NAME"

// Longest query for users, in characters, and how many of its words count.
const (
	maxQuery = 200
	maxWords = 8
)

// User returns the user with the given username whom the viewer may know of, or NOT_FOUND.
func (s *Service) User(ctx context.Context, username string) (User, error) {
	user, err := s.store.UserByUsername(ctx, normalLogin(username))
	if err == nil && !CanKnow(logic.ViewerFrom(ctx), user) {
		err = logic.NotFound("user")
	}
	if err != nil {
		return User{}, err
	}
	return user, nil
}

// UsersByID returns the users with the given keys: those of posts that the viewer was given.
func (s *Service) UsersByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]User, error) {
	return s.store.UsersByID(ctx, ids)
}

// UserNamesByID does the same, and leaves all but ID, Username and Name zero.
func (s *Service) UserNamesByID(ctx context.Context, ids []logic.UserID) (map[logic.UserID]User, error) {
	return s.store.UserNamesByID(ctx, ids)
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

// Email returns the user's email, nil for those who may not see it.
func (s *Service) Email(ctx context.Context, user User) *string {
	if !CanSeeEmail(logic.ViewerFrom(ctx), user) {
		return nil
	}
	return user.Email
}

// Role returns the user's role, nil for those who may not see it, and of one who was erased.
func (s *Service) Role(ctx context.Context, user User) *logic.Role {
	if !CanSeeEmail(logic.ViewerFrom(ctx), user) || user.ErasedAt != nil {
		return nil
	}
	return &user.Role
}

// DeactivatedAt returns since when the user is deactivated, nil for those who may not see it.
func (s *Service) DeactivatedAt(ctx context.Context, user User) *logic.Moment {
	if !CanSeeState(logic.ViewerFrom(ctx)) {
		return nil
	}
	return user.DeactivatedAt
}

// Window checks what is asked of the list of users. INVALID (fields first, last, after, before).
func (s *Service) Window(page logic.PageArgs) (logic.Window, error) {
	window, faults := page.Window(orderByName)
	return window, faults.Err()
}

// Users returns a part of the list of users whom the viewer may know of, by name; it is empty where the viewer may not give a
// filter and does. TOO_LONG (field filter.query).
func (s *Service) Users(ctx context.Context, filter *UserFilter, window logic.Window) (logic.Page[User], error) {
	users, err := s.page(ctx, filter, window)
	return logic.Trim(window, users), err
}

// HaveUsers tells whether any such user stands in window.
func (s *Service) HaveUsers(ctx context.Context, filter *UserFilter, window logic.Window) (bool, error) {
	users, err := s.page(ctx, filter, window)
	return len(users) > 0, err
}

func (s *Service) page(ctx context.Context, filter *UserFilter, window logic.Window) ([]User, error) {
	query, some, err := queryOf(logic.ViewerFrom(ctx), filter)
	if err != nil || !some {
		return nil, err
	}
	query.Window = window
	return s.store.UserPage(ctx, query)
}

// CountUsers returns how many such users there are.
func (s *Service) CountUsers(ctx context.Context, filter *UserFilter) (int64, error) {
	query, some, err := queryOf(logic.ViewerFrom(ctx), filter)
	if err != nil || !some {
		return 0, err
	}
	return s.store.CountUsers(ctx, query)
}

// queryOf returns which users a viewer gets with a filter, and whether there can be any.
func queryOf(viewer logic.Viewer, filter *UserFilter) (query UserQuery, some bool, err error) {
	all := seeUsers.Allows(viewer)
	if filter == nil || filter.Role == nil && filter.Query == nil {
		return UserQuery{Listed: !all}, all || viewer.May(logic.ScopePostsRead), nil
	}
	if !all {
		return UserQuery{}, false, nil
	}
	if filter.Role != nil {
		query.Role = *filter.Role
	}
	if filter.Query == nil {
		return query, true, nil
	}
	if fault := logic.CheckText(*filter.Query, 0, maxQuery); fault != nil {
		return UserQuery{}, false, fault.At("filter", "query")
	}
	query.Words = wordsOf(*filter.Query)
	return query, len(query.Words) > 0 || strings.TrimSpace(*filter.Query) == "", nil
}

// wordsOf returns the words of a query, as far as they count.
func wordsOf(query string) []string {
	var words []string
	for word := range strings.FieldsSeq(query) {
		hasLetter := strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
		if hasLetter && len(words) < maxWords {
			words = append(words, word)
		}
	}
	return words
}

// Cursor returns the user's place in the list of users.
func (u User) Cursor() logic.Cursor {
	return logic.Cursor{Order: orderByName, Text: logic.SortKey(u.Name), Key: int64(u.ID)}
}
