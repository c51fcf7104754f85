package transfer

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"headwater/logic"
	"headwater/logic/content"
)

// postRecord is the front matter of a post in an archive. Each field is a line of YAML whose value is JSON.
type postRecord struct {
	ID                logic.PostID       `json:"id,string"`
	Kind              content.PostKind   `json:"kind"`
	Status            content.PostStatus `json:"status"`
	Title             string             `json:"title"`
	Slug              string             `json:"slug"`
	PublicSlugs       []string           `json:"publicSlugs"` // under which readers see or saw it
	HeldSlugs         []string           `json:"heldSlugs"`   // others that are its own
	Summary           *string            `json:"summary"`
	Authors           []string           `json:"authors"` // usernames
	Tags              []string           `json:"tags"`    // slugs
	Language          string             `json:"language"`
	CoverID           *logic.MediaID     `json:"coverId,string"`
	PublishedAt       *stamp             `json:"publishedAt"`
	CreatedAt         stamp              `json:"createdAt"`
	UpdatedAt         stamp              `json:"updatedAt"`
	ScheduledFor      *stamp             `json:"scheduledFor"`
	ScheduledRevision *int               `json:"scheduledRevision"`
	DeletedAt         *stamp             `json:"deletedAt"`
	Revision          int                `json:"revision"`
	ShownRevision     int                `json:"shownRevision"`
}

// revisionRecord is a revision in an archive.
type revisionRecord struct {
	ID             logic.RevisionID `json:"id,string"`
	Number         int              `json:"number"`
	Slug           string           `json:"slug"`
	Title          string           `json:"title"`
	Summary        *string          `json:"summary"`
	Tags           []string         `json:"tags"`
	AuthorIDs      []string         `json:"authorIds"`
	CoverID        *logic.MediaID   `json:"coverId,string"`
	Language       string           `json:"language"`
	PublishedAt    *stamp           `json:"publishedAt"`
	AutosavedSince *stamp           `json:"autosavedSince"`
	EditorID       *logic.UserID    `json:"editorId,string"`
	ClientID       *logic.ClientID  `json:"clientId,string"`
	KeyID          *logic.APIKeyID  `json:"keyId,string"`
	CreatedAt      stamp            `json:"createdAt"`
	Markdown       string           `json:"markdown"`
}

func (r revisionRecord) revision(of logic.PostID) (content.Revision, error) {
	revision := content.Revision{
		ID: r.ID, PostID: of, Number: r.Number, Slug: r.Slug, Title: r.Title, Summary: r.Summary, Tags: r.Tags, CoverID: r.CoverID,
		Language: r.Language, PublishedAt: momentOf(r.PublishedAt), AutosavedSince: momentOf(r.AutosavedSince), EditorID: r.EditorID,
		ClientID: r.ClientID, KeyID: r.KeyID, CreatedAt: logic.Moment(r.CreatedAt), Markdown: r.Markdown,
	}
	for _, text := range r.AuthorIDs {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return content.Revision{}, fmt.Errorf("%q is no ID", text)
		}
		revision.AuthorIDs = append(revision.AuthorIDs, logic.UserID(id))
	}
	return revision, nil
}

func revisionRecordOf(r content.Revision) revisionRecord {
	record := revisionRecord{
		ID: r.ID, Number: r.Number, Slug: r.Slug, Title: r.Title, Summary: r.Summary, Tags: orNone(r.Tags), AuthorIDs: []string{}, CoverID: r.CoverID,
		Language: r.Language, PublishedAt: stampOf(r.PublishedAt), AutosavedSince: stampOf(r.AutosavedSince), EditorID: r.EditorID,
		ClientID: r.ClientID, KeyID: r.KeyID, CreatedAt: stamp(r.CreatedAt), Markdown: r.Markdown,
	}
	for _, id := range r.AuthorIDs {
		record.AuthorIDs = append(record.AuthorIDs, strconv.FormatInt(int64(id), 10))
	}
	return record
}

// orNone returns a list, never nil.
func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// names are what posts in an archive name people and tags by.
type archiveNames struct {
	users   map[logic.UserID]string
	tags    map[logic.TagID]string
	userIDs map[string]logic.UserID
	tagIDs  map[string]logic.TagID
}

func newArchiveNames() *archiveNames {
	return &archiveNames{map[logic.UserID]string{}, map[logic.TagID]string{}, map[string]logic.UserID{}, map[string]logic.TagID{}}
}

func (n *archiveNames) addUser(id logic.UserID, username string) {
	n.users[id], n.userIDs[username] = username, id
}

func (n *archiveNames) addTag(id logic.TagID, slug string) { n.tags[id], n.tagIDs[slug] = slug, id }

