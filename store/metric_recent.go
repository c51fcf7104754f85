package store

import (
	"context"
	"encoding/binary"
	"errors"

	"headwater/logic"
	"headwater/logic/metric"
)

// To count an event touches a dozen figures, each on a page of its own. So what was counted last stands in the rows of metric_recent, one
// behind the other, and is added to the figures and to the running sums that it is a part of once it is enough. Whoever asks for those
// reads it in the same statement.

// recent is something that was counted last. Number is what running sums know the facet's value by.
type recent struct {
	metric.Counted
	number int64
}

const (
	maxRecent = 16 << 10 // how many bytes wait to be added: to read them takes a small part of what it takes to answer a question
	maxRow    = 3_600    // how many bytes a row has at most that grows: it stays on one page
	minRecent = 11       // how many bytes something counted takes at least
)

// Something counted is written as how many bytes it takes, by which it is passed over, its kind with a bit for DayOnly below, then its quarter, its day less that of the quarter in UTC, its
// value, its number where that is another, and its figures, all varints of encoding/binary. The function recent_json of recent.c reads them too.
func appendRecent(code []byte, r recent) []byte {
	start, kind := len(code), byte(r.Facet.Kind)<<1
	if r.DayOnly {
		kind |= 1
	}
	code = append(code, 0, kind)
	code = binary.AppendVarint(code, int64(r.Quarter))
	code = binary.AppendVarint(code, int64(r.Day-utcDayOf(r.Quarter)))
	code = binary.AppendVarint(code, r.Facet.Value)
	if r.Facet.Kind == metric.FacetPost {
		code = binary.AppendVarint(code, r.number)
	}
	for _, n := range [...]int64{r.Views, r.Visitors, r.Visits, r.Bounces, r.Seconds, r.Events} {
		code = binary.AppendVarint(code, n)
	}
	code[start] = byte(len(code) - start)
	return code
}

func utcDayOf(quarter metric.Quarter) logic.Day {
	const quarters = 24 * 4
	day := quarter / quarters
	if quarter%quarters < 0 {
		day--
	}
	return logic.Day(day)
}

var errRecent = errors.New("recent figures of metrics that can't be read")

// eachRecent calls take for all that stands in a row, or, where wanted is given, for what is of such kinds.
func eachRecent(code []byte, wanted func(metric.FacetKind) bool, take func(recent)) error {
	for len(code) > 0 {
		size := int(code[0])
		if size < minRecent || size > len(code) {
			return errRecent
		}
		if wanted == nil || wanted(metric.FacetKind(code[1]>>1)) {
			r, ok := readRecent(code[1:size])
			if !ok {
				return errRecent
			}
			take(r)
		}
		code = code[size:]
	}
	return nil
}

// readRecent returns something counted, of which code has all but the first byte.
func readRecent(code []byte) (r recent, ok bool) {
	at := 1
	next := func() int64 {
		var n uint64
		n, at = uvarint(code, at)
		return unzigzag(n)
	}
	r.Facet.Kind, r.DayOnly = metric.FacetKind(code[0]>>1), code[0]&1 != 0
	r.Quarter = metric.Quarter(next())
	r.Day = utcDayOf(r.Quarter) + logic.Day(next())
	r.Facet.Value = next()
	if r.number = r.Facet.Value; r.Facet.Kind == metric.FacetPost {
		r.number = next()
	}
	r.Totals = metric.Totals{Views: next(), Visitors: next(), Visits: next(), Bounces: next(), Seconds: next(), Events: next()}
	return r, at == len(code)
}

// waiting says what stands in metric_recent: how many rows, how many bytes, and the last row.
type waiting struct {
	rows int64
	size int
	last []byte
}

const (
	recentRows   = `/* AddFigures: recent */ SELECT id, counted FROM metric_recent ORDER BY id`
	setRecentRow = `/* AddFigures: set recent */ INSERT INTO metric_recent (id, counted) VALUES (?, ?)
		ON CONFLICT (id) DO UPDATE SET counted = excluded.counted`
	forgetRecent = `/* AddFigures: forget recent */ DELETE FROM metric_recent WHERE id > 0`
)

// AddFigures implements metric.Writer.
func (w *writer) AddFigures(ctx context.Context, counted []metric.Counted) error {
	if len(counted) == 0 {
		return nil
	}
	added, err := w.numbered(ctx, counted)
	if err != nil {
		return err
	}
	early, err := w.early(ctx, counted)
	if err != nil {
		return err
	}
	if early || len(added)*minRecent > maxRecent {
		return w.settle(ctx, added, addDayFigures)
	}
	if w.memory.waiting == nil {
		w.memory.waiting = &waiting{}
		if err := w.eachRecentRow(ctx, w.memory.waiting.add); err != nil {
			return err
		}
	}
	var code []byte
	for _, r := range added {
		code = appendRecent(code, r)
	}
	now := *w.memory.waiting
	if now.size+len(code) > maxRecent {
		return w.settle(ctx, added, addTodayFigures)
	}
	if now.rows > 0 && len(now.last)+len(code) <= maxRow {
		code = append(now.last, code...)
		now.rows--
		now.size -= len(now.last)
	}
	now.add(now.rows+1, code)
	_, err = w.exec(ctx, setRecentRow, now.rows, code)
	w.memory.waiting = &now
	return err
}

