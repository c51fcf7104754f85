package transfer

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxMarkupDepth is how deep elements are looked into; what stands deeper keeps its text alone.
const maxMarkupDepth = 100

// markdownOf writes HTML as Markdown, for people who go on writing it: what Markdown has signs for becomes those, what it has none for
// and posts may hold stays HTML, and what only arranges is passed over. Frames and players become links. With breaks, line feeds are
// line breaks and blank lines end paragraphs, as WordPress means them. What is lost is told to left, once for each thing.
func markdownOf(markup string, breaks bool, left func(what string)) string {
	context := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(markup), context)
	if err != nil { // too deep to be anybody's writing
		left("HTML that can't be read")
		return ""
	}
	m := &markdownWriter{breaks: breaks, left: left, told: map[string]bool{}}
	return strings.Join(m.blocks(nodes, 0), "\n\n")
}

type markdownWriter struct {
	inLink bool // whether what is written is the text of a link
	breaks bool
	left   func(what string)
	told   map[string]bool
}

func (m *markdownWriter) lose(what string) {
	if !m.told[what] {
		m.told[what] = true
		m.left(what)
	}
}

func children(node *html.Node) []*html.Node { return slices.Collect(node.ChildNodes()) }

// blockElements begin a block of their own.
var blockElements = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Aside: true, atom.Blockquote: true, atom.Center: true, atom.Dd: true, atom.Details: true,
	atom.Dialog: true, atom.Div: true, atom.Dl: true, atom.Dt: true, atom.Fieldset: true, atom.Figcaption: true, atom.Figure: true,
	atom.Footer: true, atom.Form: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Header: true, atom.Hgroup: true, atom.Hr: true, atom.Li: true, atom.Main: true, atom.Menu: true, atom.Nav: true, atom.Ol: true,
	atom.P: true, atom.Pre: true, atom.Section: true, atom.Summary: true, atom.Table: true, atom.Ul: true,
}

// isBlock tells whether a node begins a block, or holds one somewhere.
func isBlock(node *html.Node) bool {
	if node.Type != html.ElementNode {
		return false
	}
	if blockElements[node.DataAtom] {
		return true
	}
	for inner := range node.Descendants() {
		if inner.Type == html.ElementNode && blockElements[inner.DataAtom] {
			return true
		}
	}
	return false
}

// blocks writes nodes as blocks of Markdown, of which none is empty.
func (m *markdownWriter) blocks(nodes []*html.Node, depth int) []string {
	var blocks []string
	add := func(block string) {
		if strings.TrimSpace(block) != "" {
			blocks = append(blocks, block)
		}
	}
	var run []*html.Node // of what belongs to one paragraph
	flush := func() {
		add(m.paragraph(run))
		run = nil
	}
	list := "" // the marks of the list just before, so that another one gets others
	for _, node := range nodes {
		switch {
		case node.Type == html.TextNode && m.breaks && blankLine.MatchString(node.Data):
			for i, part := range blankLine.Split(node.Data, -1) {
				if i > 0 {
					flush()
				}
				run = append(run, &html.Node{Type: html.TextNode, Data: part, NextSibling: node.NextSibling})
			}
		case !isBlock(node):
			run = append(run, node)
		case node.DataAtom == atom.Ul || node.DataAtom == atom.Ol || node.DataAtom == atom.Menu:
			flush()
			list = otherMarks(node.DataAtom, list)
			add(m.list(node, list, depth+1))
			continue
		default:
			flush()
			blocks = append(blocks, m.block(node, depth+1)...)
		}
		if node.Type != html.TextNode || strings.TrimSpace(node.Data) != "" {
			list = ""
		}
	}
	flush()
	return blocks
}

// block writes an element that is a block, or holds some.
func (m *markdownWriter) block(node *html.Node, depth int) []string {
	if depth > maxMarkupDepth {
		m.lose("elements too deep in each other")
		return []string{escapeText(innerText(node))}
	}
	switch node.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if text := m.heading(node); text != "" {
			return []string{strings.Repeat("#", int(node.Data[1]-'0')) + " " + text}
		}
		return nil
	case atom.Hr:
		return []string{"---"}
	case atom.Pre:
		return []string{fenced(node)}
	case atom.Blockquote:
		inner := m.blocks(children(node), depth)
		if len(inner) == 0 {
			return nil
		}
		return []string{prefixed(strings.Join(inner, "\n\n"), "> ", "> ")}
	case atom.Table:
		if table, ok := m.table(node); ok {
			return []string{table}
		}
		return m.raw(node)
	case atom.Figure:
		if caption := findElement(node, atom.Figcaption); caption != nil && strings.TrimSpace(innerText(caption)) != "" && findElement(node, atom.Img) != nil {
			return m.raw(node)
		}
	case atom.Dl, atom.Details:
		return m.raw(node)
	}
	if lostElements[node.DataAtom] {
		m.lose("<" + node.Data + ">")
		return nil
	}
	return m.blocks(children(node), depth) // what only arranges
}

// raw keeps an element as HTML. No line in it is blank, which would end the HTML: in what is formatted already, line feeds stay as
// entities.
func (m *markdownWriter) raw(node *html.Node) []string {
	var out strings.Builder
	if err := html.Render(&out, m.cleaned(node)); err != nil {
		m.lose("<" + node.Data + ">")
		return nil
	}
	return []string{blankLine.ReplaceAllStringFunc(strings.TrimSpace(out.String()), func(gap string) string {
		return "\n" + strings.Repeat("&#10;", strings.Count(gap, "\n")-1) + strings.TrimLeft(gap[strings.LastIndex(gap, "\n"):], "\n")
	})}
}

