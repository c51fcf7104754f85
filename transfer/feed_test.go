package transfer_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"regexp"
	"strings"
	"testing"
	"time"

	"headwater/logic"
	"headwater/transfer"
)

// hostile is text that would break out of either format, with characters that neither can hold as they are.
const hostile = "a<b>&\"'\x00\x01\x0b\x1f\ufffe\uffff]]>\u2028\xff</title></content>é😀\n\tz"

// hostilePlain is what a reader of XML gets of it.
var hostilePlain = strings.ToValidUTF8(strings.NewReplacer("\x00", "\ufffd", "\x01", "\ufffd", "\x0b", "\ufffd", "\x1f", "\ufffd",
	"\ufffe", "\ufffd", "\uffff", "\ufffd").Replace(hostile), "\ufffd")

var feedMoment = logic.MomentOf(time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC))

func testFeed() transfer.Feed {
	entries := []transfer.FeedEntry{
		{
			ID: "tag:example.org,2026-01-02:one", Address: "https://example.org/one?a=1&b=2", Title: hostile, Summary: hostile, HTML: "<p>" + hostile + "</p>",
			Language: "de", Authors: []string{hostile, "Ada"}, Tags: []string{hostile, "ponds"}, PublishedAt: feedMoment, UpdatedAt: feedMoment + 60_000,
		},
		{ID: "tag:example.org,2026-01-02:two", Address: "https://example.org/two", Title: "Two", Authors: []string{"Ada"}, PublishedAt: feedMoment, UpdatedAt: feedMoment},
	}
	return transfer.Feed{
		Title: hostile, Description: hostile, Language: "en", Home: "https://example.org", Self: "https://api.example.org/feed", UpdatedAt: feedMoment,
		Entries: func(yield func(transfer.FeedEntry, error) bool) {
			for _, entry := range entries {
				if !yield(entry, nil) {
					return
				}
			}
		},
	}
}

