package webhook_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"headwater/deliver"
	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/webhook"
)

// says writes messages in short: the event, and what it tells of the post.
func says(messages []told) string {
	lines := make([]string, len(messages))
	for i, m := range messages {
		lines[i] = m.Event
		if m.Post != nil {
			lines[i] = strings.TrimSpace(fmt.Sprintln(m.Event, m.Post.Slug, m.Post.PreviousSlug, m.Post.Title))
		}
	}
	return strings.Join(lines, "; ")
}

func wantSays(t *testing.T, what string, got []told, want string) {
	t.Helper()
	if text := says(got); text != want {
		t.Errorf("%s: told %q, want %q", what, text, want)
	}
}

// TestWhatReadersSeeIsTold goes through the life of a post: nothing is told of what readers can't see.
func TestWhatReadersSeeIsTold(t *testing.T) {
	w := newWorld(t)
	ctx := operator(t)
	hook, secret := w.mustHook(t)
	post := must[content.Post](t)(w.content.CreatePost(ctx, content.CreatePostInput{Title: "Plan", Markdown: "Hidden.", AuthorIDs: []logic.UserID{w.author}}))
	w.mustSettle(t, 0)
	post = must[content.Post](t)(w.content.PublishPost(ctx, post.ID, post.Revision, nil))
	w.mustSettle(t, 1)
	got := w.take()
	wantSays(t, "published", got, "post.published plan  Plan")
	if want := deliver.Signature([]string{secret}, now, got[0].body); got[0].header.Get("Headwater-Signature") != want {
		t.Errorf("signed as %s, want %s", got[0].header.Get("Headwater-Signature"), want)
	}
	post = must[content.Post](t)(w.content.UpdatePost(ctx, post.ID, post.Revision, content.UpdatePostInput{Title: new("Secret"), Slug: new("secret")}, false))
	w.mustSettle(t, 0)
	must[content.Post](t)(w.content.UnpublishPost(ctx, post.ID))
	w.mustSettle(t, 1)
	wantSays(t, "removed, with edits that nobody saw", w.take(), "post.removed plan  Plan")
	post = must[content.Post](t)(w.content.PublishPost(ctx, post.ID, post.Revision, nil))
	post = must[content.Post](t)(w.content.UpdatePost(ctx, post.ID, post.Revision, content.UpdatePostInput{Slug: new("told")}, false))
	must[content.Post](t)(w.content.PublishPost(ctx, post.ID, post.Revision, nil))
	must[content.Post](t)(w.content.DeletePost(ctx, post.ID))
	w.mustSettle(t, 3)
	wantSays(t, "the rest", w.take(), "post.published secret  Secret; post.changed told secret Secret; post.removed told  Secret")
	for _, d := range w.mustDeliveries(t, hook) {
		if d.State != webhook.Delivered || d.Attempts != 1 || *d.LastStatus != http.StatusNoContent || d.LastError != nil {
			t.Errorf("%+v", d)
		}
	}
	if hook = w.mustGet(t, hook); hook.LastDeliveredAt == nil || *hook.LastDeliveredAt != now {
		t.Errorf("last delivered at %v", hook.LastDeliveredAt)
	}
}

func TestOnlyWhatIsWantedIsTold(t *testing.T) {
	w := newWorld(t)
	if _, _, err := w.CreateWebhook(operator(t), webhook.CreateWebhookInput{URL: w.url, Events: []webhook.Event{webhook.PostRemoved}}); err != nil {
		t.Fatal(err)
	}
	post := w.mustPublish(t, "One")
	must[content.Post](t)(w.content.ArchivePost(operator(t), post.ID))
	w.mustSettle(t, 1)
	wantSays(t, "removals", w.take(), "post.removed one  One")
}

