package httpd

import (
	"sync"

	"headwater/logic"
)

// uploads bounds how many requests with files come in at once. Nobody has more than a quarter of the places, and be it by slow bodies.
type uploads struct {
	most int

	mu  sync.Mutex
	all int
	of  map[uploader]int
}

// uploader is whom uploads are counted by: a person, or a key without one.
type uploader struct {
	user logic.UserID
	key  logic.APIKeyID
}

func uploaderOf(viewer logic.Viewer) uploader {
	if viewer.User != 0 {
		return uploader{user: viewer.User}
	}
	return uploader{key: viewer.Key}
}

func newUploads(most int) *uploads { return &uploads{most: most, of: map[uploader]int{}} }

// enter tells whether there is room for one more of viewer's, which must then be paired with leave.
func (u *uploads) enter(viewer logic.Viewer) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	who := uploaderOf(viewer)
	if u.all >= u.most || u.of[who] >= max(1, u.most/4) {
		return false
	}
	u.all++
	u.of[who]++
	return true
}

func (u *uploads) leave(viewer logic.Viewer) {
	u.mu.Lock()
	defer u.mu.Unlock()
	who := uploaderOf(viewer)
	u.all--
	if u.of[who]--; u.of[who] == 0 {
		delete(u.of, who)
	}
}
