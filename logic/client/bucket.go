package client

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"headwater/logic"
)

// maxBuckets is how many senders are told apart, twice: those of the present stretch of time and of the one before.
const maxBuckets = 1 << 15

// buckets bounds how often each sender may ask: as many times as it may in a minute at once, and then as its minute's worth
// comes back, bit by bit. Who has been quiet for a minute has all of it, and so may be forgotten: those who asked stand in
// recent, and each minute, or when it is full, recent takes the place of before. Requests may come a little out of their order, and
// after the clock was set back nothing is forgotten until recent is full. The zero buckets are empty.
type buckets[Sender comparable] struct {
	mu             sync.Mutex
	recent, before map[Sender]*bucket
	turnedAt       logic.Moment
}

type bucket struct {
	*rate.Limiter
	perMinute int
}

// take takes a request out of a sender's bucket, or returns how long to wait until there is one.
func (b *buckets[Sender]) take(sender Sender, perMinute int, now logic.Moment) time.Duration {
	if perMinute <= 0 {
		return time.Minute
	}
	at := now.Time()
	limiter := b.of(sender, perMinute, now)
	if limiter.AllowN(at, 1) {
		return 0
	}
	missing := 1 - limiter.TokensAt(at)
	return max(time.Millisecond, time.Duration(missing*float64(time.Minute)/float64(perMinute)))
}

// of returns the sender's limiter, made or changed to let perMinute requests through.
func (b *buckets[Sender]) of(sender Sender, perMinute int, now logic.Moment) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.recent == nil || len(b.recent) >= maxBuckets || now >= b.turnedAt.Add(time.Minute) {
		b.recent, b.before, b.turnedAt = map[Sender]*bucket{}, b.recent, now
	}
	held := b.recent[sender]
	if held == nil {
		held = b.before[sender]
	}
	if held == nil || held.perMinute != perMinute { // a changed limit begins anew
		held = &bucket{rate.NewLimiter(rate.Limit(perMinute)/60, perMinute), perMinute}
	}
	b.recent[sender] = held
	return held.Limiter
}
