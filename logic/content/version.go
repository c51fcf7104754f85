package content

import (
	"context"

	"headwater/logic"
)

// ContentVersion returns a number that grows with every change that readers can see of posts, tags, authors and the site, and
// when it last grew. Anyone may ask: it tells nothing of what they may not see.
func (s *Service) ContentVersion(ctx context.Context) (version int64, changedAt logic.Moment, err error) {
	return s.store.ContentVersion(ctx)
}
