package bind

import (
	"testing"

	"headwater/logic"
)

func TestChanges(t *testing.T) {
	for name, test := range map[string]struct {
		read func(any) (logic.TextChange, error)
		sent any
		want string // what a text that was "before" is then; empty where it is cleared
		code logic.Code
	}{
		"a text":             {UnmarshalTextChange, "after", "after", ""},
		"an empty text":      {UnmarshalTextChange, "", "", ""},
		"null for a text":    {UnmarshalTextChange, nil, "", ""},
		"a number":           {UnmarshalTextChange, 7, "", logic.CodeInvalid},
		"an address":         {UnmarshalURLChange, "https://example.org/", "https://example.org/", ""},
		"null for a URL":     {UnmarshalURLChange, nil, "", ""},
		"what is no address": {UnmarshalURLChange, "javascript:alert(1)", "", logic.CodeInvalid},
	} {
		change, err := test.read(test.sent)
		if err != nil || test.code != "" {
			if logic.CodeOf(err) != test.code {
				t.Errorf("%s: %v, want %q", name, err, test.code)
			}
			continue
		}
		before := "before"
		text := &before
		change.Apply(&text)
		if cleared := text == nil; cleared != (test.sent == nil) || !cleared && *text != test.want {
			t.Errorf("%s: %+v", name, change)
		}
	}
	before := "before"
	text := &before
	logic.TextChange{}.Apply(&text)
	if text != &before {
		t.Error("nothing was said, and the text changed")
	}
}
