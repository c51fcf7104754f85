package graph

import (
	"context"
	"slices"

	"headwater/graph/bind"
	"headwater/graph/gen"
	"headwater/logic"
	"headwater/logic/content"
)

func (r mutation) CreatePost(ctx context.Context, input content.CreatePostInput) (*gen.PostPayload, error) {
	row, err := r.Content.CreatePost(ctx, input)
	return postPayload(row, ofInput(err))
}

func (r mutation) UpdatePost(ctx context.Context, id logic.ID, expectedRevision int, input content.UpdatePostInput, autosave bool) (*gen.PostPayload, error) {
	key, _ := id.Post()
	row, err := r.Content.UpdatePost(ctx, key, expectedRevision, input, autosave)
	return postPayload(row, ofInput(err, "id", "expectedRevision"))
}

func (r mutation) PublishPost(ctx context.Context, id logic.ID, expectedRevision int, at *logic.Moment) (*gen.PostPayload, error) {
	key, _ := id.Post()
	return postPayload(r.Content.PublishPost(ctx, key, expectedRevision, at))
}

func (r mutation) DiscardWorkingCopy(ctx context.Context, id logic.ID) (*gen.PostPayload, error) {
	key, _ := id.Post()
	return postPayload(r.Content.DiscardWorkingCopy(ctx, key))
}

func (r mutation) UnpublishPost(ctx context.Context, id logic.ID) (*gen.PostPayload, error) {
	key, _ := id.Post()
	return postPayload(r.Content.UnpublishPost(ctx, key))
}

func (r mutation) ArchivePost(ctx context.Context, id logic.ID) (*gen.PostPayload, error) {
	key, _ := id.Post()
	return postPayload(r.Content.ArchivePost(ctx, key))
}

func (r mutation) DeletePost(ctx context.Context, id logic.ID) (*gen.PostPayload, error) {
	key, _ := id.Post()
	return postPayload(r.Content.DeletePost(ctx, key))
}

func (r mutation) UndeletePost(ctx context.Context, id logic.ID) (*gen.PostPayload, error) {
	key, _ := id.Post()
	return postPayload(r.Content.UndeletePost(ctx, key))
}

func (r mutation) RestoreRevision(ctx context.Context, id logic.ID, expectedRevision int, number int) (*gen.PostPayload, error) {
	key, _ := id.Post()
	return postPayload(r.Content.RestoreRevision(ctx, key, expectedRevision, number))
}

func (r mutation) RevokePreviewTokens(ctx context.Context, postID logic.ID) (*gen.PostPayload, error) {
	key, _ := postID.Post()
	return postPayload(r.Content.RevokePreviewTokens(ctx, key))
}

// postPayload answers what became of a post: as it is now, or, where someone else has written since, as they left it.
func postPayload(row content.Post, err error) (*gen.PostPayload, error) {
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	payload := &gen.PostPayload{UserErrors: faults}
	if len(faults) == 0 || slices.ContainsFunc(faults, isStale) {
		payload.Post = &bind.Posts([]content.Post{row})[0]
	}
	return payload, nil
}

func isStale(fault logic.Error) bool { return fault.Code == logic.CodeStale }
