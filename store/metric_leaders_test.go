package store

import (
	"math/rand/v2"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"headwater/logic/metric"
)

// randomSums returns sums of some values, of which many are even, some are nothing and some are less.
func randomSums(random *rand.Rand, kind metric.FacetKind, values, most int) []sum {
	var list []sum
	for number := range int64(values) {
		few := func() int64 { return random.Int64N(5) - 1 }
		f := figures{views: few(), visitors: few()}
		if kind == metric.FacetEvent {
			f = figures{events: few()}
		}
		if random.IntN(values) < most {
			list = append(list, sum{1 + number, f}, sum{1 + number, f})
		}
	}
	return list
}

// What leaders say of what was counted last is what all sums say, and without changes they always can where there are few values.
func TestLeadersAnswerAsAllSums(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		asked := ranking{kind: rapid.SampledFrom([]metric.FacetKind{metric.FacetPost, metric.FacetPath, metric.FacetEvent}).Draw(rt, "kind"), first: rapid.IntRange(1, 3).Draw(rt, "first")}
		values, changed := rapid.SampledFrom([]int{4, 100, 300}).Draw(rt, "values"), rapid.SampledFrom([]int{0, 3, 100}).Draw(rt, "changed")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		var parts []part
		for _, sign := range []int64{1, 1, -1} {
			parts = append(parts, part{sums{code: encodeSums(randomSums(random, asked.kind, values, 1+values/2))}, sign})
		}
		found, err := leadersOf(asked, nil, parts)
		if err != nil {
			rt.Fatal(err)
		}
		if len(found.sums) >= asked.first+spareLeaders {
			rt.Fatalf("%d leaders", len(found.sums))
		}
		last := randomSums(random, asked.kind, values, changed)
		want, err := firstSums(append(parts, part{sums{code: encodeSums(last)}, 1}), asked.first, asked.rank)
		if err != nil {
			rt.Fatal(err)
		}
		list, ok := found.with(asked, last)
		if !ok && len(last) == 0 && found.all {
			rt.Fatal("they can't tell")
		}
		if diff := gocmp.Diff(want, list, gocmp.AllowUnexported(sum{}, figures{}), cmpopts.EquateEmpty()); ok && diff != "" {
			rt.Fatal(diff)
		}
	})
}

// Leaders don't tell who comes first where it may be a value that they don't know.
func TestLeadersDoNotGuess(t *testing.T) {
	var many []sum
	for number := range int64(100) {
		many = append(many, sum{1 + number, figures{views: 500 - number}})
	}
	var falling []sum
	for _, s := range many[:spareLeaders] {
		falling = append(falling, sum{s.number, figures{views: -200}})
	}
	for name, test := range map[string]struct{ settled, last []sum }{
		"all leaders fall":               {many, falling},
		"another value rises":            {many, []sum{{100, figures{views: 200}}}},
		"one that had only visitors":     {[]sum{{1, figures{views: 3, visitors: 1}}, {2, figures{visitors: 5}}}, []sum{{2, figures{views: 3}}}},
		"one more where there are few":   {nil, []sum{{1, figures{views: 1}}}},
		"one even with the last of them": {[]sum{{1, figures{3, 3, 0}}}, []sum{{2, figures{3, 3, 0}}}},
	} {
		asked := ranking{kind: metric.FacetPost, first: 1}
		found, err := leadersOf(asked, nil, []part{{sums{code: encodeSums(test.settled)}, 1}})
		if err != nil {
			t.Fatal(err)
		}
		if list, ok := found.with(asked, test.last); ok {
			t.Errorf("%s: %v", name, list)
		}
	}
}
