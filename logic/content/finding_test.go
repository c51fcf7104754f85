package content_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/content"
)

// found returns the titles of what a search finds, in its order, and stops the test unless it counts the same.
func (w *world) found(t *testing.T, ctx context.Context, text string, filter *content.PostFilter) []string {
	t.Helper()
	query, err := w.SearchQuery(ctx, text, filter, logic.PageArgs{})
	if err != nil {
		t.Fatal(err)
	}
	page, err := w.SearchPosts(ctx, query)
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, hit := range page.Items {
		titles = append(titles, hit.Post.Title)
	}
	if n, err := w.CountSearch(ctx, query); err != nil || int(n) != len(titles) {
		t.Errorf("%q finds %q and counts %d, %v", text, titles, n, err)
	}
	return titles
}

// listed returns the titles in a list, in its order, and stops the test unless it counts the same.
func (w *world) listed(t *testing.T, ctx context.Context, list content.PostList, filter *content.PostFilter) []string {
	t.Helper()
	order := &content.PostOrder{Field: content.PostOrderTitle, Direction: content.Ascending}
	query, err := w.PostQuery(ctx, filter, order, logic.PageArgs{})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := w.PostPages(ctx, []content.PostList{list}, query)
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, post := range pages[list].Items {
		titles = append(titles, post.Title)
	}
	if counts, err := w.CountPosts(ctx, []content.PostList{list}, query); err != nil || int(counts[list]) != len(titles) {
		t.Errorf("the list is %q and counts %v, %v", titles, counts, err)
	}
	return titles
}

func TestAuthorsFindTheirOwnPosts(t *testing.T) {
	w, editing := newWritingWorld(t)
	adas, bos := as(t, person(ada, logic.RoleAuthor)), as(t, person(bo, logic.RoleAuthor))
	rope := w.mustPublish(t, editing, "Public", "Rope").TagIDs[0]
	w.mustCreate(t, editing, "Adas draft") // on the tag Rope
	thrown := w.mustCreate(t, editing, "Adas thrown")
	must(t)(w.DeletePost(editing, thrown.ID))
	must(t)(w.CreatePost(editing, content.CreatePostInput{
		Title: "Bos page", Markdown: "A secret text.", Kind: content.PostKindPage, Tags: []string{"Rope", "Secret"}, AuthorIDs: []logic.UserID{bo},
	}))
	must(t)(w.CreatePost(editing, content.CreatePostInput{Title: "Together", Markdown: "The text.", AuthorIDs: []logic.UserID{eva, ada, bo}}))

	every := content.PostFilter{Status: content.EveryStatus(), Kind: []content.PostKind{content.PostKindArticle, content.PostKindPage}}
	trash, ofAda, onRope := content.PostFilter{Trashed: new(true)}, every, every
	ofAda.Authors, onRope.Tags = []string{"ada"}, []string{"rope"}
	none := []string(nil)
	for name, want := range map[string]struct {
		ctx                          context.Context
		all, thrown, adas, tag, bos  []string
		foundThrown, foundText, beg  []string
		foundTag, foundAuthor, hides []string
		secret                       int
	}{
		"a reader": {
			ctx: reader(t), all: []string{"Public"}, adas: []string{"Public"}, tag: []string{"Public"},
			foundText: []string{"Public"}, beg: []string{"Public"}, foundTag: []string{"Public"}, foundAuthor: []string{"Public"}, hides: []string{"Public"},
		},
		"ada": {
			ctx: adas, all: []string{"Adas draft", "Public", "Together"}, thrown: []string{"Adas thrown"}, adas: []string{"Adas draft", "Public", "Together"},
			tag: []string{"Adas draft", "Public"}, bos: []string{"Together"}, foundThrown: []string{"Adas thrown"},
			foundText: []string{"Adas draft", "Public", "Together"}, beg: []string{"Adas draft", "Public", "Together"},
			foundTag: []string{"Adas draft", "Public"}, foundAuthor: []string{"Adas draft", "Public", "Together"}, hides: []string{"Public", "Together"},
		},
		"bo": {
			ctx: bos, all: []string{"Bos page", "Public", "Together"}, adas: []string{"Public", "Together"}, tag: []string{"Bos page", "Public"},
			bos: []string{"Bos page", "Together"}, foundText: []string{"Bos page", "Public", "Together"}, beg: []string{"Bos page", "Public", "Together"},
			foundTag: []string{"Bos page", "Public"}, foundAuthor: []string{"Public", "Together"}, hides: []string{"Public", "Together"}, secret: 1,
		},
		"an editor": {
			ctx: editing, all: []string{"Adas draft", "Bos page", "Public", "Together"}, thrown: []string{"Adas thrown"},
			adas: []string{"Adas draft", "Public", "Together"}, tag: []string{"Adas draft", "Bos page", "Public"}, bos: []string{"Bos page", "Together"},
			foundThrown: []string{"Adas thrown"}, foundText: []string{"Adas draft", "Bos page", "Public", "Together"},
			beg: []string{"Adas draft", "Bos page", "Public", "Together"}, foundTag: []string{"Adas draft", "Bos page", "Public"},
			foundAuthor: []string{"Adas draft", "Public", "Together"}, hides: []string{"Public", "Together"}, secret: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			sorted := func(text string, filter content.PostFilter) []string {
				titles := w.found(t, want.ctx, text, &filter)
				slices.Sort(titles)
				return titles
			}
			for what, pair := range map[string][2][]string{
				"every state":        {want.all, w.listed(t, want.ctx, content.AllPosts, &every)},
				"the trash":          {want.thrown, w.listed(t, want.ctx, content.AllPosts, &trash)},
				"by ada":             {want.adas, w.listed(t, want.ctx, content.AllPosts, &ofAda)},
				"on rope":            {want.tag, w.listed(t, want.ctx, content.AllPosts, &onRope)},
				"of the tag rope":    {want.tag, w.listed(t, want.ctx, content.PostList(rope), &every)},
				"of bo":              {want.bos, w.listed(t, want.ctx, content.PostList(bo), &every)},
				"a word":             {want.foundText, sorted("text", every)},
				"a beginning":        {want.beg, sorted("tex*", every)},
				"both":               {want.beg, sorted("text te*", every)},
				"in the trash":       {want.foundThrown, sorted("text", trash)},
				"beginning in trash": {want.foundThrown, sorted("tex*", trash)},
				"a tag":              {want.foundTag, sorted("tag:rope", every)},
				"an author":          {want.foundAuthor, sorted("author:ada", every)},
				"without":            {want.hides, sorted("text -adas -secret", every)},
				"with filter":        {want.adas, sorted("text", ofAda)},
				"by default":         {[]string{"Public"}, w.listed(t, want.ctx, content.AllPosts, nil)},
				"found by default":   {[]string{"Public"}, w.found(t, want.ctx, "text", nil)},
				"only what is left":  {none, w.found(t, want.ctx, "-absent", &every)},
			} {
				if diff := gocmp.Diff(pair[0], pair[1]); diff != "" {
					t.Errorf("%s (-want +got)\n%s", what, diff)
				}
			}
			if _, err := w.Tag(want.ctx, "secret"); count(err == nil) != want.secret {
				t.Errorf("the tag secret: %v", err)
			}
		})
	}
}

