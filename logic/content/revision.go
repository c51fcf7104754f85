package content

import (
	"context"

	"headwater/logic"
)

// Revision is one state of a post's content, with who wrote it through what. It never changes; only one that was saved
// automatically gives way to the next of its run.
type Revision struct {
	ID          logic.RevisionID
	PostID      logic.PostID
	Number      int
	Slug        string
	Title       string
	Summary     *string
	Markdown    string
	Tags        []string // names as written
	AuthorIDs   []logic.UserID
	CoverID     *logic.MediaID
	Language    string
	PublishedAt *logic.Moment // the date that the writer gave the post; nil for when it is published
	// AutosavedSince is when the run of autosaves began that this is the last of; nil for what was saved on purpose.
	AutosavedSince *logic.Moment

	// Who wrote it, through which client and with which key; nil where there was none, as on the command line.
	EditorID  *logic.UserID
	ClientID  *logic.ClientID
	KeyID     *logic.APIKeyID
	SessionID *logic.SessionID
	CreatedAt logic.Moment
}

// NodeID returns the revision's identity across all types.
func (r Revision) NodeID() logic.ID { return r.ID.ID() }

// Autosaved tells whether nobody saved it on purpose.
func (r Revision) Autosaved() bool { return r.AutosavedSince != nil }

// orderByNumber names the order of revisions in their cursors.
const orderByNumber = "NUMBER"

// Cursor returns the place of the revision in the list of its post's, the newest first.
func (r Revision) Cursor() logic.Cursor {
	return logic.Cursor{Order: orderByNumber, Int: int64(r.Number), Key: int64(r.ID)}
}

// HTML returns what readers would get of the revision's text, rendered now.
func (r Revision) HTML() (string, error) { return "", logic.ErrInternal }

// WorkingCopies returns, for those of posts that have one and that the viewer may edit, the edits that are not published.
func (s *Service) WorkingCopies(ctx context.Context, posts []Post) (map[logic.PostID]Revision, error) {
	return nil, logic.ErrInternal
}

// Sources returns, for those of posts that the viewer may edit, the Markdown of what the post shows.
func (s *Service) Sources(ctx context.Context, posts []Post) (map[logic.PostID]string, error) {
	return nil, logic.ErrInternal
}

// Revisions returns a part of the list of post's revisions, the newest first, which is empty for those who may not edit it.
func (s *Service) Revisions(ctx context.Context, post Post, window logic.Window) (logic.Page[Revision], error) {
	return logic.Page[Revision]{}, logic.ErrInternal
}

// RevisionWindow checks what is asked of a list of revisions: INVALID (fields first, last, after, before).
func (s *Service) RevisionWindow(page logic.PageArgs) (logic.Window, error) {
	window, faults := page.Window(orderByNumber)
	return window, faults.Err()
}

// HaveRevisions tells whether any revision of post stands in window.
func (s *Service) HaveRevisions(ctx context.Context, post Post, window logic.Window) (bool, error) {
	page, err := s.Revisions(ctx, post, window)
	return len(page.Items) > 0, err
}

// CountRevisions returns how many revisions the list of post's holds.
func (s *Service) CountRevisions(ctx context.Context, post Post) (int64, error) {
	return 0, logic.ErrInternal
}

// RevisionsByID returns those of the revisions with the given keys whose post the viewer may edit.
func (s *Service) RevisionsByID(ctx context.Context, ids []logic.RevisionID) (map[logic.RevisionID]Revision, error) {
	return nil, logic.ErrInternal
}

// Diffs returns, for each revision, what it changed in the source: a unified diff against the revision before it.
func (s *Service) Diffs(ctx context.Context, revisions []Revision) (map[logic.RevisionID]string, error) {
	return nil, logic.ErrInternal
}
