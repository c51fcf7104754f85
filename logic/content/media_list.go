package content

import (
	"context"
	"strings"
	"unicode"

	"headwater/logic"
)

// Most that is taken of what is looked for in the list of files.
const (
	maxMediaSearch = 200 // characters
	maxMediaWords  = 10
)

// MediaQuery checks what is asked of the list of files. A nil order is the default: newest first. INVALID, TOO_LONG (fields first,
// after, query).
func (s *Service) MediaQuery(query *string, order *MediaOrder, page logic.PageArgs) (MediaQuery, error) {
	asked := MediaQuery{Order: MediaOrder{MediaOrderCreatedAt, Descending}}
	if order != nil {
		asked.Order = *order
	}
	var faults logic.Faults
	asked.Window, faults = page.Window(string(asked.Order.Field))
	if query != nil {
		faults.Add(logic.CheckText(*query, 0, maxMediaSearch), "query")
		asked.Words = wordsOf(*query)
	}
	return asked, faults.Err()
}

// wordsOf returns the words of what is looked for, as far as they count.
func wordsOf(query string) []string {
	words := strings.FieldsFunc(query, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
	return words[:min(len(words), maxMediaWords)]
}

// Media returns a part of the list of files. It is for those with POSTS_WRITE: FORBIDDEN, UNAUTHENTICATED.
func (s *Service) Media(ctx context.Context, query MediaQuery) (logic.Page[Media], error) {
	if err := s.CheckUpload(ctx); err != nil {
		return logic.Page[Media]{}, err
	}
	files, err := s.store.MediaPage(ctx, query)
	return logic.Trim(query.Window, files), err
}

// HaveMedia tells whether any file stands in window of the list that query asks for.
func (s *Service) HaveMedia(ctx context.Context, query MediaQuery, window logic.Window) (bool, error) {
	query.Window = window
	page, err := s.Media(ctx, query)
	return len(page.Items) > 0, err
}

// CountMedia returns how many files match query, whatever its window. It is for those with POSTS_WRITE: FORBIDDEN, UNAUTHENTICATED.
func (s *Service) CountMedia(ctx context.Context, query MediaQuery) (int64, error) {
	if err := s.CheckUpload(ctx); err != nil {
		return 0, err
	}
	return s.store.CountMedia(ctx, query)
}

// Cursor returns the place of a file in a list with this order.
func (o MediaOrder) Cursor(media Media) logic.Cursor {
	cursor := logic.Cursor{Order: string(o.Field), Key: int64(media.ID)}
	switch o.Field {
	case MediaOrderFilename:
		cursor.Text = logic.SortKey(media.Filename)
	case MediaOrderSize:
		cursor.Int = media.Size
	default:
		cursor.Int = int64(media.CreatedAt)
	}
	return cursor
}

// MediaByID returns the files with the given keys: those of things that the viewer was given.
func (s *Service) MediaByID(ctx context.Context, ids []logic.MediaID) (map[logic.MediaID]Media, error) {
	return s.store.MediaByID(ctx, ids)
}

// KnownMediaByID returns those of the files with the given keys that the viewer may know of: those with POSTS_WRITE of all, those with
// POSTS_READ of what public posts show, of the pictures of their authors, and of their own.
func (s *Service) KnownMediaByID(ctx context.Context, ids []logic.MediaID) (map[logic.MediaID]Media, error) {
	switch viewer := logic.ViewerFrom(ctx); {
	case writePosts.Allows(viewer):
		return s.store.MediaByID(ctx, ids)
	case readPosts.Allows(viewer):
		return s.store.ReaderMediaByID(ctx, ids, viewer.User)
	}
	return nil, nil
}

// Uploader returns who uploaded a file, for those with POSTS_WRITE; nil for others, and where no person did.
func (s *Service) Uploader(ctx context.Context, media Media) *logic.UserID {
	if !writePosts.Allows(logic.ViewerFrom(ctx)) {
		return nil
	}
	return media.UploadedBy
}

// OpenMedia opens the file, or the copy of an image, that is kept under name, or returns NOT_FOUND. Names can't be guessed, so whoever
// has one gets the file. The caller closes it.
func (s *Service) OpenMedia(ctx context.Context, name string) (MediaFile, error) {
	if s.files == nil {
		return MediaFile{}, logic.NotFound("file")
	}
	media, err := s.store.MediaByName(ctx, name)
	if err != nil {
		return MediaFile{}, err
	}
	file := MediaFile{MimeType: media.MimeType, Size: media.Size, CreatedAt: media.CreatedAt}
	for _, variant := range media.Variants {
		if variant.Name == name {
			file.MimeType, file.Size = variant.MimeType, variant.Size
		}
	}
	file.Filename = withExtensionOf(media.Filename, file.MimeType)
	_, file.Inline = shownTypes[file.MimeType]
	file.Content, err = s.files.Open(ctx, name)
	return file, err
}
