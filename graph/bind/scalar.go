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

// dateTimeLayout writes a moment in UTC to the millisecond.
const dateTimeLayout = "2006-01-02T15:04:05.000Z"

// MarshalDateTime writes a moment as RFC 3339 in UTC to the millisecond.
func MarshalDateTime(m logic.Moment) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		buffer := make([]byte, 0, len(dateTimeLayout)+2)
		buffer = append(buffer, '"')
		buffer = m.Time().AppendFormat(buffer, dateTimeLayout)
		_, _ = w.Write(append(buffer, '"'))
	})
}

// UnmarshalDateTime reads RFC 3339 with any offset, cut to the millisecond, or returns INVALID.
func UnmarshalDateTime(v any) (logic.Moment, error) {
	if s, ok := v.(string); ok {
		if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
			return logic.MomentOf(t), nil
		}
	}
	return 0, logic.Invalid("a DateTime is written as RFC 3339, as 2026-01-31T23:59:59Z")
}

// MarshalDate writes a day as YYYY-MM-DD.
func MarshalDate(d logic.Day) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, `"`+d.String()+`"`) })
}

// UnmarshalDate reads YYYY-MM-DD, or returns INVALID.
func UnmarshalDate(v any) (logic.Day, error) {
	s, _ := v.(string)
	return logic.ParseDay(s)
}

// MarshalCount writes n, cut to 0 to MaxCount.
func MarshalCount(n int64) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = w.Write(strconv.AppendInt(nil, min(max(n, 0), MaxCount), 10))
	})
}

// UnmarshalCount reads a whole number from 0 to MaxCount, or returns INVALID.
func UnmarshalCount(v any) (int64, error) {
	if n, ok := wholeNumber(v); ok && n >= 0 && n <= MaxCount {
		return n, nil
	}
	return 0, logic.Invalid("a Count is a whole number from 0 to %d", int64(MaxCount))
}

// MarshalInt writes n.
func MarshalInt(n int) graphql.Marshaler { return graphql.MarshalInt(n) }

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

// MarshalString writes a text.
func MarshalString(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalString reads a text, or returns INVALID: no number and no boolean is one.
func UnmarshalString(v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	return "", logic.Invalid("a text or a name is needed here")
}

// MarshalBoolean writes true or false.
func MarshalBoolean(b bool) graphql.Marshaler { return graphql.MarshalBoolean(b) }

// UnmarshalBoolean reads true or false, or returns INVALID: no text and no number is either.
func UnmarshalBoolean(v any) (bool, error) {
	if b, ok := v.(bool); ok {
		return b, nil
	}
	return false, logic.Invalid("true or false is needed here")
}

// MarshalURL writes an address.
func MarshalURL(address string) graphql.Marshaler { return graphql.MarshalString(address) }

// UnmarshalURL reads an absolute http or https address, or returns INVALID.
func UnmarshalURL(v any) (string, error) {
	s, _ := v.(string)
	address, err := url.Parse(s)
	if err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" {
		return "", logic.Invalid("a URL is an absolute http or https address, as https://example.org/blog")
	}
	return s, nil
}
