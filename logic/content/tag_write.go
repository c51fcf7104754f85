package content

import (
	"context"
	"errors"
	"strings"

	"headwater/logic"
)

// UpdateTagInput is what is to be changed of a tag; nil leaves a value as it is.
type UpdateTagInput struct {
	Name *string
	Slug *string
}

// UpdateTag gives a tag another name or slug, and returns it as it then is. Its old slugs and names go on leading to it. It is for those
// with POSTS_READ, POSTS_WRITE and DRAFTS_READ: FORBIDDEN, UNAUTHENTICATED. NOT_FOUND (field id), and all faults of the input together (REQUIRED,
// TOO_LONG, INVALID, TAKEN; fields name, slug).
func (s *Service) UpdateTag(ctx context.Context, id logic.TagID, in UpdateTagInput) (Tag, error) {
	now := s.clock()
	if err := checkChangeTags(logic.ViewerFrom(ctx), now); err != nil {
		return Tag{}, err
	}
	var tag Tag
	err := s.store.Write(ctx, func(w Writer) error {
		tags, err := w.TagsByID(ctx, []logic.TagID{id})
		if err != nil {
			return err
		}
		before, ok := tags[id]
		if !ok {
			return logic.NotFound("tag").At("id")
		}
		tag = before
		set(&tag.Name, in.Name)
		set(&tag.Slug, in.Slug)
		if tag.Name = strings.TrimSpace(tag.Name); tag == before {
			return nil
		}
		if err := claimTagNames(ctx, w, before, tag); err != nil {
			return err
		}
		if err := w.UpdateTag(ctx, tag); err != nil {
			return err
		}
		posts, err := w.PublicPostsOn(ctx, id)
		if err != nil {
			return err
		}
		return s.announceTagged(ctx, w, posts, now)
	})
	return tag, err
}

// claimTagNames lets the name and the slug of a tag lead to it, as far as they are others than before.
func claimTagNames(ctx context.Context, w Writer, before, tag Tag) error {
	var faults logic.Faults
	nameFault := checkName(tag.Name)
	faults.Add(nameFault, "name")
	if fault := checkSlug(tag.Slug); fault != nil {
		faults.Add(fault, "slug")
	} else if tag.Slug != before.Slug {
		err := w.ClaimTagSlug(ctx, tag.Slug, tag.Name, tag.ID)
		if fault, ok := errors.AsType[*logic.Error](err); ok {
			faults.Add(fault, "slug")
		} else if err != nil {
			return err
		}
	}
	if nameFault == nil && tag.Name != before.Name {
		ids, err := named(ctx, []string{tag.Name}, w.TagsBySlug, func(slug, name string) (logic.TagID, error) {
			return tag.ID, w.ClaimTagSlug(ctx, slug, name, tag.ID)
		})
		if err != nil {
			return err
		}
		if ids[0] != tag.ID {
			faults.Add(logic.Fault(logic.CodeTaken, "Another tag is called so, or was: merge the two."), "name")
		}
	}
	return faults.Err()
}

// MergeTags puts the tag intoID in the place of fromID on every post, in every state, and returns it as it then is. The other tag is gone;
// its slugs and names lead to this one. It is for those with POSTS_READ, POSTS_WRITE and DRAFTS_READ: FORBIDDEN, UNAUTHENTICATED. NOT_FOUND (fields
// fromId, intoId), INVALID (field intoId) where both are one.
func (s *Service) MergeTags(ctx context.Context, fromID, intoID logic.TagID) (Tag, error) {
	now := s.clock()
	if err := checkChangeTags(logic.ViewerFrom(ctx), now); err != nil {
		return Tag{}, err
	}
	var tag Tag
	err := s.store.Write(ctx, func(w Writer) error {
		ids := []logic.TagID{fromID, intoID}
		tags, err := w.TagsByID(ctx, ids)
		if err != nil {
			return err
		}
		if err := checkMerge(tags, fromID, intoID); err != nil {
			return err
		}
		posts, err := w.PublicPostsOn(ctx, fromID)
		if err != nil {
			return err
		}
		if err := w.MergeTags(ctx, fromID, intoID); err != nil {
			return err
		}
		if tags, err = w.TagsByID(ctx, ids); err != nil {
			return err
		}
		tag = tags[intoID]
		return s.announceTagged(ctx, w, posts, now)
	})
	return tag, err
}

func checkMerge(tags map[logic.TagID]Tag, fromID, intoID logic.TagID) error {
	var faults logic.Faults
	if _, ok := tags[fromID]; !ok {
		faults.Add(logic.NotFound("tag"), "fromId")
	}
	if _, ok := tags[intoID]; !ok {
		faults.Add(logic.NotFound("tag"), "intoId")
	}
	if len(faults) == 0 && fromID == intoID {
		faults.Add(logic.Invalid("a tag can't be merged into itself"), "intoId")
	}
	return faults.Err()
}

// announceTagged tells that readers see posts with other tags than before.
func (s *Service) announceTagged(ctx context.Context, w Writer, before []Post, now logic.Moment) error {
	ids := make([]logic.PostID, len(before))
	for i, post := range before {
		ids[i] = post.ID
	}
	after, err := w.PostsByID(ctx, ids)
	if err != nil {
		return err
	}
	for _, post := range before {
		if err := s.announce(ctx, w, post, after[post.ID], true, now); err != nil {
			return err
		}
	}
	return nil
}
