package graph

import (
	"context"

	"headwater/graph/bind"
	"headwater/graph/gen"
	"headwater/logic"
	"headwater/logic/metric"
)

func (r query) Metrics(ctx context.Context, days metric.Range, filter *metric.Filter) (*metric.Report, error) {
	if filter == nil {
		filter = &metric.Filter{}
	}
	report, err := r.Metric.Report(ctx, days, *filter)
	return &report, err
}

func (r mutation) RecordEvents(ctx context.Context, input gen.RecordEventsInput) (*gen.RecordEventsPayload, error) {
	recorded, err := r.Metric.RecordEvents(ctx, input.Events)
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.RecordEventsPayload{Recorded: recorded.Recorded, Robots: recorded.Robots, UserErrors: faults}, nil
}

func (r metrics) Totals(ctx context.Context, obj *metric.Report) (metric.Totals, error) {
	return r.Metric.Totals(ctx, *obj)
}

func (r metrics) Previous(ctx context.Context, obj *metric.Report) (*metric.Report, error) {
	previous, ok, err := r.Metric.Previous(ctx, *obj)
	if err != nil || !ok {
		return nil, err
	}
	return &previous, nil
}

func (r metrics) Series(ctx context.Context, obj *metric.Report, interval metric.Interval) (metric.Series, error) {
	return r.Metric.Series(ctx, *obj, interval)
}

func (r metrics) Top(ctx context.Context, obj *metric.Report, dimension metric.Dimension, first int) ([]metric.Row, error) {
	return r.Metric.Top(ctx, *obj, dimension, first)
}

func (r metrics) TopPosts(ctx context.Context, obj *metric.Report, first int) ([]bind.PostMetricRow, error) {
	rows, err := r.Metric.TopPosts(ctx, *obj, first)
	return bind.PostMetricRows(rows), err
}

func (r postMetricRow) Post(ctx context.Context, obj *bind.PostMetricRow) (*bind.Post, error) {
	posts, err := bind.Ask(ctx, &obj.Batch.Memo, askPosts, func(ctx context.Context) (map[logic.PostID]bind.Post, error) {
		rows, err := r.Content.PostsByID(ctx, keys(obj.Batch.Rows, func(row metric.PostRow) []logic.PostID { return []logic.PostID{row.PostID} }))
		return together(rows, bind.Posts), err
	})
	if post, ok := posts[obj.PostID]; ok {
		return &post, err
	}
	return nil, err
}

// reportQuestion asks for a part of a report for posts; argument is the interval or the number of rows, where there is one.
type reportQuestion struct {
	part     string
	report   logic.ID
	argument any
}

func (r postMetrics) Totals(ctx context.Context, obj *bind.PostMetrics) (metric.Totals, error) {
	totals, _, err := askOfPosts(ctx, obj.Batch, obj.PostID, reportQuestion{askTotals, obj.Report.ID(), nil},
		func(ctx context.Context, ids []logic.PostID) (map[logic.PostID]metric.Totals, error) {
			return r.Metric.PostTotals(ctx, obj.Report, ids)
		})
	return totals, err
}

func (r postMetrics) Series(ctx context.Context, obj *bind.PostMetrics, interval metric.Interval) (metric.Series, error) {
	series, _, err := askOfPosts(ctx, obj.Batch, obj.PostID, reportQuestion{askSeries, obj.Report.ID(), interval},
		func(ctx context.Context, ids []logic.PostID) (map[logic.PostID]metric.Series, error) {
			return r.Metric.PostSeries(ctx, obj.Report, ids, interval)
		})
	return series, err
}

func (r postMetrics) Referrers(ctx context.Context, obj *bind.PostMetrics, first int) ([]metric.Row, error) {
	rows, _, err := askOfPosts(ctx, obj.Batch, obj.PostID, reportQuestion{askReferrers, obj.Report.ID(), first},
		func(ctx context.Context, ids []logic.PostID) (map[logic.PostID][]metric.Row, error) {
			return r.Metric.PostReferrers(ctx, obj.Report, ids, first)
		})
	return rows, err
}
