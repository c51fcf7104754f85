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
	// networksKept is how long after signing in from it a person is known in a network, maxNetworks in how many.
	networksKept = 90 * 24 * time.Hour
	maxNetworks  = 20
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

// What is tried: the two are counted apart.
const (
	trySignIn = "sign-in"
	tryMail   = "mail" // to make the server send mail
)

// attempt is a try that was counted before anyone knew how it ends.
type attempt struct {
	subjects []subject
	before   map[string]Tried
	network  string // empty where the request's address says nothing
}

// subject is what failures are counted of.
type subject struct {
	key  string
	free int
	pair bool // one login from one network
	late bool // counted only once it failed: many people of one network may sign in at once
}

// attempt counts a try by login before it is carried out, as otherwise many at once would go by unseen. RATE_LIMITED where earlier
// failures ask for waiting: of the login from this network, of the network, and of the login from anywhere. The last does not hold
// for a person who is known, as the one who asks or by an earlier sign-in from the network, so that nobody can shut others out. A
// try that has to wait is not counted.
func (s *Service) attempt(ctx context.Context, what, login string, known bool) (attempt, error) {
	secret, err := s.secret(ctx)
	if err != nil {
		return attempt{}, err
	}
	network := networkOf(logic.ViewerFrom(ctx), secret)
	anywhere := subject{key: keyed(secret, what, "login", login), free: s.options.Tries.Account}
	var here []subject
	if network != "" {
		here = []subject{
			{key: keyed(secret, what, "pair", login, network), free: s.options.Tries.Pair, pair: true},
			{key: keyed(secret, what, "network", network), free: s.options.Tries.Address, late: what == trySignIn},
		}
	}
	now := s.clock()
	var try attempt
	err = s.store.Write(ctx, func(w Writer) error {
		knows, err := w.LoginKnows(ctx, login, network)
		if err != nil {
			return err
		}
		try = attempt{subjects: slices.Clone(here), network: network}
		if !known && !knows || network == "" {
			try.subjects = append(try.subjects, anywhere)
		}
		if try.before, err = s.tried(ctx, w, try.subjects, now); err != nil {
			return err
		}
		if err := s.checkTries(try, now); err != nil {
			return err
		}
		return s.count(ctx, w, try, false, now)
	})
	return try, err
}

// count counts a try of the subjects that are counted late, or of the others.
func (s *Service) count(ctx context.Context, w Writer, try attempt, late bool, now logic.Moment) error {
	counted := slices.DeleteFunc(slices.Clone(try.subjects), func(subject subject) bool { return subject.late != late })
	tried, err := s.tried(ctx, w, counted, now)
	if err != nil {
		return err
	}
	for _, subject := range counted {
		if err := w.SetTried(ctx, subject.key, Tried{tried[subject.key].Failures + 1, now}); err != nil {
			return err
		}
	}
	return nil
}

// fail counts a try that failed of what is counted late.
func (s *Service) fail(ctx context.Context, try attempt) error {
	return s.store.Write(ctx, func(w Writer) error { return s.count(ctx, w, try, true, s.clock()) })
}

// tried returns how often the subjects failed lately.
func (s *Service) tried(ctx context.Context, w Writer, subjects []subject, now logic.Moment) (map[string]Tried, error) {
	keys := make([]string, len(subjects))
	for i, subject := range subjects {
		keys[i] = subject.key
	}
	tried, err := w.TriesOf(ctx, keys)
	for key, t := range tried {
		if t.LastAt.Add(triesKept) < now {
			delete(tried, key)
		}
	}
	return tried, err
}

// checkTries returns RATE_LIMITED where what failed before asks for waiting.
func (s *Service) checkTries(try attempt, now logic.Moment) error {
	var until logic.Moment
	for _, subject := range try.subjects {
		t := try.before[subject.key]
		until = max(until, t.LastAt.Add(s.options.Tries.wait(t.Failures, subject.free)))
	}
	if until <= now {
		return nil
	}
	wait := time.Duration(until-now) * time.Millisecond
	return &logic.Error{
		Code: logic.CodeRateLimited, RetryAfter: wait,
		Message: fmt.Sprintf("Too many tries: wait %d seconds.", int64(math.Ceil(wait.Seconds()))),
	}
}

// undo takes back that a try was counted, as it did not fail. Others may have been counted meanwhile.
func (a attempt) undo(ctx context.Context, w Writer) error { return a.forgive(ctx, w, 1) }

// succeed takes back that a try was counted, and all that failed before of the login in this network.
func (a attempt) succeed(ctx context.Context, w Writer) error {
	failures := 1
	for _, subject := range a.subjects {
		if subject.pair {
			failures += a.before[subject.key].Failures
		}
	}
	return a.forgive(ctx, w, failures)
}

// forgive takes back some failures of all that the try was counted of.
func (a attempt) forgive(ctx context.Context, w Writer, failures int) error {
	for _, subject := range a.subjects {
		counted := failures
		if subject.late {
			counted-- // but not this one
		}
		if counted == 0 {
			continue
		}
		tried, err := w.TriesOf(ctx, []string{subject.key})
		if err != nil {
			return err
		}
		left := Tried{Failures: tried[subject.key].Failures - counted, LastAt: a.before[subject.key].LastAt}
		if err := w.SetTried(ctx, subject.key, left); err != nil {
			return err
		}
	}
	return nil
}

// abandon takes back a try that was never carried out, whether or not its caller still waits.
func (s *Service) abandon(ctx context.Context, try attempt) {
	ctx = context.WithoutCancel(ctx)
	if err := s.store.Write(ctx, func(w Writer) error { return try.undo(ctx, w) }); err != nil {
		s.log.WarnContext(ctx, "a try stays counted that was not carried out", "error", err)
	}
}
