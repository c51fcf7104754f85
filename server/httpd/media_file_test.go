package httpd

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"headwater/logic/content"
)

// addFile uploads a file, and returns what was made of it.
func (w *world) addFile(t *testing.T, filename, text string) content.Media {
	t.Helper()
	file := content.Upload{Filename: filename, Content: strings.NewReader(text)}
	media, err := w.services.Content.UploadMedia(operator(t), content.UploadMediaInput{File: file})
	if err != nil {
		t.Fatal(err)
	}
	return media
}

// testPNG returns an image of a width.
func testPNG(t *testing.T, width int) string {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, width, 2))); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestFilesAreServedForWhatTheyAre(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for _, test := range []struct {
		filename, text, contentType string
		inline                      bool
		disposition                 string
	}{
		{"a pond.png", testPNG(t, 2), "image/png", true, `inline; filename="a pond.png"`},
		{"Bäche.png", testPNG(t, 3), "image/png", true, `inline; filename*=utf-8''B%C3%A4che.png`},
		{"page.html", "<!doctype html><script>alert(1)</script>", "text/html", false, "attachment; filename=page.html"},
		{"pond.png", "<!doctype html><script>alert(1)</script>", "text/html", false, "attachment; filename="},
		{"x.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "image/svg+xml", false, "attachment; filename=x.svg"},
		{"a\"b\r\nSet-Cookie: x.txt", "text", "text/plain", false, "attachment; filename="},
	} {
		media := w.addFile(t, test.filename, test.text)
		got := w.send(t, "GET", "/media/"+media.Name, "")
		header := got.Header
		if got.StatusCode != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), test.contentType) ||
			!strings.HasPrefix(header.Get("Content-Disposition"), test.disposition) || header.Get("Set-Cookie") != "" {
			t.Errorf("%q: status %d, headers %v", test.filename, got.StatusCode, header)
		}
		if isSandboxed := strings.HasSuffix(header.Get("Content-Security-Policy"), "; sandbox"); isSandboxed == test.inline {
			t.Errorf("%q: its policy is %s", test.filename, header.Get("Content-Security-Policy"))
		}
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Cross-Origin-Resource-Policy") != "cross-origin" ||
			header.Get("Cache-Control") != "public, max-age=31536000, immutable" || header.Get("Etag") != `"`+media.Name+`"` ||
			!strings.HasPrefix(header.Get("Content-Security-Policy"), "default-src 'none'; ") {
			t.Errorf("%q: headers %v", test.filename, header)
		}
	}
}

func TestFilesAreServedInParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	media := w.addFile(t, "pond.txt", "0123456789")
	path, tag := "/media/"+media.Name, `"`+media.Name+`"`
	for name, test := range map[string]struct {
		method  string
		headers []string
		status  int
		body    string
	}{
		"whole":             {"GET", nil, 200, "0123456789"},
		"its head":          {"HEAD", nil, 200, ""},
		"a part":            {"GET", []string{"Range", "bytes=2-4"}, 206, "234"},
		"its end":           {"GET", []string{"Range", "bytes=-2"}, 206, "89"},
		"behind its end":    {"GET", []string{"Range", "bytes=10-"}, 416, "invalid range: failed to overlap\n"},
		"a part of another": {"GET", []string{"Range", "bytes=2-4", "If-Range", `"other"`}, 200, "0123456789"},
		"what is known":     {"GET", []string{"If-None-Match", tag}, 304, ""},
		"by another method": {"POST", nil, 405, "This page is read by GET.\n"},
	} {
		got := w.send(t, test.method, path, "", test.headers...)
		if got.StatusCode != test.status || got.body != test.body {
			t.Errorf("%s: status %d, %q", name, got.StatusCode, got.body)
		}
		if test.method == "HEAD" && got.Header.Get("Content-Length") != "10" {
			t.Errorf("%s: headers %v", name, got.Header)
		}
	}
}

func TestCopiesOfImagesAreServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	media := w.addFile(t, "wide.png", testPNG(t, 700))
	if len(media.Variants) != 2 {
		t.Fatalf("the copies are %+v", media.Variants)
	}
	for _, variant := range media.Variants {
		if got := w.send(t, "GET", "/media/"+variant.Name, ""); got.StatusCode != http.StatusOK || int64(len(got.body)) != variant.Size ||
			got.Header.Get("Content-Type") != variant.MimeType || got.Header.Get("Etag") != `"`+variant.Name+`"` {
			t.Errorf("%s: status %d, headers %v", variant.Name, got.StatusCode, got.Header)
		}
	}
}

func TestFilesThatAreNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	media := w.addFile(t, "pond.txt", "0123456789")
	for _, path := range []string{
		"/media/", "/media/nothing.png", "/media/" + media.Name + "/", "/media/" + media.Name + ".png", "/media/..%2fheadwater.db", "/media/%2e%2e%2fheadwater.db",
		"/media/headwater.db", "/media/" + strings.ToUpper(media.Name), "/media/%00", "/media/.", "/media/" + strings.Repeat("a", 5000),
	} {
		got := w.send(t, "GET", path, "")
		if got.StatusCode != http.StatusNotFound && got.StatusCode != http.StatusTemporaryRedirect && got.StatusCode != http.StatusMovedPermanently ||
			strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%.60s: status %d, headers %v", path, got.StatusCode, got.Header)
		}
	}
	if _, err := w.services.Content.DeleteMedia(operator(t), media.ID); err != nil {
		t.Fatal(err)
	}
	if got := w.send(t, "GET", "/media/"+media.Name, ""); got.StatusCode != http.StatusNotFound {
		t.Errorf("a file that was deleted: status %d", got.StatusCode)
	}
}
