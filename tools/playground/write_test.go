package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	for name, test := range map[string]struct {
		present, packed map[string]string
		faults          []string // what the error names; none where all is as it should be
	}{
		"nothing at all":     {nil, nil, nil},
		"the same files":     {map[string]string{"a.js": "1", "assets/b.js": "2"}, map[string]string{"a.js": "1", "assets/b.js": "2"}, nil},
		"a file missing":     {map[string]string{"a.js": "1"}, map[string]string{"a.js": "1", "b.js": "2"}, []string{"missing:  b.js"}},
		"a file left over":   {map[string]string{"a.js": "1", "assets/b.js": "2"}, map[string]string{"a.js": "1"}, []string{"left over: assets/b.js"}},
		"another content":    {map[string]string{"a.js": "1"}, map[string]string{"a.js": "2"}, []string{"differs:  a.js"}},
		"another last byte":  {map[string]string{"a.js": "1"}, map[string]string{"a.js": "1\n"}, []string{"differs:  a.js"}},
		"an empty file":      {map[string]string{"a.js": ""}, map[string]string{}, []string{"left over: a.js"}},
		"a file of its case": {map[string]string{"A.js": "1"}, map[string]string{"a.js": "1"}, []string{"missing:  a.js", "left over: A.js"}},
		"all at once":        {map[string]string{"a": "1", "b": "1"}, map[string]string{"b": "2", "c": "1"}, []string{"left over: a", "differs:  b", "missing:  c"}},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			for path, content := range test.present {
				full := filepath.Join(folder, path)
				if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(full, []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			packed := map[string][]byte{}
			for path, content := range test.packed {
				packed[path] = []byte(content)
			}
			err := compare(folder, packed)
			if len(test.faults) == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil {
				t.Fatal("no fault was found")
			}
			_, named, _ := strings.Cut(err.Error(), "\n")
			for _, fault := range test.faults {
				if !strings.Contains(named, fault) {
					t.Errorf("%q is not in %q", fault, named)
				}
			}
			if n := len(strings.Split(named, "\n")); n != len(test.faults) {
				t.Errorf("%d faults: %s", n, named)
			}
		})
	}
}
