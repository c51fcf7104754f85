package content

import (
	"context"

	"headwater/logic"
	"headwater/logic/content/render"
)

// orderByNumber names the order of revisions in their cursors.
const orderByNumber = "NUMBER"

// Cursor returns the place of the revision in the list of its post's, the newest first.
func (r Revision) Cursor() logic.Cursor {
	return logic.Cursor{Order: orderByNumber, Int: int64(r.Number), Key: int64(r.ID)}
}

// RevisionWindow checks what is asked of a list of revisions: INVALID (fields first, last, after, before).
func (s *Service) RevisionWindow(page logic.PageArgs) (logic.Window, error) {
	window, faults := page.Window(orderByNumber)
	return window, faults.Err()
}

// Revisions returns, for those of posts that the viewer may edit, a part of the list of their revisions, the newest first.
func (s *Service) Revisions(ctx context.Context, posts []Post, window logic.Window) (map[logic.PostID]logic.Page[Revision], error) {
	rows, err := s.store.RevisionPages(ctx, editableIDs(ctx, posts), window)
	pages := make(map[logic.PostID]logic.Page[Revision], len(rows))
	for id, revisions := range rows {
		pages[id] = logic.Trim(window, revisions)
	}
	return pages, err
}

// CountRevisions returns, for those of posts that the viewer may edit, how many revisions they have.
func (s *Service) CountRevisions(ctx context.Context, posts []Post) (map[logic.PostID]int64, error) {
	return s.store.CountRevisions(ctx, editableIDs(ctx, posts))
}

// WorkingCopies returns, for those of posts that have one and that the viewer may edit, the edits that are not published.
func (s *Service) WorkingCopies(ctx context.Context, posts []Post) (map[logic.PostID]Revision, error) {
	var edited []Post
	for _, post := range posts {
		if post.HasWorkingCopy() {
			edited = append(edited, post)
		}
	}
	pages, err := s.Revisions(ctx, edited, logic.Window{Limit: 1})
	newest := make(map[logic.PostID]Revision, len(pages))
	for id, page := range pages {
		newest[id] = page.Items[0]
	}
	return newest, err
}

// RevisionsByID returns those of the revisions with the given keys whose post the viewer may edit.
func (s *Service) RevisionsByID(ctx context.Context, ids []logic.RevisionID) (map[logic.RevisionID]Revision, error) {
	revisions, err := s.store.RevisionsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	var of []logic.PostID
	for _, revision := range revisions {
		of = append(of, revision.PostID)
	}
	posts, err := s.store.PostsByID(ctx, of)
	viewer := logic.ViewerFrom(ctx)
	for id, revision := range revisions {
		if !CanEdit(viewer, posts[revision.PostID]) {
			delete(revisions, id)
		}
	}
	return revisions, err
}

// Sources returns, for those of posts that the viewer may edit, the Markdown of what the post shows.
func (s *Service) Sources(ctx context.Context, posts []Post) (map[logic.PostID]string, error) {
	return s.store.Sources(ctx, editableIDs(ctx, posts))
}

// RevisionSources returns the Markdown of revisions that the viewer was given.
func (s *Service) RevisionSources(ctx context.Context, ids []logic.RevisionID) (map[logic.RevisionID]string, error) {
	return s.store.RevisionSources(ctx, ids)
}

// RenderRevision returns what readers would get of a revision's Markdown, which the viewer was given.
func (s *Service) RenderRevision(markdown string) (string, error) {
	rendered, err := render.Markdown(markdown)
	return s.WithMediaURLs(rendered.HTML), err
}

// editableIDs returns the keys of those of posts that the viewer may edit.
func editableIDs(ctx context.Context, posts []Post) []logic.PostID {
	viewer := logic.ViewerFrom(ctx)
	ids := make([]logic.PostID, 0, len(posts))
	for _, post := range posts {
		if CanEdit(viewer, post) {
			ids = append(ids, post.ID)
		}
	}
	return ids
}
