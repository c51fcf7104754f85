package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"headwater/logic/content"
)

// collector keeps what importers give on, and gives it to a real house.
type collector struct {
	*content.Service
	taken map[string]content.PostImport
}

func (c collector) ImportPost(ctx context.Context, in content.PostImport) (content.ImportResult, error) {
	c.taken[in.Slug] = in
	return c.Service.ImportPost(ctx, in)
}

// importBlog runs an importer over text, and returns what it gave on and told.
func importBlog(t *testing.T, h house, take func(context.Context, string, io.Reader, int64, PostTaker, BlogOptions, Watch) (PostReport, error), text string) (map[string]content.PostImport, PostReport, []string) {
	t.Helper()
	var told []string
	watch := Watch{Notice: func(n Notice) { told = append(told, n.String()) }}
	taker := collector{h.content, map[string]content.PostImport{}}
	options := BlogOptions{DefaultAuthor: "Nobody", URL: "https://old.example.org/"}
	report, err := take(operator(t), "export", strings.NewReader(text), int64(len(text)), taker, options, watch)
	if err != nil {
		t.Fatal(err)
	}
	return taker.taken, report, told
}

const ghostExport = `{"db":[{"meta":{"exported_on":1,"version":"5.80.0"},"data":{
"posts":[
 {"id":"1","uuid":"u1","title":"Lexical","slug":"lexical","lexical":%s,"html":"<p>not this</p>","type":"post","status":"published","visibility":"public","feature_image":"__GHOST_URL__/content/images/a.png","published_at":"2024-03-01T10:00:00.000Z","updated_at":"2024-03-02T10:00:00.000Z","created_at":"2024-02-01T10:00:00.000Z","custom_excerpt":"An excerpt"},
 {"id":2,"uuid":"u2","title":"Mobiledoc","slug":"mobiledoc","mobiledoc":%s,"type":"page","status":"draft","created_at":1700000000000,"author_id":1},
 {"id":"3","uuid":"u3","title":"Members","slug":"members","html":"<p>for <b>some</b></p>","status":"published","visibility":"paid","published_at":"2024-03-01 10:00:00"},
 {"id":"4","uuid":"u4","title":"Old","slug":"old","markdown":"# As it *was*","page":1,"status":"published","published_at":1400000000000},
 {"id":"5","uuid":"u5","title":"Later","slug":"later","html":"<p>x</p>","status":"scheduled","published_at":"2999-01-01T00:00:00.000Z"},
 {"id":"6","uuid":"u6","title":"Strange","slug":"strange","lexical":"{\"root\":{\"children\":[{\"type\":\"hologram\"}]}}","html":"<p>the HTML</p>","status":"published","published_at":"2024-01-01T00:00:00Z"},
 {"id":"7","uuid":"u7","title":"Undated","slug":"undated","html":"","status":"draft"}
],
"tags":[{"id":"t1","name":"News","visibility":"public"},{"id":"t2","name":"#internal","visibility":"internal"},{"id":"t3","name":"Art"}],
"posts_tags":[{"post_id":"1","tag_id":"t1","sort_order":1},{"post_id":"1","tag_id":"t3","sort_order":0},{"post_id":"1","tag_id":"t2","sort_order":2}],
"users":[{"id":"a1","name":"Ada Quill","slug":"ada","email":"ada@example.org","password":"secret"},{"id":1,"name":"Ben","slug":"ben"}],
"posts_authors":[{"post_id":"1","author_id":1,"sort_order":1},{"post_id":"1","author_id":"a1","sort_order":0}]
}}]}`