func (w *waiting) add(id int64, code []byte) error {
	w.rows, w.size, w.last = id, w.size+len(code), code
	return nil
}

// eachRecentRow calls take for each row of metric_recent.
func (w *writer) eachRecentRow(ctx context.Context, take func(id int64, code []byte) error) error {
	return w.rows(ctx, recentRows, nil, func(row *row) error {
		id, code := row.int(), row.bytes()
		return errors.Join(row.err, take(id, code))
	})
}

// numbered returns what was counted with the numbers that running sums know values by.
func (w *writer) numbered(ctx context.Context, counted []metric.Counted) ([]recent, error) {
	added := make([]recent, len(counted))
	var posts []int64
	for i, c := range counted {
		added[i] = recent{c, c.Facet.Value}
		if c.Facet.Kind == metric.FacetPost {
			posts = append(posts, c.Facet.Value)
		}
	}
	numbers, err := w.numbersOf(ctx, posts)
	for i, r := range added {
		if r.Facet.Kind == metric.FacetPost {
			added[i].number = numbers[r.Facet.Value]
		}
	}
	return added, err
}

// early tells whether anything was counted on a day before the first of which there are figures: which that is, these alone say.
func (w *writer) early(ctx context.Context, counted []metric.Counted) (bool, error) {
	site, err := w.MetricSite(ctx)
	if err != nil || site.FirstDay == nil {
		return true, err
	}
	for _, c := range counted {
		if c.Day < *site.FirstDay {
			w.memory.site = nil
			return true, nil
		}
	}
	return false, nil
}

// settle adds what was counted last, and more, to the figures and running sums that it is a part of, to those of days by a statement.
func (w *writer) settle(ctx context.Context, more []recent, addDays string) error {
	var all []recent
	err := w.eachRecentRow(ctx, func(_ int64, code []byte) error {
		return eachRecent(code, nil, func(r recent) { all = append(all, r) })
	})
	if err != nil {
		return err
	}
	if len(all) > 0 {
		if _, err := w.exec(ctx, forgetRecent); err != nil {
			return err
		}
	}
	w.memory.waiting = &waiting{}
	all = append(all, more...)
	byQuarter, byDay, changes := sumRecent(all)
	if err := w.addFigures(ctx, addQuarterFigures, byQuarter); err != nil {
		return err
	}
	if len(byDay) > 0 && w.memory.site != nil && w.memory.site.FirstDay == nil {
		w.memory.site = nil
	}
	if err := w.addFigures(ctx, addDays, byDay); err != nil {
		return err
	}
	return w.addToSums(ctx, changes)
}

// sumRecent returns what was counted by quarters, by days, and as changes of running sums.
func sumRecent(all []recent) (byQuarter, byDay []metric.Figure, changes []dayChange) {
	type key struct {
		facet metric.Facet
		time  int64
	}
	quarters, days, numbers := map[key]metric.Totals{}, map[key]metric.Totals{}, map[metric.Facet]int64{}
	for _, r := range all {
		if at := (key{r.Facet, int64(r.Quarter)}); !r.DayOnly {
			quarters[at] = quarters[at].Plus(r.Totals)
		}
		at := key{r.Facet, int64(r.Day)}
		days[at] = days[at].Plus(r.Totals)
		numbers[r.Facet] = r.number
	}
	for at, totals := range quarters {
		if totals != (metric.Totals{}) {
			byQuarter = append(byQuarter, metric.Figure{Facet: at.facet, Time: at.time, Totals: totals})
		}
	}
	for at, totals := range days {
		if totals == (metric.Totals{}) {
			continue
		}
		byDay = append(byDay, metric.Figure{Facet: at.facet, Time: at.time, Totals: totals})
		if c := (dayChange{at.facet.Kind, logic.Day(at.time), sum{numbers[at.facet], listedFigures(at.facet.Kind, totals)}}); listed(c.kind) && c.figures != (figures{}) {
			changes = append(changes, c)
		}
	}
	return byQuarter, byDay, changes
}

// listedFigures returns what lists of a kind have of figures.
func listedFigures(kind metric.FacetKind, t metric.Totals) figures {
	if kind == metric.FacetPost { // no list of posts has events
		return figures{t.Views, t.Visitors, 0}
	}
	return figures{t.Views, t.Visitors, t.Events}
}
