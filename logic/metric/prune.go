package metric

import (
	"context"

	"headwater/logic"
)

// pruneRows is how many rows of a kind are deleted in one transaction, so that what waits to be written waits shortly.
const pruneRows = 2000

// moveRows is how many figures of days that are over, or single events, are moved in one, each to a page of its own.
const moveRows = 200

// Prune deletes what has had its time: salts and what visitors did on their days after 8 days, single events, and figures by
// quarter of an hour after 35. These two are deleted a day later than reports stop promising them, so that an answer under
// way at midnight still finds what its report promised. Figures of days that are over are moved to those of all days, and
// single events to where they are found by post. The server calls it as it starts and every hour.
func (s *Service) Prune(ctx context.Context) error {
	if err := s.moveEvents(ctx); err != nil {
		return err
	}
	for more := true; more; {
		err := s.store.Write(ctx, func(w Writer) error {
			var err error
			more, err = s.prune(ctx, w)
			return err
		})
		if err != nil {
			return err
		}
	}
	if err := s.moveDays(ctx); err != nil {
		return err
	}
	return s.store.Erase(ctx) // always: what deleted before may have been stopped, or been in the way of readers
}

func (s *Service) prune(ctx context.Context, w Writer) (more bool, err error) {
	now := s.clock()
	site, err := w.MetricSite(ctx)
	if err != nil {
		return false, err
	}
	horizon := s.options.kept(now, site.Horizon)
	if horizon != site.Horizon {
		if err := w.SetHorizon(ctx, horizon); err != nil {
			return false, err
		}
	}
	moreSalts, err := w.DeleteSalts(ctx, now-saltDays*utcDayLength, pruneRows)
	if err != nil {
		return false, err
	}
	ids := min(horizon.Raw, utcDay(now)-saltDays)
	spared := Horizon{Raw: horizon.Raw - 1, Quarters: horizon.Quarters - 1} // for reports that are being answered
	more, err = w.DeleteBefore(ctx, spared, ids, pruneRows)
	return more || moreSalts, err
}

// moveEvents moves the single events that came until now.
func (s *Service) moveEvents(ctx context.Context) error {
	before := s.keys.Next()
	for more := true; more; {
		err := s.store.Write(ctx, func(w Writer) error {
			var err error
			more, err = w.MoveEvents(ctx, before, moveRows)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// moveDays moves the figures of days that are over.
func (s *Service) moveDays(ctx context.Context) error {
	for more := true; more; {
		err := s.store.Write(ctx, func(w Writer) error {
			site, err := w.MetricSite(ctx)
			if err != nil {
				return err
			}
			zone, err := logic.LoadZone(site.TimeZone)
			if err != nil {
				return err
			}
			more, err = w.MoveDays(ctx, dayAt(s.clock(), zone), moveRows)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
