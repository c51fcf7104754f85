package store

import (
	"context"
	"encoding/json"

	"headwater/logic"
	"headwater/logic/metric"
)

// Metric returns what the domain metric needs of storage.
func (s *Store) Metric() metric.Store {
	return metricStore{s.reader(), transactor[metric.Writer]{s}, eraser{s.write}}
}

// metricStore implements metric.Store.
type metricStore struct {
	reader
	transactor[metric.Writer]
	eraser
}

// WriteTogether implements metric.Store.
func (m metricStore) WriteTogether(ctx context.Context, call *metric.Call, book func(metric.Writer, []*metric.Call) error) error {
	return m.store.changeTogether(ctx, call, func(w *writer, jobs []any) error {
		calls := make([]*metric.Call, len(jobs))
		for i, job := range jobs {
			calls[i] = job.(*metric.Call)
		}
		return book(w, calls)
	})
}

const metricSite = `/* MetricSite */ SELECT site.url, site.post_url, site.time_zone, site.shows_views, metric_horizon.raw, metric_horizon.quarters,
	(SELECT MIN(day) FROM metric_day WHERE kind = 0 AND value = 0) AS first_day
	FROM site CROSS JOIN metric_horizon WHERE site.id = 1 AND metric_horizon.id = 1`

// MetricSite implements metric.Reader.
func (r reader) MetricSite(ctx context.Context) (metric.Site, error) {
	row, err := selectRow[struct {
		URL, PostURL, TimeZone string
		ShowsViews             bool
		Raw, Quarters          logic.Day
		FirstDay               *logic.Day
	}](ctx, r, metricSite)
	return metric.Site{
		URL: row.URL, PostURL: row.PostURL, TimeZone: row.TimeZone, ShowsViews: row.ShowsViews,
		Horizon: metric.Horizon{Raw: row.Raw, Quarters: row.Quarters}, FirstDay: row.FirstDay,
	}, err
}

const daysCounted = `/* DaysCounted */ SELECT EXISTS (SELECT 1 FROM metric_day WHERE kind = 0 AND value = 0)
	OR EXISTS (SELECT 1 FROM metric_robot)`

// DaysCounted tells whether anything was counted by days of the site's time zone, which then can't be another any more.
func (r reader) DaysCounted(ctx context.Context) (bool, error) {
	return selectRow[bool](ctx, r, daysCounted)
}

const (
	viewablePostsByID = `/* ViewablePosts by id */ SELECT id, slug, title, author_ids, tag_ids FROM post
		WHERE id IN (SELECT json_each.value FROM json_each(?)) AND status = 'PUBLISHED'`
	viewablePostsBySlug = `/* ViewablePosts by slug */ SELECT id, slug, title, author_ids, tag_ids FROM post
		WHERE slug IN (SELECT json_each.value FROM json_each(?)) AND status = 'PUBLISHED'`
)

type viewablePostRow struct {
	ID        logic.PostID
	Slug      string
	Title     string
	AuthorIDs string
	TagIDs    string
}

// ViewablePosts implements metric.Reader.
func (r reader) ViewablePosts(ctx context.Context, ids []logic.PostID, slugs []string) ([]metric.ViewablePost, error) {
	var rows []viewablePostRow
	var err error
	if len(ids) > 0 {
		rows, err = selectRows[viewablePostRow](ctx, r, viewablePostsByID, keyList(ids))
	}
	if err == nil && len(slugs) > 0 {
		var more []viewablePostRow
		more, err = selectRows[viewablePostRow](ctx, r, viewablePostsBySlug, keyList(slugs))
		rows = append(rows, more...)
	}
	if err != nil {
		return nil, err
	}
	posts := make([]metric.ViewablePost, len(rows))
	for i, row := range rows {
		posts[i] = metric.ViewablePost{ID: row.ID, Slug: row.Slug, Title: row.Title}
		if err := json.Unmarshal([]byte(row.AuthorIDs), &posts[i].AuthorIDs); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(row.TagIDs), &posts[i].TagIDs); err != nil {
			return nil, err
		}
	}
	return posts, nil
}

