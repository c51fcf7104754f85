package graph_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/content"
)

// mustFill puts posts into the world, by many authors and on many tags, each on several of them.
func (w *world) mustFill(t testing.TB, posts int) {
	t.Helper()
	for i := range posts {
		in := content.PostImport{
			Source: fmt.Sprintf("post-%d.md", i), Title: fmt.Sprintf("Post %d", i), PublishedAt: now.Add(-time.Duration(i+1) * time.Hour),
			Markdown: fmt.Sprintf("# Heading %d\n\nSome words about number %d and its like.\n", i, i),
			Authors:  []string{fmt.Sprintf("Author %d", i%23), fmt.Sprintf("Author %d", (i*7+1)%23)},
			Tags:     []string{fmt.Sprintf("Tag %d", i%17), fmt.Sprintf("Tag %d", (i*5+2)%17), fmt.Sprintf("Tag %d", (i*3+1)%17)},
		}
		if _, err := w.services.Content.ImportPost(operator(t.Context()), in); err != nil {
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
		short := w.postAs(t, key, query, map[string]any{"first": 5})
		long := w.postAs(t, key, query, map[string]any{"first": 50})
		for _, answer := range []answer{short, long} {
			var response struct{ Errors []any }
			if err := json.Unmarshal(answer.Response, &response); err != nil || len(response.Errors) > 0 {
				t.Fatalf("%s: %v, %v", name, err, response.Errors)
			}
		}
		if short.Statements != long.Statements {
			t.Errorf("%s: %d statements for 5, %d for 50", name, short.Statements, long.Statements)
		}
	}
}
