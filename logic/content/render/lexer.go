package render

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// languages are those that are highlighted, as chroma calls them, and about nanoseconds that a token, or bytesOfToken bytes,
// took on a machine of two cores in the worst of some thousand pieces of code that were made to take long. Real code takes
// a fraction of that. Java is not among them: its lexer takes 70 ms for a kilobyte of short lines; nor are HTTP and
// Markdown, which hand their parts to lexers of any language.
var languages = map[string]int{
	"bash": 6_000, "bash session": 6_000, "c": 9_000, "c#": 7_000, "c++": 10_000, "clojure": 9_000, "css": 16_000,
	"dart": 7_000, "diff": 4_000, "docker": 7_000, "elixir": 9_000, "erlang": 7_000, "go": 8_000, "graphql": 7_000,
	"haskell": 6_000, "html": 22_000, "ini": 5_000, "javascript": 8_000, "json": 6_000, "kotlin": 8_000, "lua": 11_000,
	"makefile": 14_000, "nginx configuration file": 4_000, "php": 23_000, "powershell": 16_000,
	"protocol buffer": 19_000, "python": 11_000, "r": 50_000, "react": 9_000, "ruby": 14_000, "rust": 9_000,
	"scala": 15_000, "sql": 13_000, "swift": 12_000, "terraform": 25_000, "toml": 7_000, "typescript": 11_000,
	"vue": 10_000, "xml": 8_000, "yaml": 28_000,
}

// lexersByName returns the lexers of languages by all names that they have, in lower case. They are made ready when code is first highlighted.
var lexersByName = sync.OnceValue(func() map[string]chroma.Lexer {
	byName := map[string]chroma.Lexer{}
	registry := chroma.NewLexerRegistry()
	for _, lexer := range lexers.GlobalLexerRegistry.Lexers {
		config := lexer.Config()
		original, ok := lexer.(*chroma.RegexLexer)
		if _, known := languages[strings.ToLower(config.Name)]; !known || !ok {
			continue
		}
		tamed := registry.Register(tame(original))
		for _, name := range append(slices.Clone(config.Aliases), config.Name) {
			byName[strings.ToLower(name)] = tamed
		}
	}
	return byName
})

// untamedRules are parts of lexers' rules that can read the same text in so many ways that they take a time exponential in its
// length where they find no end, and what stands for each: it reads the same in one way. A string ends at the first quote
// that no \ stands in front of, on the line where it began.
var untamedRules = []string{
	`\\\\|\\"|[^"]`, inString + `[^"\\\n]`,
	`\\\\|\\'|[^']`, inString + `[^'\\\n]`,
	`\\.|[^"]`, inString + `[^"\\\n]`,
	`\\.|[^']`, inString + `[^'\\\n]`,
	`\\\\|\\[0-7]+|\\.|`, `\\.|`,
	`\\\\|\\.|`, `\\.|`,
	`([A-Z][A-Z0-9_]*){2,}`, `[A-Z][0-9_]*[A-Z][A-Z0-9_]*`,
	`|(?:\s+))*`, `|\s)*`,
}

const inString = `\\[\s\S]|`

// tame returns a lexer like the given one, without the untamed parts of its rules, and without chroma's clock, which looks at
// every match of a rule.
func tame(original *chroma.RegexLexer) *chroma.RegexLexer {
	return chroma.MustNewLexer(original.Config(), func() chroma.Rules {
		rules, err := original.Rules()
		if err != nil {
			panic(err)
		}
		untamed := strings.NewReplacer(untamedRules...)
		tamed := chroma.Rules{"patient": {{Mutator: patience{}}}}
		for state, all := range rules {
			all = slices.Clone(all)
			for i := range all {
				all[i].Pattern = untamed.Replace(all[i].Pattern)
				if all[i].Pattern == rawString {
					all[i].Type = chroma.LiteralString
				}
			}
			tamed[state] = all
		}
		return tamed
	})
}

// rawString is Go's rule that hands what is in a string to a lexer of templates, whichever it is in.
const rawString = "(`)([^`]*)(`)"

// patience is a rule that, instead of matching anything, lets all others of its lexer take their time.
type patience struct{}

// longestMatch is a net for what no bound foresees. What is known to be the worst takes a hundredth of it.
const longestMatch = 2 * time.Second

// Mutate is never called: MutateLexer takes the rule out.
func (patience) Mutate(*chroma.LexerState) error { return nil }

// MutateLexer is called when a lexer is made ready.
func (patience) MutateLexer(rules chroma.CompiledRules, state string, _ int) error {
	delete(rules, state)
	for _, all := range rules {
		for _, rule := range all {
			rule.Regexp.MatchTimeout = longestMatch
		}
	}
	return nil
}
