package render

import (
	"strings"

	"github.com/alecthomas/chroma/v2"
	"golang.org/x/net/html"
)

// Bounds of highlighting. Code beyond them is shown plain. Lexers are made of regular expressions that go back over what
// they have read, so that some code takes them very long. Hence a lexer sees little at once, and only what looks like
// code; and it is counted what it finds, at what that costs at worst. No clock is asked, so that the same text looks the
// same whatever else the machine does.
const (
	maxColours     = 100_000_000 // nanoseconds that the code of one post may cost
	colourStart    = 20_000      // nanoseconds for each block
	bytesOfToken   = 8           // how many bytes cost as much as a token does beside them
	maxColoured    = 16 << 10    // bytes of one block
	maxColouredRow = 300         // bytes of one line of it
	maxBlank       = 60          // bytes of white space in a row
	maxBlankLines  = 3           // of them in a row
	pieceLength    = 1 << 10     // bytes that a lexer sees at once; longer code is cut behind a blank line, else behind any
)

// languageOf returns the language that a code element says it is in, in lower case, "" where it says none.
func languageOf(code html.Token) string {
	language, _ := strings.CutPrefix(attribute(code, "class"), "language-")
	return strings.ToLower(language)
}

// highlightCode writes the code that was read, with its words in spans whose classes are those of Pygments. Nothing else is
// added to it, so that it needs no sanitising.
func (p *page) highlightCode() {
	code, lexer := p.code, lexersByName()[p.language]
	p.code, p.language = "", ""
	if lexer != nil && plausible(code) {
		if coloured, ok := p.colours.paint(lexer, code); ok {
			p.write(coloured)
			return
		}
	}
	p.write(html.EscapeString(code))
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

// colours is how many nanoseconds highlighting a post may still cost.
type colours int

// paint returns code as HTML, and whether that succeeded.
func (c *colours) paint(lexer chroma.Lexer, code string) (string, bool) {
	perToken := colours(languages[strings.ToLower(lexer.Config().Name)])
	*c -= colourStart
	var out strings.Builder
	for code != "" {
		end := len(code)
		if end > pieceLength {
			end = 1 + strings.LastIndexByte(code[:pieceLength], '\n')
			if paragraph := strings.LastIndex(code[:pieceLength], "\n\n"); paragraph > pieceLength/2 {
				end = paragraph + 2
			}
		}
		*c -= perToken * colours(end/bytesOfToken)
		if *c < 0 {
			return "", false
		}
		tokens, ok := paintPiece(&out, lexer, code[:end], int(*c/perToken))
		*c -= perToken * colours(tokens)
		if !ok {
			return "", false
		}
		code = code[end:]
	}
	return out.String(), true
}

// paintPiece writes a piece of code as HTML, and returns how many tokens were read, and whether those were all and at
// most so many.
func paintPiece(out *strings.Builder, lexer chroma.Lexer, code string, most int) (tokens int, ok bool) {
	defer func() {
		if recover() != nil { // lexers panic where their rules are at fault
			ok = false
		}
	}()
	next, err := lexer.Tokenise(nil, code)
	if err != nil {
		return 0, false
	}
	begin, end := 0, 0 // of a run of tokens of one kind
	var kind chroma.TokenType
	for token := next(); token != chroma.EOF; token = next() {
		if tokens == most || !strings.HasPrefix(code[end:], token.Value) {
			return tokens, false
		}
		tokens++
		if token.Type != kind {
			paintRun(out, kind, code[begin:end])
			begin, kind = end, token.Type
		}
		end += len(token.Value)
	}
	paintRun(out, kind, code[begin:end])
	return tokens, end == len(code)
}

func paintRun(out *strings.Builder, kind chroma.TokenType, code string) {
	class := chroma.StandardTypes[kind]
	if code == "" || class == "" || kind == chroma.Text || kind == chroma.TextWhitespace {
		out.WriteString(html.EscapeString(code))
		return
	}
	out.WriteString(`<span class="` + class + `">` + html.EscapeString(code) + `</span>`)
}
