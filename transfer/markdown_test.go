package transfer

import (
	"strings"
	"testing"

	"headwater/logic/content/render"
)

// TestHTMLBecomesMarkdown holds what is written, and that it is rendered to what the HTML meant.
func TestHTMLBecomesMarkdown(t *testing.T) {
	cases := []struct{ name, markup, markdown, rendered string }{
		{"paragraphs", "<p>One  two</p>\n<p>three</p>", "One two\n\nthree", "<p>One two</p><p>three</p>"},
		{"emphasis", "<p>a <em>b</em> <strong>c </strong>d <b><i>e</i></b></p>", "a *b* **c** d <strong>*e*</strong>", "<p>a <em>b</em> <strong>c</strong> d <strong><em>e</em></strong></p>"},
		{"within a word", "<p>un<em>frigging</em>believable<strong>, no</strong>t</p>", "un*frigging*believable<strong>, no</strong>t", "<p>un<em>frigging</em>believable<strong>, no</strong>t</p>"},
		{"signs", `<p>2*3*4 snake_case _x_ [a](b) &lt;b&gt; &amp;amp; C:\dir ~~no~~ ` + "`" + `</p>`, `2\*3\*4 snake_case \_x\_ [a\](b) \<b> &amp;amp; C:\\dir \~\~no\~\~ \` + "`", `<p>2*3*4 snake_case _x_ [a](b) &lt;b&gt; &amp;amp; C:\dir ~~no~~ ` + "`" + `</p>`},
		{"starts", "<p># no</p><p>1. no</p><p>- no</p><p>&gt; no</p><p>+1</p><p>===</p>", "\\# no\n\n1\\. no\n\n\\- no\n\n\\> no\n\n+1\n\n\\===", "<p># no</p><p>1. no</p><p>- no</p><p>&gt; no</p><p>+1</p><p>===</p>"},
		{"links", `<p><a href="https://example.org/a b(c)" title='T "q"'>x</a> <a name="y">z</a></p>`, `[x](<https://example.org/a%20b(c)> "T \"q\"") z`, `<p><a href="https://example.org/a%20b(c)" title="T &#34;q&#34;">x</a> z</p>`},
		{"images", `<p><img src="/a.png" alt="A [b]" class="x"/></p>`, `![A \[b\]](/a.png)`, `<p><img src="/a.png" alt="A [b]"></p>`},
		{"a linked image", `<a href="/b"><img src="/a.png" alt=""></a>`, `[![](/a.png)](/b)`, `<p><a href="/b"><img src="/a.png" alt=""></a></p>`},
		{"headings", `<h2 id="x">A <em>b</em> {c} #</h2>`, `## A *b* \{c} \#`, `<h2 id="a-b-c">A <em>b</em> {c} #</h2>`},
		{"code", `<p>run <code>a  ` + "`b`" + `</code></p>`, "run `` a `b` ``", "<p>run <code>a `b`</code></p>"},
		{"formatted", "<pre class=\"wp-block-code\"><code class=\"language-go\">if a &lt; b {\n\n\tx()\n}</code></pre>", "```go\nif a < b {\n\n\tx()\n}\n```", ""},
		{"lists", "<ul><li>a<ul><li>b</li></ul></li><li><p>c</p></li></ul><ul><li>d</li></ul>", "- a\n  - b\n- c\n\n* d", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><ul><li>d</li></ul>"},
		{"loose lists", `<ol start="3"><li><p>a</p><p>b</p></li><li>c</li></ol>`, "3. a\n\n   b\n\n4. c", `<ol start="3"><li><p>a</p><p>b</p></li><li><p>c</p></li></ol>`},
		{"quotes", "<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b", "<blockquote><p>a</p><p>b</p></blockquote>"},
		{"tables", "<table><tr><th>a|b</th><th>c</th></tr><tr><td>1</td></tr></table>", "| a\\|b | c |\n| --- | --- |\n| 1 | |", "<table><thead><tr><th>a|b</th><th>c</th></tr></thead><tbody><tr><td>1</td><td></td></tr></tbody></table>"},
		{"tables that need HTML", `<table class="x"><tr><td colspan="2">a</td></tr></table>`, `<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>`, `<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>`},
		{"figures", `<figure class="kg-card"><img src="/a.png" alt="A" loading="lazy"><figcaption>C <b>d</b></figcaption></figure>`, `<figure><img src="/a.png" alt="A"/><figcaption>C <b>d</b></figcaption></figure>`, `<figure><img src="/a.png" alt="A"/><figcaption>C <b>d</b></figcaption></figure>`},
		{"figures without a caption", `<figure><img src="/a.png"><figcaption> </figcaption></figure>`, `![](/a.png)`, `<p><img src="/a.png" alt=""></p>`},
		{"what Markdown lacks", `<p>H<sub>2</sub>O <kbd>Ctrl</kbd></p>`, `H<sub>2</sub>O <kbd>Ctrl</kbd>`, `<p>H<sub>2</sub>O <kbd>Ctrl</kbd></p>`},
		{"what only arranges", `<div class="row"><div><p>a</p></div><section>b</section></div>`, "a\n\nb", "<p>a</p><p>b</p>"},
		{"frames", `<p><iframe src="//video.example/1" title="Talk"></iframe></p>`, "[Talk](https://video.example/1)", `<p><a href="https://video.example/1">Talk</a></p>`},
		{"scripts", `<p>a</p><script>alert(1)</script><style>p{}</style>`, "a", "<p>a</p>"},
		{"comments", "<!-- wp:paragraph --><p>a</p><!-- /wp:paragraph --><!--more--><p>b</p>", "a\n\nb", "<p>a</p><p>b</p>"},
		{"breaks", "<p>a<br>b<br></p>", "a\\\nb", "<p>a<br>b</p>"},
		{"shortcodes", `<p>[gallery ids="1,2"]</p>`, `[gallery ids="1,2"]`, `<p>[gallery ids=&#34;1,2&#34;]</p>`},
		{"nothing", "<p>&nbsp;</p><p></p>", "", ""},
	}
	for _, c := range cases {
		got := markdownOf(c.markup, false, func(string) {})
		if got != c.markdown {
			t.Errorf("%s: %q became\n%q, want\n%q", c.name, c.markup, got, c.markdown)
			continue
		}
		if c.rendered == "" {
			continue
		}
		rendered, err := render.Markdown(got)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if html := withoutFeeds.Replace(rendered.HTML); html != c.rendered {
			t.Errorf("%s: %q is rendered as\n%q, want\n%q", c.name, got, html, c.rendered)
		}
	}
}

// withoutFeeds takes out the line feeds between elements.
var withoutFeeds = strings.NewReplacer("\n", "")

func TestLineFeedsOfWordPressAreBreaks(t *testing.T) {
	got := markdownOf("First line\nsecond <em>line\nthird</em>\n\n\nNew <strong>one</strong>\n<ul>\n<li>a</li>\n</ul>\nlast\n", true, func(string) {})
	want := "First line\\\nsecond *line\\\nthird*\n\nNew **one**\n\n- a\n\nlast"
	if got != want {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
}

func TestWhatIsLostIsToldOnce(t *testing.T) {
	var lost []string
	markdownOf(`<script>a</script><p>x<script>b</script></p><form><input name="q"></form><video src="/v.mp4"></video>`, false, func(what string) { lost = append(lost, what) })
	if got, want := strings.Join(lost, " | "), "<script> | <input> | <video>, a link is in its place"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
}

func TestDeepHTMLEnds(t *testing.T) {
	for _, element := range []string{"div", "ul><li", "em", "blockquote", "table><tr><td", "a"} {
		markup := strings.Repeat("<"+element+">", 20_000) + "core"
		if got := markdownOf(markup, true, func(string) {}); len(got) > 1<<20 {
			t.Errorf("<%s> 20,000 deep became %d bytes", element, len(got))
		}
	}
}

// FuzzHTMLBecomesMarkdown looks for HTML on which the writer fails, or of which it lets a script through.
func FuzzHTMLBecomesMarkdown(f *testing.F) {
	f.Add("<p>a <em>b</em></p><ul><li>c<pre>d</pre></ul><table><tr><td>e")
	f.Add("a\n\nb<br>[x](y)\n<figure><img src=x><figcaption>z")
	f.Fuzz(func(t *testing.T, markup string) {
		for _, breaks := range []bool{false, true} {
			if got := markdownOf(markup, breaks, func(string) {}); strings.Contains(got, "\n\n\n\n") && !strings.Contains(got, "```") {
				t.Errorf("%q became %q", markup, got)
			}
		}
	})
}
