package transfer

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"headwater/logic/content"
)

// maxGhostFile is how large an export of Ghost may be, in bytes: it is read as a whole.
const maxGhostFile = 512 << 20

// loose is a text of JSON, or a number or truth value that stands in its place in some versions; empty for null.
type loose string

// UnmarshalJSON reads the value; of what is no single one nothing is kept.
func (l *loose) UnmarshalJSON(data []byte) error {
	*l = ""
	switch data[0] {
	case '"':
		return json.Unmarshal(data, (*string)(l))
	case 'n', '[', '{':
		return nil
	}
	*l = loose(data)
	return nil
}

func (l loose) yes() bool { return l == "1" || l == "true" }

// ghostFile is an export: of one database, within a list of one or not.
type ghostFile struct {
	DB []struct {
		Data ghostData `json:"data"`
	} `json:"db"`
	Data ghostData `json:"data"`
}

type ghostData struct {
	Posts        []ghostPost   `json:"posts"`
	PostsMeta    []ghostMeta   `json:"posts_meta"`
	Tags         []ghostTag    `json:"tags"`
	PostsTags    []ghostTagged `json:"posts_tags"`
	Users        []ghostUser   `json:"users"`
	PostsAuthors []ghostAuthor `json:"posts_authors"`
}

type ghostPost struct {
	ID, UUID, Title, Slug, Type, Page, Status, Visibility, Locale, Language loose
	Markdown, Lexical, Mobiledoc, HTML, Image                               loose
	AuthorID                                                                loose `json:"author_id"`
	CustomExcerpt                                                           loose `json:"custom_excerpt"`
	MetaDescription                                                         loose `json:"meta_description"`
	FeatureImage                                                            loose `json:"feature_image"`
	PublishedAt                                                             loose `json:"published_at"`
	CreatedAt                                                               loose `json:"created_at"`
	UpdatedAt                                                               loose `json:"updated_at"`
}

type ghostMeta struct {
	PostID          loose `json:"post_id"`
	MetaDescription loose `json:"meta_description"`
	FeatureImageAlt loose `json:"feature_image_alt"`
}

type ghostTag struct{ ID, Name, Visibility loose }

type ghostTagged struct {
	PostID    loose `json:"post_id"`
	TagID     loose `json:"tag_id"`
	SortOrder loose `json:"sort_order"`
}

type ghostUser struct{ ID, Name, Slug loose }

type ghostAuthor struct {
	PostID    loose `json:"post_id"`
	AuthorID  loose `json:"author_id"`
	SortOrder loose `json:"sort_order"`
}

// ImportGhost gives the posts and pages of an export of Ghost, which is called name and of the given size (0 where it isn't known), to
// posts; see ImportPosts for what is told and returned. What is not for everyone comes as a draft. An ErrNotExport says that the file
// is another one.
func ImportGhost(ctx context.Context, name string, file io.Reader, size int64, posts PostTaker, options BlogOptions, watch Watch) (PostReport, error) {
	run := ghostRun{blogRun: newBlogRun(name, posts, options, Watch{Notice: watch.Notice})}
	if err := run.read(&counting{Reader: file, total: size, watch: watch}); err != nil {
		return run.report, err
	}
	for i := range run.data.Posts {
		run.report.Files++
		if err := run.take(ctx, &run.data.Posts[i]); err != nil {
			return run.report, err
		}
	}
	return run.finish(ctx)
}

type ghostRun struct {
	*blogRun
	data    ghostData
	meta    map[loose]ghostMeta
	tags    map[loose]ghostTag
	users   map[loose]ghostUser
	tagged  map[loose][]ghostTagged
	authors map[loose][]ghostAuthor
}

func (r *ghostRun) read(file io.Reader) error {
	limited := &io.LimitedReader{R: file, N: maxGhostFile + 1}
	text := bufio.NewReader(limited)
	if mark, _ := text.Peek(3); string(mark) == "\ufeff" {
		text.Discard(3)
	}
	decoder := json.NewDecoder(text)
	var export ghostFile
	if err := decoder.Decode(&export); err != nil {
		if limited.N <= 0 {
			return notExport(r.name, "larger than %d MiB", maxGhostFile>>20)
		}
		return r.unreadable(err)
	}
	r.data = export.Data
	if len(export.DB) > 0 {
		r.data = export.DB[0].Data
	}
	if r.data.Posts == nil {
		return notExport(r.name, "it has no posts, as Ghost writes them below db, data")
	}
	r.arrange()
	return nil
}

// unreadable tells a file that can't be read from one that is no JSON.
func (r *ghostRun) unreadable(err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return notExport(r.name, "no JSON at byte %d: %v", syntax.Offset, syntax)
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return notExport(r.name, "%s holds a value of the kind %s where another is expected", cmp.Or(kind.Field, "the file"), kind.Value)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return notExport(r.name, "the JSON ends too early")
	}
	return fmt.Errorf("%s: %w", r.name, err)
}

