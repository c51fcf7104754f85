package webhook

import (
	"context"
	"log/slog"
	"sync"

	"headwater/logic"
)

// Sender carries messages to the addresses of webhooks. It may be used by many goroutines.
type Sender interface {
	// CheckAddress returns the fault of an address that nothing is ever sent to.
	CheckAddress(address string) *logic.Error
	// Send carries a message and returns the status of the answer; where there was none an error, whose text those with SITE_WRITE may
	// see. It takes less than a minute.
	Send(ctx context.Context, message Message) (status int, err error)
}

// Message is a delivery on its way.
type Message struct {
	URL      string
	Secrets  []string // each signs it
	At       logic.Moment
	Delivery Delivery
}

// Options are the settings of a Service.
type Options struct {
	Sender Sender
	// Logger takes what happens beside any call; nil for nothing.
	Logger *slog.Logger
}

// Service is what the program can do with webhooks. It may be used by many goroutines.
type Service struct {
	store   Store
	clock   logic.Clock
	keys    *logic.Keys
	options Options
	sending sending
}

// New returns a Service over store. Run must run beside it for anything to be sent.
func New(store Store, clock logic.Clock, keys *logic.Keys, options Options) *Service {
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{store: store, clock: clock, keys: keys, options: options, sending: newSending()}
}

// sending is what is under way.
type sending struct {
	mu       sync.Mutex
	toEach   map[logic.WebhookID]int
	attempts sync.WaitGroup
	ended    chan struct{} // has an entry where a try ended since it was last looked at
	purgeAt  logic.Moment  // of whoever begins tries alone
}

func newSending() sending {
	return sending{toEach: map[logic.WebhookID]int{}, ended: make(chan struct{}, 1)}
}

// add counts tries of a webhook as under way, or, with a negative number, no longer.
func (s *sending) add(id logic.WebhookID, tries int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.toEach[id] += tries; s.toEach[id] == 0 {
		delete(s.toEach, id)
	}
}

// to returns how many tries of a webhook are under way.
func (s *sending) to(id logic.WebhookID) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.toEach[id]
}

// end says that a try of a webhook ended.
func (s *sending) end(id logic.WebhookID) {
	s.add(id, -1)
	select {
	case s.ended <- struct{}{}:
	default:
	}
}
