package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"headwater/graph/bind"
	"headwater/logic"
	"headwater/logic/content"
)

// aPNG returns an image.
func aPNG(t *testing.T, width int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, width, 7))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// mustAddImage uploads an image as the user with a username.
func (w writing) mustAddImage(t *testing.T, username, filename string, width int) content.Media {
	t.Helper()
	who, err := w.services.Account.User(operator(t.Context()), username)
	if err != nil {
		t.Fatal(err)
	}
	ctx := logic.WithViewer(t.Context(), logic.Viewer{Limit: logic.AllScopes, SessionLimit: logic.AllScopes, User: who.ID, Role: who.Role})
	media, err := w.services.Content.UploadMedia(ctx, content.UploadMediaInput{
		File: content.Upload{Filename: filename, Content: bytes.NewReader(aPNG(t, width))}, Alt: "A pond",
	})
	if err != nil {
		t.Fatal(err)
	}
	return media
}

// mustAnswer checks the data of an answer.
func (w writing) mustAnswer(t *testing.T, header http.Header, query, want string) {
	t.Helper()
	if got := dataOf(t, w.send(t, header, query, nil)); got != want {
		t.Errorf("%s\nanswers %s\nnot     %s", query, got, want)
	}
}

func TestFilesAreAnsweredWhole(t *testing.T) {
	w := openWriting(t)
	pond := w.mustAddImage(t, "ada", "pond.png", 700)
	stem := "https://example.org/media/" + strings.TrimSuffix(pond.Name, ".png")
	id := bind.EncodeID(pond.NodeID())
	w.mustAnswer(t, w.bo, `{ media { totalCount pageInfo { hasNextPage } nodes {
		id filename mimeType width height alt url uploadedBy { username } variants { url width height mimeType } } } }`,
		fmt.Sprintf(`{"media":{"totalCount":1,"pageInfo":{"hasNextPage":false},"nodes":[{"id":"%s","filename":"pond.png","mimeType":"image/png",`+
			`"width":700,"height":7,"alt":"A pond","url":"%s.png","uploadedBy":{"username":"ada"},"variants":[`+
			`{"url":"%s-320.png","width":320,"height":3,"mimeType":"image/png"},{"url":"%s-640.png","width":640,"height":6,"mimeType":"image/png"}]}]}}`,
			id, stem, stem, stem))
	w.mustAnswer(t, w.bo, `{ media(query: "pon", orderBy: { field: SIZE, direction: ASC }) { edges { node { filename } } } none: media(query: "sea") { totalCount } }`,
		`{"media":{"edges":[{"node":{"filename":"pond.png"}}]},"none":{"totalCount":0}}`)
	if got := w.send(t, nil, `{ media { totalCount } }`, nil); !bytes.Contains(got.Response, []byte(`"FORBIDDEN"`)) || !bytes.Contains(got.Response, []byte(`{"media":null}`)) {
		t.Errorf("%s", got.Response)
	}
}

func TestPostsAndPeopleHavePictures(t *testing.T) {
	w := openWriting(t)
	pond, face := w.mustAddImage(t, "ada", "pond.png", 700), w.mustAddImage(t, "eva", "face.png", 90)
	post := w.mustDo(t, w.eva, fmt.Sprintf(`createPost(input: { title: "Ponds", coverId: %q, markdown: "![A pond](/media/%s) and [it](/media/%s)" })`,
		nodeID(pond.NodeID()), pond.Variants[0].Name, pond.Name))
	w.mustAnswer(t, nil, fmt.Sprintf(`{ node(id: %q) { id } }`, nodeID(pond.NodeID())), `{"node":null}`)
	w.mustAnswer(t, w.eva, fmt.Sprintf(`mutation { updateProfile(input: { avatarId: %q }) { user { avatar { filename } } userErrors { message } } }`, nodeID(face.NodeID())),
		`{"updateProfile":{"user":{"avatar":{"filename":"face.png"}},"userErrors":[]}}`)
	w.mustDo(t, w.eva, fmt.Sprintf(`publishPost(id: %q, expectedRevision: 1)`, post.ID))
	w.mustAnswer(t, nil, `{ post(slug: "ponds") { cover { filename uploadedBy { name } } author { avatar { width } } html } }`,
		fmt.Sprintf(`{"post":{"cover":{"filename":"pond.png","uploadedBy":null},"author":{"avatar":{"width":90}},"html":%s}}`,
			mustQuote(t, fmt.Sprintf("<p><img src=\"https://example.org/media/%s\" alt=\"A pond\"> and <a href=\"https://example.org/media/%s\">it</a></p>\n",
				pond.Variants[0].Name, pond.Name))))
	w.mustAnswer(t, nil, fmt.Sprintf(`{ nodes(ids: [%q, %q]) { ... on Media { filename } } }`, nodeID(pond.NodeID()), nodeID(face.NodeID())),
		`{"nodes":[{"filename":"pond.png"},{"filename":"face.png"}]}`)

	// The working copy has another cover, of which readers see nothing.
	sea := w.mustAddImage(t, "ada", "sea.png", 90)
	w.mustDo(t, w.eva, fmt.Sprintf(`updatePost(id: %q, expectedRevision: 1, input: { coverId: %q })`, post.ID, nodeID(sea.NodeID())))
	w.mustAnswer(t, nil, fmt.Sprintf(`{ post(slug: "ponds") { cover { filename } workingCopy { number } } node(id: %q) { id } }`, nodeID(sea.NodeID())),
		`{"post":{"cover":{"filename":"pond.png"},"workingCopy":null},"node":null}`)
	w.mustAnswer(t, w.eva, `{ post(slug: "ponds") { workingCopy { cover { filename } } revisions { nodes { cover { filename } } } } }`,
		`{"post":{"workingCopy":{"cover":{"filename":"sea.png"}},"revisions":{"nodes":[{"cover":{"filename":"sea.png"}},{"cover":{"filename":"pond.png"}}]}}}`)
}

