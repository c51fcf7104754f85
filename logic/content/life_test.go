package content_test

import (
	"context"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

// lives makes a post in each place of its life. Its first revision is titled "first", and a working copy "second".
var lives = map[string]func(t *testing.T, w *world, ctx context.Context) content.Post{
	"DRAFT": func(t *testing.T, w *world, ctx context.Context) content.Post { return w.mustCreate(t, ctx, "first") },
	"SCHEDULED": func(t *testing.T, w *world, ctx context.Context) content.Post {
		return must(t)(w.PublishPost(ctx, w.mustCreate(t, ctx, "first").ID, 1, new(now+day)))
	},
	"SCHEDULED+": func(t *testing.T, w *world, ctx context.Context) content.Post {
		post := must(t)(w.PublishPost(ctx, w.mustCreate(t, ctx, "first").ID, 1, new(now+day)))
		return w.mustUpdate(t, ctx, post, "second")
	},
	"PUBLISHED": func(t *testing.T, w *world, ctx context.Context) content.Post {
		return must(t)(w.PublishPost(ctx, w.mustCreate(t, ctx, "first").ID, 1, nil))
	},
	"PUBLISHED+": func(t *testing.T, w *world, ctx context.Context) content.Post {
		post := must(t)(w.PublishPost(ctx, w.mustCreate(t, ctx, "first").ID, 1, nil))
		return w.mustUpdate(t, ctx, post, "second")
	},
	"PLANNED": func(t *testing.T, w *world, ctx context.Context) content.Post {
		post := must(t)(w.PublishPost(ctx, w.mustCreate(t, ctx, "first").ID, 1, nil))
		return must(t)(w.PublishPost(ctx, w.mustUpdate(t, ctx, post, "second").ID, 2, new(now+day)))
	},
	"ARCHIVED": func(t *testing.T, w *world, ctx context.Context) content.Post {
		return must(t)(w.ArchivePost(ctx, w.mustCreate(t, ctx, "first").ID))
	},
	"trashed DRAFT": func(t *testing.T, w *world, ctx context.Context) content.Post {
		return must(t)(w.DeletePost(ctx, w.mustCreate(t, ctx, "first").ID))
	},
	"trashed PUBLISHED+": func(t *testing.T, w *world, ctx context.Context) content.Post {
		post := must(t)(w.PublishPost(ctx, w.mustCreate(t, ctx, "first").ID, 1, nil))
		return must(t)(w.DeletePost(ctx, w.mustUpdate(t, ctx, post, "second").ID))
	},
}

// acts is what can be done with a post.
var acts = map[string]func(ctx context.Context, w *world, post content.Post) (content.Post, error){
	"update": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.UpdatePost(ctx, post.ID, post.Revision, content.UpdatePostInput{Title: new("third"), Markdown: new("The third text.")}, false)
	},
	"update nothing": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.UpdatePost(ctx, post.ID, post.Revision, content.UpdatePostInput{Tags: []string{"Rope"}}, false)
	},
	"autosave": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.UpdatePost(ctx, post.ID, post.Revision, content.UpdatePostInput{Title: new("third")}, true)
	},
	"update stale": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.UpdatePost(ctx, post.ID, post.Revision-1, content.UpdatePostInput{Title: new("third")}, false)
	},
	"publish": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.PublishPost(ctx, post.ID, post.Revision, nil)
	},
	"publish stale": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.PublishPost(ctx, post.ID, post.Revision-1, nil)
	},
	"publish later": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.PublishPost(ctx, post.ID, post.Revision, new(now+2*day))
	},
	"publish in the past": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.PublishPost(ctx, post.ID, post.Revision, new(now-1))
	},
	"publish twice": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		if post, err := w.PublishPost(ctx, post.ID, post.Revision, nil); err != nil {
			return post, err
		}
		return w.PublishPost(ctx, post.ID, post.Revision, nil)
	},
	"discard": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.DiscardWorkingCopy(ctx, post.ID)
	},
	"unpublish": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.UnpublishPost(ctx, post.ID)
	},
	"archive": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.ArchivePost(ctx, post.ID)
	},
	"delete": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.DeletePost(ctx, post.ID)
	},
	"undelete": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.UndeletePost(ctx, post.ID)
	},
	"restore 1": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.RestoreRevision(ctx, post.ID, post.Revision, 1)
	},
	"restore 9": func(ctx context.Context, w *world, post content.Post) (content.Post, error) {
		return w.RestoreRevision(ctx, post.ID, post.Revision, 9)
	},
}

