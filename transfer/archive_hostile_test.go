package transfer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// forge changes files of an archive, and its manifest with them, as someone would who writes one by hand. A file that is not there is
// added, and one that becomes empty taken away.
func forge(t *testing.T, folder string, edits map[string]func(string) string) {
	t.Helper()
	path := filepath.Join(folder, manifestFile)
	var m manifest
	if err := json.Unmarshal(got[[]byte](t)(os.ReadFile(path)), &m); err != nil {
		t.Fatal(err)
	}
	for name, edit := range edits {
		if name == manifestFile {
			continue
		}
		file := filepath.Join(folder, name)
		before, _ := os.ReadFile(file)
		text := edit(string(before))
		if text == string(before) {
			t.Fatalf("nothing was changed in %s: %s", name, before)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(text))
		entry, found := manifestEntry{name, int64(len(text)), hex.EncodeToString(sum[:])}, false
		for i := range m.Files {
			if m.Files[i].Path == name {
				m.Files[i], found = entry, true
			}
		}
		if !found {
			m.Files = append(m.Files, entry)
		}
	}
	line := got[[]byte](t)(encode(m))
	if edit := edits[manifestFile]; edit != nil {
		text := edit(string(line))
		if text == string(line) {
			t.Fatal("nothing was changed in the manifest")
		}
		line = []byte(text)
	}
	if err := os.WriteFile(path, line, 0o600); err != nil {
		t.Fatal(err)
	}
}

// replacing returns an edit that puts one text in the place of another, each time that it stands there.
func replacing(old, new string) func(string) string {
	return func(text string) string { return strings.ReplaceAll(text, old, new) }
}

// again writes the first line of a file once more.
func again(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	return first + "\n" + text
}

func adding(more string) func(string) string { return func(text string) string { return text + more } }

var sizeOf = regexp.MustCompile(`"size":[0-9]+`)

