package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"headwater/logic"
	"headwater/logic/content"
)

// word is a term of one word.
func word(w string) content.SearchTerm { return content.SearchTerm{Words: []string{w}} }

// published asks for what readers see.
func published() content.PostQuery {
	return content.PostQuery{
		States: []content.PostStatus{content.PostStatusPublished}, Kinds: []content.PostKind{content.PostKindArticle},
		Window: logic.Window{Limit: 20},
	}
}

func mustSearch(t testing.TB, s *Store, query content.SearchQuery) []content.SearchHit {
	t.Helper()
	hits, err := s.Content().SearchPosts(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

// writings are the titles and texts that searches are made in.
var writings = [][2]string{
	{"Rivers of Europe", "The Danube runs through ten countries. Its water is brown."},
	{"A diary", "Today I went to the river, and the river was frozen. I walked along the rivers of my youth."},
	{"On water", "Water in rivers, lakes and seas. Running water never freezes."},
	{"Über Flüsse", "Die Donau fließt durch zehn Länder. Café, naïve, Ångström."},
	{"Signs", `AND OR NOT NEAR( "quoted" col:umn * ^ {braces} -minus`},
}

func openWritings(t *testing.T) *Store {
	t.Helper()
	s := openTest(t)
	mustAddNames(t, s, 2, 2)
	for i, writing := range writings {
		post := newPost(i)
		post.Title, post.TagIDs = writing[0], []logic.TagID{firstTag + logic.TagID(i%2)}
		mustWrite(t, s, func(w *writer) error { return w.InsertPost(t.Context(), post, newText(writing[1])) })
	}
	return s
}

func TestSearchFindsWords(t *testing.T) {
	s := openWritings(t)
	for name, c := range map[string]struct {
		terms, without []content.SearchTerm
		want           []int // posts, the best first
		reason         string
	}{
		"a stem":       {[]content.SearchTerm{word("river")}, nil, []int{0, 1, 2}, "a word in the title counts most, then its number"},
		"two words":    {[]content.SearchTerm{word("river"), word("water")}, nil, []int{2, 0}, "both must be there"},
		"left out":     {[]content.SearchTerm{word("river")}, []content.SearchTerm{word("danube"), word("diary")}, []int{2}, "neither may be there"},
		"beginnings":   {[]content.SearchTerm{{Words: []string{"coun"}, Prefix: true}, {Words: []string{"thr"}, Prefix: true}}, nil, []int{0}, "each begins a word"},
		"and words":    {[]content.SearchTerm{word("river"), {Words: []string{"wat"}, Prefix: true}}, nil, []int{2, 0}, "a beginning counts in the title"},
		"written so":   {[]content.SearchTerm{{Words: []string{"runn"}, Prefix: true}}, nil, []int{2}, "running is so written, and run its stem"},
		"not its end":  {[]content.SearchTerm{{Words: []string{"unn"}, Prefix: true}}, nil, nil, "a beginning is no middle"},
		"joined":       {[]content.SearchTerm{{Words: []string{"running", "wat"}, Prefix: true}}, nil, []int{2}, "the words stand side by side"},
		"no beginning": {[]content.SearchTerm{word("river")}, []content.SearchTerm{{Words: []string{"runn"}, Prefix: true}}, []int{0, 1}, "running is left out"},
		"a beginning":  {[]content.SearchTerm{{Words: []string{"coun"}, Prefix: true}}, nil, []int{0}, "countries begin so"},
		"no ending":    {[]content.SearchTerm{word("coun")}, nil, nil, "without the mark it is a word"},
		"a phrase":     {[]content.SearchTerm{{Words: []string{"running", "water"}}}, nil, []int{2}, "the words stand side by side"},
		"no phrase":    {[]content.SearchTerm{{Words: []string{"water", "running"}}}, nil, nil, "the words stand in another order"},
		"accents":      {[]content.SearchTerm{word("uber"), word("cafe"), word("ANGSTROM")}, nil, []int{3}, "accents and case do not matter"},
		"operators":    {[]content.SearchTerm{word("AND"), word("NOT"), word("near")}, nil, []int{4}, "they are words like others"},
		"nothing":      {[]content.SearchTerm{word("absent")}, nil, nil, "no post has it"},
	} {
		t.Run(name, func(t *testing.T) {
			query := content.SearchQuery{Terms: c.terms, Without: c.without, Posts: published()}
			var got []int
			for _, hit := range mustSearch(t, s, query) {
				got = append(got, int(hit.Post.ID-firstPost))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found %v, want %v: %s", got, c.want, c.reason)
			}
			if count, err := s.Content().CountSearch(t.Context(), query); err != nil || count != int64(len(c.want)) {
				t.Errorf("counted %d (%v), want %d", count, err, len(c.want))
			}
		})
	}
}

func TestSearchMarksWhatItFound(t *testing.T) {
	s := openWritings(t)
	hits := mustSearch(t, s, content.SearchQuery{Terms: []content.SearchTerm{word("frozen")}, Posts: published()})
	want := "the river was " + content.SnippetStart + "frozen" + content.SnippetEnd + ". I walked"
	if len(hits) != 1 || !strings.Contains(hits[0].Snippet, want) {
		t.Errorf("got %+v, want a passage with %q", hits, want)
	}
}

func TestSearchForgetsWhatIsGone(t *testing.T) {
	s := openWritings(t)
	mustWrite(t, s, func(w *writer) error { return w.UpdatePost(t.Context(), newPost(0), newText("Nothing of that")) })
	hits := mustSearch(t, s, content.SearchQuery{Terms: []content.SearchTerm{word("danube")}, Posts: published()})
	if len(hits) != 0 {
		t.Errorf("found %v by a word that is gone", hits)
	}
	checkBooks(t, s)
}

func TestSearchTakesAnyText(t *testing.T) {
	s := openWritings(t)
	rapid.Check(t, func(draw *rapid.T) {
		term := rapid.Custom(func(draw *rapid.T) content.SearchTerm {
			words := rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{`"`, "AND", "NEAR", "*", "^", "a b"})), 1, 3)
			return content.SearchTerm{Words: words.Draw(draw, "words"), Prefix: rapid.Bool().Draw(draw, "prefix")}
		})
		query := content.SearchQuery{
			Terms:   rapid.SliceOfN(term, 1, 3).Draw(draw, "terms"),
			Without: rapid.SliceOfN(term, 0, 2).Draw(draw, "without"),
			Posts:   published(),
		}
		if _, err := s.Content().SearchPosts(t.Context(), query); err != nil {
			draw.Fatal(err)
		}
	})
}

