package metric

import (
	"time"

	"headwater/logic"
)

// How long figures by quarter of an hour and salts are kept.
const (
	quarterDays = 35
	saltDays    = 8
)

const (
	defaultRawFor    = 30 * 24 * time.Hour
	defaultMaxValues = 1000
	defaultMaxNew    = 50
	defaultMaxEvents = 2_000_000
	defaultMaxTexts  = 100_000
)

// kept returns how far back is kept what was counted, now and since the horizon that was stored.
func (o Options) kept(now logic.Moment, stored Horizon) Horizon {
	today := utcDay(now)
	rawDays := logic.Day(o.RawFor / (24 * time.Hour))
	return Horizon{Raw: max(stored.Raw, today-rawDays), Quarters: max(stored.Quarters, today-quarterDays)}
}

// source is what a question is answered from.
type source int

const (
	fromDays     source = iota // figures by day of the site's zone, kept for good
	fromQuarters               // figures by quarter of an hour
	fromEvents                 // single events, counted anew
)

// chooseSource returns what answers a question about the report's range exactly: one that asks for at most one condition
// or, with more, for several at once, by an interval. There is none: it says what could be answered instead.
func (r Report) chooseSource(conditions int, interval Interval) (source, *logic.Error) {
	single := conditions > 1 || r.beyondPlaces || interval == IntervalMinute
	start := r.span.start()
	if !single && interval != IntervalHour && r.siteDays {
		return fromDays, nil
	}
	if !single && start >= r.horizon.Quarters.Start(time.UTC) && r.span.onQuarters() {
		return fromQuarters, nil
	}
	if start >= r.horizon.Raw.Start(time.UTC) {
		return fromEvents, nil
	}
	return 0, r.refusal(conditions, interval)
}

// refusal says why the range can't be answered, and from which day on it could be.
func (r Report) refusal(conditions int, interval Interval) *logic.Error {
	raw, quarters := r.firstWhole(r.horizon.Raw), r.firstWhole(r.horizon.Quarters)
	switch {
	case conditions > 1:
		return logic.Invalid("Two conditions at once are answered from single events, which are kept for a time: from %s on.", raw)
	case r.beyondPlaces:
		return logic.Invalid("On a day of this range there were too many different values to keep each; single events still tell them "+
			"apart from %s on.", raw)
	case interval == IntervalMinute:
		return logic.Invalid("Minutes are answered from single events, which are kept for a time: from %s on.", raw)
	case interval == IntervalHour:
		return logic.Invalid("Hours are kept for %d days: from %s on.", quarterDays, min(raw, quarters))
	default:
		return logic.Invalid("Days of another time zone than the site's are kept for %d days: from %s on.", quarterDays, min(raw, quarters))
	}
}

// firstWhole returns the first day of the range's zone that a horizon leaves whole.
func (r Report) firstWhole(horizon logic.Day) logic.Day {
	kept := horizon.Start(time.UTC)
	day := dayAt(kept, r.span.zone)
	if dayStart(day, r.span.zone) < kept {
		day++
	}
	return day
}
