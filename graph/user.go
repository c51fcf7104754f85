package graph

import (
	"context"

	"headwater/graph/bind"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
)

func (r query) User(ctx context.Context, username string) (*bind.User, error) {
	row, err := r.Account.User(ctx, username)
	return found(row, err, bind.Users)
}

func (r query) Users(ctx context.Context, first *int, after *string, last *int, before *string, filter *account.UserFilter) (bind.UserConnection, error) {
	window, err := r.Account.Window(bind.Page(first, after, last, before))
	if err != nil {
		return bind.UserConnection{}, err
	}
	page, err := r.Account.Users(ctx, filter, window)
	return bind.UserConnectionOf(pageTogether(page, bind.Users), window, bind.Rest{
		Count: func(ctx context.Context) (int64, error) { return r.Account.CountUsers(ctx, filter) },
		Have: func(ctx context.Context, window logic.Window) (bool, error) {
			return r.Account.HaveUsers(ctx, filter, window)
		},
	}), err
}

func (r user) Email(ctx context.Context, obj *bind.User) (*string, error) {
	return r.Account.Email(ctx, *obj.User), nil
}

func (r user) Role(ctx context.Context, obj *bind.User) (*logic.Role, error) {
	return r.Account.Role(ctx, *obj.User), nil
}

func (r user) DeactivatedAt(ctx context.Context, obj *bind.User) (*logic.Moment, error) {
	return r.Account.DeactivatedAt(ctx, *obj.User), nil
}

func (r user) Posts(ctx context.Context, obj *bind.User, first *int, after *string, last *int, before *string, filter *content.PostFilter, orderBy *content.PostOrder) (bind.PostConnection, error) {
	asked := postPage{filter, orderBy, bind.Page(first, after, last, before)}
	all := func() []content.PostList { return keys(obj.Batch.Rows, listOfUser) }
	return r.postList(ctx, &obj.Batch.Memo, content.PostList(obj.ID), all, asked)
}

func listOfUser(row account.User) []content.PostList {
	return []content.PostList{content.PostList(row.ID)}
}
