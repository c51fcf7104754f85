package content

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"

	"headwater/logic"
)

// ArchivedTag is a tag with every slug that leads to it, its own among them.
type ArchivedTag struct {
	Tag
	Slugs []TagSlug
}

// TagSlug is a slug that leads to a tag, and the name that it was made of; under a public one readers see or saw the tag.
type TagSlug struct {
	TagID  logic.TagID
	Slug   string
	Name   string
	Public bool
}

// ArchivedPost is a post with the source of what it shows, and every slug that is its: those under which readers saw it, and others.
type ArchivedPost struct {
	Post
	Markdown string
	Slugs    []PostSlug
}

// PostSlug is a slug that belongs to a post; a public one is or was seen by readers.
type PostSlug struct {
	PostID logic.PostID
	Slug   string
	Public bool
}

// ArchivedImport says which post came from a source outside, and what tells whether it changed there.
type ArchivedImport struct {
	Source string
	Digest string
	PostID logic.PostID
}

// ArchivedMediaImport says which file was made of one that an import brought, by the SHA-256 of that, in hexadecimal digits.
type ArchivedMediaImport struct {
	Digest  string
	MediaID logic.MediaID
}

// ArchivedSite is the site, with how often and when last readers saw something of it change.
type ArchivedSite struct {
	Site
	ContentVersion int64
	ChangedAt      logic.Moment
}

// archiveReader is what an archive needs of storage to read. What stands in parts begins behind a key, and has up to limit items.
type archiveReader interface {
	ArchivedTags(ctx context.Context) ([]ArchivedTag, error)
	ArchivedPosts(ctx context.Context, after logic.PostID, limit int) ([]ArchivedPost, error)
	ArchivedRevisions(ctx context.Context, id logic.PostID, after, limit int) ([]Revision, error)
	ArchivedMedia(ctx context.Context, after logic.MediaID, limit int) ([]Media, error)
	ArchivedImports(ctx context.Context, after string, limit int) ([]ArchivedImport, error)
	ArchivedMediaImports(ctx context.Context, after string, limit int) ([]ArchivedMediaImport, error)
}

// archiveWriter is what an archive needs of storage to write, into a database without content.
type archiveWriter interface {
	SetContentVersion(ctx context.Context, version int64, changedAt logic.Moment) error
	InsertArchivedTags(ctx context.Context, tags []ArchivedTag) error
}

// archivePart is how many items are read or written at once.
const archivePart = 100

// ArchivedSite returns the site. It is for the command line alone, as all that is archived: FORBIDDEN for others.
func (s *Service) ArchivedSite(ctx context.Context) (ArchivedSite, error) {
	if err := logic.CheckOperator(ctx); err != nil {
		return ArchivedSite{}, err
	}
	site, err := s.store.Site(ctx)
	if err != nil {
		return ArchivedSite{}, err
	}
	version, changedAt, err := s.store.ContentVersion(ctx)
	return ArchivedSite{site, version, changedAt}, err
}

// ArchivedTags returns every tag, in the order of their keys.
func (s *Service) ArchivedTags(ctx context.Context) ([]ArchivedTag, error) {
	if err := logic.CheckOperator(ctx); err != nil {
		return nil, err
	}
	return s.store.ArchivedTags(ctx)
}

// EachArchivedPost calls take for every post, in the order of their keys, until it fails.
func (s *Service) EachArchivedPost(ctx context.Context, take func(ArchivedPost) error) error {
	return eachOf(ctx, s.store.ArchivedPosts, func(post ArchivedPost) logic.PostID { return post.ID }, take)
}

// EachArchivedRevision calls take for every revision of a post, in the order of their numbers, until it fails.
func (s *Service) EachArchivedRevision(ctx context.Context, id logic.PostID, take func(Revision) error) error {
	read := func(ctx context.Context, after, limit int) ([]Revision, error) {
		return s.store.ArchivedRevisions(ctx, id, after, limit)
	}
	return eachOf(ctx, read, func(revision Revision) int { return revision.Number }, take)
}

