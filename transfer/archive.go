package transfer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/logic/metric"
)

// ArchiveHouse is where an archive comes from or goes to. To be read, it must stand over one snapshot; to be written, over an empty
// database.
type ArchiveHouse struct {
	Content *content.Service
	Account *account.Service
	Metric  *metric.Service
}

// archiveFormat is the number of the format that is written, and the only one that is read.
const archiveFormat = 1

// The files of an archive beside those of single posts, of their revisions, of media and of tables of metrics.
const (
	manifestFile = "manifest.json"
	siteFile     = "site.json"
	usersFile    = "users.ndjson"
	tagsFile     = "tags.ndjson"
	mediaFile    = "media.ndjson"
	importsFile  = "imports.ndjson"

	mediaImportsFile = "media-imports.ndjson"

	postFolder     = "posts/"
	revisionFolder = "revisions/"
	mediaFolder    = "media/"
	metricFolder   = "metrics/"
)

// manifest says what an archive is made of, and how each file is known to be whole.
type manifest struct {
	Format int             `json:"format"`
	Counts map[string]int  `json:"counts"`
	Files  []manifestEntry `json:"files"`
}

type manifestEntry struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// metricFile returns the file of a table.
func metricFile(table metric.Table) string { return metricFolder + string(table) + ".ndjson" }

// stamp is a moment as an archive writes it: RFC 3339 with milliseconds, in UTC.
type stamp logic.Moment

const stampLayout = "2006-01-02T15:04:05.000Z"

// MarshalJSON writes the moment.
func (s stamp) MarshalJSON() ([]byte, error) {
	return json.Marshal(logic.Moment(s).Time().Format(stampLayout))
}

// UnmarshalJSON reads the moment.
func (s *stamp) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	t, err := time.Parse(stampLayout, text)
	if err != nil {
		return fmt.Errorf("%q is no moment, as 2026-01-31T12:00:00.000Z", text)
	}
	*s = stamp(logic.MomentOf(t))
	return nil
}

// stampOf and momentOf turn what may be missing into each other.
func stampOf(m *logic.Moment) *stamp  { return (*stamp)(m) }
func momentOf(s *stamp) *logic.Moment { return (*logic.Moment)(s) }

// siteRecord is the site in an archive.
type siteRecord struct {
	Title          string `json:"title"`
	Description    string `json:"description"`
	URL            string `json:"url"`
	PostURL        string `json:"postUrl"`
	Language       string `json:"language"`
	TimeZone       string `json:"timeZone"`
	ShowsViews     bool   `json:"showsViews"`
	ContentVersion int64  `json:"contentVersion"`
	ChangedAt      stamp  `json:"changedAt"`
}

func (r siteRecord) site() content.ArchivedSite {
	return content.ArchivedSite{
		Site: content.Site{
			Title: r.Title, Description: r.Description, URL: r.URL, PostURL: r.PostURL, Language: r.Language, TimeZone: r.TimeZone, ShowsViews: r.ShowsViews,
		},
		ContentVersion: r.ContentVersion, ChangedAt: logic.Moment(r.ChangedAt),
	}
}

func siteRecordOf(s content.ArchivedSite) siteRecord {
	return siteRecord{s.Title, s.Description, s.URL, s.PostURL, s.Language, s.TimeZone, s.ShowsViews, s.ContentVersion, stamp(s.ChangedAt)}
}

// userRecord is a person in an archive.
type userRecord struct {
	ID            logic.UserID   `json:"id,string"`
	Username      string         `json:"username"`
	Name          string         `json:"name"`
	Bio           string         `json:"bio"`
	Website       *string        `json:"website"`
	Email         *string        `json:"email"`
	Role          logic.Role     `json:"role"`
	AvatarID      *logic.MediaID `json:"avatarId,string"`
	CreatedAt     stamp          `json:"createdAt"`
	DeactivatedAt *stamp         `json:"deactivatedAt"`
	ErasedAt      *stamp         `json:"erasedAt"`
}

func (r userRecord) user() account.ArchivedUser {
	return account.ArchivedUser{
		ID: r.ID, Username: r.Username, Name: r.Name, Bio: r.Bio, Website: r.Website, Email: r.Email, Role: r.Role, AvatarID: r.AvatarID,
		CreatedAt: logic.Moment(r.CreatedAt), DeactivatedAt: momentOf(r.DeactivatedAt), ErasedAt: momentOf(r.ErasedAt),
	}
}

