package content

import (
	"context"

	"headwater/logic"
	"headwater/logic/content/render"
)

// Reader is what the domain needs of storage to read. Titles and names are ordered by logic.SortKey. Reads by many keys
// return a map, from which what is not there is missing. No read decides who may see what: callers pass what is allowed, or
// drop what is not. What names published posts holds those alone, as storage keeps them apart.
type Reader interface {
	mediaReader
	archiveReader
	PostsByID(ctx context.Context, ids []logic.PostID) (map[logic.PostID]Post, error)
	// PostBySlug returns the post that has the slug, or that readers once saw under it; NOT_FOUND when there is none.
	PostBySlug(ctx context.Context, slug string) (Post, error)
	// PostPages returns, for each list, up to Window.Limit+1 posts in the direction that was asked for, in one statement.
	PostPages(ctx context.Context, lists []PostList, query PostQuery) (map[PostList][]Post, error)
	// CountPosts returns how many posts of each list match query, whatever its window, in one statement.
	CountPosts(ctx context.Context, lists []PostList, query PostQuery) (map[PostList]int64, error)
	// SearchPosts returns up to Window.Limit+1 hits, the best first, behind the post of Window.After where given.
	SearchPosts(ctx context.Context, query SearchQuery) ([]SearchHit, error)
	CountSearch(ctx context.Context, query SearchQuery) (int64, error)
	// Neighbours returns, for each post, the published article just after it (or, before it) by publishedAt and key.
	Neighbours(ctx context.Context, ids []logic.PostID, before bool) (map[logic.PostID]Post, error)
	// RelatedPosts returns, for each post, up to limit other published articles, closest first.
	RelatedPosts(ctx context.Context, ids []logic.PostID, limit int) (map[logic.PostID][]Post, error)
	Outlines(ctx context.Context, ids []logic.PostID) (map[logic.PostID]Outline, error)
	Bodies(ctx context.Context, ids []logic.PostID, part BodyPart) (map[logic.PostID]string, error)
	// Sources returns the Markdown of what posts show.
	Sources(ctx context.Context, ids []logic.PostID) (map[logic.PostID]string, error)

	// RevisionPages returns, for each post, up to Window.Limit+1 revisions without their Markdown, the newest first unless Window reads
	// backward, in one statement.
	RevisionPages(ctx context.Context, ids []logic.PostID, window logic.Window) (map[logic.PostID][]Revision, error)
	CountRevisions(ctx context.Context, ids []logic.PostID) (map[logic.PostID]int64, error)
	// RevisionsByID returns revisions without their Markdown.
	RevisionsByID(ctx context.Context, ids []logic.RevisionID) (map[logic.RevisionID]Revision, error)
	// NewestRevisions returns the newest revision of each post.
	NewestRevisions(ctx context.Context, ids []logic.PostID) (map[logic.PostID]Revision, error)
	// RevisionByNumber returns NOT_FOUND when the post has no revision with the number.
	RevisionByNumber(ctx context.Context, id logic.PostID, number int) (Revision, error)
	// RevisionSources returns the Markdown of revisions.
	RevisionSources(ctx context.Context, ids []logic.RevisionID) (map[logic.RevisionID]string, error)
	// RevisionsInUse returns those of a post's revisions that it shows, that it will show, and the newest: each once.
	RevisionsInUse(ctx context.Context, id logic.PostID) ([]Revision, error)
	// SourcesBefore returns, for each revision, the Markdown of the one before it; what has none before it is missing.
	SourcesBefore(ctx context.Context, ids []logic.RevisionID) (map[logic.RevisionID]string, error)

	// WasPublic tells whether readers see a post, or ever saw it.
	WasPublic(ctx context.Context, id logic.PostID) (bool, error)
	// SlugOwners returns whose each of the slugs is.
	SlugOwners(ctx context.Context, slugs []string) (map[string]logic.PostID, error)
	// NameableAuthors tells which of the users are there and not erased.
	NameableAuthors(ctx context.Context, ids []logic.UserID) (map[logic.UserID]bool, error)
	// DuePosts returns up to limit posts of which something is to be shown to readers at the moment or before, the longest due first, without
	// those that are to be left alone.
	DuePosts(ctx context.Context, moment logic.Moment, without []logic.PostID, limit int) ([]logic.PostID, error)
	// OldTrash returns up to limit posts that are in the trash since the moment or before, without those that are to be left alone.
	OldTrash(ctx context.Context, moment logic.Moment, without []logic.PostID, limit int) ([]logic.PostID, error)

	// PreviewToken returns what is kept of a token, or NOT_FOUND.
	PreviewToken(ctx context.Context, hash logic.TokenHash) (PreviewToken, error)

	TagsByID(ctx context.Context, ids []logic.TagID) (map[logic.TagID]Tag, error)
	// TagNamesByID reads of tags nothing but ID, Slug and Name.
	TagNamesByID(ctx context.Context, ids []logic.TagID) (map[logic.TagID]Tag, error)
	// TagBySlug returns the tag that has the slug, or had it when readers saw it, listed or not, or NOT_FOUND.
	TagBySlug(ctx context.Context, slug string) (Tag, error)
	// TagsBySlug returns the tags that have the given slugs or had them, listed or not, by these slugs, each with the name that the slug was
	// made of, and whether it is outdated: readers never saw the tag so.
	TagsBySlug(ctx context.Context, slugs []string) (map[string]Named[logic.TagID], error)
	// ListedTag returns the tag as TagBySlug does, if a published post stands on it, or any post of owner, zero being nobody; or NOT_FOUND.
	ListedTag(ctx context.Context, slug string, owner logic.UserID) (Tag, error)
	// ListedTagsByID returns those of the tags with the given keys that a published post stands on, or any post of owner.
	ListedTagsByID(ctx context.Context, ids []logic.TagID, owner logic.UserID) (map[logic.TagID]Tag, error)
	// ListedTags returns up to Window.Limit+1 tags that a published post stands on.
	ListedTags(ctx context.Context, query TagQuery) ([]Tag, error)
	CountListedTags(ctx context.Context) (int64, error)

	Site(ctx context.Context) (Site, error)
	// ContentVersion returns how often TouchContent was called, and the latest moment that it was given.
	ContentVersion(ctx context.Context) (version int64, changedAt logic.Moment, err error)

	// ImportedPost returns the post that was imported from source, and the digest that it had; NOT_FOUND where none was.
	ImportedPost(ctx context.Context, source string) (logic.PostID, string, error)
}

