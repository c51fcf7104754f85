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

// PostEvent is a change of what readers see of a post. Post is as it is behind the change, and Before is what they saw until
// then: the zero Post where they saw nothing. Of a removed post, Before alone is told.
type PostEvent struct {
	Kind         PostEventKind
	Post, Before Post
	At           logic.Moment
}
