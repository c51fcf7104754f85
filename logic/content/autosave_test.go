package content_test

import (
	"context"
	"fmt"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

const minute = 60 * 1000

// save is a save of a text, after a pause of some minutes.
type save struct {
	by      logic.Viewer
	text    string
	auto    bool
	minutes float64
}

func TestAutosavesOfOneSessionKeepTheLastText(t *testing.T) {
	editor, other := person(eva, logic.RoleEditor), person(eva, logic.RoleEditor)
	other.Session = 99
	key := logic.Viewer{Limit: logic.AllScopes, Secret: true, Client: 1, Key: 5}
	otherKey, otherClient := key, key
	otherKey.Key, otherClient.Client = 6, 2
	for name, test := range map[string]struct {
		saves []save
		want  string // the numbers of the revisions, a + behind those of autosaves
	}{
		"a run":                     {[]save{{editor, "a", true, 0}, {editor, "b", true, 1}, {editor, "c", true, 2}}, "1 4+"},
		"ten minutes of a run":      {[]save{{editor, "a", true, 0}, {editor, "b", true, 9.99}}, "1 3+"},
		"a run ends":                {[]save{{editor, "a", true, 0}, {editor, "b", true, 9}, {editor, "c", true, 1}, {editor, "d", true, 9}}, "1 3+ 5+"},
		"another session":           {[]save{{editor, "a", true, 0}, {other, "b", true, 1}, {editor, "c", true, 1}}, "1 2+ 3+ 4+"},
		"keys without sessions":     {[]save{{key, "a", true, 0}, {key, "b", true, 1}, {otherKey, "c", true, 1}, {otherClient, "d", true, 1}}, "1 3+ 4+ 5+"},
		"a save between":            {[]save{{editor, "a", true, 0}, {editor, "b", false, 1}, {editor, "c", true, 1}}, "1 2+ 3 4+"},
		"the same text":             {[]save{{editor, "a", true, 0}, {editor, "a", true, 1}}, "1 2+"},
		"the same text, on purpose": {[]save{{editor, "a", true, 0}, {editor, "a", false, 1}, {editor, "b", true, 1}}, "1 2+ 3 4+"},
		"the text that was there":   {[]save{{editor, "Text.", true, 0}}, "1"},
		"saves on purpose":          {[]save{{editor, "a", false, 0}, {editor, "b", false, 0}, {editor, "a", false, 0}}, "1 2 3 4"},
	} {
		for _, place := range []string{"DRAFT", "PUBLISHED"} {
			t.Run(name+" on what is "+place, func(t *testing.T) {
				t.Parallel()
				w, ctx := newWritingWorld(t)
				post := must(t)(w.CreatePost(ctx, content.CreatePostInput{Title: "A post", Markdown: "Text."}))
				if place == "PUBLISHED" {
					post = must(t)(w.PublishPost(ctx, post.ID, 1, nil))
				}
				for _, save := range test.saves {
					w.now += logic.Moment(save.minutes * minute)
					post = w.save(t, as(t, save.by), post, save.text, save.auto)
				}
				if got := w.numbersOf(t, post.ID); got != test.want {
					t.Errorf("the revisions are %s, want %s", got, test.want)
				}
				revisions, last := w.revisionsOf(t, post.ID), test.saves[len(test.saves)-1].text
				if newest := revisions[len(revisions)-1]; newest.Markdown != last || newest.Number != w.mustRead(t, post.ID).Revision {
					t.Errorf("the newest revision is %d with %q, want %q", newest.Number, newest.Markdown, last)
				}
			})
		}
	}
}

func (w *world) save(t *testing.T, ctx context.Context, post content.Post, text string, auto bool) content.Post {
	t.Helper()
	return must(t)(w.UpdatePost(ctx, post.ID, post.Revision, content.UpdatePostInput{Markdown: &text}, auto))
}

// What readers saw, or were to see, is kept, even if it was saved automatically.
func TestAutosavesLeaveWhatWasPublished(t *testing.T) {
	w, ctx := newWritingWorld(t)
	post := w.save(t, ctx, w.mustCreate(t, ctx, "A post"), "published", true)
	post = must(t)(w.PublishPost(ctx, post.ID, post.Revision, nil))
	post = w.save(t, ctx, post, "planned", true)
	post = must(t)(w.PublishPost(ctx, post.ID, post.Revision, new(now+day)))
	post = w.save(t, ctx, post, "later", true)
	post = w.save(t, ctx, post, "last", true)
	if got := fmt.Sprint(w.numbersOf(t, post.ID), ": ", state(post)); got != "1 2 3 5+: PUBLISHED 2 of 5, 3 planned" {
		t.Errorf("it is %s", got)
	}
	post = must(t)(w.UnpublishPost(ctx, post.ID))
	post = w.save(t, ctx, post, "after", true)
	if got := fmt.Sprint(w.numbersOf(t, post.ID), ": ", state(post)); got != "1 2 3 6+: DRAFT 6" {
		t.Errorf("unpublished it is %s", got)
	}
	if text := w.revisionsOf(t, post.ID)[1].Markdown; text != "published" {
		t.Errorf("what readers saw is %q", text)
	}
}
