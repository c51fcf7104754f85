package graph_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shownPage is a page of posts as a frontend gets it.
type shownPage struct {
	Edges []struct {
		Cursor string
		Node   struct{ Slug string }
	}
	PageInfo struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       *string
	}
	TotalCount int
}

// TestPagesAreTheListsTheyAreOf asks for every page that first or last, after and before can name, and compares it with
// the part of the whole list that it must be.
func TestPagesAreTheListsTheyAreOf(t *testing.T) {
	w := openWorld(t)
	w.mustFill(t, 30)
	for name, list := range map[string]struct{ query, path string }{
		"posts":        {`query (%s) { page: posts(%s, orderBy: { field: TITLE, direction: ASC }) %s }`, ""},
		"a tag's":      {`query (%s) { tag(slug: "tag-1") { page: posts(%s) %s } }`, "tag"},
		"an author's":  {`query (%s) { user(username: "author-1") { page: posts(%s, orderBy: { field: CREATED_AT, direction: DESC }) %s } }`, "user"},
		"with filters": {`query (%s) { page: posts(%s, filter: { tags: ["tag-1", "tag-2"], authors: ["author-1", "author-2", "author-3", "author-9"] }) %s }`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			query := fmt.Sprintf(list.query, "$first: Int, $after: String, $last: Int, $before: String",
				"first: $first, after: $after, last: $last, before: $before",
				"{ edges { cursor node { slug } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }")
			ask := func(variables map[string]any) shownPage { return w.mustPage(t, query, list.path, variables) }
			whole := ask(map[string]any{"first": 100})
			if len(whole.Edges) < 3 || whole.TotalCount != len(whole.Edges) {
				t.Fatalf("%d posts of %d: too few to page", len(whole.Edges), whole.TotalCount)
			}
			for after := -1; after < len(whole.Edges); after += 2 {
				for before := 0; before <= len(whole.Edges); before += 3 {
					for _, size := range []int{0, 1, 2, 100} {
						for _, direction := range []string{"first", "last"} {
							variables := map[string]any{direction: size}
							from, to := 0, len(whole.Edges)
							if after >= 0 {
								variables["after"], from = whole.Edges[after].Cursor, after+1
							}
							if before < len(whole.Edges) {
								variables["before"], to = whole.Edges[before].Cursor, before
							}
							to = max(from, to)
							if direction == "first" {
								to = min(to, from+size)
							} else {
								from = max(from, to-size)
							}
							got := ask(variables)
							want := whole.Edges[from:to]
							if diff := cmp.Diff(want, got.Edges); diff != "" && len(want)+len(got.Edges) > 0 {
								t.Fatalf("%v: %s", variables, diff)
							}
							if len(want) > 0 && (got.PageInfo.HasPreviousPage != (from > 0) || got.PageInfo.HasNextPage != (to < len(whole.Edges))) {
								t.Fatalf("%v: items %d to %d of %d, and %+v", variables, from, to, len(whole.Edges), got.PageInfo)
							}
							if got.TotalCount != len(whole.Edges) {
								t.Fatalf("%v: %d in all, not %d", variables, got.TotalCount, len(whole.Edges))
							}
						}
					}
				}
			}
		})
	}
}

// mustPage returns the page at the given field, or at the root where that is empty.
func (w *world) mustPage(t *testing.T, query, path string, variables map[string]any) shownPage {
	t.Helper()
	var response struct {
		Data   map[string]json.RawMessage
		Errors []any
	}
	if err := json.Unmarshal(w.post(t, query, variables).Response, &response); err != nil || len(response.Errors) > 0 {
		t.Fatalf("%v: %v, %v", variables, err, response.Errors)
	}
	if path != "" {
		if err := json.Unmarshal(response.Data[path], &response.Data); err != nil {
			t.Fatal(err)
		}
	}
	var page shownPage
	if err := json.Unmarshal(response.Data["page"], &page); err != nil {
		t.Fatal(err)
	}
	return page
}
