package transfer

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"text/template/parse"
)

// flattenTemplate turns a text that is a Go template, as the Go blog writes them, into plain Markdown with HTML: pictures
// and texts are put in place, code and videos that stand elsewhere become a line that says so, and all else is taken out.
// Each thing taken out is told to left, with the number of its line, the text's first being first.
func flattenTemplate(text string, first int64, left func(line int64, what string)) (string, error) {
	tree := parse.New("text")
	tree.Mode = parse.SkipFuncCheck
	if _, err := tree.Parse(text, "", "", map[string]*parse.Tree{}); err != nil {
		return "", err
	}
	flat := flattener{text: text, first: first, left: left}
	flat.nodes(tree.Root)
	return flat.out.String(), nil
}

type flattener struct {
	text  string
	first int64
	left  func(line int64, what string)
	out   strings.Builder
}

func (f *flattener) nodes(list *parse.ListNode) {
	for _, node := range list.Nodes {
		switch node := node.(type) {
		case *parse.TextNode:
			f.out.Write(node.Text)
		case *parse.ActionNode:
			if !f.action(node.Pipe) {
				f.leave(node)
			}
		case *parse.CommentNode:
		default:
			f.leave(node)
		}
	}
}

func (f *flattener) leave(node parse.Node) {
	what := strings.Join(strings.Fields(node.String()), " ")
	if runes := []rune(what); len(runes) > 60 {
		what = string(runes[:60]) + "…"
	}
	line := f.first + int64(strings.Count(f.text[:min(int(node.Position()), len(f.text))], "\n"))
	f.left(line, what)
}

// action writes what stands in the place of an action, and tells whether it knows the action.
func (f *flattener) action(pipe *parse.PipeNode) bool {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 {
		return false
	}
	args := pipe.Cmds[0].Args
	if text, ok := args[0].(*parse.StringNode); ok && len(args) == 1 {
		f.out.WriteString(text.Text)
		return true
	}
	name, ok := args[0].(*parse.IdentifierNode)
	if !ok || len(args) < 2 {
		return false
	}
	text, ok := args[1].(*parse.StringNode)
	if !ok {
		return false
	}
	switch name.Ident {
	case "raw":
		f.out.WriteString(text.Text)
	case "image":
		fmt.Fprintf(&f.out, `<img src="%s" alt=""%s>`, html.EscapeString(text.Text), sizes(args[2:]))
	case "code", "play":
		fmt.Fprintf(&f.out, "<p><em>The code of <code>%s</code> is not part of this copy.</em></p>\n", html.EscapeString(text.Text))
	case "video":
		fmt.Fprintf(&f.out, "<p><a href=\"%s\">Video</a></p>\n", html.EscapeString(text.Text))
	default:
		return false
	}
	return true
}

// sizes returns the attributes of a width, or a width and a height.
func sizes(args []parse.Node) string {
	var attributes strings.Builder
	for i, name := range []string{"width", "height"} {
		if i >= len(args) {
			break
		}
		if number, ok := args[i].(*parse.NumberNode); ok && number.IsUint {
			attributes.WriteString(" " + name + `="` + strconv.FormatUint(number.Uint64, 10) + `"`)
		}
	}
	return attributes.String()
}
