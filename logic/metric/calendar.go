package metric

import (
	"math"
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
	days := s.dayStarts()
	if interval == IntervalDay {
		return days[:s.days()]
	}
	var starts []logic.Moment
	for i := range s.days() {
		switch interval {
		case IntervalMinute:
			starts = appendSteps(starts, days[i], days[i+1], time.Minute)
		case IntervalHour:
			starts = appendSteps(starts, days[i], days[i+1], time.Hour)
		default:
			if i == 0 || beginsInterval(s.from+logic.Day(i), interval) {
				starts = append(starts, days[i])
			}
		}
	}
	return starts
}

// dayStarts returns the first moment of each day of the range, and of the day behind it. From a midnight to the next clock change days are
// equally long.
func (s span) dayStarts() []logic.Moment {
	starts := make([]logic.Moment, 0, s.days()+1)
	for day := s.from; day <= s.to+1; {
		start := dayStart(day, s.zone)
		alike := start // no day behind one that begins late, or that there was none of
		local := start.Time().In(s.zone)
		if hour, minute, second := local.Clock(); hour+minute+second == 0 && logic.DayOf(start, s.zone) == day {
			alike = math.MaxInt64
			if _, change := local.ZoneBounds(); !change.IsZero() {
				alike = logic.MomentOf(change)
			}
		}
		for next := true; next; next = start < alike && day <= s.to+1 {
			starts = append(starts, start)
			start += utcDayLength
			day++
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
