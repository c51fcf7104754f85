package content

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/gabriel-vasile/mimetype"

	"headwater/logic"
	"headwater/logic/content/picture"
)

// CheckUpload returns nil for those who may upload files, who have POSTS_WRITE: FORBIDDEN, or UNAUTHENTICATED where signing in through
// the client that asks would help.
func (s *Service) CheckUpload(ctx context.Context) error {
	return writePosts.Check(logic.ViewerFrom(ctx), s.clock())
}

// errNoFiles is why nothing is taken where there is nothing to keep it in.
var errNoFiles = logic.Invalid("Nothing can be uploaded here.")

// UploadMedia keeps a file and, where it is an image, copies of it at smaller widths. All that cameras write into an image is taken
// away, and it stands upright. It is for those who may CheckUpload. REQUIRED, TOO_LONG, INVALID (fields file, alt); where it fails,
// nothing of it is left. Under an idempotency key that was used before, the same file is returned again.
func (s *Service) UploadMedia(ctx context.Context, in UploadMediaInput) (Media, error) {
	if err := s.CheckUpload(ctx); err != nil {
		return Media{}, err
	}
	if s.files == nil {
		return Media{}, errNoFiles.At("file")
	}
	in.Alt = strings.TrimSpace(in.Alt)
	var faults logic.Faults
	faults.Add(logic.CheckText(in.Alt, 0, maxAlt), "alt")
	received, err := receive(s.scratchDir, in.File)
	if err != nil {
		return Media{}, withFault(faults, err, "file")
	}
	defer received.Close()
	media, contents, err := read(ctx, received, in.File.Filename)
	if err != nil {
		return Media{}, withFault(faults, err, "file")
	}
	if err := faults.Err(); err != nil {
		return Media{}, err
	}
	media.ID, media.CreatedAt = logic.MediaID(s.keys.Next()), s.clock()
	media.Filename, media.Alt = withExtensionOf(shownFilename(in.File.Filename), media.MimeType), in.Alt
	if viewer := logic.ViewerFrom(ctx); viewer.User != 0 {
		media.UploadedBy = &viewer.User
	}
	return s.keepMedia(ctx, media, contents, uploadAsked{received.digest, in.File.Filename, in.Alt})
}

// uploadAsked is what makes two uploads the same.
type uploadAsked struct {
	Digest   [sha256.Size]byte
	Filename string
	Alt      string
}

// withFault returns the faults with err among them, at a field where it says none; err itself where it is of another kind.
func withFault(faults logic.Faults, err error, field string) error {
	fault, ok := errors.AsType[*logic.Error](err)
	if !ok {
		return err
	}
	faults.Add(fault, field)
	return faults
}

// receive reads an upload to its end, into a scratch on the disk that dir is on. TOO_LONG for more than MaxUpload, REQUIRED for nothing,
// INVALID where it broke off.
func receive(dir string, upload Upload) (*scratch, error) {
	if upload.Content == nil {
		return nil, logic.Fault(logic.CodeRequired, "There is no file.")
	}
	if again, ok := upload.Content.(io.Seeker); ok { // one file may be given to several fields
		if _, err := again.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
	}
	received, err := newScratch(dir)
	if err != nil {
		return nil, err
	}
	if err := received.fill(upload.Content); err != nil {
		return nil, errors.Join(err, received.Close())
	}
	return received, nil
}

// kept is something to keep under a name.
type kept struct {
	name    string
	content io.Reader
	size    int64
}

// read returns what a file is that is called filename, and what is to be kept of it. INVALID for an image that can't be read.
func read(ctx context.Context, received *scratch, filename string) (Media, []kept, error) {
	mimeType, extension, err := typeOf(received)
	if err != nil {
		return Media{}, nil, err
	}
	stem := strings.ToLower(rand.Text())
	if picture.IsRead(mimeType) {
		return readImage(ctx, received, stem)
	}
	if saysMore(mimeType) || photographs[strings.ToLower(path.Ext(filename))] {
		return Media{}, nil, logic.Invalid("Images of this type (%s) are not taken, since where they were taken can't be removed: send JPEG, PNG, GIF or WebP.",
			cmp.Or(strings.ToLower(path.Ext(filename)), mimeType))
	}
	name := stem + cmp.Or(extension, ".bin")
	return Media{Name: name, MimeType: mimeType, Size: received.size}, []kept{{name, received.whole(), received.size}}, nil
}

