package content

import (
	"context"

	"headwater/logic"
)

// Tag returns the tag with the given slug if a post that the viewer may read stands on it, or NOT_FOUND.
func (s *Service) Tag(ctx context.Context, slug string) (Tag, error) {
	return s.store.ListedTag(ctx, slug)
}

// TagsByID returns the tags with the given keys: those of posts that the viewer was given.
func (s *Service) TagsByID(ctx context.Context, ids []logic.TagID) (map[logic.TagID]Tag, error) {
	return s.store.TagsByID(ctx, ids)
}

// ListedTagsByID returns those of the tags with the given keys that a post which the viewer may read stands on.
func (s *Service) ListedTagsByID(ctx context.Context, ids []logic.TagID) (map[logic.TagID]Tag, error) {
	return s.store.ListedTagsByID(ctx, ids)
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

// Tags returns a part of the list of tags that posts stand on which the viewer may read.
func (s *Service) Tags(ctx context.Context, query TagQuery) (logic.Page[Tag], error) {
	tags, err := s.store.ListedTags(ctx, query)
	return logic.Trim(query.Window, tags), err
}

// HaveTags tells whether any tag stands in window of the list that query asks for.
func (s *Service) HaveTags(ctx context.Context, query TagQuery, window logic.Window) (bool, error) {
	query.Window = window
	tags, err := s.store.ListedTags(ctx, query)
	return len(tags) > 0, err
}

// CountTags returns how many tags the viewer may know of.
func (s *Service) CountTags(ctx context.Context) (int64, error) {
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
