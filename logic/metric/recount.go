package metric

import (
	"cmp"
	"context"
	"slices"

	"headwater/logic"
)

// recount counts single events anew, by the rules by which they were counted when they came: as if only those that match
// query had happened. Each counts under one facet of a kind. Count gets what falls into the report's range.
func (s *Service) recount(ctx context.Context, r Report, query RawQuery, kind FacetKind, value func(RawEvent) int64, count Count) error {
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
	return s.store.RawEvents(ctx, query, func(event RawEvent) error {
		if kind == FacetEvent && !event.Named {
			return nil
		}
		if event.Visitor != who {
			who, visitor = event.Visitor, VisitorDay{}
		}
		facets[0] = Facet{kind, value(event)}
		visitor.Add(event.At, event.Named, facets, inRange)
		return nil
	})
}

// texts gives texts numbers, to be counted by.
type texts struct {
	keys map[string]int64
	all  []string
}

func newTexts() *texts { return &texts{keys: map[string]int64{}} }

func (t *texts) key(text string) int64 {
	key, ok := t.keys[text]
	if !ok {
		key = int64(len(t.all))
		t.keys[text] = key
		t.all = append(t.all, text)
	}
	return key
}

// top returns the first texts by their figures: by views, then by events, then by the alphabet.
func (t *texts) top(sums map[int64]Totals, first int) []Row {
	var rows []Row
	for key, figures := range sums {
		if figures.Views > 0 || figures.Events > 0 {
			rows = append(rows, Row{Value: t.all[key], Views: figures.Views, Visitors: figures.Visitors, Events: figures.Events})
		}
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(b.Views, a.Views), cmp.Compare(b.Events, a.Events), cmp.Compare(a.Value, b.Value))
	})
	return rows[:min(first, len(rows))]
}