// EachArchivedMedia calls take for every file, in the order of their keys, until it fails.
func (s *Service) EachArchivedMedia(ctx context.Context, take func(Media) error) error {
	return eachOf(ctx, s.store.ArchivedMedia, func(media Media) logic.MediaID { return media.ID }, take)
}

// EachArchivedImport calls take for all that came from outside, in the order of the sources, until it fails.
func (s *Service) EachArchivedImport(ctx context.Context, take func(ArchivedImport) error) error {
	return eachOf(ctx, s.store.ArchivedImports, func(in ArchivedImport) string { return in.Source }, take)
}

// EachArchivedMediaImport calls take for all files that imports brought, in the order of their digests, until it fails.
func (s *Service) EachArchivedMediaImport(ctx context.Context, take func(ArchivedMediaImport) error) error {
	return eachOf(ctx, s.store.ArchivedMediaImports, func(in ArchivedMediaImport) string { return in.Digest }, take)
}

// eachOf reads parts of something, each behind the key of the last, and calls take for every item.
func eachOf[K cmp.Ordered, T any](ctx context.Context, read func(context.Context, K, int) ([]T, error), key func(T) K, take func(T) error) error {
	if err := logic.CheckOperator(ctx); err != nil {
		return err
	}
	var after K
	for {
		part, err := read(ctx, after, archivePart)
		if err != nil {
			return err
		}
		for _, item := range part {
			if err := take(item); err != nil {
				return err
			}
		}
		if len(part) < archivePart {
			return nil
		}
		after = key(part[len(part)-1])
	}
}

// ArchivedContents opens what is kept under the name of a file or of one of its copies, or returns NOT_FOUND.
func (s *Service) ArchivedContents(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	if err := logic.CheckOperator(ctx); err != nil {
		return nil, err
	}
	if s.files == nil {
		return nil, logic.NotFound("file")
	}
	return s.files.Open(ctx, name)
}

// RestoreSite replaces the site by an archived one. INVALID, REQUIRED, TOO_LONG as UpdateSite. This and all that restores is for the
// command line alone (FORBIDDEN for others), and for a database without content. What an archive says is checked as far as it could harm
// those who read it; rules that changed meanwhile are not held against it.
func (s *Service) RestoreSite(ctx context.Context, site ArchivedSite) error {
	faults := site.check()
	return s.restore(ctx, faults.Err(), func(w Writer) error {
		if err := w.UpdateSite(ctx, site.Site); err != nil {
			return err
		}
		return w.SetContentVersion(ctx, site.ContentVersion, site.ChangedAt)
	})
}

// RestoreTags adds tags. INVALID, REQUIRED, TOO_LONG (fields slug, name); TAKEN where two have a slug.
func (s *Service) RestoreTags(ctx context.Context, tags []ArchivedTag) error {
	var faults logic.Faults
	for _, tag := range tags {
		faults.Add(logic.CheckText(tag.Name, 1, maxName), "name")
		for _, slug := range tag.Slugs {
			faults.Add(logic.CheckLine(slug.Slug, 1, maxSlug), "slug")
		}
	}
	return s.restore(ctx, faults.Err(), func(w Writer) error { return w.InsertArchivedTags(ctx, tags) })
}

// mediaNameForm is what names of files look like: chance, perhaps a width, and an extension.
var mediaNameForm = regexp.MustCompile(`^[a-z0-9]{26}(?:-[0-9]{1,5})?\.[a-z0-9]{1,8}$`)

// CheckMediaName returns the fault of what is no name that contents are kept under.
func CheckMediaName(name string) error {
	if !mediaNameForm.MatchString(name) {
		return logic.Invalid("%q is no name of a file", name).At("name")
	}
	return nil
}

