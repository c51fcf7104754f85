package content

import "headwater/logic"

// Revision is one state of a post's content, with who wrote it through what. It never changes; only one that was saved
// automatically gives way to the next of its run.
type Revision struct {
	ID          logic.RevisionID
	PostID      logic.PostID
	Number      int
	Slug        string
	Title       string
	Summary     *string
	Markdown    string   // empty where revisions stand in lists: see RevisionSources
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
