package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
)

// equalNames are names many of which stand at one place of an order.
var equalNames = []string{"b", "B", "a", "Ä", "é", "E", "z", "Zoe", "zoë", "1"}

// naiveWindow answers what a window of a list in order holds, by looking at all.
func naiveWindow[T any](all []T, window logic.Window, compare func(a, b logic.Cursor) int, cursor func(T) logic.Cursor) []T {
	var page []T
	for _, item := range all {
		if after := window.After; after != nil {
			if side := compare(cursor(item), *after); side < 0 || side == 0 && !window.Inclusive {
				continue
			}
		}
		if before := window.Before; before != nil {
			if side := compare(cursor(item), *before); side > 0 || side == 0 && !window.Inclusive {
				continue
			}
		}
		page = append(page, item)
	}
	slices.SortFunc(page, func(a, b T) int { return compare(cursor(a), cursor(b)) })
	if window.Backward {
		slices.Reverse(page)
	}
	return page[:min(len(page), window.Limit+1)]
}

func drawWindow[T any](draw *rapid.T, all []T, cursor func(T) logic.Cursor) logic.Window {
	place := func(label string) *logic.Cursor {
		if rapid.Bool().Draw(draw, "no "+label) {
			return nil
		}
		drawn := cursor(rapid.SampledFrom(all).Draw(draw, label))
		drawn.Key += int64(rapid.IntRange(-1, 1).Draw(draw, "beside "+label))
		return &drawn
	}
	return logic.Window{
		Limit: rapid.IntRange(0, 8).Draw(draw, "limit"), Backward: rapid.Bool().Draw(draw, "backward"),
		Inclusive: rapid.Bool().Draw(draw, "inclusive"), After: place("after"), Before: place("before"),
	}
}

func TestListedTagsAnswerAsIfAllWereLookedAt(t *testing.T) {
	s := openTest(t)
	mustAddNames(t, s, 0, 1)
	var listed []content.Tag
	mustWrite(t, s, func(w *writer) error {
		var err error
		for i, name := range equalNames {
			tag := content.Tag{ID: firstTag + logic.TagID(i), Slug: "slug-" + name, Name: name}
			err = errors.Join(err, w.InsertTag(t.Context(), tag))
			for n := range i % 3 {
				post := newPost(100*i + n)
				post.TagIDs = []logic.TagID{tag.ID}
				if i == 5 {
					post.Kind = content.PostKindPage // a page makes the tag listed, and is no article
				} else {
					tag.PostCount++
				}
				err = errors.Join(err, w.InsertPost(t.Context(), post, newText("")))
			}
			if i%3 > 0 {
				listed = append(listed, tag)
			}
		}
		return err
	})
	if count, err := s.Content().CountListedTags(t.Context()); err != nil || count != int64(len(listed)) {
		t.Errorf("counted %d (%v), want %d", count, err, len(listed))
	}
	rapid.Check(t, func(draw *rapid.T) {
		order := content.TagOrder{
			Field:     rapid.SampledFrom([]content.TagOrderField{content.TagOrderName, content.TagOrderPostCount}).Draw(draw, "field"),
			Direction: rapid.SampledFrom(bothDirections).Draw(draw, "direction"),
		}
		window := drawWindow(draw, listed, order.Cursor)
		got, err := s.Content().ListedTags(t.Context(), content.TagQuery{Order: order, Window: window})
		if err != nil {
			draw.Fatal(err)
		}
		compare := func(a, b logic.Cursor) int {
			place := cmp.Or(cmp.Compare(a.Int, b.Int), strings.Compare(a.Text, b.Text), cmp.Compare(a.Key, b.Key))
			if order.Direction == content.Descending {
				return -place
			}
			return place
		}
		if diff := gocmp.Diff(naiveWindow(listed, window, compare, order.Cursor), got); diff != "" {
			draw.Fatalf("%+v of %+v (-want +got):\n%s", window, order, diff)
		}
	})
}

