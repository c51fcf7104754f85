package store

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"headwater/logic"
	"headwater/logic/metric"
)

// counted is what a test added, by what it stands under.
type counted map[metric.Facet]map[logic.Day]metric.Totals

func (c counted) add(f metric.Figure) {
	if c[f.Facet] == nil {
		c[f.Facet] = map[logic.Day]metric.Totals{}
	}
	sum := c[f.Facet][logic.Day(f.Time)]
	c[f.Facet][logic.Day(f.Time)] = metric.Totals{Views: sum.Views + f.Views, Visitors: sum.Visitors + f.Visitors, Events: sum.Events + f.Events}
}

// values returns the first values of a kind in a range of days, by adding up all there is.
func (c counted) values(kind metric.FacetKind, from, to logic.Day, first int) []metric.Row {
	var rows []metric.Row
	for facet, days := range c {
		row := metric.Row{Value: textOf(facet)}
		for day, t := range days {
			if facet.Kind == kind && day >= from && day <= to {
				row.Views, row.Visitors, row.Events = row.Views+t.Views, row.Visitors+t.Visitors, row.Events+t.Events
			}
		}
		if row.Views != 0 || row.Events != 0 {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b metric.Row) int {
		return cmp.Or(cmp.Compare(b.Views, a.Views), cmp.Compare(b.Events, a.Events), cmp.Compare(a.Value, b.Value))
	})
	return rows[:min(first, len(rows))]
}

func (c counted) posts(from, to logic.Day, first int) []metric.PostRow {
	var rows []metric.PostRow
	for facet, days := range c {
		row := metric.PostRow{PostID: logic.PostID(facet.Value), Title: textOf(facet)}
		for day, t := range days {
			if facet.Kind == metric.FacetPost && day >= from && day <= to {
				row.Views, row.Visitors = row.Views+t.Views, row.Visitors+t.Visitors
			}
		}
		if row.Views > 0 {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b metric.PostRow) int {
		return cmp.Or(cmp.Compare(b.Views, a.Views), cmp.Compare(b.Visitors, a.Visitors), cmp.Compare(a.PostID, b.PostID))
	})
	return rows[:min(first, len(rows))]
}

func textOf(facet metric.Facet) string {
	return fmt.Sprintf("%d-%x", facet.Kind, facet.Value*7919%1000)
}

// randomFigures returns figures of many values in some days, as events leave them: early ones, late ones, and visitors that are moved.
func randomFigures(random *rand.Rand, n, values int) []metric.Figure {
	kinds := []metric.FacetKind{metric.FacetPost, metric.FacetPath, metric.FacetEvent}
	last := firstDay + logic.Day(random.IntN(90))
	var figures []metric.Figure
	for range n {
		kind := kinds[random.IntN(len(kinds))]
		value := int64(1000*int(kind) + random.IntN(values))
		if kind == metric.FacetPost {
			value = int64(postOf(int(value)))
		}
		f := metric.Figure{Facet: metric.Facet{Kind: kind, Value: value}, Time: int64(last - logic.Day(random.IntN(3)*random.IntN(12)))}
		if kind == metric.FacetEvent {
			f.Events = 1 + random.Int64N(200)
		} else {
			f.Views = random.Int64N(3) * random.Int64N(100)
		}
		f.Visitors = f.Views - random.Int64N(2)
		figures = append(figures, f)
	}
	return figures
}

// write adds figures to those of days, with what else is kept of their posts and texts.
func (c counted) write(ctx context.Context, s *Store, figures []metric.Figure) error {
	var posts []metric.PostRow
	var texts [][]any
	for _, f := range figures {
		if f.Facet.Kind == metric.FacetPost {
			posts = append(posts, metric.PostRow{PostID: logic.PostID(f.Facet.Value), Title: textOf(f.Facet), Views: f.Views})
		} else {
			texts = append(texts, []any{f.Facet.Value, f.Facet.Kind, textOf(f.Facet)})
		}
	}
	err := s.Metric().Write(ctx, func(w metric.Writer) error {
		if _, err := w.(*writer).exec(ctx, `INSERT INTO metric_value (id, kind, text) SELECT value ->> 0, value ->> 1, value ->> 2
			FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`, jsonRows(texts)); err != nil {
			return err
		}
		if err := w.AddPostViews(ctx, posts); err != nil {
			return err
		}
		since := metric.Figure{Totals: metric.Totals{Views: 1}} // the first day of all, so that what comes waits to be added to the rest
		return w.AddFigures(ctx, countedOn(append(figures, since)))
	})
	if err == nil {
		for _, f := range figures {
			c.add(f)
		}
	}
	return err
}

