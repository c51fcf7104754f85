package account

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"headwater/logic"
)

// What Tries says where it says nothing.
const (
	defaultPair    = 5
	defaultAddress = 10
	defaultAccount = 20
	defaultMaxWait = 15 * time.Minute
)

const (
	// triesKept is how long after the last one failures count.
	triesKept = 24 * time.Hour
	// mostTries is how many subjects are kept when old ones are taken away.
	mostTries = 500_000
)

func (t Tries) orDefault() Tries {
	setDefault(&t.Pair, defaultPair)
	setDefault(&t.Address, defaultAddress)
	setDefault(&t.Account, defaultAccount)
	setDefault(&t.MaxWait, defaultMaxWait)
	return t
}

func setDefault[T ~int | ~int64](setting *T, value T) {
	if *setting <= 0 {
		*setting = value
	}
}

// wait returns how long failures keep the next try waiting, of which free are without consequence: a second, and twice as long
// with each that follows.
func (t Tries) wait(failures, free int) time.Duration {
	over := failures - free
	if over < 0 {
		return 0
	}
	return time.Duration(min(float64(t.MaxWait), float64(time.Second)*math.Pow(2, float64(over))))
}

// subject is what tries are counted of, free of which may fail before the next has to wait.
type subject struct {
	key  string
	free int
}

// share is what one login is counted in one place, and the total of many such shares that it is a part of. Both are always counted
// together, and no more is taken back of the total than stands in the share: nobody takes back what others were counted.
type share struct {
	own, total subject // total has no key where there is none
	// burst lets many through at once while the total has free tries: they are counted once they failed.
	burst bool
	// at is when it was counted before anyone knew how the try ends; 0 where it was not.
	at logic.Moment
}

func (s share) subjects() []subject {
	if s.total.key == "" {
		return []subject{s.own}
	}
	return []subject{s.own, s.total}
}

// attempt is a try whose end nobody knows yet.
type attempt struct {
	shares []share
	before map[string]Tried
}

// try counts a try before it is carried out, as otherwise many at once would go by unseen. RATE_LIMITED where earlier failures ask for
// waiting; such a try is not counted.
func (s *Service) try(ctx context.Context, shares ...share) (attempt, error) {
	var try attempt
	err := s.store.Write(ctx, func(w Writer) error {
		now := s.clock()
		before, err := tried(ctx, w, now, shares...)
		if err != nil {
			return err
		}
		if err := s.checkTries(shares, before, now); err != nil {
			return err
		}
		try = attempt{slices.Clone(shares), before}
		for i, share := range shares {
			if share.burst && before[share.total.key].Failures < share.total.free {
				continue
			}
			try.shares[i].at = now
			if err := count(ctx, w, share, before, now); err != nil {
				return err
			}
		}
		return nil
	})
	return try, err
}

// tried returns how often the subjects of shares failed lately.
func tried(ctx context.Context, w Writer, now logic.Moment, shares ...share) (map[string]Tried, error) {
	var keys []string
	for _, share := range shares {
		for _, subject := range share.subjects() {
			keys = append(keys, subject.key)
		}
	}
	tried, err := w.TriesOf(ctx, keys)
	for key, t := range tried {
		if t.LastAt.Add(triesKept) < now {
			delete(tried, key)
		}
	}
	return tried, err
}

// count counts one more failure of a share.
func count(ctx context.Context, w Writer, share share, before map[string]Tried, now logic.Moment) error {
	for _, subject := range share.subjects() {
		if err := w.SetTried(ctx, subject.key, Tried{before[subject.key].Failures + 1, now}); err != nil {
			return err
		}
	}
	return nil
}

// checkTries returns RATE_LIMITED where what failed before asks for waiting. A wait beyond the longest comes of a clock that was set
// back, and does not count: nobody waits longer, whatever the clock does.
func (s *Service) checkTries(shares []share, before map[string]Tried, now logic.Moment) error {
	var longest time.Duration
	for _, share := range shares {
		for _, subject := range share.subjects() {
			t := before[subject.key]
			wait := s.options.Tries.wait(t.Failures, subject.free)
			left := time.Duration(t.LastAt.Add(wait)-now) * time.Millisecond
			if wait > 0 && left <= s.options.Tries.MaxWait {
				longest = max(longest, left)
			}
		}
	}
	if longest == 0 {
		return nil
	}
	return &logic.Error{
		Code: logic.CodeRateLimited, RetryAfter: longest,
		Message: fmt.Sprintf("Too many tries: the next may come in %d s.", int64(math.Ceil(longest.Seconds()))),
	}
}

// settle notes how a try ended that did not succeed, whether or not its caller still waits, and returns the reason: WRONG_CREDENTIALS
// stays counted, and with anything else nothing was tried.
func (s *Service) settle(ctx context.Context, try attempt, reason error) error {
	ctx = context.WithoutCancel(ctx)
	err := s.store.Write(ctx, func(w Writer) error {
		if logic.CodeOf(reason) == logic.CodeWrongCredentials {
			return try.fail(ctx, w, s.clock())
		}
		return try.abandon(ctx, w, s.clock())
	})
	if err != nil {
		s.log.WarnContext(ctx, "it was not noted how a try ended", "error", err)
	}
	return reason
}

// fail counts what is counted once it failed.
func (a attempt) fail(ctx context.Context, w Writer, now logic.Moment) error {
	for _, share := range a.shares {
		if share.at != 0 {
			continue
		}
		before, err := tried(ctx, w, now, share)
		if err != nil {
			return err
		}
		if err := count(ctx, w, share, before, now); err != nil {
			return err
		}
	}
	return nil
}

// abandon takes back that a try was counted.
func (a attempt) abandon(ctx context.Context, w Writer, now logic.Moment) error {
	for _, share := range a.shares {
		if share.at == 0 {
			continue
		}
		if err := a.takeBack(ctx, w, share, 1, now); err != nil {
			return err
		}
	}
	return nil
}

// succeed takes back all that the login was counted in this place.
func (a attempt) succeed(ctx context.Context, w Writer, now logic.Moment) error {
	for _, share := range a.shares {
		if err := a.takeBack(ctx, w, share, math.MaxInt, now); err != nil {
			return err
		}
	}
	return nil
}

// takeBack takes back the latest tries of a share. The time goes back to that of the failure before, where none came since.
func (a attempt) takeBack(ctx context.Context, w Writer, share share, tries int, now logic.Moment) error {
	counted, err := tried(ctx, w, now, share)
	if err != nil {
		return err
	}
	tries = min(tries, counted[share.own.key].Failures)
	for _, subject := range share.subjects() {
		left := counted[subject.key]
		left.Failures -= tries
		if left.LastAt == share.at {
			left.LastAt = a.before[subject.key].LastAt
		}
		if err := w.SetTried(ctx, subject.key, left); err != nil {
			return err
		}
	}
	return nil
}