// TestOrderForEachPost has the first message about a post fail: those behind it wait, those about another do not.
func TestOrderForEachPost(t *testing.T) {
	w := newWorld(t)
	hook, _ := w.mustHook(t)
	w.answering(http.StatusServiceUnavailable)
	one := w.mustPublish(t, "One")
	w.mustSettle(t, 1)
	one = w.mustChange(t, one, "One again")
	must[content.Post](t)(w.content.UnpublishPost(operator(t), one.ID))
	w.take()
	w.answering(http.StatusOK)
	w.mustPublish(t, "Two")
	w.mustSettle(t, 1)
	wantSays(t, "another post", w.take(), "post.published two  Two")
	w.pass(12 * time.Second)
	w.mustSettle(t, 3)
	got := w.take()
	wantSays(t, "the first, once it is tried again", got, "post.published one  One; post.changed one  One again; post.removed one  One again")
	if try := got[0].header.Get("Headwater-Attempt"); try != "2" {
		t.Errorf("the second try says it is %s", try)
	}
	for _, d := range w.mustDeliveries(t, hook) {
		if d.State != webhook.Delivered {
			t.Errorf("%s is %s", d.Payload, d.State)
		}
	}
}

// TestPostsComeSideBySide answers the first message once four are there, and no more.
func TestPostsComeSideBySide(t *testing.T) {
	w := newWorld(t)
	w.mustHook(t)
	for i := range 6 {
		w.mustPublish(t, fmt.Sprint("Post ", i))
	}
	var together sync.WaitGroup
	together.Add(4)
	var came atomic.Int64
	w.answer = func(told) int {
		if came.Add(1) <= 4 { // the first four wait for each other
			together.Done()
			together.Wait()
		}
		return http.StatusOK
	}
	if begun, err := w.Begin(t.Context()); err != nil || begun != 4 {
		t.Fatalf("%d are begun, %v", begun, err)
	}
	w.Wait()
	if _, err := w.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	posts := map[string]bool{}
	for _, message := range w.take() {
		posts[message.Post.Slug] = true
	}
	if came.Load() != 6 || len(posts) != 6 {
		t.Errorf("%d came, about %d posts", came.Load(), len(posts))
	}
}

// TestTriesGrowRarer has everything fail for three days, and looks at when it is tried.
func TestTriesGrowRarer(t *testing.T) {
	w := newWorld(t)
	hook, _ := w.mustHook(t)
	w.answering(http.StatusInternalServerError)
	post := w.mustPublish(t, "One")
	w.mustChange(t, post, "One again")
	for try, wait := range webhook.Waits {
		w.mustSettle(t, 1)
		d := w.mustDeliveries(t, hook)[0]
		if d.State != webhook.Pending || d.Attempts != try+1 || *d.LastStatus != http.StatusInternalServerError || *d.LastError != "The answer was 500." {
			t.Fatalf("behind try %d: %+v", try+1, d)
		}
		next := time.Duration(*d.NextAttemptAt-w.now()) * time.Millisecond
		if next < wait*8/10 || next > wait*12/10 {
			t.Errorf("behind try %d it waits %s, not about %s", try+1, next, wait)
		}
		w.pass(next - time.Millisecond)
		w.mustSettle(t, 0)
		w.pass(time.Millisecond)
	}
	if passed := time.Duration(w.now()-now) * time.Millisecond; passed < 2*24*time.Hour || passed > 4*24*time.Hour {
		t.Errorf("the tries take %s", passed)
	}
	w.take()
	w.mustSettle(t, 2) // the last, and the first of what waited for it
	wantSays(t, "given up, and the next", w.take(), "post.published one  One; post.changed one  One again")
	if d := w.mustDeliveries(t, hook)[0]; d.State != webhook.Failed || d.Attempts != 12 || *d.FinishedAt != w.now() || d.NextAttemptAt != nil {
		t.Errorf("%+v", d)
	}
	if hook = w.mustGet(t, hook); !hook.IsEnabled() || *hook.FailingSince != now {
		t.Errorf("%+v", hook)
	}
}

