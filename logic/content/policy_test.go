package content

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
)

func TestCanRead(t *testing.T) {
	anonymous := logic.Viewer{}
	tests := map[string]struct {
		reason string
		viewer logic.Viewer
		status PostStatus
		want   bool
	}{
		"published":     {"what is published is for everyone", anonymous, PostStatusPublished, true},
		"draft":         {"no reader sees a draft", anonymous, PostStatusDraft, false},
		"scheduled":     {"its time has not come", anonymous, PostStatusScheduled, false},
		"archived":      {"it was taken back", anonymous, PostStatusArchived, false},
		"unknown state": {"what nobody has thought of is closed", anonymous, PostStatus("NEW"), false},
		"no state":      {"what nobody has thought of is closed", anonymous, "", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := CanRead(test.viewer, Post{Status: test.status}); got != test.want {
				t.Errorf("CanRead = %t, want %t: %s", got, test.want, test.reason)
			}
		})
	}
}

func TestPostQueryCutsDownToWhatTheViewerMayRead(t *testing.T) {
	articles, published := []PostKind{PostKindArticle}, []PostStatus{PostStatusPublished}
	newest := PostOrder{PostOrderPublishedAt, Descending}
	page := logic.Window{Limit: logic.DefaultPageSize}
	tests := map[string]struct {
		reason string
		filter *PostFilter
		want   PostQuery
	}{
		"nothing given":   {"the default is what readers come for", nil, PostQuery{States: published, Kinds: articles, Order: newest, Window: page}},
		"empty filter":    {"the same", &PostFilter{}, PostQuery{States: published, Kinds: articles, Order: newest, Window: page}},
		"drafts too":      {"a reader gets what they may of what they ask", &PostFilter{Status: []PostStatus{PostStatusDraft, PostStatusPublished}}, PostQuery{States: published, Kinds: articles, Order: newest, Window: page}},
		"drafts alone":    {"nothing is left", &PostFilter{Status: []PostStatus{PostStatusDraft}}, PostQuery{Kinds: articles, Order: newest, Window: page}},
		"trash":           {"readers have none", &PostFilter{Trashed: new(true)}, PostQuery{Kinds: articles, Order: newest, Window: page}},
		"each value once": {"values are alternatives", &PostFilter{Tags: []string{"b", "a", "b"}}, PostQuery{States: published, Kinds: articles, Tags: []string{"a", "b"}, Order: newest, Window: page}},
		"no alternative":  {"what must be one of none is nothing", &PostFilter{Tags: []string{}}, PostQuery{Kinds: articles, Order: newest, Window: page}},
	}
	service := New(nil, nil, nil)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := service.PostQuery(context.Background(), test.filter, nil, logic.PageArgs{})
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
	_, err := New(nil, nil, nil).PostQuery(context.Background(), filter, nil, logic.PageArgs{First: new(1000)})
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
