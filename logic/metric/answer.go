package metric

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sort"
	"strings"

	"headwater/logic"
)

const maxTop = 100

// Totals returns the figures of the whole range.
func (s *Service) Totals(ctx context.Context, r Report) (Totals, error) {
	if err := s.allow(ctx); err != nil || r.nothing {
		return Totals{}, err
	}
	sums, err := s.totals(ctx, r, r.conditions, r.question())
	return sums[r.facet.Value], err
}

// Series returns the figures of each interval of the range. By HOUR a range is at most 35 days long, by MINUTE one day; the
// last hour of a day may be cut short by a clock change. It returns INVALID where that can't be answered exactly.
func (s *Service) Series(ctx context.Context, r Report, interval Interval) (Series, error) {
	if err := s.allow(ctx); err != nil {
		return Series{}, err
	}
	if fault := r.checkInterval(interval); fault != nil {
		return Series{}, fault.At("interval")
	}
	if r.nothing {
		return newSeries(r.span.starts(interval)), nil
	}
	series, err := s.series(ctx, r, r.conditions, interval, r.question())
	return series[r.facet.Value], err
}

// Top returns the first values of a dimension by views, then by events; first is 1 to 100. OtherValue stands for what
// found no place on its day; a value that got one later that day has figures of its own from then on. With a filter it is answered from single events, or INVALID.
func (s *Service) Top(ctx context.Context, r Report, dimension Dimension, first int) ([]Row, error) {
	if err := s.allow(ctx); err != nil {
		return nil, err
	}
	kind, known := dimensionKinds[dimension]
	var faults logic.Faults
	if !known {
		faults.Add(logic.Invalid("There is no such dimension."), "dimension")
	}
	faults.Add(checkTop(first), "first")
	if len(faults) > 0 || r.nothing {
		return nil, faults.Err()
	}
	src, fault := r.chooseSource(r.conditions+1, IntervalDay)
	if fault != nil {
		return nil, fault.At("range", "from")
	}
	if src != fromEvents {
		return s.store.TopValues(ctx, kind, r.period(src), first)
	}
	return s.topOfEvents(ctx, r, kind, first)
}

// TopPosts returns the first posts by views; first is 1 to 100. With a filter it is answered from single events, or INVALID.
func (s *Service) TopPosts(ctx context.Context, r Report, first int) ([]PostRow, error) {
	if err := s.allow(ctx); err != nil {
		return nil, err
	}
	if fault := checkTop(first); fault != nil {
		return nil, fault.At("first")
	}
	if r.nothing {
		return nil, nil
	}
	src, fault := r.chooseSource(r.conditions+1, IntervalDay)
	if fault != nil {
		return nil, fault.At("range", "from")
	}
	if src != fromEvents {
		return s.store.TopPosts(ctx, r.period(src), first)
	}
	return s.topPostsOfEvents(ctx, r, first)
}

// Robots returns how many events of robots came in the range, which must be one of days of the site's zone; otherwise it is
// INVALID. Nothing else is known of them, so a filter does not matter.
func (s *Service) Robots(ctx context.Context, r Report) (int64, error) {
	if err := s.allow(ctx); err != nil {
		return 0, err
	}
	if !r.siteDays {
		return 0, logic.Invalid("Robots are counted by days of the site's time zone.").At("range", "timeZone")
	}
	days := r.period(fromDays)
	return s.store.RobotEvents(ctx, logic.Day(days.From), logic.Day(days.To))
}

func checkTop(first int) *logic.Error {
	if first < 1 || first > maxTop {
		return logic.Invalid("1 to %d, not %d", maxTop, first)
	}
	return nil
}

func (r Report) checkInterval(interval Interval) *logic.Error {
	switch interval {
	case IntervalMinute:
		if r.span.days() > 1 {
			return logic.Invalid("By minute a range is one day.")
		}
	case IntervalHour:
		if r.span.days() > maxHourDays {
			return logic.Invalid("By hour a range is at most %d days long.", maxHourDays)
		}
	case IntervalDay, IntervalWeek, IntervalMonth:
	default:
		return logic.Invalid("There is no such interval.")
	}
	return nil
}

// question is a kind of facets and the values of it that are asked for, and the same as a question for single events, with
// the value that each counts for.
type question struct {
	kind   FacetKind
	values []int64
	raw    RawQuery
	value  func(RawEvent) (int64, error)
}

// question returns the report's own.
func (r Report) question() question {
	kind, value := r.facet.Kind, r.facet.Value
	if r.raw.Name != nil {
		kind = FacetEvent
	}
	return question{kind: kind, values: []int64{value}, raw: r.raw, value: func(RawEvent) (int64, error) { return value, nil }}
}

