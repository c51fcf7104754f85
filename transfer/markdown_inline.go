package transfer

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	blankLine     = regexp.MustCompile(`\r?\n[ \t\r]*\n\s*`)
	blanks        = regexp.MustCompile(`[ \t\r\n\f]+`)
	listNumber    = regexp.MustCompile(`^\d{1,9}[.)](?:\s|$)`)
	languageClass = regexp.MustCompile(`(?:^|\s)(?:language|lang|brush:?)[-:\s]\s*([A-Za-z0-9+#.-]{1,40})`)
	entityLike    = regexp.MustCompile(`&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});`)
	opensTag      = regexp.MustCompile(`<([A-Za-z/!?])`)
)

// keptInline are elements that Markdown has no signs for, and that posts may hold.
var keptInline = map[atom.Atom]bool{
	atom.U: true, atom.Ins: true, atom.Mark: true, atom.Small: true, atom.Sub: true, atom.Sup: true, atom.Q: true, atom.Abbr: true,
	atom.Dfn: true, atom.Kbd: true, atom.Samp: true, atom.Var: true, atom.Time: true, atom.Bdi: true, atom.Bdo: true, atom.Ruby: true,
	atom.Rt: true, atom.Rp: true,
}

// lostElements are gone with all that they hold.
var lostElements = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Noscript: true, atom.Svg: true, atom.Math: true, atom.Canvas: true,
	atom.Object: true, atom.Applet: true, atom.Select: true, atom.Textarea: true, atom.Input: true, atom.Button: true, atom.Head: true,
	atom.Title: true, atom.Meta: true, atom.Link: true,
}

// frames show what stands elsewhere: they become links to it.
var frames = map[atom.Atom]string{
	atom.Iframe: "Embedded content", atom.Embed: "Embedded content", atom.Video: "Video", atom.Audio: "Audio",
}

// keptAttributes are those that mean something to posts.
var keptAttributes = map[string]bool{
	"href": true, "src": true, "alt": true, "title": true, "width": true, "height": true, "colspan": true, "rowspan": true, "scope": true,
	"align": true, "open": true, "start": true, "datetime": true, "cite": true, "lang": true, "dir": true, "span": true,
}

// inline writes nodes as Markdown within a paragraph. Line breaks are a backslash and a line feed.
func (m *markdownWriter) inline(nodes []*html.Node, depth int) string {
	var out strings.Builder
	for _, node := range nodes {
		m.addInline(&out, node, depth+1)
	}
	return out.String()
}

func (m *markdownWriter) addInline(out *strings.Builder, node *html.Node, depth int) {
	if depth > maxMarkupDepth {
		m.lose("elements too deep in each other")
		out.WriteString(escapeText(innerText(node)))
		return
	}
	switch {
	case node.Type == html.TextNode:
		m.addText(out, node.Data)
		return
	case node.Type != html.ElementNode:
		return
	}
	switch node.DataAtom {
	case atom.Br:
		out.WriteString("\\\n")
	case atom.Em, atom.I, atom.Cite:
		m.addMarked(out, node, "*", "em", depth)
	case atom.Strong, atom.B:
		m.addMarked(out, node, "**", "strong", depth)
	case atom.Del, atom.S, atom.Strike:
		m.addMarked(out, node, "~~", "s", depth)
	case atom.Code, atom.Tt:
		out.WriteString(codeSpan(innerText(node)))
	case atom.A:
		m.addLink(out, node, depth)
	case atom.Img:
		m.addImage(out, node)
	case atom.Iframe, atom.Embed, atom.Video, atom.Audio:
		m.addFrame(out, node)
	default:
		m.addOther(out, node, depth)
	}
}

// addText writes text, in which blanks are one; with breaks, line feeds are kept.
func (m *markdownWriter) addText(out *strings.Builder, text string) {
	escape := escapeText
	if m.inLink {
		escape = escapeLabel
	}
	if !m.breaks {
		out.WriteString(escape(blanks.ReplaceAllString(text, " ")))
		return
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		if i > 0 && !strings.HasSuffix(out.String(), "\n") && strings.TrimSpace(out.String()) != "" {
			out.WriteString("\\\n")
		}
		out.WriteString(escape(blanks.ReplaceAllString(line, " ")))
	}
}

func (m *markdownWriter) addOther(out *strings.Builder, node *html.Node, depth int) {
	switch {
	case lostElements[node.DataAtom]:
		m.lose("<" + node.Data + ">")
	case keptInline[node.DataAtom]:
		out.WriteString("<" + node.Data)
		for _, attribute := range node.Attr {
			if keptAttributes[attribute.Key] {
				out.WriteString(" " + attribute.Key + `="` + html.EscapeString(attribute.Val) + `"`)
			}
		}
		out.WriteString(">" + m.inline(children(node), depth) + "</" + node.Data + ">")
	default:
		out.WriteString(m.inline(children(node), depth))
	}
}