const (
	facetValueOfAuthor = `/* FacetValue of an author */ SELECT id FROM account WHERE username = ?`
	facetValueOfTag    = `/* FacetValue of a tag */ SELECT tag.id FROM tag_slug CROSS JOIN tag
		WHERE tag_slug.slug = ? AND tag.id = tag_slug.tag_id AND ` + leadsReaders
	facetValueOfText = `/* FacetValue of a text */ SELECT id FROM metric_value WHERE kind = ? AND text = ?`
)

// FacetValue implements metric.Reader.
func (r reader) FacetValue(ctx context.Context, kind metric.FacetKind, text string) (int64, error) {
	query, args := facetValueOfText, []any{kind, text}
	switch kind {
	case metric.FacetAuthor:
		query, args = facetValueOfAuthor, []any{text}
	case metric.FacetTag:
		query, args = facetValueOfTag, []any{text}
	}
	value, err := selectRow[int64](ctx, r, query, args...)
	return value, orNotFound(err, "value")
}

const wasOther = `/* WasOther */ SELECT EXISTS (SELECT 1 FROM metric_place AS other
	WHERE other.kind = ? AND other.value = ? AND other.utc_day BETWEEN ? AND ? AND NOT EXISTS (
		SELECT 1 FROM metric_place WHERE kind = other.kind AND value = ? AND utc_day = other.utc_day AND late = 0))`

// WasOther implements metric.Reader.
func (r reader) WasOther(ctx context.Context, kind metric.FacetKind, value int64, from, to logic.Day) (bool, error) {
	return selectRow[bool](ctx, r, wasOther, kind, metric.OtherValueID, from, to, value)
}

const (
	sumFigures = `SUM(views) AS views, SUM(visitors) AS visitors, SUM(visits) AS visits, SUM(bounces) AS bounces,
		SUM(seconds) AS seconds, SUM(events) AS events`
	dayFacetTotals = `/* FacetTotals by day */ SELECT value, ` + sumFigures + ` FROM metric_day
		WHERE kind = ? AND value IN (SELECT json_each.value FROM json_each(?)) AND day BETWEEN ? AND ? GROUP BY value`
	quarterFacetTotals = `/* FacetTotals by quarter */ SELECT value, ` + sumFigures + ` FROM metric_quarter
		WHERE kind = ? AND value IN (SELECT json_each.value FROM json_each(?)) AND quarter BETWEEN ? AND ? GROUP BY value`
	dayFacetFigures = `/* FacetFigures by day */ SELECT value, day AS time, views, visitors, visits, bounces, seconds, events
		FROM metric_day WHERE kind = ? AND value IN (SELECT json_each.value FROM json_each(?)) AND day BETWEEN ? AND ?`
	quarterFacetFigures = `/* FacetFigures by quarter */ SELECT value, quarter AS time, views, visitors, visits, bounces, seconds, events
		FROM metric_quarter WHERE kind = ? AND value IN (SELECT json_each.value FROM json_each(?)) AND quarter BETWEEN ? AND ?`
)

// either returns the statement for a period.
func either(period metric.Period, byDay, byQuarter string) string {
	if period.ByQuarter {
		return byQuarter
	}
	return byDay
}

type figureRow struct {
	Value, Time int64
	metric.Totals
}

// FacetTotals implements metric.Reader.
func (r reader) FacetTotals(ctx context.Context, kind metric.FacetKind, values []int64, period metric.Period) (map[int64]metric.Totals, error) {
	rows, err := selectRows[figureRow](ctx, r, either(period, dayFacetTotals, quarterFacetTotals), kind, keyList(values), period.From, period.To)
	totals := make(map[int64]metric.Totals, len(rows))
	for _, row := range rows {
		totals[row.Value] = row.Totals
	}
	return totals, err
}

// FacetFigures implements metric.Reader.
func (r reader) FacetFigures(ctx context.Context, kind metric.FacetKind, values []int64, period metric.Period) ([]metric.Figure, error) {
	rows, err := selectRows[figureRow](ctx, r, either(period, dayFacetFigures, quarterFacetFigures), kind, keyList(values), period.From, period.To)
	figures := make([]metric.Figure, len(rows))
	for i, row := range rows {
		figures[i] = metric.Figure{Facet: metric.Facet{Kind: kind, Value: row.Value}, Time: row.Time, Totals: row.Totals}
	}
	return figures, err
}

