package guard

// DefaultWeights returns the fields of the contract that bring more than a value: whole texts, searches, and figures that are
// added up from many rows. A weight for a field that the contract no longer has fails when the program starts.
func DefaultWeights() Weights {
	return Weights{
		"Post.html":             500,
		"Post.text":             500,
		"Post.excerpt":          5,
		"Post.related":          50,
		"Post.metrics":          50,
		"Query.searchPosts":     500,
		"Query.metrics":         500,
		"Metrics.totals":        1_000,
		"Metrics.previous":      500,
		"Metrics.series":        2_000,
		"Metrics.top":           3_000,
		"Metrics.topPosts":      3_000,
		"PostMetrics.totals":    100,
		"PostMetrics.series":    500,
		"PostMetrics.referrers": 200,
	}
}
