package content

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"headwater/logic"
)

// CreatePostInput is a new post, a draft.
type CreatePostInput struct {
	Kind      PostKind // ARTICLE where empty
	Title     string
	Markdown  string
	Slug      *string // made from the title where nil or empty
	Summary   *string
	Tags      []string // names
	CoverID   *logic.MediaID
	AuthorIDs []logic.UserID // nil: the person who asks
	Language  *string        // the site's where nil
}

// UpdatePostInput is what is to be changed of a post's content; nil leaves a value as it is. An empty slug is made from the
// title anew.
type UpdatePostInput struct {
	Title, Markdown, Slug *string
	Summary               logic.TextChange
	Tags                  []string
	CoverID               logic.MediaChange
	AuthorIDs             []logic.UserID
	Language              *string
	PublishedAt           *logic.Moment
}

// CreatePost makes a draft, and its first revision. It is for those with POSTS_WRITE, and for those with DRAFTS_READ where it
// names other authors than the person who asks: FORBIDDEN, UNAUTHENTICATED. All faults of the input come together (REQUIRED,
// TOO_LONG, INVALID, TAKEN, NOT_FOUND; fields as in the input). Sent again with the same idempotency key, it returns the post
// that it made: see once.
func (s *Service) CreatePost(ctx context.Context, in CreatePostInput) (Post, error) {
	viewer, now := logic.ViewerFrom(ctx), s.clock()
	if err := writePosts.Check(viewer, now); err != nil {
		return Post{}, err
	}
	if in.AuthorIDs == nil && viewer.User != 0 {
		in.AuthorIDs = []logic.UserID{viewer.User}
	}
	if err := checkNaming(viewer, in.AuthorIDs, now); err != nil {
		return Post{}, err
	}
	made, err := s.newPost(ctx, in)
	if err != nil {
		return Post{}, err
	}
	var post Post
	err = s.store.Write(ctx, func(w Writer) error {
		id, again, err := s.once(ctx, w, "createPost", in, func() (int64, error) {
			made, err := made.complete(ctx, w, 0, Revision{})
			if err != nil {
				return 0, err
			}
			post = Post{
				ID: logic.PostID(s.keys.Next()), Kind: cmp.Or(in.Kind, PostKindArticle), Status: PostStatusDraft, CreatedAt: now, UpdatedAt: now,
			}
			return int64(post.ID), s.insert(ctx, w, &post, made, now)
		})
		if err == nil && again {
			post, err = s.editable(ctx, w, logic.PostID(id))
			if fault, ok := errors.AsType[*logic.Error](err); ok {
				err = fault.At() // no input names the post
			}
		}
		return err
	})
	if err != nil {
		return Post{}, err
	}
	return post, nil
}

// newPost returns the content of a new post.
func (s *Service) newPost(ctx context.Context, in CreatePostInput) (draft, error) {
	content := Revision{
		Title: in.Title, Markdown: in.Markdown, Summary: in.Summary, Tags: in.Tags, AuthorIDs: in.AuthorIDs, CoverID: in.CoverID,
	}
	set(&content.Slug, in.Slug)
	if in.Language == nil {
		site, err := s.store.Site(ctx)
		if err != nil {
			return draft{}, err
		}
		in.Language = &site.Language
	}
	content.Language = *in.Language
	made, err := newDraft(content)
	made.faults.Add(checkAuthorCount(in.AuthorIDs), "authorIds")
	return made, err
}

// checkNaming returns FORBIDDEN, or UNAUTHENTICATED, where viewer names authors of a new post and may name only themself.
func checkNaming(viewer logic.Viewer, ids []logic.UserID, now logic.Moment) error {
	if len(ids) == 0 || len(ids) == 1 && ids[0] == viewer.User {
		return nil
	}
	return readDrafts.Check(viewer, now)
}

// UpdatePost makes a revision of what in changes over expectedRevision: of a DRAFT or ARCHIVED post it becomes what the post
// shows; of others it is the working copy. Where nothing changes it makes none. An autosave takes the place of the one before
// it, of the same session, within ten minutes of the first of them. It is for those who may edit the post, and for those with
// DRAFTS_READ where it changes the authors: FORBIDDEN, UNAUTHENTICATED. NOT_FOUND and, in the trash, INVALID (field id); STALE
// (field expectedRevision), with the post as it is stored; faults of the input all together, as CreatePost.
func (s *Service) UpdatePost(ctx context.Context, id logic.PostID, expectedRevision int, in UpdatePostInput, autosave bool) (Post, error) {
	return s.revise(ctx, id, expectedRevision, autosave, func(newest Revision) (Revision, logic.Faults, error) {
		content := in.apply(newest)
		var faults logic.Faults
		faults.Add(checkAuthorCount(content.AuthorIDs), "authorIds")
		now := s.clock()
		if in.PublishedAt != nil && *in.PublishedAt > now {
			faults.Add(logic.Invalid("The date is to come: publishPost takes the moment at which the post is to come out."), "publishedAt")
		}
		if !slices.Equal(content.AuthorIDs, newest.AuthorIDs) {
			if err := readDrafts.Check(logic.ViewerFrom(ctx), now); err != nil {
				return Revision{}, nil, err
			}
		}
		return content, faults, nil
	})
}

// apply returns content with what in changes of it.
func (in UpdatePostInput) apply(content Revision) Revision {
	set(&content.Title, in.Title)
	set(&content.Markdown, in.Markdown)
	set(&content.Slug, in.Slug)
	in.Summary.Apply(&content.Summary)
	in.CoverID.Apply(&content.CoverID)
	set(&content.Language, in.Language)
	if in.Tags != nil {
		content.Tags = in.Tags
	}
	if in.AuthorIDs != nil {
		content.AuthorIDs = in.AuthorIDs
	}
	if in.PublishedAt != nil {
		content.PublishedAt = in.PublishedAt
	}
	return content
}
