package metric

import (
	"iter"

	"headwater/logic"
)

// FacetKind says what a facet is about. Its number is kept with every figure, so it never changes.
type FacetKind uint8

// The kinds of facets, and what the value of each is.
const (
	FacetTotal    FacetKind = iota // 0
	FacetPost                      // a post's key
	FacetPath                      // a ValueID, as all below but the last two
	FacetReferrer                  // the referrer's host
	FacetDevice
	FacetBrowser
	FacetOS
	FacetEvent  // the event's name; named events alone
	FacetAuthor // a user's key, for each author of the post
	FacetTag    // a tag's key, for each tag of the post
	facetKinds  // how many kinds there are
)

// FacetKinds returns every kind of facets.
func FacetKinds() iter.Seq[FacetKind] {
	return func(yield func(FacetKind) bool) {
		for kind := range facetKinds {
			if !yield(kind) {
				return
			}
		}
	}
}

// Facet is one of the things that an event counts under. Figures of a facet answer as if only its events had happened.
type Facet struct {
	Kind  FacetKind
	Value int64
}

// ValueID is the key of a text that events are counted under.
type ValueID int64

// The keys of texts that mean the same in every dimension.
const (
	NoValueID    ValueID = 0 // none or unknown
	OtherValueID ValueID = 1 // one that came when the day's places were taken: OtherValue
)

// Quarter is a quarter of an hour: quarters since 1970-01-01T00:00:00Z.
type Quarter int64

const quarterLength = 15 * 60 * 1000 // milliseconds

// QuarterOf returns the quarter of an hour that m falls into.
func QuarterOf(m logic.Moment) Quarter { return Quarter(floorDiv(int64(m), quarterLength)) }

// Start returns the quarter's first moment.
func (q Quarter) Start() logic.Moment { return logic.Moment(q * quarterLength) }

func floorDiv(n, by int64) int64 {
	if n < 0 {
		return (n - by + 1) / by
	}
	return n / by
}

var dimensionKinds = map[Dimension]FacetKind{
	DimensionPath:     FacetPath,
	DimensionReferrer: FacetReferrer,
	DimensionDevice:   FacetDevice,
	DimensionBrowser:  FacetBrowser,
	DimensionOS:       FacetOS,
	DimensionEvent:    FacetEvent,
}

// Plus returns the sum of both, figure by figure.
func (t Totals) Plus(other Totals) Totals {
	return Totals{
		Views:    t.Views + other.Views,
		Visitors: t.Visitors + other.Visitors,
		Visits:   t.Visits + other.Visits,
		Bounces:  t.Bounces + other.Bounces,
		Seconds:  t.Seconds + other.Seconds,
		Events:   t.Events + other.Events,
	}
}

// minus returns the difference, figure by figure.
func (t Totals) minus(other Totals) Totals {
	return Totals{
		Views:    t.Views - other.Views,
		Visitors: t.Visitors - other.Visitors,
		Visits:   t.Visits - other.Visits,
		Bounces:  t.Bounces - other.Bounces,
		Seconds:  t.Seconds - other.Seconds,
		Events:   t.Events - other.Events,
	}
}
