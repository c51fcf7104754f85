package transfer

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/content"
)

// openRoot returns the files of a folder, of which none leads out.
func openRoot(t *testing.T, folder string) fs.FS {
	t.Helper()
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root.FS()
}

// testPNG returns an image that no other shade is.
func testPNG(t *testing.T, shade uint8) string {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 2, 2))
	picture.SetGray(0, 0, color.Gray{Y: shade})
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// mustWriteFiles writes files below folder.
func mustWriteFiles(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		place := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(place, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

const matterOfPost = "---\ntitle: A post\ndate: 2026-01-01\n---\n"

// importFolder imports a folder with its images, and returns the Markdown of the posts by their slugs and all notices.
func (h house) importFolder(t *testing.T, folder string) (map[string]string, PostReport, []string) {
	t.Helper()
	var notices []string
	watch := Watch{Notice: func(n Notice) { notices = append(notices, n.String()) }}
	options := PostOptions{DefaultAuthor: "Ada", Language: "en", Images: openRoot(t, folder)}
	report, err := ImportPosts(operator(t), os.DirFS(folder), h.content, options, watch)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for slug := range h.allHTML(t) {
		post, err := h.content.Post(operator(t), slug)
		if err != nil {
			t.Fatal(err)
		}
		sources, err := h.content.Sources(operator(t), []content.Post{post})
		if err != nil {
			t.Fatal(err)
		}
		texts[slug] = sources[post.ID]
	}
	return texts, report, notices
}

// ours matches the addresses of files that were taken.
var ours = regexp.MustCompile(`/media/[a-z2-7]{26}\.png`)

func TestImagesComeWithTheirPosts(t *testing.T) {
	t.Parallel()
	folder, h := t.TempDir(), openHouse(t)
	mustWriteFiles(t, folder, map[string]string{
		"posts/a.png": testPNG(t, 1), "posts/sub/b c.png": testPNG(t, 2), "static/img/d.png": testPNG(t, 3), "root.png": testPNG(t, 4),
		"posts/bundle/e.png": testPNG(t, 5), "posts/pretty/f.png": testPNG(t, 6), "posts/same.png": testPNG(t, 1), "posts/bad.png": "no image <html>",
		"posts/pretty.md":       matterOfPost + "![f](f.png)",
		"posts/bundle/index.md": matterOfPost + "![e](e.png) and ![a](../a.png \"Title\") and ![a](<../a.png>)",
		"posts/template.md":     "---\ntitle: T\ndate: 2026-01-01\ntemplate: true\n---\n\n{{image \"sub/b c.png\" 100}}\n",
		"posts/plain.md": matterOfPost + strings.Join([]string{
			"![same](same.png) ![space](sub/b%20c.png) ![root](/root.png) ![static](/img/d.png) ![deep](/blog/img/d.png?v=1#x)",
			"[![linked](a.png)](a.png)",
			"![by name][pic] and [a link][pic]", "[pic]: ./a.png 'T'",
			"<img alt=\"x>y\" SRC='a.png'> <img src=a.png> <a href=\"a.png\">see</a>",
			"<figure>\n<img\n  src=\"a.png\"><!-- <img src=\"nowhere.png\"> -->\n</figure>",
			"`![code](a.png)` and\n\n```\n![code](a.png)\n<img src=\"a.png\">\n```",
			"![away](https://example.org/a.png) ![away](//example.org/a.png) ![data](data:image/png;base64,AAAA) [text](posts.txt) [page](/about)",
			"![gone](gone.png) ![gone](gone.png) ![bad](bad.png) ![out](../../outside.png) ![none]()",
		}, "\n\n"),
	})
	texts, report, notices := h.importFolder(t, folder)
	for slug, want := range map[string]string{
		"pretty":   "![f](X)",
		"bundle":   "![e](X) and ![a](X \"Title\") and ![a](<X>)",
		"template": "\n<img src=\"X\" alt=\"\" width=\"100\">\n",
		"plain": strings.Join([]string{
			"![same](X) ![space](X) ![root](X) ![static](X) ![deep](X)",
			"[![linked](X)](X)",
			"![by name][pic] and [a link][pic]", "[pic]: X 'T'",
			"<img alt=\"x>y\" SRC='X'> <img src=X> <a href=\"X\">see</a>",
			"<figure>\n<img\n  src=\"X\"><!-- <img src=\"nowhere.png\"> -->\n</figure>",
			"`![code](a.png)` and\n\n```\n![code](a.png)\n<img src=\"a.png\">\n```",
			"![away](https://example.org/a.png) ![away](//example.org/a.png) ![data](data:image/png;base64,AAAA) [text](posts.txt) [page](/about)",
			"![gone](gone.png) ![gone](gone.png) ![bad](bad.png) ![out](../../outside.png) ![none]()",
		}, "\n\n"),
	} {
		if got := ours.ReplaceAllString(texts[slug], "X"); got != want {
			t.Errorf("%s is\n%s\nwant\n%s", slug, got, want)
		}
	}
	different := map[string]bool{}
	for _, text := range texts {
		for _, address := range ours.FindAllString(text, -1) {
			different[address] = true
		}
	}
	if len(different) != 6 || report.Images != 7 {
		t.Errorf("%d files were taken for %d images of 6 contents", len(different), report.Images)
	}
	slices.Sort(notices)
	want := []string{
		"posts/plain.md: an image can't be taken (bad.png: This is no image.)",
		"posts/plain.md: an image is missing (../../outside.png)", "posts/plain.md: an image is missing (gone.png)",
	}
	notices = slices.DeleteFunc(notices, func(n string) bool { return strings.Contains(n, reasonSanitised) })
	if !slices.Equal(notices, want) {
		t.Errorf("the notices are %q, want %q", notices, want)
	}

	again, second, _ := h.importFolder(t, folder)
	if second.Unchanged != report.Created || second.Created+second.Updated > 0 || again["plain"] != texts["plain"] {
		t.Errorf("a second run: %+v", second)
	}
	mustWriteFiles(t, folder, map[string]string{"posts/gone.png": testPNG(t, 7)})
	if found, third, _ := h.importFolder(t, folder); third.Updated != 1 || len(ours.FindAllString(found["plain"], -1)) != len(ours.FindAllString(texts["plain"], -1))+2 {
		t.Errorf("once the image came: %+v", third)
	}
}

func TestNoImageComesFromOutsideOfTheFolder(t *testing.T) {
	t.Parallel()
	outside, folder, h := t.TempDir(), t.TempDir(), openHouse(t)
	secret := filepath.Join(outside, "secret.png")
	mustWriteFiles(t, outside, map[string]string{"secret.png": testPNG(t, 1)})
	for name, target := range map[string]string{"link.png": secret, "up": outside} {
		if err := os.Symlink(target, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	relative, err := filepath.Rel(folder, secret)
	if err != nil {
		t.Fatal(err)
	}
	addresses := []string{
		"link.png", "up/secret.png", "/link.png", relative, secret, "/../" + filepath.Base(outside) + "/secret.png",
		"%2e%2e/" + filepath.Base(outside) + "/secret.png", "sub/../../" + filepath.Base(outside) + "/secret.png",
	}
	text := matterOfPost
	for _, address := range addresses {
		text += "![x](" + address + ")\n\n"
	}
	mustWriteFiles(t, folder, map[string]string{"post.md": text})
	texts, report, notices := h.importFolder(t, folder)
	if strings.Contains(texts["post"], mediaPath) || report.Images != 0 || report.Created != 1 || report.Changed[reasonNoImage] != int64(len(addresses)) {
		t.Errorf("got %+v, %q: %s", report, notices, texts["post"])
	}
}

// coverOf returns the filename of the cover that readers see with a post.
func (h house) coverOf(t *testing.T, slug string) string {
	t.Helper()
	post, err := h.content.Post(operator(t), slug)
	if err != nil {
		t.Fatal(err)
	}
	if post.CoverID == nil {
		return ""
	}
	files, err := h.content.MediaByID(operator(t), []logic.MediaID{*post.CoverID})
	if err != nil {
		t.Fatal(err)
	}
	return files[*post.CoverID].Filename
}

func TestCoversComeWithTheirPosts(t *testing.T) {
	t.Parallel()
	folder, h := t.TempDir(), openHouse(t)
	post := func(matter string) string { return "---\ntitle: A post\ndate: 2026-01-01\n" + matter + "\n---\nText\n" }
	mustWriteFiles(t, folder, map[string]string{
		"a.png": testPNG(t, 1), "sub/b.png": testPNG(t, 2), "static/img/c.png": testPNG(t, 3), "d.svg": `<svg xmlns="http://www.w3.org/2000/svg"/>`, "e.png": "<html>",
		"jekyll.md": post("image: /a.png"), "seo.md": post("image:\n  path: /img/c.png\n  alt: The sea"), "papermod.md": post("cover:\n  image: a.png\n  relative: true"),
		"ghost.md": post("feature_image: a.png"), "gatsby.md": post("featuredImage: sub/b.png"), "next.md": post("ogImage:\n  url: a.png\ncoverImage: sub/b.png"),
		"mistakes.md": post("header:\n  overlay_color: '#333'\n  teaser: a.png"), "list.md": post("images:\n- sub/b.png\n- a.png"), "nested.md": post("params:\n  thumbnail: a.png"),
		"toml.md": "+++\ntitle = 'T'\ndate = 2026-01-01\n[extra]\ncover = 'a.png'\n+++\n", "zola.md": "+++\ntitle = 'T'\ndate = 2026-01-01\n[extra.cover]\nimage = 'a.png'\n+++\n",
		"none.md": post("header: A word in front\ncover: true"), "gone.md": post("cover: gone.png"), "away.md": post("image: https://example.org/a.png"),
		"minimal.md": post("header:\n  overlay_color: '#333'\n  overlay_image: a.png"), "hpstr.md": post("image:\n  feature: a.png\n  credit: Me"),
		"beautiful.md": post("cover-img: [/a.png]"), "folio.md": post("img: img/c.png"), "loveit.md": post("resources:\n- name: logo\n  src: sub/b.png\n- name: featured-image\n  src: a.png"),
		"words.md": post("hero: Words in front. And more of them\nbanner: 'Note: on Node.js'\ncover: '#333'\nthumbnail: a.png?v=2"), "C#.png": testPNG(t, 4), "100%.png": testPNG(t, 5),
		"sharp.md": post("cover: C#.png"), "percent.md": post("cover: /100%.png"), "inline.md": post("cover: data:image/png;base64,AAAA"),
		"drawing.md": post("cover: d.svg"), "broken.md": post("cover: e.png"), "both.md": post("cover: a.png") + "![a](a.png)",
	})
	texts, report, notices := h.importFolder(t, folder)
	for slug, want := range map[string]string{
		"jekyll": "a.png", "seo": "c.png", "papermod": "a.png", "ghost": "a.png", "gatsby": "b.png", "next": "b.png", "mistakes": "a.png", "list": "b.png",
		"nested": "a.png", "toml": "a.png", "zola": "a.png", "none": "", "gone": "", "away": "", "drawing": "", "broken": "", "both": "a.png",
		"minimal": "a.png", "hpstr": "a.png", "beautiful": "a.png", "folio": "c.png", "loveit": "a.png", "words": "a.png", "sharp": "C#.png", "percent": "100%.png",
		"inline": "",
	} {
		if got := h.coverOf(t, slug); got != want {
			t.Errorf("%s has the cover %q, want %q", slug, got, want)
		}
	}
	if !ours.MatchString(texts["both"]) {
		t.Errorf("beside its cover, a post has the text %q", texts["both"])
	}
	want := []string{
		"away.md: its cover is elsewhere, and is not taken (https://example.org/a.png)",
		"broken.md: an image can't be taken (e.png: This is no image.)",
		"drawing.md: an image can't be taken (d.svg: A cover is a JPEG, PNG, GIF or WebP.)",
		"gone.md: an image is missing (gone.png)",
		"inline.md: its cover is elsewhere, and is not taken (data:image/png)",
	}
	if report.Images != 5 {
		t.Errorf("%d images were kept: one that is refused as a cover is to be nowhere", report.Images)
	}
	if !slices.Equal(notices, want) {
		t.Errorf("the notices are %q, want %q", notices, want)
	}
	if _, again, _ := h.importFolder(t, folder); again.Unchanged != report.Created {
		t.Errorf("a second run: %+v", again)
	}
	mustWriteFiles(t, folder, map[string]string{"gone.png": testPNG(t, 7)})
	if _, third, _ := h.importFolder(t, folder); third.Updated != 1 || h.coverOf(t, "gone") != "gone.png" {
		t.Errorf("once the cover came: %+v, %q", third, h.coverOf(t, "gone"))
	}
}

func TestADryRunTellsWhatARunWould(t *testing.T) {
	t.Parallel()
	folder, h := t.TempDir(), openHouse(t)
	mustWriteFiles(t, folder, map[string]string{
		"a.png": testPNG(t, 1), "bad.png": "<html>", "d.svg": "<svg/>",
		"post.md":   matterOfPost + "![a](a.png) ![b](b.png) ![bad](bad.png)",
		"cover.md":  "---\ntitle: A post\ndate: 2026-01-01\ncover: d.svg\n---\n![bad](bad.png)",
		"long.md":   "---\ntitle: " + strings.Repeat("A post ", 99) + "\ndate: 2026-01-01\n---\n![b](b.png)",
		"slug.md":   "---\ntitle: A post\ndate: 2026-01-01\nlang: en_GB\n---\n" + strings.Repeat("[a](", 100_000),
		"tag.md":    "---\ntitle: A post\ndate: 2026-01-01\ntags: [a, " + strings.Repeat("long", 99) + "]\n---\n",
		"script.md": matterOfPost + "<script>a</script> <b onclick=a>b</b>",
	})
	var told []string
	watch := Watch{Notice: func(n Notice) { told = append(told, n.String()) }}
	report, err := ImportPosts(operator(t), os.DirFS(folder), nil, PostOptions{DefaultAuthor: "Ada", Images: openRoot(t, folder)}, watch)
	if err != nil || report.Read != 3 || report.Left.Total() != 3 || report.Left["tags too long"] != 1 || report.Changed[reasonSanitised] != 1 || report.Changed[reasonNoImage] != 1 || report.Changed[reasonBadImage] != 3 {
		t.Errorf("got %+v, %v", report, err)
	}
	_, real, notices := h.importFolder(t, folder)
	if !slices.Equal(told, notices) || report.Images != real.Images {
		t.Errorf("%d images and the notices %q, want %d and %q", report.Images, told, real.Images, notices)
	}
}

// An import that finds the files as they were leaves alone what people have made of their posts since, whatever became of the images.
func TestUnchangedFilesChangeNothing(t *testing.T) {
	t.Parallel()
	folder, h := t.TempDir(), openHouse(t)
	mustWriteFiles(t, folder, map[string]string{
		"a.png": testPNG(t, 1), "b.png": testPNG(t, 2), "post.md": "---\ntitle: A post\ndate: 2026-01-01\ncover: a.png\n---\n![b](b.png)",
	})
	if _, report, _ := h.importFolder(t, folder); report.Created != 1 {
		t.Fatalf("%+v", report)
	}
	post, err := h.content.Post(operator(t), "post")
	if err != nil {
		t.Fatal(err)
	}
	cover := *post.CoverID
	change := content.UpdatePostInput{Title: new("Mine"), Markdown: new("Mine"), CoverID: logic.MediaChange{Given: true}}
	if post, err = h.content.UpdatePost(operator(t), post.ID, post.Revision, change, false); err == nil {
		if post, err = h.content.PublishPost(operator(t), post.ID, post.Revision, nil); err == nil {
			_, err = h.content.DeleteMedia(operator(t), cover)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	_, report, _ := h.importFolder(t, folder)
	if now, err := h.content.Post(operator(t), "post"); err != nil || report.Unchanged != 1 || now.Title != "Mine" || now.Revision != post.Revision {
		t.Errorf("the same files again: %+v; the post is %+v, %v", report, now, err)
	}
	mustWriteFiles(t, folder, map[string]string{"b.png": testPNG(t, 3)})
	if _, report, _ := h.importFolder(t, folder); report.Updated != 1 {
		t.Errorf("with another image in the same place: %+v", report)
	}
}

func TestImagesOfPostsThatAreLeftOutAreNotKept(t *testing.T) {
	t.Parallel()
	folder, h := t.TempDir(), openHouse(t)
	mustWriteFiles(t, folder, map[string]string{
		"a.png": testPNG(t, 1), "a.md": matterOfPost, "b.md": "---\ntitle: Another\nslug: a\ndate: 2026-01-01\ncover: a.png\n---\n![a](a.png)",
	})
	if _, report, _ := h.importFolder(t, folder); report.Left[reasonSameSlug] != 1 || report.Images != 0 {
		t.Errorf("%+v", report)
	}
}
