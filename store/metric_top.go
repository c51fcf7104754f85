package store

import (
	"cmp"
	"context"
	"slices"

	"headwater/logic"
	"headwater/logic/metric"
)

// Both read what was counted last and the running sums that are asked for, the one without their figures.
const (
	versionsOfDays = `/* versionsOfDays */ ` + lastCounted + ` SELECT asked.value ->> 0, metric_sum.version, x''` + askedSums
	sumsOfDays     = `/* sumsOfDays */ ` + lastCounted + ` SELECT asked.value ->> 0, metric_sum.version, metric_sum.figures` + askedSums
	lastCounted    = `SELECT 0 AS sign, 0 AS version, counted AS code FROM metric_recent UNION ALL`
	askedSums      = ` FROM json_each(?) AS asked CROSS JOIN metric_sum
		WHERE metric_sum.kind = ? AND metric_sum.day = (SELECT MAX(latest.day) FROM metric_sum AS latest
			WHERE latest.kind = ? AND latest.day BETWEEN asked.value ->> 1 AND asked.value ->> 2)`
)

const (
	topValues = `/* TopValues by day */ SELECT id, text FROM metric_value WHERE id IN (SELECT json_each.value FROM json_each(?))`
	topPosts  = `/* TopPosts by day */ SELECT metric_number.number, metric_post.post_id, metric_post.title
		FROM json_each(?) AS asked CROSS JOIN metric_number CROSS JOIN metric_post
		WHERE metric_number.number = asked.value AND metric_post.post_id = metric_number.post_id`
)

// byVisitors and byEvents rank figures: by views, then by the other.
func byVisitors(a, b figures) int {
	return cmp.Or(cmp.Compare(b.views, a.views), cmp.Compare(b.visitors, a.visitors))
}

func byEvents(a, b figures) int {
	return cmp.Or(cmp.Compare(b.views, a.views), cmp.Compare(b.events, a.events))
}

// firstOfDays returns the numbers of a kind that come first in a range of days, and whichever are even with the last of them. Where its
// leaders are known and the running sums are those that they were, what was counted last is all that is added.
func (r reader) firstOfDays(ctx context.Context, asked ranking) ([]sum, error) {
	if known := r.leaders.of(asked); known != nil {
		now, err := r.sumsOf(ctx, versionsOfDays, asked)
		if err != nil {
			return nil, err
		}
		if slices.Equal(known.versions, now.versions) {
			if list, ok := known.with(asked, now.last); ok {
				return list, nil
			}
		}
	}
	now, err := r.sumsOf(ctx, sumsOfDays, asked)
	if err != nil {
		return nil, err
	}
	found, err := leadersOf(asked, now.versions, now.parts)
	if err != nil {
		return nil, err
	}
	r.leaders.learn(asked, found)
	if list, ok := found.with(asked, now.last); ok {
		return list, nil
	}
	return firstSums(append(now.parts, part{sums{code: encodeSums(now.last)}, 1}), asked.first, asked.rank)
}

// rankingSums is what the figures of a ranking are made of, all as of one moment: two or three running sums where it is as long as a month, and
// what was counted last, in the order of numbers.
type rankingSums struct {
	versions []version
	parts    []part
	last     []sum
}

// sumsOf reads that by one of the two queries.
func (r reader) sumsOf(ctx context.Context, query string, asked ranking) (rankingSums, error) {
	var found rankingSums
	err := r.rows(ctx, query, []any{jsonRows(runsOf(asked.from, asked.to)), asked.kind, asked.kind}, func(row *row) error {
		sign, number, code := row.int(), row.int(), row.bytes()
		if sign != 0 || row.err != nil {
			found.versions = append(found.versions, version{sign, number})
			found.parts = append(found.parts, part{sums{code: code}, sign})
			return row.err
		}
		return eachRecent(code, func(k metric.FacetKind) bool { return k == asked.kind }, func(c recent) {
			if c.Day >= asked.from && c.Day <= asked.to {
				found.last = append(found.last, sum{c.number, listedFigures(asked.kind, c.Totals)})
			}
		})
	})
	slices.SortFunc(found.last, func(a, b sum) int { return cmp.Compare(a.number, b.number) })
	return found, err
}

// runsOf returns which running sums make up a range of days: a sign, the first day of a block, and the day up to which it runs.
func runsOf(from, to logic.Day) [][]any {
	var runs [][]any
	if start := blockStart(from); start < from {
		runs = append(runs, []any{-1, start, from - 1})
	}
	for start := blockStart(from); start <= to; start += blockDays {
		runs = append(runs, []any{1, start, min(start+blockDays-1, to)})
	}
	return runs
}

// keyed returns sums by their numbers, and these.
func keyed(list []sum) (map[int64]figures, []int64) {
	byNumber, numbers := make(map[int64]figures, len(list)), make([]int64, len(list))
	for i, s := range list {
		byNumber[s.number], numbers[i] = s.figures, s.number
	}
	return byNumber, numbers
}

// topValuesOfDays is TopValues for days.
func (r reader) topValuesOfDays(ctx context.Context, kind metric.FacetKind, from, to logic.Day, first int) ([]metric.Row, error) {
	sums, err := r.firstOfDays(ctx, ranking{kind, from, to, first})
	if err != nil || len(sums) == 0 {
		return nil, err
	}
	figures, numbers := keyed(sums)
	rows := make([]metric.Row, 0, len(sums))
	err = r.rows(ctx, topValues, []any{keyList(numbers)}, func(row *row) error {
		number, text := row.int(), row.text()
		of := figures[number]
		rows = append(rows, metric.Row{Value: text, Views: of.views, Visitors: of.visitors, Events: of.events})
		return row.err
	})
	slices.SortFunc(rows, func(a, b metric.Row) int {
		return cmp.Or(cmp.Compare(b.Views, a.Views), cmp.Compare(b.Events, a.Events), cmp.Compare(a.Value, b.Value))
	})
	return rows[:min(first, len(rows))], err
}

// topPostsOfDays is TopPosts for days.
func (r reader) topPostsOfDays(ctx context.Context, from, to logic.Day, first int) ([]metric.PostRow, error) {
	sums, err := r.firstOfDays(ctx, ranking{metric.FacetPost, from, to, first})
	if err != nil || len(sums) == 0 {
		return nil, err
	}
	figures, numbers := keyed(sums)
	rows := make([]metric.PostRow, 0, len(sums))
	err = r.rows(ctx, topPosts, []any{keyList(numbers)}, func(row *row) error {
		of := figures[row.int()]
		if of.views > 0 {
			rows = append(rows, metric.PostRow{PostID: logic.PostID(row.int()), Title: row.text(), Views: of.views, Visitors: of.visitors})
		}
		return row.err
	})
	slices.SortFunc(rows, func(a, b metric.PostRow) int {
		return cmp.Or(cmp.Compare(b.Views, a.Views), cmp.Compare(b.Visitors, a.Visitors), cmp.Compare(a.PostID, b.PostID))
	})
	return rows[:min(first, len(rows))], err
}
