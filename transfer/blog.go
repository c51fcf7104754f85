package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"headwater/logic"
	"headwater/logic/content"
)

// Reasons for which something of another program's export is left out, or changed.
const (
	reasonPrivate    = "not for everyone, so it is a draft here"
	reasonTrashed    = "in the trash"
	reasonOtherKind  = "neither a post nor a page"
	reasonAttached   = "a file, which the export does not hold"
	reasonComments   = "comments are not taken"
	reasonCover      = "its image is not taken"
	reasonOldFiles   = "files of the old site are not taken"
	reasonNewTitle   = "without a title, so it has the beginning of its text"
	reasonNewSlug    = "another post of the export has its slug, so it has a number behind it"
	reasonLost       = "what posts can't hold was taken out"
	reasonShown      = "a shortcode stays as text"
	reasonInternal   = "a tag for the program alone"
	reasonUnreadText = "the editor's own format can't be read, and there is no HTML"
	reasonUnknown    = "the editor's own format can't be read, the HTML is taken"
)

// ErrNotExport says that a file is not what it was taken for.
var ErrNotExport = errors.New("not an export that can be read")

// BlogOptions says what the export of another program leaves open.
type BlogOptions struct {
	Zone          *time.Location // of dates that name none; UTC when nil
	DefaultAuthor string         // of posts that name none
	URL           string         // where the old site is, for addresses that the export leaves open; they begin with / where it is empty
}

// blogRun gives the posts of another program's export to their taker.
type blogRun struct {
	postRun
	name    string // of the export
	options BlogOptions
}

func newBlogRun(name string, posts PostTaker, options BlogOptions, watch Watch) *blogRun {
	run := &blogRun{name: name, options: options}
	run.postRun = postRun{posts: posts, watch: watch, slugs: map[string]string{}}
	run.report.Left, run.report.Changed = Tally{}, Tally{}
	return run
}

// entry is a post of an export on its way in, and what is to be told of it.
type entry struct {
	content.PostImport
	place   string
	notices []Notice
}

// entryAt returns an entry that is told of under its name.
func (r *blogRun) entryAt(name string) *entry {
	return &entry{place: r.name + ": " + name}
}

func (e *entry) notice(reason, detail string) {
	e.notices = append(e.notices, Notice{File: e.place, Reason: reason, Detail: detail})
}

// offer gives an entry to the taker; one that is refused is told and counted.
func (r *blogRun) offer(ctx context.Context, e *entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(e.Authors) == 0 {
		e.Authors = []string{r.options.DefaultAuthor}
	}
	e.Authors, e.Tags = e.named(e.Authors), e.named(e.Tags)
	e.summarise()
	e.entitle()
	if e.Title == "" {
		return r.leaveOut(e.place, &leftOut{reason: reasonNoTitle})
	}
	if e.Slug != "" {
		r.numberSlug(e)
	}
	return r.leaveOut(e.place, r.give(ctx, waitingPost{PostImport: e.PostImport, file: e.place, notices: e.notices}, true))
}

// named leaves out the names of which no slug could be made, and those that came before.
func (e *entry) named(names []string) []string {
	f := postFile{notice: func(_ int64, reason, detail string) { e.notice(reason, detail) }}
	return distinct(f.named(names))
}

func (e *entry) summarise() {
	if e.Summary == nil {
		return
	}
	f := postFile{notice: func(_ int64, reason, detail string) { e.notice(reason, detail) }}
	e.Summary = f.summary(matter{"summary": {text: *e.Summary}})
}

// titleLength is how many characters of the text make a title at most.
const titleLength = 60

// entitle gives a post without a title the beginning of its text.
func (e *entry) entitle() {
	e.Title = strings.Join(strings.Fields(e.Title), " ")
	if e.Title != "" {
		return
	}
	text := ""
	for line := range strings.Lines(e.Markdown) {
		if text = strings.Trim(line, "#>*_`-\\ \n"); text != "" && utf8.ValidString(text) {
			break
		}
	}
	if runes := []rune(text); len(runes) > titleLength {
		text = strings.TrimSpace(string(runes[:titleLength])) + "…"
	}
	if e.Title = text; text != "" {
		e.notice(reasonNewTitle, text)
	}
}

// numberSlug puts a number behind a slug that a post before has, as pages below different ones may.
func (r *blogRun) numberSlug(e *entry) {
	free := e.Slug
	for n := 2; r.slugs[free] != "" || r.isWaiting(free); n++ {
		free = e.Slug + "-" + strconv.Itoa(n)
	}
	if free != e.Slug {
		e.Slug = free
		e.notice(reasonNewSlug, free)
	}
}

func (r *blogRun) isWaiting(slug string) bool {
	for _, post := range r.waiting {
		if post.Slug == slug {
			return true
		}
	}
	return false
}

// languageOf returns a language as posts name it; nothing where it is none.
func (e *entry) languageOf(tag string) string {
	parsed, err := language.Parse(strings.ReplaceAll(tag, "_", "-"))
	if tag == "" || err != nil {
		return ""
	}
	return parsed.String()
}

// moment reads a date of an export; none where there is none.
func (r *blogRun) moment(text string, zone *time.Location) (logic.Moment, bool) {
	if text == "" || strings.HasPrefix(text, "0000-") {
		return 0, false
	}
	if zone == nil {
		zone = time.UTC
	}
	if milliseconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return plausible(time.UnixMilli(milliseconds).UTC())
	}
	return parseDate(text, zone)
}

// finish takes what waited, and returns the report.
func (r *blogRun) finish(ctx context.Context) (PostReport, error) {
	return r.report, r.takeWaiting(ctx)
}

// counting tells how much of a file was read.
type counting struct {
	io.Reader
	done, total int64
	watch       Watch
}

func (c *counting) Read(into []byte) (int, error) {
	n, err := c.Reader.Read(into)
	c.done += int64(n)
	c.watch.progress(c.done, c.total)
	return n, err
}

// notExport returns ErrNotExport with what is wrong, and where.
func notExport(name, format string, args ...any) error {
	return fmt.Errorf("%s: %w: %s", name, ErrNotExport, fmt.Sprintf(format, args...))
}
