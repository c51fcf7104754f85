package content

import (
	"context"
	"slices"

	"headwater/logic"
)

// maxFilterValues is how many alternatives one condition of a filter may have.
const maxFilterValues = 50

// PostQuery checks what is asked of a list of posts and cuts it down to what the viewer may read. A nil filter or order is
// the default: published articles, newest first. All faults come together (INVALID, and TOO_LONG below filter; fields first, last,
// after, before, and below filter).
func (s *Service) PostQuery(ctx context.Context, filter *PostFilter, order *PostOrder, page logic.PageArgs) (PostQuery, error) {
	query := PostQuery{Order: PostOrder{PostOrderPublishedAt, Descending}}
	if order != nil {
		query.Order = *order
	}
	var faults logic.Faults
	query.Window, faults = page.Window(string(query.Order.Field))
	faults = append(faults, query.setFilter(logic.ViewerFrom(ctx), filter)...)
	return query, faults.Err()
}

// setFilter takes over the conditions of filter, and returns its faults. A condition with no alternative at all is met by
// nothing.
func (q *PostQuery) setFilter(viewer logic.Viewer, filter *PostFilter) logic.Faults {
	if filter == nil {
		filter = &PostFilter{}
	}
	states, kinds := filter.Status, filter.Kind
	q.Trashed = filter.Trashed != nil && *filter.Trashed
	if states == nil {
		states = defaultStates(q.Trashed)
	}
	if kinds == nil {
		kinds = defaultKinds(q.Trashed)
	}
	q.States, q.OwnStates = readableStates(viewer, states, q.Trashed)
	if len(q.OwnStates) > 0 {
		q.Owner = viewer.User
	}
	q.Kinds = unique(kinds)
	q.Tags, q.Authors, q.Languages = unique(filter.Tags), unique(filter.Authors), unique(eachWay(filter.Languages))
	q.PublishedFrom, q.PublishedBefore = filter.PublishedFrom, filter.PublishedBefore

	var faults logic.Faults
	faults.Add(checkAlternatives(len(filter.Status)), "filter", "status")
	faults.Add(checkAlternatives(len(filter.Kind)), "filter", "kind")
	faults.Add(checkAlternatives(len(filter.Tags)), "filter", "tags")
	faults.Add(checkAlternatives(len(filter.Authors)), "filter", "authors")
	faults.Add(checkAlternatives(len(filter.Languages)), "filter", "languages")
	if isEmpty(q.Tags) || isEmpty(q.Authors) || isEmpty(q.Languages) {
		q.States, q.OwnStates, q.Owner, q.Tags, q.Authors, q.Languages = nil, nil, 0, nil, nil, nil
	}
	return faults
}

// defaultStates returns the states that a list holds where none is asked for. Whoever looks into the trash looks for anything.
func defaultStates(trashed bool) []PostStatus {
	if trashed {
		return EveryStatus()
	}
	return []PostStatus{PostStatusPublished}
}

// defaultKinds does the same for kinds.
func defaultKinds(trashed bool) []PostKind {
	if trashed {
		return []PostKind{PostKindArticle, PostKindPage}
	}
	return []PostKind{PostKindArticle}
}

// unique returns the values sorted, each once; nil for nil.
func unique[S ~[]E, E ~string](values S) S {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

func isEmpty(values []string) bool { return values != nil && len(values) == 0 }

// checkAlternatives counts alternatives as they were given: the same one twice is two.
func checkAlternatives(given int) *logic.Error {
	if given > maxFilterValues {
		return logic.Fault(logic.CodeTooLong, "at most %d values, not %d", maxFilterValues, given)
	}
	return nil
}

// PostPages returns the part of each list that query asks for.
func (s *Service) PostPages(ctx context.Context, lists []PostList, query PostQuery) (map[PostList]logic.Page[Post], error) {
	rows, err := s.store.PostPages(ctx, lists, query)
	if err != nil {
		return nil, err
	}
	pages := make(map[PostList]logic.Page[Post], len(lists))
	for _, list := range lists {
		pages[list] = logic.Trim(query.Window, rows[list])
	}
	return pages, nil
}

// HavePosts tells of each list whether anything that matches query stands in window.
func (s *Service) HavePosts(ctx context.Context, lists []PostList, query PostQuery, window logic.Window) (map[PostList]bool, error) {
	query.Window = window
	rows, err := s.store.PostPages(ctx, lists, query)
	if err != nil {
		return nil, err
	}
	have := make(map[PostList]bool, len(lists))
	for _, list := range lists {
		have[list] = len(rows[list]) > 0
	}
	return have, nil
}

// CountPosts returns how many posts of each list match query, whatever its window.
func (s *Service) CountPosts(ctx context.Context, lists []PostList, query PostQuery) (map[PostList]int64, error) {
	return s.store.CountPosts(ctx, lists, query)
}

// Cursor returns the place of post in a list with this order.
func (o PostOrder) Cursor(post Post) logic.Cursor {
	cursor := logic.Cursor{Order: string(o.Field), Key: int64(post.ID)}
	switch o.Field {
	case PostOrderTitle:
		cursor.Text = logic.SortKey(post.Title)
	case PostOrderCreatedAt:
		cursor.Int = int64(post.CreatedAt)
	case PostOrderUpdatedAt:
		cursor.Int = int64(post.UpdatedAt)
	default:
		if cursor.None = post.PublishedAt == nil; !cursor.None {
			cursor.Int = int64(*post.PublishedAt)
		}
	}
	return cursor
}

// eachWay returns language tags as they were asked for, and as posts have them: older posts have them as they were given.
func eachWay(languages []string) []string {
	if languages == nil {
		return nil
	}
	tags := slices.Clone(languages)
	for _, tag := range languages {
		tags = append(tags, writtenLanguage(tag))
	}
	return tags
}