// lifeTable says what becomes of a post in each place of its life by each act, as state has it, or the fault. What is live says so in front.
const lifeTable = `
                    | DRAFT                   | SCHEDULED                   | SCHEDULED+                  | PUBLISHED                          | PUBLISHED+                         | PLANNED                            | ARCHIVED                | trashed DRAFT      | trashed PUBLISHED+
update              | DRAFT 2                 | SCHEDULED 1 of 2, 1 planned | SCHEDULED 1 of 3, 1 planned | PUBLISHED 1 of 2                   | PUBLISHED 1 of 3                   | PUBLISHED 1 of 3, 2 planned        | ARCHIVED 2              | INVALID id         | INVALID id
update nothing      | DRAFT 1                 | SCHEDULED 1, 1 planned      | SCHEDULED 1 of 2, 1 planned | PUBLISHED 1                        | PUBLISHED 1 of 2                   | PUBLISHED 1 of 2, 2 planned        | ARCHIVED 1              | INVALID id         | INVALID id
autosave            | DRAFT 2                 | SCHEDULED 1 of 2, 1 planned | SCHEDULED 1 of 3, 1 planned | PUBLISHED 1 of 2                   | PUBLISHED 1 of 3                   | PUBLISHED 1 of 3, 2 planned        | ARCHIVED 2              | INVALID id         | INVALID id
update stale        | STALE expectedRevision  | STALE expectedRevision      | STALE expectedRevision      | STALE expectedRevision             | STALE expectedRevision             | STALE expectedRevision             | STALE expectedRevision  | INVALID id         | INVALID id
publish             | PUBLISHED 1             | PUBLISHED 1                 | PUBLISHED 2                 | INVALID id                         | PUBLISHED 2                        | PUBLISHED 2                        | PUBLISHED 1             | INVALID id         | INVALID id
publish stale       | STALE expectedRevision  | STALE expectedRevision      | STALE expectedRevision      | STALE expectedRevision             | STALE expectedRevision             | STALE expectedRevision             | STALE expectedRevision  | INVALID id         | INVALID id
publish later       | SCHEDULED 1, 1 planned  | SCHEDULED 1, 1 planned      | SCHEDULED 2, 2 planned      | INVALID id                         | PUBLISHED 1 of 2, 2 planned        | PUBLISHED 1 of 2, 2 planned        | SCHEDULED 1, 1 planned  | INVALID id         | INVALID id
publish in the past | INVALID at              | INVALID at                  | INVALID at                  | INVALID id                         | INVALID at                         | INVALID at                         | INVALID at              | INVALID id         | INVALID id
publish twice       | INVALID id              | INVALID id                  | INVALID id                  | INVALID id                         | INVALID id                         | INVALID id                         | INVALID id              | INVALID id         | INVALID id
discard             | INVALID id              | INVALID id                  | SCHEDULED 3, 3 planned      | INVALID id                         | PUBLISHED 3                        | PUBLISHED 3                        | INVALID id              | INVALID id         | INVALID id
unpublish           | INVALID id              | DRAFT 1                     | DRAFT 2                     | DRAFT 1                            | DRAFT 2                            | DRAFT 2                            | DRAFT 1                 | INVALID id         | INVALID id
archive             | ARCHIVED 1              | ARCHIVED 1                  | ARCHIVED 2                  | ARCHIVED 1                         | ARCHIVED 2                         | ARCHIVED 2                         | INVALID id              | INVALID id         | INVALID id
delete              | DRAFT 1, trashed        | DRAFT 1, trashed            | DRAFT 2, trashed            | PUBLISHED 1, trashed               | PUBLISHED 1 of 2, trashed          | PUBLISHED 1 of 2, trashed          | ARCHIVED 1, trashed     | INVALID id         | INVALID id
undelete            | INVALID id              | INVALID id                  | INVALID id                  | INVALID id                         | INVALID id                         | INVALID id                         | INVALID id              | DRAFT 1            | PUBLISHED 1 of 2
restore 1           | DRAFT 1                 | SCHEDULED 1, 1 planned      | SCHEDULED 1 of 3, 1 planned | PUBLISHED 1                        | PUBLISHED 1 of 3                   | PUBLISHED 1 of 3, 2 planned        | ARCHIVED 1              | INVALID id         | INVALID id
restore 9           | NOT_FOUND number        | NOT_FOUND number            | NOT_FOUND number            | NOT_FOUND number                   | NOT_FOUND number                   | NOT_FOUND number                   | NOT_FOUND number        | INVALID id         | INVALID id
`

