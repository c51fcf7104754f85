package transfer

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// ghostText writes the text of a post as Markdown: what its editors kept, from the newest to the oldest, or else the HTML that they made
// of it. Cards of Markdown stay as their writers wrote them.
type ghostText struct {
	notice func(reason, detail string)
	parts  []string // done
	markup strings.Builder
}

// errUnknownNode says that an editor's format holds something that is not known here.
var errUnknownNode = errors.New("something not known")

// markdown returns a *leftOut where a text can't be read and there is no HTML of it.
func (t *ghostText) markdown(p *ghostPost) (string, error) {
	if p.Markdown != "" {
		return string(p.Markdown), nil
	}
	var err error
	switch {
	case p.Lexical != "":
		err = t.readLexical(string(p.Lexical))
	case p.Mobiledoc != "":
		err = t.readMobiledoc(string(p.Mobiledoc))
	default:
		t.markup.WriteString(string(p.HTML))
	}
	if err != nil && strings.TrimSpace(string(p.HTML)) == "" {
		return "", &leftOut{reason: reasonUnreadText, detail: err.Error()}
	}
	if err != nil {
		t.notice(reasonUnknown, err.Error())
		t.parts = nil
		t.markup.Reset()
		t.markup.WriteString(string(p.HTML))
	}
	t.flush()
	return strings.Join(t.parts, "\n\n"), nil
}

// flush writes the HTML that was gathered as Markdown.
func (t *ghostText) flush() {
	lost := func(what string) { t.notice(reasonLost, what) }
	if text := markdownOf(t.markup.String(), false, lost); text != "" {
		t.parts = append(t.parts, text)
	}
	t.markup.Reset()
}

func (t *ghostText) addMarkdown(text string) {
	t.flush()
	if text = strings.Trim(strings.ReplaceAll(text, "\r\n", "\n"), "\n"); text != "" {
		t.parts = append(t.parts, text)
	}
}

func (t *ghostText) add(format string, args ...any) { fmt.Fprintf(&t.markup, format, args...) }

var quoted = html.EscapeString

// ghostCard is what is kept of a card, by either editor; which fields have something depends on its kind.
type ghostCard struct {
	Markdown, HTML, Src, Alt, Title, Caption, Href, Code, Language, URL, Heading, Subheading, Content loose
	CalloutText, CalloutEmoji, ButtonText, ButtonURL, FileTitle, FileName, FileCaption                loose
	ProductTitle, ProductDescription, ProductURL, ProductImageSrc                                     loose
	Images                                                                                            []ghostCard
	Metadata                                                                                          struct{ Title loose }
}

// addCard writes a card, or returns errUnknownNode.
func (t *ghostText) addCard(kind string, c ghostCard) error {
	switch kind {
	case "markdown", "card-markdown":
		t.addMarkdown(string(c.Markdown))
	case "html":
		t.add("\n<div>%s</div>\n", c.HTML)
	case "image":
		t.addImage(c)
	case "gallery":
		for _, image := range c.Images {
			t.addImage(image)
		}
		t.addCaption(c.Caption)
	case "code", "codeblock":
		t.add(`<pre><code class="language-%s">%s</code></pre>`, quoted(string(c.Language)), quoted(string(c.Code)))
		t.addCaption(c.Caption)
	case "hr", "horizontalrule":
		t.add("<hr>")
	case "bookmark", "embed":
		title := c.Metadata.Title
		if title == "" {
			title = c.URL
		}
		t.add(`<p><a href="%s">%s</a></p>`, quoted(string(c.URL)), quoted(string(title)))
		t.addCaption(c.Caption)
	case "callout":
		t.add("<blockquote><p>%s %s</p></blockquote>", quoted(string(c.CalloutEmoji)), c.CalloutText)
	case "toggle":
		t.add("<details><summary>%s</summary><p>%s</p></details>", c.Heading, c.Content)
	case "button":
		t.addLink(c.ButtonURL, c.ButtonText)
	case "header":
		t.add("<h2>%s</h2><p>%s</p>", c.Heading, c.Subheading)
		t.addLink(c.ButtonURL, c.ButtonText)
	case "video", "audio":
		t.addLink(c.Src, c.Title)
		t.addCaption(c.Caption)
	case "file":
		t.addLink(c.Src, cmp.Or(c.FileTitle, c.FileName))
		t.addCaption(c.FileCaption)
	case "product":
		t.add("<h4>%s</h4>%s", c.ProductTitle, c.ProductDescription)
		t.addLink(c.ProductURL, c.ProductTitle)
	case "paywall", "email", "email-cta", "signup", "call-to-action":
		t.notice(reasonLost, "a card of the kind "+kind)
	default:
		return fmt.Errorf("%w: a card of the kind %q", errUnknownNode, kind)
	}
	return nil
}

