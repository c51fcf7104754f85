package render

import (
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"golang.org/x/net/html"
)

// Bounds of highlighting. Code beyond them is shown plain. Lexers are made of regular expressions that go back over what
// they have read, so that some code takes them very long. Hence a lexer sees little at once, and only what looks like
// code; beyond the first few kilobytes, which are done however long they take, time is a bound as well.
const (
	maxColours     = 60_000_000 // about nanoseconds that the code of one post may cost
	colourStart    = 20_000     // about nanoseconds for each block
	colourByte     = 4_000      // about nanoseconds for each byte of it
	timelessLength = 4 << 10    // bytes of a post's code that no time is kept of
	maxColourTime  = 80 * time.Millisecond
	maxColoured    = 16 << 10 // bytes of one block
	maxColouredRow = 300      // bytes of one line of it
	maxBlank       = 120      // bytes of white space in a row
	maxBlankLines  = 3        // of them in a row
	pieceLength    = 1 << 10  // bytes that a lexer sees at once; longer code is cut behind a blank line, else behind any
)

// languages are those that are highlighted, as chroma calls them, and about nanoseconds for each byte where that is less
// than colourByte. Java is not among them: its lexer takes 70 ms for a kilobyte of short lines.
var languages = map[string]int{
	"bash": 2000, "bash session": 2000, "c": 2500, "c#": 2000, "c++": 3000, "clojure": 2500, "css": 1500, "dart": 2500, "diff": 200,
	"docker": 2000, "elixir": 2500, "erlang": 2500, "go": 800, "graphql": 2500, "haskell": 1500, "html": 300, "http": 500,
	"ini": 300, "javascript": 2000, "json": 1000, "kotlin": 2000, "lua": 1500, "makefile": 1500, "markdown": 3000,
	"nginx configuration file": 1000, "php": 2000, "powershell": 0, "protocol buffer": 2000, "python": 0, "r": 1500,
	"react": 2000, "ruby": 0, "rust": 0, "scala": 2000, "sql": 0, "swift": 0, "terraform": 0, "toml": 1000, "typescript": 0,
	"vue": 2000, "xml": 300, "yaml": 500,
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
	code, lexer := p.code, lexersByName[p.language]
	p.code, p.language = "", ""
	if lexer != nil && plausible(code) && p.colours.take(lexer, len(code)) {
		if coloured, ok := colourPieces(lexer, code, p.colours.deadline); ok {
			p.write(coloured)
			return
		}
	}
	p.write(html.EscapeString(code))
}

// colours is what highlighting a post has taken.
type colours struct {
	cost     int       // about nanoseconds
	length   int       // bytes
	begin    time.Time // of the first block
	deadline time.Time // of the next block; zero where it has none
}

// take tells whether a block of code may be highlighted, and counts it if so.
func (c *colours) take(lexer chroma.Lexer, length int) bool {
	perByte := languages[strings.ToLower(lexer.Config().Name)]
	if perByte == 0 {
		perByte = colourByte
	}
	cost := colourStart + length*perByte
	if c.cost+cost > maxColours {
		return false
	}
	if _, err := lexer.Tokenise(nil, ""); err != nil { // a lexer's first use takes long, which is no fault of the code's
		return false
	}
	if c.begin.IsZero() {
		c.begin = time.Now()
	}
	c.cost += cost
	if c.length += length; c.length > timelessLength {
		c.deadline = c.begin.Add(maxColourTime)
	}
	return true
}

// flushCode writes code that isn't the only content of its element as it is.
func (p *page) flushCode() {
	code := p.code
	p.code, p.language = "", ""
	p.write(html.EscapeString(code))
}

// plausible tells whether code looks like code that was written to be read.
func plausible(code string) bool {
	if len(code) > maxColoured {
		return false
	}
	for _, blank := range []string{" ", "\t"} {
		if strings.Contains(code, strings.Repeat(blank, maxBlank)) {
			return false
		}
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

// colourPieces returns code as HTML, and whether that succeeded until then; a zero time is no end.
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
		if !until.IsZero() && time.Now().After(until) || !strings.HasPrefix(code[min(size, len(code)):], token.Value) {
			return "", false
		}
		size += len(token.Value)
		class := chroma.StandardTypes[token.Type]
		if class != "" && token.Type != chroma.Text && token.Type != chroma.TextWhitespace {
			out.WriteString(`<span class="` + class + `">` + html.EscapeString(token.Value) + `</span>`)
		} else {
			out.WriteString(html.EscapeString(token.Value))
		}
	}
	return out.String(), size == len(code)
}
