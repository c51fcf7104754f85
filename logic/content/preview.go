package content

import (
	"context"
	"errors"
	"slices"
	"time"

	"headwater/logic"
	"headwater/logic/content/render"
)

// PreviewToken is what is kept of a token that shows a post to whoever has it.
type PreviewToken struct {
	PostID    logic.PostID
	ExpiresAt logic.Moment
}

// How long a preview token shows its post, and how long it is known after that to have expired.
const (
	minPreview    = time.Minute
	maxPreview    = 90 * 24 * time.Hour
	knownPreviews = 90 * 24 * time.Hour
)

// CreatePreviewToken returns a new token by which PostPreview shows a post to whoever has it, and until when. It is told this once.
// It is for those who may edit the post: FORBIDDEN, UNAUTHENTICATED. INVALID (field expiresInSeconds) outside of a minute to 90 days;
// NOT_FOUND, INVALID in the trash (field postId).
func (s *Service) CreatePreviewToken(ctx context.Context, id logic.PostID, expiresInSeconds int) (string, logic.Moment, error) {
	now := s.clock()
	if err := writePosts.Check(logic.ViewerFrom(ctx), now); err != nil {
		return "", 0, err
	}
	if expiresInSeconds < int(minPreview.Seconds()) || expiresInSeconds > int(maxPreview.Seconds()) {
		return "", 0, logic.Invalid("%d to %d seconds can be asked for, not %d",
			int(minPreview.Seconds()), int(maxPreview.Seconds()), expiresInSeconds).At("expiresInSeconds")
	}
	token, hash := logic.NewToken(logic.TokenPreview)
	expiresAt := now.Add(time.Duration(expiresInSeconds) * time.Second)
	err := s.store.Write(ctx, func(w Writer) error {
		if _, err := s.toPreview(ctx, w, id); err != nil {
			return err
		}
		if err := w.DeletePreviewTokensBefore(ctx, now.Add(-knownPreviews)); err != nil {
			return err
		}
		return w.InsertPreviewToken(ctx, hash, PreviewToken{PostID: id, ExpiresAt: expiresAt})
	})
	return token, expiresAt, err
}

// RevokePreviewTokens ends all preview tokens of a post, and returns the post. It is for those who may edit the post: FORBIDDEN,
// UNAUTHENTICATED. NOT_FOUND, INVALID in the trash (field postId).
func (s *Service) RevokePreviewTokens(ctx context.Context, id logic.PostID) (Post, error) {
	if err := writePosts.Check(logic.ViewerFrom(ctx), s.clock()); err != nil {
		return Post{}, err
	}
	var post Post
	err := s.store.Write(ctx, func(w Writer) (err error) {
		if post, err = s.toPreview(ctx, w, id); err != nil {
			return err
		}
		return w.DeletePreviewTokensOf(ctx, id)
	})
	return post, err
}

// toPreview returns a post that the viewer may edit and that is not in the trash: FORBIDDEN, UNAUTHENTICATED; NOT_FOUND, INVALID (field
// postId).
func (s *Service) toPreview(ctx context.Context, r Reader, id logic.PostID) (Post, error) {
	post, err := s.editable(ctx, r, id)
	if err == nil {
		err = checkNotTrashed(post)
	}
	if fault, ok := errors.AsType[*logic.Error](err); ok && fault.Field != nil {
		err = fault.At("postId")
	}
	return post, err
}

// Outline returns what was worked out of the text.
func (t PostText) Outline() Outline {
	return Outline{Lead: t.Lead, WordCount: t.WordCount, Headings: t.Headings}
}

// Body returns a long part of the text.
func (t PostText) Body(part BodyPart) string {
	if part == BodyText {
		return t.Text
	}
	return t.HTML
}

// PostPreview returns the post that a preview token shows, in its newest state, whether readers see it yet or not: Preview is its text,
// and tags that no post has yet are left out. Whoever has the token may ask, and gets no right beside: see CanEdit. EXPIRED; NOT_FOUND
// for what is no such token, or was revoked, and for a post that is gone or in the trash.
func (s *Service) PostPreview(ctx context.Context, token string) (Post, error) {
	kept, err := s.store.PreviewToken(ctx, logic.HashToken(token))
	if err != nil {
		return Post{}, err
	}
	if kept.ExpiresAt <= s.clock() {
		return Post{}, logic.Fault(logic.CodeExpired, "The preview has expired: ask for a new one.")
	}
	posts, err := s.store.PostsByID(ctx, []logic.PostID{kept.PostID})
	if err != nil {
		return Post{}, err
	}
	newest, err := s.store.NewestRevisions(ctx, []logic.PostID{kept.PostID})
	if err != nil {
		return Post{}, err
	}
	post, found := posts[kept.PostID]
	revision, written := newest[kept.PostID]
	if !found || !written || post.DeletedAt != nil {
		return Post{}, logic.NotFound("preview")
	}
	return s.preview(ctx, post, revision)
}

// preview returns post as it would be with the content of revision.
func (s *Service) preview(ctx context.Context, post Post, revision Revision) (Post, error) {
	rendered, err := render.Markdown(revision.Markdown)
	if err != nil {
		return Post{}, err
	}
	if post.HasWorkingCopy() {
		noTag := func(_, _ string) (logic.TagID, error) { return 0, nil }
		tags, err := named(ctx, revision.Tags, withoutOutdated(s.store.TagsBySlug, nil), noTag)
		if err != nil {
			return Post{}, err
		}
		post.TagIDs = slices.DeleteFunc(tags, func(id logic.TagID) bool { return id == 0 })
	}
	if revision.PublishedAt != nil {
		post.PublishedAt = revision.PublishedAt
	}
	post.Slug, post.Title, post.Summary, post.Language = revision.Slug, revision.Title, revision.Summary, revision.Language
	post.AuthorIDs, post.CoverID = revision.AuthorIDs, revision.CoverID
	rendered.HTML = s.WithMediaURLs(rendered.HTML)
	post.Preview = &PostText{Markdown: revision.Markdown, Rendered: rendered}
	return post, nil
}
