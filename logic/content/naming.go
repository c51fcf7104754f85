package content

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"headwater/logic"
	"headwater/logic/content/render"
)

// Named is a tag or an author that has a slug, as far as a new name is compared with it.
type Named[Key ~int64] struct {
	ID       Key
	Name     string
	Outdated bool // whether it had the slug only before readers saw it
}

// nameAuthors returns the keys of the named authors, making those who are not there yet.
func (s *Service) nameAuthors(ctx context.Context, w Writer, names []string, now logic.Moment) ([]logic.UserID, error) {
	return named(ctx, names, w.AuthorsByUsername, func(username, name string) (logic.UserID, error) {
		id := logic.UserID(s.keys.Next())
		return id, w.InsertAuthor(ctx, id, username, name, now)
	})
}

// nameTags puts the keys of the named tags into post, making those that are not there yet. An outdated name means the tag that had it where
// the viewer may read drafts, and where it is among those that the post has already: others must not learn of it, and make a tag of theirs.
func (s *Service) nameTags(ctx context.Context, w Writer, post *Post, names, before []string) (err error) {
	find := w.TagsBySlug
	if !canReadDrafts(logic.ViewerFrom(ctx)) {
		find = withoutOutdated(w.TagsBySlug, before)
	}
	post.TagIDs, err = named(ctx, names, find, func(slug, name string) (logic.TagID, error) {
		if err := w.DropOutdatedTagSlug(ctx, slug); err != nil {
			return 0, err
		}
		id := logic.TagID(s.keys.Next())
		return id, w.InsertTag(ctx, Tag{ID: id, Slug: slug, Name: name})
	})
	return err
}

// findTags finds tags by slugs, as Reader.TagsBySlug does.
type findTags func(ctx context.Context, slugs []string) (map[string]Named[logic.TagID], error)

// withoutOutdated returns find without what it finds by outdated names that are not among known.
func withoutOutdated(find findTags, known []string) findTags {
	return func(ctx context.Context, slugs []string) (map[string]Named[logic.TagID], error) {
		found, err := find(ctx, slugs)
		maps.DeleteFunc(found, func(_ string, tag Named[logic.TagID]) bool {
			return tag.Outdated && !slices.ContainsFunc(known, func(name string) bool { return sameName(name, tag.Name) })
		})
		return found, err
	}
}

// named returns the keys of what has the given names, in order and each once, and makes what is not there yet. Where the
// slug of a name belongs to another name, the name has the next of slug-2, slug-3 and so on that is free or its own.
func named[Key ~int64](
	ctx context.Context, names []string,
	find func(context.Context, []string) (map[string]Named[Key], error), insert func(slug, name string) (Key, error),
) ([]Key, error) {
	slugs := make([]string, len(names))
	for i, name := range names {
		slugs[i] = render.NameSlug(name)
	}
	known, err := find(ctx, slugs)
	if err != nil {
		return nil, err
	}
	keys := make([]Key, 0, len(names))
	seen := make(map[Key]bool, len(names))
	for i, name := range names {
		slug := slugs[i]
		found, ok := known[slug]
		for n := 2; ok && !sameName(found.Name, name); n++ {
			slug = slugs[i] + "-" + strconv.Itoa(n)
			if found, ok = known[slug]; ok {
				continue
			}
			more, err := find(ctx, []string{slug})
			if err != nil {
				return nil, err
			}
			found, ok = more[slug]
		}
		if !ok {
			found.Name = strings.TrimSpace(name)
			if found.ID, err = insert(slug, found.Name); err != nil {
				return nil, err
			}
		}
		known[slug] = found
		if !seen[found.ID] {
			keys, seen[found.ID] = append(keys, found.ID), true
		}
	}
	return keys, nil
}

// sameName tells whether two names are one: case, accents, and whether words are joined by blanks, hyphens or underscores
// are no difference.
func sameName(a, b string) bool { return a == b || nameKey(a) == nameKey(b) }

func nameKey(name string) string {
	joins := func(r rune) bool { return r == '-' || r == '_' || unicode.IsSpace(r) }
	return strings.Join(strings.FieldsFunc(logic.SortKey(name), joins), " ")
}
