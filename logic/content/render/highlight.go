package render

import (
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"golang.org/x/net/html"
)

// Bounds of highlighting. Code beyond them is shown plain. The lexers are made of regular expressions that go back over what
// they have read, so that some code takes them very long: what real code looks like is bounded first, and time last.
const (
	maxColours     = 60_000_000 // about nanoseconds that the code of one post may cost
	colourStart    = 20_000     // about nanoseconds for each piece of code
	colourByte     = 4_000      // about nanoseconds for each byte of it
	maxColourTime  = 80 * time.Millisecond
	maxColoured    = 16 << 10 // bytes of one code block
	maxColouredRow = 500      // bytes of one line of it
	maxBlank       = 120      // bytes of white space in a row
	maxBlankLines  = 3        // of them in a row
	pieceLength    = 2 << 10  // bytes that a lexer sees at once; longer code is cut behind a blank line, else behind any
)

// languages are those that are highlighted, as chroma calls them, and about nanoseconds for each byte where that is less
// than colourByte.
var languages = map[string]int{
	"go": 800, "javascript": 2000, "typescript": 0, "react": 2000, "python": 0, "ruby": 0, "php": 2000, "java": 2500, "kotlin": 2000,
	"scala": 2000, "swift": 0, "c": 2500, "c++": 3000, "c#": 2000, "rust": 0, "haskell": 1500, "elixir": 2500, "erlang": 2500,
	"clojure": 2500, "lua": 1500, "r": 1500, "dart": 2500, "sql": 0, "graphql": 2500, "protocol buffer": 2000, "json": 1000, "yaml": 500,
	"toml": 1000, "ini": 300, "xml": 300, "html": 300, "css": 1500, "bash": 2000, "powershell": 0, "docker": 2000, "makefile": 1500,
	"nginx configuration file": 1000, "terraform": 0, "diff": 200, "markdown": 3000, "http": 500, "vue": 2000, "bash session": 2000,
}

// lexersByName holds the lexers of languages by all names that they have, in lower case.
var lexersByName = func() map[string]chroma.Lexer {
	byName := map[string]chroma.Lexer{}
	for _, lexer := range lexers.GlobalLexerRegistry.Lexers {
		config := lexer.Config()
		if _, known := languages[strings.ToLower(config.Name)]; !known {
			continue
		}
		for _, name := range append(slices.Clone(config.Aliases), config.Name) {
			byName[strings.ToLower(name)] = lexer
		}
	}
	return byName
}()

// languageOf returns the language that a code element says it is in, in lower case, "" where it says none.
func languageOf(code html.Token) string {
	language, _ := strings.CutPrefix(attribute(code, "class"), "language-")
	return strings.ToLower(language)
}

// highlightCode writes the code that was read, with its words in spans whose classes are those of Pygments. Nothing else is
// added to it, so that it needs no sanitising.
func (p *page) highlightCode() {
	code, language := p.code, p.language
	p.code, p.language = "", ""
	coloured, ok := "", false
	if lexer := lexersByName[language]; lexer != nil && plausible(code) {
		perByte := languages[strings.ToLower(lexer.Config().Name)]
		if perByte == 0 {
			perByte = colourByte
		}
		if cost := colourStart + len(code)*perByte; cost <= p.colours {
			p.colours -= cost
			coloured, ok = colourPieces(lexer, code, p.coloursUntil())
		}
	}
	if !ok {
		coloured = html.EscapeString(code)
	}
	p.write(coloured)
}

// coloursUntil returns when highlighting ends in any case.
func (p *page) coloursUntil() time.Time {
	if p.deadline.IsZero() {
		p.deadline = time.Now().Add(maxColourTime)
	}
	return p.deadline
}

// flushCode writes code that isn't the only content of its element as it is.
func (p *page) flushCode() {
	code := p.code
	p.code, p.language = "", ""
	p.write(html.EscapeString(code))
}

// plausible tells whether code looks like code that was written to be read.
func plausible(code string) bool {
	if len(code) > maxColoured || strings.Contains(code, strings.Repeat(" ", maxBlank)) || strings.Contains(code, strings.Repeat("\t", maxBlank)) {
		return false
	}
	blank := 0
	for line := range strings.SplitSeq(code, "\n") {
		if strings.TrimSpace(line) != "" {
			blank = -1
		}
		if blank++; blank > maxBlankLines || len(line) > maxColouredRow {
			return false
		}
	}
	return true
}

// colourPieces returns code as HTML, and whether that succeeded in time.
func colourPieces(lexer chroma.Lexer, code string, until time.Time) (string, bool) {
	var out strings.Builder
	for code != "" {
		end := len(code)
		if end > pieceLength {
			end = 1 + strings.LastIndexByte(code[:pieceLength], '\n')
			if paragraph := strings.LastIndex(code[:pieceLength], "\n\n"); paragraph > pieceLength/2 {
				end = paragraph + 2
			}
		}
		coloured, ok := colour(lexer, code[:end], until)
		if !ok {
			return "", false
		}
		out.WriteString(coloured)
		code = code[end:]
	}
	return out.String(), true
}

// colour returns a piece of code as HTML, and whether that succeeded in time.
func colour(lexer chroma.Lexer, code string, until time.Time) (coloured string, ok bool) {
	defer func() {
		if recover() != nil { // lexers panic where their rules are at fault
			ok = false
		}
	}()
	tokens, err := chroma.Coalesce(lexer).Tokenise(nil, code)
	if err != nil {
		return "", false
	}
	var out strings.Builder
	size := 0
	for token := tokens(); token != chroma.EOF; token = tokens() {
		if time.Now().After(until) || !strings.HasPrefix(code[min(size, len(code)):], token.Value) {
			return "", false
		}
		size += len(token.Value)
		if class := chroma.StandardTypes[token.Type]; class != "" && token.Type != chroma.Text && token.Type != chroma.TextWhitespace {
			out.WriteString(`<span class="` + class + `">` + html.EscapeString(token.Value) + `</span>`)
		} else {
			out.WriteString(html.EscapeString(token.Value))
		}
	}
	return out.String(), size == len(code)
}
