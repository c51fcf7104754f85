package render

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// safeAttributes are all attributes that may come out, by the elements that may have them.
var safeAttributes = map[string]map[string]bool{
	"a": set("href class role"), "img": set("src alt width height"), "input": set("type checked disabled"),
	"blockquote": set("cite"), "q": set("cite"), "del": set("cite datetime"), "ins": set("cite datetime"), "time": set("datetime"),
	"details": set("open"), "ol": set("start reversed type"), "li": set("value id"), "sup": set("id"), "code": set("class"), "span": set("class"),
	"div": set("class role"), "th": set("align colspan rowspan scope"), "td": set("align colspan rowspan"), "col": set("span"), "colgroup": set("span"),
	"h1": set("id"), "h2": set("id"), "h3": set("id"), "h4": set("id"), "h5": set("id"), "h6": set("id"),
}

// safeEverywhere are the attributes that any element may have.
var safeEverywhere = set("title dir lang")

// safeValues is what must stand in the attributes that a page around acts upon.
var safeValues = map[string]*regexp.Regexp{
	"a class":    regexp.MustCompile(`^footnote-(ref|backref)$`),
	"a role":     regexp.MustCompile(`^doc-(noteref|backlink)$`),
	"div class":  regexp.MustCompile(`^footnotes$`),
	"div role":   regexp.MustCompile(`^doc-endnotes$`),
	"code class": regexp.MustCompile(`^language-[\w.+#-]+$`),
	"span class": regexp.MustCompile(`^[a-z][a-z0-9]{0,4}$`),
	"li id":      regexp.MustCompile(`^fn:\d+$`),
	"sup id":     regexp.MustCompile(`^fnref\d*:\d+$`),
	"input type": regexp.MustCompile(`^checkbox$`),
	"dir":        regexp.MustCompile(`^(ltr|rtl|auto)$`),
}

// schemeOf returns the scheme of an address as browsers read it: they leave out line breaks and tabs anywhere, and blanks and control
// characters in front.
func schemeOf(address string) string {
	address = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(address)
	address = strings.TrimLeftFunc(address, func(r rune) bool { return r <= ' ' })
	scheme, _, found := strings.Cut(address, ":")
	if !found || strings.ContainsAny(scheme, "/?#") {
		return ""
	}
	return strings.ToLower(scheme)
}

// around are elements that a page may put what it shows into; none of them may be ended from within.
var around = []string{"blockquote", "table", "tbody", "tr", "td", "ul", "li", "dl", "dd", "ruby", "figure", "details", "div", "section"}

// within returns markup as it stands in a page.
func within(markup string) string {
	var before, after string
	for _, name := range around {
		before += "<" + name + " data-around>"
		after = "</" + name + ">" + after
	}
	return "<!DOCTYPE html><body>" + before + markup + after + "<address data-around></address>"
}

// checkSafe parses HTML as a browser does, within an element of a page, and fails where anything comes of it that could run
// something, lead to where a post must not lead, or end the element that it stands in.
func checkSafe(t *testing.T, rendered Rendered) {
	t.Helper()
	if strings.ContainsAny(rendered.Text+rendered.Lead, "\x01\x02") || strings.ContainsAny(rendered.HTML, "\x00\x01\x02") {
		t.Errorf("control characters in %q", rendered.Text)
	}
	if again := sanitise(rendered.HTML); again != rendered.HTML {
		t.Errorf("sanitising once more changes\n%q to\n%q", rendered.HTML, again)
	}
	document, err := html.Parse(strings.NewReader(within(rendered.HTML)))
	if err != nil {
		t.Fatalf("%v: %q", err, rendered.HTML)
	}
	ids := map[string]bool{}
	surroundings := 0
	for node := range document.Descendants() {
		inside := slices.ContainsFunc(slices.Collect(node.Ancestors()), func(above *html.Node) bool { return above.Data == "section" })
		switch {
		case node.Type == html.CommentNode:
			t.Errorf("a comment in %q", rendered.HTML)
		case node.Type == html.TextNode && !inside:
			t.Errorf("%q stands outside of its place: %q", node.Data, rendered.HTML)
		}
		if node.Type != html.ElementNode || slices.Contains([]string{"html", "head", "body"}, node.Data) {
			continue
		}
		if slices.ContainsFunc(node.Attr, func(a html.Attribute) bool { return a.Key == "data-around" }) {
			surroundings++
			if node.Data == "address" && node.Parent.Data != "body" {
				t.Errorf("an element is left open by %q", rendered.HTML)
			}
			continue
		}
		if !elements[node.Data] || node.Namespace != "" {
			t.Errorf("element %s (%q) in %q", node.Data, node.Namespace, rendered.HTML)
		}
		if !inside {
			t.Errorf("<%s> stands outside of its place: %q", node.Data, rendered.HTML)
		}
		for _, attribute := range node.Attr {
			if !safeAttributes[node.Data][attribute.Key] && !safeEverywhere[attribute.Key] {
				t.Errorf("attribute %s of <%s> in %q", attribute.Key, node.Data, rendered.HTML)
			}
			for _, what := range []string{node.Data + " " + attribute.Key, attribute.Key} {
				if value := safeValues[what]; value != nil && !value.MatchString(attribute.Val) {
					t.Errorf("%s=%q of <%s> in %q", attribute.Key, attribute.Val, node.Data, rendered.HTML)
				}
			}
			switch attribute.Key {
			case "href", "src", "cite":
				if !slices.Contains([]string{"", "http", "https", "mailto"}, schemeOf(attribute.Val)) {
					t.Errorf("address %q in %q", attribute.Val, rendered.HTML)
				}
			case "id":
				if ids[attribute.Val] {
					t.Errorf("id %q twice in %q", attribute.Val, rendered.HTML)
				}
				ids[attribute.Val] = true
			}
		}
	}
	if surroundings != len(around)+1 {
		t.Errorf("what is around the page was changed by %q", rendered.HTML)
	}
}

