package main

import "testing"

func TestMismatch(t *testing.T) {
	const lacking = "row.go:10 adding resolver method for Post.url, nothing matched\n"
	for name, c := range map[string]struct {
		notes string
		fails bool
	}{
		"no note at all":          {"", false},
		"a field that Go lacks":   {lacking, false},
		"a field of another type": {lacking + "Post.slug: int is incompatible with string\n", true},
	} {
		if err := mismatch(c.notes); (err != nil) != c.fails {
			t.Errorf("%s: %v", name, err)
		}
	}
}
