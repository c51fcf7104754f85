package guard

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
)

func TestScan(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		document string
		want     lexical
	}{
		"nothing":                  {"", lexical{}},
		"blanks and commas":        {" ,\t\r\n\ufeff", lexical{}},
		"a selection":              {"{ab}", lexical{3, 1, 2}},
		"side by side":             {"{a{b}c{d}}", lexical{10, 2, 1}},
		"all three brackets":       {"{a(b:[{c:1}])}", lexical{14, 4, 1}},
		"closed too often":         {"}}}{a", lexical{5, 1, 1}},
		"braces in a string":       {`{a(b:"{{{")}`, lexical{8, 2, 1}},
		"an escaped quote":         {`{a(b:"\"{{{")}`, lexical{8, 2, 1}},
		"an escaped backslash":     {`{a(b:"\\"){c{d}}}`, lexical{14, 3, 1}},
		"a string ends with lines": {"\"{{{\n{a}", lexical{4, 1, 1}},
		"braces in a block string": {`{a(b:"""{{ "{ ""{ """)}`, lexical{8, 2, 1}},
		"quotes in a block string": {`{a(b:"""{{ \""" {{ """)}`, lexical{8, 2, 1}},
		"a block string of quotes": {`{a(b:""""""")}{`, lexical{9, 2, 1}},
		"an open block string":     {`{a(b:""" {{{{ ""`, lexical{6, 2, 1}},
		"braces in a comment":      {"{#{{{\na}", lexical{4, 1, 1}},
		"a comment at the end":     {"{a}#{{{", lexical{4, 1, 1}},
		"numbers":                  {"[1 -2 3.5 6e7 8E-9 1e5E3]", lexical{9, 1, 2}},
		"a spread":                 {"{...F}", lexical{4, 1, 1}},
		"a variable":               {"$abc", lexical{2, 0, 3}},
		"bytes that are no text":   {"\xff\x00{", lexical{3, 1, 0}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := scan(test.document); got != test.want {
				t.Errorf("found %+v, not %+v", got, test.want)
			}
		})
	}
}

// FuzzScan holds the pass against the real lexer: what the parser would count, the pass has counted.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		"{a(b:[{c:1}])}", `"""\""" """ {`, "#{\r\n{", `"\"{"{`, "1.5e-7e", "...F@skip(if:$a)", "\ufeff{é", `""""{`, `"a\` + "\n{",
		`{a(b:"""x\\"""){c}"""`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, document string) {
		got := scan(document)
		lex := lexer.New(&ast.Source{Input: document})
		var want lexical
		open := 0
		for {
			token, err := lex.ReadToken()
			if err != nil || token.Kind == lexer.EOF {
				if err == nil && got != want {
					t.Fatalf("found %+v, and the lexer %+v, in %q", got, want, document)
				}
				break
			}
			want.tokens++
			switch token.Kind {
			case lexer.BraceL, lexer.BracketL, lexer.ParenL:
				open++
			case lexer.BraceR, lexer.BracketR, lexer.ParenR:
				open = max(open-1, 0)
			case lexer.Name:
				want.nameLength = max(want.nameLength, len(token.Value))
			}
			want.nesting = max(want.nesting, open)
		}
		if got.nesting < want.nesting || got.tokens < want.tokens || got.nameLength < want.nameLength {
			t.Fatalf("found %+v, and the lexer %+v before its error, in %q", got, want, document)
		}
	})
}

func BenchmarkScan(b *testing.B) {
	document := strings.Repeat("{ posts(first: 20, after: \"abc\") { nodes { id title } } } ", 100)
	b.SetBytes(int64(len(document)))
	for b.Loop() {
		scan(document)
	}
}
