package transfer

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"

	"headwater/logic/content"
)

// maxWordPressItem bounds what stands for one post in an export of WordPress, in bytes, its comments with it.
const maxWordPressItem = 64 << 20

// wordPressAuthor is a person of an export.
type wordPressAuthor struct {
	Login string `xml:"author_login"`
	Name  string `xml:"author_display_name"`
	First string `xml:"author_first_name"`
	Last  string `xml:"author_last_name"`
}

// wordPressItem is a post, a page, a file or anything else that WordPress keeps as a post. Elements are known by their names alone:
// their namespace changes with the version.
type wordPressItem struct {
	Title    string    `xml:"title"`
	Creator  string    `xml:"creator"`
	Encoded  []encoded `xml:"encoded"`
	ID       string    `xml:"post_id"`
	Name     string    `xml:"post_name"`
	Type     string    `xml:"post_type"`
	Status   string    `xml:"status"`
	Password string    `xml:"post_password"`

	Date        string `xml:"post_date"`
	DateGMT     string `xml:"post_date_gmt"`
	Modified    string `xml:"post_modified"`
	ModifiedGMT string `xml:"post_modified_gmt"`

	Address    string `xml:"attachment_url"`
	Categories []struct {
		Domain string `xml:"domain,attr"`
		Name   string `xml:",chardata"`
	} `xml:"category"`
	Meta []struct {
		Key   string `xml:"meta_key"`
		Value string `xml:"meta_value"`
	} `xml:"postmeta"`
	Comments []struct{} `xml:"comment"`
}

// encoded is the text of a post, or its excerpt, told apart by the namespace.
type encoded struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
}

func (i *wordPressItem) encoded(namespace string) string {
	for _, text := range i.Encoded {
		if strings.Contains(text.XMLName.Space, namespace) {
			return text.Text
		}
	}
	return ""
}

// meta returns a value that plugins and themes keep with a post.
func (i *wordPressItem) meta(key string) string {
	for _, meta := range i.Meta {
		if meta.Key == key {
			return meta.Value
		}
	}
	return ""
}

// ImportWordPress gives the posts and pages of an export of WordPress (WXR), which is called name and of the given size (0 where it isn't
// known), to posts, one after another as they are read; see ImportPosts for what is told and returned. What is not for everyone comes as
// a draft. An ErrNotExport says that the file is another one, or broken: what came before the place is taken by then.
func ImportWordPress(ctx context.Context, name string, file io.Reader, size int64, posts PostTaker, options BlogOptions, watch Watch) (PostReport, error) {
	run := wordPressRun{
		blogRun: newBlogRun(name, posts, options, Watch{Notice: watch.Notice}), authors: map[string]string{}, site: "wordpress",
	}
	if err := run.read(ctx, &counting{Reader: file, total: size, watch: watch}); err != nil {
		return run.report, err
	}
	return run.finish(ctx)
}

type wordPressRun struct {
	*blogRun
	authors map[string]string // what people are called, by the names they sign in with
	site    string            // what the sources of posts begin with
	isWXR   bool
}

func (r *wordPressRun) read(ctx context.Context, file io.Reader) error {
	bounded := &boundedReader{Reader: withoutControls{file}, left: maxWordPressItem}
	decoder := xml.NewDecoder(bounded)
	decoder.CharsetReader = func(label string, input io.Reader) (io.Reader, error) {
		return charset.NewReaderLabel(label, input)
	}
	decoder.Entity = xml.HTMLEntity
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			bounded.left = maxWordPressItem
			if start, ok := token.(xml.StartElement); ok {
				err = r.element(ctx, decoder, start)
			}
		}
		if err != nil {
			return r.unreadable(decoder, err)
		}
	}
	if !r.isWXR {
		return notExport(r.name, "it is no WXR, as WordPress writes it under Tools, Export")
	}
	return nil
}

func (r *wordPressRun) unreadable(decoder *xml.Decoder, err error) error {
	line, _ := decoder.InputPos()
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return notExport(r.name, "no XML at line %d: %s", line, syntax.Msg)
	}
	if errors.Is(err, errItemTooLarge) {
		return notExport(r.name, "one post takes more than %d MiB at line %d", maxWordPressItem>>20, line)
	}
	return err
}

// element reads an element of the channel that says something; others are gone into.
func (r *wordPressRun) element(ctx context.Context, decoder *xml.Decoder, start xml.StartElement) error {
	switch start.Name.Local {
	case "wxr_version":
		r.isWXR = true
	case "base_site_url", "base_blog_url":
		var address string
		if err := decoder.DecodeElement(&address, &start); err != nil {
			return err
		}
		r.site = "wordpress:" + strings.TrimSuffix(strings.TrimSpace(address), "/")
	case "author":
		var author wordPressAuthor
		if err := decoder.DecodeElement(&author, &start); err != nil {
			return err
		}
		r.authors[author.Login] = cmp.Or(plainOf(author.Name), strings.TrimSpace(author.First+" "+author.Last), author.Login)
	case "item":
		if !r.isWXR {
			return notExport(r.name, "it is a feed, and no WXR")
		}
		var item wordPressItem
		if err := decoder.DecodeElement(&item, &start); err != nil {
			return err
		}
		return r.take(ctx, &item)
	}
	return nil
}

