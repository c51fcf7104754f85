package sample

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"headwater/logic"
	"headwater/logic/metric"
)

// Days is how many days back the sample's events go, the present one counted.
const Days = 90

// visitsPerDay is how many visits a weekday has in the middle of the time.
const visitsPerDay = 150

// weighted is something that is chosen as often as its weight says, against the others.
type weighted[T any] struct {
	weight float64
	value  T
}

// hours is how much is read in each hour of a day, against the others.
var hours = [24]float64{3, 2, 1, 1, 1, 2, 4, 8, 12, 14, 14, 13, 11, 13, 14, 13, 12, 10, 9, 10, 11, 10, 8, 5}

// weekdays is how much is read on each day of the week, Sunday first.
var weekdays = [7]float64{0.55, 1, 1.12, 1.15, 1.08, 0.92, 0.5}

// referrers are the pages that readers come from; most come by themselves.
var referrers = []weighted[string]{
	{40, ""}, {22, "https://www.google.com/"}, {7, "https://duckduckgo.com/"}, {6, "https://news.ycombinator.com/"},
	{6, "https://lobste.rs/"}, {5, "https://github.com/"}, {4, "https://www.bing.com/"}, {4, "https://mastodon.social/"},
	{3, "https://www.reddit.com/r/golang/"}, {3, "https://graphql.org/"},
}

// agents are the programs that people read with.
var agents = []weighted[string]{
	{26, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"},
	{15, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15"},
	{12, "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"},
	{9, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"},
	{6, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"},
	{14, "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"},
	{13, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"},
	{3, "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1"},
	{2, "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"},
}

// robots are programs that nobody reads with.
var robots = []weighted[string]{
	{5, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
	{3, "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"},
	{2, "FeedFetcher-Google; (+http://www.google.com/feedfetcher.html)"},
}

// names are the events that a reader may cause on a page.
var names = []weighted[string]{{5, "copy-code"}, {3, "open-playground"}, {2, "subscribe"}, {2, "share"}}

// writer makes up what readers did.
type writer struct {
	random *rand.Rand
	pages  []page
	now    logic.Moment
	zone   *time.Location
	hits   []metric.Hit
}

// events makes up what readers of pages did in the Days days up to now, in the order in which it happened. The same pages, now
// and zone make the same events.
func events(pages []page, now logic.Moment, zone *time.Location) []metric.Hit {
	w := &writer{random: rand.New(rand.NewPCG(2026, 11)), pages: pages, now: now, zone: zone}
	if len(pages) == 0 {
		return nil
	}
	today := logic.DayOf(now, zone)
	for back := Days - 1; back >= 0; back-- {
		w.day(today-logic.Day(back), back)
	}
	slices.SortStableFunc(w.hits, func(a, b metric.Hit) int { return cmp.Compare(a.At, b.At) })
	return w.hits
}

// day makes up the visits of one day: more on weekdays, slowly more as time goes on, and many when a post is new.
func (w *writer) day(day logic.Day, back int) {
	start := day.Start(w.zone)
	expected := visitsPerDay * weekdays[start.Time().In(w.zone).Weekday()] * (1.25 - 0.5*float64(back)/Days)
	for _, page := range w.pages {
		if age := float64(start-page.published) / float64(24*time.Hour/time.Millisecond); age > -1 && age < 4 {
			expected *= 1 + 0.35*math.Exp(-max(age, 0))
		}
	}
	for range int(expected * (0.9 + 0.2*w.random.Float64())) {
		hour := pick(w.random, len(hours), func(i int) float64 { return hours[i] })
		offset := time.Duration(hour)*time.Hour + time.Duration(w.random.Int64N(int64(time.Hour)))
		w.visit(start.Add(offset), back)
	}
}

// visit makes up one visit: a page or a few, some minutes apart, and now and then an event on one of them.
func (w *writer) visit(at logic.Moment, back int) {
	agent, address := choose(w.random, agents), w.address(back)
	if w.random.Float64() < 0.06 {
		agent = choose(w.random, robots)
	}
	referrer := choose(w.random, referrers)
	for range 1 + int(w.random.ExpFloat64()*0.9) {
		page, ok := w.page(at)
		if !ok || at > w.now {
			return
		}
		hit := metric.Hit{At: at, Reader: address, UserAgent: agent, Path: page.path, Referrer: referrer, PostSlug: page.slug}
		if w.random.Float64() < 0.08 {
			hit.Path, hit.PostSlug = "/", ""
		}
		w.hits = append(w.hits, hit)
		at = at.Add(15*time.Second + time.Duration(w.random.ExpFloat64()*float64(100*time.Second)))
		if hit.PostSlug != "" && w.random.Float64() < 0.05 && at <= w.now {
			hit.At, hit.Name = at, choose(w.random, names)
			w.hits = append(w.hits, hit)
		}
		referrer = "" // from page to page of the site itself
	}
}

// address returns a reader's address out of those kept for examples (RFC 5737 and 3849). About half of a day's readers come
// back on other days.
func (w *writer) address(back int) string {
	if w.random.Float64() < 0.5 {
		return fmt.Sprintf("198.51.100.%d", w.random.IntN(250)+1)
	}
	return fmt.Sprintf("2001:db8::%x:%x", back, w.random.IntN(60_000)+1)
}

// page chooses a page that was out at a moment. Some are read more than others for good, and all of them most when new.
func (w *writer) page(at logic.Moment) (page, bool) {
	i := pick(w.random, len(w.pages), func(i int) float64 {
		age := float64(at-w.pages[i].published) / float64(24*time.Hour/time.Millisecond)
		if age < 0 {
			return 0
		}
		lasting := 2 / float64(1+(i*7)%len(w.pages))
		return lasting + 1.5*math.Exp(-age/5)
	})
	if i < 0 {
		return page{}, false
	}
	return w.pages[i], true
}

func choose[T any](random *rand.Rand, from []weighted[T]) T {
	return from[pick(random, len(from), func(i int) float64 { return from[i].weight })].value
}

// pick returns a number below n, each as often as its weight says; -1 where all weights are zero.
func pick(random *rand.Rand, n int, weight func(int) float64) int {
	total := 0.0
	for i := range n {
		total += weight(i)
	}
	point := random.Float64() * total
	for i := range n {
		if point -= weight(i); point < 0 {
			return i
		}
	}
	return -1
}
