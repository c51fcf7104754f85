package store

import (
	"cmp"
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"headwater/logic"
)

// figures are what lists of first values are made of.
type figures struct{ views, visitors, events int64 }

// sum is the figures of one value of a kind. Values are known by numbers without large gaps: posts by those of metric_number, texts
// by their keys in metric_value.
type sum struct {
	number int64
	figures
}

// blockDays is how many days a running sum runs at most. It begins with each block of so many days since 1970-01-01.
const blockDays = 32

func blockStart(day logic.Day) logic.Day { return day &^ (blockDays - 1) }

// Sums are written value by value in the order of numbers: the step from the number before (the first: from 0), the views, then twice
// by how much these are more than the visitors, and one more where events follow. All are varints of encoding/binary, what may be less
// than nothing as signed ones. So nearly every sum takes three bytes, which are read at once.

// appendSum appends a sum to the code of others, of which the last has the number last.
func appendSum(code []byte, last int64, s sum) []byte {
	code = binary.AppendUvarint(code, uint64(s.number-last))
	code = binary.AppendUvarint(code, uint64(s.views))
	more := zigzag(s.views-s.visitors) << 1
	if s.events == 0 {
		return binary.AppendUvarint(code, more)
	}
	return binary.AppendVarint(binary.AppendUvarint(code, more|1), s.events)
}

// encodeSums returns the code of sums, which are in order.
func encodeSums(list []sum) []byte {
	var code []byte
	last := int64(0)
	for _, s := range list {
		code = appendSum(code, last, s)
		last = s.number
	}
	return code
}

// sums reads a code.
type sums struct {
	code []byte
	at   int   // where the next sum begins; beyond the end where the code can't be read
	last int64 // the number of the sum before
}

const noNumber = math.MaxInt64

var errSums = errors.New("running sums of metrics that can't be read")

// err tells whether the code broke off.
func (s *sums) err() error {
	if s.at > len(s.code) {
		return errSums
	}
	return nil
}

// next returns the number of the next sum, noNumber behind the last.
func (s *sums) next() int64 {
	if s.at >= len(s.code) {
		return noNumber
	}
	step, _ := uvarint(s.code, s.at)
	if number := s.last + int64(step); number >= s.last {
		return number
	}
	s.at = len(s.code) + 1
	return noNumber
}

// take returns the next sum and goes on to the one behind it.
func (s *sums) take() sum {
	taken := sum{number: s.next()}
	_, at := uvarint(s.code, s.at)
	views, at := uvarint(s.code, at)
	more, at := uvarint(s.code, at)
	taken.views = int64(views)
	taken.visitors = taken.views - unzigzag(more>>1)
	if more&1 != 0 {
		var events uint64
		events, at = uvarint(s.code, at)
		taken.events = unzigzag(events)
	}
	s.at, s.last = at, taken.number
	return taken
}

// addTo adds the figures of the numbers within a window that begins with base, times sign, and goes on to the number behind it.
func (s *sums) addTo(window []figures, base, sign int64) {
	end := base + int64(len(window))
	for s.addShort(window, base, sign); s.next() < end; s.addShort(window, base, sign) {
		long := s.take()
		into := &window[long.number-base]
		into.views += sign * long.views
		into.visitors += sign * long.visitors
		into.events += sign * long.events
	}
}

// addShort does so as long as sums take three bytes.
func (s *sums) addShort(window []figures, base, sign int64) {
	code, at, last := s.code, s.at, s.last
	for at+4 <= len(code) {
		three := binary.LittleEndian.Uint32(code[at:])
		number := last + int64(three&0x7f)
		if three&0x818080 != 0 || uint64(number-base) >= uint64(len(window)) {
			break
		}
		into := &window[number-base]
		views := int64(three >> 8 & 0x7f)
		into.views += sign * views
		into.visitors += sign * (views - unzigzag(uint64(three>>17&0x7f)))
		at, last = at+3, number
	}
	s.at, s.last = at, last
}

