package content

import (
	"context"
	"html"
	"net/url"
	"regexp"

	"headwater/logic"
)

// insert writes a new post with its first revision.
func (s *Service) insert(ctx context.Context, w Writer, post *Post, made draft, now logic.Moment) error {
	revision := s.sign(ctx, made.Revision, post.ID, 1, now)
	post.Revision = revision.Number
	if err := s.show(ctx, w, post, revision, nil); err != nil {
		return err
	}
	if err := w.InsertPost(ctx, *post, made.text); err != nil {
		return err
	}
	if err := w.InsertRevision(ctx, revision); err != nil {
		return err
	}
	return s.settle(ctx, w, Post{}, *post, true, now)
}

// show makes post show a revision, naming the tags that are not there yet; before are the names of the tags that it has.
func (s *Service) show(ctx context.Context, w Writer, post *Post, revision Revision, before []string) error {
	post.Slug, post.Title, post.Summary, post.Language = revision.Slug, revision.Title, revision.Summary, revision.Language
	post.AuthorIDs, post.CoverID, post.ShownRevision = revision.AuthorIDs, revision.CoverID, revision.Number
	if revision.PublishedAt != nil || post.PublishedAt == nil {
		post.PublishedAt = revision.PublishedAt
	} else if seen, err := w.WasPublic(ctx, post.ID); err != nil {
		return err
	} else if !seen {
		post.PublishedAt = nil // it was the date that the writer gave before, and gives no more
	}
	return s.nameTags(ctx, w, post, revision.Tags, before)
}

// keep writes what became of a post, and all that follows from it. Text is that of the revision which the post now shows, nil
// where it shows the same as before.
func (s *Service) keep(ctx context.Context, w Writer, before, after Post, text *PostText, now logic.Moment) error {
	var err error
	switch {
	case text != nil:
		err = w.UpdatePost(ctx, after, *text)
	case before.Status != after.Status || !equal(before.DeletedAt, after.DeletedAt):
		err = w.MovePost(ctx, after)
	default:
		err = w.SetPostRevisions(ctx, after)
	}
	if err != nil {
		return err
	}
	return s.settle(ctx, w, before, after, text != nil, now)
}

// settle writes what follows from the change of a post: which slugs and files are its, and what readers are told. Changed tells
// whether it shows something else than before.
func (s *Service) settle(ctx context.Context, w Writer, before, after Post, changed bool, now logic.Moment) error {
	if err := w.ClaimSlug(ctx, after.Slug, after.ID, after.IsPublic()); err != nil {
		return err
	}
	used, err := w.RevisionsInUse(ctx, after.ID)
	if err != nil {
		return err
	}
	var slugs, names []string
	var covers []logic.MediaID
	for _, revision := range used {
		slugs, names = append(slugs, revision.Slug), append(names, mediaNames(revision.Markdown)...)
		if revision.CoverID != nil {
			covers = append(covers, *revision.CoverID)
		}
	}
	if err := w.ReleaseSlugs(ctx, after.ID, slugs); err != nil {
		return err
	}
	if err := w.SetPostMedia(ctx, after.ID, names, covers); err != nil {
		return err
	}
	return s.announce(ctx, w, before, after, changed, now)
}

// announce tells of what readers see otherwise than before, if they do.
func (s *Service) announce(ctx context.Context, w Writer, before, after Post, changed bool, now logic.Moment) error {
	event := PostEvent{Post: after, At: now}
	if before.IsPublic() {
		event.Before = before
	}
	switch {
	case !before.IsPublic() && after.IsPublic():
		event.Kind = PostEventPublished
	case before.IsPublic() && !after.IsPublic():
		event.Kind = PostEventRemoved
	case after.IsPublic() && changed:
		event.Kind = PostEventChanged
	default:
		return nil
	}
	if err := w.AddPostEvent(ctx, event); err != nil {
		return err
	}
	return w.TouchContent(ctx, now)
}

// mediaAddressed matches the names of files in the addresses that a text has.
var mediaAddressed = regexp.MustCompile(mediaPath + `([0-9a-z]+(?:-[0-9]+)?\.[0-9a-z]+)`)

// mediaNames returns the names of the files that a text refers to, some perhaps twice. Addresses may be written in ways that Markdown, HTML
// and addresses have for single letters.
func mediaNames(markdown string) []string {
	var names []string
	for _, text := range []string{markdown, escaped.ReplaceAllStringFunc(html.UnescapeString(markdown), unescape)} {
		for _, match := range mediaAddressed.FindAllStringSubmatch(text, -1) {
			names = append(names, match[1])
		}
	}
	return names
}

// escaped matches what stands for a single letter in an address, and in Markdown.
var escaped = regexp.MustCompile(`%[0-9A-Fa-f]{2}|\\[[:punct:]]`)

// unescape returns what is meant by such.
func unescape(written string) string {
	if plain, err := url.PathUnescape(written); err == nil && written[0] == '%' {
		return plain
	}
	return written[1:]
}