// cells returns the fields of a line of a table.
func cells(line string) []string {
	fields := strings.Split(line, "|")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	return fields
}

// TestTheLifeOfAPost tries every act in every place of a post's life.
func TestTheLifeOfAPost(t *testing.T) {
	lines := strings.Split(strings.Trim(lifeTable, "\n"), "\n")
	places := cells(lines[0])[1:]
	if len(places) != len(lives) || len(lines)-1 != len(acts) {
		t.Fatalf("the table has %d places and %d acts, want %d and %d", len(places), len(lines)-1, len(lives), len(acts))
	}
	for i, place := range places {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			w, ctx := newWritingWorld(t)
			for _, line := range lines[1:] {
				row := cells(line)
				t.Run(row[0], func(t *testing.T) { w.tryAct(t, ctx, lives[place](t, w, ctx), row[0], row[i+1]) })
			}
		})
	}
}

// tryAct does something with a post and looks at all that must hold whatever comes of it.
func (w *world) tryAct(t *testing.T, ctx context.Context, post content.Post, act, want string) {
	t.Helper()
	view, version := w.view(t), w.version(t)
	if shown := w.mustRead(t, post.ID); state(shown) != state(post) {
		t.Errorf("it is said to be %s, and is %s", state(post), state(shown))
	}
	w.now += 1000
	done, err := acts[act](ctx, w, post)
	if got := outcome(done, err); got != want {
		t.Errorf("it is %s, want %s", got, want)
	}
	stored := w.mustRead(t, post.ID)
	if logic.CodeOf(err) == logic.CodeStale && state(done) != state(stored) {
		t.Errorf("with STALE comes %s; stored is %s", state(done), state(stored))
	}
	if err == nil && state(done) != state(stored) {
		t.Errorf("answered is %s; stored is %s", state(done), state(stored))
	}
	if err != nil && act != "publish twice" && state(stored) != state(post) {
		t.Errorf("it failed, and yet made %s of %s", state(stored), state(post))
	}
	if seen, count := w.view(t), w.version(t); (seen != view) != (count != version) {
		t.Errorf("content_version went from %d to %d, while what readers see went from\n%s\nto\n%s", version, count, view, seen)
	}
	w.checkWhole(t, stored)
}

// checkWhole holds a post to its revisions.
func (w *world) checkWhole(t *testing.T, post content.Post) {
	t.Helper()
	var shown content.Revision
	for i, revision := range w.revisionsOf(t, post.ID) {
		if revision.Number != i+1 {
			t.Errorf("revision %d has the number %d", i+1, revision.Number)
		}
		if revision.Number == post.ShownRevision {
			shown = revision
		}
		if i+1 == post.Revision && post.HasWorkingCopy() {
			copies, err := w.WorkingCopies(as(t, person(eva, logic.RoleEditor)), []content.Post{post})
			if err != nil || copies[post.ID].Number != post.Revision {
				t.Errorf("the working copy is %+v, %v", copies, err)
			}
		}
	}
	sources, err := w.Sources(as(t, person(eva, logic.RoleEditor)), []content.Post{post})
	if err != nil || shown.Title != post.Title || shown.Slug != post.Slug || shown.Markdown != sources[post.ID] {
		t.Errorf("the post shows %q with %q, and its revision %d is %q with %q, %v",
			post.Title, sources[post.ID], shown.Number, shown.Title, shown.Markdown, err)
	}
	if planned := post.ScheduledFor != nil; planned != (post.ScheduledRevision != nil) ||
		post.Status == content.PostStatusScheduled && (!planned || *post.ScheduledRevision != post.ShownRevision) ||
		planned && post.Status != content.PostStatusScheduled && post.Status != content.PostStatusPublished {
		t.Errorf("a post that is %s can't be", state(post))
	}
}

// version returns how often what readers see has changed.
func (w *world) version(t *testing.T) int64 {
	t.Helper()
	version, _, err := w.ContentVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return version
}
