package metric

import (
	"context"
	"errors"
	"strings"

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

// PostViews returns the views of all time of each of posts. FORBIDDEN for those without METRICS_READ
// and, where the site shows views, without POSTS_READ.
func (s *Service) PostViews(ctx context.Context, posts []logic.PostID) (map[logic.PostID]int64, error) {
	if err := s.allowViews(ctx); err != nil {
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
	q, err := s.postsQuestion(ctx, r, posts)
	if err != nil {
		return nil, err
	}
	sums, err := s.totals(ctx, r, 1, q)
	return byPost(posts, sums), err
}

// PostSeries returns the figures of each interval of the range of each of posts, as Series does; r is a report without
// a filter.
func (s *Service) PostSeries(ctx context.Context, r Report, posts []logic.PostID, interval Interval) (map[logic.PostID]Series, error) {
	q, err := s.postsQuestion(ctx, r, posts)
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
	q, err := s.postsQuestion(ctx, r, posts)
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
	type pair struct {
		post logic.PostID
		host string
	}
	pairs := newNumbers(s.options.MaxTexts, func(p pair) pair { return pair{p.post, strings.Clone(p.host)} })
	sums := map[logic.PostID]map[string]Totals{}
	err = s.recount(ctx, r, q.raw, FacetReferrer, func(event RawEvent) (int64, error) { return pairs.key(pair{event.PostID, event.Text}) },
		func(facet Facet, _ logic.Moment, figures Totals) {
			of := pairs.all[facet.Value]
			if sums[of.post] == nil {
				sums[of.post] = map[string]Totals{}
			}
			sums[of.post][of.host] = sums[of.post][of.host].Plus(figures)
		})
	if err != nil {
		return nil, err
	}
	rows := make(map[logic.PostID][]Row, len(posts))
	for _, post := range posts {
		rows[post] = topRows(sums[post], first)
	}
	return rows, nil
}

func (s *Service) postsQuestion(ctx context.Context, r Report, posts []logic.PostID) (question, error) {
	if err := s.allow(ctx); err != nil {
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
		value:  func(event RawEvent) (int64, error) { return int64(event.PostID), nil },
	}, nil
}

func byPost[T any](posts []logic.PostID, values map[int64]T) map[logic.PostID]T {
	keyed := make(map[logic.PostID]T, len(posts))
	for _, post := range posts {
		keyed[post] = values[int64(post)]
	}
	return keyed
}
