package render

import "testing"

func TestExcerpt(t *testing.T) {
	summary := func(s string) *string { return &s }
	tests := []struct {
		name    string
		summary *string
		lead    string
		length  int
		want    string
	}{
		{"all of the lead", nil, "One two three", 13, "One two three"},
		{"cut at a word", nil, "One two three", 12, "One two…"},
		{"cut just behind a word", nil, "One two three", 8, "One two…"},
		{"the summary first", summary("By hand"), "One", 20, "By hand"},
		{"the summary is cut too", summary("By hand and long"), "One", 10, "By hand…"},
		{"an empty summary is none", summary(" \n"), "One", 20, "One"},
		{"on one line", summary("By\n\thand"), "", 20, "By hand"},
		{"a comma goes with what it joined", nil, "One two, three", 10, "One two…"},
		{"no blanks to cut at", nil, "一二三四五六", 4, "一二三…"},
		{"one long word", nil, "abcdefghij", 5, "abcd…"},
		{"an accent stays with its letter", nil, "abe\u0301f", 4, "ab…"},
		{"no room", nil, "One", 0, ""},
		{"less than none", nil, "One", -1, ""},
		{"room for the ellipsis alone", nil, "One", 1, "…"},
		{"nothing", nil, "", 10, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Excerpt(test.summary, test.lead, test.length)
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if count := len([]rune(got)); count > max(test.length, 0) {
				t.Errorf("%d characters, at most %d allowed", count, test.length)
			}
		})
	}
}

func TestCountWords(t *testing.T) {
	tests := []struct {
		text string
		want int
	}{
		{"", 0}, {" -- !? ", 0}, {"one two", 2}, {"don't", 1}, {"well-known", 1}, {"one - two", 2}, {"go1.21 is out.", 3}, {"a_b", 1},
		{"日本語", 3}, {"Go 言語です", 5}, {"한국어 문장", 2}, {"привет, мир", 2}, {"नमस्ते दुनिया", 2}, {"end. Next", 2},
	}
	for _, test := range tests {
		if got := countWords(test.text); got != test.want {
			t.Errorf("%q has %d words, want %d", test.text, got, test.want)
		}
	}
}
