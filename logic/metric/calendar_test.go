package metric

import (
	"testing"
	"time"
	_ "time/tzdata"

	"headwater/logic"
)

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func mustDay(t testing.TB, day string) logic.Day {
	t.Helper()
	parsed, err := logic.ParseDay(day)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestDayStart(t *testing.T) {
	for name, test := range map[string]struct {
		reason, zone, day, want string
	}{
		"plain":            {"midnight", "America/New_York", "2026-01-31", "2026-01-31T05:00:00Z"},
		"summer":           {"midnight of summer time", "America/New_York", "2026-07-31", "2026-07-31T04:00:00Z"},
		"half hours":       {"zones need not differ by hours", "Asia/Kolkata", "2026-07-31", "2026-07-30T18:30:00Z"},
		"midnight skipped": {"clocks went from 24:00 to 1:00", "America/Sao_Paulo", "2017-10-15", "2017-10-15T03:00:00Z"},
		"back over midnight": {
			"clocks went from 24:00 to 23:00: the hour belongs to the day before", "America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z",
		},
		"midnight twice": {"clocks went from 1:00 to 0:00: the day began the first time", "America/Havana", "2025-11-02", "2025-11-02T04:00:00Z"},
		"day skipped":    {"Samoa had no 30 December 2011", "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"},
		"long ago":       {"local mean time", "America/New_York", "0001-01-01", "0001-01-01T04:56:02Z"},
		"far ahead":      {"today's rules", "America/New_York", "9999-12-31", "9999-12-31T05:00:00Z"},
		"after the skip": {"and went on with the 31st", "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			got := dayStart(mustDay(t, test.day), mustZone(t, test.zone)).Time().Format(time.RFC3339)
			if got != test.want {
				t.Errorf("got %s, want %s: %s", got, test.want, test.reason)
			}
		})
	}
}

func TestDayAtAgreesWithDayStart(t *testing.T) {
	for _, name := range []string{"America/St_Johns", "America/Havana", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo", "UTC"} {
		zone := mustZone(t, name)
		for quarter := QuarterOf(mustDay(t, "2009-01-01").Start(time.UTC)); quarter < QuarterOf(mustDay(t, "2011-06-01").Start(time.UTC)); quarter += 1 {
			at := quarter.Start()
			day := dayAt(at, zone)
			if at < dayStart(day, zone) || at >= dayStart(day+1, zone) {
				t.Fatalf("%s: %s is counted on %s, which does not hold it", name, at.Time(), day)
			}
		}
	}
}

func TestStarts(t *testing.T) {
	for name, test := range map[string]struct {
		reason, zone, from, to string
		interval               Interval
		count                  int
		second                 string
	}{
		"days":             {"each day", "America/New_York", "2026-03-07", "2026-03-09", IntervalDay, 3, "2026-03-08T05:00:00Z"},
		"23 hours":         {"clocks go forward", "America/New_York", "2026-03-08", "2026-03-08", IntervalHour, 23, "2026-03-08T06:00:00Z"},
		"25 hours":         {"clocks go back", "America/New_York", "2026-11-01", "2026-11-01", IntervalHour, 25, "2026-11-01T05:00:00Z"},
		"half past":        {"hours of the zone", "Asia/Kolkata", "2026-11-01", "2026-11-01", IntervalHour, 24, "2026-10-31T19:30:00Z"},
		"half an hour off": {"the day's last hour is cut short", "Australia/Lord_Howe", "2026-10-04", "2026-10-04", IntervalHour, 24, "2026-10-03T14:30:00Z"},
		"minutes":          {"1,440 of them", "UTC", "2026-01-01", "2026-01-01", IntervalMinute, 1440, "2026-01-01T00:01:00Z"},
		"weeks":            {"a Saturday, then Mondays", "UTC", "2026-10-31", "2026-11-09", IntervalWeek, 3, "2026-11-02T00:00:00Z"},
		"months":           {"the 31st, then the 1st", "UTC", "2026-10-31", "2026-12-01", IntervalMonth, 3, "2026-11-01T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			s := span{mustDay(t, test.from), mustDay(t, test.to), mustZone(t, test.zone)}
			starts := s.starts(test.interval)
			if len(starts) != test.count || starts[0] != s.start() || starts[1].Time().Format(time.RFC3339) != test.second {
				t.Errorf("%d intervals, %s, %s: %s", len(starts), starts[0].Time(), starts[1].Time(), test.reason)
			}
		})
	}
}

// Every zone's days begin with a quarter of an hour, so quarters can be put together to any zone's days.
func TestDaysBeginWithQuarters(t *testing.T) {
	for _, name := range []string{"Asia/Kathmandu", "Pacific/Chatham", "Australia/Eucla", "Asia/Pyongyang", "America/Caracas", "Australia/Lord_Howe"} {
		s := span{mustDay(t, "2015-01-01"), mustDay(t, "2017-12-31"), mustZone(t, name)}
		if !s.onQuarters() {
			t.Errorf("%s has a day that does not", name)
		}
	}
}

// The days of a range begin where each begins by itself, in every zone, also where clocks change at midnight.
func TestDaysOfARangeBeginWhereEachDoes(t *testing.T) {
	for _, name := range []string{"UTC", "America/New_York", "America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut", "Pacific/Apia", "Australia/Lord_Howe",
		"America/Havana", "Asia/Gaza", "Pacific/Chatham", "Africa/Casablanca"} {
		zone, err := logic.LoadZone(name)
		if err != nil {
			t.Fatal(err)
		}
		for year := logic.Day(0); year < 56; year++ {
			s := span{from: year * 365, to: year*365 + 400, zone: zone}
			for i, start := range s.dayStarts() {
				if day := s.from + logic.Day(i); start != dayStart(day, zone) {
					t.Fatalf("%s: day %d begins at %s, not %s", name, day, dayStart(day, zone).Time(), start.Time())
				}
			}
		}
	}
}
