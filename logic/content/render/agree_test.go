package render

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
)

// checkAgrees reads a post's HTML as browsers do, and fails where its text, its headings or its beginning say something else.
func checkAgrees(t *testing.T, rendered Rendered) {
	t.Helper()
	document, err := html.Parse(strings.NewReader(rendered.HTML))
	if err != nil {
		t.Fatal(err)
	}
	var found []Heading
	for node := range document.Descendants() {
		if node.Type == html.ElementNode && headings[node.Data] {
			found = append(found, Heading{int(node.Data[1] - '0'), wordsOf(node), attributeOf(node, "id")})
		}
	}
	if !slices.EqualFunc(found, rendered.Headings, func(a, b Heading) bool {
		return a.Level == b.Level && a.Anchor == b.Anchor && withoutBlanks(a.Text) == withoutBlanks(b.Text)
	}) {
		t.Errorf("headings %v, of %v in %q", rendered.Headings, found, rendered.HTML)
	}
	if got, want := withoutBlanks(rendered.Text), withoutBlanks(wordsOf(document)); got != want {
		t.Errorf("text\n%q of\n%q", got, want)
	}
	if lead, whole := strings.CutSuffix(rendered.Lead, ellipsis); !strings.HasPrefix(fold(rendered.Text), lead) || !whole && lead != fold(rendered.Text) {
		t.Errorf("%q is not the beginning of %q", rendered.Lead, rendered.Text)
	}
	if count := countWords(rendered.Text); count != rendered.WordCount {
		t.Errorf("%d words, of %d", rendered.WordCount, count)
	}
}

// wordsOf returns the text within an element, without the marks of footnotes.
func wordsOf(node *html.Node) string {
	if node.Type == html.TextNode {
		return node.Data
	}
	if node.Data == "a" && strings.HasPrefix(attributeOf(node, "class"), "footnote-") {
		return ""
	}
	var words strings.Builder
	for child := range node.ChildNodes() {
		words.WriteString(wordsOf(child))
	}
	return words.String()
}

func attributeOf(node *html.Node, name string) string {
	for _, attribute := range node.Attr {
		if attribute.Key == name {
			return attribute.Val
		}
	}
	return ""
}

func withoutBlanks(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func TestPartsAgree(t *testing.T) {
	for name, source := range map[string]string{
		"a heading in a footnote":      "# One\n\nA[^1].\n\n[^1]: ## Two\n\n    more",
		"a footnote of a heading":      "# One[^1]\n\n[^1]: Note.",
		"one footnote twice":           "A[^1] b[^1].\n\n[^1]: Note.",
		"a footnote in a table":        "| a[^1] | *b* |\n|---|---|\n| `c\\|d` | e |\n\n[^1]: Note.",
		"code and a picture in one":    "## A `b < c` ![d](e.png) &amp; f {#g}\n\n```go\nvar a = \"<b>\"\n```",
		"headings of the same name":    "# A\n\n# A\n\n<h2 id=\"a\">A</h2>\n\nA\n===\n",
		"an anchor that a note has":    "# fn:1\n\nA[^1].\n\n[^1]: Note.",
		"two terms of letters":         "# Über\n\n# 日本語\n\nß ﬁ İ e\u0301",
		"a long text":                  strings.Repeat("Some words of it. ", 200),
		"a long text without blanks":   strings.Repeat("文字", 2000),
		"comments, entities, controls": "a <!-- b --> c &copy; d&#1;e \\* f&nbsp;g",
		"raw blocks within lines":      "<p>a</p>b<div>c<br>d</div>e<hr>f<details><summary>g</summary>h</details>",
		"tasks":                        "- [x] a\n- [ ] b `c`\n\n1. d\n   - e",
	} {
		t.Run(name, func(t *testing.T) {
			rendered := render(t, source)
			checkAgrees(t, rendered)
			checkSafe(t, rendered)
		})
	}
}
