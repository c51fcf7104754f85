package content

import (
	"io"

	"headwater/logic"
	"headwater/logic/content/picture"
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

// Upload is a file as it comes in. Content is read to its end, or until there is more than MaxUpload of it, from its beginning again where
// it is an io.Seeker.
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

// names returns the names of all that is kept of the file.
func (m Media) names() []string {
	names := []string{m.Name}
	for _, variant := range m.Variants {
		names = append(names, variant.Name)
	}
	return names
}

// shownTypes are those of files that browsers may show, and play, by themselves, with the extensions that their filenames may have, the
// usual one first. What browsers would run or follow is not among them.
var shownTypes = map[string][]string{
	picture.GIF: {".gif"}, picture.JPEG: {".jpg", ".jpeg"}, picture.PNG: {".png"}, picture.WebP: {".webp"},
	"audio/flac": {".flac"}, "audio/mpeg": {".mp3"}, "audio/ogg": {".oga", ".ogg", ".opus"}, "audio/wav": {".wav"}, "audio/x-m4a": {".m4a"},
	"video/mp4": {".mp4", ".m4v"}, "video/ogg": {".ogv", ".ogg"}, "video/webm": {".webm"},
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