// totals answers a question, value by value.
func (s *Service) totals(ctx context.Context, r Report, conditions int, q question) (map[int64]Totals, error) {
	src, fault := r.chooseSource(conditions, IntervalDay)
	if fault != nil {
		return nil, fault.At("range", "from")
	}
	if src != fromEvents {
		return s.store.FacetTotals(ctx, q.kind, q.values, r.period(src))
	}
	sums := map[int64]Totals{}
	err := s.recount(ctx, r, q.raw, q.kind, q.value, func(facet Facet, _ logic.Moment, figures Totals) {
		sums[facet.Value] = sums[facet.Value].Plus(figures)
	})
	return sums, err
}

// series answers a question by intervals, value by value.
func (s *Service) series(ctx context.Context, r Report, conditions int, interval Interval, q question) (map[int64]Series, error) {
	src, fault := r.chooseSource(conditions, interval)
	if fault != nil && (interval == IntervalHour || interval == IntervalMinute) {
		return nil, fault.At("interval")
	}
	if fault != nil {
		return nil, fault.At("range", "from")
	}
	starts := r.span.starts(interval)
	series := make(map[int64]Series, len(q.values))
	for _, value := range q.values {
		series[value] = newSeries(starts)
	}
	if src == fromEvents {
		err := s.recount(ctx, r, q.raw, q.kind, q.value, func(facet Facet, at logic.Moment, figures Totals) {
			series[facet.Value].add(at, figures)
		})
		return series, err
	}
	period := r.period(src)
	figures, err := s.store.FacetFigures(ctx, q.kind, q.values, period)
	begins := func(time int64) logic.Moment { return Quarter(time).Start() }
	if src == fromDays { // then each day of the range is one of the site's
		days := r.span.starts(IntervalDay)
		begins = func(time int64) logic.Moment { return days[time-period.From] }
	}
	for _, figure := range figures {
		series[figure.Facet.Value].add(begins(figure.Time), figure.Totals)
	}
	return series, err
}

func newSeries(starts []logic.Moment) Series {
	n := len(starts)
	return Series{
		Starts: starts,
		Views:  make([]int64, n), Visitors: make([]int64, n), Visits: make([]int64, n), Events: make([]int64, n),
	}
}

// add adds figures to the interval that holds a moment of the range.
func (s Series) add(at logic.Moment, figures Totals) {
	i := sort.Search(len(s.Starts), func(i int) bool { return s.Starts[i] > at }) - 1
	s.Views[i] += figures.Views
	s.Visitors[i] += figures.Visitors
	s.Visits[i] += figures.Visits
	s.Events[i] += figures.Events
}

// topOfEvents counts single events by a text of theirs.
func (s *Service) topOfEvents(ctx context.Context, r Report, kind FacetKind, first int) ([]Row, error) {
	texts := newNumbers(s.options.MaxTexts, strings.Clone)
	query := r.raw
	query.Text = kind
	sums := map[string]Totals{}
	if r.raw.Name != nil {
		kind = FacetEvent
	}
	err := s.recount(ctx, r, query, kind, func(event RawEvent) (int64, error) { return texts.key(event.Text) },
		func(facet Facet, _ logic.Moment, figures Totals) {
			text := texts.all[facet.Value]
			sums[text] = sums[text].Plus(figures)
		})
	if err != nil {
		return nil, err
	}
	return topRows(sums, first), nil
}

func (s *Service) topPostsOfEvents(ctx context.Context, r Report, first int) ([]PostRow, error) {
	sums := map[int64]Totals{}
	err := s.recount(ctx, r, r.raw, FacetPost, func(event RawEvent) (int64, error) { return int64(event.PostID), nil },
		func(facet Facet, _ logic.Moment, figures Totals) { sums[facet.Value] = sums[facet.Value].Plus(figures) })
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(sums, func(post int64, figures Totals) bool { return post == 0 || figures.Views == 0 })
	ids := slices.SortedFunc(maps.Keys(sums), func(a, b int64) int {
		return cmp.Or(cmp.Compare(sums[b].Views, sums[a].Views), cmp.Compare(sums[b].Visitors, sums[a].Visitors), cmp.Compare(a, b))
	})
	rows := make([]PostRow, min(first, len(ids)))
	posts := make([]logic.PostID, len(rows))
	for i := range rows {
		posts[i] = logic.PostID(ids[i])
	}
	titles, err := s.store.PostTitles(ctx, posts)
	for i, post := range posts {
		figures := sums[int64(post)]
		rows[i] = PostRow{PostID: post, Title: titles[post], Views: figures.Views, Visitors: figures.Visitors}
	}
	return rows, err
}
