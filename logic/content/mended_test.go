package content_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

func TestRestoringTakesADateBack(t *testing.T) {
	w, editor := newWritingWorld(t)
	post := w.mustCreate(t, editor, "Rope")
	post = must(t)(w.UpdatePost(editor, post.ID, 1, content.UpdatePostInput{PublishedAt: new(now - 100*day)}, false))
	post = must(t)(w.RestoreRevision(editor, post.ID, 2, 1))
	if post.PublishedAt != nil {
		t.Errorf("restored, the draft has the date %d", *post.PublishedAt)
	}
	post = must(t)(w.PublishPost(editor, post.ID, 3, nil))
	if *post.PublishedAt != now {
		t.Errorf("published, it has the date %d, want %d", *post.PublishedAt, now)
	}
	// What readers saw keeps its date.
	post = must(t)(w.UnpublishPost(editor, post.ID))
	post = must(t)(w.UpdatePost(editor, post.ID, 3, content.UpdatePostInput{PublishedAt: new(now - day)}, false))
	if post = must(t)(w.RestoreRevision(editor, post.ID, 4, 3)); post.PublishedAt == nil {
		t.Error("a post that readers saw has no date")
	}
}

func TestImportsWithADateToComeCanBePlannedAnew(t *testing.T) {
	w := newWorld(t)
	in := newImport("later")
	in.PublishedAt = now + 10*day
	post := w.mustImport(t, in, content.ImportCreated).Post
	post = must(t)(w.UpdatePost(operator(t), post.ID, 1, content.UpdatePostInput{Summary: logic.TextChange{Given: true, Value: new("Short.")}}, false))
	post = must(t)(w.PublishPost(operator(t), post.ID, 2, new(now+20*day)))
	if post.PublishedAt != nil || *post.ScheduledFor != now+20*day {
		t.Errorf("planned anew, it is %+v", post)
	}
	w.now = now + 20*day
	if w.due(t) != 1 || *w.mustPost(t, "later").PublishedAt != w.now {
		t.Errorf("it came out with the date %d", *w.mustPost(t, "later").PublishedAt)
	}
}

// faults is a log that counts errors by their posts.
type faults struct {
	slog.Handler
	mu sync.Mutex
	of map[string]int
}

func (f *faults) Enabled(context.Context, slog.Level) bool { return true }

func (f *faults) Handle(_ context.Context, record slog.Record) error {
	record.Attrs(func(attr slog.Attr) bool {
		if attr.Key == "post" && record.Level == slog.LevelError {
			f.mu.Lock()
			f.of[attr.Value.String()]++
			f.mu.Unlock()
		}
		return true
	})
	return nil
}

