package content

import (
	"context"

	"headwater/logic"
)

// CreatePostInput is a new post, a draft.
type CreatePostInput struct {
	Kind      PostKind // ARTICLE where empty
	Title     string
	Markdown  string
	Slug      *string // made from the title where nil
	Summary   *string
	Tags      []string // names
	CoverID   *logic.MediaID
	AuthorIDs []logic.UserID // nil: the person who asks
	Language  *string        // the site's where nil
}

// UpdatePostInput is what is to be changed of a post's content; nil leaves a value as it is.
type UpdatePostInput struct {
	Title, Markdown, Slug *string
	Summary               logic.TextChange
	Tags                  []string
	CoverID               logic.MediaChange
	AuthorIDs             []logic.UserID
	Language              *string
	PublishedAt           *logic.Moment
}

// CreatePost makes a draft, and its first revision. It is for those with POSTS_WRITE: FORBIDDEN, UNAUTHENTICATED. All faults of
// the input come together (REQUIRED, TOO_LONG, INVALID, TAKEN, NOT_FOUND; fields as in the input), with FORBIDDEN (field authorIds)
// where someone who may not read the drafts of others names others.
func (s *Service) CreatePost(ctx context.Context, in CreatePostInput) (Post, error) {
	return Post{}, logic.ErrInternal
}

// UpdatePost makes a revision of what in changes over expectedRevision: of a DRAFT or ARCHIVED post it is what the post shows, of
// others their working copy. Where nothing changes it makes none. NOT_FOUND (field id), FORBIDDEN for those who may not edit the
// post, STALE (field expectedRevision) with the post as it is stored, INVALID (field id) in the trash; faults of the input as
// CreatePost.
func (s *Service) UpdatePost(ctx context.Context, id logic.PostID, expectedRevision int, in UpdatePostInput, autosave bool) (Post, error) {
	return Post{}, logic.ErrInternal
}

// RestoreRevision makes a new revision with the content of the one that number names, as UpdatePost would. NOT_FOUND (field number).
func (s *Service) RestoreRevision(ctx context.Context, id logic.PostID, expectedRevision, number int) (Post, error) {
	return Post{}, logic.ErrInternal
}

// DiscardWorkingCopy makes a new revision with the content that the post shows. INVALID (field id) without a working copy.
func (s *Service) DiscardWorkingCopy(ctx context.Context, id logic.PostID) (Post, error) {
	return Post{}, logic.ErrInternal
}
