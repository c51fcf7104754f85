package metric

import (
	"context"

	"headwater/logic"
)

// The rules of the domain.
var (
	readMetrics  = logic.Needs(logic.ScopeMetricsRead)
	readViews    = logic.Decided("Those with METRICS_READ and, where the site shows views, whoever may read the post; null for others.")
	recordEvents = logic.Needs(logic.ScopeMetricsWrite)
	readPosts    = logic.Needs(logic.ScopePostsRead)
)

// Rules are the rules of what readers do.
func Rules() logic.Rules {
	rules := logic.Rules{}
	rules.Add(readViews, "Post.views")
	rules.Add(readMetrics,
		"Query.metrics Query.metrics(range) Query.metrics(filter) Post.metrics Post.metrics(range)",
		"RangeInput.from RangeInput.to RangeInput.timeZone",
		"MetricFilter.postId MetricFilter.author MetricFilter.tag MetricFilter.event MetricFilter.path",
		"Metrics.series(interval) Metrics.top(dimension) Metrics.top(first) Metrics.topPosts(first)",
		"PostMetrics.series(interval) PostMetrics.referrers(first)",
	)
	rules.Add(logic.Given,
		"Metrics.id Metrics.dataFrom Metrics.totals Metrics.previous Metrics.series Metrics.top Metrics.topPosts",
		"MetricTotals.views MetricTotals.visitors MetricTotals.visits MetricTotals.bounceRate MetricTotals.secondsPerVisit MetricTotals.events",
		"MetricSeries.starts MetricSeries.views MetricSeries.visitors MetricSeries.visits MetricSeries.events",
		"MetricRow.value MetricRow.views MetricRow.visitors MetricRow.events",
		"PostMetricRow.title PostMetricRow.views PostMetricRow.visitors",
		"PostMetrics.id PostMetrics.totals PostMetrics.series PostMetrics.referrers",
	)
	rules.Add(logic.Decided("Whoever may read the post; null for others."), "PostMetricRow.post")
	rules.Add(recordEvents,
		"Mutation.recordEvents Mutation.recordEvents(input) RecordEventsInput.events",
		"EventInput.id EventInput.name EventInput.path EventInput.referrer EventInput.at EventInput.properties",
		"EventPropertyInput.key EventPropertyInput.value",
	)
	rules.Add(readPosts, "EventInput.postId")
	rules.Add(logic.Given, "RecordEventsPayload.recorded RecordEventsPayload.robots RecordEventsPayload.userErrors")
	return rules
}

// allow returns FORBIDDEN unless the viewer may read metrics.
func (s *Service) allow(ctx context.Context) error {
	return readMetrics.Check(logic.ViewerFrom(ctx), s.clock())
}

// allowViews returns FORBIDDEN unless the viewer may know how often posts were viewed.
func (s *Service) allowViews(ctx context.Context) error {
	forbidden := s.allow(ctx)
	if forbidden == nil || !readPosts.Allows(logic.ViewerFrom(ctx)) {
		return forbidden
	}
	site, err := s.store.MetricSite(ctx)
	if err != nil || site.ShowsViews {
		return err
	}
	return forbidden
}