func (t *ghostText) addImage(c ghostCard) {
	image := fmt.Sprintf(`<img src="%s" alt="%s">`, quoted(string(c.Src)), quoted(string(c.Alt)))
	if c.Href != "" {
		image = fmt.Sprintf(`<a href="%s">%s</a>`, quoted(string(c.Href)), image)
	}
	t.add("<figure>%s<figcaption>%s</figcaption></figure>", image, c.Caption)
}

func (t *ghostText) addCaption(caption loose) {
	if caption != "" {
		t.add("<p>%s</p>", caption)
	}
}

func (t *ghostText) addLink(address, text loose) {
	if address != "" {
		t.add(`<p><a href="%s">%s</a></p>`, quoted(string(address)), quoted(string(cmp.Or(text, address))))
	}
}

// lexicalNode is a node of Ghost's newer editor.
type lexicalNode struct {
	Type, Tag, ListType, Text, URL, Title loose
	Format                                json.RawMessage // of a text the sum of its marks
	Start                                 json.Number
	Children                              []lexicalNode

	card ghostCard
}

// UnmarshalJSON reads the node, and what a card has beside.
func (n *lexicalNode) UnmarshalJSON(data []byte) error {
	type plain lexicalNode
	if err := json.Unmarshal(data, (*plain)(n)); err != nil {
		return err
	}
	if n.Children != nil {
		return nil
	}
	return json.Unmarshal(data, &n.card)
}

func (t *ghostText) readLexical(source string) error {
	var document struct{ Root lexicalNode }
	if err := json.Unmarshal([]byte(source), &document); err != nil {
		return errors.New("no JSON of the editor")
	}
	return t.addNodes(document.Root.Children, 0)
}

func (t *ghostText) addNodes(nodes []lexicalNode, depth int) error {
	if depth > maxMarkupDepth {
		return fmt.Errorf("%w: nodes too deep in each other", errUnknownNode)
	}
	for i := range nodes {
		if err := t.addNode(&nodes[i], depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (t *ghostText) addNode(n *lexicalNode, depth int) error {
	within := func(element, attributes string) error {
		t.add("<%s%s>", element, attributes)
		err := t.addNodes(n.Children, depth)
		t.add("</%s>", element)
		return err
	}
	switch n.Type {
	case "paragraph":
		return within("p", "")
	case "heading", "extended-heading":
		if tag := string(n.Tag); len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6' {
			return within(tag, "")
		}
		return within("h2", "")
	case "quote", "extended-quote", "aside":
		return within("blockquote", "")
	case "list":
		if n.ListType == "number" {
			return within("ol", ` start="`+quoted(n.Start.String())+`"`)
		}
		return within("ul", "")
	case "listitem":
		return within("li", "")
	case "link", "autolink":
		return within("a", ` href="`+quoted(string(n.URL))+`" title="`+quoted(string(n.Title))+`"`)
	case "linebreak":
		t.add("<br>")
	case "tab":
		t.add(" ")
	case "text", "extended-text", "at-link-search", "code-highlight":
		t.addText(n)
	default:
		return t.addCard(string(n.Type), n.card)
	}
	return nil
}

// lexicalMarks are the elements of what a text is marked as.
var lexicalMarks = []struct {
	bit     int
	element string
}{{1, "strong"}, {2, "em"}, {4, "s"}, {8, "u"}, {16, "code"}, {32, "sub"}, {64, "sup"}, {128, "mark"}}

func (t *ghostText) addText(n *lexicalNode) {
	format := 0
	_ = json.Unmarshal(n.Format, &format) // what is no number marks nothing
	text := quoted(string(n.Text))
	for i := len(lexicalMarks) - 1; i >= 0; i-- {
		if mark := lexicalMarks[i]; format&mark.bit != 0 {
			text = "<" + mark.element + ">" + text + "</" + mark.element + ">"
		}
	}
	t.markup.WriteString(text)
}
