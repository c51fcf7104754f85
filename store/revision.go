package store

import (
	"context"
	"encoding/json"

	"headwater/logic"
	"headwater/logic/content"
)

// revisionHeads are the columns of a revisionRow but its text, which lists of revisions do without.
const revisionHeads = `revision.id, revision.post_id, revision.number, revision.slug, revision.title, revision.summary, revision.tags,
	revision.author_ids, revision.cover_id, revision.language, revision.published_at, revision.autosaved_since, revision.editor_id,
	revision.client_id, revision.key_id, revision.session_id, revision.created_at`

// revisionColumns are those of a revisionRow.
const revisionColumns = revisionHeads + `, revision.markdown`

// revisionRow is a revision with its lists as they are stored.
type revisionRow struct {
	content.Revision
	Tags      []byte
	AuthorIDs []logic.UserID
}

func (r revisionRow) read() (content.Revision, error) {
	r.Revision.AuthorIDs = r.AuthorIDs
	return r.Revision, json.Unmarshal(r.Tags, &r.Revision.Tags)
}

func (r reader) selectRevisions(ctx context.Context, query string, args ...any) ([]content.Revision, error) {
	rows, err := selectRows[revisionRow](ctx, r, query, args...)
	if err != nil {
		return nil, err
	}
	revisions := make([]content.Revision, len(rows))
	for i, row := range rows {
		if revisions[i], err = row.read(); err != nil {
			return nil, err
		}
	}
	return revisions, nil
}

// NewestRevisions returns the newest revision of each post.
func (r reader) NewestRevisions(ctx context.Context, ids []logic.PostID) (map[logic.PostID]content.Revision, error) {
	revisions, err := r.selectRevisions(ctx, `/* NewestRevisions */ SELECT `+revisionColumns+`
		FROM json_each(?) AS asked CROSS JOIN post CROSS JOIN revision
		WHERE post.id = asked.value AND revision.post_id = post.id AND revision.number = post.revision`, keyList(ids))
	return byKey(revisions, func(r content.Revision) logic.PostID { return r.PostID }), err
}

// RevisionByNumber returns NOT_FOUND when the post has no revision with the number.
func (r reader) RevisionByNumber(ctx context.Context, id logic.PostID, number int) (content.Revision, error) {
	row, err := selectRow[revisionRow](ctx, r, `/* RevisionByNumber */ SELECT `+revisionColumns+`
		FROM revision WHERE post_id = ? AND number = ?`, id, number)
	if err != nil {
		return content.Revision{}, orNotFound(err, "revision")
	}
	return row.read()
}

// RevisionsInUse returns those of a post's revisions that it shows, that it will show, and the newest: each once.
func (r reader) RevisionsInUse(ctx context.Context, id logic.PostID) ([]content.Revision, error) {
	return r.selectRevisions(ctx, `/* RevisionsInUse */ SELECT `+revisionColumns+`
		FROM post CROSS JOIN revision
		WHERE post.id = ? AND revision.post_id = post.id AND revision.number IN (post.revision, post.shown_revision, post.scheduled_revision)`, id)
}

// InsertRevision adds a revision of a post that is there.
func (w *writer) InsertRevision(ctx context.Context, r content.Revision) error {
	_, err := w.exec(ctx, `/* InsertRevision */ INSERT INTO revision (
			id, post_id, number, slug, title, summary, tags, author_ids, cover_id, language, published_at, autosaved_since,
			editor_id, client_id, key_id, session_id, created_at, markdown
		) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.PostID, r.Number, r.Slug, r.Title, r.Summary, textList(r.Tags), keyList(r.AuthorIDs), r.CoverID, r.Language, r.PublishedAt,
		r.AutosavedSince, r.EditorID, r.ClientID, r.KeyID, r.SessionID, r.CreatedAt, r.Markdown)
	return err
}

// ReplaceRevision puts a revision in the place of another of the same post.
func (w *writer) ReplaceRevision(ctx context.Context, id logic.RevisionID, revision content.Revision) error {
	if _, err := w.exec(ctx, `/* ReplaceRevision */ DELETE FROM revision WHERE id = ?`, id); err != nil {
		return err
	}
	return w.InsertRevision(ctx, revision)
}

// FixRevisions states that revisions of a post were not only saved automatically.
func (w *writer) FixRevisions(ctx context.Context, id logic.PostID, numbers []int) error {
	_, err := w.exec(ctx, `/* FixRevisions */ UPDATE revision SET autosaved_since = NULL
		WHERE post_id = ? AND number IN (SELECT value FROM json_each(?))`, id, keyList(numbers))
	return err
}
