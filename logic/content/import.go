package content

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"unicode"

	"headwater/logic"
	"headwater/logic/content/render"
)

// PostImport is a post as something outside states it, such as a file.
type PostImport struct {
	Source      string // names where the post comes from, the same over all runs: the path of a file below its folder
	Slug        string // made from the title when empty
	Title       string
	Markdown    string
	Summary     *string
	Authors     []string // names as written; the first is the author
	Tags        []string // names as written
	Language    string   // the site's when empty
	Kind        PostKind // ARTICLE when empty
	PublishedAt logic.Moment
	UpdatedAt   *logic.Moment
	Draft       bool
	Cover       *logic.MediaID `json:",omitempty"` // an image that ImportImage kept

	// Stated is what the source states where that is not Markdown and Cover: before addresses in it were changed, and with the contents of
	// images in place of what was made of them. It tells in their place whether the post is another one than before; empty where it need not.
	Stated string `json:",omitempty"`

	// Replace allows a post to take the place of one from the same source with another title and another date.
	Replace bool `json:"-"`
}

// ImportOutcome says what an import did.
type ImportOutcome int

// The outcomes of an import.
const (
	ImportUnchanged ImportOutcome = iota // the same was imported before
	ImportCreated
	ImportUpdated
)

// ImportResult is what an import did. Post and Removed are empty when nothing changed.
type ImportResult struct {
	Outcome   ImportOutcome
	Post      Post
	Removed   []render.Removal // what sanitising took out of the text
	Scheduled bool             // whether the post waits for its date, and is published then
}

// Limits of a post, in characters of a text and entries of a list.
const (
	maxSource  = 2000
	maxTitle   = 200
	maxSlug    = 200
	maxSummary = 1000
	maxName    = 100
	maxAuthors = 20
	maxTags    = 32
)

// ImportPost makes or changes the post that came from in.Source before, with its authors and tags as needed; authors made
// so can't sign in. What it writes is a revision, as all that people write. A post whose date is to come is published then. An old
// slug of another post is taken from it: the files of a site say where its posts stand now. It is for the command line alone:
// FORBIDDEN for others. All faults come together (REQUIRED, TOO_LONG, INVALID, TAKEN, and NOT_FOUND for a cover that was deleted; the
// field is named as in PostImport, in lower camel case). With TAKEN, the result's Outcome is what would have been done.
func (s *Service) ImportPost(ctx context.Context, in PostImport) (ImportResult, error) {
	if err := logic.CheckOperator(ctx); err != nil {
		return ImportResult{}, err
	}
	now := s.clock()
	coming, err := s.expect(ctx, in, now)
	if err == nil && coming.result.Outcome != ImportUnchanged {
		err = s.store.Write(ctx, func(w Writer) error {
			if err := coming.find(ctx, w); err != nil {
				return err
			}
			return s.take(ctx, w, &coming, now)
		})
	}
	return coming.result, err
}

// CheckPost returns what ImportPost would take out of the text of a post, and the faults that it has whatever else there is.
func CheckPost(in PostImport) ([]render.Removal, error) {
	in.Language = cmp.Or(in.Language, "und")
	made, err := in.prepare(in.PublishedAt)
	return made.text.Removed, err
}

// ImportPosts does what ImportPost does for several posts at once, all or none of them: they may take each other's slugs.
// With an error, the results are those of the posts before the one at fault.
func (s *Service) ImportPosts(ctx context.Context, ins []PostImport) ([]ImportResult, error) {
	if err := logic.CheckOperator(ctx); err != nil {
		return nil, err
	}
	now := s.clock()
	expected := make([]coming, len(ins))
	results := make([]ImportResult, 0, len(ins))
	for i, in := range ins {
		var err error
		if expected[i], err = s.expect(ctx, in, now); err != nil {
			return results, err
		}
		results = append(results, expected[i].result)
	}
	err := s.store.Write(ctx, func(w Writer) error {
		results = results[:0]
		freed, err := freeSlugs(ctx, w, expected)
		if err != nil {
			return err
		}
		for i := range expected {
			if expected[i].result.Outcome != ImportUnchanged {
				if err := s.take(ctx, w, &expected[i], now); err != nil {
					return err
				}
			}
			results = append(results, expected[i].result)
		}
		return keepSlugs(ctx, w, freed)
	})
	return results, err
}

