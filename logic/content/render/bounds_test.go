package render

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"headwater/logic"
)

// deadline is far above what any text of 100 KB takes: the slowest took 90 ms on a machine of two cores, and under the race
// detector on a machine that others use 4 s were seen. It is below what those of TestHostileTexts take without bounds: 14 s and more.
const deadline = 10 * time.Second

// numbered returns pieces made by format from 0, 1, 2 ... until they are size bytes.
func numbered(format string, size int) string {
	var out strings.Builder
	for i := 0; out.Len() < size; i++ {
		fmt.Fprintf(&out, format, i)
	}
	return out.String()
}

func TestHostileTexts(t *testing.T) {
	const size = 100_000
	repeat := func(s string) string { return strings.Repeat(s, size/len(s)) }
	around := func(before, after string) string {
		count := size / (len(before) + len(after))
		return strings.Repeat(before, count) + strings.Repeat(after, count)
	}
	tests := []struct{ name, source string }{
		{"emphasis that never closes", repeat("*a_")},
		{"emphasis in emphasis", around("*a ", "b*")},
		{"a run of stars", repeat("*") + "a" + repeat("*")},
		{"strikethrough that never closes", repeat("a~ ~~b")},
		{"links that begin", repeat("[a](")},
		{"links that begin within <", repeat("[a](<b")},
		{"images that begin", repeat("![")},
		{"images within images", around("![", "](b)")},
		{"brackets", around("[", "]")},
		{"links", repeat("[a](b)")},
		{"parentheses", repeat("[a](b(")},
		{"backticks that never close", repeat("`a``")},
		{"backticks on many lines", repeat("\\``a\n")},
		{"longer and longer backticks", func() string {
			var out strings.Builder
			for i := 1; out.Len() < size; i++ {
				out.WriteString(strings.Repeat("`", i) + "a")
			}
			return out.String()
		}()},
		{"tags that begin", repeat("<a b='")},
		{"tags that begin on many lines", repeat("<b a=b `\\```\n")},
		{"comments that begin", repeat("<!--")},
		{"instructions that begin", repeat("a<?")},
		{"entities", repeat("&a")},
		{"words that may be addresses", repeat("*a.b")},
		{"quotes within quotes", repeat(">")},
		{"quotes and words", repeat("> a\n>")},
		{"lists within lists", repeat("- ")},
		{"lists ever deeper", numbered("%[1]*[1]d- a\n", size)},
		{"underlines", repeat("a\n=\n")},
		{"headings of one name", repeat("# a\n")},
		{"attributes of headings", repeat("# a {#b c=\"\n")},
		{"footnotes", numbered("[^%d]: a\n", size)},
		{"footnotes and their marks", numbered("[^%d] ", size/2) + "\n\n" + numbered("[^%d]: a\n", size/2)},
		{"one footnote's marks", repeat("[^1]") + "\n\n[^1]: a\n"},
		{"definitions", repeat("[a]:b\n")},
		{"definitions with titles that never close", repeat("[a]: b\n'c\n")},
		{"a long address used often", "[a]: " + strings.Repeat("b", size/2) + "\n\n" + strings.Repeat("[a]", size/6)},
		{"a wide header over short rows", strings.Repeat("|a", size/6) + "\n" + strings.Repeat("|-", size/6) + "\n" + strings.Repeat("|\n", size/6)},
		{"escapes in a table's code", "|a|b|\n|-|-|\n" + repeat("|`\\|`|a\n")},
		{"elements within elements", repeat("<b>")},
		{"blocks within blocks", repeat("<div>")},
		{"tables within cells", repeat("<table><tr><td>")},
		{"ends without beginnings", repeat("</b>")},
		{"attributes", "<a " + numbered("a%d=b ", size) + ">"},
		{"code that its lexer goes back over", "```python\n" + strings.Repeat("\n  ", 5000) + "\n```"},
		{"lines that their lexer goes back over", "```yaml\n" + strings.Repeat(strings.Repeat("[", 290)+"\n", 50) + "```"},
		{"strings that do not close", "```json\n" + strings.Repeat("\""+strings.Repeat(`\\`, 140)+"\n", 40) + "```"},
		{"many pieces of code", repeat("```sql\na\n```\n")},
		{"long lines of code", "```python\n" + repeat("\"a,") + "\n```"},
		{"links and notes in turn", repeat("|:-[^a](")},
		{"quotes and links that begin", repeat("> [a](\n> *a_")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			begin := time.Now()
			rendered, err := Markdown(test.source)
			if took := time.Since(begin); took > deadline {
				t.Errorf("took %v", took)
			}
			if err != nil && (logic.CodeOf(err) != logic.CodeInvalid || len(err.Error()) < 20) {
				t.Errorf("refused without a reason: %v", err)
			}
			if size := len(rendered.HTML); size > 30*len(test.source) {
				t.Errorf("%d bytes became %d", len(test.source), size)
			}
		})
	}
}

