package graph

import (
	"context"

	"headwater/graph/gen"
	"headwater/logic/content"
)

func (r query) Site(ctx context.Context) (content.Site, error) { return r.site(ctx) }

func (r mutation) UpdateSite(ctx context.Context, input content.SiteChange) (*gen.SitePayload, error) {
	site, err := r.Content.UpdateSite(ctx, input)
	faults, err := userErrors(ofInput(err))
	if err != nil {
		return nil, err
	}
	return &gen.SitePayload{Site: given(site, faults), UserErrors: faults}, nil
}
