package content

import (
	"context"

	"headwater/logic"
)

// RestoreRevision makes a new revision with the content of the one that number names, as UpdatePost would; where that is the content already, it makes
// none. A slug that has become another post's, and a file that is gone, are left out, and so are the authors, where the viewer lacks DRAFTS_READ:
// those of the newest revision stay. Errors are those of UpdatePost, and NOT_FOUND (field number).
func (s *Service) RestoreRevision(ctx context.Context, id logic.PostID, expectedRevision, number int) (Post, error) {
	return s.revise(ctx, id, &expectedRevision, false, func(r Reader, post Post, newest Revision) (Revision, logic.Faults, error) {
		content, err := r.RevisionByNumber(ctx, post.ID, number)
		if logic.CodeOf(err) == logic.CodeNotFound {
			return Revision{}, nil, logic.NotFound("revision").At("number")
		}
		if err != nil {
			return Revision{}, nil, err
		}
		owners, err := r.SlugOwners(ctx, []string{content.Slug})
		if err != nil {
			return Revision{}, nil, err
		}
		if owner, taken := owners[content.Slug]; taken && owner != post.ID {
			content.Slug = newest.Slug
		}
		if !canReadDrafts(logic.ViewerFrom(ctx)) {
			content.AuthorIDs = newest.AuthorIDs
		}
		return content, nil, nil
	})
}

// DiscardWorkingCopy makes a new revision with the content that the post shows, so that there is no working copy any more; what was discarded stays
// among the revisions. A moment at which it was to go live is dropped with it. It is for those who may edit the post and, where there is such a moment,
// have POSTS_PUBLISH: FORBIDDEN, UNAUTHENTICATED. NOT_FOUND and, without a working copy and in the trash, INVALID (field id).
func (s *Service) DiscardWorkingCopy(ctx context.Context, id logic.PostID) (Post, error) {
	viewer, now := logic.ViewerFrom(ctx), s.clock()
	var post Post
	err := s.store.Write(ctx, func(w Writer) error {
		before, err := s.editable(ctx, w, id)
		if err != nil {
			return err
		}
		post = before
		after := before
		if err := discard(viewer, &after, now); err != nil {
			return err
		}
		shown, err := w.RevisionByNumber(ctx, id, before.ShownRevision)
		if err != nil {
			return err
		}
		if err := w.InsertRevision(ctx, s.sign(ctx, shown, id, after.Revision, now)); err != nil {
			return err
		}
		post = after
		return s.keep(ctx, w, before, after, nil, now)
	})
	return post, err
}

// discard is the step that takes a working copy away from post.
func discard(viewer logic.Viewer, post *Post, now logic.Moment) error {
	if err := checkNotTrashed(*post); err != nil {
		return err
	}
	if !post.HasWorkingCopy() {
		return logic.Invalid("there is no working copy").At("id")
	}
	planned := post.Status == PostStatusPublished && post.ScheduledFor != nil
	if planned {
		if err := publishPosts.Check(viewer, now); err != nil {
			return err
		}
		post.ScheduledFor, post.ScheduledRevision = nil, nil
	}
	post.Revision++
	post.ShownRevision = post.Revision
	if post.Status == PostStatusScheduled {
		post.ScheduledRevision = new(post.Revision)
	}
	return nil
}
