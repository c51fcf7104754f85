package content

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDiffs(t *testing.T) {
	numbers := func(from, to int) string {
		var text strings.Builder
		for i := from; i <= to; i++ {
			fmt.Fprintln(&text, i)
		}
		return text.String()
	}
	for name, test := range map[string]struct{ before, after, want string }{
		"nothing":         {"a\nb\n", "a\nb\n", ""},
		"both empty":      {"", "", ""},
		"the first":       {"", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"},
		"all gone":        {"a\n", "", "@@ -1,1 +0,0 @@\n-a\n"},
		"a word":          {"a\nb\nc\n", "a\nB\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"},
		"no line feed":    {"a\nb", "a\nb\n", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
		"far apart":       {numbers(1, 20), strings.Replace(strings.Replace(numbers(1, 20), "3\n", "x\n", 1), "18\n", "", 1), "@@ -1,6 +1,6 @@\n 1\n 2\n-3\n+x\n 4\n 5\n 6\n@@ -15,6 +15,5 @@\n 15\n 16\n 17\n-18\n 19\n 20\n"},
		"near each other": {numbers(1, 9), strings.Replace(strings.Replace(numbers(1, 9), "2\n", "x\n", 1), "9\n", "", 1), "@@ -1,9 +1,8 @@\n 1\n-2\n+x\n 3\n 4\n 5\n 6\n 7\n 8\n-9\n"},
		"moved":           {"one\ntwo\nthree\nfour\n", "two\nthree\nfour\none\n", "@@ -1,4 +1,4 @@\n-one\n two\n three\n four\n+one\n"},
	} {
		if got := unifiedDiff(test.before, test.after); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, test.want)
		}
	}
}

// patched returns what diff makes of a text, and stops the test where it does not fit.
func patched(t *rapid.T, before, diff string) string {
	lines, at := linesOf(before), 0
	var out strings.Builder
	var last byte
	for _, line := range linesOf(diff) {
		switch sign, text := line[0], line[1:]; sign {
		case '@':
			var from, count, to, added int
			if _, err := fmt.Sscanf(line, "@@ -%d,%d +%d,%d @@", &from, &count, &to, &added); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			if count > 0 {
				from--
			}
			for ; at < from; at++ {
				out.WriteString(lines[at])
			}
		case '\\':
			if last != '-' {
				kept := strings.TrimSuffix(out.String(), "\n")
				out.Reset()
				out.WriteString(kept)
			}
		case '+':
			out.WriteString(text)
		default:
			if want := strings.TrimSuffix(lines[at], "\n"); strings.TrimSuffix(text, "\n") != want {
				t.Fatalf("line %d is %q, and in the diff %q", at+1, want, text)
			}
			if at++; sign == ' ' {
				out.WriteString(text)
			}
		}
		last = line[0]
	}
	return out.String() + strings.Join(lines[at:], "")
}

func TestDiffsMakeOneTextOfTheOther(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) string {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a\n", "b\n", "c\n", "d\n", "e\n", "\n", "-\n", "+\n", "@@\n"}), 0, 30).Draw(t, "lines")
		return strings.Join(lines, "") + rapid.SampledFrom([]string{"", "a", "z"}).Draw(t, "last")
	})
	rapid.Check(t, func(t *rapid.T) {
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		diff := unifiedDiff(before, after)
		if got := patched(t, before, diff); got != after {
			t.Errorf("%q and\n%s\nmake %q, want %q", before, diff, got, after)
		}
		if (diff == "") != (before == after) {
			t.Errorf("the diff of %q and %q is %q", before, after, diff)
		}
	})
}

// Whoever writes a post chooses its texts: the longest that are taken must be compared in a moment.
func TestDiffsOfHostileTexts(t *testing.T) {
	const longest = 1 << 20
	repeated := func(text string) string { return strings.Repeat(text, longest/len(text)) }
	var rising, falling strings.Builder
	for i := range longest / 8 {
		fmt.Fprintf(&rising, "%07d\n", i)
		fmt.Fprintf(&falling, "%07d\n", longest/8-i)
	}
	for name, texts := range map[string][2]string{
		"empty lines":    {repeated("\n"), "x" + repeated("\n") + "x"},
		"two lines":      {repeated("a\nb\n"), repeated("b\na\n")},
		"lines repeated": {repeated("a\nb\nc\n"), repeated("a\nc\nb\n")},
		"one line":       {repeated("a"), repeated("b")},
		"turned around":  {rising.String(), falling.String()},
		"interleaved":    {rising.String(), strings.ReplaceAll(rising.String(), "\n", "\n\n")},
	} {
		started := time.Now()
		diff := unifiedDiff(texts[0], texts[1])
		if took := time.Since(started); took > 5*time.Second {
			t.Errorf("%s: %v", name, took)
		}
		if most := 8 * longest; len(diff) > most || diff == "" {
			t.Errorf("%s: the diff has %d bytes, want at most %d", name, len(diff), most)
		}
		t.Logf("%s: %v, %d bytes", name, time.Since(started), len(diff))
	}
}
