package store

import (
	"cmp"
	"context"
	"slices"

	"headwater/logic"
	"headwater/logic/content"
)

// RevisionPages returns, for each post, up to Window.Limit+1 revisions without their Markdown, the newest first unless window reads
// backward.
func (r reader) RevisionPages(ctx context.Context, ids []logic.PostID, window logic.Window) (map[logic.PostID][]content.Revision, error) {
	ask := revisionPages(ids, window)
	rows, err := r.selectRevisions(ctx, ask.text.String(), ask.args...)
	pages := make(map[logic.PostID][]content.Revision, len(ids))
	for _, row := range rows {
		pages[row.PostID] = append(pages[row.PostID], row)
	}
	for _, page := range pages {
		slices.SortFunc(page, func(a, b content.Revision) int {
			if window.Backward {
				a, b = b, a
			}
			return cmp.Compare(b.Number, a.Number)
		})
	}
	return pages, err
}

func revisionPages(ids []logic.PostID, window logic.Window) *statement {
	part := stretchOf(window, false, cursorInt)
	var s statement
	s.add(`/* RevisionPages */ SELECT `+revisionHeads+`
		FROM json_each(?) AS asked CROSS JOIN revision
		WHERE revision.post_id = asked.value AND revision.number IN (
			SELECT q.number FROM revision AS q WHERE q.post_id = asked.value`, keyList(ids))
	s.addStretch(part, "q.number", "q.id")
	s.addOrder(part, "q.number", "q.id", window.Limit+1)
	s.add(`)`)
	return &s
}

// CountRevisions returns how many revisions posts have.
func (r reader) CountRevisions(ctx context.Context, ids []logic.PostID) (map[logic.PostID]int64, error) {
	type countRow struct {
		PostID    logic.PostID
		Revisions int64
	}
	rows, err := selectRows[countRow](ctx, r, `/* CountRevisions */ SELECT asked.value AS post_id,
			(SELECT count(*) FROM revision WHERE post_id = asked.value) AS revisions
		FROM json_each(?) AS asked`, keyList(ids))
	counts := make(map[logic.PostID]int64, len(rows))
	for _, row := range rows {
		counts[row.PostID] = row.Revisions
	}
	return counts, err
}

// RevisionsByID returns the revisions with the given keys, without their Markdown.
func (r reader) RevisionsByID(ctx context.Context, ids []logic.RevisionID) (map[logic.RevisionID]content.Revision, error) {
	revisions, err := r.selectRevisions(ctx, `/* RevisionsByID */ SELECT `+revisionHeads+`
		FROM json_each(?) AS asked CROSS JOIN revision WHERE revision.id = asked.value`, keyList(ids))
	return byKey(revisions, func(r content.Revision) logic.RevisionID { return r.ID }), err
}
