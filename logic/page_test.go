package logic

import (
	"slices"
	"testing"
)

func TestWindowOfPageArgs(t *testing.T) {
	const order = "NAME"
	here, elsewhere := &Cursor{Order: order, Key: 1}, &Cursor{Order: "OTHER", Key: 1}
	tests := map[string]struct {
		reason string
		args   PageArgs
		want   Window
		faults []string // the fields at fault
	}{
		"nothing given":    {"a page has 20 items", PageArgs{}, Window{Limit: 20}, nil},
		"first":            {"reads forward", PageArgs{First: new(3), After: here}, Window{Limit: 3, After: here}, nil},
		"last":             {"reads backward", PageArgs{Last: new(3), Before: here}, Window{Limit: 3, Backward: true, Before: here}, nil},
		"before alone":     {"what stands before a place is read from there", PageArgs{Before: here}, Window{Limit: 20, Backward: true, Before: here}, nil},
		"both bounds":      {"both hold", PageArgs{First: new(3), After: here, Before: here}, Window{Limit: 3, After: here, Before: here}, nil},
		"nothing at all":   {"0 is a size", PageArgs{First: new(0)}, Window{Limit: 0}, nil},
		"too many":         {"100 is the most", PageArgs{First: new(101)}, Window{}, []string{"first"}},
		"negative":         {"0 is the least", PageArgs{Last: new(-1)}, Window{}, []string{"last"}},
		"both directions":  {"only one can be meant", PageArgs{First: new(1), Last: new(1)}, Window{}, []string{"last"}},
		"cursor elsewhere": {"a place in another order is none here", PageArgs{After: elsewhere}, Window{}, []string{"after"}},
		"all at once":      {"all faults come in one answer", PageArgs{First: new(-1), After: elsewhere, Before: elsewhere}, Window{}, []string{"first", "after", "before"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, faults := test.args.Window(order)
			var fields []string
			for _, fault := range faults {
				fields = append(fields, fault.Field...)
			}
			if !slices.Equal(fields, test.faults) {
				t.Fatalf("%s: faults %v, want them at %v", test.reason, faults, test.faults)
			}
			if len(faults) == 0 && got != test.want {
				t.Errorf("%s: got %+v, want %+v", test.reason, got, test.want)
			}
		})
	}
}

func TestTrimTellsWhetherTheListGoesOn(t *testing.T) {
	forward := Trim(Window{Limit: 2}, []int{1, 2, 3})
	if !slices.Equal(forward.Items, []int{1, 2}) || !forward.More {
		t.Errorf("forward: %+v", forward)
	}
	backward := Trim(Window{Limit: 2, Backward: true}, []int{9, 8, 7})
	if !slices.Equal(backward.Items, []int{8, 9}) || !backward.More {
		t.Errorf("backward: %+v", backward)
	}
	last := Trim(Window{Limit: 2}, []int{1, 2})
	if last.More {
		t.Errorf("a list that ends with the page: %+v", last)
	}
}

func TestSortKeyFolds(t *testing.T) {
	for text, want := range map[string]string{" Émile ": "emile", "STRASSE": "strasse", "Straße": "strasse", "ｗｉｄｅ": "wide", "": ""} {
		if got := SortKey(text); got != want {
			t.Errorf("SortKey(%q) = %q, want %q", text, got, want)
		}
	}
}
