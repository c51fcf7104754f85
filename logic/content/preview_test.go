package content_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/content"
)

const week = 7 * 24 * 60 * 60

// mustToken returns a new preview token of a post, for a week.
func (w *world) mustToken(t *testing.T, ctx context.Context, post content.Post) string {
	t.Helper()
	token, expiresAt, err := w.CreatePreviewToken(ctx, post.ID, week)
	if err != nil || !logic.TokenPreview.Is(token) || expiresAt != w.now.Add(week*time.Second) {
		t.Fatalf("the token is %q until %v, %v", token, expiresAt, err)
	}
	return token
}

// mustPreview returns what a token shows to somebody without any right.
func (w *world) mustPreview(t *testing.T, token string) content.Post {
	t.Helper()
	post, err := w.PostPreview(as(t, logic.Viewer{}), token)
	if err != nil || post.Preview == nil {
		t.Fatalf("the preview is %+v, %v", post, err)
	}
	return post
}

func (w *world) wantNoPreview(t *testing.T, what, token string, code logic.Code) {
	t.Helper()
	if post, err := w.PostPreview(as(t, logic.Operator()), token); logic.CodeOf(err) != code || post.ID != 0 {
		t.Errorf("%s: the preview is %+v, %v; want %s", what, post, err, code)
	}
}

func TestAPreviewShowsTheNewestState(t *testing.T) {
	w, editor := newWritingWorld(t)
	post := w.mustCreate(t, editor, "Rope")
	token := w.mustToken(t, editor, post)
	if got := w.mustPreview(t, token); got.Title != "Rope" || got.Status != content.PostStatusDraft || got.Preview.HTML != "<p>The text of Rope.</p>\n" {
		t.Errorf("the draft is shown as %+v", got)
	}
	post = must(t)(w.PublishPost(editor, post.ID, post.Revision, nil))
	before := w.view(t)
	post = must(t)(w.UpdatePost(editor, post.ID, post.Revision, content.UpdatePostInput{
		Title: new("Twine"), Slug: new("twine"), Summary: logic.TextChange{Given: true, Value: new("Thinner.")}, Language: new("de"),
		Markdown: new("## Eins\n\nZwei *drei*."), Tags: []string{"Unheard of", "Rope"}, AuthorIDs: []logic.UserID{bo, eva},
		PublishedAt: new(now - day),
	}, false))
	got := w.mustPreview(t, token)
	if got.Slug != "twine" || got.Title != "Twine" || *got.Summary != "Thinner." || got.Language != "de" || *got.PublishedAt != now-day {
		t.Errorf("the working copy is shown as %+v", got)
	}
	outline := got.Preview.Outline()
	if len(outline.Headings) != 1 || outline.Headings[0].Text != "Eins" || outline.WordCount != 3 || outline.Lead != "Eins Zwei drei." {
		t.Errorf("its outline is %+v", outline)
	}
	if html, text := got.Preview.Body(content.BodyHTML), got.Preview.Body(content.BodyText); !strings.Contains(html, "<em>drei</em>") || strings.Contains(text, "<") {
		t.Errorf("its text is %q and %q", html, text)
	}
	tags, err := w.TagsByID(editor, got.TagIDs)
	if err != nil || len(got.TagIDs) != 1 || tags[got.TagIDs[0]].Name != "Rope" {
		t.Errorf("its tags are %v, %v: want those that are there", tags, err)
	}
	if len(got.AuthorIDs) != 2 || got.AuthorIDs[0] != bo {
		t.Errorf("its authors are %v", got.AuthorIDs)
	}
	if after := w.view(t); after != before {
		t.Errorf("readers saw\n%s\nand see\n%s", before, after)
	}
	must(t)(w.DiscardWorkingCopy(editor, post.ID))
	if got := w.mustPreview(t, token); got.Title != "Rope" || got.Slug != "rope" {
		t.Errorf("without the working copy it is shown as %+v", got)
	}
}

func TestAPreviewGivesNoRight(t *testing.T) {
	w, editor := newWritingWorld(t)
	post := w.mustCreate(t, editor, "Rope")
	other := w.mustCreate(t, editor, "Knots")
	token := w.mustToken(t, editor, post)
	for name, viewer := range map[string]logic.Viewer{"an editor": person(eva, logic.RoleEditor), "its author": person(ada, logic.RoleAuthor), "the operator": logic.Operator()} {
		preview, err := w.PostPreview(as(t, viewer), token)
		if err != nil || content.CanEdit(viewer, preview) || content.CanPublish(viewer, preview) {
			t.Errorf("%s may edit what the token shows (%v)", name, err)
		}
		copies, err := w.WorkingCopies(as(t, viewer), []content.Post{preview})
		sources, err2 := w.Sources(as(t, viewer), []content.Post{preview})
		counts, err3 := w.CountRevisions(as(t, viewer), []content.Post{preview})
		if len(copies)+len(sources)+len(counts) > 0 || err != nil || err2 != nil || err3 != nil {
			t.Errorf("%s gets %v, %v, %v", name, copies, sources, counts)
		}
	}
	if got := w.mustPreview(t, token); got.ID != post.ID || got.ID == other.ID {
		t.Errorf("the token shows %+v", got)
	}
	w.wantNone(t, post.Slug)
}

