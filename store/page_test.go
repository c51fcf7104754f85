package store

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"headwater/logic"
	"headwater/logic/content"
)

// Sizes of the database that random questions are asked of.
const (
	randomPosts = 120
	randomTags  = 5
	randomUsers = 4
)

var (
	randomLanguages = []string{"en", "de", "pt-BR"}
	postFields      = []content.PostOrderField{
		content.PostOrderPublishedAt, content.PostOrderUpdatedAt, content.PostOrderCreatedAt, content.PostOrderTitle,
	}
	bothDirections = []content.OrderDirection{content.Ascending, content.Descending}
)

// someOf draws up to most different values.
func someOf[T comparable](draw *rapid.T, values []T, most int, label string) []T {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(values), 0, most, rapid.ID).Draw(draw, label)
}

// drawPost draws a post whose values meet those of others often.
func drawPost(draw *rapid.T, i int) content.Post {
	moment := func(label string) logic.Moment { return logic.Moment(rapid.IntRange(-3, 30).Draw(draw, label)) }
	post := newPost(i)
	post.Kind = rapid.SampledFrom(shelfKinds).Draw(draw, "kind")
	post.Status = rapid.SampledFrom(append(shelfStates, content.PostStatusPublished)).Draw(draw, "status")
	post.Title = rapid.SampledFrom([]string{"a", "B", "é", "e", "Äther", "", "\U0010FFFF", "same", "Same"}).Draw(draw, "title")
	post.Language = rapid.SampledFrom(randomLanguages).Draw(draw, "language")
	post.TagIDs = []logic.TagID{}
	for _, n := range someOf(draw, []int{0, 1, 2, 3, 4}, 3, "tags") {
		post.TagIDs = append(post.TagIDs, firstTag+logic.TagID(n))
	}
	post.AuthorIDs = []logic.UserID{firstUser + logic.UserID(rapid.IntRange(0, randomUsers-1).Draw(draw, "author"))}
	if second := firstUser + logic.UserID(rapid.IntRange(0, randomUsers-1).Draw(draw, "second")); second != post.AuthorIDs[0] {
		post.AuthorIDs = append(post.AuthorIDs, second)
	}
	published := moment("publishedAt")
	post.PublishedAt, post.CreatedAt, post.UpdatedAt = &published, moment("createdAt"), moment("updatedAt")
	if post.Status != content.PostStatusPublished && rapid.Bool().Draw(draw, "undated") {
		post.PublishedAt = nil
	}
	if rapid.IntRange(0, 3).Draw(draw, "trashed") == 0 {
		post.DeletedAt = new(moment("deletedAt"))
	}
	return post
}

// drawQuery draws any question about lists, with a window around posts that are there and places where none is.
func drawQuery(draw *rapid.T, posts map[logic.PostID]content.Post) content.PostQuery {
	states := someOf(draw, shelfStates, 4, "states")
	all := rapid.IntRange(0, len(states)).Draw(draw, "states of everyone")
	query := content.PostQuery{
		States:  states[:all],
		Kinds:   someOf(draw, shelfKinds, 2, "kinds"),
		Trashed: rapid.IntRange(0, 3).Draw(draw, "trash") == 0,
		Order: content.PostOrder{
			Field: rapid.SampledFrom(postFields).Draw(draw, "field"), Direction: rapid.SampledFrom(bothDirections).Draw(draw, "direction"),
		},
	}
	if own := states[all:]; len(own) > 0 {
		query.OwnStates, query.Owner = own, firstUser+logic.UserID(rapid.IntRange(0, randomUsers).Draw(draw, "owner"))
	}
	if rapid.Bool().Draw(draw, "published only") {
		query.OwnStates, query.Owner, query.Trashed = nil, 0, false
		query.States, query.Kinds = []content.PostStatus{content.PostStatusPublished}, []content.PostKind{content.PostKindArticle}
	}
	conditions := rapid.IntRange(0, 3).Draw(draw, "conditions")
	if conditions > 0 {
		query.Tags = someOf(draw, []string{"tag-0", "tag-1", "tag-2", "tag-3", "tag-4", "no-tag"}, 3, "tag names")
	}
	if conditions > 1 {
		query.Authors = someOf(draw, []string{"user-0", "user-1", "user-2", "user-3", "nobody"}, 3, "author names")
	}
	if conditions > 2 {
		query.Languages = someOf(draw, append([]string{"xx"}, randomLanguages...), 3, "languages")
	}
	if rapid.Bool().Draw(draw, "from") {
		query.PublishedFrom = new(logic.Moment(rapid.IntRange(-5, 32).Draw(draw, "publishedFrom")))
	}
	if rapid.Bool().Draw(draw, "before") {
		query.PublishedBefore = new(logic.Moment(rapid.IntRange(-5, 32).Draw(draw, "publishedBefore")))
	}
	query.Window = logic.Window{
		Limit:     rapid.IntRange(0, 12).Draw(draw, "limit"),
		Backward:  rapid.Bool().Draw(draw, "backward"),
		Inclusive: rapid.Bool().Draw(draw, "inclusive"),
		After:     drawCursor(draw, posts, query.Order, "after"),
		Before:    drawCursor(draw, posts, query.Order, "before"),
	}
	return query
}

