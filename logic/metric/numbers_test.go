package metric

import (
	"strings"
	"testing"
	"unsafe"
)

// A text that is cut out of a long one would hold all of it.
func TestNumbersHoldNothingBesideTheirTexts(t *testing.T) {
	texts := newNumbers(2, strings.Clone)
	long := "one two one"
	for _, text := range []string{long[:3], long[4:7], long[8:]} {
		key, err := texts.key(text)
		if err != nil || texts.all[key] != text || unsafe.StringData(texts.all[key]) == unsafe.StringData(text) {
			t.Errorf("%q is number %d, %v", text, key, err)
		}
	}
	for kept := range texts.keys {
		if at := strings.Index(long, kept); unsafe.StringData(kept) == unsafe.StringData(long[at:]) {
			t.Errorf("%q is kept within what it was cut out of", kept)
		}
	}
}
