package graph_test

import (
	"fmt"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/content"
)

// mustFill puts posts into the world, by many authors and on many tags, each on several of them; every second post has edits that are not
// published.
func (w *world) mustFill(t testing.TB, posts int) {
	t.Helper()
	for i := range posts {
		in := content.PostImport{
			Source: fmt.Sprintf("post-%d.md", i), Title: fmt.Sprintf("Post %d", i), PublishedAt: now.Add(-time.Duration(i+1) * time.Hour),
			Markdown: fmt.Sprintf("# Heading %d\n\nSome words about number %d and its like.\n", i, i),
			Authors:  []string{fmt.Sprintf("Author %d", i%23), fmt.Sprintf("Author %d", (i*7+1)%23)},
			Tags:     []string{fmt.Sprintf("Tag %d", i%17), fmt.Sprintf("Tag %d", (i*5+2)%17), fmt.Sprintf("Tag %d", (i*3+1)%17)},
		}
		imported, err := w.services.Content.ImportPost(operator(t.Context()), in)
		if err == nil && i%2 == 0 {
			edits := content.UpdatePostInput{Markdown: new(in.Markdown + "\nAnd more.\n")}
			_, err = w.services.Content.UpdatePost(operator(t.Context()), imported.Post.ID, imported.Post.Revision, edits, false)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestNoQueryCostsMoreForALongerPage asks every field of things in lists, and of things in lists within those.
func TestNoQueryCostsMoreForALongerPage(t *testing.T) {
	w := openWorld(t)
	w.mustFill(t, 120)
	key := w.mustKey(t, logic.AllScopes.List()...)
	for name, query := range map[string]string{
		"posts": `query ($first: Int!) { posts(first: $first) { totalCount pageInfo { hasNextPage hasPreviousPage } nodes {
			url excerpt html text headings { text } wordCount readingMinutes author { name } authors { name } tags { name postCount }
			next { slug author { name } } previous { slug tags { name } } related { slug author { name } } views
			metrics(range: { from: "2026-11-01", to: "2026-11-27" }) { totals { views } series { views } referrers { value } }
		} } }`,
		"their tags and authors, and the posts of those": `query ($first: Int!) { posts(first: $first) { nodes {
			tags { posts(first: 2) { totalCount nodes { title author { name posts(last: 1) { totalCount nodes { title } } } } pageInfo { hasNextPage hasPreviousPage } } }
			authors { posts(first: 3) { nodes { tags { name } } pageInfo { hasNextPage } } }
		} } }`,
		"edges, as deep": `query ($first: Int!) { posts(first: $first) { edges { node { tags { posts(first: 2) { edges { node { author { name } } } } } } } } }`,
		"one field by two arguments": `query ($first: Int!) { posts(first: $first) { nodes {
			short: excerpt(length: 10) long: excerpt(length: 500) one: related(first: 1) { slug } two: related(first: 2) { slug }
			author { new: posts(first: 1) { nodes { slug } } old: posts(last: 1) { nodes { slug } } german: posts(filter: { languages: ["de"] }) { totalCount } }
		} } }`,
		"tags":  `query ($first: Int!) { tags(first: $first) { nodes { posts(first: 5) { totalCount nodes { excerpt author { name } } pageInfo { hasNextPage } } } } }`,
		"users": `query ($first: Int!) { users(first: $first) { nodes { posts(first: 5) { totalCount nodes { excerpt tags { name } } pageInfo { hasNextPage } } } } }`,
		"users by a filter": `query ($first: Int!) { users(first: $first, filter: { role: AUTHOR }) { totalCount pageInfo { hasNextPage } nodes {
			email role deactivatedAt posts(first: 2, filter: { status: [DRAFT, PUBLISHED] }) { totalCount nodes { author { email } } }
		} } }`,
		"posts in every state": `query ($first: Int!) { posts(first: $first, filter: { status: [DRAFT, SCHEDULED, PUBLISHED, ARCHIVED] }) { totalCount nodes {
			status author { name email } tags { name } next { slug } related { slug }
		} } }`,
		"search":    `query ($first: Int!) { searchPosts(query: "words", first: $first) { edges { snippet node { author { name } tags { name } views } } } }`,
		"top posts": `query ($first: Int!) { metrics(range: { from: "2026-11-01", to: "2026-11-27" }) { topPosts(first: $first) { post { author { name } } } } }`,
	} {
		w.mustCostAlike(t, key, name, query, 5, 50)
	}
	// Whole texts of revisions, and what is worked out while somebody waits, weigh too much for longer pages.
	w.mustCostAlike(t, key, "posts with their edits", `query ($first: Int!) { posts(first: $first) { nodes {
		revision markdown scheduledFor deletedAt viewerCanEdit viewerCanPublish
		workingCopy { number title markdown autosaved editor { name } authors { name } client { name } }
		revisions(first: 2) { totalCount nodes { number markdown authors { name } editor { name } client { name } } pageInfo { hasNextPage hasPreviousPage } }
	} } }`, 2, 6)
	w.mustCostAlike(t, key, "edits rendered", `query ($first: Int!) { posts(first: $first) { nodes { title workingCopy { html } } } }`, 2, 20)
	w.mustCostAlike(t, key, "edits compared", `query ($first: Int!) { posts(first: $first) { nodes { revisions(first: 2) { nodes { diff } } } } }`, 2, 20)
}

// mustCostAlike fails the test unless a query takes as many statements for a short page as for a long one.
func (w *world) mustCostAlike(t *testing.T, key, name, query string, short, long int) {
	t.Helper()
	statements := map[int]int64{}
	for _, first := range []int{long, short, long} { // at first for the names that are remembered
		got := w.postAs(t, key, query, map[string]any{"first": first})
		if err := firstError(t, got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		statements[first] = got.Statements
	}
	if statements[short] != statements[long] {
		t.Errorf("%s: %d statements for %d, %d for %d", name, statements[short], short, statements[long], long)
	}
}
