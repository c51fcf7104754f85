package bind

import (
	"encoding/base64"
	"encoding/binary"
	"math"

	"headwater/logic"
)

// cursorVersion is the first byte of every cursor; a cursor of another version is malformed.
const cursorVersion = 1

// What a cursor holds beside its order and key, as bits of its second byte.
const (
	cursorNone = 1 << iota
	cursorInt
	cursorText
	cursorScore
	cursorKnown = 1<<iota - 1 // all of them
)

// EncodeCursor returns the opaque string for a place in a list: version, flags, order, key and those of the values that
// are not zero, numbers as variable-length integers, in unpadded base64url.
func EncodeCursor(c logic.Cursor) string {
	var flags byte
	if c.None {
		flags |= cursorNone
	}
	raw := make([]byte, 2, 48)
	raw[0] = cursorVersion
	raw = appendText(raw, c.Order)
	raw = binary.AppendVarint(raw, c.Key)
	if c.Int != 0 {
		flags |= cursorInt
		raw = binary.AppendVarint(raw, c.Int)
	}
	if c.Text != "" {
		flags |= cursorText
		raw = appendText(raw, c.Text)
	}
	if c.Score != 0 {
		flags |= cursorScore
		raw = binary.BigEndian.AppendUint64(raw, math.Float64bits(c.Score))
	}
	raw[1] = flags
	return base64.RawURLEncoding.EncodeToString(raw)
}

// DecodeCursor returns the cursor that EncodeCursor made s of. For every other string it returns a cursor of no list, which
// the check of the page that it was given for refuses.
func DecodeCursor(s string) logic.Cursor {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(raw) < 2 || raw[0] != cursorVersion || raw[1]&^cursorKnown != 0 {
		return logic.Cursor{}
	}
	flags, rest := raw[1], cursorReader{rest: raw[2:]}
	c := logic.Cursor{None: flags&cursorNone != 0, Order: rest.text(), Key: rest.varint()}
	if flags&cursorInt != 0 {
		c.Int = rest.varint()
	}
	if flags&cursorText != 0 {
		c.Text = rest.text()
	}
	if flags&cursorScore != 0 {
		c.Score = rest.float()
	}
	if rest.failed || len(rest.rest) > 0 || math.IsNaN(c.Score) || math.IsInf(c.Score, 0) {
		return logic.Cursor{}
	}
	return c
}

func appendText(raw []byte, text string) []byte {
	return append(binary.AppendUvarint(raw, uint64(len(text))), text...)
}

// cursorReader takes values off the front of rest, and remembers when there was not enough.
type cursorReader struct {
	rest   []byte
	failed bool
}

func (r *cursorReader) varint() int64 {
	n, size := binary.Varint(r.rest)
	r.skip(size)
	return n
}

func (r *cursorReader) text() string {
	length, size := binary.Uvarint(r.rest)
	if r.skip(size); r.failed || length > uint64(len(r.rest)) {
		r.failed = true
		return ""
	}
	text := string(r.rest[:length])
	r.rest = r.rest[length:]
	return text
}

func (r *cursorReader) float() float64 {
	if len(r.rest) < 8 {
		r.failed = true
		return 0
	}
	bits := binary.BigEndian.Uint64(r.rest)
	r.rest = r.rest[8:]
	return math.Float64frombits(bits)
}

// skip drops the size bytes that a number took; 0 or less says that there was none.
func (r *cursorReader) skip(size int) {
	if size <= 0 {
		r.failed = true
		return
	}
	r.rest = r.rest[size:]
}

// Page returns what is asked of a list, from the arguments of a field.
func Page(first *int, after *string, last *int, before *string) logic.PageArgs {
	return logic.PageArgs{First: first, Last: last, After: decodeGiven(after), Before: decodeGiven(before)}
}

func decodeGiven(s *string) *logic.Cursor {
	if s == nil {
		return nil
	}
	cursor := DecodeCursor(*s)
	return &cursor
}