// Writer is what the domain needs of storage to change, inside one transaction.
type Writer interface {
	Reader
	mediaWriter
	archiveWriter
	// InsertPost adds a post with its text and puts it into its lists. TAKEN (field slug) when another has its slug.
	InsertPost(ctx context.Context, post Post, text PostText) error
	// UpdatePost replaces a post and its text, found by its key.
	UpdatePost(ctx context.Context, post Post, text PostText) error
	// MovePost stores a post whose content stays as it is: its state and its moments.
	MovePost(ctx context.Context, post Post) error
	// SetPostRevisions stores what a post says of its revisions and of what is planned, and nothing else of it.
	SetPostRevisions(ctx context.Context, post Post) error
	// PurgePost takes away a post with all that belongs to it.
	PurgePost(ctx context.Context, post Post) error
	// InsertRevision adds a revision of a post that is there.
	InsertRevision(ctx context.Context, revision Revision) error
	// ReplaceRevision puts a revision in the place of another of the same post.
	ReplaceRevision(ctx context.Context, id logic.RevisionID, revision Revision) error
	// FixRevisions states that revisions of a post were not only saved automatically.
	FixRevisions(ctx context.Context, id logic.PostID, numbers []int) error
	// ClaimSlug gives a post a slug, for good once it is public. TAKEN (field slug) when it is another post's.
	ClaimSlug(ctx context.Context, slug string, id logic.PostID, public bool) error
	// DropOldSlug takes a slug from the post that had it when readers saw it, unless it has it still or is the one with the given key.
	DropOldSlug(ctx context.Context, slug string, id logic.PostID) error
	// ReleaseSlugs takes from a post all slugs that are neither public nor among kept.
	ReleaseSlugs(ctx context.Context, id logic.PostID, kept []string) error
	// AddPostEvent tells those who listen of a change that readers see.
	AddPostEvent(ctx context.Context, event PostEvent) error
	// Once returns what was made under the idempotency key with the given hash, or NOT_FOUND.
	Once(ctx context.Context, hash []byte) (Once, error)
	AddOnce(ctx context.Context, hash []byte, once Once) error
	// ForgetOnce forgets what was made before a moment.
	ForgetOnce(ctx context.Context, before logic.Moment) error
	// TouchContent says that readers may see another site than before.
	TouchContent(ctx context.Context, now logic.Moment) error
	// FreeSlugs gives posts slugs that no post can ask for, until each is updated in the same change.
	FreeSlugs(ctx context.Context, ids []logic.PostID) error
	// SetImportedPost remembers that the post came from source with digest.
	SetImportedPost(ctx context.Context, source, digest string, id logic.PostID) error
	// InsertPreviewToken keeps a token of a post that is there.
	InsertPreviewToken(ctx context.Context, hash logic.TokenHash, token PreviewToken) error
	// DeletePreviewTokensOf takes away all tokens of a post.
	DeletePreviewTokensOf(ctx context.Context, id logic.PostID) error
	// DeletePreviewTokensBefore takes away all tokens that expired before the moment.
	DeletePreviewTokensBefore(ctx context.Context, moment logic.Moment) error
	InsertTag(ctx context.Context, tag Tag) error
	// UpdateTag gives a tag another name, and a slug that it claimed.
	UpdateTag(ctx context.Context, tag Tag) error
	// ClaimTagSlug lets a slug lead to a tag for good, as what is made of name. TAKEN when it leads to another.
	ClaimTagSlug(ctx context.Context, slug, name string, id logic.TagID) error
	// DropOutdatedTagSlug takes a slug from the tag that had it before readers saw it.
	DropOutdatedTagSlug(ctx context.Context, slug string) error
	// MergeTags puts a tag in the place of another on all posts and for all slugs, and deletes the other.
	MergeTags(ctx context.Context, from, into logic.TagID) error
	// PublicPostsOn returns the posts on a tag that readers see.
	PublicPostsOn(ctx context.Context, id logic.TagID) ([]Post, error)
	// AuthorsByUsername returns the users with the given usernames, listed or not, by their usernames.
	AuthorsByUsername(ctx context.Context, usernames []string) (map[string]Named[logic.UserID], error)
	// InsertAuthor adds a user who can't sign in. TAKEN (field username) when another has the username.
	InsertAuthor(ctx context.Context, id logic.UserID, username, name string, createdAt logic.Moment) error
	UpdateSite(ctx context.Context, site Site) error
	// DaysCounted tells whether any metrics have been counted by days, which are days of the site's time zone.
	DaysCounted(ctx context.Context) (bool, error)
}

// Store keeps posts, tags and the site.
type Store interface {
	Reader
	logic.Transactor[Writer]
}

// PostText is all that is worked out of a post's Markdown when it is written, with the Markdown.
type PostText struct {
	Markdown string
	render.Rendered
	Terms []render.Term // what tells the post apart, for RelatedPosts
}
