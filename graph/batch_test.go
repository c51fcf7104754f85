package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"headwater/graph/bind"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
)

// TestEveryPartOfAPageIsInItsKey changes one value after the other of what a list can be asked: pages that differ must not be
// taken for one.
func TestEveryPartOfAPageIsInItsKey(t *testing.T) {
	var asked postPage
	fill(reflect.ValueOf(&asked).Elem())
	seen := map[string]string{keyOf(t, asked): "what is not changed"}
	changes := 0
	change(reflect.ValueOf(&asked).Elem(), "postPage", func(path string) {
		changes++
		key := keyOf(t, asked)
		if other, ok := seen[key]; ok {
			t.Errorf("%s is not in the key, which is as that of %s", path, other)
		}
		seen[key] = path
	})
	if changes < 20 {
		t.Errorf("only %d values were changed", changes)
	}
}

func keyOf(t *testing.T, asked postPage) string {
	t.Helper()
	key, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	return string(key)
}

// fill makes everything that a value points to.
func fill(value reflect.Value) {
	switch value.Kind() {
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		fill(value.Elem())
	case reflect.Struct:
		for i := range value.NumField() {
			fill(value.Field(i))
		}
	}
}

// change changes one leaf after the other, calls changed, and puts the old value back. A pointer is also set to nil.
func change(value reflect.Value, path string, changed func(string)) {
	with := func(other any, how string) {
		was := reflect.ValueOf(value.Interface())
		value.Set(reflect.ValueOf(other).Convert(value.Type()))
		changed(path + how)
		value.Set(was)
	}
	switch value.Kind() {
	case reflect.Pointer:
		was := value.Elem().Addr()
		value.SetZero()
		changed(path + " = nil")
		value.Set(was)
		change(value.Elem(), path, changed)
	case reflect.Struct:
		for i := range value.NumField() {
			change(value.Field(i), path+"."+value.Type().Field(i).Name, changed)
		}
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 0, 0))
		changed(path + " = []")
		value.Set(reflect.MakeSlice(value.Type(), 1, 1))
		changed(path + " with an entry")
		value.SetZero()
	case reflect.String:
		with("other", "")
	case reflect.Bool:
		with(true, "")
	case reflect.Int, reflect.Int64, reflect.Float64:
		with(7, "")
	default:
		panic(fmt.Sprintf("no other value is known for %s, a %s", path, value.Type()))
	}
}

func TestAPostWhoseAuthorIsGone(t *testing.T) {
	for name, authors := range map[string][]logic.UserID{"of no one": nil, "of someone who is gone": {7}} {
		row := bind.Posts([]content.Post{{Slug: "lonely", AuthorIDs: authors}})[0]
		_, err := bind.Ask(t.Context(), &row.Batch.Memo, askAuthors, func(context.Context) (map[logic.UserID]bind.User, error) {
			return map[logic.UserID]bind.User{8: bind.Users([]account.User{{Name: "Someone else"}})[0]}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (post{&Resolver{}}).Author(t.Context(), &row); err == nil || !strings.Contains(err.Error(), "lonely") {
			t.Errorf("a post %s: %v", name, err)
		}
	}
}
