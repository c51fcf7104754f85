package content

import (
	"slices"

	"headwater/logic"
)

// ReadableStates returns the states of posts that viewer may read; posts in any other state are to them as if they were
// not there.
func ReadableStates(viewer logic.Viewer) []PostStatus {
	switch {
	case canReadDrafts(viewer):
		return []PostStatus{PostStatusDraft, PostStatusScheduled, PostStatusPublished, PostStatusArchived}
	case readPosts.Allows(viewer):
		return []PostStatus{PostStatusPublished}
	}
	return nil
}

// CanRead tells whether viewer may know of post.
func CanRead(viewer logic.Viewer, post Post) bool {
	return slices.Contains(ReadableStates(viewer), post.Status)
}

// canReadDrafts tells whether viewer may read what is not published, too.
func canReadDrafts(viewer logic.Viewer) bool {
	return readPosts.Allows(viewer) && readDrafts.Allows(viewer)
}