func TestUsersAnswerAsIfAllWereLookedAt(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	var all []account.User
	mustWrite(t, s, func(w *writer) error {
		var err error
		for i, name := range equalNames {
			email := fmt.Sprintf("mail-%d@example.org", i)
			user := account.User{
				ID: firstUser + logic.UserID(i), Username: "user-" + name, Name: name, Email: &email, CreatedAt: testNow,
				Role: logic.RoleAuthor, Listed: i%4 != 0,
			}
			if i%3 == 0 {
				user.Role = logic.RoleReader
			}
			err = errors.Join(err, w.InsertUser(ctx, user, ""))
			if i%5 == 4 {
				user.DeactivatedAt, user.ErasedAt = new(testNow), new(testNow)
				err = errors.Join(err, w.UpdateUser(ctx, user))
			}
			post := newPost(i)
			post.AuthorIDs = []logic.UserID{user.ID}
			if !user.Listed {
				post.Status = content.PostStatusDraft
			}
			err, all = errors.Join(err, w.InsertPost(ctx, post, newText(""))), append(all, user)
		}
		return err
	})
	rapid.Check(t, func(draw *rapid.T) {
		query := account.UserQuery{
			Listed: rapid.Bool().Draw(draw, "listed"),
			Role:   rapid.SampledFrom([]logic.Role{"", "", logic.RoleAuthor, logic.RoleReader}).Draw(draw, "role"),
			Words:  rapid.SampledFrom([][]string{nil, nil, {"user"}, {"mail"}, {"E"}, {"zo", "example.o"}, {`"`, "none"}}).Draw(draw, "words"),
		}
		var matching []account.User
		for _, user := range all {
			if isAmong(user, query) {
				matching = append(matching, user)
			}
		}
		if count, err := s.Account().CountUsers(ctx, query); err != nil || count != int64(len(matching)) {
			draw.Fatalf("%+v: counted %d (%v), want %d", query, count, err, len(matching))
		}
		query.Window = drawWindow(draw, all, account.User.Cursor)
		got, err := s.Account().UserPage(ctx, query)
		if err != nil {
			draw.Fatal(err)
		}
		compare := func(a, b logic.Cursor) int {
			return cmp.Or(strings.Compare(a.Text, b.Text), cmp.Compare(a.Key, b.Key))
		}
		if diff := gocmp.Diff(naiveWindow(matching, query.Window, compare, account.User.Cursor), got); diff != "" {
			draw.Fatalf("%+v (-want +got):\n%s", query, diff)
		}
	})
}

// isAmong tells whether a user stands in the list that query asks for.
func isAmong(user account.User, query account.UserQuery) bool {
	switch {
	case query.Listed && !user.Listed,
		!query.Listed && user.ErasedAt != nil && (query.Role != "" || !user.Listed),
		query.Role != "" && user.Role != query.Role:
		return false
	}
	words := strings.FieldsFunc(logic.SortKey(user.Username+" "+user.Name+" "+*user.Email), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	})
	for _, asked := range query.Words {
		first := strings.FieldsFunc(logic.SortKey(asked), func(r rune) bool { return r == '.' })[0]
		if !slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(word, first) }) {
			return false
		}
	}
	return true
}

func TestTagsAndUsersByTheirKeysAndNames(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	mustAddNames(t, s, 2, 2)
	post := newPost(1)
	post.TagIDs = []logic.TagID{firstTag}
	mustInsert(t, s, post)
	tags, users := []logic.TagID{firstTag, firstTag + 1, 42}, []logic.UserID{firstUser, firstUser + 1, 42}
	byID, err := s.Content().TagsByID(ctx, tags)
	want := map[logic.TagID]content.Tag{
		firstTag: {ID: firstTag, Slug: "tag-0", Name: "Tag 0", PostCount: 1}, firstTag + 1: {ID: firstTag + 1, Slug: "tag-1", Name: "Tag 1"},
	}
	if diff := gocmp.Diff(want, byID); diff != "" || err != nil {
		t.Errorf("tags: %v (-want +got):\n%s", err, diff)
	}
	listed, err := s.Content().ListedTagsByID(ctx, tags, 0)
	delete(want, firstTag+1)
	if diff := gocmp.Diff(want, listed); diff != "" || err != nil {
		t.Errorf("listed tags: %v (-want +got):\n%s", err, diff)
	}
	usersByID, err := s.Account().UsersByID(ctx, users)
	if err != nil || len(usersByID) != 2 || usersByID[firstUser+1].Username != "user-1" {
		t.Errorf("users: %v (%v)", usersByID, err)
	}
	if !usersByID[firstUser].Listed || usersByID[firstUser+1].Listed {
		t.Errorf("listed is the wrong one of %v", usersByID)
	}
	byName, err := s.Account().UserByUsername(ctx, "user-1")
	if err != nil || byName.ID != firstUser+1 || byName.Role != logic.RoleAuthor || byName.Email != nil {
		t.Errorf("a user who was made by an import: %+v (%v)", byName, err)
	}
	mustWrite(t, s, func(w *writer) error {
		ids, err := w.TagsBySlug(ctx, []string{"tag-1", "none", "tag-1"})
		if len(ids) != 1 || ids["tag-1"] != (content.Named[logic.TagID]{ID: firstTag + 1, Name: "Tag 1"}) {
			t.Errorf("tags by slug: %v (%v)", ids, err)
		}
		authors, second := w.AuthorsByUsername(ctx, []string{"user-1", "none"})
		if len(authors) != 1 || authors["user-1"] != (content.Named[logic.UserID]{ID: firstUser + 1, Name: "user-1"}) {
			t.Errorf("users by name: %v (%v)", authors, second)
		}
		return errors.Join(err, second)
	})
}