// atomFeed is what a reader makes of a feed.
type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Language string      `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID       []string    `xml:"http://www.w3.org/2005/Atom id"`
	Title    []string    `xml:"http://www.w3.org/2005/Atom title"`
	Subtitle []string    `xml:"http://www.w3.org/2005/Atom subtitle"`
	Updated  []time.Time `xml:"http://www.w3.org/2005/Atom updated"`
	Author   []string    `xml:"http://www.w3.org/2005/Atom author>name"`
	Links    []atomLink  `xml:"http://www.w3.org/2005/Atom link"`
	Entries  []struct {
		Language   string      `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
		ID         []string    `xml:"http://www.w3.org/2005/Atom id"`
		Title      []string    `xml:"http://www.w3.org/2005/Atom title"`
		Published  []time.Time `xml:"http://www.w3.org/2005/Atom published"`
		Updated    []time.Time `xml:"http://www.w3.org/2005/Atom updated"`
		Authors    []string    `xml:"http://www.w3.org/2005/Atom author>name"`
		Summary    []string    `xml:"http://www.w3.org/2005/Atom summary"`
		Links      []atomLink  `xml:"http://www.w3.org/2005/Atom link"`
		Categories []struct {
			Term string `xml:"term,attr"`
		} `xml:"http://www.w3.org/2005/Atom category"`
		Content []struct {
			Type string `xml:"type,attr"`
			Base string `xml:"http://www.w3.org/XML/1998/namespace base,attr"`
			Text string `xml:",chardata"`
		} `xml:"http://www.w3.org/2005/Atom content"`
	} `xml:"http://www.w3.org/2005/Atom entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

func TestAtomHoldsWhatItMust(t *testing.T) {
	t.Parallel()
	var written bytes.Buffer
	if err := transfer.WriteAtom(&written, testFeed()); err != nil {
		t.Fatal(err)
	}
	var feed atomFeed
	if err := xml.Unmarshal(written.Bytes(), &feed); err != nil {
		t.Fatalf("%v in %s", err, &written)
	}
	second := feedMoment.Time().Truncate(time.Second)
	if len(feed.ID) != 1 || feed.ID[0] != "https://api.example.org/feed" || len(feed.Title) != 1 || feed.Title[0] != hostilePlain || feed.Subtitle[0] != hostilePlain ||
		len(feed.Updated) != 1 || !feed.Updated[0].Equal(second) || len(feed.Author) != 1 || feed.Language != "en" {
		t.Errorf("the feed is %+v", feed)
	}
	if len(feed.Links) != 2 || feed.Links[0] != (atomLink{"self", "https://api.example.org/feed"}) || feed.Links[1] != (atomLink{"alternate", "https://example.org"}) {
		t.Errorf("its links are %v", feed.Links)
	}
	if len(feed.Entries) != 2 {
		t.Fatalf("there are %d entries", len(feed.Entries))
	}
	entry := feed.Entries[0]
	if len(entry.ID) != 1 || entry.ID[0] != "tag:example.org,2026-01-02:one" || len(entry.Title) != 1 || entry.Title[0] != hostilePlain || entry.Language != "de" ||
		len(entry.Published) != 1 || !entry.Published[0].Equal(second) || len(entry.Updated) != 1 || !entry.Updated[0].Equal(second.Add(time.Minute)) ||
		len(entry.Authors) != 2 || entry.Authors[0] != hostilePlain || len(entry.Summary) != 1 || entry.Summary[0] != hostilePlain ||
		len(entry.Links) != 1 || entry.Links[0] != (atomLink{"alternate", "https://example.org/one?a=1&b=2"}) ||
		len(entry.Categories) != 2 || entry.Categories[0].Term != hostilePlain {
		t.Errorf("the entry is %+v", entry)
	}
	if len(entry.Content) != 1 || entry.Content[0].Type != "html" || entry.Content[0].Text != "<p>"+hostilePlain+"</p>" || entry.Content[0].Base != entry.Links[0].Href {
		t.Errorf("its content is %+v", entry.Content)
	}
	if second := feed.Entries[1]; len(second.Summary) != 0 || len(second.Content) != 1 {
		t.Errorf("the second is %+v", second)
	}
}

func TestJSONFeedHoldsWhatItMust(t *testing.T) {
	t.Parallel()
	var written bytes.Buffer
	if err := transfer.WriteJSONFeed(&written, testFeed()); err != nil {
		t.Fatal(err)
	}
	type author struct{ Name string }
	var feed struct {
		Version, Title, Description, Language string
		HomePageURL                           string `json:"home_page_url"`
		FeedURL                               string `json:"feed_url"`
		Authors                               []author
		Items                                 []struct {
			ID, URL, Title, Summary, Language string
			ContentHTML                       string    `json:"content_html"`
			DatePublished                     time.Time `json:"date_published"`
			DateModified                      time.Time `json:"date_modified"`
			Authors                           []author
			Tags                              []string
		}
	}
	if err := json.Unmarshal(written.Bytes(), &feed); err != nil {
		t.Fatalf("%v in %s", err, &written)
	}
	kept := strings.ToValidUTF8(hostile, "\ufffd") // JSON holds every character
	if feed.Version != "https://jsonfeed.org/version/1.1" || feed.Title != kept || feed.Description != kept || feed.Language != "en" ||
		feed.HomePageURL != "https://example.org" || feed.FeedURL != "https://api.example.org/feed" || len(feed.Authors) != 1 || len(feed.Items) != 2 {
		t.Fatalf("the feed is %+v", feed)
	}
	item, second := feed.Items[0], feedMoment.Time().Truncate(time.Second)
	if item.ID != "tag:example.org,2026-01-02:one" || item.URL != "https://example.org/one?a=1&b=2" || item.Title != kept || item.Summary != kept ||
		item.ContentHTML != "<p>"+kept+"</p>" || !item.DatePublished.Equal(second) || !item.DateModified.Equal(second.Add(time.Minute)) ||
		len(item.Authors) != 2 || item.Authors[0].Name != kept || len(item.Tags) != 2 || item.Language != "de" {
		t.Errorf("the item is %+v", item)
	}
}

func TestAFeedEndsAtTheFirstError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	feed := testFeed()
	good := feed.Entries
	feed.Entries = func(yield func(transfer.FeedEntry, error) bool) {
		for entry := range good {
			if !yield(entry, nil) || !yield(transfer.FeedEntry{}, broken) {
				return
			}
		}
	}
	for name, write := range map[string]func(io.Writer, transfer.Feed) error{"Atom": transfer.WriteAtom, "JSON": transfer.WriteJSONFeed} {
		if err := write(io.Discard, feed); !errors.Is(err, broken) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAnEntryKeepsItsID(t *testing.T) {
	t.Parallel()
	first, again, other := transfer.EntryID(logic.PostID(7).ID()), transfer.EntryID(logic.PostID(7).ID()), transfer.EntryID(logic.PostID(8).ID())
	if !regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(first) {
		t.Errorf("%s is no UUID of version 8", first)
	}
	if first != again || first == other {
		t.Errorf("got %s, then %s, and %s for another", first, again, other)
	}
}

// sitemap is what a reader makes of a sitemap, or of an index.
type sitemap struct {
	XMLName xml.Name
	Places  []struct {
		Address   string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 loc"`
		UpdatedAt string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 lastmod"`
	} `xml:",any"`
}

func TestSitemaps(t *testing.T) {
	t.Parallel()
	places := []transfer.SitemapPlace{{Address: "https://example.org/a?b&c<d>'\"", UpdatedAt: &feedMoment}, {Address: "https://example.org/two"}}
	var all iter.Seq2[transfer.SitemapPlace, error] = func(yield func(transfer.SitemapPlace, error) bool) {
		for _, place := range places {
			if !yield(place, nil) {
				return
			}
		}
	}
	for root, write := range map[string]func(io.Writer) error{
		"urlset":       func(w io.Writer) error { return transfer.WriteSitemap(w, all) },
		"sitemapindex": func(w io.Writer) error { return transfer.WriteSitemapIndex(w, places) },
	} {
		var written bytes.Buffer
		if err := write(&written); err != nil {
			t.Fatal(err)
		}
		var read sitemap
		if err := xml.Unmarshal(written.Bytes(), &read); err != nil {
			t.Fatal(err)
		}
		if read.XMLName.Local != root || len(read.Places) != 2 || read.Places[0].Address != places[0].Address || read.Places[0].UpdatedAt != "2026-01-02T03:04:05Z" ||
			read.Places[1].UpdatedAt != "" {
			t.Errorf("%s is %+v", root, read)
		}
	}
}
