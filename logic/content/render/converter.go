package render

import (
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// converter is goldmark with its parts put together one by one, so that those whose cost can grow faster than the text
// stand behind a guard. It may be used by many goroutines.
var converter = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(goldmark.WithParser(newParser()), goldmark.WithRenderer(newRenderer()))
})

func newParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(parser.WithHeadingAttribute()), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(nesting{parser.NewListParser()}, 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(parser.WithHeadingAttribute()), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(nesting{parser.NewBlockquoteParser()}, 800),
			util.Prioritized(parser.NewHTMLBlockParser(), 900),
			util.Prioritized(footnotes{nesting{extension.NewFootnoteBlockParser()}}, 999),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
			util.Prioritized(guard{parser.NewCodeSpanParser(), codeSpanCost}, 100),
			util.Prioritized(guard{extension.NewFootnoteParser(), footnoteCost}, 101),
			util.Prioritized(guard{parser.NewLinkParser(), linkCost}, 200),
			util.Prioritized(guard{parser.NewAutoLinkParser(), autoLinkCost}, 300),
			util.Prioritized(guard{parser.NewRawHTMLParser(), rawHTMLCost}, 400),
			util.Prioritized(guard{parser.NewEmphasisParser(), delimiterCost}, 500),
			util.Prioritized(guard{extension.NewStrikethroughParser(), delimiterCost}, 500),
			util.Prioritized(guard{extension.NewLinkifyParser(), linkifyCost}, 999),
			util.Prioritized(blockEnd{}, 1000),
		),
		parser.WithParagraphTransformers(
			util.Prioritized(paragraphGuard{parser.LinkReferenceParagraphTransformer, referencesCost}, 100),
			util.Prioritized(paragraphGuard{extension.NewTableParagraphTransformer(), tableCost}, 200),
		),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
			util.Prioritized(extension.NewFootnoteASTTransformer(), 999),
		),
	)
}

func newRenderer() renderer.Renderer {
	raw := html.WithUnsafe() // what is not safe is taken out by sanitise, from the whole page at once
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(extension.NewTableHTMLRenderer(
			extension.WithTableHTMLOptions(raw),
			extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute),
		), 500),
		util.Prioritized(extension.NewFootnoteHTMLRenderer(), 500),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(extension.NewTaskCheckBoxHTMLRenderer(), 500),
		util.Prioritized(html.NewRenderer(raw), 1000),
	))
}
