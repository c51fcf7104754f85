package render

import (
	"bytes"
	"sort"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// About nanoseconds that one step of goldmark takes.
const (
	scanCost   = 2      // look at one more byte
	lineCost   = 150    // go on to the next line
	regexpCost = 40     // match one more byte against a regular expression
	nodeCost   = 10     // go on to the next node of a list
	cellCost   = 1000   // make and render a table's cell
	labelCost  = 999    // look at a link's label, which has at most as many bytes
	noteCost   = 20_000 // make and render a mark of a footnote and its way back
)

// attempt is one try to parse inline markup: what stood there, and what became of it.
type attempt struct {
	line  []byte         // from the markup to the end of its line
	from  int            // where in the source that is
	lines *text.Segments // of the paragraph
	node  ast.Node       // nil where it was no markup
	open  bool           // stood within a link's label that has not ended
}

// guard is an inline parser whose attempts are charged by cost.
type guard struct {
	parser.InlineParser
	cost func(*work, attempt) int
}

func (g guard) Parse(parent ast.Node, block text.Reader, context parser.Context) ast.Node {
	w := workOf(context)
	if w.fault != nil {
		return nil
	}
	line, at := block.PeekLine()
	lines := parent.Lines()
	try := attempt{line: line, from: at.Start, lines: lines, open: context.IsInLinkLabel()}
	try.node = g.InlineParser.Parse(parent, block, context)
	if try.node != nil {
		w.nodes++
	}
	w.charge(at.Start, g.cost(w, try))
	return try.node
}

func (g guard) CloseBlock(parent ast.Node, block text.Reader, context parser.Context) {
	if closer, ok := g.InlineParser.(parser.CloseBlocker); ok {
		closer.CloseBlock(parent, block, context)
	}
}

// scanCost returns what it costs to look at the paragraph from the markup to its end.
func (a attempt) scanCost() int {
	count := a.lines.Len()
	line := sort.Search(count, func(i int) bool { return a.lines.At(i).Stop > a.from })
	return (a.lines.At(count-1).Stop-a.from)*scanCost + (count-line)*lineCost
}

// codeSpanCost: backticks without a counterpart are looked for to the paragraph's end, each time anew.
func codeSpanCost(_ *work, try attempt) int {
	if _, found := try.node.(*ast.CodeSpan); found {
		return nodeCost
	}
	return try.scanCost()
}

// footnoteCost: a label is looked for among all footnotes.
func footnoteCost(w *work, try attempt) int {
	if !bytes.HasPrefix(try.line, []byte("[^")) && !bytes.HasPrefix(try.line, []byte("![^")) {
		return 0
	}
	cost := labelCost + w.footnotes*nodeCost
	if try.node != nil {
		cost += noteCost
	}
	return cost
}

// linkCost: what follows a label is looked through for an address and a title, and a label for links within it.
func linkCost(w *work, try attempt) int {
	if try.line[0] != ']' {
		return nodeCost
	}
	cost := 0
	if try.open {
		cost = labelCost + w.nodes*nodeCost
	}
	if try.node == nil && len(try.line) > 1 && (try.line[1] == '(' || try.line[1] == '[') {
		cost += try.scanCost()
	}
	return cost
}

// autoLinkCost: an address in <> ends at white space.
func autoLinkCost(_ *work, try attempt) int {
	if try.node != nil {
		return nodeCost
	}
	return scanned(try.line[1:], " \t\n<>") * regexpCost
}

// rawHTMLCost: a tag ends at < or >, unless they are quoted; what begins with <! or <? is looked for once only.
func rawHTMLCost(_ *work, try attempt) int {
	if try.node != nil || len(try.line) < 2 || try.line[1] == '!' || try.line[1] == '?' {
		return nodeCost
	}
	end := scanned(try.line[1:], "<>\"'`")
	if end == len(try.line)-1 || try.line[1+end] == '"' || try.line[1+end] == '\'' {
		return try.scanCost() * regexpCost
	}
	return end * regexpCost
}

// delimiterCost: a delimiter is paired by going back over all others that are open, and a run of them is taken off by twos.
func delimiterCost(w *work, try attempt) int {
	delimiter, found := try.node.(*parser.Delimiter)
	if !found {
		return 0
	}
	w.delimiters++
	return (w.delimiters + 10*delimiter.OriginalLength) * nodeCost
}

// linkifyCost: a plain address ends at white space or <.
func linkifyCost(_ *work, try attempt) int {
	if try.node != nil {
		return nodeCost
	}
	word := try.line[min(1, len(try.line)):]
	return scanned(word, " \t\n<") * scanCost
}

// scanned returns how many bytes of line stand before the first of the bytes in ends.
func scanned(line []byte, ends string) int {
	if i := bytes.IndexAny(line, ends); i >= 0 {
		return i
	}
	return len(line)
}

// blockEnd starts the count of a paragraph's parts anew. It parses nothing.
type blockEnd struct{}

func (blockEnd) Trigger() []byte                                      { return nil }
func (blockEnd) Parse(ast.Node, text.Reader, parser.Context) ast.Node { return nil }
func (blockEnd) CloseBlock(_ ast.Node, _ text.Reader, context parser.Context) {
	w := workOf(context)
	w.nodes, w.delimiters = 0, 0
}

// nesting is a parser of blocks that hold blocks, to a bounded depth.
type nesting struct{ parser.BlockParser }

func (n nesting) Open(parent ast.Node, reader text.Reader, context parser.Context) (ast.Node, parser.State) {
	depth := 0
	for node := parent; node != nil; node = node.Parent() {
		depth++
	}
	if depth <= maxDepth {
		return n.BlockParser.Open(parent, reader, context)
	}
	_, at := reader.PeekLine()
	workOf(context).refuse(at.Start, "quotes and lists nested too deep.")
	return nil, parser.NoChildren
}

// footnotes counts the footnotes that are defined: they are sorted one by one.
type footnotes struct{ parser.BlockParser }

func (f footnotes) Open(parent ast.Node, reader text.Reader, context parser.Context) (ast.Node, parser.State) {
	_, at := reader.PeekLine()
	node, state := f.BlockParser.Open(parent, reader, context)
	if node != nil {
		w := workOf(context)
		w.footnotes++
		w.charge(at.Start, w.footnotes*nodeCost)
	}
	return node, state
}

// paragraphGuard transforms a paragraph if what that costs can be paid.
type paragraphGuard struct {
	parser.ParagraphTransformer
	cost func(w *work, lines [][]byte) int
}

func (g paragraphGuard) Transform(node *ast.Paragraph, reader text.Reader, context parser.Context) {
	w := workOf(context)
	if w.fault != nil {
		return
	}
	segments := node.Lines()
	lines := make([][]byte, segments.Len())
	for i := range lines {
		segment := segments.At(i)
		lines[i] = segment.Value(reader.Source())
	}
	w.charge(node.Pos(), g.cost(w, lines))
	if w.fault == nil {
		g.ParagraphTransformer.Transform(node, reader, context)
	}
}

// referencesCost: each definition of a link is cut out of the paragraph's lines, and a title without end is looked for
// through all of them.
func referencesCost(_ *work, lines [][]byte) int {
	definitions, titles, size := 0, 0, 0
	for _, line := range lines {
		size += len(line)
		if trimmed := bytes.TrimLeft(line, " \t"); len(trimmed) > 0 {
			switch trimmed[0] {
			case '[':
				definitions++
			case '"', '\'', '(':
				titles++
			}
		}
	}
	if len(lines) == 0 || !bytes.HasPrefix(bytes.TrimLeft(lines[0], " \t"), []byte("[")) {
		return 0
	}
	return definitions*len(lines)*nodeCost + titles*size*scanCost
}

// tableCost: a table has as many cells as columns times rows, also where rows leave them out, and each code span in a table
// is held against each escaped | in all tables.
func tableCost(w *work, lines [][]byte) int {
	for i, line := range lines {
		if len(bytes.Trim(line, "|-: \t\n")) > 0 || bytes.IndexByte(line, '-') < 0 {
			continue
		}
		cost := (bytes.Count(line, []byte("|")) + 1) * (len(lines) - i) * cellCost
		for _, row := range lines {
			w.ticks += bytes.Count(row, []byte("`"))
			w.pipes += bytes.Count(row, []byte(`\|`))
		}
		return cost + w.ticks*w.pipes*scanCost
	}
	return 0
}
