package content

import (
	"context"

	"headwater/logic"
)

// PublishPost shows readers exactly expectedRevision, the newest one, now or at a moment to come. A post that is published
// already goes on showing what it shows until then. It is for those who may edit the post and have POSTS_PUBLISH: FORBIDDEN,
// UNAUTHENTICATED. NOT_FOUND (field id); STALE (field expectedRevision), with the post as it is stored; INVALID where readers
// see that revision already, and in the trash (field id), and for a moment that is not to come (field at).
func (s *Service) PublishPost(ctx context.Context, id logic.PostID, expectedRevision int, at *logic.Moment) (Post, error) {
	return s.turn(ctx, id, func(viewer logic.Viewer, post *Post, now logic.Moment) error {
		return publish(viewer, post, expectedRevision, at, now)
	})
}

func publish(viewer logic.Viewer, post *Post, expected int, at *logic.Moment, now logic.Moment) error {
	if err := publishPosts.Check(viewer, now); err != nil {
		return err
	}
	if err := checkNotTrashed(*post); err != nil {
		return err
	}
	if err := checkRevision(*post, expected); err != nil {
		return err
	}
	published := post.Status == PostStatusPublished
	switch {
	case published && !post.HasWorkingCopy():
		return logic.Invalid("there is nothing to publish: readers see this revision").At("id")
	case at != nil && *at <= now:
		return logic.Invalid("The moment is not to come: leave it out to publish now.").At("at")
	}
	if at == nil {
		post.Status, post.ShownRevision, post.ScheduledFor, post.ScheduledRevision = PostStatusPublished, post.Revision, nil, nil
		return nil
	}
	post.ScheduledFor, post.ScheduledRevision = at, &expected
	if !published {
		post.Status, post.ShownRevision = PostStatusScheduled, post.Revision
	}
	return nil
}

// UnpublishPost makes a draft of a post that is published, scheduled or archived, with its newest content. It is for those who
// may edit the post and, unless it is archived, have POSTS_PUBLISH: FORBIDDEN, UNAUTHENTICATED. NOT_FOUND and, for a draft and
// in the trash, INVALID (field id).
func (s *Service) UnpublishPost(ctx context.Context, id logic.PostID) (Post, error) {
	return s.turn(ctx, id, func(viewer logic.Viewer, post *Post, now logic.Moment) error {
		return putAside(viewer, post, PostStatusDraft, now)
	})
}

// ArchivePost puts a post away that is a draft, scheduled or published, with its newest content. It is for those who may edit
// the post and, unless it is a draft, have POSTS_PUBLISH: FORBIDDEN, UNAUTHENTICATED. NOT_FOUND and, for what is archived and in
// the trash, INVALID (field id).
func (s *Service) ArchivePost(ctx context.Context, id logic.PostID) (Post, error) {
	return s.turn(ctx, id, func(viewer logic.Viewer, post *Post, now logic.Moment) error {
		return putAside(viewer, post, PostStatusArchived, now)
	})
}

// putAside gives post a state in which readers don't see it. Nothing is lost: a working copy becomes what the post shows.
func putAside(viewer logic.Viewer, post *Post, state PostStatus, now logic.Moment) error {
	if err := checkMoves(viewer, *post, now); err != nil {
		return err
	}
	if err := checkNotTrashed(*post); err != nil {
		return err
	}
	if post.Status == state {
		return logic.Invalid("the post is %s already", state).At("id")
	}
	post.Status, post.ShownRevision, post.ScheduledFor, post.ScheduledRevision = state, post.Revision, nil, nil
	return nil
}

// checkMoves returns nil where viewer, who may edit post, may take it from its state to another: what readers see, or will see,
// needs POSTS_PUBLISH.
func checkMoves(viewer logic.Viewer, post Post, now logic.Moment) error {
	if post.Status == PostStatusPublished || post.Status == PostStatusScheduled {
		return publishPosts.Check(viewer, now)
	}
	return nil
}
