package graph

import (
	"context"

	"headwater/graph/direct"
)

// briefPost names the fields of posts that are answered by what is read of a brief one: see content.PostQuery.
var briefPost = map[string]func(*direct.Set) bool{
	"id": nil, "kind": nil, "slug": nil, "title": nil, "status": nil, "url": nil, "publishedAt": nil,
	"html": nil, "text": nil, "headings": nil, "wordCount": nil, "readingMinutes": nil,
	"author": nil, "authors": nil, "tags": nil, "next": nil, "previous": nil, "related": nil, "views": nil, "metrics": nil,
}

// briefList names the fields of connections of posts, and of their edges, below which there are posts.
var briefList = map[string]func(*direct.Set) bool{
	"nodes": hasBriefPosts, "edges": hasBriefEdges, "pageInfo": nil, "totalCount": nil,
}

var briefEdge = map[string]func(*direct.Set) bool{"node": hasBriefPosts, "cursor": nil}

func hasBriefPosts(posts *direct.Set) bool { return posts.HasOnly(briefPost) }
func hasBriefEdges(edges *direct.Set) bool { return edges.HasOnly(briefEdge) }

// userNames names the fields of users that are answered by their names: see account.UserNamesByID.
var userNames = map[string]func(*direct.Set) bool{"id": nil, "username": nil, "name": nil}

// tagNames names the fields of tags that are answered by their names: see content.TagNamesByID.
var tagNames = map[string]func(*direct.Set) bool{"id": nil, "slug": nil, "name": nil}

// selectsOnly tells whether nothing is selected of what the resolver under way brings but what allowed names. Where that is not
// known, everything may be selected.
func selectsOnly(ctx context.Context, allowed map[string]func(*direct.Set) bool) bool {
	selected, known := direct.Selected(ctx)
	for _, set := range selected {
		known = known && set.HasOnly(allowed)
	}
	return known
}
