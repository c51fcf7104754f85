package store

import (
	"context"
	"maps"
	"math"
	"slices"

	"headwater/logic"
	"headwater/logic/metric"
)

const (
	forgetSums    = `/* SumDays: forget */ DELETE FROM metric_sum WHERE kind = ?`
	numberPosts   = `/* SumDays: numbers */ INSERT INTO metric_number (post_id) SELECT DISTINCT value FROM metric_day WHERE kind = ? ORDER BY value`
	forgetNumbers = `/* SumDays: forget numbers */ DELETE FROM metric_number WHERE number > 0`
	daysOfPosts   = `/* SumDays: posts */ SELECT metric_number.number, metric_day.day, metric_day.views, metric_day.visitors, 0 AS events
		FROM metric_number CROSS JOIN metric_day WHERE metric_number.number > 0 AND metric_day.kind = ? AND metric_day.value = metric_number.post_id
		ORDER BY metric_number.number`
	daysOfTexts = `/* SumDays: texts */ SELECT value, day, views, visitors, events FROM metric_day WHERE kind = ? ORDER BY value`
)

// SumDays implements metric.Writer.
func (w *writer) SumDays(ctx context.Context) error {
	if err := w.settle(ctx, nil, addDayFigures); err != nil {
		return err
	}
	if _, err := w.MoveDays(ctx, math.MaxInt32, -1); err != nil {
		return err
	}
	if _, err := w.exec(ctx, forgetNumbers); err != nil {
		return err
	}
	clear(w.memory.numbers)
	if _, err := w.exec(ctx, numberPosts, metric.FacetPost); err != nil {
		return err
	}
	for kind := range metric.FacetKinds() {
		if !listed(kind) {
			continue
		}
		if _, err := w.exec(ctx, forgetSums, kind); err != nil {
			return err
		}
		if err := w.sumKind(ctx, kind); err != nil {
			return err
		}
	}
	return nil
}

// sumKind makes the running sums of a kind, a block after the other.
func (w *writer) sumKind(ctx context.Context, kind metric.FacetKind) error {
	ofDays, err := w.daySums(ctx, kind)
	if err != nil {
		return err
	}
	days := slices.Sorted(maps.Keys(ofDays))
	for len(days) > 0 {
		block := leading(days, blockStart)
		days = days[len(block):]
		var running []runningSum
		var code []byte
		for _, day := range block {
			if code, err = addSums(code, ofDays[day].list()); err != nil {
				return err
			}
			running = append(running, runningSum{kind, day, code})
		}
		if err := w.setSums(ctx, running); err != nil {
			return err
		}
	}
	return nil
}

// daySum is the sums of one day alone.
type daySum struct {
	code []byte
	last int64
}

func (d *daySum) list() []sum {
	var list []sum
	for s := (sums{code: d.code}); s.next() != noNumber; {
		list = append(list, s.take())
	}
	return list
}

// daySums returns what was counted under a kind day by day, each in the order of numbers.
func (w *writer) daySums(ctx context.Context, kind metric.FacetKind) (map[logic.Day]*daySum, error) {
	query := daysOfTexts
	if kind == metric.FacetPost {
		query = daysOfPosts
	}
	days := map[logic.Day]*daySum{}
	err := w.numbers(ctx, query, []any{kind}, func(row []int64) error {
		s, day := sum{row[0], figures{row[2], row[3], row[4]}}, logic.Day(row[1])
		if s.figures == (figures{}) {
			return nil
		}
		of := days[day]
		if of == nil {
			of = &daySum{}
			days[day] = of
		}
		of.code = appendSum(of.code, of.last, s)
		of.last = s.number
		return nil
	})
	return days, err
}

const sumsMissing = `/* sumsMissing */ SELECT EXISTS (SELECT 1 FROM metric_day WHERE kind = 0 AND value = 0)
	AND NOT EXISTS (SELECT 1 FROM metric_sum)`

// sumDaysOnce makes running sums where an older program counted without.
func (s *Store) sumDaysOnce(ctx context.Context) error {
	missing, err := selectRow[bool](ctx, s.reader(), sumsMissing)
	if err != nil || !missing {
		return err
	}
	sum := &change{ctx: ctx, run: func(w *writer) error {
		if missing, err := selectRow[bool](ctx, w.reader, sumsMissing); err != nil || !missing { // another process did
			return err
		}
		return w.SumDays(ctx)
	}}
	s.commit([]*change{sum})
	return sum.err
}
