package graph

import (
	"context"

	"headwater/graph/bind"
	"headwater/graph/gen"
	"headwater/logic"
	"headwater/logic/content"
)

func (r mutation) UpdateTag(ctx context.Context, id logic.ID, input content.UpdateTagInput) (*gen.TagPayload, error) {
	key, _ := id.Tag()
	row, err := r.Content.UpdateTag(ctx, key, input)
	return tagPayload(row, ofInput(err, "id"))
}

func (r mutation) MergeTags(ctx context.Context, fromID logic.ID, intoID logic.ID) (*gen.TagPayload, error) {
	from, _ := fromID.Tag()
	into, _ := intoID.Tag()
	return tagPayload(r.Content.MergeTags(ctx, from, into))
}

func tagPayload(row content.Tag, err error) (*gen.TagPayload, error) {
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.TagPayload{Tag: done(row, faults, bind.Tags), UserErrors: faults}, nil
}