// freeSlugs takes away the slugs of the posts that are about to be changed, and returns those of the posts that readers see.
func freeSlugs(ctx context.Context, w Writer, expected []coming) (freed map[string]logic.PostID, err error) {
	freed = map[string]logic.PostID{}
	var ids []logic.PostID
	for i := range expected {
		if expected[i].result.Outcome == ImportUnchanged {
			continue
		}
		if err := expected[i].find(ctx, w); err != nil {
			return nil, err
		}
		before := expected[i].before
		if before.ID != 0 {
			ids = append(ids, before.ID)
		}
		if before.IsPublic() {
			freed[before.Slug] = before.ID
		}
	}
	return freed, w.FreeSlugs(ctx, ids)
}

// keepSlugs lets slugs under which readers saw posts go on leading to them, where no other post took them.
func keepSlugs(ctx context.Context, w Writer, freed map[string]logic.PostID) error {
	for slug, id := range freed {
		if err := w.ClaimSlug(ctx, slug, id, true); err != nil && logic.CodeOf(err) != logic.CodeTaken {
			return err
		}
	}
	return nil
}

// coming is a post on its way in, with all that can be worked out before it is written, and with the post from the same source,
// if there is one.
type coming struct {
	PostImport
	digest string
	made   draft
	before Post
	result ImportResult
}

// find looks for the post that came from the same source.
func (c *coming) find(ctx context.Context, r Reader) error {
	id, _, err := r.ImportedPost(ctx, c.Source)
	if logic.CodeOf(err) == logic.CodeNotFound {
		c.before = Post{}
		return nil
	}
	if err != nil {
		return err
	}
	posts, err := r.PostsByID(ctx, []logic.PostID{id})
	c.before = posts[id]
	return err
}

// expect checks in and works out what is to be written. The result's Outcome is what an import would do now.
func (s *Service) expect(ctx context.Context, in PostImport, now logic.Moment) (coming, error) {
	expected := coming{PostImport: in, result: ImportResult{Scheduled: in.scheduled(now)}}
	var err error
	if expected.digest, err = in.digest(); err != nil {
		return coming{}, err
	}
	_, before, err := s.store.ImportedPost(ctx, in.Source)
	switch {
	case logic.CodeOf(err) == logic.CodeNotFound:
		expected.result.Outcome = ImportCreated
	case err != nil:
		return coming{}, err
	case before == expected.digest:
		return expected, nil
	default:
		expected.result.Outcome = ImportUpdated
	}
	if in.Language == "" {
		site, err := s.store.Site(ctx)
		if err != nil {
			return coming{}, err
		}
		in.Language = site.Language
	}
	expected.made, err = in.prepare(now)
	return expected, err
}

// take writes a post with all that belongs to it.
func (s *Service) take(ctx context.Context, w Writer, in *coming, now logic.Moment) error {
	made := in.made
	if err := w.DropOldSlug(ctx, made.Slug, in.before.ID); err != nil {
		return err
	}
	if err := made.claim(ctx, w, in.before.ID, in.before.Slug); err != nil {
		return err
	}
	if len(made.faults) > 0 {
		return made.faults[0] // the slug's: all others were told by expect
	}
	var err error
	if made.AuthorIDs, err = s.nameAuthors(ctx, w, in.Authors, now); err != nil {
		return err
	}
	if err := made.look(ctx, w, Revision{AuthorIDs: made.AuthorIDs}); err != nil {
		return err
	}
	if len(made.faults) > 0 {
		return made.faults[0].At("cover") // since the authors were made here
	}
	var post Post
	if in.before.ID == 0 {
		post, in.result.Outcome = in.state(Post{ID: logic.PostID(s.keys.Next()), CreatedAt: now}, 1, now), ImportCreated
		err = s.insert(ctx, w, &post, made, now)
	} else {
		in.result.Outcome = ImportUpdated
		post, err = s.replace(ctx, w, in, made, now)
	}
	if err != nil {
		return err
	}
	in.result.Post, in.result.Removed = post, made.text.Removed
	return w.SetImportedPost(ctx, in.Source, in.digest, post.ID)
}

