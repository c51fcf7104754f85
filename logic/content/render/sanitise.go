package render

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// policy is what HTML in a post may be made of: markup of text, tables, images and links. Whatever it doesn't name is taken
// out. It may be used by many goroutines.
var policy = sync.OnceValue(newPolicy)

// plainElements may stand without any attribute.
var plainElements = []string{
	"p", "br", "hr", "div", "span", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "ul", "ol", "li", "dl", "dt", "dd",
	"em", "strong", "b", "i", "u", "s", "del", "ins", "mark", "small", "sub", "sup", "q", "cite", "abbr", "dfn", "kbd", "samp", "var",
	"time", "bdi", "bdo", "ruby", "rt", "rp", "wbr", "figure", "figcaption", "details", "summary",
	"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td",
}

func newPolicy() *bluemonday.Policy {
	only := regexp.MustCompile
	p := bluemonday.NewPolicy()
	p.AllowNoAttrs().OnElements(plainElements...)

	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src").OnElements("img")
	p.AllowAttrs("cite").OnElements("blockquote", "q", "del", "ins")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(only(`^\d{1,5}%?$`)).OnElements("img")

	p.AllowAttrs("title").Globally()
	p.AllowAttrs("dir").Matching(only(`^(ltr|rtl|auto)$`)).Globally()
	p.AllowAttrs("lang").Matching(only(`^[A-Za-z0-9-]{1,35}$`)).Globally()
	p.AllowAttrs("datetime").Matching(only(`^[0-9A-Za-z:.+ -]{1,40}$`)).OnElements("time", "del", "ins")
	p.AllowAttrs("open").Matching(only(`^(open)?$`)).OnElements("details")

	p.AllowAttrs("align").Matching(only(`^(left|center|right)$`)).OnElements("th", "td")
	p.AllowAttrs("colspan", "rowspan").Matching(only(`^\d{1,3}$`)).OnElements("th", "td")
	p.AllowAttrs("scope").Matching(only(`^(row|col|rowgroup|colgroup)$`)).OnElements("th")
	p.AllowAttrs("span").Matching(only(`^\d{1,3}$`)).OnElements("col", "colgroup")
	p.AllowAttrs("start").Matching(only(`^-?\d{1,9}$`)).OnElements("ol")
	p.AllowAttrs("reversed").Matching(only(`^(reversed)?$`)).OnElements("ol")
	p.AllowAttrs("type").Matching(only(`^[1aAiI]$`)).OnElements("ol")
	p.AllowAttrs("value").Matching(only(`^-?\d{1,9}$`)).OnElements("li")

	p.AllowAttrs("type").Matching(only(`^checkbox$`)).OnElements("input")
	p.AllowAttrs("checked", "disabled").Matching(only(`^$`)).OnElements("input")

	// An anchor can stand in an address as it is.
	p.AllowAttrs("id").Matching(only(`^[\pL\pN][\pL\pM\pN._-]{0,99}$`)).OnElements("h1", "h2", "h3", "h4", "h5", "h6")
	p.AllowAttrs("id").Matching(only(`^fn:\d{1,6}$`)).OnElements("li")
	p.AllowAttrs("id").Matching(only(`^fnref\d{0,6}:\d{1,6}$`)).OnElements("sup")
	p.AllowAttrs("class").Matching(only(`^footnote-(ref|backref)$`)).OnElements("a")
	p.AllowAttrs("class").Matching(only(`^footnotes$`)).OnElements("div")
	p.AllowAttrs("role").Matching(only(`^doc-(noteref|backlink|endnotes)$`)).OnElements("a", "div")
	p.AllowAttrs("class").Matching(only(`^language-[\w.+#-]{1,40}$`)).OnElements("code")
	p.AllowAttrs("class").Matching(only(`^[a-z][a-z0-9]{0,4}$`)).OnElements("span")

	p.SkipElementsContent("svg", "math", "template", "textarea", "select", "xmp", "plaintext", "head", "audio", "video",
		"canvas", "applet", "embed")
	return p
}

// sanitise takes out of markup what policy doesn't allow, and control characters that stood in it as entities.
func sanitise(markup string) string { return dropControls(policy().Sanitize(markup)) }

// tags counts start tags as "<name>", and attributes of allowed elements as "name attribute".
type tags map[string]int

func (t tags) add(name string, attributes []string) {
	t["<"+name+">"]++
	for _, attribute := range attributes {
		t[attribute+" attribute"]++
	}
}

// elements holds the names of all elements that can stand in a post.
var elements = func() map[string]bool {
	names := map[string]bool{"a": true, "img": true, "input": true}
	for _, name := range plainElements {
		names[name] = true
	}
	return names
}()

// countTags counts what stands in markup.
func countTags(markup string) tags {
	counted := tags{}
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return counted
		case html.StartTagToken, html.SelfClosingTagToken:
			name, attributes := readTag(tokens)
			if !elements[name] {
				attributes = nil
			}
			counted.add(name, attributes)
		}
	}
}

// readTag returns the name of the tag that tokens stands at, and the names of its attributes.
func readTag(tokens *html.Tokenizer) (string, []string) {
	name, more := tokens.TagName()
	var attributes []string
	for more {
		var key []byte
		key, _, more = tokens.TagAttr()
		attributes = append(attributes, string(key))
	}
	return string(name), attributes
}

// removed returns what is in before and no longer in after, by name.
func removed(before, after tags) []Removal {
	var gone []Removal
	for _, what := range slices.Sorted(maps.Keys(before)) {
		if count := before[what] - after[what]; count > 0 {
			gone = append(gone, Removal{what, count})
		}
	}
	return gone
}
