package metric

import (
	"time"

	"headwater/logic"
)

// Bounds of what can be asked for.
const (
	maxRangeYears = 3
	maxHourDays   = 35
)

// dayStart returns the first moment of a day in zone, also where a clock change takes midnight away or brings it twice.
func dayStart(day logic.Day, zone *time.Location) logic.Moment {
	start := day.Start(zone)
	for logic.DayOf(start, zone) < day { // midnight is skipped: the day begins at the clock change
		_, change := start.Time().In(zone).ZoneBounds()
		if change.IsZero() {
			return start
		}
		start = logic.MomentOf(change)
	}
	for logic.DayOf(start-quarterLength, zone) == day { // midnight comes twice
		start -= quarterLength
	}
	return start
}

// dayAt returns the day of zone that m is counted on: the last one that has begun.
func dayAt(m logic.Moment, zone *time.Location) logic.Day {
	day := logic.DayOf(m, zone)
	if m < dayStart(day, zone) {
		return day - 1
	}
	if m >= dayStart(day+1, zone) {
		return day + 1
	}
	return day
}

// span is a range of days in a zone that is known.
type span struct {
	from, to logic.Day
	zone     *time.Location
}

func (s span) start() logic.Moment { return dayStart(s.from, s.zone) }

// end is the first moment behind the range.
func (s span) end() logic.Moment { return dayStart(s.to+1, s.zone) }

func (s span) days() int { return int(s.to-s.from) + 1 }

// utcDays returns the first and the last UTC day that the range touches.
func (s span) utcDays() (from, to logic.Day) { return utcDay(s.start()), utcDay(s.end() - 1) }

// previous returns the range of the same length just before.
func (s span) previous() span {
	return span{from: s.from - logic.Day(s.days()), to: s.from - 1, zone: s.zone}
}

// sameDays tells whether every day of the range begins at the same moment in another zone.
func (s span) sameDays(other *time.Location) bool {
	if s.zone.String() == other.String() {
		return true
	}
	for day := s.from; day <= s.to+1; day++ {
		if dayStart(day, s.zone) != dayStart(day, other) {
			return false
		}
	}
	return true
}

// onQuarters tells whether every day of the range begins with a quarter of an hour.
func (s span) onQuarters() bool {
	for day := s.from; day <= s.to+1; day++ {
		if start := dayStart(day, s.zone); QuarterOf(start).Start() != start {
			return false
		}
	}
	return true
}

// starts returns the first moment of each interval of the range. The first and the last week or month may be cut short.
func (s span) starts(interval Interval) []logic.Moment {
	var starts []logic.Moment
	for day := s.from; day <= s.to; day++ {
		start := dayStart(day, s.zone)
		switch interval {
		case IntervalMinute:
			starts = appendSteps(starts, start, dayStart(day+1, s.zone), time.Minute)
		case IntervalHour:
			starts = appendSteps(starts, start, dayStart(day+1, s.zone), time.Hour)
		default:
			if day == s.from || beginsInterval(day, interval) {
				starts = append(starts, start)
			}
		}
	}
	return starts
}

func appendSteps(starts []logic.Moment, from, to logic.Moment, step time.Duration) []logic.Moment {
	for at := from; at < to; at = at.Add(step) {
		starts = append(starts, at)
	}
	return starts
}

func beginsInterval(day logic.Day, interval Interval) bool {
	date := day.Start(time.UTC).Time()
	switch interval {
	case IntervalWeek:
		return date.Weekday() == time.Monday
	case IntervalMonth:
		return date.Day() == 1
	default:
		return true
	}
}

// yearsLater returns the same day of the year some years later.
func yearsLater(day logic.Day, years int) logic.Day {
	return logic.DayOf(logic.MomentOf(day.Start(time.UTC).Time().AddDate(years, 0, 0)), time.UTC)
}
