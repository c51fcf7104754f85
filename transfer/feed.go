package transfer

import (
	"crypto/sha256"
	"fmt"
	"iter"
	"time"

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

// EntryID returns what a feed calls the thing with an ID for ever, wherever the site moves: a UUID of version 8 (RFC 9562) made of the ID.
func EntryID(id logic.ID) string {
	sum := sha256.Sum256([]byte("headwater feed entry " + id.String()))
	sum[6] = 0x80 | sum[6]&0x0f
	sum[8] = 0x80 | sum[8]&0x3f
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// feedTime writes a moment as both formats want it.
func feedTime(moment logic.Moment) string { return moment.Time().Format(time.RFC3339) }
