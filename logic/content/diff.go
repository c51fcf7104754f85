package content

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"headwater/logic"
)

// Diffs returns what revisions that the viewer was given changed in the source: a unified diff, without names of files, against
// the revision before each. It is empty where nothing changed.
func (s *Service) Diffs(ctx context.Context, ids []logic.RevisionID) (map[logic.RevisionID]string, error) {
	before, err := s.store.SourcesBefore(ctx, ids)
	if err != nil {
		return nil, err
	}
	sources, err := s.store.RevisionSources(ctx, ids)
	diffs := make(map[logic.RevisionID]string, len(sources))
	for id, source := range sources {
		diffs[id] = unifiedDiff(before[id], source)
	}
	return diffs, err
}

// contextLines is how many lines that stay are shown around what changes.
const contextLines = 3

// unifiedDiff returns what makes one text of another, line by line. The time that it takes grows with the texts alone, whatever
// they are: lines that stand once in each hold the two together (Cohen's patience diff), and what stands between is replaced
// whole.
func unifiedDiff(before, after string) string {
	a, b := linesOf(before), linesOf(after)
	changes := changesOf(a, b)
	var out strings.Builder
	for len(changes) > 0 {
		near := 1 // those that one hunk shows
		for near < len(changes) && changes[near].fromA-changes[near-1].toA <= 2*contextLines {
			near++
		}
		writeHunk(&out, a, b, changes[:near])
		changes = changes[near:]
	}
	return out.String()
}

// linesOf returns the lines of a text, each with its line feed, which the last may lack.
func linesOf(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if last := len(lines) - 1; lines[last] == "" {
		lines = lines[:last]
	}
	return lines
}

// textChange is a part of one text that another part takes the place of, in lines; either may be empty.
type textChange struct{ fromA, toA, fromB, toB int }

// writeHunk writes changes that are near each other, and the lines around them.
func writeHunk(out *strings.Builder, a, b []string, changes []textChange) {
	first, last := changes[0], changes[len(changes)-1]
	lead, end := min(contextLines, first.fromA), min(contextLines, len(a)-last.toA)
	fmt.Fprintf(out, "@@ -%s +%s @@\n", hunkRange(first.fromA-lead, last.toA+end), hunkRange(first.fromB-lead, last.toB+end))
	at := first.fromA - lead
	for _, change := range changes {
		writeLines(out, ' ', a[at:change.fromA])
		writeLines(out, '-', a[change.fromA:change.toA])
		writeLines(out, '+', b[change.fromB:change.toB])
		at = change.toA
	}
	writeLines(out, ' ', a[at:last.toA+end])
}

// hunkRange writes where a hunk stands: its first line, counted from 1, or the one before it where it has none, and how many
// lines it has.
func hunkRange(from, to int) string {
	if from < to {
		from++
		to++
	}
	return fmt.Sprintf("%d,%d", from, to-from)
}

func writeLines(out *strings.Builder, sign byte, lines []string) {
	for _, line := range lines {
		out.WriteByte(sign)
		out.WriteString(line)
		if !strings.HasSuffix(line, "\n") {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// changesOf returns what is to be replaced to make b of a, in order.
func changesOf(a, b []string) []textChange {
	var changes []textChange
	atA, atB := 0, 0                    // behind the last run of lines that stay
	stay := func(fromA, fromB, n int) { // a run of n of them
		if fromA > atA || fromB > atB {
			changes = append(changes, textChange{atA, fromA, atB, fromB})
		}
		atA, atB = fromA+n, fromB+n
	}
	atA = commonStart(a, b)
	atB = atA
	end := commonEnd(a[atA:], b[atB:])
	endA, endB := len(a)-end, len(b)-end
	for _, anchor := range anchorsOf(a[:endA], b[:endB], atA) {
		if anchor.a < atA || anchor.b < atB {
			continue // within a run already
		}
		back := commonEnd(a[atA:anchor.a], b[atB:anchor.b])
		stay(anchor.a-back, anchor.b-back, back+commonStart(a[anchor.a:endA], b[anchor.b:endB]))
	}
	stay(endA, endB, end)
	return changes
}

// commonStart returns how many lines a and b begin with in common.
func commonStart(a, b []string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// commonEnd returns how many lines a and b end with in common.
func commonEnd(a, b []string) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

// anchor is a line that stands once in each of two texts, and where.
type anchor struct{ a, b int }

// anchorsOf returns the most lines, in order, that stand once in each of a and b and in the same order in both, from a line on
// that is the same in both.
func anchorsOf(a, b []string, from int) []anchor {
	type count struct{ inA, inB, a, b int }
	counts := make(map[string]*count, len(a)-from)
	for i := from; i < len(a); i++ {
		found := counts[a[i]]
		if found == nil {
			found = &count{}
			counts[a[i]] = found
		}
		found.inA, found.a = found.inA+1, i
	}
	for i := from; i < len(b); i++ {
		if found := counts[b[i]]; found != nil {
			found.inB, found.b = found.inB+1, i
		}
	}
	var once []anchor
	for _, found := range counts {
		if found.inA == 1 && found.inB == 1 {
			once = append(once, anchor{found.a, found.b})
		}
	}
	slices.SortFunc(once, func(x, y anchor) int { return x.a - y.a })
	return longestRising(once)
}

// longestRising returns the most of anchors, which rise in a, that rise in b too.
func longestRising(anchors []anchor) []anchor {
	var ends []int // for each length, less one, the anchor that the row of that length ends with that ends lowest in b
	before := make([]int, len(anchors))
	for i, found := range anchors {
		length := sort.Search(len(ends), func(k int) bool { return anchors[ends[k]].b > found.b })
		before[i] = -1
		if length > 0 {
			before[i] = ends[length-1]
		}
		if length == len(ends) {
			ends = append(ends, i)
		} else {
			ends[length] = i
		}
	}
	rising := make([]anchor, len(ends))
	if len(ends) == 0 {
		return rising
	}
	for i, k := len(ends)-1, ends[len(ends)-1]; i >= 0; i, k = i-1, before[k] {
		rising[i] = anchors[k]
	}
	return rising
}
