package transfer

import (
	"encoding/xml"
	"io"
)

// The elements of Atom (RFC 4287) that a feed has. Characters that XML can't hold are replaced as they are written.
type (
	atomText struct {
		Type string `xml:"type,attr,omitempty"`
		Base string `xml:"xml:base,attr,omitempty"`
		Text string `xml:",chardata"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomCategory struct {
		Term string `xml:"term,attr"`
	}
	atomEntry struct {
		XMLName    xml.Name       `xml:"entry"`
		Language   string         `xml:"xml:lang,attr,omitempty"`
		ID         string         `xml:"id"`
		Title      atomText       `xml:"title"`
		Link       atomLink       `xml:"link"`
		Published  string         `xml:"published"`
		Updated    string         `xml:"updated"`
		Authors    []atomPerson   `xml:"author"`
		Categories []atomCategory `xml:"category"`
		Summary    *atomText      `xml:"summary"`
		Content    atomText       `xml:"content"`
	}
)

// WriteAtom writes a feed as Atom 1.0.
func WriteAtom(w io.Writer, feed Feed) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	root := xml.StartElement{Name: xml.Name{Local: "feed"}, Attr: []xml.Attr{
		{Name: xml.Name{Local: "xmlns"}, Value: "http://www.w3.org/2005/Atom"},
		{Name: xml.Name{Local: "xml:lang"}, Value: feed.Language},
	}}
	if err := encoder.EncodeToken(root); err != nil {
		return err
	}
	if err := writeAtomHead(encoder, feed); err != nil {
		return err
	}
	for entry, err := range feed.Entries {
		if err != nil {
			return err
		}
		if err := encoder.Encode(entry.atom()); err != nil {
			return err
		}
	}
	if err := encoder.EncodeToken(root.End()); err != nil {
		return err
	}
	return encoder.Close()
}

// writeAtomHead writes all of a feed but its entries. The site is the author of what names none.
func writeAtomHead(encoder *xml.Encoder, feed Feed) error {
	elements := []struct {
		name  string
		value any
	}{
		{"id", feed.Self},
		{"title", atomText{Text: feed.Title}},
		{"link", atomLink{Rel: "self", Type: "application/atom+xml", Href: feed.Self}},
		{"link", atomLink{Rel: "alternate", Href: feed.Home}},
		{"updated", feedTime(feed.UpdatedAt)},
		{"author", atomPerson{feed.Title}},
		{"generator", "Headwater"},
	}
	for _, element := range elements {
		if err := encoder.EncodeElement(element.value, xml.StartElement{Name: xml.Name{Local: element.name}}); err != nil {
			return err
		}
	}
	if feed.Description == "" {
		return nil
	}
	return encoder.EncodeElement(atomText{Text: feed.Description}, xml.StartElement{Name: xml.Name{Local: "subtitle"}})
}

func (e FeedEntry) atom() atomEntry {
	entry := atomEntry{
		Language: e.Language, ID: e.ID, Title: atomText{Text: e.Title}, Link: atomLink{Rel: "alternate", Href: e.Address},
		Published: feedTime(e.PublishedAt), Updated: feedTime(e.UpdatedAt),
		Content: atomText{Type: "html", Base: e.Address, Text: e.HTML},
	}
	for _, name := range e.Authors {
		entry.Authors = append(entry.Authors, atomPerson{name})
	}
	for _, name := range e.Tags {
		entry.Categories = append(entry.Categories, atomCategory{name})
	}
	if e.Summary != "" {
		entry.Summary = &atomText{Text: e.Summary}
	}
	return entry
}
