package metric

import (
	"time"

	"headwater/logic"
)

// Options are the settings of a Service; the zero value of each stands for its default.
type Options struct {
	RawFor    time.Duration // how long single events are kept, in whole UTC days; 30 days
	MaxValues int           // how many different values of a dimension a UTC day has places for, beside posts' own paths; 1,000
	MaxNew    int           // how many of those of a UTC day events that come from one network can take; 50
	MaxEvents int           // how many single events are counted anew for one answer; 2,000,000
	MaxTexts  int           // how many different texts or pairs are counted anew for one answer; 100,000
}

// Service holds the use cases of metrics. It may be used by many goroutines.
type Service struct {
	store   Store
	clock   logic.Clock
	keys    *logic.Keys
	options Options
}

// New returns the use cases over a store.
func New(store Store, clock logic.Clock, keys *logic.Keys, options Options) *Service {
	if options.RawFor == 0 {
		options.RawFor = defaultRawFor
	}
	if options.MaxValues == 0 {
		options.MaxValues = defaultMaxValues
	}
	if options.MaxNew == 0 {
		options.MaxNew = defaultMaxNew
	}
	if options.MaxEvents == 0 {
		options.MaxEvents = defaultMaxEvents
	}
	if options.MaxTexts == 0 {
		options.MaxTexts = defaultMaxTexts
	}
	return &Service{store: store, clock: clock, keys: keys, options: options}
}
