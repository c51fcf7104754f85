package content

import (
	"context"
	"strings"
	"unicode"

	"headwater/logic"
)

// Longest texts of a file, in characters.
const (
	maxFilename = 200
	maxAlt      = 1000
)

// maxUsedBy is how many of the posts that use a file are named to whoever would delete it.
const maxUsedBy = 100

// canChangeMedia tells whether viewer may change what is said of a file, and delete it: whoever uploaded it may, and those who may read
// the drafts of others.
func canChangeMedia(viewer logic.Viewer, media Media) bool {
	own := viewer.User != 0 && media.UploadedBy != nil && *media.UploadedBy == viewer.User
	return writePosts.Allows(viewer) && (own || canReadDrafts(viewer))
}

// mediaToChange returns the file with a key, or why the viewer may not change it.
func (s *Service) mediaToChange(ctx context.Context, w Writer, id logic.MediaID) (Media, error) {
	files, err := w.MediaByID(ctx, []logic.MediaID{id})
	if err != nil {
		return Media{}, err
	}
	media, ok := files[id]
	if !ok {
		return Media{}, logic.NotFound("file").At("id")
	}
	if !canChangeMedia(logic.ViewerFrom(ctx), media) {
		return Media{}, logic.Fault(logic.CodeForbidden, "Someone else uploaded the file: changing it needs the scope %s.", logic.ScopeDraftsRead)
	}
	return media, nil
}

// UpdateMedia changes what is said of a file, and returns it as it then is. It is for those with POSTS_WRITE who uploaded it or may read
// the drafts of others: FORBIDDEN, UNAUTHENTICATED. NOT_FOUND (field id); REQUIRED, TOO_LONG, INVALID (fields alt, filename).
func (s *Service) UpdateMedia(ctx context.Context, id logic.MediaID, in UpdateMediaInput) (Media, error) {
	if err := s.CheckUpload(ctx); err != nil {
		return Media{}, err
	}
	var media Media
	err := s.store.Write(ctx, func(w Writer) error {
		var err error
		if media, err = s.mediaToChange(ctx, w, id); err != nil {
			return err
		}
		set(&media.Alt, in.Alt)
		set(&media.Filename, in.Filename)
		media.Alt, media.Filename = strings.TrimSpace(media.Alt), strings.TrimSpace(media.Filename)
		var faults logic.Faults
		faults.Add(logic.CheckText(media.Alt, 0, maxAlt), "alt")
		faults.Add(checkFilename(media.Filename), "filename")
		if err := faults.Err(); err != nil {
			return err
		}
		media.Filename = withExtensionOf(media.Filename, media.MimeType)
		return w.UpdateMedia(ctx, media)
	})
	return media, err
}

func checkFilename(filename string) *logic.Error {
	if strings.ContainsAny(filename, `/\`) {
		return logic.Invalid("has a slash in it")
	}
	if strings.ContainsFunc(filename, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }) {
		return logic.Invalid("has a character in it that turns how it is read")
	}
	return logic.CheckLine(filename, 1, maxFilename)
}

// DeleteMedia takes a file away for good. It is for those who may UpdateMedia it. NOT_FOUND (field id); IN_USE (field id) while posts or
// people have it, with those of the posts, the newest 100 of them, that the viewer may read.
func (s *Service) DeleteMedia(ctx context.Context, id logic.MediaID) (usedBy []Post, err error) {
	if err := s.CheckUpload(ctx); err != nil {
		return nil, err
	}
	now := s.clock()
	var media Media
	err = s.store.Write(ctx, func(w Writer) error {
		var err error
		if media, err = s.mediaToChange(ctx, w, id); err != nil {
			return err
		}
		if usedBy, err = s.checkUnused(ctx, w, id); err != nil {
			return err
		}
		if err := w.DeleteMedia(ctx, id); err != nil {
			return err
		}
		return w.AddStrays(ctx, media.names(), now)
	})
	if err == nil {
		s.dropStrays(ctx, media.names())
	}
	return usedBy, err
}

// checkUnused returns IN_USE (field id) while posts or people have a file, with those of the posts that the viewer may read. The words are
// the same whoever else has it: what posts the viewer may not read, and how many, they don't tell.
func (s *Service) checkUnused(ctx context.Context, w Writer, id logic.MediaID) ([]Post, error) {
	ids, people, err := w.MediaUses(ctx, id)
	if err != nil || len(ids) == 0 && people == 0 {
		return nil, err
	}
	newest := ids[:min(len(ids), maxUsedBy)]
	posts, err := w.PostsByID(ctx, newest)
	if err != nil {
		return nil, err
	}
	dropHidden(ctx, posts)
	usedBy := make([]Post, 0, len(posts))
	for _, id := range newest {
		if post, ok := posts[id]; ok {
			usedBy = append(usedBy, post)
		}
	}
	return usedBy, logic.Fault(logic.CodeInUse, "The file is in use.").At("id")
}
