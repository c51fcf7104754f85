package transfer

import (
	"iter"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"headwater/logic"
)

// Feed is what readers may subscribe to: the newest posts of a site, with their whole texts.
type Feed struct {
	Title       string
	Description string
	Language    string
	Home        string // the address of the site
	Self        string // the address of the feed in the format that it is written in
	UpdatedAt   logic.Moment
	// Entries are the posts, the newest first. They are asked for one by one as the feed is written, which ends at the first error.
	Entries iter.Seq2[FeedEntry, error]
}

// FeedEntry is a post of a feed.
type FeedEntry struct {
	ID          string // the same for ever, whatever becomes of the post's address: see EntryID
	Address     string
	Title       string
	Summary     string
	HTML        string // with absolute addresses of files
	Language    string
	Authors     []string
	Tags        []string
	PublishedAt logic.Moment
	UpdatedAt   logic.Moment
}

// EntryID returns what a feed calls the thing with an ID for ever: a tag URI (RFC 4151) of the host that home is an address of.
func EntryID(home string, id logic.ID, createdAt logic.Moment) string {
	return "tag:" + tagHost(home) + "," + createdAt.Time().Format(time.DateOnly) + ":" + id.String()
}

// tagHost returns the host of an address as it may stand in a tag URI. An address of IPv6, and what is no name, may not.
func tagHost(address string) string {
	parsed, err := url.Parse(address)
	if err == nil && parsed.Hostname() != "" {
		if host, err := idna.Lookup.ToASCII(parsed.Hostname()); err == nil && !strings.Contains(host, ":") {
			return host
		}
	}
	return "headwater.invalid"
}

// feedTime writes a moment as both formats want it.
func feedTime(moment logic.Moment) string { return moment.Time().Format(time.RFC3339) }