func TestDamagedAndForgedArchivesAreRefused(t *testing.T) {
	w := openArchiveWorld(t, t.TempDir())
	w.fill(t)
	whole := filepath.Join(t.TempDir(), "whole")
	w.export(t, whole)
	revisions := "revisions/" + fieldOf(t, filepath.Join(whole, "posts/scheduled.md"), "id") + ".ndjson"
	edit := func(name string, edit func(string) string) func(*testing.T, string) {
		return func(t *testing.T, folder string) { forge(t, folder, map[string]func(string) string{name: edit}) }
	}
	inPlace := func(name, old, new string) func(*testing.T, string) { return edit(name, replacing(old, new)) }
	change := func(do func(folder string) error) func(*testing.T, string) {
		return func(t *testing.T, folder string) {
			if err := do(folder); err != nil {
				t.Fatal(err)
			}
		}
	}
	cases := []struct {
		name, want string
		spoil      func(*testing.T, string)
	}{
		{"a byte is another", "posts/scheduled.md: it is not what the manifest says", change(func(folder string) error {
			path := filepath.Join(folder, "posts/scheduled.md")
			data, err := os.ReadFile(path)
			data[len(data)-1] ^= 1
			return errors.Join(err, os.WriteFile(path, data, 0o600))
		})},
		{"a file is longer", "users.ndjson: it is not what the manifest says", change(func(folder string) error {
			file, err := os.OpenFile(filepath.Join(folder, usersFile), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			_, err = file.WriteString("\n")
			return errors.Join(err, file.Close())
		})},
		{"a file is gone", "tags.ndjson: it is not there", change(func(folder string) error { return os.Remove(filepath.Join(folder, tagsFile)) })},
		{"no manifest", "this is no archive", change(func(folder string) error { return os.Remove(filepath.Join(folder, manifestFile)) })},
		{"half a manifest", "manifest.json: unexpected EOF", change(func(folder string) error { return os.Truncate(filepath.Join(folder, manifestFile), 100) })},
		{"a link to a file", "users.ndjson: it is no file", change(func(folder string) error {
			elsewhere := filepath.Join(folder, "..", "users-"+filepath.Base(folder))
			return errors.Join(os.Rename(filepath.Join(folder, usersFile), elsewhere), os.Symlink(elsewhere, filepath.Join(folder, usersFile)))
		})},
		{"a link to a folder", "posts: it is no folder", change(func(folder string) error {
			elsewhere := filepath.Join(folder, "..", "posts-"+filepath.Base(folder))
			return errors.Join(os.Rename(filepath.Join(folder, "posts"), elsewhere), os.Symlink(elsewhere, filepath.Join(folder, "posts")))
		})},
		{"a folder for a file", "site.json: it is no file", change(func(folder string) error {
			return errors.Join(os.Remove(filepath.Join(folder, siteFile)), os.Mkdir(filepath.Join(folder, siteFile), 0o700))
		})},
		{"a newer format", "its format is 2", inPlace(manifestFile, `"format":1`, `"format":2`)},
		{"a way out", `"posts/../../x.md" is no file of an archive`, inPlace(manifestFile, "posts/scheduled.md", "posts/../../x.md")},
		{"a way out by dots alone", `is no file of an archive`, inPlace(manifestFile, "posts/scheduled.md", "posts/.../..md/x.md")},
		{"an absolute path", `"/etc/passwd" is no file of an archive`, inPlace(manifestFile, `"site.json"`, `"/etc/passwd"`)},
		{"a path of Windows", `is no file of an archive`, inPlace(manifestFile, "posts/scheduled.md", `posts/..\\x.md`)},
		{"a file twice", "it names users.ndjson twice", inPlace(manifestFile, `"path":"tags.ndjson"`, `"path":"users.ndjson"`)},
		{"a negative size", "it is not what the manifest says", edit(manifestFile, func(text string) string {
			at := strings.Index(text, `"size":`) + len(`"size":`)
			return text[:at] + "-" + text[at:]
		})},
		{"fields of another program", `unknown field "extra"`, inPlace(manifestFile, `"format":1`, `"extra":{},"format":1`)},
		{"other counts", "it counts", inPlace(manifestFile, `"posts":`, `"posts":1`)},
		{"a file that nothing refers to", "media/" + strings.Repeat("a", 26) + ".png: nothing refers to it", edit("media/"+strings.Repeat("a", 26)+".png", adding("x"))},
		{"a user twice", "UNIQUE constraint failed: account.id", edit(usersFile, again)},
		{"a username twice", "Someone else has it", inPlace(usersFile, `"username":"ben"`, `"username":"ada"`)},
		{"a tag twice", "UNIQUE constraint failed: tag.id", edit(tagsFile, again)},
		{"a file of media twice", "media.ndjson", edit(mediaFile, again)},
		{"a revision twice", "UNIQUE constraint failed: revision.id", edit(revisions, again)},
		{"a row twice", "metrics/days.ndjson: something that is no row of days, or one twice", edit("metrics/days.ndjson", again)},
		{"a post twice", "UNIQUE constraint failed: post.id", func(t *testing.T, folder string) {
			data := got[[]byte](t)(os.ReadFile(filepath.Join(folder, "posts/scheduled.md")))
			forge(t, folder, map[string]func(string) string{"posts/twice.md": func(string) string { return strings.ReplaceAll(string(data), `"scheduled"`, `"twice"`) }})
		}},
		{"a slug of another post", "leads to another post", inPlace("posts/scheduled.md", `heldSlugs: ["scheduled"]`, `heldSlugs: ["renamed"]`)},
		{"no JSON", "users.ndjson:1: invalid character", edit(usersFile, func(text string) string { return "{oops\n" + text })},
		{"a line of nothing", "users.ndjson:1", edit(usersFile, func(text string) string { return "\n" + text })},
		{"two records in a line", "something stands behind it", edit(usersFile, func(text string) string { return strings.Replace(text, "}\n", "}{}\n", 1) })},
		{"a text for a number", "site.json", inPlace(siteFile, `"contentVersion":`, `"contentVersion":"x`)},
		{"no zone", "is no IANA time zone", inPlace(siteFile, "Europe/Vienna", "Mars/Olympus")},
		{"a password", `unknown field "password"`, inPlace(usersFile, `"role"`, `"password":"$argon2id$","role"`)},
		{"a script for a website", "must be an absolute http or https address", inPlace(usersFile, "https://ben.example", "javascript:alert(1)")},
		{"a role of one's own", `"GOD" is no role`, inPlace(usersFile, "ADMIN", "GOD")},
		{"a way out of the media folder", "is no name of a file", edit(mediaFile, func(text string) string {
			at := strings.Index(text, `"name":"`) + len(`"name":"`)
			return text[:at] + "../../" + text[at:]
		})},
		{"a page for an image", "is text/html, not image/png", func(t *testing.T, folder string) {
			const page = "<!doctype html><script>alert(1)</script>"
			images := got[[]string](t)(filepath.Glob(filepath.Join(folder, "media/*-320.png")))
			name := strings.Replace(filepath.Base(images[0]), "-320", "", 1)
			forge(t, folder, map[string]func(string) string{
				"media/" + name: func(string) string { return page },
				mediaFile: func(text string) string {
					at := strings.Index(text, name)
					return text[:at] + sizeOf.ReplaceAllString(text[at:], fmt.Sprintf(`"size":%d`, len(page)))
				},
			})
		}},
		{"an image that says more", "says more than what it shows", func(t *testing.T, folder string) {
			images := got[[]string](t)(filepath.Glob(filepath.Join(folder, "media/*-320.png")))
			name := strings.Replace(filepath.Base(images[0]), "-320", "", 1)
			size := got[os.FileInfo](t)(os.Stat(filepath.Join(folder, "media", name))).Size()
			forge(t, folder, map[string]func(string) string{
				"media/" + name: adding("a place"), mediaFile: replacing(fmt.Sprintf(`"size":%d`, size), fmt.Sprintf(`"size":%d`, size+7)),
			})
		}},
		{"a type that no file has", "are not taken", inPlace(mediaFile, `"mimeType":"text/plain"`, `"mimeType":"text/html; charset=x\r\nX: y"`)},
		{"a page of an image", "a size in pixels is what images have", inPlace(mediaFile, `"mimeType":"image/png"`, `"mimeType":"text/html"`)},
		{"an image of another size", "pixels, not 701", inPlace(mediaFile, `"width":700`, `"width":701`)},
		{"no front matter", "posts/scheduled.md: it has no front matter", edit("posts/scheduled.md", func(text string) string { return text[1:] })},
		{"no end of it", "its front matter has no end", edit("posts/scheduled.md", func(text string) string { return strings.Split(text, "title:")[0] })},
		{"a line of YAML", "is no line of front matter", inPlace("posts/scheduled.md", "kind: ", "- kind")},
		{"a state of one's own", "there is no shelf", inPlace("posts/scheduled.md", `"SCHEDULED"`, `"LOUD"`)},
		{"a kind of one's own", "there is no kind", inPlace("posts/scheduled.md", `"ARTICLE"`, `"SONG"`)},
		{"a slug with a slash", "is no slug", inPlace("posts/scheduled.md", `slug: "scheduled"`, `slug: "a/../b"`)},
		{"nobody", `there is no user "nobody"`, inPlace("posts/scheduled.md", `"ada"`, `"nobody"`)},
		{"no tag", `there is no tag "none"`, inPlace("posts/scheduled.md", `"later"`, `"none"`)},
		{"no date", "a published post has a date", inPlace("posts/scheduled.md", `"SCHEDULED"`, `"PUBLISHED"`)},
		{"revisions of another", "it does not name revisions/", inPlace("posts/scheduled.md", `id: "`, `id: "1`)},
		{"a text for a figure", "metrics/days.ndjson", inPlace("metrics/days.ndjson", `"views":`, `"views":"x`)},
		{"no row", "not a row", edit("metrics/days.ndjson", adding("[1,2]\n"))},
		{"fewer columns", "something that is no row of days", edit("metrics/days.ndjson", adding("{}\n"))},
		{"a line without an end", "longer than", edit(usersFile, adding(strings.Repeat("x", maxArchiveLine+1)))},
	}
	for _, c := range cases {
		folder := filepath.Join(t.TempDir(), "spoilt")
		if err := os.CopyFS(folder, os.DirFS(whole)); err != nil {
			t.Fatal(err)
		}
		c.spoil(t, folder)
		if _, err := takeArchive(t, folder); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// fieldOf returns a field of the front matter of an archived post.
func fieldOf(t *testing.T, path, name string) string {
	t.Helper()
	for line := range strings.Lines(string(got[[]byte](t)(os.ReadFile(path)))) {
		if value, ok := strings.CutPrefix(line, name+": "); ok {
			return strings.Trim(value, "\"\n")
		}
	}
	t.Fatalf("%s has no %s", path, name)
	return ""
}

// FuzzDecodePost looks for a file of a post that is read as another than it is written.
func FuzzDecodePost(f *testing.F) {
	f.Add("---\nid: \"1\"\ntitle: \"x\"\n---\ntext")
	f.Fuzz(func(t *testing.T, text string) {
		record, markdown, err := decodePost([]byte(text))
		if err != nil {
			return
		}
		data, err := encodePost(record, markdown)
		if err != nil {
			t.Fatal(err)
		}
		if _, second, err := decodePost(data); err != nil || second != markdown {
			t.Errorf("%q became %q: %v", markdown, second, err)
		}
	})
}