// TestAWebhookThatNothingReachesIsSwitchedOff lets five days pass.
func TestAWebhookThatNothingReachesIsSwitchedOff(t *testing.T) {
	w := newWorld(t)
	hook, _ := w.mustHook(t)
	w.answering(http.StatusNotFound)
	post := w.mustPublish(t, "One")
	w.mustChange(t, post, "One again")
	for hook.IsEnabled() {
		if _, err := w.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Hour)
		if hook = w.mustGet(t, hook); w.now() > now.Add(8*24*time.Hour) {
			t.Fatalf("it is on after 8 days: %+v", hook)
		}
	}
	if *hook.DisabledAt < now.Add(5*24*time.Hour) || hook.DisabledReason == nil || *hook.DisabledReason != "Nothing arrived for 5 days. The answer was 404." {
		t.Errorf("%+v, %v", hook, *hook.DisabledReason)
	}
	for _, d := range w.mustDeliveries(t, hook) {
		if d.State != webhook.Failed {
			t.Errorf("%+v", d)
		}
	}
	w.take()
	w.mustPublish(t, "Two")
	w.mustSettle(t, 0)
	w.answering(http.StatusOK)
	hook = must[webhook.Webhook](t)(w.UpdateWebhook(operator(t), hook.ID, webhook.UpdateWebhookInput{IsEnabled: new(true)}))
	if !hook.IsEnabled() || hook.DisabledReason != nil || hook.FailingSince != nil {
		t.Errorf("%+v", hook)
	}
	w.mustPublish(t, "Three")
	w.mustSettle(t, 1)
	wantSays(t, "switched on", w.take(), "post.published three  Three")
}

// TestWhatArrivesKeepsAWebhookOn has one message of many arrive each day.
func TestWhatArrivesKeepsAWebhookOn(t *testing.T) {
	w := newWorld(t)
	hook, _ := w.mustHook(t)
	w.mustPublish(t, "Never")
	w.answer = func(m told) int {
		if m.Post != nil && m.Post.Title == "Never" {
			return http.StatusGone
		}
		return http.StatusOK
	}
	for range 7 * 24 {
		if _, err := w.TestWebhook(operator(t), hook.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Hour)
	}
	if hook = w.mustGet(t, hook); !hook.IsEnabled() {
		t.Errorf("%+v", hook)
	}
}

