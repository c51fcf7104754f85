package client

import (
	"sync"

	"headwater/logic"
)

// usage counts requests by their keys until the counts are stored. The zero usage is empty.
type usage struct {
	// flushing is held for writing while counts are on their way to storage, and for reading while stored ones and those still
	// here are added up, so that none is missed or taken twice.
	flushing sync.RWMutex
	mu       sync.Mutex
	waiting  map[logic.APIKeyID]Use
}

// count counts a request with a key.
func (u *usage) count(id logic.APIKeyID, now logic.Moment) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.add(id, Use{Requests: 1, LastAt: now})
}

// add adds to what waits; the caller holds mu.
func (u *usage) add(id logic.APIKeyID, use Use) {
	if u.waiting == nil {
		u.waiting = map[logic.APIKeyID]Use{}
	}
	known := u.waiting[id]
	u.waiting[id] = Use{Requests: known.Requests + use.Requests, LastAt: max(known.LastAt, use.LastAt)}
}

// flush gives what was counted to write, and keeps it where that fails.
func (u *usage) flush(write func(map[logic.APIKeyID]Use) error) error {
	u.flushing.Lock()
	defer u.flushing.Unlock()
	u.mu.Lock()
	uses := u.waiting
	u.waiting = nil
	u.mu.Unlock()
	if len(uses) == 0 {
		return nil
	}
	err := write(uses)
	if err != nil {
		u.mu.Lock()
		defer u.mu.Unlock()
		for id, use := range uses {
			u.add(id, use)
		}
	}
	return err
}

// complete returns key with what was counted of it since it was stored.
func (u *usage) complete(key APIKey) APIKey {
	u.mu.Lock()
	use, counted := u.waiting[key.ID]
	u.mu.Unlock()
	if counted {
		key.RequestCount += use.Requests
		if key.LastUsedAt == nil || *key.LastUsedAt < use.LastAt {
			key.LastUsedAt = &use.LastAt
		}
	}
	return key
}