// uvarint reads a number and returns where the next begins: beyond the end where the code breaks off.
func uvarint(code []byte, at int) (uint64, int) {
	if at < len(code) && code[at] < 0x80 {
		return uint64(code[at]), at + 1
	}
	return longUvarint(code, at)
}

func longUvarint(code []byte, at int) (uint64, int) {
	if at < len(code) {
		if number, size := binary.Uvarint(code[at:]); size > 0 {
			return number, at + size
		}
	}
	return 0, len(code) + 1
}

func zigzag(n int64) uint64   { return uint64(n<<1) ^ uint64(n>>63) }
func unzigzag(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

// addSums returns the code of both: of sums, and of changes, which are in order too.
func addSums(code []byte, changes []sum) ([]byte, error) {
	old, last := sums{code: code}, int64(0)
	added := make([]byte, 0, len(code)+6*len(changes))
	for {
		next := sum{number: old.next()}
		switch {
		case len(changes) > 0 && changes[0].number < next.number:
			next.number = changes[0].number
		case next.number == noNumber:
			return added, old.err()
		default:
			next = old.take()
		}
		for len(changes) > 0 && changes[0].number == next.number {
			next.figures = next.plus(changes[0].figures)
			changes = changes[1:]
		}
		if next.figures != (figures{}) {
			added = appendSum(added, last, next)
			last = next.number
		}
	}
}

func (f figures) plus(other figures) figures {
	return figures{f.views + other.views, f.visitors + other.visitors, f.events + other.events}
}

// part is sums that are added, or taken away where sign is -1.
type part struct {
	sums
	sign int64
}

// windowLength is how many numbers are summed up at once: as many as stay in the fastest memory.
const windowLength = 1024

// firstSums returns those that come first in the sum of parts, by rank, and whichever are even with the last of them. What has
// neither views nor events is left out.
func firstSums(parts []part, first int, rank func(a, b figures) int) ([]sum, error) {
	parts = slices.Clone(parts) // the copies are read to their ends
	list := newFirstList(first, rank)
	window := make([]figures, windowLength)
	for {
		base := int64(noNumber)
		for i := range parts {
			base = min(base, parts[i].next())
		}
		if base == noNumber {
			break
		}
		base &^= windowLength - 1
		for i := range parts {
			parts[i].addTo(window, base, parts[i].sign)
		}
		for i, f := range window {
			if list.mayTake(f) {
				list.take(sum{base + int64(i), f})
			}
		}
		clear(window)
	}
	for i := range parts {
		if err := parts[i].err(); err != nil {
			return nil, err
		}
	}
	list.trim()
	return list.kept, nil
}

// firstList keeps what comes first of all that it is offered.
type firstList struct {
	first int
	rank  func(a, b figures) int // negative where a comes first; who has more views always does
	kept  []sum
	floor figures // what comes behind it is not among the first
	room  int     // how many are kept until those behind the floor are left out
}

func newFirstList(first int, rank func(a, b figures) int) firstList {
	return firstList{first: first, rank: rank, room: 4 * first}
}

func (l *firstList) offer(s sum) {
	if l.mayTake(s.figures) {
		l.take(s)
	}
}

// mayTake is small, so that most of what is offered costs no call.
func (l *firstList) mayTake(f figures) bool {
	return f.views >= l.floor.views && (f.views != 0 || f.events != 0)
}

func (l *firstList) take(s sum) {
	if l.rank(s.figures, l.floor) > 0 {
		return
	}
	if l.kept = append(l.kept, s); len(l.kept) >= l.room {
		l.trim()
		l.room = max(4*l.first, 2*len(l.kept))
	}
}

// trim puts what is kept into order, and leaves out what comes behind the last of the first.
func (l *firstList) trim() {
	slices.SortFunc(l.kept, func(a, b sum) int {
		return cmp.Or(l.rank(a.figures, b.figures), cmp.Compare(a.number, b.number))
	})
	if len(l.kept) < l.first {
		return
	}
	l.floor = l.kept[l.first-1].figures
	behind := l.first
	for behind < len(l.kept) && l.rank(l.kept[behind].figures, l.floor) == 0 {
		behind++
	}
	l.kept = l.kept[:behind]
}
