package graph_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"headwater/logic"
)

// tagID returns the ID of the tag that a slug leads to.
func (w writing) tagID(t *testing.T, slug string) string {
	t.Helper()
	var found struct{ Tag struct{ ID string } }
	data := dataOf(t, w.send(t, w.eva, fmt.Sprintf(`{ tag(slug: %q) { id } }`, slug), nil))
	if err := json.Unmarshal([]byte(data), &found); err != nil || found.Tag.ID == "" {
		t.Fatalf("the tag %s: %s", slug, data)
	}
	return found.Tag.ID
}

func TestTagsAreRenamedAndMerged(t *testing.T) {
	w := openWriting(t)
	w.mustPublish(t, w.mustCreate(t, w.ada, "One"))
	w.mustPublish(t, w.mustDo(t, w.ada, `createPost(input: { title: "Two", tags: ["Hemp", "Rope"] })`))
	rope, hemp := w.tagID(t, "rope"), w.tagID(t, "hemp")
	rename := func(input string) string {
		return fmt.Sprintf(`mutation { do: updateTag(id: %q, input: { %s }) { tag { slug name } userErrors { code field } } }`, rope, input)
	}
	merge := func(from, into string) string {
		return fmt.Sprintf(`mutation { do: mergeTags(fromId: %q, intoId: %q) { tag { slug name postCount } userErrors { code field } } }`, from, into)
	}
	w.tell(t, []step{
		{"renamed", rename(`name: "Ropes", slug: "ropes"`), `{"do":{"tag":{"slug":"ropes","name":"Ropes"},"userErrors":[]}}`, w.eva},
		{"the old slug leads to it", `{ tag(slug: "rope") { slug name } posts(filter: { tags: ["rope"] }) { totalCount } post(slug: "one") { tags { slug } } }`,
			`{"tag":{"slug":"ropes","name":"Ropes"},"posts":{"totalCount":2},"post":{"tags":[{"slug":"ropes"}]}}`, nil},
		{"nothing changed", rename(`name: null`), `{"do":{"tag":{"slug":"ropes","name":"Ropes"},"userErrors":[]}}`, w.eva},
		{"another's slug", rename(`slug: "hemp"`), `{"do":{"tag":null,"userErrors":[{"code":"TAKEN","field":["input","slug"]}]}}`, w.eva},
		{"all faults", rename(`name: "", slug: "No!"`),
			`{"do":{"tag":null,"userErrors":[{"code":"REQUIRED","field":["input","name"]},{"code":"INVALID","field":["input","slug"]}]}}`, w.eva},
		{"no tag", `mutation { do: updateTag(id: "none", input: { name: "None" }) { tag { slug } userErrors { code field } } }`,
			`{"do":{"tag":null,"userErrors":[{"code":"NOT_FOUND","field":["id"]}]}}`, w.eva},
		{"into itself", merge(rope, rope), `{"do":{"tag":null,"userErrors":[{"code":"INVALID","field":["intoId"]}]}}`, w.eva},
		{"neither is there", merge("none", "nothing"),
			`{"do":{"tag":null,"userErrors":[{"code":"NOT_FOUND","field":["fromId"]},{"code":"NOT_FOUND","field":["intoId"]}]}}`, w.eva},
		{"merged", merge(rope, hemp), `{"do":{"tag":{"slug":"hemp","name":"Hemp","postCount":2},"userErrors":[]}}`, w.eva},
		{"both slugs lead there", `{ old: tag(slug: "rope") { slug } later: tag(slug: "ropes") { slug } two: post(slug: "two") { tags { slug } } tags { totalCount } }`,
			`{"old":{"slug":"hemp"},"later":{"slug":"hemp"},"two":{"tags":[{"slug":"hemp"}]},"tags":{"totalCount":1}}`, nil},
		{"gone", fmt.Sprintf(`{ node(id: %q) { id } }`, rope), `{"node":null}`, w.eva},
	})
	for _, mutation := range []string{rename(`name: "Mine"`), merge(hemp, rope)} {
		got := w.send(t, w.ada, mutation, nil)
		if err := firstError(t, got); err == nil || err.Extensions["code"] != string(logic.CodeForbidden) {
			t.Errorf("an author: answered %s", got.Response)
		}
	}
}
