package render

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"headwater/logic"
)

// Bounds of a page.
const (
	maxElements = 256  // how deep elements may be nested; browsers begin to flatten them at 512
	maxHeadings = 2000 // headings
)

// page is sanitised HTML that is being put in order in one pass: every end tag ends an element of the page's own and every
// element is ended, so that nothing that stands around the page is touched; headings get anchors and code its colours.
type page struct {
	html     strings.Builder
	text     plainText
	kept     tags
	headings []Heading

	open     []string        // names of the elements that are open
	ids      map[string]bool // in use
	suffixes map[string]int  // the last number put behind an anchor that was in use
	heading  *openHeading    // nil outside headings
	language string          // of the code that begins, when nothing of it was read yet
	code     string          // all of that code, when its end was not read yet
	note     int             // how many elements are open at least as long as a footnote's mark is, 0 outside of marks
	colours  colours
}

// openHeading is a heading whose end was not read yet.
type openHeading struct {
	level int
	tag   string // the start tag without its id
	id    string // given by hand
	html  strings.Builder
	text  plainText
}

// arrange puts sanitised markup in order.
func arrange(markup string) (*page, error) {
	p := &page{kept: tags{}, ids: map[string]bool{}, suffixes: map[string]int{}, colours: maxColours}
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for {
		kind := tokens.Next()
		raw := string(tokens.Raw())
		switch kind {
		case html.ErrorToken:
			p.closeTo(0)
			return p, nil
		case html.StartTagToken, html.SelfClosingTagToken:
			p.start(tokens.Token(), raw)
		case html.EndTagToken:
			p.end(tokens.Token().Data)
		case html.TextToken:
			p.word(raw, tokens.Token().Data)
		}
		if len(p.open) > maxElements {
			return nil, logic.Invalid("HTML elements are nested more than %d deep.", maxElements)
		}
		if len(p.headings) > maxHeadings {
			return nil, logic.Invalid("There are more than %d headings.", maxHeadings)
		}
	}
}

// Elements by how they behave in a page.
var (
	voids    = set("br hr img wbr col input")
	headings = set("h1 h2 h3 h4 h5 h6")
	// blocks stand on lines of their own.
	blocks = set("p hr div h1 h2 h3 h4 h5 h6 blockquote pre ul ol li dl dt dd figure figcaption details summary " +
		"table caption colgroup thead tbody tfoot tr")
	tableParts = set("table caption colgroup col thead tbody tfoot tr th td")
)

// parents says what an element must stand in; outside of it, browsers would let it end what stands around the page.
var parents = map[string]map[string]bool{
	"li": set("ul ol"), "dt": set("dl"), "dd": set("dl"), "rt": set("ruby"), "rp": set("ruby"),
	"caption": set("table"), "colgroup": set("table"), "col": set("colgroup table"),
	"thead": set("table"), "tbody": set("table"), "tfoot": set("table"),
	"tr": set("table thead tbody tfoot"), "th": set("tr"), "td": set("tr"),
}

func set(names string) map[string]bool {
	all := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		all[name] = true
	}
	return all
}

// start writes a start tag, unless the element can't stand here. It first ends what the element ends by standing here.
func (p *page) start(tag html.Token, raw string) {
	p.flushCode()
	name := tag.Data
	if blocks[name] {
		if i := p.find("p"); i >= 0 {
			p.closeTo(i)
		}
	}
	if allowed, bound := parents[name]; bound {
		i := p.findAny(allowed, tableParts[name])
		if i < 0 {
			return
		}
		p.closeTo(i + 1)
	}
	if headings[name] && p.heading != nil {
		p.closeTo(slices.IndexFunc(p.open, func(open string) bool { return headings[open] }))
	}
	if name == "input" && !isCheckbox(tag) {
		return
	}
	if blocks[name] {
		p.breakLine()
	}
	p.kept.add(name, attributeNames(tag))
	switch {
	case headings[name]:
		p.startHeading(tag)
	default:
		p.write(p.uniqueID(tag, raw))
	}
	if name == "br" {
		p.breakLine()
	}
	if name == "td" || name == "th" {
		p.text.nextCell()
	}
	if !voids[name] {
		p.open = append(p.open, name)
	}
	if name == "a" && p.note == 0 && strings.HasPrefix(attribute(tag, "class"), "footnote-") {
		p.note = len(p.open)
	}
	p.language = ""
	if n := len(p.open); name == "code" && n > 1 && p.open[n-2] == "pre" {
		p.language = languageOf(tag)
	}
}