func mustQuote(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out.String())
}

func TestFilesInUseAreNamed(t *testing.T) {
	w := openWriting(t)
	pond := w.mustAddImage(t, "ada", "pond.png", 90)
	remove := fmt.Sprintf(`mutation { deleteMedia(id: %q) { deletedId usedBy { title } userErrors { code message field } } }`, nodeID(pond.NodeID()))
	draft := w.mustDo(t, w.eva, fmt.Sprintf(`createPost(input: { title: "Hidden", coverId: %q })`, nodeID(pond.NodeID())))
	own := w.mustDo(t, w.ada, fmt.Sprintf(`createPost(input: { title: "Mine", markdown: "/media/%s" })`, pond.Name))
	w.mustAnswer(t, w.eva, fmt.Sprintf(`mutation { updateProfile(input: { avatarId: %q }) { userErrors { message } } }`, nodeID(pond.NodeID())), `{"updateProfile":{"userErrors":[]}}`)
	w.mustAnswer(t, w.ada, remove, `{"deleteMedia":{"deletedId":null,"usedBy":[{"title":"Mine"}],"userErrors":[{"code":"IN_USE",`+
		`"message":"The file is in use.","field":["id"]}]}}`)
	w.mustDo(t, w.ada, fmt.Sprintf(`updatePost(id: %q, expectedRevision: 1, input: { markdown: "" })`, own.ID))
	// Whether hidden posts have it, however many, or people, and which of them, is not told.
	const inUse = `{"deleteMedia":{"deletedId":null,"usedBy":[],"userErrors":[{"code":"IN_USE","message":"The file is in use.","field":["id"]}]}}`
	more := w.mustDo(t, w.eva, fmt.Sprintf(`createPost(input: { title: "Hidden too", coverId: %q })`, nodeID(pond.NodeID())))
	w.mustAnswer(t, w.ada, remove, inUse)
	w.mustDo(t, w.eva, fmt.Sprintf(`updatePost(id: %q, expectedRevision: 1, input: { coverId: null })`, more.ID))
	w.mustAnswer(t, w.ada, remove, inUse)
	w.mustDo(t, w.eva, fmt.Sprintf(`updatePost(id: %q, expectedRevision: 1, input: { coverId: null })`, draft.ID))
	w.mustAnswer(t, w.ada, remove, inUse)
	w.mustAnswer(t, w.eva, `mutation { updateProfile(input: { avatarId: null }) { user { avatar { id } } userErrors { message } } }`, `{"updateProfile":{"user":{"avatar":null},"userErrors":[]}}`)
	if got := w.send(t, w.bo, remove, nil); !bytes.Contains(got.Response, []byte(`"FORBIDDEN"`)) {
		t.Errorf("%s", got.Response)
	}
	w.mustAnswer(t, w.ada, fmt.Sprintf(`mutation { updateMedia(id: %q, input: { alt: " Snow ", filename: "a/b" }) { media { alt } userErrors { code field } } }`, nodeID(pond.NodeID())),
		`{"updateMedia":{"media":null,"userErrors":[{"code":"INVALID","field":["input","filename"]}]}}`)
	w.mustAnswer(t, w.ada, remove, fmt.Sprintf(`{"deleteMedia":{"deletedId":%q,"usedBy":[],"userErrors":[]}}`, nodeID(pond.NodeID())))
	w.mustAnswer(t, w.ada, remove, `{"deleteMedia":{"deletedId":null,"usedBy":[],"userErrors":[{"code":"NOT_FOUND","message":"There is no such file.","field":["id"]}]}}`)
}

