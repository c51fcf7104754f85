package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/metric"
)

// The size of what views are recorded beside.
const (
	viewedPosts = 5_000
	viewedDays  = 40
	viewedHits  = 100_000
	viewedOften = 1_000 // posts, each by a reader of its own
)

var recordNow = logic.Moment(1_780_000_000_000)

// viewed is a site whose posts were viewed for some weeks.
var viewed = sync.OnceValues(func() (*Store, error) {
	dir, err := os.MkdirTemp("", "headwater-record-")
	if err != nil {
		return nil, err
	}
	s, err := Open(context.Background(), Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	if _, err := s.write.run(context.Background(), `INSERT INTO post (id, kind, slug, title, status, author_ids, tag_ids, language, published_at, created_at, updated_at, sort_key)
		SELECT value * 1000000, 'ARTICLE', 'post-' || value, 'Post ' || value, 'PUBLISHED', json_array(1000 + value % 500),
		json_array(value % 300, value % 299, value % 100), 'en', 1, 1, 1, '' FROM json_each(?)`, []any{keyList(numbersTo(viewedPosts))}, nil); err != nil {
		return nil, err
	}
	service := metric.New(s.Metric(), func() logic.Moment { return recordNow }, s.Keys(), metric.Options{})
	random := rand.New(rand.NewPCG(3, 7))
	ctx := logic.WithViewer(context.Background(), logic.Operator())
	var hits []metric.Hit
	mark := metric.ImportMark{Log: "log"}
	for i := range viewedHits {
		slug := fmt.Sprintf("post-%d", int(random.ExpFloat64()*viewedPosts/5)%viewedPosts)
		hits = append(hits, metric.Hit{
			At: recordNow - logic.Moment(viewedHits-i)*(viewedDays*86_400_000/viewedHits), Reader: fmt.Sprint("10.0.0.", random.IntN(5000)), UserAgent: testFirefox,
			Path: "/" + slug, PostSlug: slug,
		})
		if len(hits) == 20_000 {
			from := mark.Offset
			mark.Offset++
			if _, err := service.ImportHits(ctx, from, mark, hits); err != nil {
				return nil, err
			}
			hits = hits[:0]
		}
	}
	return s, s.write.exec("PRAGMA wal_checkpoint(TRUNCATE)")
})

// BenchmarkRecordEvents records one view a call, from so many readers at once.
func BenchmarkRecordEvents(b *testing.B) {
	for _, readers := range []int{1, 64} {
		b.Run(fmt.Sprint(readers), func(b *testing.B) {
			s, err := viewed()
			if err != nil {
				b.Fatal(err)
			}
			started := time.Now()
			service := metric.New(s.Metric(), func() logic.Moment { return recordNow.Add(time.Since(started)) }, s.Keys(), metric.Options{})
			record := func(times int) {
				var next atomic.Int64
				var group sync.WaitGroup
				for range readers {
					group.Go(func() {
						for n := int(next.Add(1)); n <= times; n = int(next.Add(1)) {
							n %= viewedOften
							post := logic.PostID(1_000_000 * (1 + 4*n)).ID()
							ctx := logic.WithViewer(b.Context(), logic.Viewer{
								Limit: logic.AllScopes, Address: netip.AddrFrom4([4]byte{198, 51, byte(n / 250), byte(n % 250)}), UserAgent: testFirefox,
							})
							if _, err := service.RecordEvents(ctx, []metric.EventInput{{PostID: &post}}); err != nil {
								b.Error(err)
								return
							}
						}
					})
				}
				group.Wait()
			}
			record(viewedOften)
			b.ReportAllocs()
			statements, before := s.Statements(), processTime()
			b.ResetTimer()
			record(b.N)
			b.ReportMetric(float64(processTime()-before)/float64(b.N), "cpu-ns/op")
			b.ReportMetric(float64(s.Statements()-statements)/float64(b.N), "statements/op")
		})
	}
}
