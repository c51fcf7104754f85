package content

import (
	"slices"

	"headwater/logic"
)

// EveryStatus returns all states of posts.
func EveryStatus() []PostStatus {
	return []PostStatus{PostStatusDraft, PostStatusScheduled, PostStatusPublished, PostStatusArchived}
}

// CanRead tells whether viewer may know of post; others are to find it as if it were not there. What readers see is for all who
// may read posts. The rest, the trash with it, is for those who may read drafts, and for its own authors.
func CanRead(viewer logic.Viewer, post Post) bool {
	switch {
	case !readPosts.Allows(viewer), !slices.Contains(EveryStatus(), post.Status):
		return false
	case post.IsPublic():
		return true
	}
	return canReadDrafts(viewer) || isOwn(viewer, post)
}

// readableStates returns those of the wanted states in which viewer may read the posts of everyone, and those in which only their own:
// lists hold what CanRead allows. Both are of what is in the trash where that is asked for.
func readableStates(viewer logic.Viewer, wanted []PostStatus, trashed bool) (all, own []PostStatus) {
	for _, status := range EveryStatus() {
		public := status == PostStatusPublished && !trashed
		switch {
		case !slices.Contains(wanted, status):
		case canReadDrafts(viewer), public && readPosts.Allows(viewer):
			all = append(all, status)
		case canWriteOwn(viewer):
			own = append(own, status)
		}
	}
	return all, own
}

// CanEdit tells whether viewer may write post: its own authors may, and those who may also read the drafts of others. A preview shows what
// the post may become, its authors too, and gives nobody a right.
func CanEdit(viewer logic.Viewer, post Post) bool {
	return post.Preview == nil && writePosts.Allows(viewer) && CanRead(viewer, post) && (canReadDrafts(viewer) || isOwn(viewer, post))
}

// CanSeeSchedule tells whether viewer may know when post is published by itself. Of what readers see already, what it is to become is for
// those who may edit it.
func CanSeeSchedule(viewer logic.Viewer, post Post) bool {
	return post.Status == PostStatusScheduled && CanRead(viewer, post) || CanEdit(viewer, post)
}

// CanPublish tells whether viewer may change what readers see of post, and when.
func CanPublish(viewer logic.Viewer, post Post) bool {
	return CanEdit(viewer, post) && publishPosts.Allows(viewer)
}

// canReadDrafts tells whether viewer may read what is not published, whoever wrote it.
func canReadDrafts(viewer logic.Viewer) bool {
	return readPosts.Allows(viewer) && readDrafts.Allows(viewer)
}

// canWriteOwn tells whether viewer is a person who may write posts, and so sees all that they wrote.
func canWriteOwn(viewer logic.Viewer) bool {
	return viewer.User != 0 && readPosts.Allows(viewer) && writePosts.Allows(viewer)
}

// ownerOf returns whose posts viewer sees all of: their own, where they may write; else nobody's.
func ownerOf(viewer logic.Viewer) logic.UserID {
	if canWriteOwn(viewer) {
		return viewer.User
	}
	return 0
}

// isOwn tells whether viewer writes post as one of its authors.
func isOwn(viewer logic.Viewer, post Post) bool {
	return canWriteOwn(viewer) && slices.Contains(post.AuthorIDs, viewer.User)
}

// checkChangeTags returns nil where viewer may change tags, which stand on the posts of all: FORBIDDEN, or UNAUTHENTICATED where
// signing in through the client that asks would help.
func checkChangeTags(viewer logic.Viewer, now logic.Moment) error {
	if err := changeTags.Check(viewer, now); err != nil {
		return err
	}
	if err := readDrafts.Check(viewer, now); err != nil {
		return err
	}
	return readPosts.Check(viewer, now)
}
