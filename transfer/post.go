package transfer

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"headwater/logic"
	"headwater/logic/content"
)

// Reasons for which a file of Markdown is left out.
const (
	reasonUnreadable = "can't be read"
	reasonTooLarge   = "larger than 1 MiB"
	reasonNotText    = "not UTF-8 text"
	reasonNoMatter   = "no front matter"
	reasonBadMatter  = "front matter that can't be read"
	reasonRedirect   = "a redirect"
	reasonSection    = "the page of a folder"
	reasonUnlisted   = "no address"
	reasonNoTitle    = "no title"
	reasonNoDate     = "no date"
	reasonBadDate    = "a date that can't be read"
	reasonTemplate   = "a template that can't be read"
	reasonSameSlug   = "the slug of another file"
)

// Reasons for which a part of a post is left out, or changed.
const (
	reasonTemplatePart = "template code was taken out"
	reasonShortcode    = "code of its generator stays as text"
	reasonLongSummary  = "the summary was cut"
	reasonBadLanguage  = "the language is not known, the site's is taken"
	reasonBadUpdate    = "the date of the last change can't be read"
	reasonNoName       = "a name without letters and digits was left out"
	reasonSanitised    = "sanitising took something out"
	reasonNoImage      = "an image is missing"
	reasonBadImage     = "an image can't be taken"
	reasonCoverAway    = "its cover is elsewhere, and is not taken"
)

// maxPostFile bounds a file of Markdown, in bytes.
const maxPostFile = 1 << 20

// maxSummary is the longest summary of a post, in characters.
const maxSummary = 1000

// PostOptions says what the files of a folder leave open.
type PostOptions struct {
	Zone          *time.Location // of dates that name none; UTC when nil
	Language      string         // of the site: a file in it needs no language in its slug
	DefaultAuthor string         // of posts that name none
	Source        string         // names the folder, where the paths in it are not to be taken for those in others
	Images        fs.FS          // the folder once more, where its links lead nowhere outside of it: images are taken from there; nil for none
	Replace       bool           // whether a file may replace a post with another title and another date
}

// sourceOf returns what a post is known by that comes from the file at path.
func (o PostOptions) sourceOf(path string) string {
	if o.Source == "" {
		return path
	}
	return o.Source + ":" + path
}

// leftOut is a file that is no post, and why.
type leftOut struct {
	line   int64
	reason string
	detail string
}

func (l *leftOut) Error() string { return l.reason }

// postFile is a file on its way to become a post.
type postFile struct {
	path     string
	siblings []string
	options  PostOptions
	notice   func(line int64, reason, detail string)
}

// read makes a post of the file's bytes, and returns the address of its cover beside it, or a *leftOut.
func (f postFile) read(data []byte) (post content.PostImport, cover string, err error) {
	text, err := plainText(data)
	if err != nil {
		return content.PostImport{}, "", err
	}
	fields, body, line, err := splitMatter(text)
	if errors.Is(err, errNoMatter) {
		return content.PostImport{}, "", &leftOut{reason: reasonNoMatter}
	}
	if fault, ok := errors.AsType[*matterError](err); ok {
		return content.PostImport{}, "", &leftOut{fault.line, reasonBadMatter, fault.detail}
	} else if err != nil {
		return content.PostImport{}, "", err
	}
	place := addressOf(f.path, f.siblings)
	if err := checkPost(fields, body, place); err != nil {
		return content.PostImport{}, "", err
	}
	published, err := f.published(fields, place)
	if err != nil {
		return content.PostImport{}, "", err
	}
	post = content.PostImport{
		Source:      f.options.sourceOf(f.path),
		Slug:        f.slug(fields, place),
		Title:       fields.text("title"),
		Summary:     f.summary(fields),
		Authors:     f.named(fields.authors(f.options.DefaultAuthor)),
		Tags:        f.named(fields.tags()),
		Language:    f.language(fields, place),
		Kind:        fields.kind(),
		PublishedAt: published,
		UpdatedAt:   f.updated(fields),
		Draft:       fields.draft() || place.draft,
		Replace:     f.options.Replace,
	}
	post.Markdown, err = f.markdown(fields, body, line)
	return post, fields.cover(), err
}

