package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

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
		"a stem":      {[]content.SearchTerm{word("river")}, nil, []int{0, 1, 2}, "a word in the title counts most, then its number"},
		"two words":   {[]content.SearchTerm{word("river"), word("water")}, nil, []int{2, 0}, "both must be there"},
		"left out":    {[]content.SearchTerm{word("river")}, []content.SearchTerm{word("danube"), word("diary")}, []int{2}, "neither may be there"},
		"a beginning": {[]content.SearchTerm{{Words: []string{"coun"}, Prefix: true}}, nil, []int{0}, "countries begin so"},
		"no ending":   {[]content.SearchTerm{word("coun")}, nil, nil, "without the mark it is a word"},
		"a phrase":    {[]content.SearchTerm{{Words: []string{"running", "water"}}}, nil, []int{2}, "the words stand side by side"},
		"no phrase":   {[]content.SearchTerm{{Words: []string{"water", "running"}}}, nil, nil, "the words stand in another order"},
		"accents":     {[]content.SearchTerm{word("uber"), word("cafe"), word("ANGSTROM")}, nil, []int{3}, "accents and case do not matter"},
		"operators":   {[]content.SearchTerm{word("AND"), word("NOT"), word("near")}, nil, []int{4}, "they are words like others"},
		"nothing":     {[]content.SearchTerm{word("absent")}, nil, nil, "no post has it"},
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

func TestSearchKeepsConditions(t *testing.T) {
	s, posts := randomBlog(t)
	queries := rapid.Custom(func(draw *rapid.T) content.PostQuery { return drawQuery(draw, posts) })
	for seed := range 200 {
		conditions := queries.Example(seed)
		conditions.Window = logic.Window{Limit: randomPosts}
		search := content.SearchQuery{Terms: []content.SearchTerm{word("same")}, Posts: conditions}
		var want []logic.PostID
		for _, id := range slices.Sorted(maps.Keys(posts)) {
			if strings.EqualFold(posts[id].Title, "same") && matches(posts[id], content.AllPosts, conditions) {
				want = append(want, id)
			}
		}
		var got []logic.PostID
		for _, hit := range mustSearch(t, s, search) {
			got = append(got, hit.Post.ID)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Fatalf("%+v: found %v, want %v", conditions, got, want)
		}
		if count, err := s.Content().CountSearch(t.Context(), search); err != nil || count != int64(len(want)) {
			t.Fatalf("%+v: counted %d (%v), want %d", conditions, count, err, len(want))
		}
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