// heading writes what stands in a heading, in one line.
func (m *markdownWriter) heading(node *html.Node) string {
	text := strings.Join(strings.Fields(strings.ReplaceAll(m.inline(children(node), 0), "\\\n", " ")), " ")
	text = strings.ReplaceAll(text, "{", `\{`) // attributes of a heading would stand in braces
	if strings.HasSuffix(text, "#") {
		text = text[:len(text)-1] + `\#`
	}
	return text
}

// paragraph writes nodes that hold no block.
func (m *markdownWriter) paragraph(nodes []*html.Node) string {
	lines := strings.Split(m.inline(nodes, 0), "\n")
	for i, line := range lines {
		lines[i] = escapeStart(strings.TrimLeft(line, " "))
	}
	return trimBreaks(strings.Join(lines, "\n"))
}

// trimBreaks takes blanks and line breaks off the ends of a paragraph. Of an even number of backslashes none is a break.
func trimBreaks(text string) string {
	for text = strings.Trim(text, " \n"); strings.HasPrefix(text, "\\\n"); {
		text = strings.TrimLeft(text[1:], " \n")
	}
	for (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1 {
		text = strings.TrimRight(text[:len(text)-1], " \n")
	}
	return text
}

// otherMarks returns the marks of a list of a kind that comes just behind a list with the marks before: two lists with the same would
// be one.
func otherMarks(kind atom.Atom, before string) string {
	first, second := "-", "*"
	if kind == atom.Ol {
		first, second = ".", ")"
	}
	if before == first {
		return second
	}
	return first
}

// list writes a list, its items with no blank lines between them where all of them are single paragraphs.
func (m *markdownWriter) list(node *html.Node, marks string, depth int) string {
	if depth > maxMarkupDepth {
		return escapeText(innerText(node))
	}
	number := 1
	fmt.Sscan(attribute(node, "start"), &number)
	var items []string
	between := "\n"
	for _, item := range children(node) {
		if item.Type != html.ElementNode {
			continue
		}
		mark := marks + " "
		if marks == "." || marks == ")" {
			mark = fmt.Sprintf("%d%s ", number, marks)
			number++
		}
		nodes := []*html.Node{item} // a list in a list, without an item around it
		if item.DataAtom == atom.Li {
			nodes = children(item)
		}
		blocks := m.blocks(nodes, depth)
		if slices.ContainsFunc(nodes, func(n *html.Node) bool { return n.DataAtom == atom.P }) && len(blocks) > 1 {
			between = "\n\n"
		}
		items = append(items, mark+strings.TrimLeft(prefixed(joinItem(blocks, between), "", strings.Repeat(" ", len(mark))), " "))
	}
	return strings.Join(items, between)
}

// joinItem joins the blocks of an item: a list right below its text where the list is tight.
func joinItem(blocks []string, between string) string {
	var out strings.Builder
	for i, block := range blocks {
		switch {
		case i == 0:
		case isListText(block) && between == "\n":
			out.WriteString("\n")
		default:
			out.WriteString("\n\n")
		}
		out.WriteString(block)
	}
	return out.String()
}

func isListText(block string) bool {
	return strings.HasPrefix(block, "- ") || strings.HasPrefix(block, "* ") || listNumber.MatchString(block)
}

// prefixed puts first before the first line of text and rest before the others, but blank lines that would get blanks alone.
func prefixed(text, first, rest string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		prefix := rest
		if i == 0 {
			prefix = first
		}
		if line == "" {
			prefix = strings.TrimRight(prefix, " ")
		}
		lines[i] = prefix + line
	}
	return strings.Join(lines, "\n")
}

// fenced writes what is formatted already as a block of code, with the language that a class names.
func fenced(node *html.Node) string {
	language := languageOf(node)
	if code := findElement(node, atom.Code); code != nil && language == "" {
		language = languageOf(code)
	}
	text := strings.Trim(strings.ReplaceAll(codeText(node), "\r\n", "\n"), "\n")
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + text + "\n" + fence
}

func languageOf(node *html.Node) string {
	if match := languageClass.FindStringSubmatch(attribute(node, "class")); match != nil {
		return match[1]
	}
	return ""
}

// codeText is innerText with the line breaks that are elements.
func codeText(node *html.Node) string {
	var text strings.Builder
	for inner := range node.Descendants() {
		switch {
		case inner.Type == html.TextNode:
			text.WriteString(inner.Data)
		case inner.DataAtom == atom.Br:
			text.WriteByte('\n')
		}
	}
	return text.String()
}

// innerText returns all text in a node.
func innerText(node *html.Node) string {
	if node.Type == html.TextNode {
		return node.Data
	}
	var text strings.Builder
	for inner := range node.Descendants() {
		if inner.Type == html.TextNode {
			text.WriteString(inner.Data)
		}
	}
	return text.String()
}

// plainOf returns the text of HTML that is to stand in one line, as a title.
func plainOf(markup string) string {
	nodes, err := html.ParseFragment(strings.NewReader(markup), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return ""
	}
	var text strings.Builder
	for _, node := range nodes {
		text.WriteString(innerText(node))
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

// findElement returns the first element of a name in a node, nil where there is none.
func findElement(node *html.Node, name atom.Atom) *html.Node {
	for inner := range node.Descendants() {
		if inner.Type == html.ElementNode && inner.DataAtom == name {
			return inner
		}
	}
	return nil
}

func attribute(node *html.Node, name string) string {
	for _, attribute := range node.Attr {
		if attribute.Key == name {
			return strings.TrimSpace(attribute.Val)
		}
	}
	return ""
}