// typeOf returns the type of a file, and the extension that it usually has, by its contents.
func typeOf(received *scratch) (mimeType, extension string, err error) {
	found, err := mimetype.DetectReader(received.whole())
	if err != nil {
		return "", "", err
	}
	for kind := found; kind != nil; kind = kind.Parent() {
		if picture.IsRead(kind.String()) {
			return kind.String(), kind.Extension(), nil
		}
	}
	mimeType, _, _ = strings.Cut(found.String(), ";")
	return mimeType, found.Extension(), nil
}

// saysMore tells whether an image of a type that is not read may say who took it, and where.
func saysMore(mimeType string) bool {
	return strings.HasPrefix(mimeType, "image/") && mimeType != "image/svg+xml" && mimeType != "image/bmp" && mimeType != "image/x-icon"
}

// photographs are extensions of what cameras write that is not read, and is not always known by its contents.
var photographs = map[string]bool{
	".3fr": true, ".arw": true, ".avif": true, ".cr2": true, ".cr3": true, ".crw": true, ".dcr": true, ".dng": true, ".heic": true, ".heif": true,
	".hif": true, ".iiq": true, ".jxl": true, ".kdc": true, ".mrw": true, ".nef": true, ".nrw": true, ".orf": true, ".pef": true, ".raf": true,
	".rw2": true, ".rwl": true, ".sr2": true, ".srf": true, ".srw": true, ".tif": true, ".tiff": true, ".x3f": true,
}

// readImage returns what an image is, and what is to be kept of it: the image and its copies.
func readImage(ctx context.Context, received *scratch, stem string) (Media, []kept, error) {
	found, err := picture.Read(ctx, received.whole())
	if err != nil {
		return Media{}, nil, err
	}
	name := stem + shownTypes[found.MimeType][0]
	media := Media{Name: name, MimeType: found.MimeType, Size: int64(len(found.Data)), Width: &found.Width, Height: &found.Height}
	contents := []kept{{name, bytes.NewReader(found.Data), media.Size}}
	for _, made := range found.Copies {
		variant := MediaVariant{
			Name:  fmt.Sprintf("%s-%d%s", stem, made.Width, shownTypes[made.MimeType][0]),
			Width: made.Width, Height: made.Height, MimeType: made.MimeType, Size: int64(len(made.Data)),
		}
		media.Variants = append(media.Variants, variant)
		contents = append(contents, kept{variant.Name, bytes.NewReader(made.Data), variant.Size})
	}
	return media, contents, nil
}

// shownFilename returns what a file is called where whoever sent it called it so: without folders, and without what acts on what shows it.
func shownFilename(sent string) string {
	name := sent[strings.LastIndexAny(sent, `/\`)+1:]
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name))
	if letters := []rune(name); len(letters) > maxFilename {
		extension := []rune(path.Ext(name))
		extension = extension[:min(len(extension), maxFilename/2)]
		name = string(letters[:maxFilename-len(extension)]) + string(extension)
	}
	if strings.Trim(name, ".") == "" {
		return "file"
	}
	return name
}

// withExtensionOf returns a filename with an extension of the type where browsers show that: what is seen as an image is not to be
// saved as a page. Every other filename stays as it is.
func withExtensionOf(filename, mimeType string) string {
	extensions, had := shownTypes[mimeType], path.Ext(filename)
	if len(extensions) == 0 || slices.Contains(extensions, strings.ToLower(had)) {
		return filename
	}
	return strings.TrimSuffix(filename, had) + extensions[0]
}
