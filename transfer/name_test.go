package transfer

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
)

func TestDates(t *testing.T) {
	noon := moment(2024, 1, 31, 12, 0, time.UTC)
	midnight := moment(2024, 1, 31, 0, 0, berlin)
	for text, want := range map[string]logic.Moment{
		"2024-01-31":                        midnight,
		"2024-1-31":                         midnight,
		"2024/01/31":                        midnight,
		"2024.01.31":                        midnight,
		"January 31, 2024":                  midnight,
		"Jan 31, 2024":                      midnight,
		"31 January 2024":                   midnight,
		"31 Jan 2024":                       midnight,
		"Wed Jan 31 2024":                   midnight,
		"2024-01-31T12:00:00Z":              noon,
		"2024-01-31T12:00:00.000Z":          noon,
		"2024-01-31T13:00:00+01:00":         noon,
		"2024-01-31T05:00:00-0700":          noon,
		"2024-01-31 13:00:00 +0100":         noon,
		"2024-01-31  13:00 +0100":           noon,
		"2024-01-31 13:00:00+01:00":         noon,
		"2024-01-31 12:00:00 UTC":           noon,
		"2024-01-31 12:00:00 +0000 UTC":     noon,
		"2024-01-31T13:00:00":               noon,
		"2024-01-31T13:00":                  noon,
		"2024-01-31 13:00:00":               noon,
		"2024-01-31 13:00":                  noon,
		"Wed, 31 Jan 2024 12:00:00 GMT":     noon,
		"Wed, 31 Jan 2024 13:00:00 +0100":   noon,
		"Wed Jan 31 12:00:00 UTC 2024":      noon,
		"Wed Jan 31 2024 13:00:00 GMT+0100": noon,
	} {
		if got, ok := parseDate(text, berlin); !ok || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got.Time(), ok, want.Time())
		}
	}
	for _, text := range []string{"", "soon", "31/01/2024", "2024-13-01", "2024-02-30", "2024-01-31 12:00:00 PST", "0000-01-01", "20240131"} {
		if got, ok := parseDate(text, berlin); ok {
			t.Errorf("%q is read as %v", text, got.Time())
		}
	}
}

func TestPeopleIn(t *testing.T) {
	for byline, want := range map[string][]string{
		"Ada Quill":                                 {"Ada Quill"},
		" Ada  Quill ":                              {"Ada Quill"},
		"Ada Quill and Ben Oakes":                   {"Ada Quill", "Ben Oakes"},
		"Ada Quill, Ben Oakes and Cy Ruud":          {"Ada Quill", "Ben Oakes", "Cy Ruud"},
		"Ada Quill, Ben Oakes, and Cy Ruud":         {"Ada Quill", "Ben Oakes", "Cy Ruud"},
		"Ada Quill & Ben Oakes":                     {"Ada Quill", "Ben Oakes"},
		"Ada Quill, Ben Oakes":                      {"Ada Quill", "Ben Oakes"},
		"Ada, Ben and Cy":                           {"Ada", "Ben", "Cy"},
		"Quill, Ada":                                {"Quill, Ada"},
		"Ben Oakes, Jr.":                            {"Ben Oakes, Jr."},
		"Ada Quill, PhD and Cy Ruud":                {"Ada Quill, PhD", "Cy Ruud"},
		"Ada Quill, for the workshop":               {"Ada Quill"},
		"Ada Quill, on behalf of Mill & Co":         {"Ada Quill"},
		"Ada Quill and Ben Oakes, for the workshop": {"Ada Quill", "Ben Oakes"},
		"Ada Quill on behalf of the workshop":       {"Ada Quill"},
		"Ada Quill (Mill)":                          {"Ada Quill"},
		"Ada Quill <ada@example.org>":               {"Ada Quill"},
		"Ada Quill, May 2011; updated by Cy Ruud":   {"Ada Quill", "Cy Ruud"},
		"Ada Quill and contributors":                {"Ada Quill"},
		"Alexander Forman":                          {"Alexander Forman"},
		"The Mill Team":                             {"The Mill Team"},
		"":                                          nil,
		" , ":                                       nil,
	} {
		if diff := cmp.Diff(want, peopleIn(byline)); diff != "" {
			t.Errorf("%q: %s", byline, diff)
		}
	}
}

