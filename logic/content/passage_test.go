package content

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// marked puts SnippetStart and SnippetEnd where text has [ and ].
func marked(text string) string {
	return strings.NewReplacer("[", SnippetStart, "]", SnippetEnd).Replace(text)
}

func TestPassage(t *testing.T) {
	filler := strings.Repeat("some other words ", 30)
	tests := map[string]struct{ reason, text, want string }{
		"a short text": {"all of it", "The [river] was  frozen.\n\nI walked.", "The [river] was frozen. I walked."},
		"no text":      {"nothing", "", ""},
		"nothing found": {"the title alone matched: the text's beginning", "One two. " + filler,
			"One two. " + strings.TrimSpace(strings.Repeat("some other words ", 11)) + "…"},
		"the most words": {"two words tell more than one twice",
			"A [river] and a [river]. " + filler + "end. Here is [river] [water]. " + filler,
			"…Here is [river] [water]. " + strings.TrimSpace(strings.Repeat("some other words ", 10)) + " some…"},
		"forms of a word": {"they count once",
			"A [river] and [water]. " + filler + "Here are [river] and [rivers].", "A [river] and [water]. " + strings.TrimSpace(strings.Repeat("some other words ", 10)) + " some…"},
		"no sentence": {"words stand around it", filler + "[river] " + filler,
			"…" + "words " + strings.Repeat("some other words ", 5) + "[river] " + strings.TrimSpace(strings.Repeat("some other words ", 5)) + " some other…"},
		"a phrase that is cut": {"marks come in pairs", "[" + filler + "]", "[" + strings.TrimSpace(strings.Repeat("some other words ", 11)) + " some other]…"},
		"no blanks":            {"letters stay whole", strings.Repeat("河", 300) + "[水]" + strings.Repeat("川", 300), "…" + strings.Repeat("河", 32) + "[水]" + strings.Repeat("川", 33) + "…"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got, want := Passage(marked(test.text)), marked(test.want); got != want {
				t.Errorf("%s:\n%q, want\n%q", test.reason, got, want)
			}
		})
	}
}

func TestMergeMarks(t *testing.T) {
	for _, test := range []struct{ a, b, want string }{
		{"", "", ""},
		{"no marks", "no marks", "no marks"},
		{"a [b] c", "a b [c]", "a [b] [c]"},
		{"[a] b", "[a] b", "[a] b"},
		{"[a b] c", "a [b c]", "[a b c]"},
		{"[a] [b]", "[a b]", "[a b]"},
		{"a[b]", "[a]b", "[ab]"},
		{"[größe] 日", "größe [日]", "[größe] [日]"},
	} {
		if got, want := MergeMarks(marked(test.a), marked(test.b)), marked(test.want); got != want {
			t.Errorf("%s and %s became %q, want %q", test.a, test.b, got, want)
		}
	}
}

func FuzzPassage(f *testing.F) {
	f.Add("a [b] c. d\n[e f] g")
	f.Add(strings.Repeat("[a]", 300))
	f.Fuzz(func(t *testing.T, text string) {
		got := Passage(marked(strings.ToValidUTF8(text, "")))
		if !utf8.ValidString(got) || len(got) > passageLength+len("…")*2+2 {
			t.Errorf("%q became %q", text, got)
		}
	})
}
