package content_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"headwater/files"
	"headwater/logic"
	"headwater/logic/content"
)

// shelves keeps files in a folder, unless a test wants it to fail.
type shelves struct {
	*files.Folder
	puts    int // how many more are kept before onPut is asked; below 0 for all
	onPut   func() error
	onErase func() error
}

func (s *shelves) Put(ctx context.Context, name string, content io.Reader, size int64) error {
	if s.puts == 0 {
		if err := s.onPut(); err != nil {
			return err
		}
	}
	s.puts--
	return s.Folder.Put(ctx, name, content, size)
}

func (s *shelves) Delete(ctx context.Context, name string) error {
	if s.onErase != nil {
		return s.onErase()
	}
	return s.Folder.Delete(ctx, name)
}

// mediaWorld is a world to upload in.
type mediaWorld struct {
	*world
	shelves       *shelves
	kept, scratch string // folders
	ada, bo, eva  context.Context
}

func newMediaWorld(t *testing.T) *mediaWorld {
	t.Helper()
	w := &mediaWorld{kept: filepath.Join(t.TempDir(), "media"), scratch: t.TempDir()}
	w.world, _ = newWritingWorld(t)
	folder, err := files.OpenFolder(w.kept)
	if err != nil {
		t.Fatal(err)
	}
	w.shelves = &shelves{Folder: folder, puts: -1}
	w.Service = content.New(w.store.Content(), w.clock, w.store.Keys(), content.Options{
		Files: w.shelves, Scratch: w.scratch, MediaURL: "https://example.org/media/",
	})
	w.ada, w.bo = as(t, person(ada, logic.RoleAuthor)), as(t, person(bo, logic.RoleAuthor))
	w.eva = as(t, person(eva, logic.RoleEditor))
	return w
}

// aPNG returns an image.
func aPNG(t *testing.T, width int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, width, 3))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func upload(name string, content_ []byte) content.UploadMediaInput {
	return content.UploadMediaInput{File: content.Upload{Filename: name, Content: bytes.NewReader(content_)}, Alt: "A pond"}
}

func (w *mediaWorld) mustUpload(t *testing.T, ctx context.Context, name string, content_ []byte) content.Media {
	t.Helper()
	media, err := w.UploadMedia(ctx, upload(name, content_))
	if err != nil {
		t.Fatal(err)
	}
	return media
}

// names returns what lies in a folder, hidden or not.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, entry := range entries {
		found = append(found, entry.Name())
	}
	return found
}

// mustHold checks that nothing is kept but some files.
func (w *mediaWorld) mustHold(t *testing.T, want ...content.Media) {
	t.Helper()
	var wanted []string
	for _, media := range want {
		wanted = append(wanted, media.Name)
		for _, variant := range media.Variants {
			wanted = append(wanted, variant.Name)
		}
	}
	slices.Sort(wanted)
	if found := names(t, w.kept); !slices.Equal(found, wanted) {
		t.Errorf("%v are kept, not %v", found, wanted)
	}
	if found := names(t, w.scratch); len(found) > 0 {
		t.Errorf("%v are left", found)
	}
	if count, err := w.CountMedia(w.eva, content.MediaQuery{}); err != nil || count != int64(len(want)) {
		t.Errorf("%d files are known (%v)", count, err)
	}
	strays, err := w.store.Content().OldStrays(t.Context(), w.now+365*day, 100)
	if err != nil || len(strays) > 0 {
		t.Errorf("%v are strays (%v)", strays, err)
	}
}

