package content

import (
	"context"
	"slices"

	"headwater/logic"
)

// RestoreRevision makes a new revision with the content of the one that number names, as UpdatePost would; where that is the
// content already, it makes none. A slug that has become another post's, authors who were erased and a file that is gone are
// left out; where the viewer lacks DRAFTS_READ, the authors stay as they are, and FORBIDDEN says so where nothing but they would change.
// Errors are those of UpdatePost, and NOT_FOUND (field number).
func (s *Service) RestoreRevision(ctx context.Context, id logic.PostID, expectedRevision, number int) (Post, error) {
	return s.revise(ctx, id, expectedRevision, false, func(newest Revision) (Revision, logic.Faults, error) {
		content, err := s.store.RevisionByNumber(ctx, id, number)
		if logic.CodeOf(err) == logic.CodeNotFound {
			return Revision{}, nil, logic.NotFound("revision").At("number")
		}
		if err != nil {
			return Revision{}, nil, err
		}
		if content, err = s.still(ctx, content, newest); err != nil {
			return content, nil, err
		}
		restored := content
		if viewer := logic.ViewerFrom(ctx); !canReadDrafts(viewer) {
			restored.AuthorIDs = newest.AuthorIDs
			if sameContent(restored, newest) && !sameContent(content, newest) {
				return content, nil, readDrafts.Check(viewer, s.clock())
			}
		}
		return restored, nil, nil
	})
}

// still returns an old content with what has gone since as the newest has it.
func (s *Service) still(ctx context.Context, content, newest Revision) (Revision, error) {
	owners, err := s.store.SlugOwners(ctx, []string{content.Slug})
	if err != nil {
		return content, err
	}
	if owner, taken := owners[content.Slug]; taken && owner != content.PostID {
		content.Slug = newest.Slug
	}
	nameable, err := s.store.NameableAuthors(ctx, content.AuthorIDs)
	if err != nil {
		return content, err
	}
	content.AuthorIDs = slices.DeleteFunc(content.AuthorIDs, func(id logic.UserID) bool { return !nameable[id] })
	if len(content.AuthorIDs) == 0 {
		content.AuthorIDs = newest.AuthorIDs
	}
	if content.CoverID == nil {
		return content, nil
	}
	files, err := s.store.MediaByID(ctx, []logic.MediaID{*content.CoverID})
	if len(files) == 0 {
		content.CoverID = nil
	}
	return content, err
}

// DiscardWorkingCopy makes a new revision with the content that the post shows, so that there is no working copy any more; what
// was discarded stays among the revisions. A moment at which it was to go live is dropped with it. It is for those who may edit
// the post and, where there is such a moment, have POSTS_PUBLISH: FORBIDDEN, UNAUTHENTICATED. NOT_FOUND and, without a working
// copy and in the trash, INVALID (field id).
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
