package store

import (
	"context"

	"headwater/logic"
	"headwater/logic/content"
)

// MovePost stores a post whose content stays as it is: its state and its moments.
func (w *writer) MovePost(ctx context.Context, post content.Post) error {
	before, err := w.postByID(ctx, post.ID)
	if err != nil {
		return err
	}
	shelf, err := shelfOf(post)
	if err != nil {
		return err
	}
	w.change(changesOfPost(before, post, false)...)
	return inOrder(
		func() error { return w.removeFromSearch(ctx, post.ID) },
		func() error { return w.delist(ctx, before) },
		func() error { return w.updatePost(ctx, post) },
		func() error { return w.addToSearch(ctx, post.ID) },
		func() error { return w.openTerms(ctx, post.ID, shelf) },
		func() error { return w.enlist(ctx, post, shelf) },
		func() error { return w.updateListed(ctx, before, post) },
	)
}

// SetPostRevisions stores what a post says of its revisions and of what is planned, and nothing else of it.
func (w *writer) SetPostRevisions(ctx context.Context, post content.Post) error {
	w.change(logic.EditsOf(post.ID))
	_, err := w.exec(ctx, `/* SetPostRevisions */ UPDATE post SET revision = ?, shown_revision = ?, scheduled_for = ?, scheduled_revision = ?
		WHERE id = ?`, post.Revision, post.ShownRevision, post.ScheduledFor, post.ScheduledRevision, post.ID)
	return err
}

// PurgePost takes away a post with all that belongs to it.
func (w *writer) PurgePost(ctx context.Context, post content.Post) error {
	terms, err := w.deleteTerms(ctx, post.ID)
	if err != nil {
		return err
	}
	w.change(changesOfPost(post, content.Post{}, true)...)
	return inOrder(
		func() error { return w.deleteText(ctx, post.ID) },
		func() error { return w.delist(ctx, post) },
		func() error { return w.purgeTerms(ctx, terms) },
		func() error {
			_, err := w.exec(ctx, `/* PurgePost */ DELETE FROM post WHERE id = ?`, post.ID)
			return err
		},
		func() error { return w.updateListed(ctx, post) },
	)
}

// postByID returns NOT_FOUND when there is no post with the key.
func (r reader) postByID(ctx context.Context, id logic.PostID) (content.Post, error) {
	posts, err := r.PostsByID(ctx, []logic.PostID{id})
	post, found := posts[id]
	if err == nil && !found {
		err = logic.NotFound("post")
	}
	return post, err
}
