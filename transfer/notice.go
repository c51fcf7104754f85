package transfer

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"headwater/logic"
)

// Notice tells of one place in what is read: that it was left out, or that something of it was.
type Notice struct {
	File   string
	Line   int64  // counted from 1; 0 for the file as a whole
	Reason string // the same text for all places that are counted together
	Detail string // what is more to say of this place; may be empty
}

// Place returns file:line, or the file alone.
func (n Notice) Place() string {
	if n.Line == 0 {
		return n.File
	}
	return fmt.Sprintf("%s:%d", n.File, n.Line)
}

// String returns place, reason and detail in a line.
func (n Notice) String() string {
	text := n.Place() + ": " + n.Reason
	if n.Detail != "" {
		text += " (" + n.Detail + ")"
	}
	return text
}

// said returns what faults say to whoever sent what is at fault, without their causes.
func said(err error) string {
	faults, many := errors.AsType[logic.Faults](err)
	if one, ok := errors.AsType[*logic.Error](err); ok && !many {
		faults = logic.Faults{one}
	}
	said := make([]string, len(faults))
	for i, fault := range faults {
		shown := *fault
		shown.Err = nil
		said[i] = shown.Error()
	}
	return strings.Join(said, "; ")
}

// Watch is told how an import goes on. Either function may be nil.
type Watch struct {
	// Notice receives each thing left out or changed, when it is come to.
	Notice func(Notice)
	// Progress receives how much is done, and of how much: files of a folder, or bytes of a log (0 where it isn't known).
	Progress func(done, total int64)
}

func (w Watch) notice(n Notice) {
	if w.Notice != nil {
		w.Notice(n)
	}
}

func (w Watch) progress(done, total int64) {
	if w.Progress != nil {
		w.Progress(done, total)
	}
}

// Tally counts by reason.
type Tally map[string]int64

// Total returns the sum of all counts.
func (t Tally) Total() int64 {
	var total int64
	for _, n := range t {
		total += n
	}
	return total
}

// Reasons returns the reasons, the most frequent first.
func (t Tally) Reasons() []string {
	return slices.SortedFunc(maps.Keys(t), func(a, b string) int {
		if t[a] != t[b] {
			return int(t[b] - t[a])
		}
		if a < b {
			return -1
		}
		return 1
	})
}

func (t Tally) add(other Tally) {
	for reason, n := range other {
		t[reason] += n
	}
}
