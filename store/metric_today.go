package store

import (
	"context"

	"headwater/logic"
)

// In metric_day each value has its days side by side, so that what is counted on one day is on a page of its own for each value, of which all
// are written. So what is counted now is added up in metric_today, which has few days and is small, and is moved when the day is over: each
// such page is then written once. A day's figures are the sum of both.

const (
	dayColumns     = `kind, value, day, views, visitors, visits, bounces, seconds, events`
	daysOver       = ` FROM metric_today WHERE day < ?1 ORDER BY kind, value, day LIMIT ?2`
	addDaysOver    = `/* MoveDays */ INSERT INTO metric_day (` + dayColumns + `) SELECT ` + dayColumns + daysOver + addToDay
	forgetDaysOver = `/* MoveDays: forget */ DELETE FROM metric_today WHERE (kind, value, day) IN (SELECT kind, value, day` + daysOver + `)`
)

// MoveDays implements metric.Writer.
func (w *writer) MoveDays(ctx context.Context, before logic.Day, limit int) (more bool, err error) {
	if _, err := w.exec(ctx, addDaysOver, before, limit); err != nil {
		return false, err
	}
	moved, err := w.exec(ctx, forgetDaysOver, before, limit)
	return moved == int64(limit), err
}
