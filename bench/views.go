package main

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"headwater/logic"
	"headwater/logic/metric"
)

// view is one page view of the made data: the source of every server's figures.
type view struct {
	at            time.Time
	post          int
	reader, agent string
	referrer      string
}

// readers is how many different addresses views come from.
const readers = 5_000

// views yields the views of the days before the one that begins at end, in order of time, the same for the same arguments. The posts
// that are viewed most are viewed a few times a day, the rarest hardly ever; one view in four is a reader's second look at the same.
func views(size size, end time.Time) iter.Seq[view] {
	return func(yield func(view) bool) {
		random := rand.New(rand.NewPCG(3, 7))
		start := end.AddDate(0, 0, -size.days)
		step := end.Sub(start) / time.Duration(size.views)
		var last view
		for i := range size.views {
			next := view{
				post:     int(random.ExpFloat64()*float64(size.posts)/5) % size.posts,
				reader:   fmt.Sprintf("10.0.%d.%d", random.IntN(readers)/250, random.IntN(250)),
				agent:    agents[random.IntN(len(agents))],
				referrer: referrers[random.IntN(len(referrers))],
			}
			if i > 0 && random.IntN(4) == 0 {
				next = last
			}
			next.at = start.Add(time.Duration(i) * step)
			if last = next; !yield(next) {
				return
			}
		}
	}
}

// hit is the view as a line of an access log tells it.
func (v view) hit() metric.Hit {
	slug := slugOf(v.post)
	return metric.Hit{
		At: logic.MomentOf(v.at), Reader: v.reader, UserAgent: v.agent, Path: "/blog/" + slug, Referrer: v.referrer, PostSlug: slug,
	}
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
