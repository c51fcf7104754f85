package content

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
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
	Scheduled bool             // whether the post waits for its date: an import after it publishes the post
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
// so can't sign in. It is for the command line alone: FORBIDDEN for others. All faults come together (REQUIRED, TOO_LONG, INVALID, TAKEN; the
// field is named as in PostImport, in lower camel case). With TAKEN, the result's Outcome is what would have been done.
func (s *Service) ImportPost(ctx context.Context, in PostImport) (ImportResult, error) {
	if err := logic.CheckOperator(ctx); err != nil {
		return ImportResult{}, err
	}
	now := s.clock()
	coming, err := s.expect(ctx, in, now)
	if err == nil && coming.result.Outcome != ImportUnchanged {
		err = s.store.Write(ctx, func(w Writer) error { return s.take(ctx, w, &coming, now) })
	}
	return coming.result, err
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
		if err := freeSlugs(ctx, w, expected); err != nil {
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
		return nil
	})
	return results, err
}

// freeSlugs takes away the slugs of the posts that are about to be changed.
func freeSlugs(ctx context.Context, w Writer, expected []coming) error {
	var ids []logic.PostID
	for _, in := range expected {
		if in.result.Outcome == ImportUnchanged {
			continue
		}
		id, _, err := w.ImportedPost(ctx, in.Source)
		if err == nil {
			ids = append(ids, id)
		} else if logic.CodeOf(err) != logic.CodeNotFound {
			return err
		}
	}
	return w.FreeSlugs(ctx, ids)
}

// coming is a post on its way in, with all that can be worked out before it is written.
type coming struct {
	PostImport
	digest string
	post   Post
	text   PostText
	result ImportResult
}

// expect checks in and works out what is to be written. The result's Outcome is what an import would do now.
func (s *Service) expect(ctx context.Context, in PostImport, now logic.Moment) (coming, error) {
	expected := coming{PostImport: in, result: ImportResult{Scheduled: in.scheduled(now)}}
	var err error
	if expected.digest, err = in.digest(expected.result.Scheduled); err != nil {
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
	expected.post, expected.text, err = in.prepare(now)
	return expected, err
}

// take writes a post with all that belongs to it.
func (s *Service) take(ctx context.Context, w Writer, in *coming, now logic.Moment) error {
	post := in.post
	if err := s.nameAuthors(ctx, w, &post, in.Authors, now); err != nil {
		return err
	}
	if err := s.nameTags(ctx, w, &post, in.Tags); err != nil {
		return err
	}
	if err := s.put(ctx, w, &post, in, now); err != nil {
		return err
	}
	in.result.Post, in.result.Removed = post, in.text.Removed
	return w.SetImportedPost(ctx, in.Source, in.digest, post.ID)
}

// put inserts post, or puts it in the place of the one that came from the same source.
func (s *Service) put(ctx context.Context, w Writer, post *Post, in *coming, now logic.Moment) error {
	id, _, err := w.ImportedPost(ctx, in.Source)
	if logic.CodeOf(err) == logic.CodeNotFound {
		post.ID, in.result.Outcome = logic.PostID(s.keys.Next()), ImportCreated
		post.Revision, post.ShownRevision = 1, 1
		if err := w.InsertPost(ctx, *post, in.text); err != nil {
			return err
		}
		return w.ClaimSlug(ctx, post.Slug, post.ID, post.IsPublic())
	}
	if err != nil {
		return err
	}
	posts, err := w.PostsByID(ctx, []logic.PostID{id})
	if err != nil {
		return err
	}
	before := posts[id]
	if !in.Replace && before.Title != post.Title && !equal(before.PublishedAt, post.PublishedAt) {
		return logic.Fault(logic.CodeTaken, "%q came from there before, a post with another title and another date", before.Title).At("source")
	}
	post.ID, post.CreatedAt, in.result.Outcome = id, before.CreatedAt, ImportUpdated
	if in.UpdatedAt == nil && before.Status == post.Status {
		post.UpdatedAt = now // a post that only comes out has not been changed since
	}
	post.Revision, post.ShownRevision = before.Revision, before.Revision
	if err := w.UpdatePost(ctx, *post, in.text); err != nil {
		return err
	}
	return w.ClaimSlug(ctx, post.Slug, post.ID, post.IsPublic())
}

func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// scheduled tells whether the post waits for its date.
func (in PostImport) scheduled(now logic.Moment) bool { return in.PublishedAt > now && !in.Draft }

// digest tells apart what in states from all other posts, and a post that waits for its date from the same once it came.
func (in PostImport) digest(scheduled bool) (string, error) {
	encoded, err := json.Marshal(struct {
		PostImport
		Scheduled bool `json:",omitzero"`
	}{in, scheduled})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(encoded)
	return hex.EncodeToString(sum[:]), nil
}

// prepare checks in and works out all of the post but its keys.
func (in PostImport) prepare(now logic.Moment) (Post, PostText, error) {
	post := Post{
		Kind: in.Kind, Slug: in.Slug, Title: strings.TrimSpace(in.Title), Status: PostStatusPublished,
		Language: in.Language, PublishedAt: &in.PublishedAt, CreatedAt: now, UpdatedAt: in.PublishedAt,
	}
	if in.Summary != nil {
		post.Summary = new(strings.TrimSpace(*in.Summary))
	}
	if post.Kind == "" {
		post.Kind = PostKindArticle
	}
	if post.Slug == "" {
		post.Slug = render.Slug(post.Title)
	}
	if in.UpdatedAt != nil {
		post.UpdatedAt = *in.UpdatedAt
	}
	switch {
	case in.Draft:
		post.Status = PostStatusDraft
	case in.scheduled(now):
		post.Status = PostStatusScheduled
	}
	faults := in.check(post)
	rendered, err := render.Markdown(in.Markdown)
	if fault, ok := errors.AsType[*logic.Error](err); ok {
		faults.Add(fault, "markdown")
	} else if err != nil {
		return Post{}, PostText{}, err
	}
	text := PostText{Markdown: in.Markdown, Rendered: rendered, Terms: render.Terms(post.Title, rendered.Text, post.Language)}
	return post, text, faults.Err()
}

func (in PostImport) check(post Post) logic.Faults {
	var faults logic.Faults
	faults.Add(logic.CheckText(in.Source, 1, maxSource), "source")
	faults.Add(logic.CheckText(post.Title, 1, maxTitle), "title")
	faults.Add(checkSlug(post.Slug), "slug")
	if post.Summary != nil {
		faults.Add(logic.CheckText(*post.Summary, 0, maxSummary), "summary")
	}
	faults.Add(checkLanguage(post.Language), "language")
	faults.Add(checkNames(in.Authors, 1, maxAuthors), "authors")
	faults.Add(checkNames(in.Tags, 0, maxTags), "tags")
	return faults
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

// checkNames returns the fault of a list of names, each of which must leave something to make a slug of.
func checkNames(names []string, least, most int) *logic.Error {
	switch {
	case len(names) < least:
		return logic.Fault(logic.CodeRequired, "at least %d must be given", least)
	case len(names) > most:
		return logic.Invalid("has %d entries; at most %d are allowed", len(names), most)
	}
	for _, name := range names {
		if fault := logic.CheckText(strings.TrimSpace(name), 1, maxName); fault != nil {
			return fault
		}
		if render.NameSlug(name) == "" {
			return logic.Invalid("%q has no letter and no digit", name)
		}
	}
	return nil
}