func TestUploadsAreKept(t *testing.T) {
	w := newMediaWorld(t)
	pond := w.mustUpload(t, w.ada, `C:\pictures\A pond.webp`, aPNG(t, 700))
	if pond.Filename != "A pond.png" || pond.MimeType != "image/png" || *pond.Width != 700 || *pond.Height != 3 || *pond.UploadedBy != ada ||
		pond.Alt != "A pond" || len(pond.Variants) != 2 || pond.Variants[1].Name != strings.TrimSuffix(pond.Name, ".png")+"-640.png" {
		t.Errorf("%+v", pond)
	}
	note := w.mustUpload(t, w.ada, "note.html", []byte("<!doctype html><p>Hello"))
	if note.MimeType != "text/html" || note.Width != nil || note.Filename != "note.html" {
		t.Errorf("%+v", note)
	}
	w.mustHold(t, pond, note)
	for name, want := range map[string]struct {
		mimeType, filename string
		inline             bool
	}{
		pond.Name: {"image/png", "A pond.png", true}, pond.Variants[0].Name: {"image/png", "A pond.png", true}, note.Name: {"text/html", "note.html", false},
	} {
		file, err := w.OpenMedia(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if file.MimeType != want.mimeType || file.Filename != want.filename || file.Inline != want.inline {
			t.Errorf("%s is %+v", name, file)
		}
		if data, err := io.ReadAll(file.Content); err != nil || int64(len(data)) != file.Size {
			t.Errorf("%s has %d bytes of %d (%v)", name, len(data), file.Size, err)
		}
		if err := file.Content.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := w.OpenMedia(t.Context(), "../data/headwater.db"); logic.CodeOf(err) != logic.CodeNotFound {
		t.Error(err)
	}
}

// TestWhatIsRefusedLeavesNothing tries every way for an upload to fail.
func TestWhatIsRefusedLeavesNothing(t *testing.T) {
	w := newMediaWorld(t)
	good := aPNG(t, 2000)
	breaking := func(err error) io.Reader { return io.MultiReader(bytes.NewReader(good), failing{err}) }
	lost := errors.New("the line was cut")
	for name, test := range map[string]struct {
		file content.Upload
		alt  string
		want string // the fault, empty for an error of another kind
	}{
		"nothing":       {content.Upload{}, "", "REQUIRED file"},
		"empty":         {content.Upload{Content: strings.NewReader("")}, "", "REQUIRED file"},
		"too large":     {content.Upload{Content: io.LimitReader(zeros{}, content.MaxUpload+1)}, "", "TOO_LONG file"},
		"without end":   {content.Upload{Content: zeros{}}, "", "TOO_LONG file"},
		"broken off":    {content.Upload{Content: breaking(io.ErrUnexpectedEOF)}, "", "INVALID file"},
		"cut":           {content.Upload{Content: breaking(lost)}, "", ""},
		"not whole":     {content.Upload{Content: bytes.NewReader(good[:len(good)-9])}, "", "INVALID file"},
		"no image":      {content.Upload{Content: strings.NewReader(string(good[:40]) + strings.Repeat("x", 999))}, "", "INVALID file"},
		"other camera":  {content.Upload{Content: strings.NewReader("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + strings.Repeat("x", 99))}, "", "INVALID file"},
		"words":         {content.Upload{Content: bytes.NewReader(good)}, strings.Repeat("x", 1001), "TOO_LONG alt"},
		"all is wrong":  {content.Upload{Content: strings.NewReader("")}, "\x01", "INVALID alt, REQUIRED file"},
		"two are wrong": {content.Upload{Content: bytes.NewReader(good[:len(good)-1])}, strings.Repeat("x", 1001), "TOO_LONG alt, INVALID file"},
	} {
		media, err := w.UploadMedia(w.ada, content.UploadMediaInput{File: test.file, Alt: test.alt})
		if test.want == "" {
			if !errors.Is(err, lost) {
				t.Errorf("%s: %v", name, err)
			}
		} else {
			wantFaults(t, err, strings.Split(test.want, ", ")...)
		}
		if media.ID != 0 {
			t.Errorf("%s: %+v", name, media)
		}
		w.mustHold(t)
	}
	for _, refused := range []context.Context{as(t, logic.Viewer{Limit: logic.AllScopes}), as(t, person(ada, logic.RoleReader))} {
		if _, err := w.UploadMedia(refused, content.UploadMediaInput{File: content.Upload{Content: failing{lost}}}); logic.CodeOf(err) != logic.CodeForbidden {
			t.Error(err)
		}
	}
	w.mustHold(t)
}

// zeros is read without end.
type zeros struct{}

func (zeros) Read(into []byte) (int, error) { clear(into); return len(into), nil }

// failing can't be read.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestAnUploadThatFailsWhileItIsKeptLeavesNothing(t *testing.T) {
	w := newMediaWorld(t)
	full := errors.New("the disk is full")
	for puts := range 6 { // the image, and five copies
		w.shelves.puts, w.shelves.onPut = puts, func() error { return full }
		if _, err := w.UploadMedia(w.ada, upload("a.png", aPNG(t, 2000))); !errors.Is(err, full) {
			t.Errorf("after %d: %v", puts, err)
		}
		w.shelves.puts = -1
		w.mustHold(t)
	}
	ctx, cancel := context.WithCancel(w.ada)
	w.shelves.puts, w.shelves.onPut = 5, func() error { cancel(); return nil } // just before it is made media
	if _, err := w.UploadMedia(ctx, upload("a.png", aPNG(t, 2000))); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	w.mustHold(t)
}

func TestWhatACrashLeavesIsSwept(t *testing.T) {
	w := newMediaWorld(t)
	good := w.mustUpload(t, w.ada, "good.png", aPNG(t, 700))
	gone := errors.New("the power is gone")
	w.shelves.puts, w.shelves.onPut, w.shelves.onErase = 1, func() error { return gone }, func() error { return gone }
	if _, err := w.UploadMedia(w.ada, upload("a.png", aPNG(t, 700))); !errors.Is(err, gone) {
		t.Fatal(err)
	}
	w.shelves.puts, w.shelves.onErase = -1, nil
	if left := names(t, w.kept); len(left) != 4 {
		t.Fatalf("%v are kept", left)
	}
	if err := w.SweepMedia(t.Context()); err != nil || len(names(t, w.kept)) != 4 {
		t.Errorf("what may yet be under way is swept: %v", err)
	}
	w.now += 60*60*1000 + 1
	if err := w.SweepMedia(t.Context()); err != nil {
		t.Error(err)
	}
	w.mustHold(t, good)
}

func TestAnUploadThatWasSweptIsNoMedia(t *testing.T) {
	w := newMediaWorld(t)
	w.shelves.puts, w.shelves.onPut = 2, func() error { w.now += 2 * 60 * 60 * 1000; return w.SweepMedia(t.Context()) }
	if media, err := w.UploadMedia(w.ada, upload("a.png", aPNG(t, 700))); err == nil {
		t.Errorf("%+v", media)
	}
	w.mustHold(t)
}

func TestUploadingIsDoneOnce(t *testing.T) {
	w := newMediaWorld(t)
	ctx := logic.WithIdempotencyKey(w.ada, "one")
	first := w.mustUpload(t, ctx, "a.png", aPNG(t, 700))
	if again := w.mustUpload(t, ctx, "a.png", aPNG(t, 700)); again.ID != first.ID || again.Name != first.Name {
		t.Errorf("%+v, not %+v", again, first)
	}
	w.mustHold(t, first)
	_, err := w.UploadMedia(ctx, upload("a.png", aPNG(t, 701)))
	wantFaults(t, err, "INVALID")
	w.mustHold(t, first)
	if _, err := w.DeleteMedia(w.ada, first.ID); err != nil {
		t.Fatal(err)
	}
	_, err = w.UploadMedia(ctx, upload("a.png", aPNG(t, 700)))
	wantFaults(t, err, "INVALID")
	w.mustHold(t)
}

func TestCoversAreImages(t *testing.T) {
	w := newMediaWorld(t)
	drawing := w.mustUpload(t, w.ada, "a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`))
	_, err := w.CreatePost(w.ada, content.CreatePostInput{Title: "Ponds", CoverID: &drawing.ID})
	wantFaults(t, err, "INVALID coverId")
}

func TestCoversOfImportsAreImagesThatAreThere(t *testing.T) {
	w := newMediaWorld(t)
	drawing := w.mustUpload(t, w.ada, "a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`))
	deleted := w.mustUpload(t, w.ada, "a.png", aPNG(t, 4))
	if _, err := w.DeleteMedia(w.ada, deleted.ID); err != nil {
		t.Fatal(err)
	}
	in := newImport("post")
	for id, want := range map[logic.MediaID]string{drawing.ID: "INVALID cover", deleted.ID: "NOT_FOUND cover"} {
		in.Cover = &id
		_, err := w.ImportPost(operator(t), in)
		wantFaults(t, err, want)
	}
	w.wantNone(t, "post")
}

func TestFilesThatAreInUseStay(t *testing.T) {
	w := newMediaWorld(t)
	cover, shown, copied := w.mustUpload(t, w.ada, "1.png", aPNG(t, 400)), w.mustUpload(t, w.ada, "2.png", aPNG(t, 400)), w.mustUpload(t, w.ada, "3.png", aPNG(t, 400))
	file := w.mustUpload(t, w.ada, "4.txt", []byte("text"))
	post := must(t)(w.CreatePost(w.eva, content.CreatePostInput{
		Title: "Ponds", CoverID: &cover.ID, Markdown: "![A pond](/media/" + shown.Variants[0].Name + ") and [a text](https://example.org/media/" + file.Name + ").",
	}))
	post = must(t)(w.PublishPost(w.eva, post.ID, 1, nil))
	must(t)(w.UpdatePost(w.eva, post.ID, 1, content.UpdatePostInput{Markdown: new("See /media/" + copied.Name + ".")}, false))
	for _, used := range []content.Media{cover, shown, copied, file} {
		posts, err := w.DeleteMedia(w.ada, used.ID)
		wantFaults(t, err, "IN_USE id")
		if len(posts) != 1 || posts[0].ID != post.ID {
			t.Errorf("%s is used by %v", used.Filename, posts)
		}
	}
	w.mustHold(t, cover, shown, copied, file)
	must(t)(w.PublishPost(w.eva, post.ID, 2, nil))
	for _, free := range []content.Media{shown, file} {
		if posts, err := w.DeleteMedia(w.ada, free.ID); err != nil || len(posts) > 0 {
			t.Errorf("%v, %v", posts, err)
		}
	}
	must(t)(w.UpdatePost(w.eva, post.ID, 2, content.UpdatePostInput{CoverID: logic.MediaChange{Given: true}}, false))
	must(t)(w.ArchivePost(w.eva, post.ID))
	posts, err := w.DeleteMedia(w.ada, copied.ID) // by a post that she may not read
	wantFaults(t, err, "IN_USE id")
	if len(posts) > 0 || err.Error() != "id: The file is in use." {
		t.Errorf("%v, %v", posts, err)
	}
	must(t)(w.DeletePost(w.eva, post.ID))
	_, err = w.DeleteMedia(w.eva, copied.ID)
	wantFaults(t, err, "IN_USE id")
	w.now += 31 * day
	if _, err := w.EmptyTrash(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, free := range []content.Media{cover, copied} {
		if _, err := w.DeleteMedia(w.eva, free.ID); err != nil {
			t.Error(err)
		}
	}
	w.mustHold(t)
}

func TestFilesAreFoundInEveryWayToWriteTheirAddresses(t *testing.T) {
	w := newMediaWorld(t)
	for _, written := range []string{"![](/%6dedia/NAME)", "![](/&#109;edia/NAME)", `![](\/media\/NAME)`, "![](/medi%61/NAME)", `<img src="/&#x6d;edia/NAME">`} {
		pond := w.mustUpload(t, w.ada, "1.png", aPNG(t, 400))
		must(t)(w.CreatePost(w.ada, content.CreatePostInput{Title: "Ponds", Markdown: strings.ReplaceAll(written, "NAME", pond.Name)}))
		_, err := w.DeleteMedia(w.ada, pond.ID)
		wantFaults(t, err, "IN_USE id")
	}
}

func TestWhatIsShownIsCalledByItsType(t *testing.T) {
	w := newMediaWorld(t)
	film := []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + strings.Repeat("x", 99))
	for sent, want := range map[string]struct {
		file []byte
		name string
	}{
		"x.html": {film, "x.mp4"}, "x.M4V": {film, "x.M4V"}, "\u202egnp.exe": {aPNG(t, 4), "gnp.png"}, "\u2066x\u2069.html": {[]byte("<!doctype html>"), "x.html"},
	} {
		media := w.mustUpload(t, w.ada, sent, want.file)
		if media.Filename != want.name {
			t.Errorf("%q of %s is called %q", sent, media.MimeType, media.Filename)
		}
	}
	pond := w.mustUpload(t, w.ada, "pond.png", aPNG(t, 4))
	if media, err := w.UpdateMedia(w.ada, pond.ID, content.UpdateMediaInput{Filename: new("evil.html")}); err != nil || media.Filename != "evil.png" {
		t.Errorf("%q (%v)", media.Filename, err)
	}
	_, err := w.UpdateMedia(w.ada, pond.ID, content.UpdateMediaInput{Filename: new("\u202egnp.exe")})
	wantFaults(t, err, "INVALID filename")
}

func TestPhotographsThatSayMoreAreRefused(t *testing.T) {
	w := newMediaWorld(t)
	for name, text := range map[string]string{"a.RAF": "FUJIFILMCCD-RAW 0201FF383101", "a.orf": "IIRO\x08\x00\x00\x00", "a.dng": "whatever"} {
		_, err := w.UploadMedia(w.ada, upload(name, []byte(text+strings.Repeat("\x01", 99))))
		wantFaults(t, err, "INVALID file")
	}
	w.mustUpload(t, w.ada, "an image that is only called so.dng", aPNG(t, 4))
}

func TestOneFileMayBeGivenTwice(t *testing.T) {
	w := newMediaWorld(t)
	in := upload("a.png", aPNG(t, 4))
	var sizes []int64
	for range 2 {
		media, err := w.UploadMedia(w.ada, in)
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, media.Size)
	}
	if sizes[0] != sizes[1] {
		t.Errorf("files of %v bytes came", sizes)
	}
}

func TestWhoMayChangeAFile(t *testing.T) {
	w := newMediaWorld(t)
	file := w.mustUpload(t, w.ada, "a.txt", []byte("text"))
	key := func(scopes ...logic.Scope) context.Context {
		viewer := logic.Viewer{Secret: true}
		for _, scope := range scopes {
			viewer.Limit |= logic.ScopesOf(scope)
		}
		return as(t, viewer)
	}
	for name, test := range map[string]struct {
		ctx  context.Context
		want logic.Code
	}{
		"nobody": {reader(t), logic.CodeForbidden}, "another author": {w.bo, logic.CodeForbidden},
		"a key":   {key(logic.ScopePostsRead, logic.ScopePostsWrite), logic.CodeForbidden},
		"oneself": {w.ada, ""}, "an editor": {w.eva, ""}, "an editing key": {key(logic.ScopePostsRead, logic.ScopePostsWrite, logic.ScopeDraftsRead), ""},
	} {
		media, err := w.UpdateMedia(test.ctx, file.ID, content.UpdateMediaInput{Alt: new(" " + name + " ")})
		if (err != nil || test.want != "") && logic.CodeOf(err) != test.want || err == nil && media.Alt != name {
			t.Errorf("%s: %+v, %v", name, media, err)
		}
		if _, err := w.DeleteMedia(test.ctx, file.ID); test.want != "" && logic.CodeOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		} else if err == nil {
			file = w.mustUpload(t, w.ada, "a.txt", []byte("text"))
		}
	}
	_, err := w.UpdateMedia(w.ada, 1, content.UpdateMediaInput{})
	wantFaults(t, err, "NOT_FOUND id")
	_, err = w.DeleteMedia(w.ada, 1)
	wantFaults(t, err, "NOT_FOUND id")
	_, err = w.UpdateMedia(w.ada, file.ID, content.UpdateMediaInput{Alt: new(strings.Repeat("x", 1001)), Filename: new("a/b")})
	wantFaults(t, err, "TOO_LONG alt", "INVALID filename")
	_, err = w.UpdateMedia(w.ada, file.ID, content.UpdateMediaInput{Filename: new(" ")})
	wantFaults(t, err, "REQUIRED filename")
}

func TestReadersKnowOfFilesThatTheySee(t *testing.T) {
	w := newMediaWorld(t)
	shown, copied, old := w.mustUpload(t, w.ada, "1.png", aPNG(t, 400)), w.mustUpload(t, w.ada, "2.png", aPNG(t, 400)), w.mustUpload(t, w.ada, "3.png", aPNG(t, 400))
	ids := []logic.MediaID{shown.ID, copied.ID, old.ID}
	known := func(ctx context.Context, want ...content.Media) {
		t.Helper()
		found, err := w.KnownMediaByID(ctx, ids)
		if err != nil || len(found) != len(want) {
			t.Errorf("%d files are known (%v)", len(found), err)
		}
		for _, media := range want {
			if found[media.ID].Name != media.Name {
				t.Errorf("%s is not known", media.Filename)
			}
		}
	}
	post := must(t)(w.CreatePost(w.eva, content.CreatePostInput{Title: "Ponds", Markdown: "![](/media/" + shown.Variants[0].Name + ")", CoverID: &old.ID}))
	known(reader(t))
	known(w.bo, shown, copied, old)
	must(t)(w.PublishPost(w.eva, post.ID, 1, nil))
	known(reader(t), shown, old)
	known(as(t, logic.Viewer{}))
	must(t)(w.UpdatePost(w.eva, post.ID, 1, content.UpdatePostInput{Markdown: new("/media/" + copied.Name), CoverID: logic.MediaChange{Given: true}}, false))
	known(reader(t), shown, old) // of the working copy nothing
	must(t)(w.PublishPost(w.eva, post.ID, 2, nil))
	known(reader(t), copied)
	must(t)(w.UnpublishPost(w.eva, post.ID))
	known(reader(t))
}

func TestFilesAreListed(t *testing.T) {
	w := newMediaWorld(t)
	for _, name := range []string{"Birch.txt", "ädel.txt", "ash-tree.txt"} {
		w.now++
		w.mustUpload(t, w.ada, name, []byte(name))
	}
	list := func(query string, order *content.MediaOrder, first int) string {
		t.Helper()
		var found []string
		var after *logic.Cursor
		for {
			asked, err := w.MediaQuery(&query, order, logic.PageArgs{First: &first, After: after})
			if err != nil {
				t.Fatal(err)
			}
			page, err := w.Media(w.bo, asked)
			if err != nil {
				t.Fatal(err)
			}
			for _, media := range page.Items {
				found = append(found, strings.TrimSuffix(media.Filename, ".txt"))
				after = new(asked.Order.Cursor(media))
			}
			if !page.More {
				count, err := w.CountMedia(w.bo, asked)
				if err != nil || count != int64(len(found)) {
					t.Errorf("%d of %d (%v)", len(found), count, err)
				}
				return strings.Join(found, " ")
			}
		}
	}
	for _, test := range []struct {
		query string
		order *content.MediaOrder
		want  string
	}{
		{"", nil, "ash-tree ädel Birch"},
		{"", &content.MediaOrder{Field: content.MediaOrderFilename, Direction: content.Ascending}, "ädel ash-tree Birch"},
		{"", &content.MediaOrder{Field: content.MediaOrderSize, Direction: content.Descending}, "ash-tree ädel Birch"},
		{"tree", nil, "ash-tree"}, {"pon ADE", nil, "ädel"}, {`"*) OR -`, nil, ""}, {"nothing", nil, ""},
	} {
		for _, first := range []int{1, 2, 100} {
			if got := list(test.query, test.order, first); got != test.want {
				t.Errorf("%q by %+v, %d at a time: %s, not %s", test.query, test.order, first, got, test.want)
			}
		}
	}
	if _, err := w.Media(reader(t), content.MediaQuery{}); logic.CodeOf(err) != logic.CodeForbidden {
		t.Error(err)
	}
	_, err := w.MediaQuery(new(strings.Repeat("x", 201)), nil, logic.PageArgs{First: new(101)})
	wantFaults(t, err, "INVALID first", "TOO_LONG query")
}
