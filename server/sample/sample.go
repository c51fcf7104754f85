// Package sample fills an empty data folder with posts worth reading, and with ninety days of readers who never were.
//
// The posts go the way of every import, the readers that of every access log: what works here works on one's own.
package sample

import (
	"context"
	"embed"
	"io/fs"
	"net/url"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/transfer"
)

//go:embed posts
var files embed.FS

// chunk is how many events are recorded in one transaction.
const chunk = 4_000

// Filled says what was put in.
type Filled struct {
	Posts  int64
	Events int // page views and named events; those of robots, which are counted apart, are not among them
}

// Fill imports the sample's posts, and records Days days of events up to now for them. It is meant for an empty database, and
// looks at nothing that stands there.
func Fill(ctx context.Context, posts *content.Service, metrics *metric.Service, clock logic.Clock) (Filled, error) {
	folder, err := fs.Sub(files, "posts")
	if err != nil {
		return Filled{}, err
	}
	site, err := posts.Site(ctx)
	if err != nil {
		return Filled{}, err
	}
	report, err := transfer.ImportPosts(ctx, folder, posts, transfer.PostOptions{Language: site.Language}, transfer.Watch{})
	if err != nil {
		return Filled{}, err
	}
	filled := Filled{Posts: report.Created}
	pages, err := readPages(ctx, posts, site)
	if err != nil {
		return filled, err
	}
	zone, err := site.Zone()
	if err != nil {
		return filled, err
	}
	hits := events(pages, clock(), zone)
	mark := metric.ImportMark{Log: "sample"}
	for len(hits) > 0 {
		part := hits[:min(chunk, len(hits))]
		from := mark.Offset
		mark.Offset += int64(len(part))
		mark.Lines = mark.Offset
		taken, err := metrics.ImportHits(ctx, from, mark, part)
		if err != nil {
			return filled, err
		}
		filled.Events += taken.Recorded
		hits = hits[len(part):]
	}
	return filled, nil
}

// page is a post that readers come to.
type page struct {
	slug, path string
	published  logic.Moment
}

// readPages returns the published articles, the newest first, with the paths that they have on the site.
func readPages(ctx context.Context, posts *content.Service, site content.Site) ([]page, error) {
	size := logic.MaxPageSize
	query, err := posts.PostQuery(ctx, nil, nil, logic.PageArgs{First: &size})
	if err != nil {
		return nil, err
	}
	found, err := posts.PostPages(ctx, []content.PostList{content.AllPosts}, query)
	if err != nil {
		return nil, err
	}
	var pages []page
	for _, post := range found[content.AllPosts].Items {
		address, err := url.Parse(site.PostAddress(post.Slug))
		if err != nil {
			return nil, err
		}
		if post.PublishedAt != nil {
			pages = append(pages, page{post.Slug, address.EscapedPath(), *post.PublishedAt})
		}
	}
	return pages, nil
}