// drawSearch draws a search among the titles and names of a random blog; the texts are the titles.
func drawSearch(draw *rapid.T) content.SearchQuery {
	terms := []content.SearchTerm{word("same"), word("ather"), word("b"), {Words: []string{"sa"}, Prefix: true}, {Words: []string{"ath"}, Prefix: true}}
	tags, users := []string{"tag-0", "tag-1", "no-tag"}, []string{"user-0", "user-1", "nobody"}
	some := someOf(draw, []int{0, 1, 2, 3, 4}, 2, "terms")
	query := content.SearchQuery{
		Tags: someOf(draw, tags, 1, "tags"), WithoutTags: someOf(draw, tags, 1, "without tags"),
		Authors: someOf(draw, users, 1, "authors"), WithoutAuthors: someOf(draw, users, 1, "without authors"),
	}
	for _, i := range some {
		query.Terms = append(query.Terms, terms[i])
	}
	for _, i := range someOf(draw, []int{0, 1, 2, 3, 4}, 1, "without") {
		query.Without = append(query.Without, terms[i])
	}
	if len(query.Terms)+len(query.Tags)+len(query.Authors) == 0 {
		query.Terms = []content.SearchTerm{word("same")}
	}
	return query
}

// meets tells whether a post of a random blog has all that a search asks for.
func meets(post content.Post, query content.SearchQuery) bool {
	has := func(term content.SearchTerm) bool {
		title := logic.SortKey(post.Title)
		return title == term.Words[0] || term.Prefix && strings.HasPrefix(title, term.Words[0])
	}
	on := func(tag string) bool {
		return slices.ContainsFunc(post.TagIDs, func(id logic.TagID) bool { return fmt.Sprintf("tag-%d", id-firstTag) == tag })
	}
	by := func(user string) bool {
		return slices.ContainsFunc(post.AuthorIDs, func(id logic.UserID) bool { return fmt.Sprintf("user-%d", id-firstUser) == user })
	}
	return all(query.Terms, has) && all(query.Tags, on) && all(query.Authors, by) && !slices.ContainsFunc(query.Without, has) &&
		!slices.ContainsFunc(query.WithoutTags, on) && !slices.ContainsFunc(query.WithoutAuthors, by)
}

func all[T any](values []T, holds func(T) bool) bool {
	return !slices.ContainsFunc(values, func(value T) bool { return !holds(value) })
}

