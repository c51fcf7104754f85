package store

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"

	"headwater/logic"
	"headwater/logic/metric"
)

// dayChange is figures that were added to those of a day.
type dayChange struct {
	kind metric.FacetKind
	day  logic.Day
	sum
}

// listed tells whether lists of first values are made of a kind.
func listed(kind metric.FacetKind) bool { return kind >= metric.FacetPost && kind <= metric.FacetEvent }

const (
	numbersOfPosts = `/* AddFigures: numbers */ SELECT post_id, number FROM metric_number
		WHERE post_id IN (SELECT json_each.value FROM json_each(?))`
	insertNumbers = `/* AddFigures: new numbers */ INSERT INTO metric_number (post_id) SELECT value FROM json_each(?) WHERE true
		ON CONFLICT (post_id) DO NOTHING`
)

func (w *writer) readNumbers(ctx context.Context, posts []int64) (map[int64]int64, error) {
	numbers := make(map[int64]int64, len(posts))
	read := func() error {
		return w.numbers(ctx, numbersOfPosts, []any{keyList(posts)}, func(row []int64) error {
			numbers[row[0]] = row[1]
			return nil
		})
	}
	if err := read(); err != nil || len(numbers) == len(posts) {
		return numbers, err
	}
	if _, err := w.exec(ctx, insertNumbers, keyList(posts)); err != nil {
		return nil, err
	}
	return numbers, read()
}

// runningSum is what was counted under a kind from the start of a block to a day.
type runningSum struct {
	kind metric.FacetKind
	day  logic.Day
	code []byte
}

// addToSums adds changes to the running sums that they are a part of, and makes those of days that had none.
func (w *writer) addToSums(ctx context.Context, changes []dayChange) error {
	slices.SortStableFunc(changes, func(a, b dayChange) int {
		return cmp.Or(cmp.Compare(blockStart(a.day), blockStart(b.day)), cmp.Compare(a.kind, b.kind), cmp.Compare(a.day, b.day))
	})
	for len(changes) > 0 {
		block := leading(changes, func(c dayChange) logic.Day { return blockStart(c.day) })
		changes = changes[len(block):]
		if err := w.addToBlock(ctx, block); err != nil {
			return err
		}
	}
	return nil
}

// leading returns what a sorted list begins with, as far as it has one key.
func leading[T any, K comparable](list []T, key func(T) K) []T {
	n := 1
	for n < len(list) && key(list[n]) == key(list[0]) {
		n++
	}
	return list[:n]
}

// addToBlock does so for one block of days, with changes ordered by kind and day.
func (w *writer) addToBlock(ctx context.Context, changes []dayChange) error {
	start := blockStart(changes[0].day)
	var asked []any
	for rest := changes; len(rest) > 0; {
		asked = append(asked, int64(rest[0].kind), start, rest[0].day, start+blockDays-1)
		rest = rest[len(leading(rest, kindOfChange)):]
	}
	kept, err := w.runningSums(ctx, asked)
	if err != nil {
		return err
	}
	var grown []runningSum
	for len(changes) > 0 {
		ofKind := leading(changes, kindOfChange)
		changes = changes[len(ofKind):]
		sums, err := grow(kept[ofKind[0].kind], ofKind)
		if err != nil {
			return err
		}
		grown = append(grown, sums...)
	}
	return w.setSums(ctx, grown)
}

func kindOfChange(c dayChange) metric.FacetKind { return c.kind }

// grow returns the running sums of a kind and a block that changes, ordered by day, make other ones. Kept are those that there are from
// the last one on that ends with the first day or before.
func grow(kept []runningSum, changes []dayChange) ([]runningSum, error) {
	var days []logic.Day
	for _, r := range kept {
		if r.day >= changes[0].day {
			days = append(days, r.day)
		}
	}
	for _, c := range changes {
		days = append(days, c.day)
	}
	slices.Sort(days)
	kind := changes[0].kind
	var grown []runningSum
	var before []byte // what stood there up to the day
	var added []sum   // what comes to it
	for _, day := range slices.Compact(days) {
		for len(kept) > 0 && kept[0].day <= day {
			before, kept = kept[0].code, kept[1:]
		}
		for len(changes) > 0 && changes[0].day <= day {
			added, changes = append(added, changes[0].sum), changes[1:]
		}
		slices.SortFunc(added, func(a, b sum) int { return cmp.Compare(a.number, b.number) })
		code, err := addSums(before, added)
		if err != nil {
			return nil, err
		}
		grown = append(grown, runningSum{kind, day, code})
	}
	return grown, nil
}

const (
	sumsToChange = `/* AddFigures: sums */ SELECT kind, day, figures FROM metric_sum WHERE kind = ?1
		AND day BETWEEN (SELECT COALESCE(MAX(latest.day), ?3) FROM metric_sum AS latest WHERE latest.kind = ?1 AND latest.day BETWEEN ?2 AND ?3) AND ?4`
	setSums = `/* AddFigures: set sums */ INSERT INTO metric_sum (kind, day, version, figures) VALUES (?, ?, ?, ?)
		ON CONFLICT (kind, day) DO UPDATE SET version = excluded.version, figures = excluded.figures`
)

// runningSums returns the running sums of each kind that is asked for, in the order of days: asked are the kind, the first day of a
// block, the first day that changes and the last day of the block.
func (w *writer) runningSums(ctx context.Context, asked []any) (map[metric.FacetKind][]runningSum, error) {
	kept := map[metric.FacetKind][]runningSum{}
	err := w.rows(ctx, sumsToChange, asked, func(row *row) error {
		sum := runningSum{kind: metric.FacetKind(row.int()), day: logic.Day(row.int()), code: row.bytes()}
		kept[sum.kind] = append(kept[sum.kind], sum)
		return row.err
	})
	for _, list := range kept {
		slices.SortFunc(list, func(a, b runningSum) int { return cmp.Compare(a.day, b.day) })
	}
	return kept, err
}

// setSums keeps running sums, by new versions, in place of those of the same kinds and days.
func (w *writer) setSums(ctx context.Context, list []runningSum) error {
	rows := make([]any, 0, 4*len(list))
	for _, r := range list {
		rows = append(rows, int64(r.kind), r.day, rand.Int64(), r.code)
	}
	return w.execEach(ctx, setSums, rows)
}
