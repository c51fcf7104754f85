package content_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/store"
)

// due publishes what is due and returns how many posts that were.
func (w *world) due(t *testing.T) int {
	t.Helper()
	published, err := w.PublishDue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return published
}

// open opens a database with a service over it, as a program does that starts.
func (w *world) open(t *testing.T, dir string) {
	t.Helper()
	opened, err := store.Open(t.Context(), store.Options{Dir: dir, Clock: w.clock})
	if err != nil {
		t.Fatal(err)
	}
	w.store, w.Service = opened, content.New(opened.Content(), w.clock, opened.Keys(), content.Options{})
}

func (w *world) close(t *testing.T) {
	t.Helper()
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestSchedulesOutlastARestart plans a post and a working copy, stops the program before their time, and starts it after.
func TestSchedulesOutlastARestart(t *testing.T) {
	w, dir := &world{now: now}, filepath.Join(t.TempDir(), "data")
	w.open(t, dir)
	editor := as(t, logic.Operator())
	first := w.mustImport(t, newImport("author"), content.ImportCreated).Post
	create := func(title string) content.Post {
		return must(t)(w.CreatePost(editor, content.CreatePostInput{Title: title, Markdown: title + ".", AuthorIDs: first.AuthorIDs}))
	}
	soon := must(t)(w.PublishPost(editor, create("soon").ID, 1, new(now+1000)))
	late := must(t)(w.PublishPost(editor, create("late").ID, 1, new(now+3*day)))
	live := must(t)(w.PublishPost(editor, create("live").ID, 1, nil))
	live = must(t)(w.PublishPost(editor, w.mustUpdate(t, editor, live, "live again").ID, 2, new(now+day)))
	live = w.mustUpdate(t, editor, live, "not planned")

	if w.now += 999; w.due(t) != 0 {
		t.Error("something was published a millisecond before its time")
	}
	w.close(t)
	w.now = now + 2*day
	w.open(t, dir)
	defer w.close(t)
	w.wantNone(t, "soon")
	if published := w.due(t); published != 2 {
		t.Errorf("%d posts were published, want 2", published)
	}
	if post := w.mustPost(t, "soon"); post.ID != soon.ID || *post.PublishedAt != now+1000 || post.UpdatedAt != w.now || state(post) != "PUBLISHED 1" {
		t.Errorf("what was due in the stop is %+v", post)
	}
	if post := w.mustPost(t, "live"); post.Title != "live again" || *post.PublishedAt != now || state(post) != "PUBLISHED 2 of 3" || post.ID != live.ID {
		t.Errorf("what was live before is %+v", post)
	}
	w.wantNone(t, "late")
	if published := w.due(t); published != 0 {
		t.Errorf("%d posts were published twice", published)
	}
	w.now = now + 3*day // the very moment
	if published := w.due(t); published != 1 || w.mustPost(t, "late").ID != late.ID {
		t.Errorf("%d posts were published, want the last one", published)
	}
}

func TestWhatIsPlannedCanBeDropped(t *testing.T) {
	for _, act := range []string{"unpublish", "archive", "delete"} {
		for _, place := range []string{"SCHEDULED", "PLANNED"} {
			w, editor := newWritingWorld(t)
			post := lives[place](t, w, editor)
			post = must(t)(acts[act](editor, w, post))
			w.now += 10 * day
			if published := w.due(t); published != 0 || state(w.mustRead(t, post.ID)) != state(post) {
				t.Errorf("%s, %s: it was published, and is %s", place, act, state(w.mustRead(t, post.ID)))
			}
		}
	}
}

func TestDatesOfPublishing(t *testing.T) {
	w, editor := newWritingWorld(t)
	dated := w.mustCreate(t, editor, "dated")
	dated = must(t)(w.UpdatePost(editor, dated.ID, 1, content.UpdatePostInput{PublishedAt: new(now - day)}, false))
	post := w.mustCreate(t, editor, "post")
	w.now += 5000
	dated = must(t)(w.PublishPost(editor, dated.ID, 2, nil))
	post = must(t)(w.PublishPost(editor, post.ID, 1, nil))
	if *dated.PublishedAt != now-day || *post.PublishedAt != w.now || post.UpdatedAt != w.now {
		t.Errorf("published at %d and %d", *dated.PublishedAt, *post.PublishedAt)
	}
	first := *post.PublishedAt
	w.now += 5000
	post = must(t)(w.PublishPost(editor, w.mustUpdate(t, editor, post, "again").ID, 2, nil))
	if *post.PublishedAt != first || post.UpdatedAt != w.now {
		t.Errorf("published again, it has the date %d and was changed at %d", *post.PublishedAt, post.UpdatedAt)
	}
	post = must(t)(w.UnpublishPost(editor, post.ID))
	w.now += 5000
	post = must(t)(w.PublishPost(editor, post.ID, post.Revision, new(w.now+day)))
	w.now += 2 * day
	if w.due(t) != 1 || *w.mustPost(t, "post").PublishedAt != first {
		t.Errorf("planned again, it has the date %d, want %d", *w.mustPost(t, "post").PublishedAt, first)
	}
	redated := must(t)(w.UpdatePost(editor, post.ID, post.Revision, content.UpdatePostInput{PublishedAt: new(now - 2*day)}, false))
	if *redated.PublishedAt != first {
		t.Errorf("a working copy changed the date to %d", *redated.PublishedAt)
	}
	if redated = must(t)(w.PublishPost(editor, post.ID, redated.Revision, nil)); *redated.PublishedAt != now-2*day {
		t.Errorf("another date became %d", *redated.PublishedAt)
	}
}

// published is a log that sends the slug of what was published by itself.
type published struct {
	slog.Handler
	slugs chan string
}

func (p published) Handle(_ context.Context, record slog.Record) error {
	record.Attrs(func(attr slog.Attr) bool {
		if attr.Key == "slug" {
			p.slugs <- attr.Value.String()
		}
		return true
	})
	return nil
}

func (p published) Enabled(context.Context, slog.Level) bool { return true }

// TestPostsAreOutWithinASecond runs what a server runs, by a clock that a test moves while it runs.
func TestPostsAreOutWithinASecond(t *testing.T) {
	w, editor := newWritingWorld(t)
	post := must(t)(w.PublishPost(editor, w.mustCreate(t, editor, "post").ID, 1, new(now+day)))
	var clock atomic.Int64
	clock.Store(int64(now + day - 1))
	log := published{slog.DiscardHandler, make(chan string, 1)}
	running := content.New(w.store.Content(), func() logic.Moment { return logic.Moment(clock.Load()) }, w.store.Keys(), content.Options{Logger: slog.New(log)})
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { running.Run(ctx) })
	defer group.Wait()
	defer stop()

	clock.Store(int64(now + day))
	due := time.Now()
	select {
	case slug := <-log.slugs:
		if slug != post.Slug {
			t.Errorf("published was %q", slug)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it was not published in ten seconds")
	}
	if took := time.Since(due); took > time.Second {
		t.Errorf("it was published %v after its time", took)
	}
	w.leads(t, "post", post)
}
