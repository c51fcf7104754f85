// Package sample fills an empty data folder with posts worth reading, with what writers are about to publish, with ninety days of readers
// who never were, and with an admin and three frontends to begin with.
//
// The posts go the way of every import, the readers that of every access log: what works here works on one's own.
package sample

import (
	"context"
	"embed"
	"io/fs"
	"net/url"
	"strconv"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/transfer"
)

//go:embed posts drafts
var files embed.FS

// madeAt is where the site of a new data folder is.
const madeAt = "http://localhost:8080"

// chunk is how many events are recorded in one transaction.
const chunk = 4_000

// log names the sample among the logs that were taken. The mark's Digest is the moment that the events lead up to, and
// complete once all of them are in.
const (
	log      = "sample"
	complete = "complete"
)

// Filled says what is in.
type Filled struct {
	Posts  int64
	Events int // page views and named events of this run; those of robots, which are counted apart, are not among them
}

// IsUnderWay tells whether a Fill was begun and did not come to its end. Another one goes on where it ended.
func IsUnderWay(ctx context.Context, metrics *metric.Service) (bool, error) {
	state, err := stateOf(ctx, metrics)
	return state != "" && state != complete, err
}

// IsFilled tells whether a Fill came to its end here, however long ago.
func IsFilled(ctx context.Context, metrics *metric.Service) (bool, error) {
	state, err := stateOf(ctx, metrics)
	return state == complete, err
}

// stateOf returns the Digest of the sample's mark, empty where none stands.
func stateOf(ctx context.Context, metrics *metric.Service) (string, error) {
	mark, err := metrics.ImportMark(ctx, log)
	if logic.CodeOf(err) == logic.CodeNotFound {
		return "", nil
	}
	return mark.Digest, err
}

// Fill imports the sample's posts, makes its drafts, and records Days days of events up to now for them. It is meant for an empty database, and
// looks at nothing that stands there but what an earlier Fill left undone.
func Fill(ctx context.Context, posts *content.Service, metrics *metric.Service, clock logic.Clock) (Filled, error) {
	mark, now, err := begin(ctx, metrics, clock)
	if err != nil || mark.Digest == complete {
		return Filled{}, err
	}
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
	if err := write(ctx, posts, clock); err != nil {
		return Filled{}, err
	}
	filled := Filled{Posts: report.Created + report.Unchanged}
	pages, err := readPages(ctx, posts, site)
	if err != nil {
		return filled, err
	}
	zone, err := site.Zone()
	if err != nil {
		return filled, err
	}
	hits := events(pages, now, zone)
	hits = hits[min(mark.Offset, int64(len(hits))):]
	for mark.Digest != complete {
		part := hits[:min(chunk, len(hits))]
		hits = hits[len(part):]
		from := mark.Offset
		mark.Offset += int64(len(part))
		mark.Lines = mark.Offset
		if len(hits) == 0 {
			mark.Digest = complete
		}
		taken, err := metrics.ImportHits(ctx, from, mark, part)
		if err != nil {
			return filled, err
		}
		filled.Events += taken.Recorded
	}
	return filled, nil
}

// Settle gives posts addresses at origin, where the sample is served, unless the site was said to be elsewhere.
func Settle(ctx context.Context, posts *content.Service, origin string) error {
	site, err := posts.Site(ctx)
	if err != nil || site.URL != madeAt {
		return err
	}
	_, err = posts.UpdateSite(ctx, content.SiteChange{URL: &origin, PostURL: new(origin + "/blog/" + logic.SlugPlace)})
	return err
}

// begin returns the mark of the sample and the moment that its events lead up to, setting the mark where none stands.
func begin(ctx context.Context, metrics *metric.Service, clock logic.Clock) (metric.ImportMark, logic.Moment, error) {
	mark, err := metrics.ImportMark(ctx, log)
	switch {
	case logic.CodeOf(err) == logic.CodeNotFound:
		now := clock()
		mark = metric.ImportMark{Log: log, Digest: strconv.FormatInt(int64(now), 10)}
		_, err := metrics.ImportHits(ctx, 0, mark, nil)
		return mark, now, err
	case err != nil || mark.Digest == complete:
		return mark, 0, err
	}
	now, err := strconv.ParseInt(mark.Digest, 10, 64)
	return mark, logic.Moment(now), err
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
