package content

import (
	"context"
	"time"

	"headwater/logic"
)

// autosaveRun is how long after the first of them autosaves of one session take each other's place.
const autosaveRun = 10 * time.Minute

// editable returns the post with the given key if the viewer may edit it: FORBIDDEN, UNAUTHENTICATED, and NOT_FOUND (field id)
// for what the viewer may not know of.
func (s *Service) editable(ctx context.Context, r Reader, id logic.PostID) (Post, error) {
	viewer := logic.ViewerFrom(ctx)
	if err := writePosts.Check(viewer, s.clock()); err != nil {
		return Post{}, err
	}
	posts, err := r.PostsByID(ctx, []logic.PostID{id})
	if err != nil {
		return Post{}, err
	}
	post := posts[id]
	switch {
	case !CanRead(viewer, post):
		return Post{}, logic.NotFound("post").At("id")
	case !CanEdit(viewer, post):
		return Post{}, logic.Fault(logic.CodeForbidden, "Only its authors, and those with DRAFTS_READ, write a post.")
	}
	return post, nil
}

func checkNotTrashed(post Post) error {
	if post.DeletedAt != nil {
		return logic.Invalid("the post is in the trash: undelete it first").At("id")
	}
	return nil
}

// checkRevision returns STALE (field expectedRevision) unless expected is the newest revision of post.
func checkRevision(post Post, expected int) error {
	if expected != post.Revision {
		return logic.Fault(logic.CodeStale, "the post was written since: its revision is %d, not %d", post.Revision, expected).At("expectedRevision")
	}
	return nil
}

// written is what a revision is made over: the post, and its newest revision.
type written struct {
	Post
	newest Revision
}

// toWrite returns the post with the given key if a revision of it can be made over the expected one. With STALE the post comes too.
func (s *Service) toWrite(ctx context.Context, r Reader, id logic.PostID, expected int) (written, error) {
	post, err := s.editable(ctx, r, id)
	if err != nil {
		return written{}, err
	}
	if err := checkNotTrashed(post); err != nil {
		return written{}, err
	}
	if err := checkRevision(post, expected); err != nil {
		return written{Post: post}, err
	}
	newest, err := r.RevisionByNumber(ctx, id, post.Revision)
	return written{post, newest}, err
}

// revise makes a revision of the post with the given key over the expected one: what change makes of that, with the faults of
// what it was told. With an error it returns the post as it is stored. The text is rendered before the transaction: under one
// number no other is ever found.
func (s *Service) revise(
	ctx context.Context, id logic.PostID, expected int, autosave bool, change func(newest Revision) (Revision, logic.Faults, error),
) (Post, error) {
	now := s.clock()
	over, err := s.toWrite(ctx, s.store, id, expected)
	if err != nil {
		return over.Post, err
	}
	content, faults, err := change(over.newest)
	if err != nil {
		return over.Post, err
	}
	made, err := newDraft(content)
	if err != nil {
		return over.Post, err
	}
	made.faults = append(made.faults, faults...)
	post := over.Post
	err = s.store.Write(ctx, func(w Writer) error {
		over, err := s.toWrite(ctx, w, id, expected)
		if post = over.Post; err != nil {
			return err
		}
		revised, err := s.addRevision(ctx, w, over, made, autosave, now)
		if err == nil {
			post = revised
		}
		return err
	})
	return post, err
}

// addRevision writes a revision of a post over the newest one, unless it states the same, and shows it where the post has no
// working copy. It returns the post as it then is.
func (s *Service) addRevision(
	ctx context.Context, w Writer, over written, made draft, autosave bool, now logic.Moment,
) (Post, error) {
	post, newest := over.Post, over.newest
	made, err := made.complete(ctx, w, post.ID, newest)
	if err != nil {
		return post, err
	}
	onPurpose := newest.Autosaved() && !autosave // what was saved automatically is now saved to stay
	if sameContent(made.Revision, newest) && !onPurpose {
		return post, nil
	}
	revision := s.sign(ctx, made.Revision, post.ID, newest.Number+1, now)
	if err := s.putRevision(ctx, w, revision, newest, autosave); err != nil {
		return post, err
	}
	post.Revision = revision.Number
	if post.Status == PostStatusPublished || post.Status == PostStatusScheduled {
		if err := w.ClaimSlug(ctx, revision.Slug, post.ID, false); err != nil {
			return post, err
		}
		return post, s.keep(ctx, w, over.Post, post, nil, now)
	}
	if err := s.show(ctx, w, &post, revision, newest.Tags); err != nil {
		return post, err
	}
	post.UpdatedAt = now
	return post, s.keep(ctx, w, over.Post, post, &made.text, now)
}

// sign returns a revision of a post with its key and number, and with who writes it through what.
func (s *Service) sign(ctx context.Context, revision Revision, id logic.PostID, number int, now logic.Moment) Revision {
	viewer := logic.ViewerFrom(ctx)
	revision.ID, revision.PostID, revision.Number, revision.CreatedAt = logic.RevisionID(s.keys.Next()), id, number, now
	revision.EditorID, revision.ClientID = unlessZero(viewer.User), unlessZero(viewer.Client)
	revision.KeyID, revision.SessionID = unlessZero(viewer.Key), unlessZero(viewer.Session)
	revision.AutosavedSince = nil
	return revision
}

func unlessZero[T comparable](value T) *T {
	if value == *new(T) {
		return nil
	}
	return &value
}

// putRevision adds a revision behind the newest one, or puts it in its place where both are autosaves of one run.
func (s *Service) putRevision(ctx context.Context, w Writer, revision, newest Revision, autosave bool) error {
	if !autosave {
		return w.InsertRevision(ctx, revision)
	}
	if newest.Autosaved() && sameHand(newest, revision) && revision.CreatedAt < newest.AutosavedSince.Add(autosaveRun) {
		revision.AutosavedSince = newest.AutosavedSince
		return w.ReplaceRevision(ctx, newest.ID, revision)
	}
	revision.AutosavedSince = &revision.CreatedAt
	return w.InsertRevision(ctx, revision)
}

// sameHand tells whether two revisions were written in one session, or, without sessions, by the same person through the same
// client and key.
func sameHand(a, b Revision) bool {
	return equal(a.SessionID, b.SessionID) && equal(a.EditorID, b.EditorID) && equal(a.ClientID, b.ClientID) && equal(a.KeyID, b.KeyID)
}
