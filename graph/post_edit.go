package graph

import (
	"context"
	"encoding/json"

	"headwater/graph/bind"
	"headwater/logic"
	"headwater/logic/content"
)

func (r post) Markdown(ctx context.Context, obj *bind.Post) (*string, error) {
	sources, err := bind.Ask(ctx, &obj.Batch.Memo, askMarkdown, func(ctx context.Context) (map[logic.PostID]string, error) {
		return r.Content.Sources(ctx, obj.Batch.Rows)
	})
	return held(sources, &obj.ID), err
}

func (r post) WorkingCopy(ctx context.Context, obj *bind.Post) (*bind.Revision, error) {
	copies, err := bind.Ask(ctx, &obj.Batch.Memo, askWorking, func(ctx context.Context) (map[logic.PostID]bind.Revision, error) {
		rows, err := r.Content.WorkingCopies(ctx, obj.Batch.Rows)
		return together(rows, bind.Revisions), err
	})
	return held(copies, &obj.ID), err
}

func (r post) Revision(ctx context.Context, obj *bind.Post) (*int, error) {
	return shown(content.CanEdit(logic.ViewerFrom(ctx), *obj.Post), &obj.Revision), nil
}

func (r post) ScheduledFor(ctx context.Context, obj *bind.Post) (*logic.Moment, error) {
	return shown(content.CanSeeSchedule(logic.ViewerFrom(ctx), *obj.Post), obj.ScheduledFor), nil
}

func (r post) ViewerCanEdit(ctx context.Context, obj *bind.Post) (bool, error) {
	return content.CanEdit(logic.ViewerFrom(ctx), *obj.Post), nil
}

func (r post) ViewerCanPublish(ctx context.Context, obj *bind.Post) (bool, error) {
	return content.CanPublish(logic.ViewerFrom(ctx), *obj.Post), nil
}

func (r post) Revisions(ctx context.Context, obj *bind.Post, first *int, after *string) (*bind.RevisionConnection, error) {
	window, err := r.Content.RevisionWindow(bind.Page(first, after, nil, nil))
	if err != nil {
		return nil, err
	}
	pages, err := r.revisionPages(ctx, obj.Batch, window)
	connection := bind.RevisionConnectionOf(pages[obj.ID], window, bind.Rest{
		Count: func(ctx context.Context) (int64, error) { return r.countRevisions(ctx, obj) },
		Have: func(ctx context.Context, window logic.Window) (bool, error) {
			pages, err := r.revisionPages(ctx, obj.Batch, window)
			return pages[obj.ID].More, err
		},
	})
	return shown(content.CanEdit(logic.ViewerFrom(ctx), *obj.Post), &connection), err
}

// revisionPages returns a part of the revisions of each post of a batch.
func (r post) revisionPages(ctx context.Context, batch *bind.Batch[content.Post], window logic.Window) (map[logic.PostID]logic.Page[bind.Revision], error) {
	asked, err := json.Marshal(window)
	if err != nil {
		return nil, err
	}
	return bind.Ask(ctx, &batch.Memo, revisionQuestion{string(asked)}, func(ctx context.Context) (map[logic.PostID]logic.Page[bind.Revision], error) {
		rows, err := r.Content.Revisions(ctx, batch.Rows, window)
		return pagesTogether(rows, bind.Revisions), err
	})
}

// countRevisions returns how many revisions a post has, counted for all posts of its batch.
func (r post) countRevisions(ctx context.Context, of *bind.Post) (int64, error) {
	counts, err := bind.Ask(ctx, &of.Batch.Memo, askRevisions, func(ctx context.Context) (map[logic.PostID]int64, error) {
		return r.Content.CountRevisions(ctx, of.Batch.Rows)
	})
	return counts[of.ID], err
}

// shown returns value to those who may see it, and nil to all others.
func shown[T any](may bool, value *T) *T {
	if !may {
		return nil
	}
	return value
}
