package content

import (
	"context"
	"strings"

	"headwater/logic"
)

// ImportImage keeps an image that posts of an import refer to, as UploadMedia would, and returns what was made of the same contents before,
// whatever they were called, as long as that is there. It is for the command line alone: FORBIDDEN for others. REQUIRED, TOO_LONG, INVALID.
func (s *Service) ImportImage(ctx context.Context, in Upload) (Media, error) {
	if err := logic.CheckOperator(ctx); err != nil {
		return Media{}, err
	}
	if s.files == nil {
		return Media{}, errNoFiles
	}
	received, err := receive(s.scratchDir, in)
	if err != nil {
		return Media{}, err
	}
	defer received.Close()
	if before, err := s.store.ImportedMedia(ctx, received.digest[:]); logic.CodeOf(err) != logic.CodeNotFound {
		return before, err
	}
	media, contents, err := readImported(ctx, received, in.Filename)
	if err != nil {
		return Media{}, err
	}
	media.ID, media.CreatedAt = logic.MediaID(s.keys.Next()), s.clock()
	media.Filename = withExtensionOf(shownFilename(in.Filename), media.MimeType)
	if media, err = s.keepMedia(ctx, media, contents, uploadAsked{Digest: received.digest}); err != nil {
		return Media{}, err
	}
	return media, s.store.Write(ctx, func(w Writer) error { return w.SetImportedMedia(ctx, received.digest[:], media.ID) })
}

// CheckImage returns what ImportImage would make of an image, without an ID, and keeps nothing. REQUIRED, TOO_LONG, INVALID.
func CheckImage(ctx context.Context, in Upload) (Media, error) {
	received, err := receive("", in)
	if err != nil {
		return Media{}, err
	}
	defer received.Close()
	media, _, err := readImported(ctx, received, in.Filename)
	return media, err
}

// readImported returns what read does, of images alone.
func readImported(ctx context.Context, received *scratch, filename string) (Media, []kept, error) {
	media, contents, err := read(ctx, received, filename)
	if err == nil && !strings.HasPrefix(media.MimeType, "image/") {
		err = logic.Invalid("This is no image.")
	}
	return media, contents, err
}
