package httpd

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// FuzzPlainJSON compares what is read the short way with what encoding/json makes of it.
func FuzzPlainJSON(f *testing.F) {
	for _, text := range []string{
		`{"query":"{ __typename }"}`, ` { "query" : "query A($a: Int!) { b(c: $a) }" , "variables" : { "a" : 1 } , "operationName" : null } `,
		`{"a":[],"b":{},"c":[1,-0,0.5,1e9,-2.5E-3,1e+7],"d":[true,false,null]}`, `"\"\\\/\b\f\n\r\t"`, `{"a":1,"a":2}`, `"\u0041"`, `"ä€😀"`, "\"\xff\"", "\"\x00\"",
		`01`, `1.`, `.5`, `-`, `1e`, `+1`, `[1,]`, `{"a":1,}`, `{,}`, `[`, `{`, `"`, `"\`, `tru`, `nulll`, `1 2`, ``, ` `, "\x00", "1\x00", `{"a"}`, `{1:2}`, `{"a":}`, `[1 2]`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		value, ok := plainJSON(text)
		if !ok {
			return
		}
		if want, err := decodeAnyJSON(text); err != nil || !reflect.DeepEqual(value, want) {
			t.Errorf("%q is read as %#v, want %#v, %v", text, value, want, err)
		}
	})
}

func TestCommonRequestsAreReadTheShortWay(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"query":"{ __typename }"}`, `{"operationName":"A","variables":{"first":20,"after":null,"deep":[{"a":-1.5e3}]},"query":"query A {\n  b(c: \"d\\\"\")\n}"}`,
	} {
		if _, ok := plainJSON([]byte(text)); !ok {
			t.Errorf("%s is not", text)
		}
	}
}

// TestPlainJSONIsJSON reads random texts of JSON's parts, most of which are at fault.
func TestPlainJSONIsJSON(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	parts := []string{`{`, `}`, `[`, `]`, `,`, `:`, `"a"`, `"b"`, `"\n"`, `"\u00e4"`, ` `, `0`, `1`, `-`, `.`, `e`, `E`, `+`, `true`, `false`, `null`, `"`, `\`, "\n", "\x01", "ü"}
	taken := 0
	for range 300_000 {
		var text strings.Builder
		for range 1 + random.IntN(9) {
			text.WriteString(parts[random.IntN(len(parts))])
		}
		value, ok := plainJSON([]byte(text.String()))
		if !ok {
			continue
		}
		taken++
		if want, err := decodeAnyJSON([]byte(text.String())); err != nil || !reflect.DeepEqual(value, want) {
			t.Fatalf("%q is read as %#v, want %#v, %v", text.String(), value, want, err)
		}
	}
	if taken < 1_000 {
		t.Errorf("%d texts were read at all", taken)
	}
}

func BenchmarkDecodeJSON(b *testing.B) {
	text := []byte(`{"query":"query Newest($after: String) { posts(first: 20, after: $after) { nodes { id } } }","variables":{"after":"x"}}`)
	for name, decode := range map[string]func([]byte) (any, error){"short": decodeJSON, "long": decodeAnyJSON} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decode(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
