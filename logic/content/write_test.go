package content_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/content"
)

func TestCreatedPostsAreAsTheyWereAsked(t *testing.T) {
	w, editor := newWritingWorld(t)
	in := content.CreatePostInput{
		Kind: content.PostKindPage, Title: " A title\n", Markdown: "Some *text*.", Slug: new("a-slug"), Summary: new(" short "), Tags: []string{"Rope", "rope"},
		AuthorIDs: []logic.UserID{bo, ada}, Language: new("de"),
	}
	post := must(t)(w.CreatePost(editor, in))
	want := content.Post{
		ID: post.ID, Kind: content.PostKindPage, Slug: "a-slug", Title: "A title", Status: content.PostStatusDraft, Summary: new("short"),
		AuthorIDs: []logic.UserID{bo, ada}, TagIDs: post.TagIDs, Language: "de", CreatedAt: now, UpdatedAt: now, Revision: 1, ShownRevision: 1,
	}
	if diff := cmp.Diff(want, post); diff != "" || len(post.TagIDs) != 1 {
		t.Errorf("on %d tags (-want +got):\n%s", len(post.TagIDs), diff)
	}
	if diff := cmp.Diff(post, w.mustRead(t, post.ID)); diff != "" {
		t.Errorf("what is stored is not what was answered:\n%s", diff)
	}
	revisions := w.revisionsOf(t, post.ID)
	wantRevision := content.Revision{
		ID: revisions[0].ID, PostID: post.ID, Number: 1, Slug: "a-slug", Title: "A title", Summary: new("short"), Markdown: "Some *text*.",
		Tags: []string{"Rope", "rope"}, AuthorIDs: []logic.UserID{bo, ada}, Language: "de", EditorID: new(eva), ClientID: new(logic.ClientID(1)),
		SessionID: new(logic.SessionID(eva)), CreatedAt: now,
	}
	if diff := cmp.Diff([]content.Revision{wantRevision}, revisions); diff != "" {
		t.Errorf("its revision is (-want +got):\n%s", diff)
	}
	plain := must(t)(w.CreatePost(as(t, person(ada, logic.RoleAuthor)), content.CreatePostInput{Title: "Plain", Summary: new(" ")}))
	if plain.Kind != content.PostKindArticle || plain.Language != "en" || plain.Summary != nil || !slices.Equal(plain.AuthorIDs, []logic.UserID{ada}) {
		t.Errorf("what is left out becomes %+v", plain)
	}
	key := logic.Viewer{Limit: logic.AllScopes, Secret: true, Client: 1, Key: 5}
	made := must(t)(w.CreatePost(as(t, key), content.CreatePostInput{Title: "By a key", AuthorIDs: []logic.UserID{ada}}))
	if of := w.revisionsOf(t, made.ID)[0]; of.EditorID != nil || *of.ClientID != 1 || *of.KeyID != 5 || of.SessionID != nil {
		t.Errorf("a key's revision is %+v", of)
	}
}

