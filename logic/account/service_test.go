package account_test

import (
	"path/filepath"
	"slices"
	"testing"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/store"
)

const now logic.Moment = 1_767_225_600_000 // 2026-01-01

func TestReadersKnowOfAuthorsOfWhatTheySee(t *testing.T) {
	ctx := t.Context()
	clock := func() logic.Moment { return now }
	opened, err := store.Open(ctx, store.Options{Dir: filepath.Join(t.TempDir(), "data"), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	posts, users := content.New(opened.Content(), clock, opened.Keys()), account.New(opened.Account())
	ids := map[string]logic.UserID{}
	for slug, author := range map[string]string{"draft": "Dan Draft", "published": "Éva Quill", "page": "Ada Page", "scheduled": "Sam Later"} {
		in := content.PostImport{
			Source: slug, Slug: slug, Title: slug, Authors: []string{author}, PublishedAt: now - 1, Kind: content.PostKindArticle, Draft: slug == "draft",
		}
		switch slug {
		case "page":
			in.Kind = content.PostKindPage
		case "scheduled":
			in.PublishedAt = now + 1
		}
		result, err := posts.ImportPost(ctx, in)
		if err != nil {
			t.Fatal(err)
		}
		ids[slug] = result.Post.AuthorIDs[0]
	}
	if user, err := users.User(ctx, "eva-quill"); err != nil || user.Name != "Éva Quill" || user.ID != ids["published"] || user.CreatedAt != now {
		t.Errorf("an author of a published post is %+v, %v", user, err)
	}
	for _, username := range []string{"dan-draft", "sam-later", "nobody", ""} {
		if _, err := users.User(ctx, username); logic.CodeOf(err) != logic.CodeNotFound {
			t.Errorf("%q: %v, want NOT_FOUND", username, err)
		}
	}
	window, err := users.Window(logic.PageArgs{First: new(10)})
	if err != nil {
		t.Fatal(err)
	}
	page, err := users.Users(ctx, window)
	var names []string
	for _, user := range page.Items {
		names = append(names, user.Name)
	}
	if want := []string{"Ada Page", "Éva Quill"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("the list is %q, %v; want %q", names, err, want)
	}
	if n, err := users.CountUsers(ctx); n != 2 || err != nil {
		t.Errorf("%d users, %v; want 2", n, err)
	}
	all := []logic.UserID{ids["draft"], ids["published"], ids["scheduled"]}
	if listed, err := users.ListedUsersByID(ctx, all); err != nil || len(listed) != 1 || listed[ids["published"]].Username != "eva-quill" {
		t.Errorf("listed by keys: %v, %v", listed, err)
	}
	if byID, err := users.UsersByID(ctx, all); err != nil || len(byID) != 3 {
		t.Errorf("by keys: %v, %v", byID, err)
	}
	behind := page.Items[1].Cursor()
	window.After = &behind
	if have, err := users.HaveUsers(ctx, window); have || err != nil {
		t.Errorf("behind the last: %t, %v", have, err)
	}
	if _, err := users.Window(logic.PageArgs{First: new(-1)}); logic.CodeOf(err) != logic.CodeInvalid {
		t.Errorf("less than nothing: %v", err)
	}
}
