package content

import (
	"context"
	"errors"
	"slices"
	"strings"

	"headwater/logic"
	"headwater/logic/content/render"
)

// fallbackSlug is the slug of posts whose titles leave nothing to make one of.
const fallbackSlug = "post"

// draft is a state of a post's content on its way to become a revision, with all that can be worked out before it is written.
type draft struct {
	Revision
	text     PostText
	autoSlug bool // whether the slug was made from the title, so that another one does as well
	faults   logic.Faults
}

// newDraft puts content in order, checks it and renders its text. What is wrong with it stands in faults.
func newDraft(content Revision) (draft, error) {
	content.Title = strings.TrimSpace(lineBreaks.Replace(content.Title))
	content.Language = writtenLanguage(content.Language)
	if content.Summary != nil {
		summary := strings.TrimSpace(*content.Summary)
		content.Summary = &summary
		if summary == "" {
			content.Summary = nil
		}
	}
	made := draft{Revision: content}
	if made.Slug == "" {
		made.Slug, made.autoSlug = slugOf(content.Title), true
	}
	made.faults = made.check()
	var err error
	made.text, err = textOf(made.Revision)
	if fault, ok := errors.AsType[*logic.Error](err); ok {
		made.faults.Add(fault, "markdown")
		err = nil
	}
	return made, err
}

// lineBreaks makes one line of several.
var lineBreaks = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\v", " ", "\f", " ", "\u0085", " ", "\u2028", " ", "\u2029", " ")

// slugOf returns the slug that a title gives.
func slugOf(title string) string {
	if slug := render.Slug(title); slug != "" {
		return slug
	}
	return fallbackSlug
}

// textOf renders the text of a revision. INVALID, TOO_LONG as render.Markdown.
func textOf(revision Revision) (PostText, error) {
	rendered, err := render.Markdown(revision.Markdown)
	if err != nil {
		return PostText{}, err
	}
	terms := render.Terms(revision.Title, rendered.Text, revision.Language)
	return PostText{Markdown: revision.Markdown, Rendered: rendered, Terms: terms}, nil
}

// check returns the faults of all but the text.
func (d draft) check() logic.Faults {
	var faults logic.Faults
	faults.Add(logic.CheckText(d.Title, 1, maxTitle), "title")
	if !d.autoSlug {
		faults.Add(checkSlug(d.Slug), "slug")
	}
	if d.Summary != nil {
		faults.Add(logic.CheckText(*d.Summary, 0, maxSummary), "summary")
	}
	faults.Add(checkLanguage(d.Language), "language")
	return append(faults, checkNames(d.Tags, 0, maxTags, "tags")...)
}

// claim makes an automatic slug a free one, and adds the fault of a given one that is another post's. The draft is of the post
// with the given key, zero for none, which had the slug before.
func (d *draft) claim(ctx context.Context, r Reader, id logic.PostID, before string) (err error) {
	if d.autoSlug {
		d.Slug, err = freeSlug(ctx, r, d.Slug, id)
		return err
	}
	if d.Slug == before {
		return nil
	}
	owners, err := r.SlugOwners(ctx, []string{d.Slug})
	if owner, taken := owners[d.Slug]; taken && owner != id {
		d.faults.Add(slugTaken(d.Slug), "slug")
	}
	return err
}

// look adds the faults of authors and a cover that are not there, and of a cover that is no image, where they are others than before.
func (d *draft) look(ctx context.Context, r Reader, before Revision) error {
	if !slices.Equal(d.AuthorIDs, before.AuthorIDs) {
		known, err := r.NameableAuthors(ctx, d.AuthorIDs)
		if err != nil {
			return err
		}
		for _, id := range before.AuthorIDs {
			known[id] = true // who was erased since stays until someone takes them away
		}
		d.faults.Add(checkAuthors(d.AuthorIDs, known), "authorIds")
	}
	if d.CoverID != nil && !equal(d.CoverID, before.CoverID) {
		files, err := r.MediaByID(ctx, []logic.MediaID{*d.CoverID})
		if err != nil {
			return err
		}
		if file, ok := files[*d.CoverID]; !ok {
			d.faults.Add(logic.NotFound("file"), "coverId")
		} else if file.Width == nil {
			d.faults.Add(logic.Invalid("is no image"), "coverId")
		}
	}
	return nil
}

// complete returns the draft as it can be written over the content before, or all its faults.
func (d draft) complete(ctx context.Context, r Reader, id logic.PostID, before Revision) (draft, error) {
	d.faults = slices.Clone(d.faults)
	if err := d.claim(ctx, r, id, before.Slug); err != nil {
		return d, err
	}
	if err := d.look(ctx, r, before); err != nil {
		return d, err
	}
	return d, d.faults.Err()
}

// checkAuthors returns the fault of a list of authors of whom those known can be named.
func checkAuthors(ids []logic.UserID, known map[logic.UserID]bool) *logic.Error {
	seen := make(map[logic.UserID]bool, len(ids))
	for _, id := range ids {
		switch {
		case !known[id]:
			return logic.NotFound("user")
		case seen[id]:
			return logic.Invalid("someone is named twice")
		}
		seen[id] = true
	}
	return nil
}

// checkAuthorCount returns the fault of a list of authors that is too short or too long.
func checkAuthorCount(ids []logic.UserID) *logic.Error {
	switch {
	case len(ids) == 0:
		return logic.Fault(logic.CodeRequired, "name at least one author")
	case len(ids) > maxAuthors:
		return logic.Invalid("has %d entries; at most %d are allowed", len(ids), maxAuthors)
	}
	return nil
}

// sameContent tells whether two revisions state the same.
func sameContent(a, b Revision) bool {
	return a.Slug == b.Slug && a.Title == b.Title && equal(a.Summary, b.Summary) && a.Markdown == b.Markdown && slices.Equal(a.Tags, b.Tags) &&
		slices.Equal(a.AuthorIDs, b.AuthorIDs) && equal(a.CoverID, b.CoverID) && a.Language == b.Language && equal(a.PublishedAt, b.PublishedAt)
}

func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }
