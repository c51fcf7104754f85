package metric

import (
	"context"
	"errors"

	"headwater/logic"
)

// PostReport is what a Report without a filter says of one post.
type PostReport struct {
	Report
	PostID logic.PostID
}

// ID returns an identity that is the same for the same post, days and time zone.
func (r PostReport) ID() logic.ID {
	return logic.ID{Kind: logic.KindPostMetrics, Key: r.hash(r.PostID)}
}

// PostViews returns the views of all time of each of posts. FORBIDDEN for those who may not read metrics.
func (s *Service) PostViews(ctx context.Context, posts []logic.PostID) (map[logic.PostID]int64, error) {
	if err := allow(ctx); err != nil {
		return nil, err
	}
	views, err := s.store.PostViews(ctx, posts)
	if err != nil {
		return nil, err
	}
	all := make(map[logic.PostID]int64, len(posts))
	for _, post := range posts {
		all[post] = views[post]
	}
	return all, nil
}

// PostTotals returns the figures of the whole range of each of posts; r is a report without a filter.
func (s *Service) PostTotals(ctx context.Context, r Report, posts []logic.PostID) (map[logic.PostID]Totals, error) {
	q, err := postsQuestion(ctx, r, posts)
	if err != nil {
		return nil, err
	}
	sums, err := s.totals(ctx, r, 1, q)
	return byPost(posts, sums), err
}

// PostSeries returns the figures of each interval of the range of each of posts, as Series does; r is a report without
// a filter.
func (s *Service) PostSeries(ctx context.Context, r Report, posts []logic.PostID, interval Interval) (map[logic.PostID]Series, error) {
	q, err := postsQuestion(ctx, r, posts)
	if err != nil {
		return nil, err
	}
	if fault := r.checkInterval(interval); fault != nil {
		return nil, fault.At("interval")
	}
	series, err := s.series(ctx, r, 1, interval, q)
	return byPost(posts, series), err
}

// PostReferrers returns the first hosts that readers of each of posts came from, by views; first is 1 to 100 and r a report
// without a filter. It is answered from single events, or INVALID.
func (s *Service) PostReferrers(ctx context.Context, r Report, posts []logic.PostID, first int) (map[logic.PostID][]Row, error) {
	q, err := postsQuestion(ctx, r, posts)
	if err != nil {
		return nil, err
	}
	if fault := checkTop(first); fault != nil {
		return nil, fault.At("first")
	}
	if _, fault := r.chooseSource(2, IntervalDay); fault != nil {
		return nil, fault.At("range", "from")
	}
	q.raw.Text = FacetReferrer
	pairs := newPairs()
	sums := map[logic.PostID]map[int64]Totals{}
	err = s.recount(ctx, r, q.raw, FacetReferrer, pairs.key, func(facet Facet, _ logic.Moment, figures Totals) {
		post, host := pairs.pair(facet.Value)
		if sums[post] == nil {
			sums[post] = map[int64]Totals{}
		}
		sums[post][host] = sums[post][host].plus(figures)
	})
	if err != nil {
		return nil, err
	}
	rows := make(map[logic.PostID][]Row, len(posts))
	for _, post := range posts {
		rows[post] = pairs.hosts.top(sums[post], first)
	}
	return rows, nil
}

func postsQuestion(ctx context.Context, r Report, posts []logic.PostID) (question, error) {
	if err := allow(ctx); err != nil {
		return question{}, err
	}
	if r.conditions > 0 {
		return question{}, errors.New("figures of posts were asked of a report with a filter")
	}
	values := make([]int64, len(posts))
	for i, post := range posts {
		values[i] = int64(post)
	}
	return question{
		kind:   FacetPost,
		values: values,
		raw:    RawQuery{PostIDs: append([]logic.PostID{}, posts...)}, // never nil, which would be every post
		value:  func(event RawEvent) int64 { return int64(event.PostID) },
	}, nil
}

func byPost[T any](posts []logic.PostID, values map[int64]T) map[logic.PostID]T {
	keyed := make(map[logic.PostID]T, len(posts))
	for _, post := range posts {
		keyed[post] = values[int64(post)]
	}
	return keyed
}

// pairs gives pairs of a post and a host numbers, to be counted by.
type pairs struct {
	hosts *texts
	keys  map[pair]int64
	all   []pair
}

type pair struct {
	post logic.PostID
	host int64
}

func newPairs() *pairs { return &pairs{hosts: newTexts(), keys: map[pair]int64{}} }

func (p *pairs) key(event RawEvent) int64 {
	of := pair{event.PostID, p.hosts.key(event.Text)}
	key, ok := p.keys[of]
	if !ok {
		key = int64(len(p.all))
		p.keys[of] = key
		p.all = append(p.all, of)
	}
	return key
}

func (p *pairs) pair(key int64) (logic.PostID, int64) { return p.all[key].post, p.all[key].host }