// end writes an end tag, and those of all elements that are open within; an end tag without start is left out.
func (p *page) end(name string) {
	i := p.find(name)
	if i < 0 || voids[name] {
		return
	}
	if name == "code" {
		p.highlightCode()
	}
	p.closeTo(i)
}

// word writes text.
func (p *page) word(raw, text string) {
	if p.language != "" && p.code == "" {
		p.code = text
		p.addText(text, true)
		return
	}
	p.flushCode()
	p.write(raw)
	p.addText(text, slices.Contains(p.open, "pre"))
}

// closeTo ends open elements until n are left.
func (p *page) closeTo(n int) {
	p.flushCode()
	for i := len(p.open) - 1; i >= n; i-- {
		name := p.open[i]
		p.open = p.open[:i]
		if i < p.note {
			p.note = 0
		}
		p.write("</" + name + ">")
		if headings[name] {
			p.endHeading()
		}
		if blocks[name] {
			p.breakLine()
		}
	}
}

// find returns where the innermost open element with the given name stands, or -1. Cells and tables hide what is around
// them.
func (p *page) find(name string) int {
	return p.findAny(map[string]bool{name: true}, tableParts[name])
}

// findAny is find for several names; ofTable tells whether the names are those of a table's parts, which cells don't hide.
func (p *page) findAny(names map[string]bool, ofTable bool) int {
	for i := len(p.open) - 1; i >= 0; i-- {
		if names[p.open[i]] {
			return i
		}
		if p.open[i] == "table" || !ofTable && tableParts[p.open[i]] {
			return -1
		}
	}
	return -1
}

func (p *page) write(s string) {
	if p.heading != nil {
		p.heading.html.WriteString(s)
		return
	}
	p.html.WriteString(s)
}

func (p *page) addText(s string, verbatim bool) {
	if p.note > 0 { // a footnote's mark is no part of the text
		return
	}
	if p.heading != nil {
		p.heading.text.add(s, false)
	}
	p.text.add(s, verbatim && p.heading == nil)
}

func (p *page) breakLine() {
	if p.heading != nil {
		p.heading.text.add(" ", false)
	}
	p.text.breakLine()
}

func attributeNames(tag html.Token) []string {
	names := make([]string, len(tag.Attr))
	for i, attribute := range tag.Attr {
		names[i] = attribute.Key
	}
	return names
}

// attribute returns the value of the attribute with the given name, "" where there is none.
func attribute(tag html.Token, name string) string {
	for _, attribute := range tag.Attr {
		if attribute.Key == name {
			return attribute.Val
		}
	}
	return ""
}

// isCheckbox tells whether an input is a task's box: nothing that can be typed into or sent.
func isCheckbox(tag html.Token) bool {
	return attribute(tag, "type") == "checkbox" && slices.Contains(attributeNames(tag), "disabled")
}

// uniqueID returns the start tag without its id if the page has the id already; raw is the tag as it was read.
func (p *page) uniqueID(tag html.Token, raw string) string {
	id := attribute(tag, "id")
	if id == "" {
		return raw
	}
	if p.ids[id] {
		tag.Attr = slices.DeleteFunc(tag.Attr, func(a html.Attribute) bool { return a.Key == "id" })
		return tag.String()
	}
	p.ids[id] = true
	return raw
}

func (p *page) startHeading(tag html.Token) {
	p.heading = &openHeading{level: int(tag.Data[1] - '0'), id: attribute(tag, "id")}
	tag.Attr = slices.DeleteFunc(tag.Attr, func(a html.Attribute) bool { return a.Key == "id" })
	p.heading.tag = strings.TrimSuffix(tag.String(), ">")
}

// endHeading writes the heading that ended, now that its text is known, which the anchor is made of.
func (p *page) endHeading() {
	heading := p.heading
	p.heading = nil
	title := fold(heading.text.String())
	anchor := p.anchor(heading.id, title)
	p.headings = append(p.headings, Heading{Level: heading.level, Text: title, Anchor: anchor})
	p.write(heading.tag + ` id="` + anchor + `">` + heading.html.String())
}

// anchor returns an id for a heading that no other element of the page has: the one given by hand, else one made of its
// title.
func (p *page) anchor(id, title string) string {
	if id == "" {
		id = Slug(title)
	}
	if id == "" {
		id = "section"
	}
	unique := id
	for p.ids[unique] {
		p.suffixes[id]++
		unique = id + "-" + strconv.Itoa(p.suffixes[id])
	}
	p.ids[unique] = true
	return unique
}
