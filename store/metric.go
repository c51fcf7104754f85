package store

import (
	"context"
	"encoding/json"
	"slices"

	"headwater/logic"
	"headwater/logic/metric"
)

// Metric returns what the domain metric needs of storage.
func (s *Store) Metric() metric.Store {
	counting := s.reader()
	counting.notes = counts
	return metricStore{counting, transactor[metric.Writer]{s}}
}

// metricStore implements metric.Store.
type metricStore struct {
	reader
	transactor[metric.Writer]
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
	var site metric.Site
	err := r.rows(ctx, metricSite, nil, func(row *row) error {
		site.URL, site.PostURL, site.TimeZone, site.ShowsViews = row.text(), row.text(), row.text(), row.int() != 0
		site.Horizon.Raw, site.Horizon.Quarters, site.FirstDay = logic.Day(row.int()), logic.Day(row.int()), intGiven[logic.Day](row)
		return row.err
	})
	return site, err
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
		more, err = selectRows[viewablePostRow](ctx, r, viewablePostsBySlug, textList(slugs))
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

// Figures of days stand in the order of values, those of quarters in the order of time: theirs are looked up interval by interval, up to
// the last of which there are any, since a range may end years ahead.
const (
	sumFigures = `SUM(views), SUM(visitors), SUM(visits), SUM(bounces), SUM(seconds), SUM(events)`
	figuresOf  = `views, visitors, visits, bounces, seconds, events`
	span       = `WITH RECURSIVE span (quarter) AS (SELECT ?1
		UNION ALL SELECT quarter + 1 FROM span WHERE quarter < ?2 AND quarter < (SELECT MAX(quarter) FROM metric_quarter))`
	ofValues   = ` WHERE kind = ?1 AND value IN (SELECT json_each.value FROM json_each(?2)) AND day BETWEEN ?3 AND ?4`
	ofOneValue = ` WHERE kind = ?1 AND value = ?2 AND day BETWEEN ?3 AND ?4`
	ofQuarters = ` FROM json_each(?4) AS asked CROSS JOIN span CROSS JOIN metric_quarter
		WHERE metric_quarter.quarter = span.quarter AND kind = ?3 AND metric_quarter.value = asked.value`
	ofOne = ` FROM span CROSS JOIN metric_quarter WHERE metric_quarter.quarter = span.quarter AND kind = ?3 AND value = ?4`

	dayTotals    = `value, ` + sumFigures + ` FROM metric_day`
	todayTotals  = ` UNION ALL SELECT value, ` + sumFigures + ` FROM metric_today`
	dayFigures   = `value, day, ` + figuresOf + ` FROM metric_day`
	todayFigures = ` UNION ALL SELECT value, day, ` + figuresOf + ` FROM metric_today`

	// What was counted last comes along, in rows without a value.
	recentToo  = ` SELECT NULL, counted, 0, 0, 0, 0, 0`
	totalsToo  = recentToo + ` FROM metric_recent UNION ALL SELECT `
	figuresToo = recentToo + `, 0 FROM metric_recent UNION ALL SELECT `

	dayFacetTotals      = `/* FacetTotals by day */` + totalsToo + dayTotals + ofValues + ` GROUP BY value` + todayTotals + ofValues + ` GROUP BY value`
	quarterFacetTotals  = `/* FacetTotals by quarter */ ` + span + totalsToo + `asked.value, ` + sumFigures + ofQuarters + ` GROUP BY asked.id`
	dayFacetFigures     = `/* FacetFigures by day */` + figuresToo + dayFigures + ofValues + todayFigures + ofValues
	quarterFacetFigures = `/* FacetFigures by quarter */ ` + span + figuresToo + `asked.value, span.quarter, ` + figuresOf + ofQuarters

	// The same of one value, without a list to be read.
	dayOneTotals      = `/* FacetTotals of one by day */` + totalsToo + dayTotals + ofOneValue + ` GROUP BY value` + todayTotals + ofOneValue + ` GROUP BY value`
	quarterOneTotals  = `/* FacetTotals of one by quarter */ ` + span + totalsToo + `value, ` + sumFigures + ofOne + ` GROUP BY value`
	dayOneFigures     = `/* FacetFigures of one by day */` + figuresToo + dayFigures + ofOneValue + todayFigures + ofOneValue
	quarterOneFigures = `/* FacetFigures of one by quarter */ ` + span + figuresToo + `value, span.quarter, ` + figuresOf + ofOne
)

// facetQuery is a question about values of a kind: one by day and one by quarter, for one value and for a list.
type facetQuery struct{ dayOne, quarterOne, day, quarter string }

var (
	facetTotals  = facetQuery{dayOneTotals, quarterOneTotals, dayFacetTotals, quarterFacetTotals}
	facetFigures = facetQuery{dayOneFigures, quarterOneFigures, dayFacetFigures, quarterFacetFigures}
)

// of returns the statement for values and a period, and its arguments.
func (q facetQuery) of(kind metric.FacetKind, values []int64, period metric.Period) (string, []any) {
	day, quarter, asked := q.day, q.quarter, any(nil)
	if len(values) == 1 {
		day, quarter, asked = q.dayOne, q.quarterOne, values[0]
	} else {
		asked = keyList(values)
	}
	if period.ByQuarter {
		return quarter, []any{period.From, period.To, int64(kind), asked}
	}
	return day, []any{int64(kind), asked, period.From, period.To}
}

// FacetTotals implements metric.Reader.
func (r reader) FacetTotals(ctx context.Context, kind metric.FacetKind, values []int64, period metric.Period) (map[int64]metric.Totals, error) {
	query, args := facetTotals.of(kind, values, period)
	totals := make(map[int64]metric.Totals, len(values))
	err := r.rows(ctx, query, args, func(row *row) error {
		if row.skipNull() {
			return recentOf(row, kind, values, period, func(c recent, _ int64) {
				totals[c.Facet.Value] = totals[c.Facet.Value].Plus(c.Totals)
			})
		}
		numbers, err := numbersIn(row)
		if err == nil {
			totals[numbers[0]] = totals[numbers[0]].Plus(totalsOf(numbers[1:]))
		}
		return err
	})
	return totals, err
}

// FacetFigures implements metric.Reader.
func (r reader) FacetFigures(ctx context.Context, kind metric.FacetKind, values []int64, period metric.Period) ([]metric.Figure, error) {
	query, args := facetFigures.of(kind, values, period)
	figures := make([]metric.Figure, 0, 32)
	err := r.rows(ctx, query, args, func(row *row) error {
		if row.skipNull() {
			return recentOf(row, kind, values, period, func(c recent, time int64) {
				figures = append(figures, metric.Figure{Facet: c.Facet, Time: time, Totals: c.Totals})
			})
		}
		numbers, err := numbersIn(row)
		if err == nil {
			figures = append(figures, metric.Figure{Facet: metric.Facet{Kind: kind, Value: numbers[0]}, Time: numbers[1], Totals: totalsOf(numbers[2:])})
		}
		return err
	})
	return figures, err
}

// recentOf calls take for what was counted last of values of a kind in a period, as a row of metric_recent has it.
func recentOf(row *row, kind metric.FacetKind, values []int64, period metric.Period, take func(c recent, time int64)) error {
	code := row.bytes()
	if row.err != nil {
		return row.err
	}
	return eachRecent(code, func(k metric.FacetKind) bool { return k == kind }, func(c recent) {
		time := int64(c.Day)
		if period.ByQuarter {
			time = int64(c.Quarter)
		}
		if time >= period.From && time <= period.To && !(period.ByQuarter && c.DayOnly) && slices.Contains(values, c.Facet.Value) {
			take(c, time)
		}
	})
}

// numbersIn returns the values of a row of whole numbers.
func numbersIn(row *row) ([8]int64, error) {
	var numbers [8]int64
	for i := range row.columns {
		numbers[i] = row.int()
	}
	return numbers, row.err
}

// totalsOf returns figures that are in the order of their columns.
func totalsOf(row []int64) metric.Totals {
	return metric.Totals{Views: row[0], Visitors: row[1], Visits: row[2], Bounces: row[3], Seconds: row[4], Events: row[5]}
}

const (
	quarterTop = span + `, top AS (SELECT value, SUM(views) AS views, SUM(visitors) AS visitors, SUM(events) AS events
		FROM (SELECT value, views, visitors, events FROM span CROSS JOIN metric_quarter
			WHERE metric_quarter.quarter = span.quarter AND kind = ?3
			UNION ALL SELECT last.value ->> 3, last.value ->> 4, last.value ->> 5, last.value ->> 9
			FROM metric_recent CROSS JOIN json_each(recent_json(counted)) AS last
			WHERE last.value ->> 2 = ?3 AND last.value ->> 0 BETWEEN ?1 AND ?2) GROUP BY value)`
	quarterTopValues = `/* TopValues by quarter */ ` + quarterTop + ` SELECT metric_value.text AS value, top.views, top.visitors, top.events
		FROM top CROSS JOIN metric_value WHERE metric_value.id = top.value
		ORDER BY top.views DESC, top.events DESC, metric_value.text LIMIT ?4`
	quarterTopPosts = `/* TopPosts by quarter */ ` + quarterTop + ` SELECT top.value AS post_id, metric_post.title, top.views, top.visitors
		FROM top CROSS JOIN metric_post WHERE metric_post.post_id = top.value AND top.views > 0
		ORDER BY top.views DESC, top.visitors DESC, top.value LIMIT ?4`
)

// TopValues implements metric.Reader.
func (r reader) TopValues(ctx context.Context, kind metric.FacetKind, period metric.Period, first int) ([]metric.Row, error) {
	if period.ByQuarter {
		return selectRows[metric.Row](ctx, r, quarterTopValues, period.From, period.To, kind, first)
	}
	return r.topValuesOfDays(ctx, kind, logic.Day(period.From), logic.Day(period.To), first)
}

// TopPosts implements metric.Reader.
func (r reader) TopPosts(ctx context.Context, period metric.Period, first int) ([]metric.PostRow, error) {
	if period.ByQuarter {
		return selectRows[metric.PostRow](ctx, r, quarterTopPosts, period.From, period.To, metric.FacetPost, first)
	}
	return r.topPostsOfDays(ctx, logic.Day(period.From), logic.Day(period.To), first)
}

const (
	postTitles = `/* PostTitles */ SELECT metric_post.post_id, metric_post.title
		FROM json_each(?) AS asked CROSS JOIN metric_post WHERE metric_post.post_id = asked.value`
	postViews = `/* PostViews */ SELECT metric_post.post_id, metric_post.views
		FROM json_each(?) AS asked CROSS JOIN metric_post WHERE metric_post.post_id = asked.value`
)

// PostTitles implements metric.Reader.
func (r reader) PostTitles(ctx context.Context, ids []logic.PostID) (map[logic.PostID]string, error) {
	titles := make(map[logic.PostID]string, len(ids))
	err := r.rows(ctx, postTitles, []any{keyList(ids)}, func(row *row) error {
		titles[logic.PostID(row.int())] = row.text()
		return row.err
	})
	return titles, err
}

// PostViews implements metric.Reader.
func (r reader) PostViews(ctx context.Context, ids []logic.PostID) (map[logic.PostID]int64, error) {
	views := make(map[logic.PostID]int64, len(ids))
	err := r.rows(ctx, postViews, []any{keyList(ids)}, func(row *row) error {
		views[logic.PostID(row.int())] = row.int()
		return row.err
	})
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
