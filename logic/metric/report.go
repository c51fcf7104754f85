package metric

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"time"

	"headwater/logic"
)

// Report is a checked question: a range of days and a filter that can be answered exactly.
type Report struct {
	Range  Range
	Filter Filter
	// DataFrom is the first moment for which these figures are kept: the start of the first day that anything was counted
	// on, or, later, how far back goes what the report is answered from. Before anything was counted it is the start of
	// the present day.
	DataFrom logic.Moment

	span     span
	siteZone *time.Location
	siteDays bool // each day of the range is a day of the site's zone
	horizon  Horizon
	match
	beyondPlaces bool // the filter's value had no place on some day on which there were too many values
}

// match is a filter whose names were looked up.
type match struct {
	nothing    bool  // no event can match
	conditions int   // how many there are
	facet      Facet // what the filter comes down to, with at most one condition
	raw        RawQuery
}

// ID returns an identity that is the same for the same days, time zone and filter.
func (r Report) ID() logic.ID { return logic.ID{Kind: logic.KindMetrics, Key: r.hash(0)} }

func (r Report) hash(post logic.PostID) int64 {
	hash := fnv.New64a()
	var numbers []byte
	for _, number := range []int64{int64(r.span.from), int64(r.span.to), int64(post)} {
		numbers = binary.LittleEndian.AppendUint64(numbers, uint64(number))
	}
	hash.Write(numbers)
	fmt.Fprintf(hash, "%q", r.span.zone)
	if r.Filter.PostID != nil {
		fmt.Fprintf(hash, "%v", *r.Filter.PostID)
	}
	for _, text := range []*string{r.Filter.Author, r.Filter.Tag, r.Filter.Event, r.Filter.Path} {
		if text == nil {
			hash.Write([]byte{0})
		} else {
			fmt.Fprintf(hash, "%q", *text)
		}
	}
	return int64(hash.Sum64() >> 1)
}

// Report checks a question for the figures of a range under a filter, and returns what Totals, Series, Top, TopPosts and
// Previous answer. Those with METRICS_READ may call it, as all of these; others get FORBIDDEN. A range or filter that is
// not possible, or that can't be answered exactly any more, is INVALID with the input at fault, all of them at once.
func (s *Service) Report(ctx context.Context, days Range, filter Filter) (Report, error) {
	if err := s.allow(ctx); err != nil {
		return Report{}, err
	}
	site, err := s.store.MetricSite(ctx)
	if err != nil {
		return Report{}, err
	}
	r, err := checkReport(site, days, filter)
	if err != nil {
		return Report{}, err
	}
	if r.match, err = s.findMatch(ctx, filter); err != nil {
		return Report{}, err
	}
	if err := s.settle(ctx, &r, site); err != nil {
		return Report{}, err
	}
	return r, nil
}

// Previous returns the report on the range of the same length just before, and whether there is one: not where it can't be
// answered exactly, or begins before anything was counted, since the two could not be compared.
func (s *Service) Previous(ctx context.Context, r Report) (Report, bool, error) {
	if err := s.allow(ctx); err != nil {
		return Report{}, false, err
	}
	site, err := s.store.MetricSite(ctx)
	if err != nil {
		return Report{}, false, err
	}
	r.span = r.span.previous()
	r.Range.From, r.Range.To = r.span.from, r.span.to
	err = s.settle(ctx, &r, site)
	if logic.CodeOf(err) == logic.CodeInvalid {
		return Report{}, false, nil
	}
	if err != nil || r.span.start() < r.DataFrom {
		return Report{}, false, err
	}
	return r, true, nil
}

// checkReport returns the report on days in their time zone, with nothing looked up yet.
func checkReport(site Site, days Range, filter Filter) (Report, error) {
	r := Report{Range: days, Filter: filter}
	var err error
	if r.siteZone, err = logic.LoadZone(site.TimeZone); err != nil {
		return Report{}, err
	}
	var faults logic.Faults
	r.span = span{from: days.From, to: days.To, zone: r.siteZone}
	if days.TimeZone != nil {
		if r.span.zone, err = logic.LoadZone(*days.TimeZone); err != nil {
			faults.Add(logic.Invalid("There is no such time zone; give an IANA name, as Europe/Berlin."), "range", "timeZone")
		}
	}
	if days.To < days.From {
		faults.Add(logic.Invalid("The range ends before it begins."), "range", "to")
	} else if days.To >= yearsLater(days.From, maxRangeYears) {
		faults.Add(logic.Invalid("A range is at most %d years long.", maxRangeYears), "range", "to")
	}
	if filter.Path != nil {
		_, fault := cleanPath(*filter.Path)
		faults.Add(fault, "filter", "path")
	}
	if filter.Event != nil {
		faults.Add(checkName(*filter.Event), "filter", "event")
	}
	return r, faults.Err()
}

