package store

import (
	"context"
	"time"

	"headwater/logic"
	"headwater/logic/metric"
)

const setHorizon = `/* SetHorizon */ UPDATE metric_horizon SET raw = ?, quarters = ? WHERE id = 1`

// SetHorizon implements metric.Writer.
func (w *writer) SetHorizon(ctx context.Context, horizon metric.Horizon) error {
	w.memory.site = nil
	_, err := w.exec(ctx, setHorizon, horizon.Raw, horizon.Quarters)
	return err
}

// A salt is emptied before what it made unreadable is deleted, and its row stays until then, to say which days those are.
const (
	emptySalts     = `/* DeleteSalts: empty */ UPDATE metric_salt SET salt = x'' WHERE made_at < ? AND length(salt) > 0`
	deleteVisitors = `/* DeleteSalts: visitors */ DELETE FROM metric_visitor WHERE (utc_day, visitor) IN (
		SELECT utc_day, visitor FROM metric_visitor
		WHERE utc_day IN (SELECT metric_salt.utc_day FROM metric_salt WHERE made_at < ?) LIMIT ?)`
	deleteSalts = `/* DeleteSalts */ DELETE FROM metric_salt WHERE made_at < ?`
)

// DeleteSalts implements metric.Writer.
func (w *writer) DeleteSalts(ctx context.Context, madeBefore logic.Moment, limit int) (more bool, err error) {
	if _, err := w.exec(ctx, emptySalts, madeBefore); err != nil {
		return false, err
	}
	deleted, err := w.exec(ctx, deleteVisitors, madeBefore, limit)
	if err != nil || deleted > 0 {
		return true, err
	}
	_, err = w.exec(ctx, deleteSalts, madeBefore)
	return false, err
}

const (
	deleteQuarters = `/* DeleteBefore: quarters */ DELETE FROM metric_quarter WHERE (quarter, kind, value) IN (
		SELECT quarter, kind, value FROM metric_quarter WHERE quarter < ? LIMIT ?)`
	deleteEvents = `/* DeleteBefore: events */ DELETE FROM metric_event WHERE (utc_day, id) IN (
		SELECT utc_day, id FROM metric_event WHERE utc_day < ? ORDER BY utc_day, id LIMIT ?)`
	deleteEventIDs = `/* DeleteBefore: IDs */ DELETE FROM metric_event_id WHERE id IN (
		SELECT id FROM metric_event_id WHERE utc_day < ? LIMIT ?)`
)

// DeleteBefore implements metric.Writer.
func (w *writer) DeleteBefore(ctx context.Context, horizon metric.Horizon, ids logic.Day, limit int) (bool, error) {
	if err := w.settle(ctx, nil, addTodayFigures); err != nil {
		return false, err
	}
	more := false
	for _, step := range []struct {
		query  string
		before any
	}{
		{deleteEvents, horizon.Raw},
		{deleteQuarters, metric.QuarterOf(horizon.Quarters.Start(time.UTC))},
		{deleteEventIDs, ids},
	} {
		deleted, err := w.exec(ctx, step.query, step.before, limit)
		if err != nil {
			return false, err
		}
		more = more || deleted == int64(limit)
	}
	return more, nil
}
