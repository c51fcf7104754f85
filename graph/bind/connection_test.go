package bind

import (
	"context"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

func TestPageInfo(t *testing.T) {
	place := &logic.Cursor{Order: "NAME", Key: 1}
	for name, c := range map[string]struct {
		window             logic.Window
		more, beyond       bool
		next, previous     bool
		reason             string
		asksNext, asksPrev bool
	}{
		"forward from the start, ended":  {window: logic.Window{Limit: 2}, reason: "nothing is in front of the first item"},
		"forward from the start, on":     {window: logic.Window{Limit: 2}, more: true, next: true, reason: "one row more was read"},
		"forward behind a cursor":        {window: logic.Window{Limit: 2, After: place}, beyond: true, previous: true, asksPrev: true, reason: "the cursor's item is in front"},
		"forward behind a cursor gone":   {window: logic.Window{Limit: 2, After: place}, asksPrev: true, reason: "all in front of it is gone"},
		"backward from the end, ended":   {window: logic.Window{Limit: 2, Backward: true}, reason: "nothing is behind the last item"},
		"backward from the end, on":      {window: logic.Window{Limit: 2, Backward: true}, more: true, previous: true, reason: "one row more was read"},
		"backward in front of a cursor":  {window: logic.Window{Limit: 2, Backward: true, Before: place}, beyond: true, next: true, asksNext: true, reason: "the cursor's item is behind"},
		"backward in front of one gone":  {window: logic.Window{Limit: 2, Backward: true, Before: place}, asksNext: true, reason: "all behind it is gone"},
		"backward, not down to a cursor": {window: logic.Window{Limit: 2, Backward: true, After: place}, more: true, previous: true, reason: "there is no end to the window but the list's"},
		"backward, down to a cursor":     {window: logic.Window{Limit: 2, Backward: true, After: place}, beyond: true, previous: true, asksPrev: true, reason: "the cursor's item is in front"},
		"forward, up to a cursor":        {window: logic.Window{Limit: 2, Before: place}, beyond: true, next: true, asksNext: true, reason: "the cursor's item is behind"},
		"forward, up to a cursor gone":   {window: logic.Window{Limit: 2, Before: place}, asksNext: true, reason: "all behind it is gone"},
		"forward, between two":           {window: logic.Window{Limit: 2, After: place, Before: place}, beyond: true, next: true, previous: true, asksNext: true, asksPrev: true, reason: "both are on the list"},
	} {
		asked, forward := 0, true
		rest := Rest{Have: func(_ context.Context, window logic.Window) (bool, error) {
			asked++
			if !window.Inclusive || window.Backward == forward {
				t.Errorf("%s: asked for %+v", name, window)
			}
			return c.beyond, nil
		}}
		info := TagConnectionOf(logic.Page[Tag]{More: c.more}, c.window, content.TagOrder{}, rest).PageInfo()
		if info.StartCursor() != nil || info.EndCursor() != nil {
			t.Errorf("%s: an empty page has a cursor", name)
		}
		if asked != 0 {
			t.Errorf("%s: asked before anyone wanted to know", name)
		}
		if next, err := info.HasNextPage(t.Context()); err != nil || next != c.next || (asked == 1) != c.asksNext {
			t.Errorf("%s: next is %v, %v, asked %d times (%s)", name, next, err, asked, c.reason)
		}
		asked, forward = 0, false
		if previous, err := info.HasPreviousPage(t.Context()); err != nil || previous != c.previous || (asked == 1) != c.asksPrev {
			t.Errorf("%s: previous is %v, %v, asked %d times (%s)", name, previous, err, asked, c.reason)
		}
	}
}

func TestConnectionHoldsItsPage(t *testing.T) {
	order := content.TagOrder{Field: content.TagOrderPostCount}
	tags := Tags([]content.Tag{{ID: 1, PostCount: 9}, {ID: 2, PostCount: 8}})
	connection := TagConnectionOf(logic.Page[Tag]{Items: tags}, logic.Window{Limit: 2}, order, Rest{})
	edges, info := connection.Edges(), connection.PageInfo()
	if len(edges) != 2 || len(connection.Nodes()) != 2 || edges[1].Node.ID != 2 {
		t.Fatalf("edges %v, nodes %v", edges, connection.Nodes())
	}
	if *info.StartCursor() != edges[0].Cursor() || *info.EndCursor() != edges[1].Cursor() {
		t.Error("the page begins or ends elsewhere than its edges")
	}
	want := logic.Cursor{Order: "POST_COUNT", Int: 8, Key: 2}
	if got := DecodeCursor(edges[1].Cursor()); got != want {
		t.Errorf("the last edge stands at %+v", got)
	}
}

func TestSearchEdgesHoldTheirPassage(t *testing.T) {
	hits := []content.SearchHit{
		{Post: content.Post{ID: 1}, Score: -2, Snippet: "a < " + content.SnippetStart + "b" + content.SnippetEnd},
		{Post: content.Post{ID: 2}, Score: -1},
	}
	connection := PostSearchConnectionOf(logic.Page[content.SearchHit]{Items: hits}, logic.Window{Limit: 2}, Rest{})
	edges := connection.Edges()
	if len(edges) != 2 || edges[0].Node.ID != 1 || edges[0].Snippet() != "a &lt; <mark>b</mark>" {
		t.Errorf("edges: %+v, %q", edges, edges[0].Snippet())
	}
	if got := DecodeCursor(edges[1].Cursor()); got != hits[1].Cursor() {
		t.Errorf("the second hit stands at %+v", got)
	}
	if edges[0].Node.Batch != edges[1].Node.Batch {
		t.Error("posts of one search are not in one batch")
	}
}
