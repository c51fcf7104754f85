package transfer

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestMatterHasBounds(t *testing.T) {
	const tooDeep = "a value more than 32 deep, or a key of more than 17 parts"
	long := strings.Repeat("words ", maxMatter/6+1)
	for name, test := range map[string]struct {
		text string
		want string // of the fault; nothing where it can be read
	}{
		"a key of 20,000 parts":       {"+++\nx" + strings.Repeat(".a", 20_000) + " = 1\n+++\n", tooDeep},
		"such a key within braces":    {"+++\nx = {a" + strings.Repeat(".a", 17) + " = 1}\n+++\n", tooDeep},
		"such a table":                {"+++\n[[x" + strings.Repeat(" . 'a'", 17) + "]]\n+++\n", tooDeep},
		"a key behind a text":         {"+++\na = '''\n'''\nx" + strings.Repeat(".a", 17) + " = 1\n+++\n", tooDeep},
		"a key behind four quotes":    {"+++\nx = {a = \"\"\"b\"\"\"\", x" + strings.Repeat(".a", 17) + " = 1}\n+++\n", tooDeep},
		"tables in tables":            {"+++\nx = " + strings.Repeat("{a = ", 33) + "1" + strings.Repeat("}", 33) + "\n+++\n", tooDeep},
		"tables in tables, unclosed":  {"---toml\nx = " + strings.Repeat("{a = ", 5_000) + "\n---\n", tooDeep},
		"lists in lists":              {"+++\nx = " + strings.Repeat("[", 33) + strings.Repeat("]", 33) + "\n+++\n", tooDeep},
		"much TOML":                   {"+++\nx = '" + long + "'\n+++\n", "larger than 64 KiB"},
		"much YAML":                   {"---\nx: " + long + "\n---\n", "larger than 64 KiB"},
		"much JSON":                   {"{\n\"x\": \"" + long + "\"\n}\n", "larger than 64 KiB"},
		"as deep as it may be":        {"+++\nx = " + strings.Repeat("[", 32) + strings.Repeat("]", 32) + "\ny" + strings.Repeat(".a", 16) + " = 1\n+++\n", ""},
		"dots and brackets in texts":  {"+++\na = \"\\\"" + strings.Repeat(".[", 40) + "\" # " + strings.Repeat("[.", 40) + "\nb = '''\n" + strings.Repeat("{.", 40) + "'''\n+++\n", ""},
		"many short lists one by one": {"+++\n" + "x = [" + strings.Repeat("[1.5], ", 100) + "]\n+++\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, _, err := splitMatter([]byte(test.text))
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if fault, ok := errors.AsType[*matterError](err); !ok || fault.detail != test.want {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// A decoder that needs longer than this for what keeps to the bounds makes an import stand still.
const longestDecoding = 5 * time.Second

func FuzzCheckTOML(f *testing.F) {
	f.Add("a = 1", 100)
	f.Add("x.a.a = {b.c = [", 2_000)
	f.Add("[x.'a'.\"b\"]\n", 2_000)
	f.Add("x = '''\n.a = \"\\", 2_000)
	f.Add("\"\"\"\"\"\".", 10_000)
	f.Add("{a=", 20_000)
	f.Fuzz(func(t *testing.T, text string, times int) {
		if len(text) == 0 {
			return
		}
		times = min(max(times, 1), maxMatter/len(text))
		started := time.Now()
		var fields matter
		_ = bounded(decodeTOML, checkTOML)([]byte(strings.Repeat(text, times)), &fields)
		if took := time.Since(started); took > longestDecoding {
			t.Errorf("%d times %q takes %s", times, text, took)
		}
	})
}