// RestorePost adds a post, renders its text, and adds its revisions, of which each hands over all. INVALID, REQUIRED, TOO_LONG (fields
// as of posts); TAKEN (field slug) where another post has one of its slugs.
func (s *Service) RestorePost(ctx context.Context, post ArchivedPost, each func(take func(Revision) error) error) error {
	text, err := textOf(Revision{Title: post.Title, Markdown: post.Markdown, Language: post.Language})
	faults := post.check()
	if fault, ok := errors.AsType[*logic.Error](err); ok {
		faults.Add(fault, "markdown")
	} else if err != nil {
		return err
	}
	return s.restore(ctx, faults.Err(), func(w Writer) error {
		if err := w.InsertPost(ctx, post.Post, text); err != nil {
			return err
		}
		for _, slug := range post.Slugs {
			if err := w.ClaimSlug(ctx, slug.Slug, post.ID, slug.Public); err != nil {
				return err
			}
		}
		err := each(func(revision Revision) error {
			if fault := checkSlug(revision.Slug); fault != nil {
				return fault.At("slug")
			}
			return w.InsertRevision(ctx, revision)
		})
		if err != nil {
			return err
		}
		return setUsedMedia(ctx, w, post.ID)
	})
}

// setUsedMedia states which files a post uses.
func setUsedMedia(ctx context.Context, w Writer, id logic.PostID) error {
	used, err := w.RevisionsInUse(ctx, id)
	if err != nil {
		return err
	}
	var names []string
	var covers []logic.MediaID
	for _, revision := range used {
		names = append(names, mediaNames(revision.Markdown)...)
		if revision.CoverID != nil {
			covers = append(covers, *revision.CoverID)
		}
	}
	return w.SetPostMedia(ctx, id, names, covers)
}

// check returns the faults of what readers could come to harm by, and of what no post can be.
func (p ArchivedPost) check() logic.Faults {
	var faults logic.Faults
	faults.Add(logic.CheckText(p.Title, 1, maxTitle), "title")
	if p.Summary != nil {
		faults.Add(logic.CheckText(*p.Summary, 0, maxSummary), "summary")
	}
	faults.Add(checkLanguage(p.Language), "language")
	faults.Add(checkSlug(p.Slug), "slug")
	for _, slug := range p.Slugs {
		faults.Add(checkSlug(slug.Slug), "slug")
	}
	faults.Add(checkAuthorCount(p.AuthorIDs), "authors")
	switch {
	case p.Kind != PostKindArticle && p.Kind != PostKindPage:
		faults.Add(logic.Invalid("there is no kind %q", p.Kind), "kind")
	case p.Status == PostStatusPublished && p.PublishedAt == nil:
		faults.Add(logic.Fault(logic.CodeRequired, "a published post has a date"), "publishedAt")
	case (p.ScheduledFor == nil) != (p.ScheduledRevision == nil), p.Status == PostStatusScheduled && p.ScheduledFor == nil:
		faults.Add(logic.Invalid("a schedule has a moment and a revision"), "scheduledFor")
	}
	return faults
}

// RestoreImports adds where posts came from.
func (s *Service) RestoreImports(ctx context.Context, imports []ArchivedImport) error {
	return s.restore(ctx, nil, func(w Writer) error {
		for _, in := range imports {
			if err := w.SetImportedPost(ctx, in.Source, in.Digest, in.PostID); err != nil {
				return fmt.Errorf("the post that came from %q: %w", in.Source, err)
			}
		}
		return nil
	})
}

// RestoreMediaImports adds which files imports brought. INVALID (field digest).
func (s *Service) RestoreMediaImports(ctx context.Context, imports []ArchivedMediaImport) error {
	return s.restore(ctx, nil, func(w Writer) error {
		for _, in := range imports {
			digest, err := hex.DecodeString(in.Digest)
			if err != nil || len(digest) != sha256.Size {
				return logic.Invalid("%q is no SHA-256", in.Digest).At("digest")
			}
			if err := w.SetImportedMedia(ctx, digest, in.MediaID); err != nil {
				return err
			}
		}
		return nil
	})
}

// restore writes something archived, where nothing is wrong with it.
func (s *Service) restore(ctx context.Context, wrong error, write func(Writer) error) error {
	if err := logic.CheckOperator(ctx); err != nil {
		return err
	}
	if wrong != nil {
		return wrong
	}
	return s.store.Write(ctx, write)
}
