package store

import (
	"context"
	"slices"

	"headwater/logic"
	"headwater/logic/content"
)

// PostPages returns, for each list, up to Window.Limit+1 posts in the direction that was asked for.
func (r reader) PostPages(ctx context.Context, lists []content.PostList, query content.PostQuery) (map[content.PostList][]content.Post, error) {
	pages := make(map[content.PostList][]content.Post, len(lists))
	ask := postPages(lists, query)
	if ask == nil {
		return pages, nil
	}
	err := r.eachPost(ctx, ask.text.String(), ask.args, func(post content.Post, beside *row) {
		list, place := content.PostList(beside.int()), int(beside.int())
		page := pages[list]
		if page == nil {
			page = make([]content.Post, 0, query.Window.Limit+1)
		}
		if place == 0 { // rows come in order
			place = len(page) + 1
		}
		page = page[:max(len(page), place)]
		page[place-1] = post
		pages[list] = page
	})
	return pages, err
}

// columnsFor returns the columns of a post that a page shows.
func columnsFor(query content.PostQuery) string {
	switch query.Order.Field {
	case content.PostOrderPublishedAt, content.PostOrderTitle:
		if query.Brief {
			return briefColumns
		}
	}
	return postColumns
}

// postPages returns the statement that reads pages, or nil where nothing can match. Each page costs itself alone: a range
// of an index for each shelf of each list, or of the lists that a condition narrows it to. A single range comes in its
// order; where several are merged, each row says its place, from 1.
func postPages(lists []content.PostList, query content.PostQuery) *statement {
	shelves, conditions := shelvesOf(query.States, query), conditionsOf(query)
	reaches := slices.Concat(
		reachesOf(query, everyone, shelves),
		reachesOf(query, owned, shelvesOf(query.OwnStates, query)),
	)
	if len(reaches) == 0 || len(lists) == 0 {
		return nil
	}
	limit, down, columns := query.Window.Limit+1, reaches[0].part.down, columnsFor(query)
	var s statement
	if first := reaches[0]; len(lists) == 1 && len(reaches) == 1 && first.source == everyone && len(first.shelves) == 1 && len(conditions) == 0 {
		s.add(`/* PostPages */ SELECT ` + columns + `, q.list, 0 FROM post_list AS q CROSS JOIN post WHERE post.id = q.post_id AND `)
		s.addReach(first, "?", "?", lists[0], first.shelves[0])
		s.addPublished(first, query)
		s.addOrder(first.part, "q."+first.column, "q.post_id", limit)
		return &s
	}
	s.add(`/* PostPages */ WITH `)
	s.addSources(lists, conditions, shelves, query.Owner)
	s.add(`hit(list, id, value) AS (`)
	for i, r := range reaches {
		if i > 0 {
			s.add(` UNION ALL `)
		}
		s.add(`SELECT DISTINCT `+r.source+`.list, found.post_id, found.`+r.column+`
			FROM `+r.source+` CROSS JOIN json_each(?) AS shelf CROSS JOIN post_list AS found
			WHERE found.list = `+r.source+`.origin AND found.post_id IN (SELECT q.post_id FROM post_list AS q WHERE `, keyList(r.shelves))
		s.addReach(r, r.source+".origin", "shelf.value")
		s.addPublished(r, query)
		s.addConditions(r.source, conditions)
		s.addOrder(r.part, "q."+r.column, "q.post_id", limit)
		s.add(`)`)
	}
	last := direction(query.Window.Backward)
	s.add(`), ranked(list, id, place) AS (
			SELECT list, id, row_number() OVER (PARTITION BY list ORDER BY value IS NULL`+last+`, value`+direction(down)+`, id`+direction(down)+`)
			FROM hit
		)
		SELECT `+columns+`, ranked.list, ranked.place FROM ranked CROSS JOIN post WHERE post.id = ranked.id AND ranked.place <= ?`, limit)
	return &s
}

// CountPosts returns how many posts of each list match query, whatever its window.
func (r reader) CountPosts(ctx context.Context, lists []content.PostList, query content.PostQuery) (map[content.PostList]int64, error) {
	counts := make(map[content.PostList]int64, len(lists))
	for _, list := range lists {
		counts[list] = 0
	}
	ask := countPosts(lists, query)
	if ask == nil {
		return counts, nil
	}
	type count struct {
		List  content.PostList
		Posts int64
	}
	rows, err := selectRows[count](ctx, r, ask.text.String(), ask.args...)
	for _, row := range rows {
		counts[row.List] = row.Posts
	}
	return counts, err
}

// countPosts returns the statement that counts, or nil where nothing can match. Whole lists are counted by their sizes,
// which are kept; with conditions, and of what belongs to one author, every entry of the narrowest range is looked at.
func countPosts(lists []content.PostList, query content.PostQuery) *statement {
	query.Window, query.Order = logic.Window{}, content.PostOrder{Field: content.PostOrderPublishedAt, Direction: content.Ascending}
	shelves, own, conditions := shelvesOf(query.States, query), shelvesOf(query.OwnStates, query), conditionsOf(query)
	if len(shelves)+len(own) == 0 || len(lists) == 0 {
		return nil
	}
	var s statement
	s.add(`/* CountPosts */ WITH `)
	s.addSources(lists, conditions, shelves, query.Owner)
	s.add(`counted(list, posts) AS (`)
	switch dated := query.PublishedFrom != nil || query.PublishedBefore != nil; {
	case len(shelves) == 0:
	case len(conditions) == 0 && !dated:
		s.add(`SELECT size.list, sum(size.posts)
			FROM (SELECT DISTINCT list FROM source) AS asked CROSS JOIN json_each(?) AS shelf CROSS JOIN post_list_size AS size
			WHERE size.list = asked.list AND size.shelf = shelf.value GROUP BY size.list`, keyList(shelves))
	default:
		s.addCount(everyone, shelves, conditions, query)
	}
	if len(own) > 0 {
		if len(shelves) > 0 {
			s.add(` UNION ALL `)
		}
		s.addCount(owned, own, conditions, query)
	}
	s.add(`) SELECT list, sum(posts) AS posts FROM counted GROUP BY list`)
	return &s
}

// addCount adds a query that looks at every entry on some shelves of a source.
func (s *statement) addCount(source string, shelves []int64, conditions []condition, query content.PostQuery) {
	s.add(`SELECT `+source+`.list, count(DISTINCT q.post_id)
		FROM `+source+` CROSS JOIN json_each(?) AS shelf CROSS JOIN post_list AS q WHERE `, keyList(shelves))
	if query.PublishedFrom != nil || query.PublishedBefore != nil {
		s.addReach(reachesOf(query, source, shelves)[0], source+".origin", "shelf.value")
	} else {
		s.add(`q.list = ` + source + `.origin AND q.shelf = shelf.value`)
	}
	s.addConditions(source, conditions)
	s.add(` GROUP BY ` + source + `.list`)
}