// drawCursor draws the place of a post, a little beside it, or none.
func drawCursor(draw *rapid.T, posts map[logic.PostID]content.Post, order content.PostOrder, label string) *logic.Cursor {
	if len(posts) == 0 || rapid.Bool().Draw(draw, "no "+label) {
		return nil
	}
	id := rapid.SampledFrom(slices.Sorted(maps.Keys(posts))).Draw(draw, label)
	cursor := order.Cursor(posts[id])
	cursor.Key += int64(rapid.IntRange(-1, 1).Draw(draw, "beside "+label))
	return &cursor
}

// comparePlaces orders two places of a list as the contract states it.
func comparePlaces(order content.PostOrder, a, b logic.Cursor) int {
	if a.None != b.None {
		if a.None {
			return 1
		}
		return -1
	}
	place := cmp.Or(cmp.Compare(a.Int, b.Int), strings.Compare(a.Text, b.Text), cmp.Compare(a.Key, b.Key))
	if order.Direction == content.Descending {
		return -place
	}
	return place
}

// matches tells whether post stands in list and meets the conditions of query.
func matches(post content.Post, list content.PostList, query content.PostQuery) bool {
	within := list == content.AllPosts
	var tags, authors []string
	for _, id := range post.TagIDs {
		within = within || content.PostList(id) == list
		tags = append(tags, fmt.Sprintf("tag-%d", id-firstTag))
	}
	for _, id := range post.AuthorIDs {
		within = within || content.PostList(id) == list
		authors = append(authors, fmt.Sprintf("user-%d", id-firstUser))
	}
	either := func(wanted, has []string) bool {
		return wanted == nil || slices.ContainsFunc(wanted, func(name string) bool { return slices.Contains(has, name) })
	}
	shown := slices.Contains(query.States, post.Status) ||
		slices.Contains(query.OwnStates, post.Status) && slices.Contains(post.AuthorIDs, query.Owner)
	return within && shown && query.Trashed == (post.DeletedAt != nil) && slices.Contains(query.Kinds, post.Kind) &&
		either(query.Tags, tags) && either(query.Authors, authors) && either(query.Languages, []string{post.Language}) &&
		(query.PublishedFrom == nil || post.PublishedAt != nil && *post.PublishedAt >= *query.PublishedFrom) &&
		(query.PublishedBefore == nil || post.PublishedAt != nil && *post.PublishedAt < *query.PublishedBefore)
}

// naivePage answers a question about a list by looking at every post.
func naivePage(posts map[logic.PostID]content.Post, list content.PostList, query content.PostQuery) (page []content.Post, count int64) {
	order, window := query.Order, query.Window
	for _, post := range posts {
		if !matches(post, list, query) {
			continue
		}
		count++
		place := order.Cursor(post)
		if after := window.After; after != nil {
			if side := comparePlaces(order, place, *after); side < 0 || side == 0 && !window.Inclusive {
				continue
			}
		}
		if before := window.Before; before != nil {
			if side := comparePlaces(order, place, *before); side > 0 || side == 0 && !window.Inclusive {
				continue
			}
		}
		page = append(page, post)
	}
	slices.SortFunc(page, func(a, b content.Post) int { return comparePlaces(order, order.Cursor(a), order.Cursor(b)) })
	if window.Backward {
		slices.Reverse(page)
	}
	return page[:min(len(page), window.Limit+1)], count
}

