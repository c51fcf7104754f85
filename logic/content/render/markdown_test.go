package render

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"headwater/logic"
)

func render(t *testing.T, source string) Rendered {
	t.Helper()
	rendered, err := Markdown(source)
	if err != nil {
		t.Fatalf("Markdown(%.60q): %v", source, err)
	}
	return rendered
}

func TestMarkdown(t *testing.T) {
	tests := []struct{ name, source, html, text string }{
		{"nothing", "", "", ""},
		{"a paragraph", "Some *words* and **more**.", "<p>Some <em>words</em> and <strong>more</strong>.</p>\n", "Some words and more."},
		{"lines of a paragraph are one line of text", "One\ntwo", "<p>One\ntwo</p>\n", "One two"},
		{"a hard break is a line of text", "One  \ntwo", "<p>One<br>\ntwo</p>\n", "One\ntwo"},
		{"Windows line ends", "One\r\n\r\ntwo", "<p>One</p>\n<p>two</p>\n", "One\ntwo"},
		{"strikethrough", "~~no~~", "<p><del>no</del></p>\n", "no"},
		{"a plain address", "See https://example.org/a_b.", `<p>See <a href="https://example.org/a_b">https://example.org/a_b</a>.</p>` + "\n", "See https://example.org/a_b."},
		{"tasks", "- [x] done\n- [ ] open", `<ul>
<li><input checked="" disabled="" type="checkbox"> done</li>
<li><input disabled="" type="checkbox"> open</li>
</ul>
`, "done\nopen"},
		{"a table, cells apart by tabs", "|a|b|\n|-|:-:|\n|1|2|", `<table>
<thead>
<tr>
<th>a</th>
<th align="center">b</th>
</tr>
</thead>
<tbody>
<tr>
<td>1</td>
<td align="center">2</td>
</tr>
</tbody>
</table>
`, "a\tb\n1\t2"},
		{"footnotes, whose marks are no text", "Said[^a].\n\n[^a]: By whom.", `<p>Said<sup id="fnref:1"><a href="#fn:1" class="footnote-ref" role="doc-noteref">1</a></sup>.</p>
<div class="footnotes" role="doc-endnotes">
<hr>
<ol>
<li id="fn:1">
<p>By whom.` + "\u00a0" + `<a href="#fnref:1" class="footnote-backref" role="doc-backlink">↩︎</a></p>
</li>
</ol>
</div>
`, "Said.\nBy whom."},
		{"code keeps its white space", "```\na  b\n\tc\n```", "<pre><code>a  b\n\tc\n</code></pre>\n", "a  b\n\tc"},
		{"code is highlighted by classes", "```go\nvar a = \"<b>\"\n```",
			`<pre><code class="language-go"><span class="kd">var</span> <span class="nx">a</span> <span class="p">=</span> <span class="s">&#34;&lt;b&gt;&#34;</span>` + "\n</code></pre>\n",
			"var a = \"<b>\""},
		{"code in no language that is known", "```nonesuch\na < b\n```", "<pre><code class=\"language-nonesuch\">a &lt; b\n</code></pre>\n", "a < b"},
		{"raw HTML that is allowed", `<figure><img src="a.png" alt="A"><figcaption>B</figcaption></figure>`,
			`<figure><img src="a.png" alt="A"><figcaption>B</figcaption></figure>`, "B"},
		{"control characters, also as entities", "a\x01b&#1;c&#2;d\x7f", "<p>abcd</p>\n", "abcd"},
		{"bytes that are no UTF-8", "a\xffb", "<p>a\ufffdb</p>\n", "a\ufffdb"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := render(t, test.source)
			if got.HTML != test.html {
				t.Errorf("HTML:\n%q\nwant\n%q", got.HTML, test.html)
			}
			if got.Text != test.text {
				t.Errorf("Text %q, want %q", got.Text, test.text)
			}
			if len(got.Removed) > 0 {
				t.Errorf("removed %v", got.Removed)
			}
		})
	}
}

