package content

import "headwater/logic"

// PostFilter says which posts a list holds. Conditions add up, several values of one are alternatives; nil means the
// default, as the contract states it.
type PostFilter struct {
	Status          []PostStatus
	Kind            []PostKind
	Tags            []string // slugs
	Authors         []string // usernames
	Languages       []string
	PublishedFrom   *logic.Moment // included
	PublishedBefore *logic.Moment // left out
	Trashed         *bool
}

// PostOrder says how a list of posts is ordered. Posts without the ordered value come last; equal ones stand by key.
type PostOrder struct {
	Field     PostOrderField
	Direction OrderDirection
}

// PostOrderField is a value that posts can be ordered by.
type PostOrderField string

// The orders of posts.
const (
	PostOrderPublishedAt PostOrderField = "PUBLISHED_AT"
	PostOrderUpdatedAt   PostOrderField = "UPDATED_AT"
	PostOrderCreatedAt   PostOrderField = "CREATED_AT"
	PostOrderTitle       PostOrderField = "TITLE"
)

// OrderDirection is up or down.
type OrderDirection string

// The directions of an order.
const (
	Ascending  OrderDirection = "ASC"
	Descending OrderDirection = "DESC"
)

// PostList names a list that posts stand in: every post (the zero PostList), the posts on a tag, or those of an author.
// Keys of tags and users never meet, so the key alone tells.
type PostList int64

// AllPosts is the list of every post.
const AllPosts PostList = 0

// PostQuery is a checked question for a part of a list of posts: what the filter allows, cut down to what the viewer may
// see. That is posts in one of States, and in one of OwnStates those that Owner is an author of; no state is in both. Without any, and
// without Kinds, nothing matches.
type PostQuery struct {
	States          []PostStatus
	OwnStates       []PostStatus
	Owner           logic.UserID
	Trashed         bool // only what is in the trash; else only what is not
	Kinds           []PostKind
	Tags            []string // nil: any
	Authors         []string
	Languages       []string
	PublishedFrom   *logic.Moment
	PublishedBefore *logic.Moment
	Order           PostOrder
	Window          logic.Window
	// Brief leaves out of each post what few lists show: Summary, Language, CoverID, CreatedAt, UpdatedAt, revisions and schedules
	// are zero then. It is passed over where the list is ordered by one of them.
	Brief bool
}

// TagOrder says how a list of tags is ordered; equal ones stand by key.
type TagOrder struct {
	Field     TagOrderField
	Direction OrderDirection
}

// TagOrderField is a value that tags can be ordered by.
type TagOrderField string

// The orders of tags.
const (
	TagOrderName      TagOrderField = "NAME"
	TagOrderPostCount TagOrderField = "POST_COUNT"
)

// TagQuery is a checked question for a part of the list of tags.
type TagQuery struct {
	Order  TagOrder
	Window logic.Window
}

// SearchQuery is a checked question for posts by their words. Posts match when they have every one of Terms and none of
// Without, in title or text, stand on every one of Tags, and have every one of Authors. It never has neither Terms nor Tags nor Authors.
type SearchQuery struct {
	Terms   []SearchTerm
	Without []SearchTerm
	Tags    []string // slugs
	Authors []string // usernames

	WithoutTags    []string
	WithoutAuthors []string

	Posts PostQuery // its Order is not used: the best match comes first
}

// SearchTerm is a word, the beginning of a word, or a phrase.
type SearchTerm struct {
	Words  []string // one, or several in a row; letters and digits only
	Prefix bool     // the last word goes on
}

// SearchHit is a post that was found.
type SearchHit struct {
	Post    Post
	Score   float64 // the smaller the better; the newest of equal ones comes first
	Snippet string  // the matching passage as plain text, each word found between SnippetStart and SnippetEnd
}

// Marks around the words found in a snippet; rendering takes both out of every text.
const (
	SnippetStart = "\x01"
	SnippetEnd   = "\x02"
)
