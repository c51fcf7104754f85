package render

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

func TestLanguagesHaveLexers(t *testing.T) {
	for name := range languages {
		if lexersByName()[name] == nil {
			t.Errorf("no lexer is called %q", name)
		}
	}
}

// Each of these would take longer than anyone waits with the rules as they come: twice as long for each two bytes more.
func TestLexersAreTamed(t *testing.T) {
	pairs := "\"" + strings.Repeat(`\\`, 100) + "\n"
	for name, code := range map[string]string{
		"json": pairs, "graphql": pairs, "typescript": pairs, "javascript": pairs, "css": pairs, "toml": pairs, "yaml": pairs,
		"bash": pairs, "docker": "RUN " + pairs, "makefile": "a = " + pairs, "terraform": pairs, "clojure": pairs,
		"ruby": strings.ReplaceAll(pairs, `"`, `'`), "rust": strings.Repeat("A", 100) + "a\n", "lua": "a" + strings.Repeat(" ", maxBlank-1) + "b\n",
	} {
		left := colours(maxColours)
		begin := time.Now()
		if _, ok := left.paint(lexersByName()[name], code); !ok {
			t.Errorf("%s: %q is not highlighted", name, code)
		}
		if time.Since(begin) > longestMatch {
			t.Errorf("%s: %q is read in too many ways", name, code)
		}
	}
}

func TestTamedRulesAreThere(t *testing.T) {
	found := map[string]bool{}
	for name := range languages {
		original := lexers.GlobalLexerRegistry.Get(name).(*chroma.RegexLexer)
		for _, rule := range rulesOf(t, original) {
			for i := 0; i < len(untamedRules); i += 2 {
				found[untamedRules[i]] = found[untamedRules[i]] || strings.Contains(rule.Pattern, untamedRules[i])
			}
			found[rawString] = found[rawString] || rule.Pattern == rawString
		}
		for _, rule := range rulesOf(t, lexersByName()[name].(*chroma.RegexLexer)) {
			for i := 0; i < len(untamedRules); i += 2 {
				if strings.Contains(rule.Pattern, untamedRules[i]) {
					t.Errorf("%s still has %s", name, rule.Pattern)
				}
			}
		}
	}
	for rule, is := range found {
		if !is {
			t.Errorf("no lexer has %s", rule)
		}
	}
}

func rulesOf(t *testing.T, lexer *chroma.RegexLexer) []chroma.Rule {
	t.Helper()
	rules, err := lexer.Rules()
	if err != nil {
		t.Fatal(err)
	}
	var all []chroma.Rule
	for _, state := range rules {
		all = slices.Concat(all, state)
	}
	return all
}

func TestStringsOfGoAreStrings(t *testing.T) {
	got := render(t, "```go\nvar a = `{{b}}` + \"c\\\"d\"\n```\n").HTML
	for _, want := range []string{"<span class=\"s\">`{{b}}`</span>", `<span class="s">&#34;c\&#34;d&#34;</span>`} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s in it", got, want)
		}
	}
}

// What is coloured depends on the text alone: all blocks up to the one that nothing is left for, in each run the same.
func TestColoursAreCounted(t *testing.T) {
	block := "```yaml\n" + strings.Repeat("key: [1, 2, 3] # and more\n", 30) + "```\n\n"
	first := render(t, strings.Repeat(block, 100)).HTML
	blocks := strings.SplitAfter(first, "</pre>")
	coloured := 0
	for coloured < len(blocks) && strings.Contains(blocks[coloured], "<span") {
		coloured++
	}
	if coloured == 0 || coloured >= 100 {
		t.Errorf("%d of 100 blocks are highlighted", coloured)
	}
	if strings.Contains(strings.Join(blocks[coloured:], ""), "<span") {
		t.Errorf("a block behind the first plain one is highlighted")
	}
	if again := render(t, strings.Repeat(block, 100)).HTML; again != first {
		t.Error("the same text came out otherwise")
	}
}
