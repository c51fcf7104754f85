package metric_test

import (
	"fmt"
	"testing"

	"headwater/logic"
	"headwater/logic/metric"
)

// What would take too long, or too much memory, is refused with a reason.
func TestRecountsAreBounded(t *testing.T) {
	for name, test := range map[string]struct {
		options metric.Options
		refused bool
	}{
		"enough":          {metric.Options{MaxEvents: 6, MaxTexts: 3}, false},
		"too many events": {metric.Options{MaxEvents: 5, MaxTexts: 3}, true},
		"too many texts":  {metric.Options{MaxEvents: 6, MaxTexts: 2}, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "UTC", test.options)
			for i := range 6 {
				event := view("/", "2026-06-15T11:00:00Z")
				event.PostID, event.Referrer = new(firstPost.ID()), new(fmt.Sprintf("https://%d.example/", i%3))
				w.mustRecord(w.as("203.0.113.9", firefox), event)
			}
			check := func(what string, err error) {
				t.Helper()
				if (err != nil) != test.refused || err != nil && logic.CodeOf(err) != logic.CodeTooComplex {
					t.Errorf("%s: %v", what, err)
				}
			}
			id := firstPost.ID()
			_, err := w.Top(w.analyst(), w.mustReport("2026-06-15", "2026-06-15", metric.Filter{PostID: &id}), metric.DimensionReferrer, 10)
			check("top", err)
			_, err = w.PostReferrers(w.analyst(), w.mustReport("2026-06-15", "2026-06-15", metric.Filter{}), []logic.PostID{firstPost}, 10)
			check("referrers", err)
			test.refused = test.refused && test.options.MaxEvents == 5
			_, err = w.Series(w.analyst(), w.mustReport("2026-06-15", "2026-06-15", metric.Filter{}), metric.IntervalMinute)
			check("minutes", err)
			_, err = w.Totals(w.analyst(), w.mustReport("2026-06-15", "2026-06-15", metric.Filter{PostID: &id, Tag: new("red")}))
			check("totals", err)
		})
	}
}
