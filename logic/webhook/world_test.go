package webhook_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"headwater/deliver"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/logic/webhook"
	"headwater/store"
)

// now is the moment at which tests begin.
const now logic.Moment = 1_767_225_600_000 // 2026-01-01

// clock is a clock that tests set, while others read it.
type clock struct{ atomic.Int64 }

func (c *clock) now() logic.Moment { return logic.Moment(c.Load()) }

func (c *clock) pass(d time.Duration) { c.Add(d.Milliseconds()) }

// world is webhooks and posts over a data folder, a clock that tests set, and somebody who listens.
type world struct {
	*webhook.Service
	*clock
	dir     string
	store   *store.Store
	content *content.Service
	author  logic.UserID
	*receiver
}

func newWorld(t testing.TB) *world {
	t.Helper()
	c := &clock{}
	c.Store(int64(now))
	w := openWorld(t, t.TempDir(), c, 0, listen(t))
	author, err := account.New(w.store.Account(), c.now, w.store.Keys(), account.Options{}).CreateUser(operator(t), account.CreateUserInput{
		Username: "ada", Email: "ada@example.org", Role: logic.RoleAuthor,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.author = author.ID
	return w
}

// openWorld opens a data folder, as the program with the given number does.
func openWorld(t testing.TB, dir string, c *clock, node int, r *receiver) *world {
	t.Helper()
	opened, err := store.Open(t.Context(), store.Options{Dir: dir, Clock: c.now, Node: node})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() }) // some tests close it themselves
	sender := deliver.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
	return &world{
		Service: webhook.New(opened.Webhook(), c.now, opened.Keys(), webhook.Options{Sender: sender}), clock: c, dir: dir, store: opened,
		content: content.New(opened.Content(), c.now, opened.Keys(), content.Options{}), receiver: r,
	}
}

// receiver is a server that keeps what it is told, and answers as tests say.
type receiver struct {
	url string
	mu  sync.Mutex
	got []told
	// answer returns the status of the answer; nil is 204 for all.
	answer func(told) int
}

// told is a message as it came.
type told struct {
	ID, Event string
	Post      *struct{ ID, Slug, PreviousSlug, URL, Title string }
	header    http.Header
	body      string
}

func listen(t testing.TB) *receiver {
	r := &receiver{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		message := told{header: request.Header, body: string(body)}
		if err == nil {
			err = json.Unmarshal(body, &message)
		}
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		r.got = append(r.got, message)
		answer := r.answer
		r.mu.Unlock()
		status := http.StatusNoContent
		if answer != nil {
			status = answer(message)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

// answering has the receiver answer all with a status.
func (r *receiver) answering(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = func(told) int { return status }
}

// take returns what came since it was last asked.
func (r *receiver) take() []told {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.got
	r.got = nil
	return got
}

// operator returns a context in which the command line asks.
func operator(t testing.TB) context.Context {
	return logic.WithViewer(t.Context(), logic.Operator())
}

// mustHook makes a webhook of the receiver's that wants to know everything.
func (w *world) mustHook(t testing.TB) (webhook.Webhook, string) {
	t.Helper()
	hook, secret, err := w.CreateWebhook(operator(t), webhook.CreateWebhookInput{
		URL: w.url, Events: []webhook.Event{webhook.PostPublished, webhook.PostChanged, webhook.PostRemoved},
	})
	if err != nil {
		t.Fatal(err)
	}
	return hook, secret
}

// must returns what a call brought.
func must[T any](t testing.TB) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// mustPublish makes a post and publishes it.
func (w *world) mustPublish(t testing.TB, title string) content.Post {
	t.Helper()
	post := must[content.Post](t)(w.content.CreatePost(operator(t), content.CreatePostInput{Title: title, Markdown: "Text.", AuthorIDs: []logic.UserID{w.author}}))
	return must[content.Post](t)(w.content.PublishPost(operator(t), post.ID, post.Revision, nil))
}

// mustChange gives a published post another title and publishes that.
func (w *world) mustChange(t testing.TB, post content.Post, title string) content.Post {
	t.Helper()
	post = must[content.Post](t)(w.content.UpdatePost(operator(t), post.ID, post.Revision, content.UpdatePostInput{Title: &title}, false))
	return must[content.Post](t)(w.content.PublishPost(operator(t), post.ID, post.Revision, nil))
}

// mustSettle makes all tries that are due and fails the test unless there were as many.
func (w *world) mustSettle(t testing.TB, tries int) {
	t.Helper()
	if got, err := w.Settle(t.Context()); err != nil || got != tries {
		t.Fatalf("%d tries were made, not %d (%v)", got, tries, err)
	}
}

// mustDeliveries returns the deliveries of a webhook, the oldest first.
func (w *world) mustDeliveries(t testing.TB, hook webhook.Webhook) []webhook.Delivery {
	t.Helper()
	query := must[webhook.DeliveryQuery](t)(webhook.NewDeliveryQuery(nil, logic.PageArgs{Last: new(100)}))
	pages, err := w.DeliveryPages(operator(t), []logic.WebhookID{hook.ID}, query)
	if err != nil {
		t.Fatal(err)
	}
	items := pages[hook.ID].Items
	oldest := make([]webhook.Delivery, len(items))
	for i, item := range items {
		oldest[len(items)-1-i] = item
	}
	return oldest
}

// mustGet returns a webhook as it is.
func (w *world) mustGet(t testing.TB, hook webhook.Webhook) webhook.Webhook {
	t.Helper()
	return must[webhook.Webhook](t)(w.Webhook(operator(t), hook.ID))
}

func codeOf(err error) logic.Code {
	if err == nil {
		return ""
	}
	return logic.CodeOf(err)
}
