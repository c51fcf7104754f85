package metric

import (
	"cmp"
	"encoding/binary"
	"errors"
	"maps"
	"slices"

	"headwater/logic"
)

// visitorCodeVersion is the first byte of an encoded VisitorDay; another layout gets another.
const visitorCodeVersion = 1

var errVisitorCode = errors.New("a visitor's day that can't be read")

// Encode returns the visitor's day as bytes: a version, then for each facet, in order, its kind, its value and its number of
// visits, and for each visit the milliseconds since the end of the visit before (the first: since the day began), its
// length in milliseconds and its views. All numbers are varints of encoding/binary.
func (d *VisitorDay) Encode(day logic.Day) []byte {
	facets := slices.SortedFunc(maps.Keys(d.visits), func(a, b Facet) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value))
	})
	code := []byte{visitorCodeVersion}
	for _, facet := range facets {
		visits := d.visits[facet]
		code = append(code, byte(facet.Kind))
		code = binary.AppendVarint(code, facet.Value)
		code = binary.AppendUvarint(code, uint64(len(visits)))
		last := logic.Moment(day) * utcDayLength
		for _, v := range visits {
			code = binary.AppendUvarint(code, uint64(v.start-last))
			code = binary.AppendUvarint(code, uint64(v.end-v.start))
			code = binary.AppendUvarint(code, uint64(v.views))
			last = v.end
		}
	}
	return code
}

// DecodeVisitorDay reads what Encode wrote of the same day.
func DecodeVisitorDay(day logic.Day, code []byte) (VisitorDay, error) {
	if len(code) == 0 || code[0] != visitorCodeVersion {
		return VisitorDay{}, errVisitorCode
	}
	reader := codeReader{rest: code[1:]}
	d := VisitorDay{visits: map[Facet][]visit{}}
	for len(reader.rest) > 0 && !reader.broken {
		facet := Facet{Kind: reader.kind(), Value: reader.signed()}
		last := logic.Moment(day) * utcDayLength
		var visits []visit
		for range reader.unsigned() {
			start := last + logic.Moment(reader.unsigned())
			end := start + logic.Moment(reader.unsigned())
			visits = append(visits, visit{start, end, reader.unsigned()})
			last = end
			if reader.broken {
				break
			}
		}
		d.visits[facet] = visits
	}
	if reader.broken {
		return VisitorDay{}, errVisitorCode
	}
	return d, nil
}

// codeReader takes numbers off the front of rest; once something is missing it is broken and gives zeros.
type codeReader struct {
	rest   []byte
	broken bool
}

func (r *codeReader) kind() FacetKind {
	kind := FacetKind(r.rest[0])
	r.rest = r.rest[1:]
	return kind
}

func (r *codeReader) signed() int64 {
	n, size := binary.Varint(r.rest)
	r.take(size)
	return n
}

func (r *codeReader) unsigned() int64 {
	n, size := binary.Uvarint(r.rest)
	r.take(size)
	if n > 1<<62 {
		r.broken = true
		return 0
	}
	return int64(n)
}

func (r *codeReader) take(size int) {
	if size <= 0 {
		r.broken, r.rest = true, nil
		return
	}
	r.rest = r.rest[size:]
}
