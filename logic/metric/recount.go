package metric

import (
	"cmp"
	"context"
	"slices"

	"headwater/logic"
)

// recount counts single events anew, by the rules by which they were counted when they came: as if only those that match
// query had happened. Each counts under one facet of a kind. Count gets what falls into the report's range. TOO_COMPLEX where
// there are more events, or more different values, than one answer may take.
func (s *Service) recount(ctx context.Context, r Report, query RawQuery, kind FacetKind, value func(RawEvent) (int64, error), count Count) error {
	query.FromDay, query.ToDay = r.span.utcDays()
	start, end := r.span.start(), r.span.end()
	inRange := func(facet Facet, at logic.Moment, figures Totals) {
		if at >= start && at < end {
			count(facet, at, figures)
		}
	}
	var who DayVisitor
	var visitor VisitorDay
	facets := make([]Facet, 1)
	events := 0
	return s.store.RawEvents(ctx, query, func(event RawEvent) error {
		if events++; events > s.options.MaxEvents {
			return tooComplex("single events", s.options.MaxEvents)
		}
		if kind == FacetEvent && !event.Named {
			return nil
		}
		if event.Visitor != who {
			who, visitor = event.Visitor, VisitorDay{}
		}
		number, err := value(event)
		if err != nil {
			return err
		}
		facets[0] = Facet{kind, number}
		visitor.Add(event.At, event.Named, facets, inRange)
		return nil
	})
}

func tooComplex(what string, most int) *logic.Error {
	return logic.Fault(logic.CodeTooComplex, "This is counted from single events, and takes more than %d %s; ask for fewer days.", most, what)
}

// numbers gives texts, or pairs of a post and a text, numbers to be counted by: up to limit of them. It keeps copies, since a text of an
// event may hold all that was read along with it.
type numbers[T comparable] struct {
	limit int
	clone func(T) T
	keys  map[T]int64
	all   []T
}

func newNumbers[T comparable](limit int, clone func(T) T) *numbers[T] {
	return &numbers[T]{limit: limit, clone: clone, keys: map[T]int64{}}
}

func (n *numbers[T]) key(value T) (int64, error) {
	key, ok := n.keys[value]
	if !ok {
		if len(n.all) == n.limit {
			return 0, tooComplex("different values", n.limit)
		}
		value = n.clone(value)
		key = int64(len(n.all))
		n.keys[value] = key
		n.all = append(n.all, value)
	}
	return key, nil
}

// topRows returns the first texts by their figures: by views, then by events, then by the alphabet.
func topRows(sums map[string]Totals, first int) []Row {
	var rows []Row
	for text, figures := range sums {
		if figures.Views > 0 || figures.Events > 0 {
			rows = append(rows, Row{Value: text, Views: figures.Views, Visitors: figures.Visitors, Events: figures.Events})
		}
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(b.Views, a.Views), cmp.Compare(b.Events, a.Events), cmp.Compare(a.Value, b.Value))
	})
	return rows[:min(first, len(rows))]
}