func ghostText1(t *testing.T) string {
	lexical := `{"root":{"type":"root","children":[
		{"type":"extended-heading","tag":"h2","children":[{"type":"extended-text","text":"Head"}]},
		{"type":"paragraph","children":[{"type":"extended-text","text":"a ","format":0},{"type":"extended-text","text":"bold","format":1},{"type":"linebreak"},{"type":"link","url":"__GHOST_URL__/other/","children":[{"type":"extended-text","text":"link"}]}]},
		{"type":"list","listType":"bullet","start":1,"children":[{"type":"listitem","value":1,"children":[{"type":"extended-text","text":"item"}]}]},
		{"type":"markdown","version":1,"markdown":"**verbatim**  \n_here_"},
		{"type":"codeblock","code":"x < 1\n","language":"go"},
		{"type":"image","src":"__GHOST_URL__/content/images/b.png","alt":"B","caption":"Cap"},
		{"type":"callout","calloutText":"<p>note</p>","calloutEmoji":"!"},
		{"type":"bookmark","url":"https://example.org/","metadata":{"title":"Site"}},
		{"type":"paywall"}]}}`
	mobiledoc := `{"version":"0.3.1","atoms":[["soft-return","",{}]],"cards":[["markdown",{"markdown":"*card*"}],["hr",{}]],"markups":[["strong"],["a",["href","https://example.org/","onclick","x()"]]],
		"sections":[[1,"h3",[[0,[],0,"Title"]]],[1,"p",[[0,[0],0,"strong "],[0,[1],2,"both"],[1,[],0,0],[0,[],0,"end"]]],[3,"ol",[[[0,[],0,"one"]],[[0,[],0,"two"]]]],[10,0],[10,1]]}`
	return fmt.Sprintf(ghostExport, jsonString(t, lexical), jsonString(t, mobiledoc))
}

func TestImportGhost(t *testing.T) {
	h := openHouse(t)
	text := ghostText1(t)
	taken, report, told := importBlog(t, h, ImportGhost, text)
	texts := map[string]string{
		"lexical": "## Head\n\na **bold**\\\n[link](https://old.example.org/other/)\n\n- item\n\n**verbatim**  \n_here_\n\n```go\nx < 1\n```\n\n" +
			`<figure><img src="https://old.example.org/content/images/b.png" alt="B"/><figcaption>Cap</figcaption></figure>` +
			"\n\n> !\n>\n> note\n\n[Site](https://example.org/)",
		"mobiledoc": "### Title\n\n**strong [both](https://example.org/)**\\\nend\n\n1. one\n2. two\n\n*card*\n\n---",
		"members":   "for **some**",
		"old":       "# As it *was*",
		"strange":   "the HTML",
	}
	for slug, want := range texts {
		if got := taken[slug].Markdown; got != want {
			t.Errorf("%s is\n%q, want\n%q", slug, got, want)
		}
	}
	first := taken["lexical"]
	if diff := gocmp.Diff([]string{"Art", "News"}, first.Tags); diff != "" {
		t.Error(diff)
	}
	if diff := gocmp.Diff([]string{"Ada Quill", "Ben"}, first.Authors); diff != "" {
		t.Error(diff)
	}
	if first.Summary == nil || *first.Summary != "An excerpt" || first.PublishedAt.Time().String() != "2024-03-01 10:00:00 +0000 UTC" ||
		first.UpdatedAt == nil || first.Draft || first.Source != "ghost:u1" {
		t.Errorf("%+v", first)
	}
	if page := taken["mobiledoc"]; page.Kind != content.PostKindPage || !page.Draft || page.Authors[0] != "Ben" {
		t.Errorf("%+v", page)
	}
	if !taken["members"].Draft || taken["old"].Kind != content.PostKindPage {
		t.Error("what is for some is for all, or a page is an article")
	}
	if report.Files != 7 || report.Created != 6 || report.Scheduled != 1 || report.Left[reasonNoDate] != 1 {
		t.Errorf("%+v", report)
	}
	for _, want := range []string{
		"export: lexical: its image is not taken (https://old.example.org/content/images/a.png)",
		"export: lexical: files of the old site are not taken (1 addresses of them)",
		"export: lexical: a tag for the program alone (#internal)",
		"export: lexical: what posts can't hold was taken out (a card of the kind paywall)",
		"export: members: not for everyone, so it is a draft here (for paid)",
		`export: strange: the editor's own format can't be read, the HTML is taken (something not known: a card of the kind "hologram")`,
		"export: undated: no date",
	} {
		if !strings.Contains(strings.Join(told, "\n"), want) {
			t.Errorf("not told: %s\nin\n%s", want, strings.Join(told, "\n"))
		}
	}
	if _, again, _ := importBlog(t, h, ImportGhost, text); again.Unchanged != 6 || again.Created+again.Updated != 0 {
		t.Errorf("a second run: %+v", again)
	}
}

