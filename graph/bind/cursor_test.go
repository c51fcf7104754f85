package bind

import (
	"encoding/base64"
	"math"
	"testing"

	"headwater/logic"
)

var cursors = []logic.Cursor{
	{Order: "PUBLISHED_AT", Int: 1769903999000, Key: math.MaxInt64},
	{Order: "PUBLISHED_AT", None: true, Key: 7},
	{Order: "TITLE", Text: "über alles, zuletzt", Key: -7},
	{Order: "RELEVANCE", Score: -1.5e-6, Key: 1},
	{Order: "POST_COUNT", Int: 0, Key: 1},
	{Order: "NAME", Int: -1, Text: "\x00", Score: math.SmallestNonzeroFloat64, Key: 0},
}

func TestCursorsComeBackAsTheyWere(t *testing.T) {
	for _, cursor := range cursors {
		if got := DecodeCursor(EncodeCursor(cursor)); got != cursor {
			t.Errorf("%+v came back as %+v", cursor, got)
		}
	}
}

func TestACursorIsShort(t *testing.T) {
	if s := EncodeCursor(cursors[0]); len(s) > 44 {
		t.Errorf("%s has %d characters", s, len(s))
	}
}

func TestWhatIsNoCursorIsRefusedByThePage(t *testing.T) {
	encode := base64.RawURLEncoding.EncodeToString
	whole, _ := base64.RawURLEncoding.DecodeString(EncodeCursor(cursors[2]))
	malformed := []string{
		"", "x", "not a cursor", "====", encode([]byte{1}), encode([]byte{2, 0, 0, 0}), encode([]byte{1, 0xff, 0, 0}),
		encode([]byte{1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}),
		encode(append(whole, 0)), EncodeCursor(logic.Cursor{Order: "TITLE", Score: math.NaN()}),
		EncodeCursor(logic.Cursor{Order: "TITLE", Score: math.Inf(1)}),
	}
	for length := range whole {
		malformed = append(malformed, encode(whole[:length]))
	}
	for _, s := range malformed {
		_, faults := Page(nil, &s, nil, nil).Window("TITLE")
		if len(faults) != 1 || faults[0].Code != logic.CodeInvalid || faults[0].Field[0] != "after" {
			t.Errorf("%q as after: %v", s, faults)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add("")
	for _, cursor := range cursors {
		f.Add(EncodeCursor(cursor))
	}
	f.Fuzz(func(t *testing.T, s string) {
		cursor := DecodeCursor(s)
		if again := DecodeCursor(EncodeCursor(cursor)); cursor.Order != "" && again != cursor {
			t.Errorf("%+v came back as %+v", cursor, again)
		}
	})
}
