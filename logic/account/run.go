package account

import (
	"context"
	"time"

	"headwater/logic"
)

const (
	// noteEach is how much older what is stored must be before another use of a session is noted: each costs a write to the disk. It is
	// less where sessions end soon unless they are used.
	noteEach = time.Minute
	// flushEach is how often it is stored when sessions were used, and pruneEach how often what had its time is taken away.
	flushEach = time.Second
	pruneEach = time.Hour
	// mostSignUps is how many sign-ups wait to be confirmed when old ones are taken away.
	mostSignUps = 100_000
	// maxSeen is how many sessions wait for that at most; what comes on top is not noted.
	maxSeen = 100_000
)

// Run stores when sessions were used, each second, and takes away what had its time, each hour. It returns once ctx has ended, after it
// stored the rest.
func (s *Service) Run(ctx context.Context) {
	ended, ctx := ctx.Done(), context.WithoutCancel(ctx)
	ticker := time.NewTicker(flushEach)
	defer ticker.Stop()
	for {
		if now := s.clock(); now >= s.prunedAt.Add(pruneEach) || now < s.prunedAt { // the clock may be set back
			s.prunedAt = now
			s.prune(ctx, now)
		}
		s.flush(ctx)
		select {
		case <-ended:
			s.flush(ctx)
			return
		case <-ticker.C:
		}
	}
}

// see notes that a session was used.
func (s *Service) see(id logic.SessionID, at logic.Moment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, noted := s.seen[id]; noted || len(s.seen) < maxSeen {
		s.seen[id] = at
	}
}

// lastSeen returns when a session was used, as far as it is not stored yet.
func (s *Service) lastSeen(id logic.SessionID) logic.Moment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen[id]
}

func (s *Service) flush(ctx context.Context) {
	s.mu.Lock()
	seen := s.seen
	s.seen = map[logic.SessionID]logic.Moment{}
	s.mu.Unlock()
	if len(seen) == 0 {
		return
	}
	if err := s.store.Write(ctx, func(w Writer) error { return w.SeeSessions(ctx, seen) }); err != nil {
		s.log.WarnContext(ctx, "it was not stored when sessions were used", "sessions", len(seen), "error", err)
	}
}

func (s *Service) prune(ctx context.Context, now logic.Moment) {
	before := Horizon{
		Sessions: now.Add(-max(s.options.Staff.Idle, s.options.Reader.Idle)), Tokens: now,
		Tries: now.Add(-triesKept), Networks: now.Add(-networksKept), MostSignUps: mostSignUps, MostTries: mostTries,
	}
	if err := s.store.Write(ctx, func(w Writer) error { return w.Prune(ctx, before) }); err != nil {
		s.log.WarnContext(ctx, "what had its time was not taken away", "error", err)
	}
}
