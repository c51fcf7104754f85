package account

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"

	"headwater/logic"
)

// Service is what the program can do with people. Its methods answer for the viewer in their context.
type Service struct {
	store   Store
	clock   logic.Clock
	keys    *logic.Keys
	options Options
	log     *slog.Logger
	hasher  *hasher

	cachedSecret atomic.Pointer[[]byte] // nil until it was read

	prunedAt logic.Moment // by Run, last

	mu   sync.Mutex
	seen map[logic.SessionID]logic.Moment // when sessions were last used, as far as it is not stored yet
}

// New returns a Service over store. Its Run stores when sessions are used.
func New(store Store, clock logic.Clock, keys *logic.Keys, options Options) *Service {
	options.Staff = options.Staff.orDefault(staffLifetimes)
	options.Reader = options.Reader.orDefault(readerLifetimes)
	options.Tries = options.Tries.orDefault()
	s := &Service{
		store: store, clock: clock, keys: keys, options: options, log: options.Logger,
		hasher: newHasher(options.Hashes, options.Queue), seen: map[logic.SessionID]logic.Moment{},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s
}

// check holds the viewer against a rule, and returns them.
func (s *Service) check(ctx context.Context, rule logic.Rule) (logic.Viewer, error) {
	viewer := logic.ViewerFrom(ctx)
	return viewer, rule.Check(viewer, s.clock())
}
