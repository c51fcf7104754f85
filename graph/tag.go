package graph

import (
	"context"

	"headwater/graph/bind"
	"headwater/logic"
	"headwater/logic/content"
)

func (r query) Tag(ctx context.Context, slug string) (*bind.Tag, error) {
	row, err := r.Content.Tag(ctx, slug)
	return found(row, err, bind.Tags)
}

func (r query) Tags(ctx context.Context, first *int, after *string, orderBy *content.TagOrder) (bind.TagConnection, error) {
	asked, err := r.Content.TagQuery(orderBy, bind.Page(first, after, nil, nil))
	if err != nil {
		return bind.TagConnection{}, err
	}
	page, err := r.Content.Tags(ctx, asked)
	return bind.TagConnectionOf(pageTogether(page, bind.Tags), asked.Window, asked.Order, bind.Rest{
		Count: r.Content.CountTags,
		Have: func(ctx context.Context, window logic.Window) (bool, error) {
			return r.Content.HaveTags(ctx, asked, window)
		},
	}), err
}

func (r tag) Posts(ctx context.Context, obj *bind.Tag, first *int, after *string, last *int, before *string, filter *content.PostFilter, orderBy *content.PostOrder) (bind.PostConnection, error) {
	asked := postPage{filter, orderBy, bind.Page(first, after, last, before)}
	all := func() []content.PostList { return keys(obj.Batch.Rows, listOfTag) }
	return r.postList(ctx, &obj.Batch.Memo, content.PostList(obj.ID), all, asked)
}

func (r tag) PostCount(ctx context.Context, obj *bind.Tag) (int64, error) {
	logic.ReadingOf(ctx).RestsOn(logic.PostsOnTag(obj.ID))
	return obj.Tag.PostCount, nil
}

func listOfTag(row content.Tag) []content.PostList {
	return []content.PostList{content.PostList(row.ID)}
}
