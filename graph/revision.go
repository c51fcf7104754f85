package graph

import (
	"context"

	"headwater/graph/bind"
	"headwater/logic"
	"headwater/logic/content"
)

func (r revision) Markdown(ctx context.Context, obj *bind.Revision) (string, error) {
	return askOfRevisions(ctx, obj, askMarkdown, r.Content.RevisionSources)
}

func (r revision) HTML(ctx context.Context, obj *bind.Revision) (string, error) {
	source, err := r.Markdown(ctx, obj)
	if err != nil {
		return "", err
	}
	return r.Content.RenderRevision(source)
}

func (r revision) Diff(ctx context.Context, obj *bind.Revision) (string, error) {
	return askOfRevisions(ctx, obj, askDiffs, r.Content.Diffs)
}

func (r revision) Authors(ctx context.Context, obj *bind.Revision) ([]bind.User, error) {
	people, err := r.people(ctx, obj.Batch)
	return pick(people, obj.AuthorIDs), err
}

func (r revision) Editor(ctx context.Context, obj *bind.Revision) (*bind.User, error) {
	people, err := r.people(ctx, obj.Batch)
	return held(people, obj.EditorID), err
}

func (r revision) Client(ctx context.Context, obj *bind.Revision) (*bind.Client, error) {
	clients, err := clientsOf(ctx, r.Resolver, obj.Batch, func(row content.Revision) []logic.ClientID { return atMostOne(row.ClientID) })
	return held(clients, obj.ClientID), err
}

// people returns the authors of the revisions of a batch, and those who wrote them down.
func (r revision) people(ctx context.Context, batch *bind.Batch[content.Revision]) (map[logic.UserID]bind.User, error) {
	return bind.Ask(ctx, &batch.Memo, askAuthors, func(ctx context.Context) (map[logic.UserID]bind.User, error) {
		rows, err := r.Account.UsersByID(ctx, keys(batch.Rows, func(row content.Revision) []logic.UserID {
			return append(atMostOne(row.EditorID), row.AuthorIDs...)
		}))
		return together(rows, bind.Users), err
	})
}

// askOfRevisions returns what load knows of one revision, loaded for all revisions of its batch.
func askOfRevisions(ctx context.Context, of *bind.Revision, question any,
	load func(context.Context, []logic.RevisionID) (map[logic.RevisionID]string, error)) (string, error) {
	texts, err := bind.Ask(ctx, &of.Batch.Memo, question, func(ctx context.Context) (map[logic.RevisionID]string, error) {
		return load(ctx, keys(of.Batch.Rows, func(row content.Revision) []logic.RevisionID { return []logic.RevisionID{row.ID} }))
	})
	return texts[of.ID], err
}