// TestPostsThatFailKeepNoOtherBack plans more posts that can't be published than are tried at a time, all due before another one.
func TestPostsThatFailKeepNoOtherBack(t *testing.T) {
	w, editor := newWritingWorld(t)
	log := &faults{Handler: slog.DiscardHandler, of: map[string]int{}}
	w.Service = content.New(w.store.Content(), w.clock, w.store.Keys(), content.Options{Logger: slog.New(log)})
	var broken []content.Post
	for i := range 120 {
		post := must(t)(w.PublishPost(editor, w.mustCreate(t, editor, fmt.Sprint("broken ", i)).ID, 1, nil))
		post = w.mustUpdate(t, editor, post, post.Title)
		post = must(t)(w.PublishPost(editor, w.mustUpdate(t, editor, post, "more").ID, post.Revision+1, new(now+1)))
		post.ScheduledRevision = new(99)
		broken = append(broken, post)
	}
	err := w.store.Content().Write(t.Context(), func(writer content.Writer) error {
		for _, post := range broken {
			if err := writer.SetPostRevisions(t.Context(), post); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	must(t)(w.PublishPost(editor, w.mustCreate(t, editor, "sound").ID, 1, new(now+2)))
	tries := func() int { return log.of[broken[0].ID.ID().String()] }
	w.now = now + 2
	if published := w.due(t); published != 1 || tries() != 1 {
		t.Errorf("%d posts were published, want 1; one that fails was tried %d times", published, tries())
	}
	w.mustPost(t, "sound")
	for i, step := range []struct{ wait, tries int }{{999, 1}, {1, 2}, {1999, 2}, {1, 3}, {3999, 3}, {1, 4}} {
		if w.now += logic.Moment(step.wait); w.due(t) != 0 || tries() != step.tries {
			t.Errorf("step %d: it was tried %d times, want %d", i, tries(), step.tries)
		}
	}
}

func TestManyPostsAreDueTogether(t *testing.T) {
	w, editor := newWritingWorld(t)
	for i := range 250 {
		must(t)(w.PublishPost(editor, w.mustCreate(t, editor, fmt.Sprint("post ", i)).ID, 1, new(now+1)))
	}
	w.now = now + 1
	if published := w.due(t); published != 250 {
		t.Errorf("%d posts were published at once, want all 250", published)
	}
}

func TestMarksAloneAreNoWords(t *testing.T) {
	w, editor := newWritingWorld(t)
	w.mustPublish(t, editor, "Knots")
	for _, text := range []string{"knots \u0301", "knots \u0301*", "knots \"\u0301\"", "knots 😀"} {
		if found := w.found(t, reader(t), text, nil); len(found) != 1 {
			t.Errorf("%q finds %q", text, found)
		}
	}
}

func TestTitlesHaveOneLineAndLanguagesOneForm(t *testing.T) {
	w, editor := newWritingWorld(t)
	post := must(t)(w.CreatePost(editor, content.CreatePostInput{
		Title: " a\nb\r\nc\u2028d ", Markdown: "x", Language: new("EN-us"), AuthorIDs: []logic.UserID{ada},
	}))
	if post.Title != "a b c d" || post.Slug != "a-b-c-d" || post.Language != "en-US" {
		t.Errorf("it is %q, %q, in %q", post.Title, post.Slug, post.Language)
	}
	post = must(t)(w.UpdatePost(editor, post.ID, 1, content.UpdatePostInput{Language: new("de_AT")}, false))
	if post.Language != "de-AT" {
		t.Errorf("it is in %q", post.Language)
	}
	must(t)(w.PublishPost(editor, post.ID, 2, nil))
	for _, asked := range []string{"de-AT", "DE-at", "de_AT"} {
		query, err := w.PostQuery(editor, &content.PostFilter{Languages: []string{asked}}, nil, logic.PageArgs{})
		if err != nil {
			t.Fatal(err)
		}
		if counts, err := w.CountPosts(editor, []content.PostList{content.AllPosts}, query); err != nil || counts[content.AllPosts] != 1 {
			t.Errorf("in %s there are %v posts, %v", asked, counts, err)
		}
	}
}

func TestAuthorsDoNotRestoreAuthors(t *testing.T) {
	w, editor := newWritingWorld(t)
	author := as(t, person(ada, logic.RoleAuthor))
	post := must(t)(w.CreatePost(editor, content.CreatePostInput{Title: "Rope", Markdown: "One.", AuthorIDs: []logic.UserID{ada, bo}}))
	post = must(t)(w.UpdatePost(editor, post.ID, 1, content.UpdatePostInput{AuthorIDs: []logic.UserID{ada}}, false))
	if got, err := w.RestoreRevision(author, post.ID, 2, 1); logic.CodeOf(err) != logic.CodeForbidden || got.Revision != 2 {
		t.Errorf("where only the authors differ: %+v, %v", got, err)
	}
	post = must(t)(w.UpdatePost(author, post.ID, 2, content.UpdatePostInput{Markdown: new("Two.")}, false))
	if post = must(t)(w.RestoreRevision(author, post.ID, 3, 1)); len(post.AuthorIDs) != 1 || post.Revision != 4 {
		t.Errorf("the text came back as %+v", post)
	}
	if post = must(t)(w.RestoreRevision(editor, post.ID, 4, 1)); len(post.AuthorIDs) != 2 {
		t.Errorf("an editor's restored post has the authors %v", post.AuthorIDs)
	}
}

func TestWhatIsMadeOnceNamesNoInput(t *testing.T) {
	w, editor := newWritingWorld(t)
	author := logic.WithIdempotencyKey(as(t, person(ada, logic.RoleAuthor)), "one")
	in := content.CreatePostInput{Title: "Rope", Markdown: "One."}
	post := must(t)(w.CreatePost(author, in))
	must(t)(w.UpdatePost(editor, post.ID, 1, content.UpdatePostInput{AuthorIDs: []logic.UserID{bo}}, false))
	_, err := w.CreatePost(author, in)
	wantFaults(t, err, "NOT_FOUND")
	in.Title = "Twine"
	if _, err = w.CreatePost(author, in); logic.CodeOf(err) != logic.CodeInvalid || !strings.Contains(err.Error(), "another input") {
		t.Errorf("another input: %v", err)
	}
}