// Every fault of an input comes in one answer, and nothing is written.
func TestWritingNamesEveryFault(t *testing.T) {
	w, editor := newWritingWorld(t)
	taken := w.mustCreate(t, editor, "Taken")
	long, tags := strings.Repeat("é", 1001), make([]string, 33)
	for i := range tags {
		tags[i] = fmt.Sprint("tag ", i)
	}
	_, err := w.CreatePost(editor, content.CreatePostInput{
		Title: strings.Repeat("é", 201), Markdown: strings.Repeat("x", 1<<20+1), Slug: &taken.Slug, Summary: &long, Tags: tags, Language: new("no language"),
		AuthorIDs: []logic.UserID{ada, 99}, CoverID: new(logic.MediaID(99)),
	})
	wantFaults(t, err, "TOO_LONG title", "TOO_LONG summary", "INVALID language", "INVALID tags", "TOO_LONG markdown", "TAKEN slug",
		"NOT_FOUND authorIds", "NOT_FOUND coverId")
	_, err = w.CreatePost(editor, content.CreatePostInput{Title: " \n", Slug: new("No Slug"), Tags: []string{"?!"}, AuthorIDs: []logic.UserID{}})
	wantFaults(t, err, "REQUIRED title", "INVALID slug", "INVALID tags 0", "REQUIRED authorIds")
	_, err = w.UpdatePost(editor, taken.ID, 1, content.UpdatePostInput{
		Title: new("a\x1bb"), Slug: new("/"), Summary: logic.TextChange{Given: true, Value: &long}, AuthorIDs: slices.Repeat([]logic.UserID{ada}, 21),
		CoverID: logic.MediaChange{Given: true, Value: new(logic.MediaID(99))}, PublishedAt: new(now + 1),
	}, false)
	wantFaults(t, err, "INVALID title", "INVALID slug", "TOO_LONG summary", "INVALID authorIds", "INVALID publishedAt", "INVALID authorIds", "NOT_FOUND coverId")
	if got := w.numbersOf(t, taken.ID); got != "1" {
		t.Errorf("the revisions are %s", got)
	}
	fits := content.CreatePostInput{
		Title: strings.Repeat("é", 200), Markdown: strings.Repeat("x ", 1<<19), Summary: new(long[:2000]), Tags: tags[:32], AuthorIDs: []logic.UserID{ada},
	}
	must(t)(w.CreatePost(editor, fits))
}

func TestUpdatesChangeWhatTheyName(t *testing.T) {
	w, editor := newWritingWorld(t)
	post := w.mustCreate(t, editor, "A post")
	w.now += 1000
	in := content.UpdatePostInput{Summary: logic.TextChange{Given: true, Value: new("Short.")}, Tags: []string{"Wood"}, PublishedAt: new(now - day)}
	updated := must(t)(w.UpdatePost(editor, post.ID, 1, in, false))
	want := post
	want.Summary, want.TagIDs, want.PublishedAt, want.UpdatedAt, want.Revision, want.ShownRevision = new("Short."), updated.TagIDs, new(now-day), now+1000, 2, 2
	if diff := cmp.Diff(want, updated); diff != "" || slices.Equal(post.TagIDs, updated.TagIDs) {
		t.Errorf("(-want +got)\n%s", diff)
	}
	cleared := must(t)(w.UpdatePost(editor, post.ID, 2, content.UpdatePostInput{Summary: logic.TextChange{Given: true}, Tags: []string{}}, false))
	if cleared.Summary != nil || len(cleared.TagIDs) != 0 || *cleared.PublishedAt != now-day {
		t.Errorf("cleared is %+v", cleared)
	}
}

// Two clients that began with the same revision: one wins, and the other learns what is stored now.
func TestTheSecondOfTwoWritersIsStale(t *testing.T) {
	w, editor := newWritingWorld(t)
	post := w.mustCreate(t, editor, "A post")
	first := w.mustUpdate(t, editor, post, "First")
	second, err := w.UpdatePost(as(t, person(ada, logic.RoleAuthor)), post.ID, post.Revision, content.UpdatePostInput{Title: new("Second")}, false)
	wantFaults(t, err, "STALE expectedRevision")
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("with STALE comes not what is stored (-stored +got):\n%s", diff)
	}
	merged := must(t)(w.UpdatePost(editor, post.ID, second.Revision, content.UpdatePostInput{Title: new("First and second")}, false))
	if got := w.numbersOf(t, post.ID); got != "1 2 3" || merged.Revision != 3 {
		t.Errorf("the revisions are %s", got)
	}
	stale, err := w.PublishPost(editor, post.ID, 2, nil)
	wantFaults(t, err, "STALE expectedRevision")
	if stale.Revision != 3 || stale.Status != content.PostStatusDraft {
		t.Errorf("publishing a stale revision answers %s", state(stale))
	}
	if _, err := w.RestoreRevision(editor, post.ID, 2, 1); logic.CodeOf(err) != logic.CodeStale {
		t.Errorf("restoring over a stale revision: %v", err)
	}
}

