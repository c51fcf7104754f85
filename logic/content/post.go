package content

import (
	"headwater/logic"
	"headwater/logic/content/render"
)

// PostStatus says where a post is in its life.
type PostStatus string

// The states of a post. Readers see PUBLISHED ones alone.
const (
	PostStatusDraft     PostStatus = "DRAFT"
	PostStatusScheduled PostStatus = "SCHEDULED"
	PostStatusPublished PostStatus = "PUBLISHED"
	PostStatusArchived  PostStatus = "ARCHIVED"
)

// PostKind tells an article, which stands in lists and feeds by its date, from a page, which is reached by its address.
type PostKind string

// The kinds of posts.
const (
	PostKindArticle PostKind = "ARTICLE"
	PostKindPage    PostKind = "PAGE"
)

// Post is what a list shows of a post. Its long parts are read apart, by those who ask for them: see Outline and Body.
type Post struct {
	ID          logic.PostID
	Kind        PostKind
	Slug        string
	Title       string
	Status      PostStatus
	Summary     *string
	AuthorIDs   []logic.UserID // the first is the author; never empty
	TagIDs      []logic.TagID
	Language    string
	CoverID     *logic.MediaID
	PublishedAt *logic.Moment
	CreatedAt   logic.Moment
	UpdatedAt   logic.Moment // when readers last saw it change; of what they never saw, when it was last written

	// Revision is the number of the newest revision, ShownRevision that of the one that all of the above is. They differ where
	// there is a working copy: see HasWorkingCopy.
	Revision      int
	ShownRevision int
	// ScheduledFor is when ScheduledRevision is shown to readers, both nil where nothing is planned. A SCHEDULED post has both, and a
	// PUBLISHED one where its working copy waits for a moment.
	ScheduledFor      *logic.Moment
	ScheduledRevision *int
	DeletedAt         *logic.Moment // when it went to the trash; nil where it is not there

	// Preview is the text of a post that PostPreview returned, and nil for all others, whose text is read apart.
	Preview *PostText
}

// HasWorkingCopy tells whether there are edits that are neither published nor what a schedule of a first publishing shows.
func (p Post) HasWorkingCopy() bool { return p.Revision != p.ShownRevision }

// IsPublic tells whether readers may see the post.
func (p Post) IsPublic() bool { return p.Status == PostStatusPublished && p.DeletedAt == nil }

// NodeID returns the post's identity across all types.
func (p Post) NodeID() logic.ID { return p.ID.ID() }

// Heading is a heading of a post's text.
type Heading = render.Heading

// Outline is what was worked out of a post's text when it was written, short enough to stand in lists.
type Outline struct {
	Lead      string // the beginning of the text, about 1,000 characters
	WordCount int
	Headings  []Heading
}

// wordsPerMinute is how fast adults read plain prose silently (238 in English: Brysbaert 2019, "How many words do we read
// per minute?"), less what code and figures cost.
const wordsPerMinute = 220

// ReadingMinutes returns how long the post takes to read, in minutes, at least one.
func (o Outline) ReadingMinutes() int { return max(1, (o.WordCount+wordsPerMinute-1)/wordsPerMinute) }

// BodyPart names one of the long parts of a post.
type BodyPart int

// The long parts of a post that readers may ask for.
const (
	BodyHTML BodyPart = iota
	BodyText
)

// Tag is a subject that posts stand under.
type Tag struct {
	ID        logic.TagID
	Slug      string
	Name      string
	PostCount int64 // published articles
}

// NodeID returns the tag's identity across all types.
func (t Tag) NodeID() logic.ID { return t.ID.ID() }