// newestRevision is the one value of a post that a working copy changes: only those who may edit the post are told it.
var newestRevision = regexp.MustCompile(`"Revision":\d+,`)

// seenByReaders writes down all that the ways of finding posts tell readers, scores and cursors too.
func (w *world) seenByReaders(t *testing.T) []string {
	t.Helper()
	var seen []string
	ctx := reader(t)
	note := func(what string, value any, err error) {
		if err != nil && logic.CodeOf(err) != logic.CodeNotFound {
			t.Fatalf("%s: %v", what, err)
		}
		written, failure := json.Marshal(value)
		if failure != nil {
			t.Fatal(failure)
		}
		seen = append(seen, fmt.Sprintf("%s: %s %v", what, newestRevision.ReplaceAll(written, nil), err))
	}
	var ids []logic.PostID
	for _, text := range []string{"river", "river water", "water*", "wat* river", "stone", "ston*", "river -stone", "river -sto*", "tag:rope", "tag:secret", "-tag:secret river",
		"author:ada", "author:bo", "river -author:bo", `"brown river"`} {
		for _, filter := range []*content.PostFilter{nil, {Status: content.EveryStatus(), Kind: []content.PostKind{content.PostKindArticle, content.PostKindPage}}, {Trashed: new(true)}} {
			first := 2
			query, err := w.SearchQuery(ctx, text, filter, logic.PageArgs{First: &first})
			note(text, nil, err)
			page, err := w.SearchPosts(ctx, query)
			note("page", page.More, err)
			for _, hit := range page.Items {
				note("hit", fmt.Sprint(hit.Post.Title, hit.Cursor(), hit.Snippet), nil)
				ids = append(ids, hit.Post.ID)
			}
			n, err := w.CountSearch(ctx, query)
			note("found", n, err)
			list, err := w.PostQuery(ctx, filter, nil, logic.PageArgs{First: &first})
			note("list", nil, err)
			pages, err := w.PostPages(ctx, []content.PostList{content.AllPosts, content.PostList(ada), content.PostList(bo)}, list)
			note("pages", pages, err)
			counts, err := w.CountPosts(ctx, []content.PostList{content.AllPosts, content.PostList(ada), content.PostList(bo)}, list)
			note("counts", counts, err)
		}
	}
	related, err := w.Related(ctx, ids, 5)
	note("related", related, err)
	next, err := w.NextPosts(ctx, ids)
	note("next", next, err)
	previous, err := w.PreviousPosts(ctx, ids)
	note("previous", previous, err)
	tags, err := w.TagQuery(&content.TagOrder{Field: content.TagOrderPostCount, Direction: content.Descending}, logic.PageArgs{})
	note("tags", nil, err)
	listed, err := w.Tags(ctx, tags)
	note("tags", listed, err)
	for _, slug := range []string{"rope", "secret"} {
		tag, err := w.Tag(ctx, slug)
		note(slug, tag, err)
	}
	return seen
}

