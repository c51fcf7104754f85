package httpd

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"headwater/logic"
)

// createBody returns the request that makes a post with a title.
func createBody(title string) string {
	return fmt.Sprintf(`{"query":"mutation($i: CreatePostInput!){createPost(input:$i){post{id title}userErrors{code message field}}}","variables":{"i":{"title":%q,"markdown":"Text."}}}`, title)
}

var postIDs = regexp.MustCompile(`"post":\{"id":"([^"]+)"`)

func TestAPostIsMadeOncePerKey(t *testing.T) {
	t.Parallel()
	now := noon
	w := newWorld(t, func(s *setup) { s.clock = func() logic.Moment { return now } })
	script := w.addScript(t)
	w.addPerson(t, "ada", logic.RoleAuthor)
	w.addPerson(t, "ben", logic.RoleAuthor)
	ada := append([]string{"Authorization", "Bearer " + w.signIn(t, "ada", script...)}, script...)
	ben := append([]string{"Authorization", "Bearer " + w.signIn(t, "ben", script...)}, script...)
	create := func(who []string, key, title string) string {
		t.Helper()
		headers := who[:len(who):len(who)]
		if key != "" {
			headers = append(headers, "Idempotency-Key", key)
		}
		got := w.post(t, createBody(title), headers...)
		match := postIDs.FindStringSubmatch(got.body)
		if got.StatusCode != http.StatusOK || match == nil {
			t.Fatalf("status %d: %s", got.StatusCode, got.body)
		}
		return match[1]
	}
	first := create(ada, "one", "Ponds")
	if again := create(ada, "one", "Ponds"); again != first {
		t.Error("the same key made another post")
	}
	for name, other := range map[string]string{
		"another key": create(ada, "two", "Ponds"), "no key": create(ada, "", "Ponds"), "another person": create(ben, "one", "Ponds"),
	} {
		if other == first {
			t.Errorf("%s got the same post", name)
		}
	}
	refused := w.post(t, createBody("Streams"), append(ada[:len(ada):len(ada)], "Idempotency-Key", "one")...)
	if !strings.Contains(refused.body, `"code":"INVALID"`) || !strings.Contains(refused.body, `"post":null`) || !strings.Contains(refused.body, "Idempotency-Key") {
		t.Errorf("another input: %s", refused.body)
	}
	failed := w.post(t, createBody(""), append(ada[:len(ada):len(ada)], "Idempotency-Key", "three")...)
	if !strings.Contains(failed.body, `"code":"REQUIRED"`) {
		t.Errorf("an empty title: %s", failed.body)
	}
	create(ada, "three", "Mended") // what failed was not made

	now = now.Add(24*time.Hour - time.Millisecond)
	if again := create(ada, "one", "Ponds"); again != first {
		t.Error("just before a day is over, the key made another post")
	}
	now = now.Add(2 * time.Millisecond)
	if again := create(ada, "one", "Ponds"); again == first {
		t.Error("a day later the key is still known")
	}
}

func TestManyWhoSendTheSameMakeOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	script := w.addScript(t)
	w.addPerson(t, "ada", logic.RoleAuthor)
	headers := append([]string{"Authorization", "Bearer " + w.signIn(t, "ada", script...), "Idempotency-Key", "one"}, script...)
	made := [16]string{}
	var group sync.WaitGroup
	for i := range made {
		group.Go(func() { made[i] = w.post(t, createBody("Ponds"), headers...).body })
	}
	group.Wait()
	for _, body := range made {
		if body != made[0] || !postIDs.MatchString(body) {
			t.Errorf("%s and %s", body, made[0])
		}
	}
}

// TestAKeyIsForOnePostOfARequest sends two mutations under one key, of which none may then be made.
func TestAKeyIsForOnePostOfARequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	script := w.addScript(t)
	w.addPerson(t, "ada", logic.RoleAuthor)
	headers := append([]string{"Authorization", "Bearer " + w.signIn(t, "ada", script...)}, script...)
	const two = `{"query":"mutation($i: CreatePostInput!){a:createPost(input:$i){post{id}} b:createPost(input:$i){post{id}}}","variables":{"i":{"title":"Ponds"}}}`
	refused := w.post(t, two, append(headers[:len(headers):len(headers)], "Idempotency-Key", "one")...)
	if !strings.Contains(refused.body, `"code":"BAD_REQUEST"`) || !strings.Contains(refused.body, "each in a request of its own") || strings.Contains(refused.body, `"data"`) {
		t.Errorf("answered %d: %s", refused.StatusCode, refused.body)
	}
	const own = `{"query":"{viewer{user{posts(filter:{status:[DRAFT]}){totalCount}}}}"}`
	if got := w.post(t, own, headers...); !strings.Contains(got.body, `"totalCount":0`) {
		t.Errorf("something was made: %s", got.body)
	}
	if got := w.post(t, two, headers...); got.StatusCode != http.StatusOK || len(regexp.MustCompile(`"id":`).FindAllString(got.body, -1)) != 2 {
		t.Errorf("without a key: %d: %s", got.StatusCode, got.body)
	}
}
