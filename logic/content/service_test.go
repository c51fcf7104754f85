package content_test

import (
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/metric"
)

// No way leads a reader to a post that is not published.
func TestHiddenPostsAreAsIfTheyWereNotThere(t *testing.T) {
	w := newWorld(t)
	seen := w.mustImport(t, newImport("seen"), content.ImportCreated).Post
	draft := newImport("draft")
	draft.Draft, draft.Tags = true, []string{"Secret"}
	hidden := w.mustImport(t, draft, content.ImportCreated).Post
	scheduled := newImport("scheduled")
	scheduled.PublishedAt = now + day
	later := w.mustImport(t, scheduled, content.ImportCreated).Post

	for _, slug := range []string{"draft", "scheduled", "nothing"} {
		if _, err := w.Post(reader(t), slug); logic.CodeOf(err) != logic.CodeNotFound || err.Error() != logic.NotFound("post").Error() {
			t.Errorf("post %s answers %v", slug, err)
		}
	}
	if _, err := w.Tag(reader(t), "secret"); logic.CodeOf(err) != logic.CodeNotFound {
		t.Errorf("the tag of a draft answers %v", err)
	}
	ids := []logic.PostID{seen.ID, hidden.ID, later.ID}
	for name, read := range map[string]func() (int, error){
		"by ID": func() (int, error) {
			posts, err := w.PostsByID(reader(t), ids)
			return len(posts) - 1, err // the one that is seen
		},
		"next":     func() (int, error) { posts, err := w.NextPosts(reader(t), ids[:1]); return len(posts), err },
		"previous": func() (int, error) { posts, err := w.PreviousPosts(reader(t), ids[:1]); return len(posts), err },
		"related": func() (int, error) {
			posts, err := w.Related(reader(t), ids[:1], 3)
			return len(posts[seen.ID]), err
		},
		"listed": func() (int, error) {
			query, err := w.PostQuery(reader(t), &content.PostFilter{Status: []content.PostStatus{content.PostStatusDraft, content.PostStatusScheduled}}, nil, logic.PageArgs{})
			if err != nil {
				return 0, err
			}
			counts, err := w.CountPosts(reader(t), []content.PostList{content.AllPosts}, query)
			return int(counts[content.AllPosts]), err
		},
		"found": func() (int, error) {
			query, err := w.SearchQuery(reader(t), "text", nil, logic.PageArgs{})
			if err != nil {
				return 0, err
			}
			hits, err := w.SearchPosts(reader(t), query)
			return len(hits.Items) - 1, err // the one that is seen
		},
	} {
		if count, err := read(); err != nil || count != 0 {
			t.Errorf("%s: %d hidden posts, %v", name, count, err)
		}
	}
}

func TestUpdateSite(t *testing.T) {
	w := newWorld(t)
	site, err := w.UpdateSite(operator(t), content.SiteChange{Title: new("Ours"), PostURL: new("https://example.org/p/{slug}")})
	if err != nil || site.Title != "Ours" || site.PostAddress("a b") != "https://example.org/p/a%20b" || site.TimeZone != "UTC" {
		t.Errorf("the site became %+v, %v", site, err)
	}
	_, err = w.UpdateSite(operator(t), content.SiteChange{
		Title: new(" "), Description: new(strings.Repeat("x", 1_001)), URL: new("ftp://example.org"), PostURL: new("https://example.org/"),
		Language: new("no language"), TimeZone: new("Moon/Sea"),
	})
	wantFaults(t, err, "REQUIRED title", "TOO_LONG description", "INVALID url", "INVALID postUrl", "INVALID language", "INVALID timeZone")
	if kept, err := w.Site(t.Context()); err != nil || kept != site {
		t.Errorf("a refused change left %+v, %v", kept, err)
	}
}

