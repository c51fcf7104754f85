package content

import (
	"context"
	"errors"
	"time"

	"headwater/logic"
)

const (
	// dueEvery is how often what is due is looked for: a scheduled post is published well within a second of its time.
	dueEvery = 250 * time.Millisecond
	// trashEvery is how often the trash is looked through.
	trashEvery = time.Hour
	// dueAfterFault is how long nothing is published by itself after that failed, so that the log is not flooded.
	dueAfterFault = 5 * time.Second
	// maxDue is how many posts are published by themselves at a time.
	maxDue = 100
)

// PublishDue shows readers what was planned for now or before, also while the program stood still, and returns how many posts
// that were. One that fails keeps no other back. It is the program's own work, done for nobody.
func (s *Service) PublishDue(ctx context.Context) (int, error) {
	now := s.clock()
	ids, err := s.store.DuePosts(ctx, now, maxDue)
	if err != nil {
		return 0, err
	}
	published := 0
	var failed []error
	for _, id := range ids {
		post, err := s.publishDue(ctx, id, now)
		switch {
		case errors.Is(err, errNotDue):
		case err != nil:
			failed = append(failed, err)
		default:
			published++
			s.log.InfoContext(ctx, "published as planned", "post", post.ID.ID().String(), "slug", post.Slug, "planned", post.PublishedAt.Time())
		}
	}
	return published, errors.Join(failed...)
}

// errNotDue tells that a post was changed since it was found due: another server may have published it.
var errNotDue = errors.New("not due any more")

func (s *Service) publishDue(ctx context.Context, id logic.PostID, now logic.Moment) (Post, error) {
	find := func(r Reader) (Post, error) {
		posts, err := r.PostsByID(ctx, []logic.PostID{id})
		return posts[id], err
	}
	return s.turnAs(ctx, now, find, func(post *Post) error { return due(post, now) })
}

// due is the step that shows readers what was planned, if its moment has come.
func due(post *Post, now logic.Moment) error {
	if post.ScheduledFor == nil || *post.ScheduledFor > now || post.DeletedAt != nil {
		return errNotDue
	}
	post.Status, post.ShownRevision = PostStatusPublished, *post.ScheduledRevision
	post.ScheduledFor, post.ScheduledRevision = nil, nil
	return nil
}

// Run does, until ctx ends, what is due without anyone asking: it publishes what was planned, and empties the trash.
func (s *Service) Run(ctx context.Context) {
	ticker := time.NewTicker(dueEvery)
	defer ticker.Stop()
	var trashAt, dueAt time.Time
	for {
		now := time.Now()
		if !now.Before(dueAt) && !s.ran(ctx, "publish what is due", s.PublishDue) {
			dueAt = now.Add(dueAfterFault)
		}
		if !now.Before(trashAt) {
			s.ran(ctx, "empty the trash", s.EmptyTrash)
			trashAt = now.Add(trashEvery)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// ran does what is due, logs why that failed, and tells whether it did not.
func (s *Service) ran(ctx context.Context, what string, do func(context.Context) (int, error)) bool {
	_, err := do(ctx)
	if err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, what, "error", err)
	}
	return err == nil
}
