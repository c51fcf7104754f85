package store

import (
	"context"

	"headwater/logic"
)

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

// RevisionSources returns the Markdown of revisions.
func (r reader) RevisionSources(ctx context.Context, ids []logic.RevisionID) (map[logic.RevisionID]string, error) {
	return r.revisionSources(ctx, `/* RevisionSources */ SELECT revision.id, revision.markdown
		FROM json_each(?) AS asked CROSS JOIN revision WHERE revision.id = asked.value`, ids)
}

// SourcesBefore returns, for each revision, the Markdown of the one before it.
func (r reader) SourcesBefore(ctx context.Context, ids []logic.RevisionID) (map[logic.RevisionID]string, error) {
	return r.revisionSources(ctx, `/* SourcesBefore */ SELECT here.id, before.markdown
		FROM json_each(?) AS asked CROSS JOIN revision AS here CROSS JOIN revision AS before
		WHERE here.id = asked.value AND before.post_id = here.post_id AND before.number = (
			SELECT q.number FROM revision AS q WHERE q.post_id = here.post_id AND q.number < here.number ORDER BY q.number DESC LIMIT 1)`,
		ids)
}

// revisionSources returns what a query finds by the given keys of revisions: each row is a key and a text.
func (r reader) revisionSources(ctx context.Context, query string, ids []logic.RevisionID) (map[logic.RevisionID]string, error) {
	type sourceRow struct {
		ID       logic.RevisionID
		Markdown string
	}
	rows, err := selectRows[sourceRow](ctx, r, query, keyList(ids))
	sources := make(map[logic.RevisionID]string, len(rows))
	for _, row := range rows {
		sources[row.ID] = row.Markdown
	}
	return sources, err
}
