package bind

import (
	"encoding/json"
	"io"
	"math"
	"net/url"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"headwater/logic"
)

// MaxCount is the greatest Count: every whole number up to it is exact in a JSON reader that knows only 64-bit floats.
const MaxCount = 1<<53 - 1

// marshaler returns what writes a value as appendTo appends it: gqlgen's executor takes that, the direct one appends.
func marshaler[T any](appendTo func([]byte, T) []byte, value T) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(appendTo(nil, value)) })
}

// AppendDateTime appends a moment as RFC 3339 in UTC to the millisecond.
func AppendDateTime(to []byte, m logic.Moment) []byte {
	t := m.Time()
	to = t.AppendFormat(append(to, '"'), time.RFC3339) // which is written much faster than any layout of ours
	ms := t.Nanosecond() / int(time.Millisecond)
	return append(to[:len(to)-len("Z")], '.', '0'+byte(ms/100), '0'+byte(ms/10%10), '0'+byte(ms%10), 'Z', '"')
}

// MarshalDateTime writes a moment as RFC 3339 in UTC to the millisecond.
func MarshalDateTime(m logic.Moment) graphql.Marshaler { return marshaler(AppendDateTime, m) }

// UnmarshalDateTime reads RFC 3339 with any offset, cut to the millisecond, or returns INVALID.
func UnmarshalDateTime(v any) (logic.Moment, error) {
	if s, ok := v.(string); ok {
		if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
			return logic.MomentOf(t), nil
		}
	}
	return 0, logic.Invalid("a DateTime is written as RFC 3339, as 2026-01-31T23:59:59Z")
}

// AppendDate appends a day as YYYY-MM-DD.
func AppendDate(to []byte, d logic.Day) []byte { return AppendString(to, d.String()) }

// MarshalDate writes a day as YYYY-MM-DD.
func MarshalDate(d logic.Day) graphql.Marshaler { return marshaler(AppendDate, d) }

// UnmarshalDate reads YYYY-MM-DD, or returns INVALID.
func UnmarshalDate(v any) (logic.Day, error) {
	s, _ := v.(string)
	return logic.ParseDay(s)
}

// AppendCount appends n, cut to 0 to MaxCount.
func AppendCount(to []byte, n int64) []byte {
	return strconv.AppendInt(to, min(max(n, 0), MaxCount), 10)
}

// MarshalCount writes n, cut to 0 to MaxCount.
func MarshalCount(n int64) graphql.Marshaler { return marshaler(AppendCount, n) }

// UnmarshalCount reads a whole number from 0 to MaxCount, or returns INVALID.
func UnmarshalCount(v any) (int64, error) {
	if n, ok := wholeNumber(v); ok && n >= 0 && n <= MaxCount {
		return n, nil
	}
	return 0, logic.Invalid("a Count is a whole number from 0 to %d", int64(MaxCount))
}

// AppendInt appends n.
func AppendInt(to []byte, n int) []byte { return strconv.AppendInt(to, int64(n), 10) }

// MarshalInt writes n.
func MarshalInt(n int) graphql.Marshaler { return marshaler(AppendInt, n) }

// UnmarshalInt reads a whole number of 32 bits, or returns INVALID.
func UnmarshalInt(v any) (int, error) {
	if n, ok := wholeNumber(v); ok && n >= math.MinInt32 && n <= math.MaxInt32 {
		return int(n), nil
	}
	return 0, logic.Invalid("an Int is a whole number from %d to %d", math.MinInt32, math.MaxInt32)
}

// wholeNumber reads what a literal, a variable or a Go caller may give for a number without a fraction.
func wholeNumber(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	case float64:
		return int64(v), v == math.Trunc(v) && math.Abs(v) <= MaxCount
	}
	return 0, false
}

// AppendString appends a text. Quotes, backslashes and control characters are escaped, and nothing else, as gqlgen does it.
func AppendString(to []byte, s string) []byte {
	to = append(to, '"')
	done := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		to = append(to, s[done:i]...)
		done = i + 1
		switch c {
		case '"', '\\':
			to = append(to, '\\', c)
		case '\n':
			to = append(to, `\n`...)
		case '\r':
			to = append(to, `\r`...)
		case '\t':
			to = append(to, `\t`...)
		default:
			to = append(to, `\u00`...)
			to = append(to, hexDigits[c>>4], hexDigits[c&0xf])
		}
	}
	return append(append(to, s[done:]...), '"')
}

const hexDigits = "0123456789ABCDEF"

// MarshalString writes a text.
func MarshalString(s string) graphql.Marshaler { return marshaler(AppendString, s) }

// UnmarshalString reads a text, or returns INVALID: no number and no boolean is one.
func UnmarshalString(v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	return "", logic.Invalid("a text or a name is needed here")
}

// AppendBoolean appends true or false.
func AppendBoolean(to []byte, b bool) []byte { return strconv.AppendBool(to, b) }

// MarshalBoolean writes true or false.
func MarshalBoolean(b bool) graphql.Marshaler { return marshaler(AppendBoolean, b) }

// UnmarshalBoolean reads true or false, or returns INVALID: no text and no number is either.
func UnmarshalBoolean(v any) (bool, error) {
	if b, ok := v.(bool); ok {
		return b, nil
	}
	return false, logic.Invalid("true or false is needed here")
}

// AppendURL appends an address.
func AppendURL(to []byte, address string) []byte { return AppendString(to, address) }

// MarshalURL writes an address.
func MarshalURL(address string) graphql.Marshaler { return marshaler(AppendURL, address) }

// UnmarshalURL reads an absolute http or https address, or returns INVALID.
func UnmarshalURL(v any) (string, error) {
	s, _ := v.(string)
	address, err := url.Parse(s)
	if err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" {
		return "", logic.Invalid("a URL is an absolute http or https address, as https://example.org/blog")
	}
	return s, nil
}