func TestPreviewTokensEnd(t *testing.T) {
	w, editor := newWritingWorld(t)
	post := w.mustCreate(t, editor, "Rope")
	first, second := w.mustToken(t, editor, post), w.mustToken(t, editor, post)
	other := w.mustToken(t, editor, w.mustCreate(t, editor, "Knots"))
	session, _ := logic.NewToken(logic.TokenSession)
	never, _ := logic.NewToken(logic.TokenPreview)
	for what, token := range map[string]string{"no token": "", "a session's": session, "one that never was": never, "one cut short": first[:20]} {
		w.wantNoPreview(t, what, token, logic.CodeNotFound)
	}

	must(t)(w.DeletePost(editor, post.ID))
	w.wantNoPreview(t, "in the trash", first, logic.CodeNotFound)
	must(t)(w.UndeletePost(editor, post.ID))
	w.mustPreview(t, first)

	w.now += week*1000 - 1
	w.mustPreview(t, first)
	w.now++
	w.wantNoPreview(t, "at its end", first, logic.CodeExpired)
	w.now += 90*day - 1
	third := w.mustToken(t, editor, post)
	w.wantNoPreview(t, "long after its end", first, logic.CodeExpired)
	w.now += 2
	w.mustToken(t, editor, post)
	w.wantNoPreview(t, "longer after its end", second, logic.CodeNotFound)
	w.mustPreview(t, third)

	kept := w.mustToken(t, editor, must(t)(w.Post(editor, "knots")))
	if revoked := must(t)(w.RevokePreviewTokens(editor, post.ID)); revoked.ID != post.ID || revoked.Preview != nil {
		t.Errorf("revoking answers %+v", revoked)
	}
	w.wantNoPreview(t, "revoked", third, logic.CodeNotFound)
	w.wantNoPreview(t, "another post's, at its end", other, logic.CodeNotFound)
	w.mustPreview(t, kept)
}

func TestWhoMakesPreviewTokens(t *testing.T) {
	w, editor := newWritingWorld(t)
	draft := w.mustCreate(t, editor, "Rope")
	public := w.mustCreate(t, editor, "Knots")
	public = must(t)(w.PublishPost(editor, public.ID, public.Revision, nil))
	trashed := w.mustCreate(t, editor, "Bin")
	trashed = must(t)(w.DeletePost(editor, trashed.ID))
	own, author, nobody := as(t, person(ada, logic.RoleAuthor)), as(t, person(bo, logic.RoleAuthor)), reader(t)
	for name, test := range map[string]struct {
		ctx  context.Context
		post content.Post
		want string // fault; empty for none
	}{
		"an editor, a draft":                {editor, draft, ""},
		"an editor, what readers see":       {editor, public, ""},
		"an editor, what is in the trash":   {editor, trashed, "INVALID postId"},
		"an editor, nothing":                {editor, content.Post{}, "NOT_FOUND postId"},
		"an author, a draft of their own":   {own, draft, ""},
		"an author, a draft of another":     {author, draft, "NOT_FOUND postId"},
		"an author, what readers see":       {author, public, "FORBIDDEN"},
		"an author, another's in the trash": {author, trashed, "NOT_FOUND postId"},
		"nobody, a draft":                   {nobody, draft, "FORBIDDEN"},
		"nobody, what readers see":          {nobody, public, "FORBIDDEN"},
		"nobody, nothing":                   {nobody, content.Post{}, "FORBIDDEN"},
	} {
		_, _, err := w.CreatePreviewToken(test.ctx, test.post.ID, week)
		_, revokeErr := w.RevokePreviewTokens(test.ctx, test.post.ID)
		for _, err := range []error{err, revokeErr} {
			if test.want == "" && err != nil {
				t.Errorf("%s: %v", name, err)
			} else if test.want != "" {
				t.Log(name)
				wantFaults(t, err, test.want)
			}
		}
	}
	for seconds, fine := range map[int]bool{-1: false, 0: false, 59: false, 60: true, 90 * 86400: true, 90*86400 + 1: false, 1 << 60: false} {
		if _, _, err := w.CreatePreviewToken(editor, draft.ID, seconds); fine != (err == nil) {
			t.Errorf("a token for %d seconds: %v", seconds, err)
		} else if !fine {
			wantFaults(t, err, "INVALID expiresInSeconds")
		}
	}
}
