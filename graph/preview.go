package graph

import (
	"context"
	"slices"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/graph/bind"
	"headwater/graph/gen"
	"headwater/logic"
	"headwater/logic/content"
)

func (r query) PostPreview(ctx context.Context, token string) (*bind.Post, error) {
	row, err := r.Content.PostPreview(ctx, token)
	if err != nil {
		return nil, ofToken(err)
	}
	return &bind.Posts([]content.Post{row})[0], nil
}

// tokenCodes are those of a token that shows nothing, which a query tells as they are.
var tokenCodes = []logic.Code{logic.CodeExpired, logic.CodeNotFound}

// ofToken returns err so that it keeps its code where that tells what is wrong with a token.
func ofToken(err error) error {
	if code := logic.CodeOf(err); slices.Contains(tokenCodes, code) {
		return &gqlerror.Error{Err: err, Message: err.Error(), Extensions: map[string]any{"code": string(code)}}
	}
	return err
}

func (r mutation) CreatePreviewToken(ctx context.Context, postID logic.ID, expiresInSeconds int) (*gen.PreviewTokenPayload, error) {
	key, _ := postID.Post()
	token, expiresAt, err := r.Content.CreatePreviewToken(ctx, key, expiresInSeconds)
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.PreviewTokenPayload{Token: given(token, faults), ExpiresAt: given(expiresAt, faults), UserErrors: faults}, nil
}
