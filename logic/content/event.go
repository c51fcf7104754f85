package content

import "headwater/logic"

// PostEventKind says what became of a post in the eyes of readers.
type PostEventKind string

// The kinds of events of posts.
const (
	PostEventPublished PostEventKind = "PUBLISHED"
	PostEventChanged   PostEventKind = "CHANGED"
	PostEventRemoved   PostEventKind = "REMOVED"
)

// PostEvent is a change of what readers see of a post. Post is as it is behind the change.
type PostEvent struct {
	Kind PostEventKind
	Post Post
	At   logic.Moment
}
