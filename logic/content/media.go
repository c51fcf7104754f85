package content

import (
	"context"
	"io"

	"headwater/logic"
)

// Media is a file that was uploaded. Its contents never change; where it is an image, copies of it stand beside.
type Media struct {
	ID         logic.MediaID
	Name       string // under which it is kept and served: chance, with an extension by MimeType
	Filename   string // what people call it
	MimeType   string // read from the contents
	Size       int64  // in bytes
	Width      *int   // nil where the file is no image
	Height     *int
	Alt        string
	Variants   []MediaVariant // narrowest first
	UploadedBy *logic.UserID  // nil for a key without a person and for the command line
	CreatedAt  logic.Moment
}

// MediaVariant is a copy of an image at a smaller width.
type MediaVariant struct {
	Name     string
	Width    int
	Height   int
	MimeType string
	Size     int64
}

// NodeID returns the identity of the file across all types.
func (m Media) NodeID() logic.ID { return m.ID.ID() }

// MaxUpload is how large a file may be, in bytes.
const MaxUpload = 25 << 20

// Upload is a file as it comes in. Content is read once, to its end or until there is more than MaxUpload of it.
type Upload struct {
	Filename string
	Content  io.Reader
}

// UploadMediaInput is a new file.
type UploadMediaInput struct {
	File Upload
	Alt  string
}

// UpdateMediaInput is what is to be changed of what is said of a file; nil leaves a value as it is.
type UpdateMediaInput struct {
	Alt      *string
	Filename *string
}

// MediaOrderField names what the list of files can be ordered by.
type MediaOrderField string

// The orders of files.
const (
	MediaOrderCreatedAt MediaOrderField = "CREATED_AT"
	MediaOrderFilename  MediaOrderField = "FILENAME"
	MediaOrderSize      MediaOrderField = "SIZE"
)

// MediaOrder is the order of the list of files.
type MediaOrder struct {
	Field     MediaOrderField
	Direction OrderDirection
}

// MediaQuery asks for a part of the list of files.
type MediaQuery struct {
	// Words narrows the list to those of whom each of the words begins a word of the filename or the alt text.
	Words  []string
	Order  MediaOrder
	Window logic.Window
}

// MediaFile is an open file, as it is served.
type MediaFile struct {
	Content   io.ReadSeekCloser
	Filename  string // what people call it, with an extension by MimeType
	MimeType  string
	Size      int64
	Inline    bool // whether a browser may show it: what is not among the listed types is for saving alone
	CreatedAt logic.Moment
}

// CheckUpload returns nil for those who may upload files, who have POSTS_WRITE: FORBIDDEN, or UNAUTHENTICATED where signing in through
// the client that asks would help.
func (s *Service) CheckUpload(ctx context.Context) error {
	return writePosts.Check(logic.ViewerFrom(ctx), s.clock())
}

// UploadMedia keeps a file and, where it is an image, copies of it at smaller widths. All that cameras write into an image is taken
// away, and it stands upright. It is for those who may CheckUpload. REQUIRED, TOO_LONG, INVALID (fields file, alt); where it fails,
// nothing of it is left.
func (s *Service) UploadMedia(ctx context.Context, in UploadMediaInput) (Media, error) {
	return Media{}, logic.ErrInternal
}

// UpdateMedia changes what is said of a file, and returns it as it then is. It is for those with POSTS_WRITE who uploaded it or may read
// the drafts of others: FORBIDDEN, UNAUTHENTICATED. NOT_FOUND (field id); REQUIRED, TOO_LONG, INVALID (fields alt, filename).
func (s *Service) UpdateMedia(ctx context.Context, id logic.MediaID, in UpdateMediaInput) (Media, error) {
	return Media{}, logic.ErrInternal
}

// DeleteMedia takes a file away for good. It is for those who may UpdateMedia it. NOT_FOUND (field id); IN_USE (field id) while posts or
// people have it, with those of the posts that the viewer may read.
func (s *Service) DeleteMedia(ctx context.Context, id logic.MediaID) (usedBy []Post, err error) {
	return nil, logic.ErrInternal
}

// MediaQuery checks what is asked of the list of files. A nil order is the default: newest first. INVALID, TOO_LONG (fields first,
// after, query).
func (s *Service) MediaQuery(query *string, order *MediaOrder, page logic.PageArgs) (MediaQuery, error) {
	return MediaQuery{}, logic.ErrInternal
}

// Media returns a part of the list of files. It is for those with POSTS_WRITE: FORBIDDEN, UNAUTHENTICATED.
func (s *Service) Media(ctx context.Context, query MediaQuery) (logic.Page[Media], error) {
	return logic.Page[Media]{}, logic.ErrInternal
}

// HaveMedia tells whether any file stands in window of the list that query asks for.
func (s *Service) HaveMedia(ctx context.Context, query MediaQuery, window logic.Window) (bool, error) {
	return false, logic.ErrInternal
}

// CountMedia returns how many files match query, whatever its window.
func (s *Service) CountMedia(ctx context.Context, query MediaQuery) (int64, error) {
	return 0, logic.ErrInternal
}

// MediaByID returns the files with the given keys: those of things that the viewer was given.
func (s *Service) MediaByID(ctx context.Context, ids []logic.MediaID) (map[logic.MediaID]Media, error) {
	return nil, logic.ErrInternal
}

// KnownMediaByID returns those of the files with the given keys that the viewer may know of: writers of all, others of what public posts
// use and of the pictures of their authors.
func (s *Service) KnownMediaByID(ctx context.Context, ids []logic.MediaID) (map[logic.MediaID]Media, error) {
	return nil, logic.ErrInternal
}

// OpenMedia opens the file, or the copy of an image, that is kept under name, or returns NOT_FOUND. Names can't be guessed, so whoever
// has one gets the file. The caller closes it.
func (s *Service) OpenMedia(ctx context.Context, name string) (MediaFile, error) {
	return MediaFile{}, logic.NotFound("file")
}
