package store

import (
	"strconv"

	"headwater/logic"
	"headwater/logic/content"
)

// conditionsOf returns the conditions of query that are lists, with the table that names each.
func conditionsOf(query content.PostQuery) []condition {
	var conditions []condition
	if query.Tags != nil {
		conditions = append(conditions, tagsNamed(query.Tags))
	}
	if query.Authors != nil {
		conditions = append(conditions, authorsNamed(query.Authors))
	}
	if query.Languages != nil {
		conditions = append(conditions, condition{table: "language", name: "code", key: "id", names: query.Languages})
	}
	return conditions
}

// condition is that a post stands in at least one of some lists.
type condition struct {
	table, name, key string // the table, its column of names, and that of the lists that they name
	names            []string
	also             string // what else must hold of the row named
}

// tagsNamed is of the tags that have slugs, or that readers once saw under them.
func tagsNamed(slugs []string) condition {
	return condition{"tag_slug", "slug", "tag_id", slugs,
		` AND (named.public = 1 OR EXISTS (SELECT 1 FROM tag WHERE tag.id = named.tag_id AND tag.slug = named.slug))`}
}

func authorsNamed(usernames []string) condition {
	return condition{table: "account", name: "username", key: "id", names: usernames}
}

// from returns the part of a query for rows named of the condition's table, which takes the names as its argument.
func (c condition) from() string {
	return ` FROM json_each(?) AS name CROSS JOIN ` + c.table + ` AS named WHERE named.` + c.name + ` = name.value` + c.also
}

// The sources of a statement, which addSources adds.
const (
	everyone = "source"
	owned    = "own"
)

// addSources adds the tables of a WITH clause that say where the posts of each list are looked for, each with a comma behind it:
// condition(number, list) has the lists of each condition, and a source(list, origin) a list to read in the stead of each. Of what
// everyone wrote, read by shelves, that is the list itself without conditions; with them it is the list, or the lists of the one condition
// that the fewest posts meet, whichever has fewer posts. Of what owner wrote it is always the owner's own list: what others keep there
// costs nothing.
func (s *statement) addSources(lists []content.PostList, conditions []condition, shelves []int64, owner logic.UserID) {
	s.addConditionLists(conditions)
	if len(shelves) > 0 {
		s.addSource(lists, conditions, shelves)
	}
	if owner != 0 {
		s.add(`own(list, origin) AS (SELECT value, ? FROM json_each(?)), `, owner, keyList(lists))
	}
}

func (s *statement) addConditionLists(conditions []condition) {
	for i, c := range conditions {
		if i == 0 {
			s.add(`condition(number, list) AS MATERIALIZED (`)
		} else {
			s.add(` UNION ALL `)
		}
		s.add(`SELECT `+strconv.Itoa(i)+`, named.`+c.key+c.from(), textList(c.names))
	}
	if len(conditions) > 0 {
		s.add(`), `)
	}
}

func (s *statement) addSource(lists []content.PostList, conditions []condition, shelves []int64) {
	if len(conditions) == 0 {
		s.add(`source(list, origin) AS (SELECT value, value FROM json_each(?)), `, keyList(lists))
		return
	}
	numbers := make([]int64, len(conditions))
	for i := range conditions {
		numbers[i] = int64(i)
	}
	s.add(`
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
		), `, keyList(lists), keyList(shelves), keyList(numbers), keyList(lists))
}

// addConditions adds the conditions that an entry q of post_list stands in the list of its source, where that was looked for elsewhere, and
// meets every condition.
func (s *statement) addConditions(source string, conditions []condition) {
	if source == owned || len(conditions) > 0 {
		s.add(` AND EXISTS (SELECT 1 FROM post_list AS same WHERE same.list = ` + source + `.list AND same.post_id = q.post_id)`)
	}
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
