package render

import (
	"bytes"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Address is the address of an image, or of what a link leads to, as a text has it.
type Address struct {
	Text    string // without the escapes and entities that it is written with
	IsImage bool
}

// place is where an address stands in a source.
type place struct {
	Address
	start, end int
}

// Readdress returns Markdown in which the addresses of images and links are others, where replace says so, in Markdown and in HTML that
// stands in it; what is shown as code stays. New addresses must be of letters, digits and any of / . - _ alone. Where nothing is replaced, the
// source is returned as it is. Errors are those of Markdown.
func Readdress(source string, replace func(Address) (string, bool)) (string, error) {
	cleaned := clean(source)
	places, err := findAddresses(cleaned)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	at := 0
	for _, place := range places {
		if address, ok := replace(place.Address); ok && place.start >= at {
			out.Write(cleaned[at:place.start])
			out.WriteString(address)
			at = place.end
		}
	}
	if at == 0 {
		return source, nil
	}
	out.Write(cleaned[at:])
	return out.String(), nil
}

// findAddresses returns the addresses of images and links in the order in which they stand in source.
func findAddresses(source []byte) ([]place, error) {
	context := parser.NewContext()
	work := startWork(context, source)
	document := converter().Parser().Parse(text.NewReader(source), parser.WithContext(context))
	if work.fault != nil {
		return nil, work.fault
	}
	finder := addressFinder{source: source, referred: map[string]bool{}}
	if err := ast.Walk(document, finder.visit); err != nil {
		return nil, err
	}
	finder.findDefinitions(document)
	slices.SortFunc(finder.found, func(a, b place) int { return a.start - b.start })
	return slices.CompactFunc(finder.found, func(a, b place) bool { return a.start == b.start }), nil
}

type addressFinder struct {
	source   []byte
	referred map[string]bool // what references lead to; whether an image has any of them
	found    []place
}

func (f *addressFinder) visit(node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering { // what stands within a link comes first
		return ast.WalkContinue, nil
	}
	switch node := node.(type) {
	case *ast.Image:
		f.addLink(node.Pos(), node.Destination, node.Reference, true)
	case *ast.Link:
		f.addLink(node.Pos(), node.Destination, node.Reference, false)
	case *ast.RawHTML:
		if count := node.Segments.Len(); count > 0 {
			f.addMarkup(node.Segments.At(0).Start, node.Segments.At(count-1).Stop)
		}
	case *ast.HTMLBlock:
		f.addBlock(node)
	}
	return ast.WalkContinue, nil
}

// addLink adds the address of a link or an image that begins at start.
func (f *addressFinder) addLink(start int, raw []byte, reference *ast.ReferenceLink, isImage bool) {
	switch {
	case len(raw) == 0 || start < 0:
	case reference != nil:
		f.referred[string(raw)] = f.referred[string(raw)] || isImage
	default:
		for i := len(f.found) - 1; i >= 0 && f.found[i].start > start; i-- {
			start = max(start, f.found[i].end) // it stands behind what stands within it
		}
		f.add(start, `\]\([\s>]*<?`, raw, isImage)
	}
}

// add adds an address that stands, as raw, behind the first that before matches from start on.
func (f *addressFinder) add(start int, before string, raw []byte, isImage bool) {
	at := regexp.MustCompile(before + `(` + regexp.QuoteMeta(string(raw)) + `)`).FindSubmatchIndex(f.source[start:])
	if at == nil {
		return
	}
	address := html.UnescapeString(string(util.UnescapePunctuations(raw)))
	f.found = append(f.found, place{Address{address, isImage}, start + at[2], start + at[3]})
}

// findDefinitions adds what the definitions say that references lead to.
func (f *addressFinder) findDefinitions(document ast.Node) {
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if definition, ok := node.(*ast.LinkReferenceDefinition); ok && entering && definition.Pos() >= 0 {
			if isImage, ok := f.referred[string(definition.Destination)]; ok {
				f.add(definition.Pos(), `\]:[\s>]*<?`, definition.Destination, isImage)
			}
		}
		return ast.WalkContinue, nil
	})
}

// addBlock adds the addresses in a block of HTML.
func (f *addressFinder) addBlock(node *ast.HTMLBlock) {
	lines := node.Lines()
	if lines.Len() == 0 {
		return
	}
	end := lines.At(lines.Len() - 1).Stop
	if node.HasClosure() {
		end = node.ClosureLine.Stop
	}
	f.addMarkup(lines.At(0).Start, end)
}

var (
	htmlComment = regexp.MustCompile(`(?s)<!--.*?-->`)
	htmlAddress = regexp.MustCompile(`(?is)<(img|a)\b(?:[^>"']|"[^"]*"|'[^']*')*?\s(src|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`)
)

// addMarkup adds the addresses in HTML from start to end. Comments have none.
func (f *addressFinder) addMarkup(start, end int) {
	markup := bytes.Clone(f.source[start:end])
	for _, comment := range htmlComment.FindAllIndex(markup, -1) {
		for i := comment[0]; i < comment[1]; i++ {
			markup[i] = ' '
		}
	}
	for _, match := range htmlAddress.FindAllSubmatchIndex(markup, -1) {
		isImage := strings.EqualFold(string(markup[match[2]:match[3]]), "img")
		if isImage != strings.EqualFold(string(markup[match[4]:match[5]]), "src") {
			continue
		}
		for group := 6; group < len(match); group += 2 {
			if match[group] >= 0 {
				raw := string(markup[match[group]:match[group+1]])
				f.found = append(f.found, place{Address{strings.TrimSpace(html.UnescapeString(raw)), isImage}, start + match[group], start + match[group+1]})
			}
		}
	}
}
