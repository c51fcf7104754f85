package store

import (
	"slices"
	"sync"

	"headwater/logic"
	"headwater/logic/metric"
)

// ranking is what is asked for: the first values of a kind in a range of days.
type ranking struct {
	kind     metric.FacetKind
	from, to logic.Day
	first    int
}

// rank compares figures: negative where a comes first.
func (r ranking) rank(a, b figures) int {
	if r.kind == metric.FacetPost {
		return byVisitors(a, b)
	}
	return byEvents(a, b)
}

// version is that of a running sum, and whether the sum is added or taken away.
type version struct{ sign, number int64 }

// leaders are the first values of a ranking and some behind them, as running sums of those versions have them.
type leaders struct {
	versions []version
	sums     []sum   // in the order of their ranks
	floor    figures // no other value comes before it
	all      bool    // no other value has views or events
}

// spareLeaders is how many values behind the first are known: what is counted last among these changes places with them unseen.
const spareLeaders = 64

// leadersOf returns the leaders of a ranking whose running sums are parts.
func leadersOf(asked ranking, versions []version, parts []part) (*leaders, error) {
	many := asked.first + spareLeaders
	list, err := firstSums(parts, many, asked.rank)
	if err != nil {
		return nil, err
	}
	if len(list) < many {
		// Others may have had visitors whose views are none any more.
		return &leaders{versions, slices.Clone(list), figures{visitors: unbounded}, true}, nil
	}
	floor := list[many-1].figures
	behind, _ := slices.BinarySearchFunc(list, floor, func(s sum, floor figures) int { return asked.rank(s.figures, floor) })
	return &leaders{versions, slices.Clone(list[:behind]), floor, false}, nil
}

// unbounded is more visitors than there ever are.
const unbounded = 1 << 62

// with returns what firstSums does once what was counted last is added. It can't always tell: values that are not among the leaders may
// have overtaken some.
func (l *leaders) with(asked ranking, last []sum) (list []sum, ok bool) {
	changes := map[int64]figures{}
	for _, s := range last {
		changes[s.number] = changes[s.number].plus(s.figures)
	}
	first := newFirstList(asked.first, asked.rank)
	for _, s := range l.sums {
		s.figures = s.plus(changes[s.number])
		delete(changes, s.number)
		first.offer(s)
	}
	first.trim()
	if len(first.kept) < asked.first {
		return first.kept, l.all && len(changes) == 0
	}
	if asked.rank(first.floor, l.floor) >= 0 {
		return nil, false
	}
	for _, change := range changes {
		if asked.rank(first.floor, l.floor.plus(change)) >= 0 {
			return nil, false
		}
	}
	return first.kept, true
}

// mostRankings is how many rankings have their leaders known at most before all are forgotten: each takes some kilobytes.
const mostRankings = 200

// knownLeaders are the leaders of the rankings that were asked for. Versions tell whether they still lead.
type knownLeaders struct {
	mu        sync.Mutex
	byRanking map[ranking]*leaders
}

// of returns the leaders that are known of a ranking, or nil.
func (k *knownLeaders) of(asked ranking) *leaders {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.byRanking[asked]
}

func (k *knownLeaders) learn(asked ranking, found *leaders) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byRanking == nil || len(k.byRanking) >= mostRankings {
		k.byRanking = map[ranking]*leaders{}
	}
	k.byRanking[asked] = found
}