func TestAddressOf(t *testing.T) {
	for file, want := range map[string]address{
		"a.md":                      {slug: "a"},
		"go1.9.md":                  {slug: "go1.9"},
		"My First Post!.md":         {slug: "my-first-post"},
		"über-größe.md":             {slug: "über-größe"},
		"2024-01-31-a.md":           {slug: "a", date: "2024-01-31"},
		"2024-1-3_a.md":             {slug: "a", date: "2024-1-3"},
		"2024-01-31.md":             {date: "2024-01-31"},
		"2024-01-31/index.md":       {date: "2024-01-31"},
		"2024-01-31T10:00:00Z-a.md": {slug: "a", date: "2024-01-31"},
		"2024-01-31abc.md":          {slug: "2024-01-31abc"},
		"x/a/index.md":              {slug: "a"},
		"x/a/index.pt-br.md":        {slug: "a", language: "pt-br"},
		"x/_index.de.md":            {slug: "index", language: "de", section: true},
		"index.md":                  {},
		"x/two.de.md":               {slug: "two", language: "de"},
		"x/two.fr.md":               {slug: "two", language: "fr"},
		"x/lone.de.md":              {slug: "lone.de"},
		"node.js.md":                {slug: "node.js"},
		"_drafts/a.md":              {slug: "a", draft: true},
	} {
		if diff := cmp.Diff(want, addressOf(file, []string{"two.de.md", "two.fr.md", "lone.de.md"}), cmp.AllowUnexported(address{})); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
}

func TestSlugOfAddress(t *testing.T) {
	for link, want := range map[string]string{
		"/2024/01/the-ladder/":               "the-ladder",
		"/2024/the-ladder.html":              "the-ladder",
		"the-ladder/index.html":              "the-ladder",
		"https://example.org/b/The-Ladder?x": "the-ladder",
		"/:year/:title/":                     "",
		"/{{ page.fileSlug }}/":              "",
		"/":                                  "",
		"":                                   "",
		"/index.html":                        "",
	} {
		if got := slugOfAddress(link); got != want {
			t.Errorf("%q gives %q, want %q", link, got, want)
		}
	}
}

func TestMatterKeepsWhatWasWritten(t *testing.T) {
	for name, text := range map[string]string{
		"YAML": "---\nTitle: on\npublish_date: 2024-01-31\nversion: 1.10\nempty: ~\nlist: [1.10, yes]\n---\n",
		"TOML": "+++\nTitle = \"on\"\npublish-date = 2024-01-31\nversion = \"1.10\"\nlist = [\"1.10\", \"yes\"]\n+++\n",
		"JSON": "{\n\"Title\": \"on\", \"publishDate\": \"2024-01-31\", \"version\": \"1.10\", \"empty\": null, \"list\": [\"1.10\", \"yes\"]\n}\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			fields, rest, line, err := splitMatter([]byte(text + "rest"))
			if err != nil {
				t.Fatal(err)
			}
			if rest != "rest" || line != int64(strings.Count(text, "\n"))+1 {
				t.Errorf("the rest is %q, from line %d", rest, line)
			}
			list := []string{}
			for _, item := range fields["list"].list {
				list = append(list, item.text)
			}
			got := []string{fields.text("title"), fields.text("publishdate"), fields.text("version"), fields.text("empty"), strings.Join(list, " ")}
			if diff := cmp.Diff([]string{"on", "2024-01-31", "1.10", "", "1.10 yes"}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMatterErrorsNameTheirLine(t *testing.T) {
	for text, want := range map[string]int64{
		"---\na: 1\nb: [\n---\n":       3,
		"\n\n---\na: 1\n\tb: 2\n---\n": 5,
		"+++\na = 1\nb = = 2\n+++\n":   3,
		"+++\na = 1\na = 2\n+++\n":     3,
	} {
		_, _, _, err := splitMatter([]byte(text))
		if fault, ok := errors.AsType[*matterError](err); !ok || fault.line != want {
			t.Errorf("%q: %#v; want line %d", text, err, want)
		}
	}
}
