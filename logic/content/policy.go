package content

import (
	"slices"

	"headwater/logic"
)

// ReadableStates returns the states of posts that viewer may read; posts in any other state are to them as if they were
// not there. Readers see what is published, and nothing else.
func ReadableStates(logic.Viewer) []PostStatus {
	return []PostStatus{PostStatusPublished}
}

// CanRead tells whether viewer may know of post.
func CanRead(viewer logic.Viewer, post Post) bool {
	return slices.Contains(ReadableStates(viewer), post.Status)
}
