package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/store"
)

// size says how much data there is.
type size struct {
	users, posts, tags, views, days int
}

var (
	full  = size{users: 1_000, posts: 20_000, tags: 300, views: 200_000, days: 120}
	short = size{users: 50, posts: 500, tags: 30, views: 5_000, days: 120}
)

// writers is how many goroutines write at once: the store commits their writes together.
const writers = 64

var vocabulary = strings.Fields(`river source delta stream current spring basin meadow bridge harbour lantern compass anchor
	ledger archive column margin letter chapter notebook cursor filter order index query schema field resolver mutation
	session clock signal window corner garden copper silver timber granite marble amber velvet linen paper canvas`)

func slugOf(post int) string { return fmt.Sprintf("post-%05d", post) }

// publishedAt is when the post was published: one every hour up to now.
func publishedAt(post int) logic.Moment {
	return logic.Moment(1_700_000_000_000).Add(time.Duration(post) * time.Hour)
}

// fill makes the data of one run in dir, the same for the same size but for the days of the views, which end today.
func fill(ctx context.Context, dir string, size size) error {
	st, err := store.Open(ctx, store.Options{Dir: dir, Clock: logic.SystemClock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer st.Close()
	ctx = logic.WithViewer(ctx, logic.Operator())
	if err := fillPosts(ctx, content.New(st.Content(), logic.SystemClock, st.Keys(), content.Options{}), size); err != nil {
		return err
	}
	return fillViews(ctx, metric.New(st.Metric(), logic.SystemClock, st.Keys(), metric.Options{}), size)
}

func fillPosts(ctx context.Context, posts *content.Service, size size) error {
	next := make(chan int)
	failed := make(chan error, writers)
	var wait sync.WaitGroup
	for range writers {
		wait.Go(func() {
			for i := range next {
				if _, err := posts.ImportPost(ctx, postOf(i, size)); err != nil {
					failed <- fmt.Errorf("post %d: %w", i, err)
					return
				}
			}
		})
	}
	var err error
	for i := 0; i < size.posts && err == nil; i++ {
		select {
		case next <- i:
		case err = <-failed:
		}
	}
	close(next)
	wait.Wait()
	return err
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

const hitsPerCall = 2_000

func fillViews(ctx context.Context, metrics *metric.Service, size size) error {
	random := rand.New(rand.NewPCG(3, 7))
	start := time.Now().UTC().AddDate(0, 0, -size.days)
	step := time.Duration(size.days) * 24 * time.Hour / time.Duration(size.views)
	mark := metric.ImportMark{Log: "bench"}
	hits := make([]metric.Hit, 0, hitsPerCall)
	for i := range size.views {
		post := int(random.ExpFloat64() * float64(size.posts) / 10)
		slug := slugOf(post % size.posts)
		hits = append(hits, metric.Hit{
			At:        logic.MomentOf(start.Add(time.Duration(i) * step)),
			Reader:    fmt.Sprintf("10.%d.%d.%d", random.IntN(4), random.IntN(256), random.IntN(256)),
			UserAgent: agents[random.IntN(len(agents))],
			Path:      "/blog/" + slug,
			Referrer:  referrers[random.IntN(len(referrers))],
			PostSlug:  slug,
		})
		if len(hits) < hitsPerCall && i+1 < size.views {
			continue
		}
		from := mark.Offset
		mark.Offset += int64(len(hits))
		mark.Lines = mark.Offset
		if _, err := metrics.ImportHits(ctx, from, mark, hits); err != nil {
			return fmt.Errorf("views up to %d: %w", i, err)
		}
		hits = hits[:0]
	}
	return nil
}

var (
	agents = []string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0",
	}
	referrers = []string{"", "", "https://news.example.com/", "https://search.example.org/?q=cursor", "https://feeds.example.net/today"}
)