// take gives one item to the taker, where it is a post or a page.
func (r *wordPressRun) take(ctx context.Context, i *wordPressItem) error {
	e := r.entryAt(cmp.Or(i.Name, plainOf(i.Title), "post "+i.ID))
	switch i.Type {
	case "post":
	case "page":
		e.Kind = content.PostKindPage
	case "attachment":
		return r.leaveOut(e.place, &leftOut{reason: reasonAttached, detail: i.Address})
	case "revision", "nav_menu_item", "custom_css", "customize_changeset", "oembed_cache", "user_request", "wp_block", "wp_template",
		"wp_template_part", "wp_global_styles", "wp_navigation":
		return nil // of the program alone
	default:
		return r.leaveOut(e.place, &leftOut{reason: reasonOtherKind, detail: i.Type})
	}
	r.report.Files++
	switch i.Status {
	case "trash":
		return r.leaveOut(e.place, &leftOut{reason: reasonTrashed})
	case "auto-draft", "inherit":
		r.report.Files--
		return nil
	}
	if err := r.fill(e, i); err != nil {
		return r.leaveOut(e.place, err)
	}
	return r.offer(ctx, e)
}

// fill puts all that an item says into an entry.
func (r *wordPressRun) fill(e *entry, i *wordPressItem) error {
	e.Source = r.site + "#" + i.ID
	e.Title = plainOf(i.Title)
	if slug, err := url.PathUnescape(i.Name); err == nil {
		e.Slug = cleanSlug(slug)
	}
	if name := cmp.Or(r.authors[i.Creator], i.Creator); name != "" {
		e.Authors = []string{name}
	}
	if excerpt := plainOf(i.encoded("excerpt")); excerpt != "" {
		e.Summary = &excerpt
	}
	for _, category := range i.Categories {
		name := plainOf(category.Name)
		if (category.Domain == "category" || category.Domain == "post_tag") && name != "Uncategorized" && name != "" {
			e.Tags = append(e.Tags, name)
		}
	}
	if err := r.date(e, i); err != nil {
		return err
	}
	if len(i.Comments) > 0 {
		e.notice(reasonComments, fmt.Sprint(len(i.Comments)))
	}
	if i.meta("_thumbnail_id") != "" {
		e.notice(reasonCover, "the file with the number "+i.meta("_thumbnail_id"))
	}
	e.Markdown = r.markdown(e, i.encoded("content"))
	return nil
}

// date puts status and dates into an entry.
func (r *wordPressRun) date(e *entry, i *wordPressItem) error {
	published, ok := r.moment(i.DateGMT, nil)
	for _, local := range []string{i.Date, i.Modified} {
		if !ok {
			published, ok = r.moment(local, r.options.Zone)
		}
	}
	if !ok {
		return &leftOut{reason: reasonNoDate}
	}
	e.PublishedAt = published
	if updated, ok := r.moment(i.ModifiedGMT, nil); ok && updated > published {
		e.UpdatedAt = &updated
	}
	switch {
	case i.Status != "publish" && i.Status != "future" && i.Status != "private":
		e.Draft = true
	case i.Password != "":
		e.Draft = true
		e.notice(reasonPrivate, "with a password")
	case i.Status == "private":
		e.Draft = true
		e.notice(reasonPrivate, "private")
	}
	return nil
}

var shortcodes = regexp.MustCompile(`\[(/?)([A-Za-z][\w-]*)((?:\s[^\[\]\n]*)?)\]`)

// builtIn are the shortcodes that WordPress itself has.
var builtIn = []string{"gallery", "audio", "video", "playlist", "caption", "wp_caption", "embed"}

// markdown writes the text of an item, and tells of the shortcodes in it. Text that the editor of blocks wrote has its paragraphs as
// elements; in all other text line feeds count.
func (r *wordPressRun) markdown(e *entry, markup string) string {
	markup = strings.ReplaceAll(markup, "\r\n", "\n")
	text := markdownOf(markup, !strings.Contains(markup, "<!-- wp:"), func(what string) { e.notice(reasonLost, what) })
	var told []string
	for _, match := range shortcodes.FindAllStringSubmatch(text, -1) {
		name := match[2]
		if match[1] == "/" || strings.Contains(match[3], "=") || slices.Contains(builtIn, name) {
			if !slices.Contains(told, name) {
				told = append(told, name)
				e.notice(reasonShown, "["+name+"]")
			}
		}
	}
	return text
}

var errItemTooLarge = errors.New("too large")

// boundedReader ends with errItemTooLarge once more was read than is left.
type boundedReader struct {
	io.Reader
	left int64
}

func (b *boundedReader) Read(into []byte) (int, error) {
	if b.left <= 0 {
		return 0, errItemTooLarge
	}
	n, err := b.Reader.Read(into)
	b.left -= int64(n)
	return n, err
}

// withoutControls puts blanks in the place of the control characters that WordPress lets through and XML has no place for.
type withoutControls struct{ io.Reader }

func (w withoutControls) Read(into []byte) (int, error) {
	n, err := w.Reader.Read(into)
	for i, b := range into[:n] {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' {
			into[i] = ' '
		}
	}
	return n, err
}