// plainText returns the file as UTF-8 with LF line ends and no byte order mark.
func plainText(data []byte) ([]byte, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		at := 0
		for at < len(data) && data[at] != 0 {
			r, size := utf8.DecodeRune(data[at:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			at += size
		}
		return nil, &leftOut{line: int64(bytes.Count(data[:at], []byte("\n"))) + 1, reason: reasonNotText}
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(data, []byte("\r"), []byte("\n")), nil
}

// checkPost returns the *leftOut of a file that isn't a post.
func checkPost(fields matter, body string, place address) error {
	if to := fields.text("redirect", "redirectto", "redirecturl"); to != "" {
		return &leftOut{reason: reasonRedirect, detail: "to " + to}
	}
	empty := strings.TrimSpace(body) == ""
	if fields.text("layout") == "redirect" || empty && !fields.get("aliases", "redirectfrom").empty() {
		return &leftOut{reason: reasonRedirect}
	}
	if place.section {
		return &leftOut{reason: reasonSection}
	}
	if fields["permalink"].no() {
		return &leftOut{reason: reasonUnlisted, detail: "permalink: " + fields["permalink"].text}
	}
	if fields.text("title") == "" {
		return &leftOut{reason: reasonNoTitle}
	}
	return nil
}

func (f postFile) published(fields matter, place address) (logic.Moment, error) {
	for _, key := range []string{"date", "publishdate", "pubdate", "pubdatetime", "published", "publishedat", "datepublished", "created"} {
		text := fields.text(key)
		if text == "" || key == "published" && (fields[key].yes() || fields[key].no()) {
			continue
		}
		moment, ok := parseDate(text, f.zone())
		if !ok && place.date != "" {
			break // Eleventy's "Last Modified" and its kind
		}
		if !ok {
			return 0, &leftOut{reason: reasonBadDate, detail: key + ": " + text}
		}
		return moment, nil
	}
	if place.date == "" {
		return 0, &leftOut{reason: reasonNoDate}
	}
	moment, ok := parseDate(place.date, f.zone())
	if !ok {
		return 0, &leftOut{reason: reasonBadDate, detail: place.date}
	}
	return moment, nil
}

func (f postFile) updated(fields matter) *logic.Moment {
	text := fields.text("lastmod", "updated", "updatedat", "modified", "lastmodified", "lastmodifiedat", "datemodified", "updateddate")
	if text == "" {
		return nil
	}
	moment, ok := parseDate(text, f.zone())
	if !ok {
		f.notice(0, reasonBadUpdate, text)
		return nil
	}
	return &moment
}

func (f postFile) zone() *time.Location {
	if f.options.Zone == nil {
		return time.UTC
	}
	return f.options.Zone
}

// slug returns the slug that the file states or that its place gives, or nothing where only the title is left. A
// translation beside the original gets its language behind the slug.
func (f postFile) slug(fields matter, place address) string {
	if slug := cleanSlug(fields.text("slug")); slug != "" {
		return slug
	}
	if slug := slugOfAddress(fields.text("permalink", "url")); slug != "" {
		return slug
	}
	if place.slug == "" || place.language == "" || strings.EqualFold(place.language, f.options.Language) {
		return place.slug
	}
	return place.slug + "-" + strings.ToLower(place.language)
}

func (f postFile) summary(fields matter) *string {
	summary := strings.Join(strings.Fields(fields.text("summary", "description", "excerpt")), " ")
	if summary == "" {
		return nil
	}
	if runes := []rune(summary); len(runes) > maxSummary {
		summary = strings.TrimSpace(string(runes[:maxSummary-1])) + "…"
		f.notice(0, reasonLongSummary, fmt.Sprintf("%d characters, %d are kept", len(runes), maxSummary))
	}
	return &summary
}

func (f postFile) language(fields matter, place address) string {
	tag := fields.text("lang", "language", "locale")
	if tag == "" {
		return place.language
	}
	tag, _, _ = strings.Cut(strings.ReplaceAll(tag, "_", "-"), ".")
	parsed, err := language.Parse(tag)
	if err != nil {
		f.notice(0, reasonBadLanguage, tag)
		return place.language
	}
	return parsed.String()
}

// named leaves out the names of which no slug could be made.
func (f postFile) named(names []string) []string {
	var named []string
	for _, name := range names {
		if cleanSlug(name) == "" {
			f.notice(0, reasonNoName, name)
			continue
		}
		named = append(named, name)
	}
	return named
}

var (
	excerptMark = regexp.MustCompile(`(?m)^[ \t]*<!--\s*(?:more|excerpt)\s*-->[ \t]*$`)
	shortcode   = regexp.MustCompile(`\{\{[<%].*?[>%]\}\}|\{%.*?%\}`)
)

func (f postFile) markdown(fields matter, body string, line int64) (string, error) {
	if fields["template"].yes() {
		flat, err := flattenTemplate(body, line, func(line int64, what string) { f.notice(line, reasonTemplatePart, what) })
		if err != nil {
			return "", &leftOut{reason: reasonTemplate, detail: err.Error()}
		}
		body = flat
	} else if at := shortcode.FindStringIndex(body); at != nil {
		f.notice(line+int64(strings.Count(body[:at[0]], "\n")), reasonShortcode, body[at[0]:at[1]])
	}
	return excerptMark.ReplaceAllString(body, ""), nil
}