func jsonString(t *testing.T, text string) string {
	t.Helper()
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "\t", " ").Replace(text) + `"`
}

const wordPressExport = `<?xml version="1.0" encoding="UTF-8" ?>
<!-- a comment -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old</title><link>https://old.example.org</link><wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://old.example.org</wp:base_site_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[ada]]></wp:author_login><wp:author_email>ada@example.org</wp:author_email><wp:author_display_name><![CDATA[Ada &amp; Quill]]></wp:author_display_name></wp:author>
<wp:category><wp:term_id>1</wp:term_id><wp:cat_name>News</wp:cat_name></wp:category>
%s
</channel></rss>`

// wordPressPost returns an item with further elements.
func wordPressPost(id, name, kind, status, text string, more ...string) string {
	return fmt.Sprintf(`<item><title>Title of %s</title><dc:creator><![CDATA[ada]]></dc:creator><content:encoded><![CDATA[%s]]></content:encoded>
<wp:post_id>%s</wp:post_id><wp:post_date>2024-03-01 11:00:00</wp:post_date><wp:post_date_gmt>2024-03-01 10:00:00</wp:post_date_gmt><wp:post_modified_gmt>2024-03-05 10:00:00</wp:post_modified_gmt>
<wp:post_name>%s</wp:post_name><wp:status>%s</wp:status><wp:post_type>%s</wp:post_type>%s</item>`, name, text, id, name, status, kind, strings.Join(more, ""))
}

