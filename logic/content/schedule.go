package content

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"headwater/logic"
)

const (
	// dueEvery is how often what is due is looked for: a scheduled post is published well within a second of its time.
	dueEvery = 250 * time.Millisecond
	// trashEvery is how often the trash is looked through.
	trashEvery = time.Hour
	// dueAfterFault is how long nothing is looked for after that failed, so that the log is not flooded.
	dueAfterFault = 5 * time.Second
	// maxDue is how many posts are asked for at a time that are to be published by themselves.
	maxDue = 100
	// dueTogether is how many of them are worked on at once: storage writes together what comes together.
	dueTogether = 16
)

// PublishDue shows readers what was planned for now or before, also while the program stood still, and returns how many posts
// that were. One that fails keeps no other back: the log says why, and it is tried again later, each time after a longer wait. It is
// the program's own work, done for nobody.
func (s *Service) PublishDue(ctx context.Context) (int, error) {
	now := s.clock()
	published := 0
	for {
		ids, err := s.store.DuePosts(ctx, now, s.unpublished.leftAlone(now), maxDue)
		if err != nil || len(ids) == 0 {
			return published, err
		}
		published += s.publishTogether(ctx, ids, now)
	}
}

// publishTogether publishes what is due of the posts with the given keys, and returns how many posts that were.
func (s *Service) publishTogether(ctx context.Context, ids []logic.PostID, now logic.Moment) int {
	var group sync.WaitGroup
	var published atomic.Int64
	places := make(chan struct{}, dueTogether)
	for _, id := range ids {
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			post, err := s.publishDue(ctx, id, now)
			if err == nil {
				published.Add(1)
				s.unpublished.forget(id)
				s.log.InfoContext(ctx, "published as planned", "post", id.ID().String(), "slug", post.Slug, "planned", post.PublishedAt.Time())
				return
			}
			wait := s.unpublished.leave(id, now)
			if !errors.Is(err, errNotDue) && ctx.Err() == nil {
				s.log.ErrorContext(ctx, "publish what is due", "post", id.ID().String(), "error", err, "again in", wait)
			}
		})
	}
	group.Wait()
	return int(published.Load())
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

// Run does, until ctx ends, what is due without anyone asking: it publishes what was planned, and empties the trash. Neither waits for
// the other.
func (s *Service) Run(ctx context.Context) {
	var group sync.WaitGroup
	group.Go(func() { s.repeat(ctx, "look for what is due", s.PublishDue, dueEvery, dueAfterFault) })
	group.Go(func() { s.repeat(ctx, "look through the trash", s.EmptyTrash, trashEvery, trashEvery) })
	group.Wait()
}

// repeat does something again and again until ctx ends, and logs why it failed.
func (s *Service) repeat(ctx context.Context, what string, do func(context.Context) (int, error), every, afterFault time.Duration) {
	for {
		wait := every
		if _, err := do(ctx); err != nil {
			wait = afterFault
			if ctx.Err() == nil {
				s.log.ErrorContext(ctx, what, "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}
