package metric

import (
	"slices"
	"sort"
	"time"

	"headwater/logic"
)

// visitGap is the longest time between two views of one visit, in milliseconds.
const visitGap = logic.Moment(30 * 60 * 1000)

// utcDayLength is a UTC day in milliseconds.
const utcDayLength = logic.Moment(24 * 60 * 60 * 1000)

func utcDay(m logic.Moment) logic.Day { return logic.DayOf(m, time.UTC) }

// VisitorDay is what one visitor did within one UTC day, facet by facet: as much as is needed to count each further event,
// early or late, as if all had come in order. The zero VisitorDay has done nothing.
type VisitorDay struct {
	visits map[Facet][]visit // in order of time, more than visitGap apart
}

// visit is a row of views, each at most visitGap behind the one before. Under a FacetEvent, where there are no views,
// a lone visit without views keeps the moment of the first event.
type visit struct {
	start, end logic.Moment
	views      int64
}

func (v visit) figures() Totals {
	figures := Totals{Visits: 1, Seconds: int64(v.end-v.start) / 1000}
	if v.views == 1 {
		figures.Bounces = 1
	}
	return figures
}

// Count receives what an event changes: figures to be added to those of a facet in the interval that holds the moment at.
type Count func(facet Facet, at logic.Moment, figures Totals)

// Add counts a page view, or a named event, at a moment of the day under each of facets. What a late event takes away from
// another interval, because a visit or the visitor's day now begins earlier, comes as negative figures. The sums do not
// depend on the order of events.
func (d *VisitorDay) Add(at logic.Moment, named bool, facets []Facet, count Count) {
	if d.visits == nil {
		d.visits = make(map[Facet][]visit, len(facets))
	}
	for _, facet := range facets {
		switch {
		case !named:
			count(facet, at, Totals{Views: 1})
			d.addView(facet, at, count)
		case facet.Kind == FacetEvent:
			count(facet, at, Totals{Events: 1})
			d.addNamed(facet, at, count)
		default:
			count(facet, at, Totals{Events: 1})
		}
	}
}

// addView puts a view into the facet's visits: a new one, a longer one, or one made of two between which it lies.
func (d *VisitorDay) addView(facet Facet, at logic.Moment, count Count) {
	visits := d.visits[facet]
	from := sort.Search(len(visits), func(i int) bool { return visits[i].end+visitGap >= at })
	to, joined := from, visit{at, at, 1}
	for ; to < len(visits) && visits[to].start-visitGap <= at; to++ {
		joined.start, joined.end = min(joined.start, visits[to].start), max(joined.end, visits[to].end)
		joined.views += visits[to].views
		count(facet, visits[to].start, Totals{}.minus(visits[to].figures()))
	}
	count(facet, joined.start, joined.figures())
	d.moveVisitor(facet, at, count)
	d.visits[facet] = slices.Replace(visits, from, to, joined)
}

func (d *VisitorDay) addNamed(facet Facet, at logic.Moment, count Count) {
	d.moveVisitor(facet, at, count)
	if visits := d.visits[facet]; len(visits) == 0 || at < visits[0].start {
		d.visits[facet] = []visit{{start: at, end: at}}
	}
}

// moveVisitor counts the visitor in the interval of the first moment of the day.
func (d *VisitorDay) moveVisitor(facet Facet, at logic.Moment, count Count) {
	if visits := d.visits[facet]; len(visits) > 0 {
		if at >= visits[0].start {
			return
		}
		count(facet, visits[0].start, Totals{Visitors: -1})
	}
	count(facet, at, Totals{Visitors: 1})
}
