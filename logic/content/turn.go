package content

import (
	"context"

	"headwater/logic"
)

// step decides on the state of a post, which viewer may edit: it changes what it says of its state, its trash, its schedule and
// the revision that it shows, or says why not. It is a function of what it is given alone.
type step func(viewer logic.Viewer, post *Post, now logic.Moment) error

// turn takes the post with the given key a step on, if the viewer may edit it. With an error it returns the post as it is stored.
func (s *Service) turn(ctx context.Context, id logic.PostID, step step) (Post, error) {
	viewer, now := logic.ViewerFrom(ctx), s.clock()
	find := func(r Reader) (Post, error) { return s.editable(ctx, r, id) }
	return s.turnAs(ctx, now, find, func(post *Post) error { return step(viewer, post, now) })
}

// turnAs takes the post that find finds as far as decide says. A revision that it is to show is rendered before the transaction,
// and again within it only where the post was written meanwhile.
func (s *Service) turnAs(ctx context.Context, now logic.Moment, find func(Reader) (Post, error), decide func(*Post) error) (Post, error) {
	after := func(r Reader) (before, after Post, err error) {
		if before, err = find(r); err != nil {
			return before, before, err
		}
		after = before
		return before, after, decide(&after)
	}
	before, planned, err := after(s.store)
	if err != nil {
		return before, err
	}
	var ready draft
	if planned.ShownRevision != before.ShownRevision {
		if ready, err = readyToShow(ctx, s.store, planned); err != nil {
			return before, err
		}
	}
	post := before
	err = s.store.Write(ctx, func(w Writer) error {
		before, turned, err := after(w)
		post = before
		if err != nil {
			return err
		}
		ready := ready
		if turned.ShownRevision != before.ShownRevision && turned.ShownRevision != ready.Number {
			if ready, err = readyToShow(ctx, w, turned); err != nil {
				return err
			}
		}
		post, err = s.move(ctx, w, before, turned, ready, now)
		return err
	})
	return post, err
}

// readyToShow returns the revision that post is to show, with its text.
func readyToShow(ctx context.Context, r Reader, post Post) (draft, error) {
	revision, err := r.RevisionByNumber(ctx, post.ID, post.ShownRevision)
	if err != nil {
		return draft{}, err
	}
	text, err := textOf(revision)
	return draft{Revision: revision, text: text}, err
}

// move writes a post whose state, trash, schedule or shown revision is another than before; ready is that revision where it is.
func (s *Service) move(ctx context.Context, w Writer, before, after Post, ready draft, now logic.Moment) (Post, error) {
	var text *PostText
	if after.ShownRevision != before.ShownRevision {
		shown, err := w.RevisionByNumber(ctx, before.ID, before.ShownRevision)
		if err != nil {
			return before, err
		}
		if err := s.show(ctx, w, &after, ready.Revision, shown.Tags); err != nil {
			return before, err
		}
		text = &ready.text
	}
	if after.Status == PostStatusPublished {
		after.PublishedAt = dateOf(before, after, now)
	}
	moved := before.Status != after.Status || !equal(before.DeletedAt, after.DeletedAt)
	if text != nil || moved && (before.IsPublic() || after.IsPublic()) {
		after.UpdatedAt = now
	}
	if err := fix(ctx, w, after); err != nil {
		return before, err
	}
	return after, s.keep(ctx, w, before, after, text, now)
}

// dateOf returns the date of a post that is published: its writer's, or that of its first publishing. What was planned has the
// date that it was planned for, however late the program got to it.
func dateOf(before, after Post, now logic.Moment) *logic.Moment {
	date := now
	if before.ScheduledFor != nil {
		date = min(now, *before.ScheduledFor)
	}
	if after.PublishedAt != nil && *after.PublishedAt <= date {
		return after.PublishedAt
	}
	return &date
}

// fix keeps what readers see, or will see, from giving way to the next autosave.
func fix(ctx context.Context, w Writer, post Post) error {
	var numbers []int
	if post.Status == PostStatusPublished || post.Status == PostStatusScheduled {
		numbers = append(numbers, post.ShownRevision)
	}
	if post.ScheduledRevision != nil {
		numbers = append(numbers, *post.ScheduledRevision)
	}
	if len(numbers) == 0 {
		return nil
	}
	return w.FixRevisions(ctx, post.ID, numbers)
}
