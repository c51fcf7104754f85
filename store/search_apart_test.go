package store

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/metric"
)

var searchIndexName = regexp.MustCompile(`\b\w+_search\b`)

// TestPublicSearchesReadNothingHidden holds that how long a search of what readers see takes can't depend on what they don't: none of its
// statements reads an index that holds hidden words, or hidden posts' part of a list. A search that an author makes among drafts looks for whole
// words and beginnings in the index of all drafts, and leaves out those of others then: all that is held of it is how many statements it takes.
func TestPublicSearchesReadNothingHidden(t *testing.T) {
	s := openWritings(t)
	draft := newPost(10)
	draft.Status, draft.PublishedAt, draft.Title = content.PostStatusDraft, nil, "Zebrawater"
	mustWrite(t, s, func(w *writer) error { return w.InsertPost(t.Context(), draft, newText("Zebrawater and zebrawater.")) })
	holdsHidden := map[string]bool{}
	for _, index := range searchIndexes {
		holdsHidden[index.name] = mustGet[int](t, s, `SELECT count(*) FROM `+index.name+` WHERE `+index.name+` MATCH 'zebra*'`) > 0
	}
	rapid.Check(t, func(draw *rapid.T) {
		search := drawSearch(draw)
		search.Posts = published()
		ask, count := searchPosts(soughtOf(search)), countSearch(soughtOf(search))
		for _, query := range []string{ask.text.String(), count.text.String()} {
			for _, index := range searchIndexName.FindAllString(query, -1) {
				if hidden, known := holdsHidden[index]; hidden || !known {
					draw.Fatalf("it reads %s: %s", index, query)
				}
			}
			if strings.Contains(query, "post_list AS found") && !strings.Contains(query, "found.shelf IN") {
				draw.Fatalf("it reads whole lists: %s", query)
			}
		}
	})
}

// TestOutdatedTagSlugsLeadNobody gives a hidden tag another slug, and another tag its posts, before and after readers see it.
func TestOutdatedTagSlugsLeadNobody(t *testing.T) {
	s := openTest(t)
	mustAddNames(t, s, 2, 1)
	ctx := t.Context()
	draft := newPost(0)
	draft.Status, draft.PublishedAt, draft.TagIDs = content.PostStatusDraft, nil, []logic.TagID{firstTag}
	rename := func(slug string) {
		mustWrite(t, s, func(w *writer) error {
			if err := w.ClaimTagSlug(ctx, slug, slug, firstTag); err != nil {
				return err
			}
			return w.UpdateTag(ctx, content.Tag{ID: firstTag, Slug: slug, Name: slug})
		})
	}
	mustWrite(t, s, func(w *writer) error { return w.InsertPost(ctx, draft, newText("A draft.")) })
	rename("second")
	shown := draft
	shown.Status, shown.PublishedAt = content.PostStatusPublished, new(testNow)
	mustWrite(t, s, func(w *writer) error { return w.MovePost(ctx, shown) })
	rename("third")
	mustWrite(t, s, func(w *writer) error { return w.MergeTags(ctx, firstTag+1, firstTag) })
	checkBooks(t, s)
	for slug, leads := range map[string]bool{"tag-0": false, "second": true, "third": true, "tag-1": false} {
		for what, err := range map[string]error{
			"ListedTag": second(s.Content().ListedTag(ctx, slug, 0)), "TagBySlug": second(s.Content().TagBySlug(ctx, slug)),
			"FacetValue": second(s.Metric().FacetValue(ctx, metric.FacetTag, slug)),
		} {
			if (err == nil) != leads || err != nil && logic.CodeOf(err) != logic.CodeNotFound {
				t.Errorf("%s of %s: %v, want one: %t", what, slug, err, leads)
			}
		}
		query := published()
		query.Tags = []string{slug}
		counts, err := s.Content().CountPosts(ctx, []content.PostList{content.AllPosts}, query)
		if err != nil || (counts[content.AllPosts] == 1) != leads {
			t.Errorf("the filter %s finds %v, %v", slug, counts, err)
		}
		hits := mustSearch(t, s, content.SearchQuery{Tags: []string{slug}, Posts: published()})
		if (len(hits) == 1) != leads {
			t.Errorf("tag:%s finds %v", slug, hits)
		}
		found, err := s.Content().TagsBySlug(ctx, []string{slug})
		if err != nil || found[slug].ID != firstTag || found[slug].Outdated == leads {
			t.Errorf("writers name by %s %+v, %v", slug, found, err)
		}
	}
}