func (n *archiveNames) record(p content.ArchivedPost) (postRecord, error) {
	record := postRecord{
		ID: p.ID, Kind: p.Kind, Status: p.Status, Title: p.Title, Slug: p.Slug, PublicSlugs: []string{}, HeldSlugs: []string{}, Summary: p.Summary,
		Authors: []string{}, Tags: []string{}, Language: p.Language, CoverID: p.CoverID, PublishedAt: stampOf(p.PublishedAt),
		CreatedAt: stamp(p.CreatedAt), UpdatedAt: stamp(p.UpdatedAt), ScheduledFor: stampOf(p.ScheduledFor),
		ScheduledRevision: p.ScheduledRevision, DeletedAt: stampOf(p.DeletedAt), Revision: p.Revision, ShownRevision: p.ShownRevision,
	}
	for _, slug := range p.Slugs {
		if slug.Public {
			record.PublicSlugs = append(record.PublicSlugs, slug.Slug)
		} else {
			record.HeldSlugs = append(record.HeldSlugs, slug.Slug)
		}
	}
	for _, id := range p.AuthorIDs {
		name, ok := n.users[id]
		if !ok {
			return record, fmt.Errorf("the post %s has an author who is not there", p.Slug)
		}
		record.Authors = append(record.Authors, name)
	}
	for _, id := range p.TagIDs {
		slug, ok := n.tags[id]
		if !ok {
			return record, fmt.Errorf("the post %s has a tag that is not there", p.Slug)
		}
		record.Tags = append(record.Tags, slug)
	}
	return record, nil
}

func (n *archiveNames) post(r postRecord, markdown string) (content.ArchivedPost, error) {
	post := content.ArchivedPost{
		Post: content.Post{
			ID: r.ID, Kind: r.Kind, Status: r.Status, Title: r.Title, Slug: r.Slug, Summary: r.Summary, Language: r.Language, CoverID: r.CoverID,
			PublishedAt: momentOf(r.PublishedAt), CreatedAt: logic.Moment(r.CreatedAt), UpdatedAt: logic.Moment(r.UpdatedAt),
			ScheduledFor: momentOf(r.ScheduledFor), ScheduledRevision: r.ScheduledRevision, DeletedAt: momentOf(r.DeletedAt),
			Revision: r.Revision, ShownRevision: r.ShownRevision,
		},
		Markdown: markdown,
	}
	for _, slug := range r.PublicSlugs {
		post.Slugs = append(post.Slugs, content.PostSlug{PostID: r.ID, Slug: slug, Public: true})
	}
	for _, slug := range r.HeldSlugs {
		post.Slugs = append(post.Slugs, content.PostSlug{PostID: r.ID, Slug: slug})
	}
	for _, name := range r.Authors {
		id, ok := n.userIDs[name]
		if !ok {
			return post, fmt.Errorf("there is no user %q", name)
		}
		post.AuthorIDs = append(post.AuthorIDs, id)
	}
	for _, slug := range r.Tags {
		id, ok := n.tagIDs[slug]
		if !ok {
			return post, fmt.Errorf("there is no tag %q", slug)
		}
		post.TagIDs = append(post.TagIDs, id)
	}
	return post, nil
}

// longestName is how long a slug may be that a file is called by, in bytes: file systems take 255.
const longestName = 200

// postPath returns the file of a post.
func postPath(p content.ArchivedPost) string {
	name := p.Slug
	if len(name) > longestName {
		name = strconv.FormatInt(int64(p.ID), 10)
	}
	return postFolder + name + ".md"
}

var matterEdge = []byte("---\n")

// encodePost returns a file of Markdown with front matter. The text stands in it as it is, to the last byte.
func encodePost(record postRecord, markdown string) ([]byte, error) {
	line, err := encode(record)
	if err != nil {
		return nil, err
	}
	fields, err := topFields(line)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Write(matterEdge)
	for _, field := range fields {
		fmt.Fprintf(&out, "%s: %s\n", field.name, field.value)
	}
	out.Write(matterEdge)
	out.WriteString(markdown)
	return out.Bytes(), nil
}

// decodePost reads what encodePost wrote.
func decodePost(data []byte) (record postRecord, markdown string, err error) {
	rest, ok := bytes.CutPrefix(data, matterEdge)
	if !ok {
		return record, "", errors.New("it has no front matter")
	}
	object := bytes.NewBufferString("{")
	for {
		line, after, ok := bytes.Cut(rest, []byte("\n"))
		if !ok {
			return record, "", errors.New("its front matter has no end")
		}
		rest = after
		if string(line) == "---" {
			break
		}
		name, value, ok := bytes.Cut(line, []byte(": "))
		if !ok {
			return record, "", fmt.Errorf("%q is no line of front matter", line)
		}
		if object.Len() > 1 {
			object.WriteByte(',')
		}
		fmt.Fprintf(object, "%q:%s", name, value)
	}
	object.WriteByte('}')
	return record, string(rest), decode(object.Bytes(), &record)
}