func TestImportWordPress(t *testing.T) {
	h := openHouse(t)
	text := fmt.Sprintf(wordPressExport, strings.Join([]string{
		wordPressPost("10", "blocks", "post", "publish", "<!-- wp:paragraph -->\n<p>One\ntwo</p>\n<!-- /wp:paragraph -->",
			`<excerpt:encoded><![CDATA[An <b>excerpt</b>]]></excerpt:encoded><category domain="category" nicename="news">News &amp;amp; more</category><category domain="category" nicename="uncategorized">Uncategorized</category><category domain="post_tag" nicename="go">Go</category><category domain="series">No</category>`,
			`<wp:comment><wp:comment_id>1</wp:comment_id></wp:comment><wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>99</wp:meta_value></wp:postmeta>`),
		wordPressPost("11", "classic", "page", "draft", "One\ntwo\n\n[caption id=\"a\"]<img src=\"/wp-content/a.png\" alt=\"\"> Words[/caption]\n\nx\x0by [sic] [gallery]"),
		wordPressPost("12", "later", "post", "future", "x", `<wp:post_date_gmt>2999-01-01 00:00:00</wp:post_date_gmt>`),
		wordPressPost("13", "secret", "post", "private", "x"),
		wordPressPost("14", "locked", "post", "publish", "x", `<wp:post_password>sesame</wp:post_password>`),
		wordPressPost("15", "gone", "post", "trash", "x"),
		wordPressPost("16", "%e2%82%ac-caf%c3%a9", "post", "publish", "x"),
		wordPressPost("17", "classic", "page", "publish", "another"),
		wordPressPost("99", "a-png", "attachment", "inherit", "", `<wp:attachment_url>https://old.example.org/wp-content/a.png</wp:attachment_url>`),
		wordPressPost("98", "menu", "nav_menu_item", "publish", ""),
		wordPressPost("97", "product", "product", "publish", ""),
		strings.ReplaceAll(wordPressPost("18", "", "post", "pending", "First words here", ""), "Title of ", ""),
	}, "\n"))
	taken, report, told := importBlog(t, h, ImportWordPress, text)
	if got, want := taken["classic"].Markdown, "One\\\ntwo\n\n[caption id=\"a\"]![](/wp-content/a.png) Words[/caption]\n\nx y [sic] [gallery]"; got != want {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
	first := taken["blocks"]
	if first.Markdown != "One two" || first.Source != "wordpress:https://old.example.org#10" || *first.Summary != "An excerpt" ||
		strings.Join(first.Tags, "|") != "News & more|Go" || strings.Join(first.Authors, "|") != "Ada & Quill" ||
		first.PublishedAt.Time().String() != "2024-03-01 10:00:00 +0000 UTC" || first.UpdatedAt.Time().String() != "2024-03-05 10:00:00 +0000 UTC" {
		t.Errorf("%+v", first)
	}
	for slug, draft := range map[string]bool{"blocks": false, "classic": true, "later": false, "secret": true, "locked": true, "classic-2": false, "café": false, "": true} {
		if post, ok := taken[slug]; !ok || post.Draft != draft {
			t.Errorf("%q: taken %v, a draft %v", slug, ok, post.Draft)
		}
	}
	if taken[""].Title != "First words here" {
		t.Errorf("the title is %q", taken[""].Title)
	}
	if report.Files != 9 || report.Created != 8 || report.Scheduled != 1 || report.Left[reasonTrashed] != 1 || report.Left[reasonAttached] != 1 || report.Left[reasonOtherKind] != 1 {
		t.Errorf("%+v", report)
	}
	all := strings.Join(told, "\n")
	for _, want := range []string{
		"export: blocks: comments are not taken (1)", "export: blocks: its image is not taken (the file with the number 99)",
		"export: classic: a shortcode stays as text ([caption])", "export: classic: a shortcode stays as text ([gallery])",
		"export: secret: not for everyone, so it is a draft here (private)", "export: locked: not for everyone, so it is a draft here (with a password)",
		"export: a-png: a file, which the export does not hold (https://old.example.org/wp-content/a.png)",
		"export: classic: another post of the export has its slug, so it has a number behind it (classic-2)",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("not told: %s\nin\n%s", want, all)
		}
	}
	if strings.Contains(all, "[sic]") {
		t.Error("[sic] was taken for a shortcode")
	}
	if _, again, _ := importBlog(t, h, ImportWordPress, text); again.Unchanged != 8 || again.Created+again.Updated != 0 {
		t.Errorf("a second run: %+v", again)
	}
}