// TestWhatWasUnderWayIsSentAgain ends the program in the middle: with a word, and without one.
func TestWhatWasUnderWayIsSentAgain(t *testing.T) {
	w := newWorld(t)
	hook, _ := w.mustHook(t)
	came, hang := make(chan struct{}), make(chan struct{})
	w.answer = func(told) int {
		came <- struct{}{}
		<-hang
		return http.StatusOK
	}
	w.mustPublish(t, "One")
	ctx, stop := context.WithCancel(t.Context())
	if begun, err := w.Begin(ctx); err != nil || begun != 1 {
		t.Fatal(begun, err)
	}
	<-came
	stop()
	w.Wait()
	close(hang)
	d := w.mustDeliveries(t, hook)[0]
	if d.State != webhook.Pending || d.Attempts != 0 || *d.NextAttemptAt != now || d.IsUnderWay || w.mustGet(t, hook).FailingSince != nil {
		t.Errorf("after a clean stop: %+v", d)
	}
	first := w.take()
	// Without a word: somebody takes it, and is never heard of again.
	if err := w.store.Webhook().Write(t.Context(), func(writer webhook.Writer) error {
		taken, err := writer.TakeDue(t.Context(), hook.ID, w.now(), w.now().Add(time.Minute), 4)
		if len(taken) != 1 {
			t.Errorf("%d were taken", len(taken))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	w = openWorld(t, w.dir, w.clock, 1, w.receiver)
	w.answering(http.StatusOK)
	w.mustSettle(t, 0)
	w.pass(time.Minute)
	w.mustSettle(t, 1)
	again := w.take()
	if len(again) != 1 || again[0].ID != first[0].ID || again[0].body != first[0].body {
		t.Errorf("sent %v, then %v", first, again)
	}
}

// TestTwoServersSendOnce lets two programs over one data folder look for what is due at once.
func TestTwoServersSendOnce(t *testing.T) {
	w := newWorld(t)
	hook, _ := w.mustHook(t)
	other := openWorld(t, w.dir, w.clock, 1, w.receiver)
	for i := range 20 {
		w.mustPublish(t, fmt.Sprint("Post ", i))
	}
	var both sync.WaitGroup
	for _, server := range []*world{w, other} {
		both.Go(func() {
			if _, err := server.Settle(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	seen := map[string]int{}
	for _, message := range w.take() {
		seen[message.ID]++
	}
	if len(seen) != 20 {
		t.Errorf("%d of 20 came", len(seen))
	}
	for id, times := range seen {
		if times != 1 {
			t.Errorf("%s came %d times", id, times)
		}
	}
	for _, d := range w.mustDeliveries(t, hook) {
		if d.State != webhook.Delivered || d.Attempts != 1 {
			t.Errorf("%+v", d)
		}
	}
}

// TestALateWordCountsNoLonger: whoever comes back after the lease finds that another has the delivery.
func TestALateWordCountsNoLonger(t *testing.T) {
	w := newWorld(t)
	hook, _ := w.mustHook(t)
	came, hang := make(chan struct{}), make(chan struct{})
	var first atomic.Bool
	w.answer = func(told) int {
		if first.Swap(true) {
			return http.StatusOK
		}
		came <- struct{}{}
		<-hang
		return http.StatusTeapot
	}
	w.mustPublish(t, "One")
	if _, err := w.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-came
	w.pass(time.Minute)
	other := openWorld(t, w.dir, w.clock, 1, w.receiver)
	other.mustSettle(t, 1)
	close(hang)
	w.Wait()
	if d := w.mustDeliveries(t, hook)[0]; d.State != webhook.Delivered || *d.LastStatus != http.StatusOK {
		t.Errorf("%+v", d)
	}
}

func TestDeliveriesAreKeptForThirtyDays(t *testing.T) {
	w := newWorld(t)
	hook, _ := w.mustHook(t)
	w.mustPublish(t, "One")
	w.mustSettle(t, 1)
	w.pass(30 * 24 * time.Hour)
	w.mustSettle(t, 0)
	if len(w.mustDeliveries(t, hook)) != 1 {
		t.Error("it is gone after 30 days")
	}
	w.pass(time.Hour)
	w.mustSettle(t, 0)
	if kept := w.mustDeliveries(t, hook); len(kept) != 0 {
		t.Errorf("kept: %+v", kept)
	}
}

// TestWhatFailsIsToldOfNothing makes a change that fails behind its event: neither happened.
func TestWhatFailsIsToldOfNothing(t *testing.T) {
	w := newWorld(t)
	hook, _ := w.mustHook(t)
	err := w.store.Content().Write(t.Context(), func(writer content.Writer) error {
		post := content.Post{ID: 9, Slug: "one", PublishedAt: new(now)}
		if err := writer.AddPostEvent(t.Context(), content.PostEvent{Kind: content.PostEventPublished, Post: post, At: now}); err != nil {
			return err
		}
		return logic.Invalid("no")
	})
	if codeOf(err) != logic.CodeInvalid || len(w.mustDeliveries(t, hook)) != 0 {
		t.Errorf("%v; %+v", err, w.mustDeliveries(t, hook))
	}
}

// TestRunSends has what goes on beside requests send a message, and stop.
func TestRunSends(t *testing.T) {
	w := newWorld(t)
	hook, _ := w.mustHook(t)
	came := make(chan struct{})
	w.answer = func(told) int { close(came); return http.StatusOK }
	w.mustPublish(t, "One")
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { w.Run(ctx) })
	<-came
	stop()
	running.Wait()
	if states := []webhook.State{webhook.Delivered, webhook.Pending}; !slices.Contains(states, w.mustDeliveries(t, hook)[0].State) { // cut short while it read the answer
		t.Errorf("%+v", w.mustDeliveries(t, hook)[0])
	}
}