// arrange brings what belongs to posts under their IDs.
func (r *ghostRun) arrange() {
	r.meta, r.tags, r.users = map[loose]ghostMeta{}, map[loose]ghostTag{}, map[loose]ghostUser{}
	r.tagged, r.authors = map[loose][]ghostTagged{}, map[loose][]ghostAuthor{}
	for _, meta := range r.data.PostsMeta {
		r.meta[meta.PostID] = meta
	}
	for _, tag := range r.data.Tags {
		r.tags[tag.ID] = tag
	}
	for _, user := range r.data.Users {
		r.users[user.ID] = user
	}
	for _, tagged := range r.data.PostsTags {
		r.tagged[tagged.PostID] = append(r.tagged[tagged.PostID], tagged)
	}
	for _, author := range r.data.PostsAuthors {
		r.authors[author.PostID] = append(r.authors[author.PostID], author)
	}
	for _, tagged := range r.tagged {
		slices.SortStableFunc(tagged, func(a, b ghostTagged) int { return cmp.Compare(number(a.SortOrder), number(b.SortOrder)) })
	}
	for _, authors := range r.authors {
		slices.SortStableFunc(authors, func(a, b ghostAuthor) int { return cmp.Compare(number(a.SortOrder), number(b.SortOrder)) })
	}
}

func number(text loose) int {
	n, _ := strconv.Atoi(string(text))
	return n
}

// take gives one post to the taker.
func (r *ghostRun) take(ctx context.Context, p *ghostPost) error {
	e := r.entryAt(string(cmp.Or(p.Slug, p.Title, p.UUID, p.ID)))
	e.Source = "ghost:" + string(cmp.Or(p.UUID, p.ID))
	e.Title, e.Slug = string(p.Title), cleanSlug(string(p.Slug))
	e.Language = e.languageOf(string(cmp.Or(p.Locale, p.Language)))
	if p.Type == "page" || p.Page.yes() {
		e.Kind = content.PostKindPage
	}
	if excerpt := cmp.Or(p.CustomExcerpt, p.MetaDescription, r.meta[p.ID].MetaDescription); excerpt != "" {
		e.Summary = new(string(excerpt))
	}
	if err := r.date(e, p); err != nil {
		return r.leaveOut(e.place, err)
	}
	r.label(e, p)
	text := ghostText{notice: e.notice}
	written, err := text.markdown(p)
	if err != nil {
		return r.leaveOut(e.place, err)
	}
	e.Markdown = r.placed(e, written)
	if image := cmp.Or(p.FeatureImage, p.Image); image != "" {
		e.notice(reasonCover, r.placed(nil, string(image)))
	}
	return r.offer(ctx, e)
}

// date puts status and dates into an entry.
func (r *ghostRun) date(e *entry, p *ghostPost) error {
	published, ok := r.moment(string(p.PublishedAt), nil)
	if !ok {
		published, ok = r.moment(string(cmp.Or(p.UpdatedAt, p.CreatedAt)), nil)
	}
	if !ok {
		return &leftOut{reason: reasonNoDate}
	}
	e.PublishedAt = published
	if updated, ok := r.moment(string(p.UpdatedAt), nil); ok && updated > published {
		e.UpdatedAt = &updated
	}
	switch {
	case p.Status != "published" && p.Status != "scheduled" && p.Status != "sent":
		e.Draft = true
	case p.Status == "sent":
		e.Draft = true
		e.notice(reasonPrivate, "sent by mail alone")
	case p.Visibility != "" && p.Visibility != "public":
		e.Draft = true
		e.notice(reasonPrivate, "for "+string(p.Visibility))
	}
	return nil
}

// label puts tags and authors into an entry.
func (r *ghostRun) label(e *entry, p *ghostPost) {
	for _, tagged := range r.tagged[p.ID] {
		tag := r.tags[tagged.TagID]
		if tag.Visibility == "internal" || strings.HasPrefix(string(tag.Name), "#") {
			e.notice(reasonInternal, string(tag.Name))
		} else if tag.Name != "" {
			e.Tags = append(e.Tags, string(tag.Name))
		}
	}
	for _, author := range r.authors[p.ID] {
		e.Authors = append(e.Authors, r.author(author.AuthorID)...)
	}
	if len(e.Authors) == 0 {
		e.Authors = r.author(p.AuthorID)
	}
}

// author returns what a person is called; nobody where the export does not say.
func (r *ghostRun) author(id loose) []string {
	if name := cmp.Or(r.users[id].Name, r.users[id].Slug); name != "" {
		return []string{string(name)}
	}
	return nil
}

// ghostAddress stands in an export for the address of its site.
const ghostAddress = "__GHOST_URL__"

// placed puts the address of the old site where the export leaves it open, and tells of files that stand there.
func (r *ghostRun) placed(e *entry, text string) string {
	if files := strings.Count(text, ghostAddress+"/content/"); e != nil && files > 0 {
		e.notice(reasonOldFiles, fmt.Sprintf("%d addresses of them", files))
	}
	return strings.ReplaceAll(text, ghostAddress, strings.TrimSuffix(r.options.URL, "/"))
}