// randomBlog is a database of random posts, many of which were changed after they were written.
func randomBlog(t *testing.T) (*Store, map[logic.PostID]content.Post) {
	t.Helper()
	s := openTest(t)
	mustAddNames(t, s, randomTags, randomUsers)
	posts := make(map[logic.PostID]content.Post, randomPosts)
	for seed := range randomPosts * 3 / 2 {
		post := rapid.Custom(func(draw *rapid.T) content.Post { return drawPost(draw, seed%randomPosts) }).Example(seed)
		mustWrite(t, s, func(w *writer) error {
			if _, ok := posts[post.ID]; ok {
				return w.UpdatePost(t.Context(), post, newText(post.Title))
			}
			return w.InsertPost(t.Context(), post, newText(post.Title))
		})
		posts[post.ID] = post
	}
	return s, posts
}

// randomLists are the lists of a random blog, and one that is not there.
func randomLists() []content.PostList {
	lists := []content.PostList{content.AllPosts, 424242}
	for i := range randomTags {
		lists = append(lists, content.PostList(firstTag)+content.PostList(i))
	}
	for i := range randomUsers {
		lists = append(lists, content.PostList(firstUser)+content.PostList(i))
	}
	return lists
}

func TestPostPagesAnswerAsIfAllPostsWereLookedAt(t *testing.T) {
	s, posts := randomBlog(t)
	lists, store := randomLists(), s.Content()
	rapid.Check(t, func(draw *rapid.T) {
		query := drawQuery(draw, posts)
		asked := someOf(draw, lists, 4, "lists")
		asked = append(asked, asked[:len(asked)/2]...) // some twice
		pages, err := store.PostPages(t.Context(), asked, query)
		if err != nil {
			draw.Fatal(err)
		}
		counts, err := store.CountPosts(t.Context(), asked, query)
		if err != nil {
			draw.Fatal(err)
		}
		for _, list := range asked {
			want, count := naivePage(posts, list, query)
			if diff := gocmp.Diff(want, pages[list]); diff != "" {
				draw.Fatalf("list %d of %+v (-want +got):\n%s", list, query, diff)
			}
			if counts[list] != count {
				draw.Fatalf("list %d of %+v: counted %d, want %d", list, query, counts[list], count)
			}
		}
	})
}

func TestPostPagesTakeOneStatement(t *testing.T) {
	s, posts := randomBlog(t)
	lists := randomLists()
	query := rapid.Custom(func(draw *rapid.T) content.PostQuery { return drawQuery(draw, posts) })
	for seed := range 50 {
		question := query.Example(seed)
		before := s.Statements()
		if _, err := s.Content().PostPages(t.Context(), lists, question); err != nil {
			t.Fatal(err)
		}
		if got := s.Statements() - before; got > 1 {
			t.Fatalf("%d statements for %d lists of %+v", got, len(lists), question)
		}
	}
}

func TestPagesStayWhileRowsAreInserted(t *testing.T) {
	s := openTest(t)
	mustAddNames(t, s, 1, 1)
	for i := range 40 {
		mustInsert(t, s, newPost(i*10))
	}
	query := content.PostQuery{
		States: []content.PostStatus{content.PostStatusPublished}, Kinds: []content.PostKind{content.PostKindArticle},
		Order:  content.PostOrder{Field: content.PostOrderPublishedAt, Direction: content.Descending},
		Window: logic.Window{Limit: 7},
	}
	seen := map[logic.PostID]int{}
	for more := true; more; {
		pages, err := s.Content().PostPages(t.Context(), []content.PostList{content.AllPosts}, query)
		if err != nil {
			t.Fatal(err)
		}
		page := logic.Trim(query.Window, pages[content.AllPosts])
		more = page.More
		for _, post := range page.Items {
			seen[post.ID]++
		}
		last := page.Items[len(page.Items)-1]
		query.Window.After = new(query.Order.Cursor(last))
		// One post comes in front of the place, one behind it.
		i := int(last.ID - firstPost)
		mustInsert(t, s, newPost(i+1), newPost(i-1))
	}
	for i := range 40 {
		if id := newPost(i * 10).ID; seen[id] != 1 {
			t.Errorf("post %d was seen %d times", id, seen[id])
		}
	}
}
