package render_test

import (
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/content/render"
)

func TestReaddress(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"![a](a.png)":                                           "![a](X)",
		"![a](a.png \"a.png\")":                                 "![a](X \"a.png\")",
		"![a](<a b.png>)":                                       "![a](<X>)",
		"![a](  \n  a.png )":                                    "![a](  \n  X )",
		"> ![a](\n> a.png)":                                     "> ![a](\n> X)",
		"![a](a\\_b(1).png)":                                    "![a](X)",
		"![a](a&amp;b.png)":                                     "![a](X)",
		"![](a.png)![](a.png)":                                  "![](X)![](X)",
		"[![a](a.png)](b.png)":                                  "[![a](X)](Y)",
		"[![a](a.png)](a.png)":                                  "[![a](X)](Y)",
		"[![a](a.png) ![a](a.png)](a.png) ![](a.png)":           "[![a](X) ![a](X)](Y) ![](X)",
		"[a](b.md)":                                             "[a](Y)",
		"![a][b]\n\n[b]: a.png\n[c]: c.png":                     "![a][b]\n\n[b]: X\n[c]: c.png",
		"![b]\n\n[b]:\n  <a.png> 'b'":                           "![b]\n\n[b]:\n  <X> 'b'",
		"* ![a][b]\n\n  [b]: a.png":                             "* ![a][b]\n\n  [b]: X",
		"`![a](a.png)`":                                         "`![a](a.png)`",
		"    ![a](a.png)":                                       "    ![a](a.png)",
		"~~~\n<img src=a.png>\n~~~":                             "~~~\n<img src=a.png>\n~~~",
		"\\![a](a.png)":                                         "\\![a](Y)",
		"a <IMG alt='>' src = \"a.png\" > b":                    "a <IMG alt='>' src = \"X\" > b",
		"<img data-src=\"b.png\" src='a.png'>":                  "<img data-src=\"b.png\" src='X'>",
		"<p><a class=x href=b.png><img src=a.png></a>":          "<p><a class=x href=Y><img src=X></a>",
		"<!-- <img src=a.png> -->":                              "<!-- <img src=a.png> -->",
		"<pre>\n\n<img src=a.png>\n</pre>":                      "<pre>\n\n<img src=X>\n</pre>",
		"| a |\n|---|\n| ![a](a.png) |":                         "| a |\n|---|\n| ![a](X) |",
		"# ![a](a.png)\n\nText[^1]\n\n[^1]: ![b](b.png)":        "# ![a](X)\n\nText[^1]\n\n[^1]: ![b](X)",
		"<https://example.org/a.png> https://example.org/a.png": "<https://example.org/a.png> https://example.org/a.png",
		"": "",
	} {
		got, err := render.Readdress(source, func(address render.Address) (string, bool) {
			if address.IsImage {
				return "X", true
			}
			return "Y", true
		})
		if err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", source, got, err, want)
		}
	}
}

func TestReaddressTellsWhatIsWritten(t *testing.T) {
	t.Parallel()
	source := "![](a&amp;b\\_c.png) ![](<d e.png>) ![](f%20g.png) <img src=\" h&amp;i.png \"> [](j.md)\r\n"
	var told []string
	got, err := render.Readdress(source, func(address render.Address) (string, bool) {
		told = append(told, address.Text)
		return "", false
	})
	if want := "a&b_c.png d e.png f%20g.png h&i.png j.md"; err != nil || got != source || strings.Join(told, " ") != want {
		t.Errorf("got %q, %q, %v", told, got, err)
	}
}

func TestReaddressRefusesWhatMarkdownRefuses(t *testing.T) {
	t.Parallel()
	_, err := render.Readdress(strings.Repeat("[a](", 100_000), func(render.Address) (string, bool) { return "X", true })
	if logic.CodeOf(err) != logic.CodeInvalid {
		t.Errorf("got %v", err)
	}
}