// TestHostilePosts goes through testdata/xss.txt. More of them, whose control characters a file of text can't hold, stand below.
func TestHostilePosts(t *testing.T) {
	for name, source := range readHostile(t) {
		t.Run(name, func(t *testing.T) {
			rendered := render(t, source)
			checkSafe(t, rendered)
			checkAgrees(t, rendered)
		})
	}
}

// readHostile returns the texts of testdata/xss.txt by name.
func readHostile(t *testing.T) map[string]string {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", "xss.txt"))
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]string{}
	parts := strings.Split("\n"+string(file), "\n=== ")
	for _, part := range parts[1:] {
		name, source, _ := strings.Cut(part, "\n")
		if source == "" || sources[name] != "" {
			t.Fatalf("xss.txt: no text, or two, for %q", name)
		}
		sources[name] = source
	}
	return sources
}

func TestMarkdownIsSafe(t *testing.T) {
	sources := []string{
		// what a file of text can't hold
		"<\x00script>alert(1)</script>", "<scr\x01ipt>alert(1)</script>", `<scr&#1;ipt>alert(1)</script>`, `<a href="javascript` + "\u00a0" + `:alert(1)">x</a>`,
		"[a](java\rscript:alert(1))", "<img src=x\x0conerror=alert(1)>", "<img\x0bsrc=x\x0bonerror=alert(1)>", "[a](\x1bjavascript:alert(1))", "<a href=\"\xc0javascript:alert(1)\">x</a>",
		"<script\xff>alert(1)</script>", "\ufeff<script>alert(1)</script>", "<img src=x\u2028onerror=alert(1)>", "<script>/*\r\n\r\n*/alert(1)</script>",
		// what ends where it didn't begin
		`</div></div></section></body></html>x`, `<div><div>`, `<table><tr><td>`, `</table></td></tr>`, `<td>x</td>`, `<li>x`, `<tr><td>x`, `<b><i>x</b>y</i>`, `<p><table><p></table>`,
		`<ul><li><table></ul>x`, `<a href=x><a href=y>z`, `<h1><div><h2>x</h1>`, `<code><div></code>`, `<details><summary>x`, `<dl><dt><dl></dl><dd>`, `<caption><col><thead>`, `<ruby><rt><ruby>`, `<colgroup><col></table>`,
		"x</div>\n\n<div>\n\ny", "> <div>\n\n</div></blockquote>z", "- <ul>\n\n</ul></ul>", "<pre><code class=language-go>a</pre>b", "<pre><code class=language-go>a<b>c</b></code></pre>",
	}
	for _, source := range sources {
		t.Run(source, func(t *testing.T) { checkSafe(t, render(t, source)) })
	}
}

func TestSanitiseKeepsWhatItAllows(t *testing.T) {
	for name := range elements {
		source := "<" + name + ">x</" + name + ">"
		switch name {
		case "a":
			source = `<a href="https://example.org" title="t">x</a>`
		case "img":
			source = `<img src="/a.png" alt="b" width="10" height="50%">`
		case "input":
			source = `<input type="checkbox" disabled="">`
		case "br", "hr", "wbr":
			source = "<" + name + ">"
		case "li":
			source = `<ol start="3"><li value="4">x</li></ol>`
		case "dt", "dd":
			source = "<dl>" + source + "</dl>"
		case "rt", "rp":
			source = "<ruby>" + source + "</ruby>"
		case "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "colgroup", "col":
			source = `<table><caption>x</caption><colgroup><col span="2"></colgroup><thead><tr><th scope="col">x</th></tr></thead>` +
				`<tbody><tr><td colspan="2">x</td></tr></tbody><tfoot><tr><td>x</td></tr></tfoot></table>`
		case "h1", "h2", "h3", "h4", "h5", "h6":
			source = "<" + name + ` id="x">x</` + name + ">"
		}
		if got := render(t, "<div>"+source+"</div>"); got.HTML != "<div>"+source+"</div>" || len(got.Removed) > 0 {
			t.Errorf("%s became %s (removed %v)", source, got.HTML, got.Removed)
		}
	}
}

func TestRemoved(t *testing.T) {
	tests := []struct {
		name, source string
		want         []Removal
	}{
		{"nothing", "# Plain *text* &amp; <b>bold</b> <!-- and a comment -->", nil},
		{"elements, counted", "<script>a</script><b>x</b><script>b</script>\n\n<center>c</center>", []Removal{{"<center>", 1}, {"<script>", 2}}},
		{"attributes of what stays", `<p onclick="a" style="b" title="c">x</p>`, []Removal{{"onclick attribute", 1}, {"style attribute", 1}}},
		{"attributes of what goes are not told apart", `<iframe src=x onload=y></iframe>`, []Removal{{"<iframe>", 1}}},
		{"a link to nowhere good", "[a](data:text/html,x)", []Removal{{"<a>", 1}, {"href attribute", 1}}},
		{"a cell without a table", "<td>x</td>", []Removal{{"<td>", 1}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := render(t, test.source).Removed; !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
