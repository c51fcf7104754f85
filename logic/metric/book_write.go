package metric

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"headwater/logic"
)

// write writes all that a booking gathered, one statement for each kind of row.
func (b *booking) write(ctx context.Context) error {
	if len(b.robots) > 0 {
		if err := b.w.AddRobotEvents(ctx, b.robots); err != nil {
			return err
		}
	}
	if len(b.visitors) == 0 {
		return nil
	}
	if b.horizon != b.site.Horizon {
		if err := b.w.SetHorizon(ctx, b.horizon); err != nil {
			return err
		}
	}
	if err := b.writeVisitors(ctx); err != nil {
		return err
	}
	if err := b.writeFigures(ctx); err != nil {
		return err
	}
	if len(b.views) > 0 {
		rows := slices.SortedFunc(maps.Values(b.views), func(a, b PostRow) int { return cmp.Compare(a.PostID, b.PostID) })
		if err := b.w.AddPostViews(ctx, rows); err != nil {
			return err
		}
	}
	if len(b.events) == 0 {
		return nil
	}
	return b.w.InsertEvents(ctx, b.events)
}

func (b *booking) writeVisitors(ctx context.Context) error {
	codes := make(map[DayVisitor][]byte, len(b.visitors))
	for visitor, day := range b.visitors {
		codes[visitor] = day.Encode(visitor.Day)
	}
	for _, stranger := range b.strangers {
		if stranger.more {
			codes[stranger.who] = stranger.encode()
		}
	}
	return b.w.SetVisitorDays(ctx, codes)
}

// writeFigures writes what was counted by quarter of an hour, as far as those are kept, and by day of the site's zone.
func (b *booking) writeFigures(ctx context.Context) error {
	firstQuarter := QuarterOf(b.horizon.Quarters.Start(time.UTC))
	dayOf := map[Quarter]logic.Day{}
	counted := make([]Counted, 0, len(b.quarters))
	for key, figures := range b.quarters {
		if (figures == Totals{}) {
			continue
		}
		day, ok := dayOf[key.quarter]
		if !ok {
			day = dayAt(key.quarter.Start(), b.zone)
			dayOf[key.quarter] = day
		}
		counted = append(counted, Counted{key.facet, key.quarter, day, key.quarter < firstQuarter, figures})
	}
	return b.w.AddFigures(ctx, counted)
}
