package store

import (
	"strconv"

	"headwater/logic/content"
)

// conditionsOf returns the conditions of query that are lists, with the table and column that names each.
func conditionsOf(query content.PostQuery) []condition {
	var conditions []condition
	if query.Tags != nil {
		conditions = append(conditions, condition{"tag", "slug", query.Tags})
	}
	if query.Authors != nil {
		conditions = append(conditions, condition{"account", "username", query.Authors})
	}
	if query.Languages != nil {
		conditions = append(conditions, condition{"language", "code", query.Languages})
	}
	return conditions
}

// condition is that a post stands in at least one of some lists.
type condition struct {
	table, column string
	names         []string
}

// addSources adds the tables of a WITH clause that say where the posts of each list are looked for: source(list, origin),
// where origin is a list to read in its stead. Without conditions that is the list itself. With conditions it is the list,
// or the lists of the one condition that the fewest posts meet, whichever has fewer posts; condition(number, list) has
// the lists of each condition.
func (s *statement) addSources(lists []content.PostList, conditions []condition, shelves []int64) {
	if len(conditions) == 0 {
		s.add(`source(list, origin) AS (SELECT value, value FROM json_each(?))`, keyList(lists))
		return
	}
	numbers := make([]int64, len(conditions))
	for i, c := range conditions {
		numbers[i] = int64(i)
		if i == 0 {
			s.add(`condition(number, list) AS MATERIALIZED (`)
		} else {
			s.add(` UNION ALL `)
		}
		s.add(`SELECT `+strconv.Itoa(i)+`, named.id FROM json_each(?) AS name CROSS JOIN `+c.table+` AS named WHERE named.`+c.column+` = name.value`,
			keyList(c.names))
	}
	s.add(`),
		size(list, posts) AS MATERIALIZED (
			SELECT asked.list, sum(post_list_size.posts)
			FROM (SELECT value AS list FROM json_each(?) UNION SELECT list FROM condition) AS asked
			CROSS JOIN json_each(?) AS shelf
			CROSS JOIN post_list_size
			WHERE post_list_size.list = asked.list AND post_list_size.shelf = shelf.value
			GROUP BY asked.list
		),
		narrowest(number, posts) AS MATERIALIZED (
			SELECT wanted.value, coalesce(sum(size.posts), 0) AS posts
			FROM json_each(?) AS wanted
			LEFT JOIN condition ON condition.number = wanted.value
			LEFT JOIN size ON size.list = condition.list
			GROUP BY wanted.value ORDER BY posts, wanted.value LIMIT 1
		),
		source(list, origin) AS MATERIALIZED (
			SELECT asked.value, CASE WHEN itself.posts <= narrowest.posts THEN asked.value ELSE condition.list END
			FROM json_each(?) AS asked
			CROSS JOIN narrowest
			JOIN size AS itself ON itself.list = asked.value
			JOIN condition ON condition.number = narrowest.number
			GROUP BY 1, 2
		)`, keyList(lists), keyList(shelves), keyList(numbers), keyList(lists))
}

// addConditions adds the conditions that an entry q of post_list stands in a list and meets every condition.
func (s *statement) addConditions(conditions []condition, list string) {
	if len(conditions) == 0 {
		return
	}
	s.add(` AND EXISTS (SELECT 1 FROM post_list AS same WHERE same.list = ` + list + ` AND same.post_id = q.post_id)`)
	for i := range conditions {
		s.add(` AND EXISTS (
			SELECT 1 FROM post_list AS same
			WHERE same.list IN (SELECT list FROM condition WHERE number = ` + strconv.Itoa(i) + `) AND same.post_id = q.post_id)`)
	}
}

// addPublished adds the conditions on when an entry q of post_list was published, unless what r reads has them already. The
// sign in front keeps the index that the order needs from being left for that of the dates.
func (s *statement) addPublished(r reach, query content.PostQuery) {
	if r.column == "published_at" {
		return
	}
	if from := query.PublishedFrom; from != nil {
		s.add(` AND +q.published_at >= ?`, *from)
	}
	if before := query.PublishedBefore; before != nil {
		s.add(` AND +q.published_at < ?`, *before)
	}
}
