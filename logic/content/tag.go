package content

import (
	"context"

	"headwater/logic"
)

// Tag returns the tag that the given slug leads to and that the viewer may know of, or NOT_FOUND. They know of tags by the posts that they
// may read.
func (s *Service) Tag(ctx context.Context, slug string) (Tag, error) {
	switch viewer := logic.ViewerFrom(ctx); {
	case canReadDrafts(viewer):
		return s.store.TagBySlug(ctx, slug)
	case readTags.Allows(viewer):
		return s.store.ListedTag(ctx, slug, ownerOf(viewer))
	}
	return Tag{}, logic.NotFound("tag")
}

// TagsByID returns the tags with the given keys: those of posts that the viewer was given.
func (s *Service) TagsByID(ctx context.Context, ids []logic.TagID) (map[logic.TagID]Tag, error) {
	return s.store.TagsByID(ctx, ids)
}

// TagNamesByID does the same, and leaves all but ID, Slug and Name zero.
func (s *Service) TagNamesByID(ctx context.Context, ids []logic.TagID) (map[logic.TagID]Tag, error) {
	return s.store.TagNamesByID(ctx, ids)
}

// KnownTagsByID returns those of the tags with the given keys that the viewer may know of.
func (s *Service) KnownTagsByID(ctx context.Context, ids []logic.TagID) (map[logic.TagID]Tag, error) {
	switch viewer := logic.ViewerFrom(ctx); {
	case canReadDrafts(viewer):
		return s.store.TagsByID(ctx, ids)
	case readTags.Allows(viewer):
		return s.store.ListedTagsByID(ctx, ids, ownerOf(viewer))
	}
	return nil, nil
}

// TagQuery checks what is asked of the list of tags. A nil order is the default: by name. INVALID (fields first, last,
// after, before).
func (s *Service) TagQuery(order *TagOrder, page logic.PageArgs) (TagQuery, error) {
	query := TagQuery{Order: TagOrder{TagOrderName, Ascending}}
	if order != nil {
		query.Order = *order
	}
	var faults logic.Faults
	query.Window, faults = page.Window(string(query.Order.Field))
	return query, faults.Err()
}

// Tags returns a part of the list of tags that published posts stand on, which is empty for those who may not read posts.
func (s *Service) Tags(ctx context.Context, query TagQuery) (logic.Page[Tag], error) {
	if !readTags.Allows(logic.ViewerFrom(ctx)) {
		return logic.Page[Tag]{}, nil
	}
	tags, err := s.store.ListedTags(ctx, query)
	return logic.Trim(query.Window, tags), err
}

// HaveTags tells whether any tag stands in window of the list that query asks for.
func (s *Service) HaveTags(ctx context.Context, query TagQuery, window logic.Window) (bool, error) {
	query.Window = window
	page, err := s.Tags(ctx, query)
	return len(page.Items) > 0, err
}

// CountTags returns how many tags the list of tags holds.
func (s *Service) CountTags(ctx context.Context) (int64, error) {
	if !readTags.Allows(logic.ViewerFrom(ctx)) {
		return 0, nil
	}
	return s.store.CountListedTags(ctx)
}

// Cursor returns the place of tag in a list with this order.
func (o TagOrder) Cursor(tag Tag) logic.Cursor {
	cursor := logic.Cursor{Order: string(o.Field), Key: int64(tag.ID)}
	if o.Field == TagOrderPostCount {
		cursor.Int = tag.PostCount
	} else {
		cursor.Text = logic.SortKey(tag.Name)
	}
	return cursor
}
