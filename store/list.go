package store

import (
	"fmt"
	"math"
	"slices"

	"headwater/logic"
	"headwater/logic/content"
)

// A shelf is a status and a kind as one number, as post_list has it, with inTrash added for what is in the trash. The order of these
// is in the database: it may only be added to at the end.
var (
	shelfStates = []content.PostStatus{
		content.PostStatusDraft, content.PostStatusScheduled, content.PostStatusPublished, content.PostStatusArchived,
	}
	shelfKinds = []content.PostKind{content.PostKindArticle, content.PostKindPage}
)

const inTrash = 8

// The shelves of what readers see: statements name them by number.
const (
	publishedArticles = 4
	publishedPages    = 5
)

// shelfOf returns the shelf that a post stands on.
func shelfOf(post content.Post) (int, error) {
	i, k := slices.Index(shelfStates, post.Status), slices.Index(shelfKinds, post.Kind)
	if i < 0 || k < 0 {
		return 0, fmt.Errorf("there is no shelf for a post that is %s and %s", post.Status, post.Kind)
	}
	shelf := i*len(shelfKinds) + k
	if post.DeletedAt != nil {
		shelf += inTrash
	}
	return shelf, nil
}

// shelvesOf returns every shelf of some states, and of the kinds that query asks for, each once.
func shelvesOf(states []content.PostStatus, query content.PostQuery) []int64 {
	var shelves []int64
	for i, state := range shelfStates {
		for k, kind := range shelfKinds {
			if slices.Contains(states, state) && slices.Contains(query.Kinds, kind) {
				shelves = append(shelves, int64(i*len(shelfKinds)+k))
			}
		}
	}
	if query.Trashed {
		for i := range shelves {
			shelves[i] += inTrash
		}
	}
	return shelves
}

// reach is what a query reads of each shelf of a list: a part of those with the ordered value, or of those without. The lists are named by
// a source of the statement: see addSources.
type reach struct {
	source  string
	shelves []int64
	column  string
	valued  bool
	part    stretch
}

// postColumn returns the column of post_list that posts are ordered by. Each has an index post_list_by_… .
func postColumn(field content.PostOrderField) string {
	switch field {
	case content.PostOrderUpdatedAt:
		return "updated_at"
	case content.PostOrderCreatedAt:
		return "created_at"
	case content.PostOrderTitle:
		return "sort_key"
	}
	return "published_at"
}

// reachesOf returns what query reads of some shelves of a source, first what stands first in the list.
func reachesOf(query content.PostQuery, source string, shelves []int64) []reach {
	ascending := query.Order.Direction == content.Ascending
	window, column := query.Window, postColumn(query.Order.Field)
	var reaches []reach
	if after := window.After; after == nil || !after.None {
		behind := window
		if before := window.Before; before != nil && before.None {
			behind.Before = nil
		}
		value := cursorInt
		if column == "sort_key" {
			value = cursorText
		}
		part := stretchOf(behind, ascending, value)
		if column == "published_at" {
			part.narrow(query.PublishedFrom, query.PublishedBefore)
		}
		reaches = append(reaches, reach{source, shelves, column, true, part})
	}
	dated := query.PublishedFrom != nil || query.PublishedBefore != nil
	if before := window.Before; column == "published_at" && !dated && (before == nil || before.None) {
		behind := window
		if after := window.After; after != nil && !after.None {
			behind.After = nil
		}
		// What is published has a date: see the table post.
		undated := slices.DeleteFunc(slices.Clone(shelves), func(shelf int64) bool {
			shelf %= inTrash
			return shelf == publishedArticles || shelf == publishedPages
		})
		reaches = append(reaches, reach{source, undated, column, false, stretchOf(behind, ascending, cursorInt)})
	}
	return slices.DeleteFunc(reaches, func(r reach) bool { return len(r.shelves) == 0 })
}

// narrow keeps of an index over moments those with from <= moment < before, and leaves out what has none.
func (s *stretch) narrow(from, before *logic.Moment) {
	first := place{int64(math.MinInt64), math.MinInt64}
	if from != nil {
		first.value = int64(*from)
	}
	if s.low == nil || s.low.value.(int64) < first.value.(int64) {
		s.low = &first
	}
	if before != nil && (s.high == nil || s.high.value.(int64) >= int64(*before)) {
		s.high = &place{int64(*before), math.MinInt64}
	}
}

// addReach adds the conditions that an entry q of post_list is of a shelf of a list, both given as SQL with its args, and
// within what r reads.
func (s *statement) addReach(r reach, list, shelf string, args ...any) {
	s.add("q.list = "+list+" AND q.shelf = "+shelf, args...)
	if r.valued {
		s.addStretch(r.part, "q."+r.column, "q.post_id")
		return
	}
	s.add(" AND q.published_at IS NULL")
	if low := r.part.low; low != nil {
		s.add(" AND q.post_id >= ?", low.key)
	}
	if high := r.part.high; high != nil {
		s.add(" AND q.post_id <= ?", high.key)
	}
}
