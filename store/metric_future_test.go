package store

import (
	"testing"

	"headwater/logic/metric"
)

// A range may end whenever it likes: no question walks through quarters that nothing was counted in yet, however many they are.
func TestQuartersAheadTakeNoTime(t *testing.T) {
	s := openTest(t)
	const quarter, day = 1_920_000, 20_000
	want := metric.Totals{Views: 2, Visitors: 1}
	period := metric.Period{ByQuarter: true, From: quarter - 5, To: 1 << 40}
	ask := func(where string) {
		t.Helper()
		for _, values := range [][]int64{{7}, {7, 8}} {
			totals, err := s.Metric().FacetTotals(t.Context(), metric.FacetPost, values, period)
			if err != nil || totals[7] != want {
				t.Errorf("%s: got %+v, %v", where, totals, err)
			}
			figures, err := s.Metric().FacetFigures(t.Context(), metric.FacetPost, values, period)
			if err != nil || len(figures) != 1 || figures[0].Time != quarter || figures[0].Totals != want {
				t.Errorf("%s: got %+v, %v", where, figures, err)
			}
		}
		posts, err := s.Metric().TopPosts(t.Context(), period, 10)
		if err != nil || len(posts) != 1 || posts[0].Views != 2 {
			t.Errorf("%s: got %+v, %v", where, posts, err)
		}
	}
	mustWrite(t, s, func(w *writer) error {
		counted := []metric.Counted{{Facet: metric.Facet{Kind: metric.FacetPost, Value: 7}, Quarter: quarter, Day: day, Totals: want}}
		if err := w.AddPostViews(t.Context(), []metric.PostRow{{PostID: 7, Title: "Seven", Views: 2}}); err != nil {
			return err
		}
		w.memory.site = &metric.Site{FirstDay: new(counted[0].Day)} // so that it waits
		return w.AddFigures(t.Context(), counted)
	})
	ask("waiting")
	mustWrite(t, s, func(w *writer) error { return w.settle(t.Context(), nil, addTodayFigures) })
	ask("settled")
}
