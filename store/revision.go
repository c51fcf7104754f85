package store

import (
	"context"
	"encoding/json"

	"headwater/logic"
	"headwater/logic/content"
)

// revisionColumns are those of a revisionRow.
const revisionColumns = `revision.id, revision.post_id, revision.number, revision.slug, revision.title, revision.summary, revision.tags,
	revision.author_ids, revision.cover_id, revision.language, revision.published_at, revision.autosaved_since, revision.editor_id,
	revision.client_id, revision.key_id, revision.session_id, revision.created_at, revision.markdown`

// revisionRow is a revision with its lists as they are stored.
type revisionRow struct {
	content.Revision
	Tags      []byte
	AuthorIDs idList[logic.UserID]
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

// RevisionPage returns up to Window.Limit+1 revisions of a post, the newest first unless window reads backward.
func (r reader) RevisionPage(ctx context.Context, id logic.PostID, window logic.Window) ([]content.Revision, error) {
	ask := revisionPage(id, window)
	return r.selectRevisions(ctx, ask.text.String(), ask.args...)
}

func revisionPage(id logic.PostID, window logic.Window) *statement {
	part := stretchOf(window, false, cursorInt)
	var s statement
	s.add(`/* RevisionPage */ SELECT `+revisionColumns+` FROM revision WHERE post_id = ?`, id)
	s.addStretch(part, "number", "id")
	s.addOrder(part, "number", "id", window.Limit+1)
	return &s
}

// CountRevisions returns how many revisions a post has.
func (r reader) CountRevisions(ctx context.Context, id logic.PostID) (int64, error) {
	return selectRow[int64](ctx, r, `/* CountRevisions */ SELECT count(*) FROM revision WHERE post_id = ?`, id)
}

// RevisionsByID returns the revisions with the given keys.
func (r reader) RevisionsByID(ctx context.Context, ids []logic.RevisionID) (map[logic.RevisionID]content.Revision, error) {
	revisions, err := r.selectRevisions(ctx, `/* RevisionsByID */ SELECT `+revisionColumns+`
		FROM json_each(?) AS asked CROSS JOIN revision WHERE revision.id = asked.value`, keyList(ids))
	return byKey(revisions, func(r content.Revision) logic.RevisionID { return r.ID }), err
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

// SourcesBefore returns, for each revision, the Markdown of the one before it.
func (r reader) SourcesBefore(ctx context.Context, ids []logic.RevisionID) (map[logic.RevisionID]string, error) {
	type sourceRow struct {
		ID       logic.RevisionID
		Markdown string
	}
	rows, err := selectRows[sourceRow](ctx, r, `/* SourcesBefore */ SELECT here.id, before.markdown
		FROM json_each(?) AS asked CROSS JOIN revision AS here CROSS JOIN revision AS before
		WHERE here.id = asked.value AND before.post_id = here.post_id AND before.number = (
			SELECT q.number FROM revision AS q WHERE q.post_id = here.post_id AND q.number < here.number ORDER BY q.number DESC LIMIT 1)`,
		keyList(ids))
	sources := make(map[logic.RevisionID]string, len(rows))
	for _, row := range rows {
		sources[row.ID] = row.Markdown
	}
	return sources, err
}

// Sources returns the Markdown of what posts show.
func (r reader) Sources(ctx context.Context, ids []logic.PostID) (map[logic.PostID]string, error) {
	type sourceRow struct {
		PostID   logic.PostID
		Markdown string
	}
	rows, err := selectRows[sourceRow](ctx, r, `/* Sources */ SELECT post_id, markdown
		FROM json_each(?) AS asked CROSS JOIN post_text WHERE post_id = asked.value`, keyList(ids))
	sources := make(map[logic.PostID]string, len(rows))
	for _, row := range rows {
		sources[row.PostID] = row.Markdown
	}
	return sources, err
}

// InsertRevision adds a revision of a post that is there.
func (w *writer) InsertRevision(ctx context.Context, r content.Revision) error {
	_, err := w.exec(ctx, `/* InsertRevision */ INSERT INTO revision (
			id, post_id, number, slug, title, summary, tags, author_ids, cover_id, language, published_at, autosaved_since,
			editor_id, client_id, key_id, session_id, created_at, markdown
		) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.PostID, r.Number, r.Slug, r.Title, r.Summary, keyList(r.Tags), keyList(r.AuthorIDs), r.CoverID, r.Language, r.PublishedAt,
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