// TestNamingAPictureTellsNothing has somebody who may not list files name one that is hidden, and one that never was.
func TestNamingAPictureTellsNothing(t *testing.T) {
	w := openWriting(t)
	w.mustUser(t, "rita", logic.RoleReader)
	rita := w.mustSignIn(t, "rita")
	pond := w.mustAddImage(t, "ada", "pond.png", 90)
	const update = `mutation { updateProfile(input: { name: "", avatarId: %q }) { user { avatar { url } } userErrors { code message field } } }`
	hidden := w.send(t, rita, fmt.Sprintf(update, nodeID(pond.NodeID())), nil)
	missing := w.send(t, rita, fmt.Sprintf(update, nodeID(logic.MediaID(1).ID())), nil)
	if !bytes.Equal(hidden.Response, missing.Response) || hidden.Statements != missing.Statements || !bytes.Contains(hidden.Response, []byte(`["input","avatarId"]`)) {
		t.Errorf("hidden:  %d statements, %s\nmissing: %d statements, %s", hidden.Statements, hidden.Response, missing.Statements, missing.Response)
	}
	node := func(id string) string { return fmt.Sprintf(`{ node(id: %q) { id ... on Media { url } } }`, id) }
	hidden, missing = w.send(t, rita, node(nodeID(pond.NodeID())), nil), w.send(t, rita, node(nodeID(logic.MediaID(1).ID())), nil)
	if !bytes.Equal(hidden.Response, missing.Response) || hidden.Statements != missing.Statements {
		t.Errorf("hidden:  %d statements, %s\nmissing: %d statements, %s", hidden.Statements, hidden.Response, missing.Statements, missing.Response)
	}
	w.mustAnswer(t, w.ada, fmt.Sprintf(`mutation { updateProfile(input: { avatarId: %q }) { userErrors { code } } }`, nodeID(logic.MediaID(1).ID())),
		`{"updateProfile":{"userErrors":[{"code":"NOT_FOUND"}]}}`)
}

// TestPicturesOfTheErasedAreErased erases a person, and with them the picture that nothing else shows.
func TestPicturesOfTheErasedAreErased(t *testing.T) {
	w := openWriting(t)
	face, shown := w.mustAddImage(t, "ada", "face.png", 700), w.mustAddImage(t, "bo", "shown.png", 700)
	w.mustDo(t, w.eva, fmt.Sprintf(`createPost(input: { title: "Faces", coverId: %q })`, nodeID(shown.NodeID())))
	for _, person := range []struct {
		username string
		header   http.Header
		picture  content.Media
		want     logic.Code // of opening it then
	}{{"ada", w.ada, face, logic.CodeNotFound}, {"bo", w.bo, shown, ""}} {
		w.mustAnswer(t, person.header, fmt.Sprintf(`mutation { updateProfile(input: { avatarId: %q }) { userErrors { message } } }`, nodeID(person.picture.NodeID())),
			`{"updateProfile":{"userErrors":[]}}`)
		user, err := w.services.Account.User(operator(t.Context()), person.username)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.services.Account.EraseUser(operator(t.Context()), user.ID); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{person.picture.Name, person.picture.Variants[1].Name} {
			file, err := w.services.Content.OpenMedia(t.Context(), name)
			if err != nil && logic.CodeOf(err) != person.want || err == nil && person.want != "" {
				t.Errorf("%s of %s: %v", name, person.username, err)
			}
			if err == nil {
				_ = file.Content.Close()
			}
		}
	}
	strays, err := w.store.Content().OldStrays(t.Context(), w.now, 10)
	if err != nil || len(strays) != 3 {
		t.Errorf("%v are to be swept (%v)", strays, err)
	}
	if err := w.services.Content.SweepMedia(t.Context()); err != nil {
		t.Error(err)
	}
	if strays, err = w.store.Content().OldStrays(t.Context(), w.now, 10); err != nil || len(strays) > 0 {
		t.Errorf("%v are left (%v)", strays, err)
	}
}

// TestCoversOfAListAreReadTogether asks for the covers, and who uploaded them, of one post and of three: in as many statements.
func TestCoversOfAListAreReadTogether(t *testing.T) {
	w := openWriting(t)
	const query = `{ posts { nodes { cover { url uploadedBy { avatar { url } } } } } }`
	statements := map[int]int{}
	for posts := 1; posts <= 3; posts++ {
		cover := w.mustAddImage(t, []string{"ada", "bo", "eva"}[posts-1], "cover.png", 400)
		post := w.mustDo(t, w.eva, fmt.Sprintf(`createPost(input: { title: "Post %d", coverId: %q })`, posts, nodeID(cover.NodeID())))
		w.mustDo(t, w.eva, fmt.Sprintf(`publishPost(id: %q, expectedRevision: 1)`, post.ID))
		got := w.send(t, w.eva, query, nil)
		if count := bytes.Count(got.Response, []byte(`"cover":{"url":"https://`)); count != posts {
			t.Errorf("%d covers: %s", count, got.Response)
		}
		statements[posts] = int(got.Statements)
	}
	if statements[1] != statements[3] {
		t.Errorf("one takes %d statements, three take %d", statements[1], statements[3])
	}
}