func TestSearchAnswersAsIfAllPostsWereLookedAt(t *testing.T) {
	s, posts := randomBlog(t)
	found := 0
	rapid.Check(t, func(draw *rapid.T) {
		search := drawSearch(draw)
		search.Posts = drawQuery(draw, posts)
		search.Posts.Window = logic.Window{Limit: randomPosts}
		var want []logic.PostID
		for _, id := range slices.Sorted(maps.Keys(posts)) {
			if meets(posts[id], search) && matches(posts[id], content.AllPosts, search.Posts) {
				want = append(want, id)
			}
		}
		found += len(want)
		hits, err := s.Content().SearchPosts(t.Context(), search)
		if err != nil {
			draw.Fatal(err)
		}
		// Page by page, it is the same list.
		var paged []content.SearchHit
		pages := search
		pages.Posts.Window.Limit = 2
		for more := true; more; {
			rows, err := s.Content().SearchPosts(t.Context(), pages)
			if err != nil {
				draw.Fatal(err)
			}
			page := logic.Trim(pages.Posts.Window, rows)
			if more = page.More; more {
				pages.Posts.Window.After = new(page.Items[len(page.Items)-1].Cursor())
			}
			paged = append(paged, page.Items...)
		}
		if diff := gocmp.Diff(hits, paged, cmpopts.EquateEmpty()); diff != "" {
			draw.Fatalf("%+v: pages are other than the whole (-want +got):\n%s", search, diff)
		}
		var got []logic.PostID
		for _, hit := range hits {
			got = append(got, hit.Post.ID)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			draw.Fatalf("%+v: found %v, want %v", search, got, want)
		}
		if count, err := s.Content().CountSearch(t.Context(), search); err != nil || count != int64(len(want)) {
			draw.Fatalf("%+v: counted %d (%v), want %d", search, count, err, len(want))
		}
	})
	if found == 0 {
		t.Error("nothing was there to be found")
	}
}

func TestSearchScoresWhatIsHiddenByItself(t *testing.T) {
	s := openTest(t)
	mustAddNames(t, s, 0, 1)
	draft := func(i int, title, text string) {
		post := newPost(i)
		post.Title, post.Status, post.PublishedAt = title, content.PostStatusDraft, nil
		mustWrite(t, s, func(w *writer) error { return w.InsertPost(t.Context(), post, newText(text)) })
	}
	draft(0, "A river", "Stones.")
	draft(1, "Stones", "A river, a river.")
	draft(2, "Stones", "A river.")
	draft(3, "Rivers", "A river.")
	query := content.SearchQuery{Terms: []content.SearchTerm{word("river")}, Posts: published()}
	query.Posts.States = []content.PostStatus{content.PostStatusDraft}
	scores := func() string {
		var scores []string
		for _, hit := range mustSearch(t, s, query) {
			scores = append(scores, fmt.Sprintf("%d: %g", hit.Post.ID-firstPost, hit.Score))
		}
		return strings.Join(scores, ", ")
	}
	want := "3: -11, 0: -11, 2: -1, 1: -1" // the title first, then the newest
	if got := scores(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for i := range 20 {
		draft(10+i, "Sand", "Nothing else.")
	}
	if got := scores(); got != want {
		t.Errorf("got %s where others came, want %s", got, want)
	}
}

func TestSearchGoesOnBehindAHit(t *testing.T) {
	s := openTest(t)
	mustAddNames(t, s, 1, 1)
	for i := range 30 {
		post := newPost(i)
		mustWrite(t, s, func(w *writer) error {
			return w.InsertPost(t.Context(), post, newText(strings.Repeat("river ", 1+i%5)+strings.Repeat("stone ", i%7)))
		})
	}
	query := content.SearchQuery{Terms: []content.SearchTerm{word("river")}, Posts: published()}
	query.Posts.Window.Limit = 4
	seen := map[logic.PostID]bool{}
	for more, n := true, 100; more; n++ {
		page := logic.Trim(query.Posts.Window, mustSearch(t, s, query))
		more = page.More
		for _, hit := range page.Items {
			if seen[hit.Post.ID] {
				t.Fatalf("post %d came twice", hit.Post.ID)
			}
			seen[hit.Post.ID] = true
		}
		query.Posts.Window.After = new(page.Items[len(page.Items)-1].Cursor())
		// What comes in between changes every score.
		mustWrite(t, s, func(w *writer) error {
			return w.InsertPost(t.Context(), newPost(n), newText(fmt.Sprintf("another matter, number %d", n)))
		})
	}
	if len(seen) != 30 {
		t.Errorf("saw %d posts, want 30", len(seen))
	}
}
