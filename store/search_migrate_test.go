package store

import (
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

// lastWithOneIndex is the newest database with one index of all words, and without slugs of posts and tags.
const lastWithOneIndex = 4

// olderPosts are a published post, a draft and a scheduled one as such a database has them.
const olderPosts = `
	INSERT INTO account (id, username, name, sort_key, created_at, listed) VALUES (200000, 'user-0', 'user-0', 'user-0', 1, 1);
	INSERT INTO tag (id, slug, name, sort_key, post_count, listed) VALUES (100000, 'tag-0', 'Tag 0', 'tag 0', 1, 1);
	INSERT INTO language (id, code) VALUES (-1, 'en');
	INSERT INTO post (id, kind, slug, title, status, author_ids, tag_ids, language, published_at, created_at, updated_at, sort_key) VALUES
		(1000, 'ARTICLE', 'one', 'One', 'PUBLISHED', '[200000]', '[100000]', 'en', 5, 1, 5, 'one'),
		(1001, 'ARTICLE', 'two', 'Two', 'DRAFT', '[200000]', '[100000]', 'en', NULL, 1, 5, 'two'),
		(1002, 'ARTICLE', 'three', 'Three', 'SCHEDULED', '[200000]', '[100000]', 'en', 9, 1, 5, 'three');
	INSERT INTO post_text (post_id, title, word_count, headings, lead, text, html, markdown) VALUES
		(1000, 'One', 2, '[]', 'Running water.', 'Running water.', '<p>Running water.</p>', 'Running water.'),
		(1001, 'Two', 2, '[]', 'Running dry.', 'Running dry.', '<p>Running dry.</p>', 'Running dry.'),
		(1002, 'Three', 2, '[]', 'Run on.', 'Run on.', '<p>Run on.</p>', 'Run on.');
	INSERT INTO post_list (list, post_id, shelf, published_at, updated_at, created_at, sort_key)
		SELECT list.value, post.id, shelf.value, post.published_at, post.updated_at, post.created_at, post.sort_key
		FROM post, json_each('[0, 100000, 200000, -1]') AS list, json_each('{"PUBLISHED": 4, "DRAFT": 0, "SCHEDULED": 2}') AS shelf
		WHERE shelf.key = post.status;
	INSERT INTO post_list_size (list, shelf, posts) SELECT list, shelf, count(*) FROM post_list GROUP BY list, shelf;
	INSERT INTO post_search (rowid, title, text) SELECT post_id, title, text FROM post_text;`

func TestPostsOfAnOlderDatabaseAreFound(t *testing.T) {
	dir := t.TempDir()
	fillOlder(t, dir, lastWithOneIndex, olderPosts)

	s := openIn(t, dir)
	checkBooks(t, s)
	hidden := published()
	hidden.States = []content.PostStatus{content.PostStatusDraft, content.PostStatusScheduled}
	for name, c := range map[string]struct {
		query content.SearchQuery
		want  int
	}{
		"a word":               {content.SearchQuery{Terms: []content.SearchTerm{word("run")}, Posts: published()}, 1},
		"a beginning":          {content.SearchQuery{Terms: []content.SearchTerm{{Words: []string{"runn"}, Prefix: true}}, Posts: published()}, 1},
		"a tag":                {content.SearchQuery{Tags: []string{"tag-0"}, Posts: published()}, 1},
		"a word in drafts":     {content.SearchQuery{Terms: []content.SearchTerm{word("run")}, Posts: hidden}, 2},
		"a beginning in draft": {content.SearchQuery{Terms: []content.SearchTerm{{Words: []string{"runn"}, Prefix: true}}, Posts: hidden}, 1},
	} {
		if hits := mustSearch(t, s, c.query); len(hits) != c.want {
			t.Errorf("%s finds %+v, want %d", name, hits, c.want)
		}
	}
	for _, slug := range []string{"one", "two", "three"} {
		if _, err := s.Content().PostBySlug(t.Context(), slug); err != nil {
			t.Errorf("the post %s: %v", slug, err)
		}
	}
	if tag, err := s.Content().TagBySlug(t.Context(), "tag-0"); err != nil || tag.ID != firstTag {
		t.Errorf("%+v, %v", tag, err)
	}
	if tag, err := s.Content().ListedTag(t.Context(), "tag-0", 0); err != nil || tag.ID != firstTag {
		t.Errorf("readers get %+v, %v", tag, err)
	}
	if got := mustGet[int](t, s, `SELECT public FROM tag_slug WHERE slug = 'tag-0'`); got != 1 {
		t.Error("the slug that readers see is not known as such")
	}
	// When a post was planned for is no date that its writer gave.
	planned, err := s.Content().RevisionByNumber(t.Context(), firstPost+2, 1)
	if err != nil || planned.PublishedAt != nil {
		t.Errorf("what was planned has the date %v, %v", planned.PublishedAt, err)
	}
	if given, err := s.Content().RevisionByNumber(t.Context(), firstPost, 1); err != nil || given.PublishedAt == nil {
		t.Errorf("what is published has no date, %v", err)
	}
	// What was there before is changed as what is new.
	posts, err := s.Content().PostsByID(t.Context(), []logic.PostID{firstPost, firstPost + 1})
	if err != nil || len(posts) != 2 {
		t.Fatalf("%+v, %v", posts, err)
	}
	one, two := posts[firstPost], posts[firstPost+1]
	one.DeletedAt, two.Status, two.PublishedAt = new(testNow), content.PostStatusPublished, new(testNow)
	mustWrite(t, s, func(w *writer) error { return w.UpdatePost(t.Context(), one, newText("Gone.")) })
	mustWrite(t, s, func(w *writer) error { return w.MovePost(t.Context(), two) })
	checkBooks(t, s)
}

func TestTheOlderSearchComesBack(t *testing.T) {
	s := openWritings(t)
	back := openSteps(s.pool.path)
	defer back.Close()
	provider := stepsOf(t, back)
	if _, err := provider.DownTo(t.Context(), lastWithOneIndex); err != nil {
		t.Fatal(err)
	}
	if got := mustGet[int](t, s, `SELECT count(*) FROM post_search WHERE post_search MATCH 'river'`); got != 3 {
		t.Errorf("found %d posts, want 3", got)
	}
}
