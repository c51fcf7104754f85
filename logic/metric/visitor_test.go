package metric

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"headwater/logic"
)

type step struct {
	at     logic.Moment
	named  bool
	facets []Facet
}

type cell struct {
	facet   Facet
	quarter Quarter
}

// countByQuarter adds steps one after another; after each, the day goes through its bytes and back.
func countByQuarter(t interface{ Fatal(...any) }, day logic.Day, steps []step) map[cell]Totals {
	sums := map[cell]Totals{}
	var visitor VisitorDay
	for _, s := range steps {
		visitor.Add(s.at, s.named, s.facets, func(facet Facet, at logic.Moment, figures Totals) {
			key := cell{facet, QuarterOf(at)}
			sums[key] = sums[key].Plus(figures)
		})
		var err error
		if visitor, err = DecodeVisitorDay(day, visitor.Encode(day)); err != nil {
			t.Fatal(err)
		}
	}
	maps.DeleteFunc(sums, func(_ cell, figures Totals) bool { return figures == Totals{} })
	return sums
}

// countPlainly counts steps by the definitions, from the sorted list, without any state.
func countPlainly(steps []step) map[cell]Totals {
	steps = slices.Clone(steps)
	slices.SortStableFunc(steps, func(a, b step) int { return int(a.at - b.at) })
	sums := map[cell]Totals{}
	add := func(facet Facet, at logic.Moment, figures Totals) {
		key := cell{facet, QuarterOf(at)}
		sums[key] = sums[key].Plus(figures)
	}
	views, events := map[Facet][]logic.Moment{}, map[Facet][]logic.Moment{}
	for _, s := range steps {
		for _, facet := range s.facets {
			if s.named {
				events[facet] = append(events[facet], s.at)
			} else {
				views[facet] = append(views[facet], s.at)
			}
		}
	}
	for facet, moments := range events {
		for _, at := range moments {
			add(facet, at, Totals{Events: 1})
		}
		if facet.Kind == FacetEvent {
			add(facet, moments[0], Totals{Visitors: 1})
		}
	}
	for facet, moments := range views {
		add(facet, moments[0], Totals{Visitors: 1})
		first := 0
		for i, at := range moments {
			add(facet, at, Totals{Views: 1})
			if i+1 < len(moments) && moments[i+1]-at <= visitGap {
				continue
			}
			figures := Totals{Visits: 1, Seconds: int64(at-moments[first]) / 1000}
			if first == i {
				figures.Bounces = 1
			}
			add(facet, moments[first], figures)
			first = i + 1
		}
	}
	return sums
}

func TestVisitorDayCountsInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := logic.Day(rapid.IntRange(-400, 30_000).Draw(t, "day"))
		start := logic.Moment(day) * utcDayLength
		steps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
			s := step{
				at:     start + logic.Moment(rapid.Int64Range(0, int64(utcDayLength)-1).Draw(t, "at")),
				named:  rapid.Bool().Draw(t, "named"),
				facets: []Facet{{}, {FacetPath, rapid.Int64Range(1, 3).Draw(t, "path")}},
			}
			if rapid.Bool().Draw(t, "together") { // so that views meet within a visit, and at its edge
				s.at = start + logic.Moment(rapid.Int64Range(0, 20).Draw(t, "step"))*visitGap/2
			}
			if s.named {
				s.facets = append(s.facets, Facet{FacetEvent, rapid.Int64Range(1, 2).Draw(t, "name")})
			}
			return s
		}), 1, 40).Draw(t, "steps")
		got := countByQuarter(t, day, steps)
		want := countPlainly(steps)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestVisits(t *testing.T) {
	const minute = logic.Moment(60_000)
	total := Facet{}
	for name, test := range map[string]struct {
		reason string
		views  []logic.Moment
		want   map[Quarter]Totals
	}{
		"one view": {
			reason: "a visit of one view is a bounce and takes no time",
			views:  []logic.Moment{20 * minute},
			want:   map[Quarter]Totals{1: {Views: 1, Visitors: 1, Visits: 1, Bounces: 1}},
		},
		"thirty minutes apart": {
			reason: "thirty minutes are still one visit",
			views:  []logic.Moment{0, 30 * minute},
			want:   map[Quarter]Totals{0: {Views: 1, Visitors: 1, Visits: 1, Seconds: 1800}, 2: {Views: 1}},
		},
		"longer apart": {
			reason: "more than thirty minutes are two visits, of one visitor",
			views:  []logic.Moment{0, 30*minute + 1},
			want: map[Quarter]Totals{
				0: {Views: 1, Visitors: 1, Visits: 1, Bounces: 1},
				2: {Views: 1, Visits: 1, Bounces: 1},
			},
		},
		"a late view joins two visits": {
			reason: "the second visit is part of the first once the view between them is known",
			views:  []logic.Moment{0, 50 * minute, 25 * minute},
			want:   map[Quarter]Totals{0: {Views: 1, Visitors: 1, Visits: 1, Seconds: 3000}, 1: {Views: 1}, 3: {Views: 1}},
		},
		"a late first view": {
			reason: "the visitor and the visit move to the quarter where they begin",
			views:  []logic.Moment{20 * minute, 10 * minute},
			want:   map[Quarter]Totals{0: {Views: 1, Visitors: 1, Visits: 1, Seconds: 600}, 1: {Views: 1}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var steps []step
			for _, at := range test.views {
				steps = append(steps, step{at: at, facets: []Facet{total}})
			}
			got := map[Quarter]Totals{}
			for key, figures := range countByQuarter(t, 0, steps) {
				got[key.quarter] = figures
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s:\n%s", test.reason, diff)
			}
		})
	}
}

func TestDecodeVisitorDayRefusesWhatItCannotRead(t *testing.T) {
	var visitor VisitorDay
	visitor.Add(5, false, []Facet{{}, {FacetPost, 1 << 60}}, func(Facet, logic.Moment, Totals) {})
	code := visitor.Encode(0)
	if _, err := DecodeVisitorDay(0, code); err != nil {
		t.Fatal(err)
	}
	for _, broken := range [][]byte{nil, {0}, {visitorCodeVersion + 1}, code[:len(code)-1], append(slices.Clone(code), 0x80)} {
		if _, err := DecodeVisitorDay(0, broken); err == nil {
			t.Errorf("%v was read", broken)
		}
	}
	huge := []byte{visitorCodeVersion, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f}
	if _, err := DecodeVisitorDay(0, huge); err == nil {
		t.Error("a number of visits that is not there was believed")
	}
}
