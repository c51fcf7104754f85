package content

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

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

// TestRights has a row for each kind of viewer, and in it what may be done with each post: r read, e edit, p publish, or - none of it.
func TestRights(t *testing.T) {
	const me, other = logic.UserID(1), logic.UserID(2)
	person := func(role logic.Role, limit logic.Scopes) logic.Viewer {
		return logic.Viewer{Limit: limit, SessionLimit: logic.AllScopes, User: me, Role: role}
	}
	key := func(scopes ...logic.Scope) logic.Viewer {
		return logic.Viewer{Limit: logic.ScopesOf(scopes...), Secret: true}
	}
	posts := []Post{
		{Status: PostStatusPublished, AuthorIDs: []logic.UserID{other}},
		{Status: PostStatusDraft, AuthorIDs: []logic.UserID{other}},
		{Status: PostStatusPublished, AuthorIDs: []logic.UserID{other}, DeletedAt: new(logic.Moment(1))},
		{Status: PostStatusPublished, AuthorIDs: []logic.UserID{other, me}},
		{Status: PostStatusDraft, AuthorIDs: []logic.UserID{other, me}},
		{Status: PostStatusArchived, AuthorIDs: []logic.UserID{me}, DeletedAt: new(logic.Moment(1))},
		{Status: "NEW", AuthorIDs: []logic.UserID{me}},
	}
	// in order: published, draft and trashed of someone else's; published, draft and trashed of one's own; what nobody has thought of
	for name, test := range map[string]struct {
		viewer logic.Viewer
		want   string
	}{
		"the zero viewer":                   {logic.Viewer{}, "- - - - - - -"},
		"nobody":                            {anonymous, "r - - r - - -"},
		"a reader":                          {person(logic.RoleReader, logic.AllScopes), "r - - r - - -"},
		"an author":                         {person(logic.RoleAuthor, logic.AllScopes), "r - - re re re -"},
		"an author in a reader's client":    {person(logic.RoleAuthor, logic.Anonymous), "r - - r - - -"},
		"an editor":                         {person(logic.RoleEditor, logic.AllScopes), "rep rep rep rep rep rep -"},
		"an editor without drafts":          {person(logic.RoleEditor, logic.ScopesOf(logic.ScopePostsRead, logic.ScopePostsWrite, logic.ScopePostsPublish)), "r - - rep rep rep -"},
		"an editor who reads alone":         {person(logic.RoleEditor, logic.ScopesOf(logic.ScopePostsRead, logic.ScopeDraftsRead)), "r r r r r r -"},
		"a key for posts":                   {key(logic.ScopePostsRead), "r - - r - - -"},
		"a key for drafts":                  {key(logic.ScopePostsRead, logic.ScopeDraftsRead), "r r r r r r -"},
		"a key that writes":                 {key(logic.ScopePostsRead, logic.ScopePostsWrite), "r - - r - - -"},
		"a key that writes drafts":          {key(logic.ScopePostsRead, logic.ScopeDraftsRead, logic.ScopePostsWrite), "re re re re re re -"},
		"a key that writes and cannot read": {key(logic.ScopeDraftsRead, logic.ScopePostsWrite, logic.ScopePostsPublish), "- - - - - - -"},
		"the command line":                  {logic.Operator(), "rep rep rep rep rep rep -"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, post := range posts {
				rights := ""
				for _, right := range []struct {
					letter string
					may    bool
				}{{"r", CanRead(test.viewer, post)}, {"e", CanEdit(test.viewer, post)}, {"p", CanPublish(test.viewer, post)}} {
					if right.may {
						rights += right.letter
					}
				}
				got = append(got, cmp.Or(rights, "-"))

				all, own := readableStates(test.viewer, []PostStatus{post.Status}, post.DeletedAt != nil)
				listed := len(all) > 0 || len(own) > 0 && slices.Contains(post.AuthorIDs, test.viewer.User)
				if listed != CanRead(test.viewer, post) {
					t.Errorf("%+v is listed: %t, and may be read: %t", post, listed, !listed)
				}
			}
			if got := strings.Join(got, " "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

var (
	anonymous = logic.Viewer{Limit: logic.AllScopes}
	author    = logic.Viewer{Limit: logic.AllScopes, SessionLimit: logic.AllScopes, User: 7, Role: logic.RoleAuthor}
	editor    = logic.Viewer{Limit: logic.AllScopes, SessionLimit: logic.AllScopes, User: 1, Role: logic.RoleEditor}
)

func TestPostQueryCutsDownToWhatTheViewerMayRead(t *testing.T) {
	articles, published := []PostKind{PostKindArticle}, []PostStatus{PostStatusPublished}
	both, draft := []PostKind{PostKindArticle, PostKindPage}, []PostStatus{PostStatusDraft}
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
		"trash":           {"readers have none", anonymous, &PostFilter{Trashed: new(true)}, PostQuery{Trashed: true, Kinds: both, Order: newest, Window: page}},
		"an author's":     {"drafts of their own, and what all see", author, &PostFilter{Status: []PostStatus{PostStatusPublished, PostStatusDraft}}, PostQuery{States: published, OwnStates: draft, Owner: 7, Kinds: articles, Order: newest, Window: page}},
		"an author's own": {"nobody else's", author, &PostFilter{Status: draft}, PostQuery{OwnStates: draft, Owner: 7, Kinds: articles, Order: newest, Window: page}},
		"own trash":       {"all that lies there, but of others", author, &PostFilter{Trashed: new(true)}, PostQuery{OwnStates: EveryStatus(), Owner: 7, Trashed: true, Kinds: both, Order: newest, Window: page}},
		"some of it":      {"conditions add up", author, &PostFilter{Trashed: new(true), Status: draft, Kind: articles}, PostQuery{OwnStates: draft, Owner: 7, Trashed: true, Kinds: articles, Order: newest, Window: page}},
		"all trash":       {"editors see all of it", editor, &PostFilter{Trashed: new(true)}, PostQuery{States: EveryStatus(), Trashed: true, Kinds: both, Order: newest, Window: page}},
		"none of none":    {"what must be one of none is nothing", author, &PostFilter{Status: draft, Authors: []string{}}, PostQuery{Kinds: articles, Order: newest, Window: page}},
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
			if diff := gocmp.Diff(test.want, got); diff != "" {
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
		if diff := gocmp.Diff(want, faults[i].Field); diff != "" {
			t.Errorf("fault %d (-want +got)\n%s", i, diff)
		}
	}
}
