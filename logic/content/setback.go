package content

import (
	"sync"
	"time"

	"headwater/logic"
)

// How long a post is left alone that something failed with: twice as long each time.
const (
	shortestSetback = time.Second
	longestSetback  = 10 * time.Minute
)

// setbacks are the posts that something failed with and that are left alone for a while. The zero setbacks are none.
type setbacks struct {
	mu sync.Mutex
	of map[logic.PostID]setback
}

type setback struct {
	until logic.Moment
	wait  time.Duration
}

// leave has a post left alone, which failed at now, and returns for how long.
func (s *setbacks) leave(id logic.PostID, now logic.Moment) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of = map[logic.PostID]setback{}
	}
	wait := min(max(2*s.of[id].wait, shortestSetback), longestSetback)
	s.of[id] = setback{now.Add(wait), wait}
	return wait
}

// forget says that all went well with a post.
func (s *setbacks) forget(id logic.PostID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.of, id)
}

// leftAlone returns the posts that are to be left alone at now. What was not tried for long since is forgotten.
func (s *setbacks) leftAlone(now logic.Moment) []logic.PostID {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []logic.PostID
	for id, setback := range s.of {
		if setback.until > now {
			ids = append(ids, id)
		} else if setback.until.Add(longestSetback) < now {
			delete(s.of, id)
		}
	}
	return ids
}
