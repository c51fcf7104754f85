package content

import (
	"context"
	"errors"
	"time"

	"headwater/logic"
)

// trashedFor is how long a post stays in the trash.
const trashedFor = 30 * 24 * time.Hour

// maxPurged is how many posts are asked for at a time that are to be taken out of the trash for good.
const maxPurged = 100

// DeletePost puts a post into the trash, where it stays for 30 days; what is planned of it is dropped, so that a scheduled post
// is a draft. It is for those who may edit the post and, where it is published or scheduled, have POSTS_PUBLISH: FORBIDDEN,
// UNAUTHENTICATED. NOT_FOUND and, for what is in the trash, INVALID (field id).
func (s *Service) DeletePost(ctx context.Context, id logic.PostID) (Post, error) {
	return s.turn(ctx, id, trash)
}

func trash(viewer logic.Viewer, post *Post, now logic.Moment) error {
	if err := checkMoves(viewer, *post, now); err != nil {
		return err
	}
	if post.DeletedAt != nil {
		return logic.Invalid("the post is in the trash already").At("id")
	}
	if post.Status == PostStatusScheduled {
		post.Status, post.ShownRevision = PostStatusDraft, post.Revision
	}
	post.DeletedAt, post.ScheduledFor, post.ScheduledRevision = &now, nil, nil
	return nil
}

// UndeletePost takes a post out of the trash, in the state that it had. It is for those who may edit the post and, where it
// comes back published, have POSTS_PUBLISH: FORBIDDEN, UNAUTHENTICATED. NOT_FOUND and, for what is not in the trash, INVALID
// (field id).
func (s *Service) UndeletePost(ctx context.Context, id logic.PostID) (Post, error) {
	return s.turn(ctx, id, untrash)
}

func untrash(viewer logic.Viewer, post *Post, now logic.Moment) error {
	if post.DeletedAt == nil {
		return logic.Invalid("the post is not in the trash").At("id")
	}
	if err := checkMoves(viewer, *post, now); err != nil {
		return err
	}
	post.DeletedAt = nil
	return nil
}

// EmptyTrash takes away for good what is in the trash for 30 days, and returns how many posts that were. Their metrics stay. One that
// fails keeps no other back: the log says why, and it is tried again later. It is the program's own work, done for nobody.
func (s *Service) EmptyTrash(ctx context.Context) (int, error) {
	now := s.clock()
	before := now.Add(-trashedFor)
	purged := 0
	for {
		ids, err := s.store.OldTrash(ctx, before, s.unpurged.leftAlone(now), maxPurged)
		if err != nil || len(ids) == 0 {
			return purged, err
		}
		for _, id := range ids {
			err := s.purge(ctx, id, before)
			if err == nil {
				purged++
				s.unpurged.forget(id)
				continue
			}
			s.unpurged.leave(id, now)
			if ctx.Err() == nil {
				s.log.ErrorContext(ctx, "empty the trash", "post", id.ID().String(), "error", err)
			}
		}
	}
}

// purge takes a post away that is in the trash since a moment or before; it may have been taken out of there meanwhile.
func (s *Service) purge(ctx context.Context, id logic.PostID, before logic.Moment) error {
	return s.store.Write(ctx, func(w Writer) error {
		posts, err := w.PostsByID(ctx, []logic.PostID{id})
		post := posts[id]
		if err != nil || post.DeletedAt == nil || *post.DeletedAt > before {
			return err
		}
		return errors.Join(w.SetPostMedia(ctx, id, nil, nil), w.PurgePost(ctx, post))
	})
}