func TestBrokenExportsAreRefused(t *testing.T) {
	laughs := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;"><!ENTITY x SYSTEM "file:///etc/passwd">]>` +
		`<rss><channel><wp:wxr_version xmlns:wp="http://wordpress.org/export/1.2/">1.2</wp:wxr_version><item><title>&lol2;&x;</title></item></channel></rss>`
	cases := []struct {
		name, text, want string
		take             func(context.Context, string, io.Reader, int64, PostTaker, BlogOptions, Watch) (PostReport, error)
	}{
		{"a billion laughs", laughs, "no XML at line 1: invalid character entity &lol2;", ImportWordPress},
		{"half of it", wordPressExport[:200], "no XML", ImportWordPress},
		{"a feed", `<rss><channel><item><title>x</title></item></channel></rss>`, "it is a feed", ImportWordPress},
		{"a page", `<html><body>x</body></html>`, "it is no WXR", ImportWordPress},
		{"JSON", `{}`, "it is no WXR", ImportWordPress},
		{"nothing", ``, "it is no WXR", ImportWordPress},
		{"an unknown encoding", `<?xml version="1.0" encoding="EBCDIC-9"?><rss></rss>`, "EBCDIC-9", ImportWordPress},
		{"XML", laughs, "no JSON at byte 1", ImportGhost},
		{"an end too early", `{"db":[{"data":{"posts":[{"title":"x"`, "the JSON ends too early", ImportGhost},
		{"no posts", `{"db":[]}`, "it has no posts", ImportGhost},
		{"a list", `[1]`, "the file holds a value of the kind array", ImportGhost},
		{"posts that are none", `{"data":{"posts":[3]}}`, "data.posts holds a value of the kind number", ImportGhost},
		{"nothing", ``, "the JSON ends too early", ImportGhost},
		{"very deep", `{"db":` + strings.Repeat("[", 20_000), "exceeded max depth", ImportGhost},
	}
	for _, c := range cases {
		_, err := c.take(operator(t), "export", strings.NewReader(c.text), 0, nil, BlogOptions{}, Watch{})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "export: ") && c.name != "an unknown encoding" {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// endless writes the same over and over.
type endless struct {
	start, more string
	read        int64
}

func (e *endless) Read(into []byte) (int, error) {
	text := e.more
	if e.start != "" {
		text, e.start = e.start, ""
	}
	n := copy(into, text)
	e.read += int64(n)
	return n, nil
}

func TestExportsWithoutAnEndAreRefused(t *testing.T) {
	start := strings.Split(wordPressExport, "%s")[0] + "<item><title>"
	source := &endless{start: start, more: strings.Repeat("word ", 1000)}
	_, err := ImportWordPress(operator(t), "export", source, 0, nil, BlogOptions{}, Watch{})
	if !errors.Is(err, ErrNotExport) || !strings.Contains(err.Error(), "one post takes more than 64 MiB") || source.read > 2*maxWordPressItem {
		t.Errorf("after %d bytes: %v", source.read, err)
	}
}

func TestGhostPostsWithoutATextAreLeftOut(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"type":"quote","children":[`, maxMarkupDepth+2) + strings.Repeat(`]}`, maxMarkupDepth+2)
	text := fmt.Sprintf(`{"data":{"posts":[{"id":"1","title":"Deep","slug":"deep","lexical":%s,"status":"published","published_at":"2024-01-01T00:00:00Z"}]}}`,
		jsonString(t, `{"root":{"children":[`+deep+`]}}`))
	taken, report, told := importBlog(t, openHouse(t), ImportGhost, text)
	if len(taken) != 0 || report.Created != 0 || report.Left[reasonUnreadText] != 1 || len(told) != 1 || !strings.Contains(told[0], "export: deep: "+reasonUnreadText) {
		t.Errorf("got %+v, %+v, %q", taken, report, told)
	}
}

func TestTitlesOfGhostsBookmarksStayLinks(t *testing.T) {
	t.Parallel()
	lexical := `{"root":{"children":[{"type":"bookmark","url":"https://e.example/","metadata":{"title":"T] [*x*"}}]}}`
	text := fmt.Sprintf(`{"data":{"posts":[{"id":"1","title":"B","slug":"b","lexical":%s,"status":"published","published_at":"2024-01-01T00:00:00Z"}]}}`,
		jsonString(t, lexical))
	h := openHouse(t)
	importBlog(t, h, ImportGhost, text)
	if got := h.allHTML(t)["b"]; !strings.Contains(got, `<a href="https://e.example/"`) || !strings.Contains(got, ">T] [*x*</a>") {
		t.Error(got)
	}
}

func TestAListIsNoExportOfGhost(t *testing.T) {
	t.Parallel()
	_, err := ImportGhost(operator(t), "export", strings.NewReader("[]"), 2, openHouse(t).content, BlogOptions{}, Watch{})
	if !errors.Is(err, ErrNotExport) || !strings.HasSuffix(err.Error(), ": the file holds a value of the kind array where another is expected") {
		t.Error(err)
	}
}