func TestTheTimeZoneStaysOnceDaysWereCounted(t *testing.T) {
	w := newWorld(t)
	if _, err := w.UpdateSite(operator(t), content.SiteChange{TimeZone: new("Europe/Berlin")}); err != nil {
		t.Fatal(err)
	}
	metrics := metric.New(w.store.Metric(), func() logic.Moment { return w.now }, w.store.Keys(), metric.Options{})
	browser := as(t, logic.Viewer{Limit: logic.AllScopes, UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"})
	if done, err := metrics.RecordEvents(browser, []metric.EventInput{{Path: new("/")}}); err != nil || done.Recorded != 1 {
		t.Fatal(done, err)
	}
	_, err := w.UpdateSite(operator(t), content.SiteChange{TimeZone: new("UTC")})
	wantFaults(t, err, "INVALID timeZone")
}

func TestNeighboursPassOverHiddenPosts(t *testing.T) {
	w := newWorld(t)
	ids := map[string]logic.PostID{}
	for i, slug := range []string{"first", "draft", "middle", "page", "last", "scheduled"} {
		in := newImport(slug)
		in.PublishedAt += logic.Moment(i)
		in.Tags, in.Markdown = []string{"Rope"}, "Knots, ropes and rigging."
		in.Draft = slug == "draft"
		if slug == "scheduled" {
			in.PublishedAt = now + day
		}
		if slug == "page" {
			in.Kind = content.PostKindPage
		}
		ids[slug] = w.mustImport(t, in, content.ImportCreated).Post.ID
	}
	all := []logic.PostID{ids["first"], ids["draft"], ids["middle"], ids["page"], ids["last"], ids["scheduled"]}
	seen, err := w.PostsByID(reader(t), all)
	if err != nil || len(seen) != 4 || seen[ids["page"]].Slug != "page" {
		t.Errorf("by keys: %d posts, %v", len(seen), err)
	}
	next, err := w.NextPosts(reader(t), []logic.PostID{ids["first"], ids["middle"], ids["last"]})
	if err != nil || len(next) != 2 || next[ids["first"]].Slug != "middle" || next[ids["middle"]].Slug != "last" {
		t.Errorf("next: %v, %v", next, err)
	}
	previous, err := w.PreviousPosts(reader(t), []logic.PostID{ids["first"], ids["middle"], ids["last"]})
	if err != nil || len(previous) != 2 || previous[ids["middle"]].Slug != "first" || previous[ids["last"]].Slug != "middle" {
		t.Errorf("previous: %v, %v", previous, err)
	}
	related, err := w.Related(reader(t), []logic.PostID{ids["first"]}, 20)
	if err != nil || len(related[ids["first"]]) != 2 {
		t.Errorf("related: %v, %v", related, err)
	}
	for _, post := range related[ids["first"]] {
		if post.Slug != "middle" && post.Slug != "last" {
			t.Errorf("%s is related", post.Slug)
		}
	}
}

func TestRelatedIsAskedForAFewPosts(t *testing.T) {
	w := newWorld(t)
	for _, first := range []int{-1, 0, 21} {
		_, err := w.Related(reader(t), nil, first)
		wantFaults(t, err, "INVALID first")
	}
	for _, first := range []int{1, 20} {
		if _, err := w.Related(reader(t), nil, first); err != nil {
			t.Errorf("%d posts: %v", first, err)
		}
	}
}

func TestTagsStandOnWhatReadersSee(t *testing.T) {
	w := newWorld(t)
	in := newImport("draft")
	in.Draft, in.Tags = true, []string{"Rope"}
	w.mustImport(t, in, content.ImportCreated)
	if _, err := w.Tag(reader(t), "rope"); logic.CodeOf(err) != logic.CodeNotFound {
		t.Errorf("a tag of drafts: %v", err)
	}
	in.Draft = false
	w.mustImport(t, in, content.ImportUpdated)
	if tag, err := w.Tag(reader(t), "rope"); err != nil || tag.Name != "Rope" || tag.PostCount != 1 {
		t.Errorf("the tag is %+v, %v", tag, err)
	}
	if n, err := w.CountTags(reader(t)); n != 1 || err != nil {
		t.Errorf("%d tags, %v", n, err)
	}
}