// findMatch looks up what a checked filter names.
func (s *Service) findMatch(ctx context.Context, filter Filter) (match, error) {
	var m match
	condition := func(kind FacetKind, value int64) {
		m.conditions++
		m.facet = Facet{kind, value}
	}
	if filter.PostID != nil {
		id, ok := filter.PostID.Post()
		m.nothing = !ok
		m.raw.PostIDs = []logic.PostID{id}
		condition(FacetPost, int64(id))
	}
	var err error
	if filter.Author != nil {
		m.raw.AuthorID, err = s.findKey(ctx, &m, FacetAuthor, *filter.Author)
		condition(FacetAuthor, *m.raw.AuthorID)
	}
	if filter.Tag != nil && err == nil {
		m.raw.TagID, err = s.findKey(ctx, &m, FacetTag, *filter.Tag)
		condition(FacetTag, *m.raw.TagID)
	}
	if filter.Event != nil {
		m.raw.Name = filter.Event
		condition(FacetEvent, 0)
	}
	if filter.Path != nil {
		path, _ := cleanPath(*filter.Path)
		m.raw.Path = &path
		condition(FacetPath, 0)
	}
	if err != nil || m.nothing || m.conditions != 1 {
		return m, err
	}
	if text := m.text(); text != nil {
		m.facet.Value, err = s.store.FacetValue(ctx, m.facet.Kind, *text)
		if logic.CodeOf(err) == logic.CodeNotFound {
			m.facet.Value, err = noPlace, nil
		}
	}
	return m, err
}

// noPlace is the value of a text that never had a place.
const noPlace = -1

// text returns the text of a filter with one condition that is a text.
func (m match) text() *string {
	switch m.facet.Kind {
	case FacetEvent:
		return m.raw.Name
	case FacetPath:
		return m.raw.Path
	default:
		return nil
	}
}

func (s *Service) findKey(ctx context.Context, m *match, kind FacetKind, text string) (*int64, error) {
	key, err := s.store.FacetValue(ctx, kind, text)
	if logic.CodeOf(err) == logic.CodeNotFound {
		m.nothing, err = true, nil
	}
	return &key, err
}

// settle finds out from what the report can be answered, and how far back that goes. INVALID when from nothing.
func (s *Service) settle(ctx context.Context, r *Report, site Site) error {
	now := s.clock()
	r.horizon = s.options.kept(now, site.Horizon)
	r.siteDays = r.span.sameDays(r.siteZone)
	r.beyondPlaces = false
	if r.conditions == 1 && r.text() != nil {
		from, to := r.span.utcDays()
		var err error
		if r.beyondPlaces, err = s.store.WasOther(ctx, r.facet.Kind, r.facet.Value, from, to); err != nil {
			return err
		}
	}
	src, fault := r.chooseSource(r.conditions, IntervalDay)
	if fault != nil {
		return fault.At("range", "from")
	}
	if site.FirstDay == nil {
		r.DataFrom = dayStart(dayAt(now, r.span.zone), r.span.zone)
		return nil
	}
	r.DataFrom = max(dayStart(*site.FirstDay, r.siteZone), r.reach(src))
	return nil
}

// reach returns how far back a source goes.
func (r Report) reach(src source) logic.Moment {
	switch src {
	case fromQuarters:
		return r.horizon.Quarters.Start(time.UTC)
	case fromEvents:
		return r.horizon.Raw.Start(time.UTC)
	default:
		return math.MinInt64
	}
}

// period returns the range in the intervals of a source.
func (r Report) period(src source) Period {
	start, end := r.span.start(), r.span.end()
	if src == fromQuarters {
		return Period{ByQuarter: true, From: int64(QuarterOf(start)), To: int64(QuarterOf(end - 1))}
	}
	return Period{From: int64(dayAt(start, r.siteZone)), To: int64(dayAt(end-1, r.siteZone))}
}
