package content

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"headwater/logic"
	"headwater/logic/content/picture"
)

// RestoreMedia adds a file, and keeps what open returns for its name and for those of its copies. Both are checked as uploads are, so that
// an archive brings nothing that could not be uploaded. INVALID, REQUIRED, TOO_LONG (fields as of files); where it fails, contents may be left.
func (s *Service) RestoreMedia(ctx context.Context, media Media, open func(name string) (io.ReadCloser, error)) error {
	if err := logic.CheckOperator(ctx); err != nil {
		return err
	}
	var faults logic.Faults
	faults.Add(logic.CheckText(media.Filename, 1, maxSource), "filename")
	faults.Add(logic.CheckText(media.Alt, 0, maxAlt), "alt")
	faults.Add(checkMimeType(media), "mimeType")
	if !mediaNameForm.MatchString(media.Name) {
		faults.Add(logic.Invalid("%q is no name of a file", media.Name), "name")
	}
	for _, variant := range media.Variants {
		faults.Add(checkVariant(media, variant), "variants")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	whole := MediaVariant{Name: media.Name, MimeType: media.MimeType, Size: media.Size}
	if media.Width != nil {
		whole.Width, whole.Height = *media.Width, *media.Height
	}
	for _, part := range append([]MediaVariant{whole}, media.Variants...) {
		if err := s.restoreContents(ctx, part, open); err != nil {
			return err
		}
	}
	return s.restore(ctx, nil, func(w Writer) error { return w.InsertMedia(ctx, media) })
}

// checkMimeType returns the fault of a type that no file has that was uploaded.
func checkMimeType(media Media) *logic.Error {
	isImage := picture.IsRead(media.MimeType)
	switch known := mimetype.Lookup(media.MimeType); {
	case known == nil || strings.ContainsAny(media.MimeType, "; \t\r\n"), saysMore(media.MimeType) && !isImage:
		return logic.Invalid("files of the type %q are not taken", media.MimeType)
	case isImage != (media.Width != nil) || isImage != (media.Height != nil):
		return logic.Invalid("a size in pixels is what images have, and they alone")
	}
	return nil
}

// checkVariant returns the fault of what is no copy of an image.
func checkVariant(media Media, variant MediaVariant) *logic.Error {
	stem, _, _ := strings.Cut(media.Name, ".")
	isCopy := picture.IsRead(media.MimeType) && picture.IsRead(variant.MimeType) && strings.HasPrefix(variant.Name, stem+"-") && variant.Width < *media.Width
	if !isCopy || CheckMediaName(variant.Name) != nil {
		return logic.Invalid("%q is no copy of %q", variant.Name, media.Name)
	}
	return nil
}

// restoreContents keeps the contents of a file or of a copy, where they are what is said of them.
func (s *Service) restoreContents(ctx context.Context, said MediaVariant, open func(name string) (io.ReadCloser, error)) error {
	contents, err := open(said.Name)
	if err != nil {
		return err
	}
	received, err := receive(s.scratchDir, Upload{Content: contents})
	if err = errors.Join(err, contents.Close()); err != nil {
		return err
	}
	err = checkContents(received, said)
	if err == nil {
		err = s.files.Put(ctx, said.Name, received.whole(), received.size)
	}
	return errors.Join(err, received.Close())
}

// checkContents returns the fault of contents that are something else than what is said of them. Of what browsers don't show, programs
// may come to know a type better than those that took it in, so what is said of that may be another.
func checkContents(received *scratch, said MediaVariant) error {
	found, _, err := typeOf(received)
	if err != nil {
		return err
	}
	_, isShown := shownTypes[said.MimeType]
	switch {
	case received.size != said.Size:
		return logic.Invalid("%s has %d bytes, not %d", said.Name, received.size, said.Size).At("size")
	case isShown && found != said.MimeType:
		return logic.Invalid("%s is %s, not %s", said.Name, found, said.MimeType).At("mimeType")
	case picture.IsRead(found) != picture.IsRead(said.MimeType):
		return logic.Invalid("%s is an image", said.Name).At("mimeType")
	case saysMore(found) && !picture.IsRead(found):
		return logic.Invalid("files of the type %q are not taken", found).At("mimeType")
	case !picture.IsRead(found):
		return nil
	}
	width, height, err := picture.Check(received.whole())
	if err != nil {
		return err
	}
	if width != said.Width || height != said.Height {
		return logic.Invalid("%s has %d × %d pixels, not %d × %d", said.Name, width, height, said.Width, said.Height).At("width")
	}
	return nil
}
