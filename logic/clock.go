package logic

import "time"

// Moment is a point in time: milliseconds since 1970-01-01T00:00:00Z.
type Moment int64

// MomentOf returns t cut to the millisecond.
func MomentOf(t time.Time) Moment { return Moment(t.UnixMilli()) }

// Time returns the moment in UTC.
func (m Moment) Time() time.Time { return time.UnixMilli(int64(m)).UTC() }

// Add returns the moment d later, cut to the millisecond.
func (m Moment) Add(d time.Duration) Moment { return m + Moment(d.Milliseconds()) }

// Clock tells the present moment. It is a field wherever time matters, so that tests can set it.
type Clock func() Moment

// SystemClock reads the machine's clock.
func SystemClock() Moment { return MomentOf(time.Now()) }

// Day is a calendar day without a time zone: days since 1970-01-01.
type Day int32

// DayOf returns the calendar day that moment m falls on in zone.
func DayOf(m Moment, zone *time.Location) Day {
	year, month, day := m.Time().In(zone).Date()
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// ParseDay reads YYYY-MM-DD.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, Invalid("a day is written YYYY-MM-DD, as 2026-01-31")
	}
	return DayOf(MomentOf(t), time.UTC), nil
}

// Start returns the first moment of the day in zone.
func (d Day) Start(zone *time.Location) Moment {
	year, month, day := d.utc().Date()
	return MomentOf(time.Date(year, month, day, 0, 0, 0, 0, zone))
}

// String returns the day as YYYY-MM-DD.
func (d Day) String() string { return d.utc().Format(time.DateOnly) }

func (d Day) utc() time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }
