package httpd

import (
	"net/http"
	"strings"
	"testing"
)

func TestIdempotencyKeysThatAreNoneAreRefused(t *testing.T) {
	w := newWorld(t, nil)
	const body = `{"query":"{__typename}"}`
	for name, headers := range map[string][]string{
		"none":            {},
		"a short one":     {"Idempotency-Key", "1"},
		"a quoted one":    {"Idempotency-Key", `"8e03978e-40d5-43dd-bc93-6894a57f9324"`},
		"the longest one": {"Idempotency-Key", strings.Repeat("k", 255)},
	} {
		if got := w.post(t, body, headers...); got.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d: %s", name, got.StatusCode, got.body)
		}
	}
	for name, headers := range map[string][]string{
		"an empty one":     {"Idempotency-Key", ""},
		"one with a blank": {"Idempotency-Key", "a b"},
		"one beyond ASCII": {"Idempotency-Key", "schlüssel"},
		"too long a one":   {"Idempotency-Key", strings.Repeat("k", 256)},
		"two":              {"Idempotency-Key", "a", "Idempotency-Key", "a"},
	} {
		got := w.post(t, body, headers...)
		if got.StatusCode != http.StatusBadRequest || !strings.Contains(got.body, "Idempotency-Key must stand there once") {
			t.Errorf("%s: status %d: %s", name, got.StatusCode, got.body)
		}
	}
}
