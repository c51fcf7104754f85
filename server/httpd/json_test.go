package httpd

import (
	"net/http"
	"strings"
	"testing"
)

func TestMembersThatStandTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for body, twice := range map[string]bool{
		`{"query":"{__typename}","variables":{"a":1,"a":2}}`:                    true,
		`{"query":"{__typename}","variables":{"a":[{"b":{"c":1,"\u0063":2}}]}}`: true,
		`{"query":"{__typename}","extensions":{"a":{"b":1,"b":1}}}`:             true,
		`{"query":"{__typename}","later":[[{"b":1,"b":1}]]}`:                    true,
		`{"query":"{__typename}","variables":{"a":{"c":1},"b":{"c":1}}}`:        false,
		`{"query":"{__typename}","variables":{"a":[{"c":1},{"c":1}],"A":1}}`:    false,
	} {
		got := w.post(t, body)
		if isRefused := got.StatusCode == http.StatusBadRequest && strings.Contains(got.body, "twice"); isRefused != twice {
			t.Errorf("%s: status %d: %s", body, got.StatusCode, got.body)
		}
	}
	for variables, status := range map[string]int{`{"a":{"b":1,"b":2}}`: 400, `{"a":{"b":1}}`: 200} {
		if got := w.send(t, "GET", get("query", "{__typename}", "variables", variables), ""); got.StatusCode != status {
			t.Errorf("%s in the address: status %d: %s", variables, got.StatusCode, got.body)
		}
	}
}