// addMarked writes what stands between marks, blanks at its ends outside of them. Where marks would not be taken for any, as within a
// word, it stays an element.
func (m *markdownWriter) addMarked(out *strings.Builder, node *html.Node, mark, element string, depth int) {
	text := m.inline(children(node), depth)
	inner := strings.Trim(text, " ")
	if strings.TrimSpace(strings.ReplaceAll(inner, "\\\n", "")) == "" {
		out.WriteString(text)
		return
	}
	leading, trailing := text[:strings.Index(text, inner)], text[strings.Index(text, inner)+len(inner):]
	out.WriteString(leading)
	before, _ := utf8.DecodeLastRuneInString(out.String())
	first, _ := utf8.DecodeRuneInString(inner)
	last, _ := utf8.DecodeLastRuneInString(inner)
	after := nextRune(node)
	if trailing != "" {
		after = ' '
	}
	within := isWord(before) && !isWord(first) || isWord(after) && !isWord(last)
	nested := strings.HasPrefix(inner, mark[:1]) || strings.HasSuffix(inner, mark[:1]) || strings.HasSuffix(out.String(), mark[:1])
	if within || nested || strings.HasSuffix(inner, "\\\n") {
		out.WriteString("<" + element + ">" + inner + "</" + element + ">")
	} else {
		out.WriteString(mark + inner + mark)
	}
	out.WriteString(trailing)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }

// nextRune returns the character that follows a node in its paragraph, a blank where none does.
func nextRune(node *html.Node) rune {
	for ; node != nil && !blockElements[node.DataAtom]; node = node.Parent {
		for next := node.NextSibling; next != nil; next = next.NextSibling {
			if next.DataAtom == atom.Br || blockElements[next.DataAtom] {
				return ' '
			}
			if text := innerText(next); text != "" {
				r, _ := utf8.DecodeRuneInString(text)
				return r
			}
		}
	}
	return ' '
}

// codeSpan writes code within a paragraph.
func codeSpan(code string) string {
	code = strings.TrimSpace(blanks.ReplaceAllString(code, " "))
	if code == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	if strings.HasPrefix(code, "`") || strings.HasSuffix(code, "`") {
		code = " " + code + " "
	}
	return fence + code + fence
}

func (m *markdownWriter) addLink(out *strings.Builder, node *html.Node, depth int) {
	m.inLink = attribute(node, "href") != ""
	text := m.inline(children(node), depth)
	m.inLink = false
	inner := strings.Trim(text, " \n")
	address := attribute(node, "href")
	if address == "" || strings.Trim(inner, "\\\n ") == "" {
		out.WriteString(text)
		return
	}
	if strings.HasPrefix(text, " ") {
		out.WriteString(" ")
	}
	out.WriteString("[" + inner + "](" + target(address, attribute(node, "title")) + ")")
	if strings.HasSuffix(text, " ") {
		out.WriteString(" ")
	}
}

func (m *markdownWriter) addImage(out *strings.Builder, node *html.Node) {
	address := attribute(node, "src")
	if address == "" {
		m.lose("<img> without an address")
		return
	}
	alt := blanks.ReplaceAllString(attribute(node, "alt"), " ")
	out.WriteString("![" + escapeLabel(alt) + "](" + target(address, attribute(node, "title")) + ")")
}

// addFrame writes a link to what a frame or a player shows.
func (m *markdownWriter) addFrame(out *strings.Builder, node *html.Node) {
	address := attribute(node, "src")
	if source := findElement(node, atom.Source); address == "" && source != nil {
		address = attribute(source, "src")
	}
	m.lose("<" + node.Data + ">, a link is in its place")
	if address == "" {
		return
	}
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	name := frames[node.DataAtom]
	if title := attribute(node, "title"); title != "" {
		name = blanks.ReplaceAllString(title, " ")
	}
	out.WriteString("[" + escapeLabel(name) + "](" + target(address, "") + ")")
}

// target writes an address with a title behind it, as they stand in a link.
func target(address, title string) string {
	address = strings.NewReplacer(" ", "%20", "<", "%3C", ">", "%3E", "\n", "", "\r", "", "\t", "", `\`, "%5C").Replace(address)
	if strings.ContainsAny(address, "()") {
		address = "<" + address + ">"
	}
	if title = strings.TrimSpace(blanks.ReplaceAllString(title, " ")); title == "" {
		return address
	}
	return address + ` "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(title) + `"`
}

// escapeText puts backslashes before what Markdown would take for signs, and before no more than that.
func escapeText(text string) string { return escapeSigns(text, false) }

// escapeLabel does so within the text of a link or an image, which brackets would end.
func escapeLabel(text string) string { return escapeSigns(text, true) }

func escapeSigns(text string, inLabel bool) string {
	text = entityLike.ReplaceAllString(text, "&amp;$1;")
	var out strings.Builder
	runes := []rune(text)
	for i, r := range runes {
		next, before := ' ', ' '
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		if i > 0 {
			before = runes[i-1]
		}
		switch {
		case strings.ContainsRune("\\`*~", r),
			r == '_' && !(isWord(before) && isWord(next)),
			r == '[' && (next == '^' || next == ' ' || next == 'x' && i == 0),
			r == ']' && strings.ContainsRune("([:", next),
			inLabel && (r == '[' || r == ']'):
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return opensTag.ReplaceAllString(out.String(), `\<$1`)
}

// escapeStart puts a backslash before what would make a line the beginning of another block.
func escapeStart(line string) string {
	if number := listNumber.FindString(line); number != "" {
		at := strings.IndexAny(line, ".)")
		return line[:at] + `\` + line[at:]
	}
	if line == "" || !strings.ContainsRune("#>-+=|:", rune(line[0])) || len(line) > 1 && isWord(rune(line[1])) && line[0] != '>' {
		return line
	}
	return `\` + line
}