func TestWhatIsHiddenChangesNothingThatReadersFind(t *testing.T) {
	w, ctx := newWritingWorld(t)
	texts := []string{"A brown river.", "River and water, river and water.", "Water, and a stone in the river.", "Nothing of it."}
	for i, text := range texts {
		post := must(t)(w.CreatePost(ctx, content.CreatePostInput{
			Title: fmt.Sprintf("Post %d on water", i), Markdown: text, Tags: []string{"Rope"}, AuthorIDs: []logic.UserID{ada},
		}))
		w.now++
		must(t)(w.PublishPost(ctx, post.ID, post.Revision, nil))
	}
	before := w.seenByReaders(t)
	hidden := content.CreatePostInput{
		Title: "Secret river", Markdown: "River, water, stone: " + strings.Repeat("brown river ", 50), Tags: []string{"Rope", "Secret"}, AuthorIDs: []logic.UserID{bo},
	}
	post := must(t)(w.CreatePost(ctx, hidden))
	for step, act := range []func() (content.Post, error){
		func() (content.Post, error) { return post, nil },
		func() (content.Post, error) { return w.PublishPost(ctx, post.ID, post.Revision, new(w.now.Add(day))) },
		func() (content.Post, error) { return w.ArchivePost(ctx, post.ID) },
		func() (content.Post, error) { return w.PublishPost(ctx, post.ID, post.Revision, nil) },
		func() (content.Post, error) { return w.DeletePost(ctx, post.ID) },
	} {
		post = must(t)(act())
		diff := gocmp.Diff(before, w.seenByReaders(t))
		if published := post.IsPublic(); (diff != "") != published {
			t.Errorf("step %d: the post is %s, trashed %t, and readers find (-before +now):\n%s", step, post.Status, post.DeletedAt != nil, diff)
		}
	}
	// A working copy is not there either.
	public := w.mustPublish(t, ctx, "Another", "Rope")
	before = w.seenByReaders(t)
	must(t)(w.UpdatePost(ctx, public.ID, public.Revision, content.UpdatePostInput{Title: new("Secret river"), Markdown: &hidden.Markdown, Tags: hidden.Tags}, false))
	if diff := gocmp.Diff(before, w.seenByReaders(t)); diff != "" {
		t.Errorf("readers find a working copy (-before +now):\n%s", diff)
	}
}

func TestSearchFindsWordsByTheirWrittenBeginning(t *testing.T) {
	w, ctx := newWritingWorld(t)
	for title, text := range map[string]string{
		"Stems":       "She likes programming in large programs.",
		"Programmers": "They write.",
		"Programs":    "They run.",
		"Accents":     "Über Größe und Café.",
	} {
		post := must(t)(w.CreatePost(ctx, content.CreatePostInput{Title: title, Markdown: text, AuthorIDs: []logic.UserID{ada}}))
		must(t)(w.PublishPost(ctx, post.ID, post.Revision, nil))
	}
	for text, want := range map[string][]string{
		"programm*":           {"Programmers", "Stems"}, // the title first
		"programming":         {"Programs", "Stems"},    // whatever shares its stem
		"PROGRAMMI*":          {"Stems"},
		"ube* cafe*":          {"Accents"},
		"they programm*":      {"Programmers"},
		"they -programm*":     {"Programs"},
		"large-prog*":         {"Stems"},
		"programmingx*":       nil,
		`"programming in" l*`: {"Stems"},
	} {
		found := w.found(t, reader(t), text, nil)
		if text == "programming" {
			slices.Sort(found)
		}
		if !slices.Equal(found, want) {
			t.Errorf("%s finds %q, want %q", text, found, want)
		}
	}
	query, err := w.SearchQuery(reader(t), "like programm*", nil, logic.PageArgs{})
	if err != nil {
		t.Fatal(err)
	}
	page, err := w.SearchPosts(reader(t), query)
	if want := "She <mark>likes</mark> <mark>programming</mark> in large programs."; err != nil || len(page.Items) != 1 || page.Items[0].SnippetHTML() != want {
		t.Errorf("%+v, %v; want one with %s", page.Items, err, want)
	}
}
