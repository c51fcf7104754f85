package transfer

import (
	"encoding/xml"
	"io"
	"iter"

	"headwater/logic"
)

// SitemapLimit is how many addresses one sitemap holds at most, by the protocol of sitemaps.org.
const SitemapLimit = 50_000

// SitemapPlace is a page that search engines are to know of, or a sitemap of such pages.
type SitemapPlace struct {
	Address   string
	UpdatedAt *logic.Moment
}

// sitemapPlace is an entry of a sitemap, or of an index of sitemaps, as it is written.
type sitemapPlace struct {
	Address   string `xml:"loc"`
	UpdatedAt string `xml:"lastmod,omitempty"`
}

// WriteSitemap writes a sitemap of places, which are asked for one by one as they are written; it ends at the first error.
func WriteSitemap(w io.Writer, places iter.Seq2[SitemapPlace, error]) error {
	return writePlaces(w, "urlset", "url", places)
}

// WriteSitemapIndex writes an index of sitemaps.
func WriteSitemapIndex(w io.Writer, sitemaps []SitemapPlace) error {
	return writePlaces(w, "sitemapindex", "sitemap", func(yield func(SitemapPlace, error) bool) {
		for _, sitemap := range sitemaps {
			if !yield(sitemap, nil) {
				return
			}
		}
	})
}

func writePlaces(w io.Writer, all, each string, places iter.Seq2[SitemapPlace, error]) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	root := xml.StartElement{Name: xml.Name{Local: all}, Attr: []xml.Attr{
		{Name: xml.Name{Local: "xmlns"}, Value: "http://www.sitemaps.org/schemas/sitemap/0.9"},
	}}
	if err := encoder.EncodeToken(root); err != nil {
		return err
	}
	for place, err := range places {
		if err != nil {
			return err
		}
		written := sitemapPlace{Address: place.Address}
		if place.UpdatedAt != nil {
			written.UpdatedAt = feedTime(*place.UpdatedAt)
		}
		if err := encoder.EncodeElement(written, xml.StartElement{Name: xml.Name{Local: each}}); err != nil {
			return err
		}
	}
	if err := encoder.EncodeToken(root.End()); err != nil {
		return err
	}
	return encoder.Close()
}
