package bind

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"headwater/logic"
)

func written(m graphql.Marshaler) string {
	var text strings.Builder
	m.MarshalGQL(&text)
	return text.String()
}

func TestDateTime(t *testing.T) {
	for in, out := range map[string]string{
		"2026-01-31T23:59:59Z":           `"2026-01-31T23:59:59.000Z"`,
		"2026-02-01T01:29:59.5+01:30":    `"2026-01-31T23:59:59.500Z"`,
		"2026-01-31T23:59:59.123999999Z": `"2026-01-31T23:59:59.123Z"`,
		"0001-01-01T00:00:00Z":           `"0001-01-01T00:00:00.000Z"`,
		"1969-12-31T23:59:59.9999Z":      `"1969-12-31T23:59:59.999Z"`,
	} {
		moment, err := UnmarshalDateTime(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if got := written(MarshalDateTime(moment)); got != out {
			t.Errorf("%s came back as %s", in, got)
		}
	}
	for _, in := range []any{"", "2026-01-31", "2026-01-31T23:59:59", "2026-02-30T00:00:00Z", 1769903999, nil} {
		if _, err := UnmarshalDateTime(in); logic.CodeOf(err) != logic.CodeInvalid {
			t.Errorf("%v: %v", in, err)
		}
	}
}

func TestDate(t *testing.T) {
	for _, in := range []string{"2026-01-31", "1969-12-31", "2024-02-29"} {
		day, err := UnmarshalDate(in)
		if got := written(MarshalDate(day)); err != nil || got != `"`+in+`"` {
			t.Errorf("%s came back as %s, %v", in, got, err)
		}
	}
	for _, in := range []any{"", "2026-1-1", "2026-02-29", "31.01.2026", 20260131, nil} {
		if _, err := UnmarshalDate(in); logic.CodeOf(err) != logic.CodeInvalid {
			t.Errorf("%v: %v", in, err)
		}
	}
}

func TestCount(t *testing.T) {
	for in, out := range map[int64]string{0: "0", 1: "1", MaxCount: "9007199254740991", MaxCount + 1: "9007199254740991", -1: "0"} {
		if got := written(MarshalCount(in)); got != out {
			t.Errorf("%d is written %s", in, got)
		}
	}
	for in, ok := range map[any]bool{
		0: true, int64(MaxCount): true, json.Number("7"): true, 7.0: true,
		-1: false, int64(MaxCount) + 1: false, json.Number("7.5"): false, 7.5: false, "7": false, nil: false, true: false,
	} {
		if _, err := UnmarshalCount(in); (err == nil) != ok {
			t.Errorf("%v: %v", in, err)
		}
	}
}

func TestInt(t *testing.T) {
	for in, ok := range map[any]bool{
		0: true, -1: true, int64(1<<31 - 1): true, json.Number("-2147483648"): true,
		int64(1 << 31): false, json.Number("2147483648"): false, "1": false, 1e300: false, nil: false,
	} {
		if _, err := UnmarshalInt(in); (err == nil) != ok {
			t.Errorf("%v: %v", in, err)
		}
	}
}

func TestStringsAndBooleansAreNothingElse(t *testing.T) {
	for _, in := range []any{1, json.Number("1"), nil, []any{"a"}, map[string]any{}} {
		if _, err := UnmarshalString(in); logic.CodeOf(err) != logic.CodeInvalid {
			t.Errorf("%v is a String: %v", in, err)
		}
		if _, err := UnmarshalBoolean(in); logic.CodeOf(err) != logic.CodeInvalid {
			t.Errorf("%v is a Boolean: %v", in, err)
		}
	}
	if s, err := UnmarshalString("true"); s != "true" || err != nil {
		t.Errorf("a text is %q, %v", s, err)
	}
	if b, err := UnmarshalBoolean(true); !b || err != nil {
		t.Errorf("true is %v, %v", b, err)
	}
}

func TestURL(t *testing.T) {
	for in, ok := range map[any]bool{
		"https://example.org": true, "http://example.org/a?b=c": true,
		"": false, "example.org": false, "/blog": false, "javascript:alert(1)": false, "https://": false, 7: false,
	} {
		if _, err := UnmarshalURL(in); (err == nil) != ok {
			t.Errorf("%v: %v", in, err)
		}
	}
}