func userRecordOf(u account.ArchivedUser) userRecord {
	return userRecord{
		ID: u.ID, Username: u.Username, Name: u.Name, Bio: u.Bio, Website: u.Website, Email: u.Email, Role: u.Role, AvatarID: u.AvatarID,
		CreatedAt: stamp(u.CreatedAt), DeactivatedAt: stampOf(u.DeactivatedAt), ErasedAt: stampOf(u.ErasedAt),
	}
}

// tagRecord is a tag in an archive. Slugs are all that lead to it, each with the name that it was made of, and whether readers saw the tag
// under it.
type tagRecord struct {
	ID    logic.TagID     `json:"id,string"`
	Slug  string          `json:"slug"`
	Name  string          `json:"name"`
	Slugs []tagSlugRecord `json:"slugs"`
}

type tagSlugRecord struct {
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Public bool   `json:"public"`
}

func (r tagRecord) tag() content.ArchivedTag {
	tag := content.ArchivedTag{Tag: content.Tag{ID: r.ID, Slug: r.Slug, Name: r.Name}}
	for _, slug := range r.Slugs {
		tag.Slugs = append(tag.Slugs, content.TagSlug{TagID: r.ID, Slug: slug.Slug, Name: slug.Name, Public: slug.Public})
	}
	return tag
}

func tagRecordOf(t content.ArchivedTag) tagRecord {
	record := tagRecord{ID: t.ID, Slug: t.Slug, Name: t.Name, Slugs: []tagSlugRecord{}}
	for _, slug := range t.Slugs {
		record.Slugs = append(record.Slugs, tagSlugRecord{slug.Slug, slug.Name, slug.Public})
	}
	return record
}

// mediaRecord is a file in an archive; its contents and those of its copies stand beside, under their names.
type mediaRecord struct {
	ID         logic.MediaID   `json:"id,string"`
	Name       string          `json:"name"`
	Filename   string          `json:"filename"`
	MimeType   string          `json:"mimeType"`
	Size       int64           `json:"size"`
	Width      *int            `json:"width"`
	Height     *int            `json:"height"`
	Alt        string          `json:"alt"`
	UploadedBy *logic.UserID   `json:"uploadedBy,string"`
	CreatedAt  stamp           `json:"createdAt"`
	Variants   []variantRecord `json:"variants"`
}

type variantRecord struct {
	Name     string `json:"name"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	MimeType string `json:"mimeType"`
	Size     int64  `json:"size"`
}

func (r mediaRecord) media() content.Media {
	media := content.Media{
		ID: r.ID, Name: r.Name, Filename: r.Filename, MimeType: r.MimeType, Size: r.Size, Width: r.Width, Height: r.Height, Alt: r.Alt,
		UploadedBy: r.UploadedBy, CreatedAt: logic.Moment(r.CreatedAt),
	}
	for _, v := range r.Variants {
		media.Variants = append(media.Variants, content.MediaVariant(v))
	}
	return media
}

func mediaRecordOf(m content.Media) mediaRecord {
	record := mediaRecord{
		ID: m.ID, Name: m.Name, Filename: m.Filename, MimeType: m.MimeType, Size: m.Size, Width: m.Width, Height: m.Height, Alt: m.Alt,
		UploadedBy: m.UploadedBy, CreatedAt: stamp(m.CreatedAt), Variants: []variantRecord{},
	}
	for _, v := range m.Variants {
		record.Variants = append(record.Variants, variantRecord(v))
	}
	return record
}

// importRecord says in an archive where a post came from.
type importRecord struct {
	Source string       `json:"source"`
	Digest string       `json:"digest"`
	PostID logic.PostID `json:"postId,string"`
}

// mediaImportRecord says in an archive of what a file was made.
type mediaImportRecord struct {
	Digest  string        `json:"digest"`
	MediaID logic.MediaID `json:"mediaId,string"`
}

// encode returns a record as one line of JSON, its texts as they are.
func encode(record any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(record)
	return out.Bytes(), err
}

// decode reads a record, in which nothing stands that is not known.
func decode(data []byte, record any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(record); err != nil {
		return err
	}
	if rest, _ := decoder.Token(); rest != nil {
		return errors.New("something stands behind it")
	}
	return nil
}

// damaged is what is wrong with an archive.
func damaged(path, format string, args ...any) error {
	return fmt.Errorf("%w: %s: %s", ErrDamaged, path, strings.TrimSpace(fmt.Sprintf(format, args...)))
}

// ErrDamaged says that an archive can't be taken as it is.
var ErrDamaged = errors.New("the archive is damaged")