func TestRefusalsNameTheirPlace(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"a paragraph", "one\n\n" + strings.Repeat("[a](", 20_000), "Line 3: too much markup within one paragraph"},
		{"a table", "one\n\n" + strings.Repeat("|a", 2000) + "\n" + strings.Repeat("|-", 2000) + "\n" + strings.Repeat("|\n", 2000), "Line 3: too much markup within one paragraph or table"},
		{"quotes", "one\n" + strings.Repeat(">", 100), "Line 2: quotes and lists nested too deep"},
		{"emphasis", strings.Repeat("**a ", 200) + strings.Repeat("b** ", 200), "Line 1: markup nested too deep"},
		{"addresses", "[a]: " + strings.Repeat("b", 50_000) + "\n\n" + strings.Repeat("[a] ", 50), "Line 3: long link addresses"},
		{"elements", strings.Repeat("<b>", 300), "nested more than 256 deep"},
		{"headings", strings.Repeat("# a\n", 2001), "more than 2000 headings"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Markdown(test.source)
			if logic.CodeOf(err) != logic.CodeInvalid || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want INVALID with %q", err, test.want)
			}
		})
	}
}

func TestLongTextsPass(t *testing.T) {
	prose := strings.Repeat("Some *prose* with `code`, a [link](https://example.org/a_b_c), f(x) [1] and **strong** words, a < b.\n", 10) + "\n"
	code := "```go\n" + strings.Repeat("func f(a []int) *T { return &T{a[0] * 2} } // a_b `c` <d>\n", 200) + "```\n\n"
	table := "|name|count|note|\n|-|-:|-|\n" + numbered("|row `a\\|b`|%d|some *words* of [it](x)|\n", 80_000)
	tests := []struct{ name, source string }{
		{"an article of 300 KB", strings.Repeat("## A part\n\n"+prose+prose+"- one\n  - two\n    - *three*\n\n> said\n\n"+code, 12) + table},
		{"a table of 2,000 rows", table},
		{"one paragraph of 20 KB", strings.Repeat(strings.ReplaceAll(prose, "\n", " "), 20)},
		{"500 footnotes", numbered("Word[^%d] ", 4000) + "\n\n" + numbered("[^%d]: Note.\n", 6000)},
		{"1,000 definitions", "See [a1].\n\n" + numbered("[a%d]: https://example.org/x\n", 33_000)},
		{"lists 20 deep", func() string {
			var out strings.Builder
			for i := range 20 {
				out.WriteString(strings.Repeat("  ", i) + "- a\n")
			}
			return out.String()
		}()},
		{"a form to fill in", strings.Repeat("Name: __________________________________________\n\n", 200)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rendered := render(t, test.source)
			if rendered.WordCount == 0 {
				t.Error("nothing came out")
			}
			t.Logf("%d bytes", len(test.source))
		})
	}
}

func TestHighlightingIsBounded(t *testing.T) {
	const coloured = `<span class="kd">`
	line := "var a = 1\n"
	tests := []struct {
		name, code string
		want       bool
	}{
		{"a block", line, true},
		{"a block of more than one piece", strings.Repeat(line, 3*pieceLength/len(line)), true},
		{"a block that is too long", strings.Repeat(line, maxColoured/len(line)+1), false},
		{"a line that is too long", line + strings.Repeat("a", maxColouredRow+1) + "\n", false},
		{"blank lines", line + strings.Repeat("\n", maxBlankLines) + line, true},
		{"too many of them", line + strings.Repeat(" \n", maxBlankLines+1) + line, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := render(t, "```go\n"+test.code+"```\n")
			if strings.Contains(got.HTML, coloured) != test.want {
				t.Errorf("highlighted: %v, want %v", !test.want, test.want)
			}
			if want := strings.TrimSpace(test.code); got.Text != want {
				t.Errorf("the code became %.80q", got.Text)
			}
		})
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{
		"# a {#b}\n\n*a* **b** `c` ~~d~~ [e](f \"g\") ![h](i) <j@k.l> https://m.n\n", "- [x] a\n  1. b\n\n> c\n", "|a|b|\n|-|:-|\n|`\\|`|d|\n", "a[^1]\n\n[^1]: b\n",
		"```go\nfunc a() {}\n```\n", "<div><b>a</div>\n\n</b><td><li>", "<svg><style><img src=x onerror=a>", "[a]: <b> 'c'\n\n[a][] [a]", "a\n=\n\n***\n\n    b\n", "<pre><code class=language-js>a</code>",
		"&colon;&#1;&Tab;", "<table><tr><td><h1><table></h1>", "<ruby><rt><input type=checkbox disabled>",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		begin := time.Now()
		rendered, err := Markdown(source)
		if took := time.Since(begin); took > deadline {
			t.Errorf("took %v", took)
		}
		if err == nil {
			checkSafe(t, rendered)
		}
	})
}