// TestManyWritersOfOnePost has 32 clients add a line each to one post, again and again while they are stale: every line is in the end, and every
// state that was ever stored.
func TestManyWritersOfOnePost(t *testing.T) {
	for _, place := range []string{"DRAFT", "PUBLISHED"} {
		t.Run(place, func(t *testing.T) {
			const writers = 32
			w, editor := newWritingWorld(t)
			post := lives[place](t, w, editor)
			var group sync.WaitGroup
			for n := range writers {
				group.Go(func() {
					ctx := logic.WithViewer(context.Background(), logic.Viewer{Limit: logic.AllScopes, Secret: true, Client: 1, Key: logic.APIKeyID(100 + n)})
					if err := w.addLine(ctx, post.ID, fmt.Sprintf("line %d.", n)); err != nil {
						t.Errorf("writer %d: %v", n, err)
					}
				})
			}
			group.Wait()
			revisions := w.revisionsOf(t, post.ID)
			if len(revisions) != 1+writers {
				t.Fatalf("there are %d revisions, want %d", len(revisions), 1+writers)
			}
			keys := map[logic.APIKeyID]bool{}
			for i, revision := range revisions {
				if revision.Number != i+1 {
					t.Errorf("revision %d has the number %d", i+1, revision.Number)
				}
				if i > 0 {
					keys[*revision.KeyID] = true
					if !strings.HasPrefix(revision.Markdown, revisions[i-1].Markdown) {
						t.Errorf("revision %d lost something of the one before", i+1)
					}
				}
			}
			for n := range writers {
				if line := fmt.Sprintf("line %d.", n); strings.Count(revisions[writers].Markdown, line) != 1 {
					t.Errorf("the last revision lacks %q", line)
				}
			}
			if len(keys) != writers {
				t.Errorf("%d writers wrote, want %d", len(keys), writers)
			}
			w.checkWhole(t, w.mustRead(t, post.ID))
		})
	}
}

// addLine adds a line behind the newest text of a post, as often as another writer was faster.
func (w *world) addLine(ctx context.Context, id logic.PostID, line string) error {
	for {
		posts, err := w.PostsByID(ctx, []logic.PostID{id})
		if err != nil {
			return err
		}
		post := posts[id]
		pages, err := w.Revisions(ctx, []content.Post{post}, logic.Window{Limit: 1})
		if err != nil {
			return err
		}
		newest := pages[id].Items[0]
		sources, err := w.RevisionSources(ctx, []logic.RevisionID{newest.ID})
		if err != nil {
			return err
		}
		text := sources[newest.ID] + "\n\n" + line
		_, err = w.UpdatePost(ctx, id, newest.Number, content.UpdatePostInput{Markdown: &text}, false)
		if logic.CodeOf(err) != logic.CodeStale {
			return err
		}
	}
}

// A request that is sent again with its idempotency key makes nothing twice, also where a slug was given.
func TestCreatingIsDoneOnce(t *testing.T) {
	w, editor := newWritingWorld(t)
	ctx := logic.WithIdempotencyKey(editor, "once")
	in := content.CreatePostInput{Title: "A post", Markdown: "Text.", Slug: new("a-post")}
	first := must(t)(w.CreatePost(ctx, in))
	w.mustUpdate(t, editor, first, "Changed since")
	again := must(t)(w.CreatePost(ctx, in))
	if again.ID != first.ID || again.Title != "Changed since" {
		t.Errorf("sent again, it answers %+v", again)
	}
	in.Title = "Another"
	if _, err := w.CreatePost(ctx, in); logic.CodeOf(err) != logic.CodeInvalid {
		t.Errorf("another post under the same key: %v", err)
	}
}
