package render

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"

	"headwater/logic"
)

// Bounds of what is taken apart.
const (
	maxDepth      = 60      // blocks within blocks: quotes, lists, items, footnotes
	maxTreeDepth  = 120     // the same with inline markup
	baseWork      = 30e6    // nanoseconds that any text may cost
	workPerByte   = 300     // nanoseconds more for each byte of it
	baseAddresses = 1 << 16 // bytes that the addresses and titles of links may take together, beside four times the text
)

// work is what parsing a text has cost so far, in about nanoseconds, counted where the cost can grow faster than the text:
// a marker that looks through the rest of its paragraph for its counterpart, cells that a table's rows leave out, and the
// like. Once it is more than left, the text is refused: markup is no longer looked for, so that parsing ends soon.
//
// Counting instead of measuring time makes the same text always pass or always fail. The posts of a real blog
// use less than a hundredth of what they may.
type work struct {
	source []byte
	left   int
	fault  *logic.Error

	nodes      int // of the paragraph that is being parsed
	delimiters int // of that paragraph
	footnotes  int
	ticks      int // backticks in tables
	pipes      int // escaped | in tables
}

var workKey = parser.NewContextKey()

func startWork(context parser.Context, source []byte) *work {
	w := &work{source: source, left: baseWork + workPerByte*len(source)}
	context.Set(workKey, w)
	return w
}

func workOf(context parser.Context) *work { return context.Get(workKey).(*work) }

// charge takes cost off what is left. Position is where in the source the markup stands.
func (w *work) charge(position, cost int) {
	if w.left -= cost; w.left < 0 {
		w.refuse(position, "too much markup within one paragraph or table. "+
			"Split it into smaller ones, or put it into a code block.")
	}
}

// refuse keeps the first reason why the text is not taken.
func (w *work) refuse(position int, reason string) {
	if w.fault == nil {
		line := 1 + bytes.Count(w.source[:min(max(position, 0), len(w.source))], []byte("\n"))
		w.fault = logic.Invalid("Line %d: %s", line, reason)
	}
}

// checkTree refuses a document whose markup is nested too deep for a browser, or whose links repeat so many long addresses
// that the HTML would be out of proportion to the text.
func (w *work) checkTree(document ast.Node) {
	addresses := baseAddresses + 4*len(w.source)
	depth := 0
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			depth--
			return ast.WalkContinue, nil
		}
		depth++
		if depth > maxTreeDepth {
			w.refuse(node.Pos(), "markup nested too deep.")
		}
		switch node := node.(type) {
		case *ast.Link:
			addresses -= len(node.Destination) + len(node.Title)
		case *ast.Image:
			addresses -= len(node.Destination) + len(node.Title)
		}
		if addresses < 0 {
			w.refuse(node.Pos(), "long link addresses are used too often.")
		}
		if w.fault != nil {
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
}