const (
	topValues = ` SELECT metric_value.text AS value, top.views, top.visitors, top.events
		FROM top CROSS JOIN metric_value WHERE metric_value.id = top.value
		ORDER BY top.views DESC, top.events DESC, metric_value.text LIMIT ?`
	topPosts = ` SELECT top.value AS post_id, metric_post.title, top.views, top.visitors
		FROM top CROSS JOIN metric_post WHERE metric_post.post_id = top.value AND top.views > 0
		ORDER BY top.views DESC, top.visitors DESC, top.value LIMIT ?`
	dayTop = `WITH top AS (SELECT value, SUM(views) AS views, SUM(visitors) AS visitors, SUM(events) AS events
		FROM metric_day INDEXED BY metric_day_by_time WHERE kind = ? AND day BETWEEN ? AND ? GROUP BY value)`
	quarterTop = `WITH top AS (SELECT value, SUM(views) AS views, SUM(visitors) AS visitors, SUM(events) AS events
		FROM metric_quarter INDEXED BY metric_quarter_by_time WHERE kind = ? AND quarter BETWEEN ? AND ? GROUP BY value)`

	dayTopValues     = `/* TopValues by day */ ` + dayTop + topValues
	quarterTopValues = `/* TopValues by quarter */ ` + quarterTop + topValues
	dayTopPosts      = `/* TopPosts by day */ ` + dayTop + topPosts
	quarterTopPosts  = `/* TopPosts by quarter */ ` + quarterTop + topPosts
)

// TopValues implements metric.Reader.
func (r reader) TopValues(ctx context.Context, kind metric.FacetKind, period metric.Period, first int) ([]metric.Row, error) {
	return selectRows[metric.Row](ctx, r, either(period, dayTopValues, quarterTopValues), kind, period.From, period.To, first)
}

// TopPosts implements metric.Reader.
func (r reader) TopPosts(ctx context.Context, period metric.Period, first int) ([]metric.PostRow, error) {
	query := either(period, dayTopPosts, quarterTopPosts)
	return selectRows[metric.PostRow](ctx, r, query, metric.FacetPost, period.From, period.To, first)
}

const postMetrics = `/* postMetrics */ SELECT post_id, title, views, 0 AS visitors FROM metric_post
	WHERE post_id IN (SELECT json_each.value FROM json_each(?))`

func (r reader) postMetrics(ctx context.Context, ids []logic.PostID) ([]metric.PostRow, error) {
	return selectRows[metric.PostRow](ctx, r, postMetrics, keyList(ids))
}

// PostTitles implements metric.Reader.
func (r reader) PostTitles(ctx context.Context, ids []logic.PostID) (map[logic.PostID]string, error) {
	rows, err := r.postMetrics(ctx, ids)
	titles := make(map[logic.PostID]string, len(rows))
	for _, row := range rows {
		titles[row.PostID] = row.Title
	}
	return titles, err
}

// PostViews implements metric.Reader.
func (r reader) PostViews(ctx context.Context, ids []logic.PostID) (map[logic.PostID]int64, error) {
	rows, err := r.postMetrics(ctx, ids)
	views := make(map[logic.PostID]int64, len(rows))
	for _, row := range rows {
		views[row.PostID] = row.Views
	}
	return views, err
}

const robotEvents = `/* RobotEvents */ SELECT COALESCE(SUM(events), 0) FROM metric_robot WHERE day BETWEEN ? AND ?`

// RobotEvents implements metric.Reader.
func (r reader) RobotEvents(ctx context.Context, from, to logic.Day) (int64, error) {
	return selectRow[int64](ctx, r, robotEvents, from, to)
}

const importMark = `/* ImportMark */ SELECT log, bytes AS "offset", lines, digest FROM metric_import WHERE log = ?`

// ImportMark implements metric.Reader.
func (r reader) ImportMark(ctx context.Context, log string) (metric.ImportMark, error) {
	mark, err := selectRow[metric.ImportMark](ctx, r, importMark, log)
	return mark, orNotFound(err, "log")
}
