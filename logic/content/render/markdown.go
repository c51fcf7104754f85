package render

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"headwater/logic"
)

// Rendered is all that is worked out of a post's Markdown.
type Rendered struct {
	HTML      string    // sanitised and balanced: safe to insert into a page
	Text      string    // what HTML says, its blocks on lines of their own; no control characters but newlines and tabs
	Lead      string    // the beginning of Text with white space folded, about 1,000 characters, cut at a word
	WordCount int       // words of Text; each character of Chinese or Japanese is one
	Headings  []Heading // in order
	Removed   []Removal // what sanitising took out, by name; empty where nothing was
}

// Heading is a heading of a post's text.
type Heading struct {
	Level  int    // 1 to 6
	Text   string // without markup
	Anchor string // the id of the heading in the HTML, unique within the post
}

// Removal is a kind of thing that sanitising took out: What is "<script>" or "onclick attribute".
type Removal struct {
	What  string
	Count int
}

// maxSource is the longest Markdown that is taken, in bytes.
const maxSource = 1 << 20

// Markdown renders CommonMark with GitHub's additions (tables, strikethrough, task lists, plain addresses as links),
// footnotes, {#anchors} on headings and the raw HTML that sanitising allows. Code is highlighted by CSS classes.
//
// TOO_LONG above 1 MiB; INVALID, with a reason for the writer, where taking the text apart would take long (see work).
func Markdown(source string) (Rendered, error) {
	if len(source) > maxSource {
		return Rendered{}, logic.Fault(logic.CodeTooLong,
			"The text is %d bytes long; at most %d are taken.", len(source), maxSource)
	}
	markup, err := convert(clean(source))
	if err != nil {
		return Rendered{}, err
	}
	page, err := arrange(sanitise(markup))
	if err != nil {
		return Rendered{}, err
	}
	return Rendered{
		HTML:      page.html.String(),
		Text:      page.text.String(),
		Lead:      cut(fold(page.text.String()), leadLength),
		WordCount: countWords(page.text.String()),
		Headings:  page.headings,
		Removed:   removed(countTags(markup), page.kept),
	}, nil
}

// clean returns source as valid UTF-8 without byte order mark, with \n as its only line break, and without other control
// characters than tabs.
func clean(source string) []byte {
	source = strings.TrimPrefix(strings.ToValidUTF8(source, string(utf8.RuneError)), "\ufeff")
	source = strings.ReplaceAll(source, "\r\n", "\n")
	return []byte(dropControls(strings.ReplaceAll(source, "\r", "\n")))
}

// dropControls removes the ASCII control characters that HTML and text have no use for.
func dropControls(s string) string {
	return strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\n' && r != '\t') || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// convert turns Markdown into HTML that is not safe yet.
func convert(source []byte) (string, error) {
	context := parser.NewContext()
	work := startWork(context, source)
	document := converter().Parser().Parse(text.NewReader(source), parser.WithContext(context))
	if work.fault == nil {
		work.checkTree(document)
	}
	if work.fault != nil {
		return "", work.fault
	}
	var out bytes.Buffer
	if err := converter().Renderer().Render(&out, source, document); err != nil {
		return "", err
	}
	return out.String(), nil
}
