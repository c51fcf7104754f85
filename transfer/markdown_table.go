package transfer

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// table writes a table as GitHub does, and tells whether it can: each cell must fit into a line and belong to one row and one column.
// A table without a head gets an empty one.
func (m *markdownWriter) table(node *html.Node) (string, bool) {
	var rows [][]string
	head := false
	for inner := range node.Descendants() {
		switch inner.DataAtom {
		case atom.Table, atom.Caption, atom.Ul, atom.Ol, atom.Pre, atom.Blockquote, atom.Figure, atom.Br, atom.Dl:
			return "", false
		case atom.Tr:
			row, isHead, ok := m.row(inner)
			if !ok {
				return "", false
			}
			head = head || len(rows) == 0 && isHead
			rows = append(rows, row)
		}
	}
	columns := 0
	for _, row := range rows {
		columns = max(columns, len(row))
	}
	if columns == 0 {
		return "", false
	}
	if !head {
		rows = append([][]string{nil}, rows...)
	}
	var lines []string
	for i, row := range rows {
		lines = append(lines, tableLine(row, columns, " "))
		if i == 0 {
			lines = append(lines, "|"+strings.Repeat(" --- |", columns))
		}
	}
	return strings.Join(lines, "\n"), true
}

func tableLine(row []string, columns int, empty string) string {
	var line strings.Builder
	line.WriteByte('|')
	for i := range columns {
		cell := empty
		if i < len(row) && row[i] != "" {
			cell = " " + row[i] + " "
		}
		line.WriteString(cell + "|")
	}
	return line.String()
}

// row returns the cells of a row, and whether all of them are heads.
func (m *markdownWriter) row(node *html.Node) (cells []string, head, ok bool) {
	head = true
	for _, cell := range children(node) {
		if cell.DataAtom != atom.Td && cell.DataAtom != atom.Th {
			continue
		}
		if attribute(cell, "colspan") != "" && attribute(cell, "colspan") != "1" || attribute(cell, "rowspan") != "" && attribute(cell, "rowspan") != "1" {
			return nil, false, false
		}
		head = head && cell.DataAtom == atom.Th
		blocks := (&markdownWriter{left: m.lose, told: map[string]bool{}}).blocks(children(cell), 0)
		if len(blocks) > 1 || len(blocks) == 1 && strings.Contains(blocks[0], "\n") {
			return nil, false, false
		}
		text := strings.Join(blocks, "")
		cells = append(cells, strings.ReplaceAll(text, "|", `\|`))
	}
	return cells, head, true
}

// cleaned returns a copy of an element to be kept as HTML: without what posts can't hold.
func (m *markdownWriter) cleaned(node *html.Node) *html.Node {
	copied := &html.Node{Type: node.Type, Data: node.Data, DataAtom: node.DataAtom}
	for _, attribute := range node.Attr {
		if keptAttributes[attribute.Key] {
			copied.Attr = append(copied.Attr, attribute)
		}
	}
	for _, child := range children(node) {
		switch {
		case child.Type == html.CommentNode:
		case child.Type == html.ElementNode && lostElements[child.DataAtom]:
			m.lose("<" + child.Data + ">")
		case child.Type == html.ElementNode && frames[child.DataAtom] != "":
			m.lose("<" + child.Data + ">, a link is in its place")
			link := &html.Node{Type: html.ElementNode, Data: "a", DataAtom: atom.A, Attr: []html.Attribute{{Key: "href", Val: attribute(child, "src")}}}
			link.AppendChild(&html.Node{Type: html.TextNode, Data: frames[child.DataAtom]})
			copied.AppendChild(link)
		default:
			copied.AppendChild(m.cleaned(child))
		}
	}
	return copied
}