// Whatever is counted, through whichever of two stores that have one folder open, the first values of any range are those of all figures
// added up: right after every write, when days are moved, when running sums are made anew, and in a store that is opened later.
func TestFirstValuesEqualAllFigures(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, ctx := t.TempDir(), t.Context()
		stores := []*Store{openIn(t, dir), openIn(t, dir)}
		model := counted{}
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		values := rapid.SampledFrom([]int{3, 60, 900}).Draw(rt, "values")
		for step := range rapid.IntRange(1, 12).Draw(rt, "steps") {
			s := stores[random.IntN(len(stores))]
			switch rapid.IntRange(0, 9).Draw(rt, "deed") {
			case 0:
				if err := s.Metric().Write(ctx, func(w metric.Writer) error { return w.SumDays(ctx) }); err != nil {
					rt.Fatal(err)
				}
			case 1:
				before, limit := firstDay+logic.Day(random.IntN(70)), 1+random.IntN(300)
				if err := s.Metric().Write(ctx, func(w metric.Writer) error { return second(w.MoveDays(ctx, before, limit)) }); err != nil {
					rt.Fatal(err)
				}
			case 2:
				stores = append(stores, openIn(t, dir))
			default:
				if err := model.write(ctx, s, randomFigures(random, 1+random.IntN(400), values)); err != nil {
					rt.Fatal(err)
				}
			}
			reader := stores[random.IntN(len(stores))].Metric()
			for i := range 6 {
				from := firstDay - 10 + logic.Day(random.IntN(110))
				to, first := from+logic.Day(random.IntN(70)), 1+random.IntN(12)
				if i > 2 { // a question that is asked again and again
					from, to, first = firstDay+logic.Day(8*i), firstDay+logic.Day(25*i), i
				}
				period := metric.Period{From: int64(from), To: int64(to)}
				posts, err := reader.TopPosts(ctx, period, first)
				if diff := gocmp.Diff(model.posts(from, to, first), posts, cmpopts.EquateEmpty()); diff != "" || err != nil {
					rt.Fatalf("step %d: posts of %d to %d: %v\n%s", step, from, to, err, diff)
				}
				for _, kind := range []metric.FacetKind{metric.FacetPath, metric.FacetEvent} {
					rows, err := reader.TopValues(ctx, kind, period, first)
					if diff := gocmp.Diff(model.values(kind, from, to, first), rows, cmpopts.EquateEmpty()); diff != "" || err != nil {
						rt.Fatalf("step %d: kind %d of %d to %d: %v\n%s", step, kind, from, to, err, diff)
					}
				}
			}
		}
		for _, s := range stores {
			s.Close()
		}
	})
}

// Sums are read as they were written, and what breaks off is an error rather than a wrong answer.
func TestSumsAreReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		model := map[int64]figures{}
		var code []byte
		for range rapid.IntRange(0, 5).Draw(rt, "times") {
			var changes []sum
			for number, f := range rapid.MapOf(rapid.Int64Range(0, 3000), rapid.Custom(func(rt *rapid.T) figures {
				small := rapid.OneOf(rapid.Int64Range(-3, 300), rapid.Int64Range(-1<<60, 1<<60))
				return figures{small.Draw(rt, "views"), small.Draw(rt, "visitors"), rapid.Int64Range(0, 2).Draw(rt, "events")}
			})).Draw(rt, "changes") {
				changes = append(changes, sum{number, f})
				model[number] = model[number].plus(f)
			}
			slices.SortFunc(changes, func(a, b sum) int { return cmp.Compare(a.number, b.number) })
			var err error
			if code, err = addSums(code, changes); err != nil {
				rt.Fatal(err)
			}
		}
		for number, f := range model {
			if f == (figures{}) {
				delete(model, number)
			}
		}
		read := map[int64]figures{}
		window := make([]figures, 256)
		all := sums{code: code}
		for base := int64(0); all.next() != noNumber; base += int64(len(window)) {
			clear(window)
			all.addTo(window, base, 1)
			for i, f := range window {
				if f != (figures{}) {
					read[base+int64(i)] = f
				}
			}
		}
		if diff := gocmp.Diff(model, read, gocmp.AllowUnexported(figures{})); diff != "" || all.err() != nil {
			rt.Fatal(all.err(), diff)
		}
		if cut := rapid.IntRange(0, len(code)).Draw(rt, "cut"); cut < len(code) {
			broken, whole := sums{code: code[:cut]}, 0
			for broken.next() != noNumber {
				broken.take()
				whole++
			}
			if broken.err() == nil && whole >= len(model) {
				rt.Fatalf("%d of %d bytes are read as %d sums", cut, len(code), whole)
			}
		}
	})
}

// A database in which an older program counted has running sums once it is opened.
func TestRunningSumsAreMadeOnce(t *testing.T) {
	dir := t.TempDir()
	s := openIn(t, dir)
	model := counted{}
	figures := randomFigures(rand.New(rand.NewPCG(1, 2)), 900, 300)
	if err := model.write(t.Context(), s, figures); err != nil {
		t.Fatal(err)
	}
	for _, forget := range strings.Split(`DELETE FROM metric_sum;DELETE FROM metric_number`, ";") {
		if err := s.write.exec(forget); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	s = openIn(t, dir)
	period := metric.Period{From: int64(firstDay), To: int64(firstDay + 100)}
	posts, err := s.Metric().TopPosts(t.Context(), period, 20)
	if diff := gocmp.Diff(model.posts(firstDay, firstDay+100, 20), posts); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

// Running sums that were written before they had versions are those of this program.
func TestRunningSumsGetVersions(t *testing.T) {
	const withoutVersions = 12
	dir := t.TempDir()
	fillOlder(t, dir, withoutVersions, `
		INSERT INTO metric_value VALUES (2, 2, '/one');
		INSERT INTO metric_sum VALUES (2, 20000, x'020304'), (2, 20001, x'020504')`)
	s := openIn(t, dir)
	versions, err := selectRow[int](t.Context(), s.reader(), `SELECT COUNT(DISTINCT version) FROM metric_sum WHERE version <> 0`)
	if err != nil || versions != 2 {
		t.Errorf("two running sums have %d versions (%v)", versions, err)
	}
	for day, want := range map[int64]metric.Row{20_000: {Value: "/one", Views: 3, Visitors: 2}, 20_001: {Value: "/one", Views: 5, Visitors: 4}} {
		for range 2 { // the second time by what is known of the first
			rows, err := s.Metric().TopValues(t.Context(), metric.FacetPath, metric.Period{From: 20_000, To: day}, 10)
			if diff := gocmp.Diff([]metric.Row{want}, rows); diff != "" || err != nil {
				t.Error(day, err, diff)
			}
		}
	}
}
