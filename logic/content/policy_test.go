package content

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
)

func TestCanRead(t *testing.T) {
	every := []PostStatus{PostStatusDraft, PostStatusScheduled, PostStatusPublished, PostStatusArchived}
	published := []PostStatus{PostStatusPublished}
	person := func(role logic.Role) logic.Viewer {
		return logic.Viewer{Limit: logic.AllScopes, SessionLimit: logic.AllScopes, User: 1, Role: role}
	}
	key := func(scopes ...logic.Scope) logic.Viewer {
		return logic.Viewer{Limit: logic.ScopesOf(scopes...), Secret: true}
	}
	for name, test := range map[string]struct {
		reason string
		viewer logic.Viewer
		want   []PostStatus
	}{
		"the zero viewer":             {"permission fails closed", logic.Viewer{}, nil},
		"nobody":                      {"what is published is for everyone", anonymous, published},
		"a reader":                    {"readers see what everyone sees", person(logic.RoleReader), published},
		"an author":                   {"authors do not see others' drafts", person(logic.RoleAuthor), published},
		"an editor":                   {"editors see everything", person(logic.RoleEditor), every},
		"an admin":                    {"admins see everything", person(logic.RoleAdmin), every},
		"an admin in the reader's":    {"the client's ceiling is a limit", logic.Viewer{Limit: logic.Anonymous, SessionLimit: logic.AllScopes, User: 1, Role: logic.RoleAdmin}, published},
		"nobody, where drafts may be": {"a publishable key gives nobody more", logic.Viewer{Limit: logic.AllScopes}, published},
		"a key for posts":             {"its scopes are what it may", key(logic.ScopePostsRead), published},
		"a key for drafts":            {"its scopes are what it may", key(logic.ScopePostsRead, logic.ScopeDraftsRead), every},
		"a key for drafts alone":      {"drafts are posts", key(logic.ScopeDraftsRead), nil},
		"a key for something else":    {"writing is not reading", key(logic.ScopePostsWrite, logic.ScopePostsPublish, logic.ScopeMetricsWrite), nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, status := range append(every, "NEW", "") { // what nobody has thought of is closed
				if got, want := CanRead(test.viewer, Post{Status: status}), slices.Contains(test.want, status); got != want {
					t.Errorf("CanRead %q = %t, want %t: %s", status, got, want, test.reason)
				}
			}
		})
	}
}

var (
	anonymous = logic.Viewer{Limit: logic.AllScopes}
	editor    = logic.Viewer{Limit: logic.AllScopes, SessionLimit: logic.AllScopes, User: 1, Role: logic.RoleEditor}
)

func TestPostQueryCutsDownToWhatTheViewerMayRead(t *testing.T) {
	articles, published := []PostKind{PostKindArticle}, []PostStatus{PostStatusPublished}
	newest := PostOrder{PostOrderPublishedAt, Descending}
	page := logic.Window{Limit: logic.DefaultPageSize}
	tests := map[string]struct {
		reason string
		viewer logic.Viewer
		filter *PostFilter
		want   PostQuery
	}{
		"nothing given":   {"the default is what readers come for", anonymous, nil, PostQuery{States: published, Kinds: articles, Order: newest, Window: page}},
		"empty filter":    {"the same", anonymous, &PostFilter{}, PostQuery{States: published, Kinds: articles, Order: newest, Window: page}},
		"drafts too":      {"a reader gets what they may of what they ask", anonymous, &PostFilter{Status: []PostStatus{PostStatusDraft, PostStatusPublished}}, PostQuery{States: published, Kinds: articles, Order: newest, Window: page}},
		"drafts alone":    {"nothing is left", anonymous, &PostFilter{Status: []PostStatus{PostStatusDraft}}, PostQuery{Kinds: articles, Order: newest, Window: page}},
		"trash":           {"readers have none", anonymous, &PostFilter{Trashed: new(true)}, PostQuery{Kinds: articles, Order: newest, Window: page}},
		"each value once": {"values are alternatives", anonymous, &PostFilter{Tags: []string{"b", "a", "b"}}, PostQuery{States: published, Kinds: articles, Tags: []string{"a", "b"}, Order: newest, Window: page}},
		"no alternative":  {"what must be one of none is nothing", anonymous, &PostFilter{Tags: []string{}}, PostQuery{Kinds: articles, Order: newest, Window: page}},
		"an editor":       {"drafts come to those who ask for them", editor, nil, PostQuery{States: published, Kinds: articles, Order: newest, Window: page}},
		"an editor's":     {"what is asked for", editor, &PostFilter{Status: []PostStatus{PostStatusDraft}}, PostQuery{States: []PostStatus{PostStatusDraft}, Kinds: articles, Order: newest, Window: page}},
		"the zero viewer": {"permission fails closed", logic.Viewer{}, nil, PostQuery{Kinds: articles, Order: newest, Window: page}},
	}
	service := New(nil, nil, nil, Options{})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := service.PostQuery(logic.WithViewer(t.Context(), test.viewer), test.filter, nil, logic.PageArgs{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", test.reason, diff)
			}
		})
	}
}

func TestPostQueryNamesEveryFault(t *testing.T) {
	const tooMany = maxFilterValues + 1
	same := slices.Repeat([]string{"a"}, tooMany)
	filter := &PostFilter{
		Status: slices.Repeat([]PostStatus{PostStatusDraft}, tooMany), Kind: slices.Repeat([]PostKind{PostKindPage}, tooMany),
		Tags: same, Authors: same, Languages: same,
	}
	_, err := New(nil, nil, nil, Options{}).PostQuery(t.Context(), filter, nil, logic.PageArgs{First: new(1000)})
	faults, ok := err.(logic.Faults)
	if !ok || len(faults) != 6 {
		t.Fatalf("want six faults, got %v", err)
	}
	for i, want := range [][]string{
		{"first"}, {"filter", "status"}, {"filter", "kind"}, {"filter", "tags"}, {"filter", "authors"}, {"filter", "languages"},
	} {
		if diff := cmp.Diff(want, faults[i].Field); diff != "" {
			t.Errorf("fault %d (-want +got)\n%s", i, diff)
		}
	}
}
