package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/store"
)

// size says how much data there is.
type size struct {
	name                            string
	users, posts, tags, views, days int
}

var (
	full  = size{name: "full", users: 1_000, posts: 20_000, tags: 300, views: 2_000_000, days: 120}
	short = size{name: "short", users: 50, posts: 500, tags: 30, views: 5_000, days: 120}
)

var vocabulary = strings.Fields(`river source delta stream current spring basin meadow bridge harbour lantern compass anchor
	ledger archive column margin letter chapter notebook cursor filter order index query schema field resolver mutation
	session clock signal window corner garden copper silver timber granite marble amber velvet linen paper canvas`)

func slugOf(post int) string { return fmt.Sprintf("post-%05d", post) }

// publishedAt is when the post was published: one every hour up to now.
func publishedAt(post int) logic.Moment {
	return logic.Moment(1_700_000_000_000).Add(time.Duration(post) * time.Hour)
}

// fill makes Headwater's data in dir, the same for the same size and the same last day of the views, which ends with end.
func fill(ctx context.Context, dir string, size size, end time.Time) error {
	st, err := store.Open(ctx, store.Options{Dir: dir, Clock: logic.SystemClock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer st.Close()
	ctx = logic.WithViewer(ctx, logic.Operator())
	if err := fillPosts(ctx, content.New(st.Content(), logic.SystemClock, st.Keys(), content.Options{}), size); err != nil {
		return err
	}
	return fillViews(ctx, metric.New(st.Metric(), logic.SystemClock, st.Keys(), metric.Options{}), size, end)
}

// How many posts, and how many views, are taken in one transaction.
const (
	postsPerCall = 100
	viewsPerCall = 20_000
)

// fillPosts makes posts one behind the other, so that their keys are in the same order everywhere: who is viewed as often as another comes first
// by it.
func fillPosts(ctx context.Context, posts *content.Service, size size) error {
	for from := 0; from < size.posts; from += postsPerCall {
		var imports []content.PostImport
		for post := from; post < min(from+postsPerCall, size.posts); post++ {
			imports = append(imports, postOf(post, size))
		}
		if _, err := posts.ImportPosts(ctx, imports); err != nil {
			return err
		}
	}
	return nil
}

func postOf(i int, size size) content.PostImport {
	random := rand.New(rand.NewPCG(uint64(i), 7))
	var text strings.Builder
	for text.Len() < 2_000 {
		if text.Len()%5 == 0 {
			fmt.Fprintf(&text, "\n\n## %s\n\n", vocabulary[random.IntN(len(vocabulary))])
		}
		for range 12 {
			text.WriteString(vocabulary[random.IntN(len(vocabulary))] + " ")
		}
		text.WriteString(".\n")
	}
	in := content.PostImport{
		Source: slugOf(i), Slug: slugOf(i), Title: fmt.Sprintf("Post %d on %s", i, vocabulary[i%len(vocabulary)]),
		Markdown: text.String(), Authors: []string{fmt.Sprintf("Author %d", random.IntN(size.users))},
		PublishedAt: publishedAt(i),
	}
	for range 1 + random.IntN(4) {
		in.Tags = append(in.Tags, fmt.Sprintf("Tag %d", random.IntN(size.tags)))
	}
	return in
}

func fillViews(ctx context.Context, metrics *metric.Service, size size, end time.Time) error {
	mark := metric.ImportMark{Log: "bench"}
	hits := make([]metric.Hit, 0, viewsPerCall)
	take := func() error {
		from := mark.Offset
		mark.Offset += int64(len(hits))
		mark.Lines = mark.Offset
		imported, err := metrics.ImportHits(ctx, from, mark, hits)
		if err == nil && imported.Recorded != len(hits) {
			err = fmt.Errorf("%d of %d views were taken", imported.Recorded, len(hits))
		}
		hits = hits[:0]
		return err
	}
	for v := range views(size, end) {
		if hits = append(hits, v.hit()); len(hits) == viewsPerCall {
			if err := take(); err != nil {
				return err
			}
		}
	}
	return take()
}