// replace puts a post in the place of the one that came from the same source, as a revision of it.
func (s *Service) replace(ctx context.Context, w Writer, in *coming, made draft, now logic.Moment) (Post, error) {
	before := in.before
	if date := cmp.Or(before.PublishedAt, before.ScheduledFor); !in.Replace && before.Title != made.Title && !equal(date, &in.PublishedAt) {
		return before, logic.Fault(logic.CodeTaken, "%q came from there before, a post with another title and another date", before.Title).At("source")
	}
	newest, err := w.RevisionByNumber(ctx, before.ID, before.Revision)
	if err != nil {
		return before, err
	}
	revision := newest
	if !sameContent(made.Revision, newest) {
		revision = s.sign(ctx, made.Revision, before.ID, newest.Number+1, now)
		if err := w.InsertRevision(ctx, revision); err != nil {
			return before, err
		}
	}
	after := in.state(before, revision.Number, now)
	if err := s.show(ctx, w, &after, revision, newest.Tags); err != nil {
		return before, err
	}
	if in.UpdatedAt == nil && before.Status == after.Status {
		after.UpdatedAt = now // a post that only comes out has not been changed since
	}
	return after, s.keep(ctx, w, before, after, &made.text, now)
}

// state returns post in the state that in gives it, being its newest revision. What is in the trash stays there.
func (in PostImport) state(post Post, revision int, now logic.Moment) Post {
	post.Kind, post.UpdatedAt = cmp.Or(in.Kind, PostKindArticle), in.PublishedAt
	if in.UpdatedAt != nil {
		post.UpdatedAt = *in.UpdatedAt
	}
	post.Status, post.Revision = PostStatusPublished, revision
	post.PublishedAt, post.ScheduledFor, post.ScheduledRevision = nil, nil, nil
	switch {
	case in.Draft || post.DeletedAt != nil && in.scheduled(now):
		post.Status = PostStatusDraft
	case in.scheduled(now):
		post.Status = PostStatusScheduled
		post.ScheduledFor, post.ScheduledRevision = &in.PublishedAt, &revision
	}
	return post
}

// scheduled tells whether the post waits for its date.
func (in PostImport) scheduled(now logic.Moment) bool { return in.PublishedAt > now && !in.Draft }

// digest tells apart what in states from all other posts.
func (in PostImport) digest() (string, error) {
	if in.Stated != "" {
		in.Markdown, in.Cover = "", nil
	}
	encoded, err := json.Marshal(in)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(encoded)
	return hex.EncodeToString(sum[:]), nil
}

// prepare checks in and works out all of the post's content but its authors. A date to come is when it is published, and none
// that was given.
func (in PostImport) prepare(now logic.Moment) (draft, error) {
	content := Revision{
		Slug: in.Slug, Title: in.Title, Markdown: in.Markdown, Summary: in.Summary, Tags: in.Tags, CoverID: in.Cover, Language: in.Language,
	}
	if in.PublishedAt <= now {
		content.PublishedAt = &in.PublishedAt
	}
	made, err := newDraft(content)
	if err != nil {
		return draft{}, err
	}
	made.faults.Add(logic.CheckText(in.Source, 1, maxSource), "source")
	made.faults = append(made.faults, checkNames(in.Authors, 1, maxAuthors, "authors")...)
	return made, made.faults.Err()
}

// checkSlug returns the fault of a slug that can't stand in an address: it has letters, digits and, between them, any of
// . _ ~ and -.
func checkSlug(slug string) *logic.Error {
	if fault := logic.CheckText(slug, 1, maxSlug); fault != nil {
		return fault
	}
	inner := func(r rune) bool { return strings.ContainsRune("-._~", r) }
	for i, r := range slug {
		if !unicode.In(r, unicode.L, unicode.N, unicode.M) && !(inner(r) && i > 0) || unicode.IsUpper(r) {
			return logic.Invalid("%q is no slug: it has lower-case letters, digits, and between them - . _ or ~", slug)
		}
	}
	return nil
}

// checkNames returns the faults of a list of names in a field: of its length, or else of each name.
func checkNames(names []string, least, most int, field string) logic.Faults {
	var faults logic.Faults
	switch {
	case len(names) < least:
		faults.Add(logic.Fault(logic.CodeRequired, "at least %d must be given", least), field)
		return faults
	case len(names) > most:
		faults.Add(logic.Invalid("has %d entries; at most %d are allowed", len(names), most), field)
		return faults
	}
	for i, name := range names {
		faults.Add(checkName(name), field, strconv.Itoa(i))
	}
	return faults
}

// checkName returns the fault of a name, which must leave something to make a slug of.
func checkName(name string) *logic.Error {
	if fault := logic.CheckText(strings.TrimSpace(name), 1, maxName); fault != nil {
		return fault
	}
	if render.NameSlug(name) == "" {
		return logic.Invalid("%q has no letter and no digit", name)
	}
	return nil
}