func TestHeadings(t *testing.T) {
	tests := []struct {
		name, source string
		want         []Heading
	}{
		{"none", "text", nil},
		{"levels and markup", "# One\n\n### Two `three` [four](x)", []Heading{{1, "One", "one"}, {3, "Two three four", "two-three-four"}}},
		{"the same twice", "# A\n# A\n# A 1\n# A", []Heading{{1, "A", "a"}, {1, "A", "a-1"}, {1, "A 1", "a-1-1"}, {1, "A", "a-2"}}},
		{"letters of the world", "# Über Größe\n# Привет, мир\n# 日本語", []Heading{{1, "Über Größe", "uber-grosse"}, {1, "Привет, мир", "привет-мир"}, {1, "日本語", "日本語"}}},
		{"nothing to make an anchor of", "# !?\n#", []Heading{{1, "!?", "section"}, {1, "", "section-1"}}},
		{"an anchor given by hand", "# Compatibility {#go1}\n\n<h2 id=\"x.y\">Raw</h2>", []Heading{{1, "Compatibility", "go1"}, {2, "Raw", "x.y"}}},
		{"an anchor that would be none", `<h2 id="a b">Raw</h2>`, []Heading{{2, "Raw", "raw"}}},
		{"underlined", "One\n===\n\nTwo\n---", []Heading{{1, "One", "one"}, {2, "Two", "two"}}},
		{"within a quote", "> # One", []Heading{{1, "One", "one"}}},
		{"one within another", "<h1>a<h2>b</h2></h1>", []Heading{{1, "a", "a"}, {2, "b", "b"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := render(t, test.source)
			if !slices.Equal(got.Headings, test.want) {
				t.Errorf("got %v, want %v", got.Headings, test.want)
			}
			for _, heading := range got.Headings {
				if count := strings.Count(got.HTML, ` id="`+heading.Anchor+`"`); count != 1 {
					t.Errorf("id %q stands %d times in %s", heading.Anchor, count, got.HTML)
				}
			}
		})
	}
}

func TestMarkdownTellsLeadAndWords(t *testing.T) {
	got := render(t, "# Title\n\n"+strings.Repeat("Some words here. ", 200))
	if got.WordCount != 601 {
		t.Errorf("%d words, want 601", got.WordCount)
	}
	if length := len([]rune(got.Lead)); length > leadLength || length < leadLength-20 {
		t.Errorf("the lead has %d characters, want about %d", length, leadLength)
	}
	if !strings.HasPrefix(got.Lead, "Title Some words here. Some") || !strings.HasSuffix(got.Lead, "…") {
		t.Errorf("lead %q", got.Lead)
	}
}

func TestMarkdownRefusesTooLong(t *testing.T) {
	if _, err := Markdown(strings.Repeat("a", maxSource+1)); logic.CodeOf(err) != logic.CodeTooLong {
		t.Errorf("got %v, want %s", err, logic.CodeTooLong)
	}
}

// realData returns the folder of real input, or skips the test.
func realData(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("HEADWATER_REAL_DATA")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("no real data: set HEADWATER_REAL_DATA to its folder (%v)", err)
	}
	return folder
}

func TestMarkdownOfARealBlog(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(realData(t), "golang-blog", "*.md"))
	if err != nil || len(files) == 0 {
		t.Skipf("no posts: %v", err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rendered, err := Markdown(string(source))
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
			continue
		}
		checkSafe(t, rendered)
		checkAgrees(t, rendered)
		if rendered.WordCount == 0 || rendered.Text == "" || rendered.Lead == "" {
			t.Errorf("%s: nothing came out", filepath.Base(file))
		}
	}
	t.Logf("%d posts", len(files))
}

func BenchmarkMarkdown(b *testing.B) {
	part := "## A part\n\n" + strings.Repeat("Some *prose* with `code`, a [link](https://example.org) and **more** of it.\n", 12) +
		"\n- one\n- two\n\n```go\nfunc f(a int) string {\n\treturn fmt.Sprint(a) // done\n}\n```\n\n|a|b|\n|-|-|\n|1|2|\n\n"
	source := strings.Repeat(part, 10<<10/len(part)+1)[:10<<10]
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		if _, err := Markdown(source); err != nil {
			b.Fatal(err)
		}
	}
}

func TestMarkdownByManyAtOnce(t *testing.T) {
	source := "# A\n\n*b* [c](d)[^1]\n\n```go\nvar a = 1\n```\n\n|a|\n|-|\n|`\\|`|\n\n[^1]: e\n"
	want := render(t, source)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				if got, err := Markdown(source); err != nil || got.HTML != want.HTML {
					t.Errorf("got %q (%v), want %q", got.HTML, err, want.HTML)
				}
			}
		})
	}
	group.Wait()
}
