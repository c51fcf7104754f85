package content_test

import (
	"context"
	"path/filepath"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/store"
)

// now is the moment at which tests begin.
const now logic.Moment = 1_767_225_600_000 // 2026-01-01

const day = 24 * 60 * 60 * 1000

// world is an empty database with the service over it, and a clock that tests set.
type world struct {
	*content.Service
	store *store.Store
	now   logic.Moment
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{now: now}
	var err error
	w.store, err = store.Open(t.Context(), store.Options{Dir: filepath.Join(t.TempDir(), "data"), Clock: w.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	w.Service = content.New(w.store.Content(), w.clock, w.store.Keys(), content.Options{})
	return w
}

func (w *world) clock() logic.Moment { return w.now }

// reader returns a context that answers for nobody in particular.
func reader(t *testing.T) context.Context { return as(t, logic.Viewer{Limit: logic.AllScopes}) }

// operator returns a context that answers for the command line.
func operator(t *testing.T) context.Context { return as(t, logic.Operator()) }

func as(t *testing.T, viewer logic.Viewer) context.Context {
	return logic.WithViewer(t.Context(), viewer)
}

// newImport returns a post that can be imported, published the day before tests begin.
func newImport(slug string) content.PostImport {
	return content.PostImport{
		Source: slug + ".md", Slug: slug, Title: "Post " + slug, Markdown: "Some *text*.", Authors: []string{"Ada Quill"}, PublishedAt: now - day,
	}
}

// mustImport imports a post, and stops the test unless that does what is wanted.
func (w *world) mustImport(t *testing.T, in content.PostImport, want content.ImportOutcome) content.ImportResult {
	t.Helper()
	result, err := w.ImportPost(operator(t), in)
	if err != nil {
		t.Fatal(err)
	}
	if result.Outcome != want {
		t.Fatalf("the import of %s has outcome %d, want %d", in.Source, result.Outcome, want)
	}
	return result
}

// mustPost returns a post that readers see.
func (w *world) mustPost(t *testing.T, slug string) content.Post {
	t.Helper()
	post, err := w.Post(reader(t), slug)
	if err != nil {
		t.Fatalf("the post %s: %v", slug, err)
	}
	return post
}

// wantFaults fails the test unless err is these faults, each as its code and its field.
func wantFaults(t *testing.T, err error, want ...string) {
	t.Helper()
	var got []string
	switch err := err.(type) {
	case logic.Faults:
		for _, fault := range err {
			got = append(got, describe(fault))
		}
	case *logic.Error:
		got = append(got, describe(err))
	default:
		t.Fatalf("got %v, want %v", err, want)
	}
	if len(got) != len(want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("fault %d is %q, want %q", i, got[i], want[i])
		}
	}
}

func describe(fault *logic.Error) string {
	text := string(fault.Code)
	for _, name := range fault.Field {
		text += " " + name
	}
	return text
}

// wantNone fails the test if readers see a post with the slug.
func (w *world) wantNone(t *testing.T, slug string) {
	t.Helper()
	if post, err := w.Post(reader(t), slug); logic.CodeOf(err) != logic.CodeNotFound {
		t.Errorf("the post %s is %+v, %v", slug, post, err)
	}
}
