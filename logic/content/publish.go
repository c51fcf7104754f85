package content

import (
	"context"

	"headwater/logic"
)

// PublishPost shows readers exactly expectedRevision, now or at a moment to come.
func (s *Service) PublishPost(ctx context.Context, id logic.PostID, expectedRevision int, at *logic.Moment) (Post, error) {
	return Post{}, logic.ErrInternal
}

// UnpublishPost makes a draft of a post, with its newest content.
func (s *Service) UnpublishPost(ctx context.Context, id logic.PostID) (Post, error) {
	return Post{}, logic.ErrInternal
}

// ArchivePost puts a post away, with its newest content.
func (s *Service) ArchivePost(ctx context.Context, id logic.PostID) (Post, error) {
	return Post{}, logic.ErrInternal
}

// DeletePost puts a post into the trash.
func (s *Service) DeletePost(ctx context.Context, id logic.PostID) (Post, error) {
	return Post{}, logic.ErrInternal
}

// UndeletePost takes a post out of the trash.
func (s *Service) UndeletePost(ctx context.Context, id logic.PostID) (Post, error) {
	return Post{}, logic.ErrInternal
}
