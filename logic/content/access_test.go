package content_test

import (
	"context"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/content"
)

// TestWhatEachViewerFinds counts, for each kind of viewer, what every way to posts and tags leads to. There are two published
// articles, a draft by an author and on a tag of its own, and an article that waits for its date.
func TestWhatEachViewerFinds(t *testing.T) {
	w := newWorld(t)
	older, newer, draft, waiting := newImport("older"), newImport("newer"), newImport("draft"), newImport("waiting")
	older.PublishedAt -= day
	draft.Draft, draft.Authors, draft.Tags = true, []string{"Bo Hidden"}, []string{"Secret", "Rope"}
	older.Tags, newer.Tags, waiting.PublishedAt = []string{"Rope"}, []string{"Rope"}, now+day
	posts := map[string]content.Post{}
	for _, in := range []content.PostImport{older, newer, draft, waiting} {
		posts[in.Slug] = w.mustImport(t, in, content.ImportCreated).Post
	}

	reading := map[string]int{
		"post(older)": 1, "post(draft)": 0, "by ID": 2, "after older": 1, "after newer": 0, "before newer": 1, "related to older": 1,
		"listed": 2, "drafts": 0, "drafts counted": 0, "every state": 2, "every state counted": 2, "every state beyond": 1,
		"drafts on rope": 0, "drafts by bo": 0, "by the tag secret": 0, "found": 2, "found counted": 2, "drafts found": 0, "every state found": 2,
		"tag(rope)": 1, "tag(secret)": 0, "tags by ID": 1, "tags": 1, "tags counted": 1, "tags beyond": 1,
	}
	editing := maps.Clone(reading)
	maps.Copy(editing, map[string]int{
		"post(draft)": 1, "by ID": 4, "drafts": 1, "drafts counted": 1, "every state": 4, "every state counted": 4,
		"drafts on rope": 1, "drafts by bo": 1, "by the tag secret": 1, "drafts found": 1, "every state found": 4,
		"tag(secret)": 1, "tags by ID": 2,
	})
	nothing := map[string]int{}
	for way := range reading {
		nothing[way] = 0
	}
	for name, test := range map[string]struct {
		viewer logic.Viewer
		want   map[string]int
	}{
		"nobody":                   {logic.Viewer{Limit: logic.AllScopes}, reading},
		"an author of others":      {logic.Viewer{Limit: logic.AllScopes, SessionLimit: logic.AllScopes, User: 1, Role: logic.RoleAuthor}, reading},
		"an editor":                {logic.Viewer{Limit: logic.AllScopes, SessionLimit: logic.AllScopes, User: 1, Role: logic.RoleEditor}, editing},
		"a key for drafts":         {logic.Viewer{Limit: logic.ScopesOf(logic.ScopePostsRead, logic.ScopeDraftsRead), Secret: true}, editing},
		"a key for drafts alone":   {logic.Viewer{Limit: logic.ScopesOf(logic.ScopeDraftsRead), Secret: true}, nothing},
		"a key for something else": {logic.Viewer{Limit: logic.ScopesOf(logic.ScopeMetricsRead), Secret: true}, nothing},
		"the zero viewer":          {logic.Viewer{}, nothing},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, w.findAll(t, as(t, test.viewer), posts)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// findAll counts what each way leads the viewer of ctx to.
func (w *world) findAll(t *testing.T, ctx context.Context, posts map[string]content.Post) map[string]int {
	t.Helper()
	found := map[string]int{}
	note := func(way string, count int, err error) {
		if err != nil && logic.CodeOf(err) != logic.CodeNotFound {
			t.Errorf("%s: %v", way, err)
		}
		found[way] = count
	}
	for _, slug := range []string{"older", "draft"} {
		_, err := w.Post(ctx, slug)
		note("post("+slug+")", count(err == nil), err)
	}
	var ids []logic.PostID
	for _, post := range posts {
		ids = append(ids, post.ID)
	}
	byID, err := w.PostsByID(ctx, ids)
	note("by ID", len(byID), err)
	for _, slug := range []string{"older", "newer"} {
		next, err := w.NextPosts(ctx, []logic.PostID{posts[slug].ID})
		note("after "+slug, len(next), err)
	}
	previous, err := w.PreviousPosts(ctx, []logic.PostID{posts["newer"].ID})
	note("before newer", len(previous), err)
	related, err := w.Related(ctx, []logic.PostID{posts["older"].ID}, 5)
	note("related to older", len(related[posts["older"].ID]), err)

	w.findListed(t, ctx, posts, note)
	w.findTags(ctx, posts["draft"].TagIDs, note)
	return found
}

func (w *world) findListed(t *testing.T, ctx context.Context, posts map[string]content.Post, note func(string, int, error)) {
	t.Helper()
	every := &content.PostFilter{Status: []content.PostStatus{
		content.PostStatusDraft, content.PostStatusScheduled, content.PostStatusPublished, content.PostStatusArchived,
	}}
	drafts := &content.PostFilter{Status: []content.PostStatus{content.PostStatusDraft}}
	secret := &content.PostFilter{Status: every.Status, Tags: []string{"secret"}}
	for way, ask := range map[string]struct {
		list    content.PostList
		filter  *content.PostFilter
		counted bool
	}{
		"listed":            {content.AllPosts, nil, false},
		"drafts":            {content.AllPosts, drafts, true},
		"every state":       {content.AllPosts, every, true},
		"by the tag secret": {content.AllPosts, secret, false},
		"drafts on rope":    {content.PostList(posts["older"].TagIDs[0]), drafts, false},
		"drafts by bo":      {content.PostList(posts["draft"].AuthorIDs[0]), drafts, false},
	} {
		query, err := w.PostQuery(ctx, ask.filter, nil, logic.PageArgs{})
		if err != nil {
			t.Fatal(err)
		}
		pages, err := w.PostPages(ctx, []content.PostList{ask.list}, query)
		note(way, len(pages[ask.list].Items), err)
		if ask.counted {
			counts, err := w.CountPosts(ctx, []content.PostList{ask.list}, query)
			note(way+" counted", int(counts[ask.list]), err)
		}
		if ask.filter == every {
			have, err := w.HavePosts(ctx, []content.PostList{ask.list}, query, logic.Window{Limit: 1})
			note(way+" beyond", count(have[ask.list]), err)
		}
	}
	for way, filter := range map[string]*content.PostFilter{"found": nil, "drafts found": drafts, "every state found": every} {
		query, err := w.SearchQuery(ctx, "text", filter, logic.PageArgs{})
		if err != nil {
			t.Fatal(err)
		}
		hits, err := w.SearchPosts(ctx, query)
		note(way, len(hits.Items), err)
		if filter == nil {
			n, err := w.CountSearch(ctx, query)
			note(way+" counted", int(n), err)
		}
	}
}

func (w *world) findTags(ctx context.Context, ids []logic.TagID, note func(string, int, error)) {
	for _, slug := range []string{"rope", "secret"} {
		tag, err := w.Tag(ctx, slug)
		note("tag("+slug+")", count(tag.Slug == slug), err)
	}
	byID, err := w.KnownTagsByID(ctx, ids)
	note("tags by ID", len(byID), err)
	query, err := w.TagQuery(nil, logic.PageArgs{})
	note("tags", 0, err)
	page, err := w.Tags(ctx, query)
	note("tags", len(page.Items), err)
	n, err := w.CountTags(ctx)
	note("tags counted", int(n), err)
	have, err := w.HaveTags(ctx, query, logic.Window{Limit: 1})
	note("tags beyond", count(have), err)
}

func count(there bool) int {
	if there {
		return 1
	}
	return 0
}
