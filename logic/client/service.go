package client

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"headwater/logic"
)

// Options are the settings of a Service.
type Options struct {
	// AddressPerMinute is how many requests are let through that come from one address; 0 for any number.
	AddressPerMinute int
	// Logger takes what goes wrong beside any call; nil for nothing.
	Logger *slog.Logger
}

// Service is what the program can do with clients and their keys. It may be used by many goroutines.
type Service struct {
	store   Store
	clock   logic.Clock
	keys    *logic.Keys
	options Options

	held      atomic.Pointer[directory] // nil where it must be read
	looking   sync.Mutex                // held by whoever reads the directory
	strangers *rate.Limiter             // how often unknown keys make us look again

	usage     usage
	clients   buckets[logic.ClientID]
	addresses buckets[netip.Addr]
}

// New returns a Service over store. Run must run beside it.
func New(store Store, clock logic.Clock, keys *logic.Keys, options Options) *Service {
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{
		store: store, clock: clock, keys: keys, options: options,
		strangers: rate.NewLimiter(strangersPerSecond, strangersPerSecond),
	}
}

// flushPause is how long counts wait in memory at most: what a crash can lose of them.
const flushPause = time.Second

// Run stores each second what was counted. It returns once ctx has ended, after it did so a last time.
func (s *Service) Run(ctx context.Context) {
	ticker := time.NewTicker(flushPause)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			s.flush(ctx)
		case <-ctx.Done():
			s.flush(context.WithoutCancel(ctx))
			return
		}
	}
}

func (s *Service) flush(ctx context.Context) {
	err := s.usage.flush(func(uses map[logic.APIKeyID]Use) error {
		return s.store.Write(ctx, func(w Writer) error { return w.AddUses(ctx, uses) })
	})
	if err != nil && ctx.Err() == nil {
		s.options.Logger.Error("the requests of keys could not be stored; they are kept for the next time", "error", err)
	}
}
