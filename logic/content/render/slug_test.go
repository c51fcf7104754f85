package render

import (
	"strings"
	"testing"
)

func TestSlug(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""}, {"!?", ""}, {"Hello, World!", "hello-world"}, {"  Go 1.21 -- what's new?  ", "go-1-21-whats-new"}, {"Crème Brûlée", "creme-brulee"}, {"Große Straße", "grosse-strasse"},
		{"Ærø Łódź Þingvellir", "aero-lodz-thingvellir"}, {"Ελλάδα", "ελλαδα"}, {"Привет, Йод", "привет-йод"}, {"日本語 が", "日本語-が"}, {"हिन्दी", "हिन्दी"}, {"한국어", "한국어"},
		{"ﬁne №1", "fine-no1"}, {"a/b_c", "a-b-c"}, {"C++", "c"}, {"../../etc", "etc"}, {"İstanbul ISI", "istanbul-isi"}, {"a\x00b", "a-b"},
		{strings.Repeat("a", 200), strings.Repeat("a", 100)}, {strings.Repeat("word ", 40), strings.TrimSuffix(strings.Repeat("word-", 20), "-")},
	}
	for _, test := range tests {
		got := Slug(test.text)
		if got != test.want {
			t.Errorf("Slug(%q) = %q, want %q", test.text, got, test.want)
		}
		if again := Slug(got); again != got {
			t.Errorf("the slug of slug %q is %q", got, again)
		}
		if len([]rune(got)) > 100 {
			t.Errorf("%q is too long", got)
		}
	}
}

func TestNameSlugSpellsSigns(t *testing.T) {
	for name, want := range map[string]string{
		"C": "c", "C++": "c-plus-plus", "c++ 20": "c-plus-plus-20", "C#": "c-sharp", "C♯": "c-sharp", "F# & C#": "f-sharp-c-sharp", "Notepad++": "notepad-plus-plus",
		"a+b": "a-plus-b", "a + b": "a-b", "#go": "go", "##": "", "+": "", "C ++": "c", "Été": "ete",
	} {
		if got := NameSlug(name); got != want {
			t.Errorf("NameSlug(%q) = %q, want %q", name, got, want)
		}
	}
}
