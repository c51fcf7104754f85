package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"headwater/logic"
)

// TestWebhooksByTheCommandLine makes a webhook beside a running server, which sends what the command line asks for.
func TestWebhooksByTheCommandLine(t *testing.T) {
	t.Parallel()
	came := make(chan *http.Request, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		came <- r
	}))
	defer receiver.Close()
	dir := t.TempDir()
	server := start(t, nil, "serve", "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0", "--webhook-allow", "127.0.0.1/32")
	do := func(want int, args ...string) (stdout, stderr string) {
		t.Helper()
		stdout, stderr, code := runIn(t, dir, "", append([]string{"webhook"}, args...)...)
		if code != want {
			t.Fatalf("%q ends with %d and says %s", args, code, stderr)
		}
		return stdout, stderr
	}
	if _, said := do(exitUsage, "add", receiver.URL); !strings.Contains(said, "URL: must begin with https://") {
		t.Errorf("an address that is not allowed: %s", said)
	}
	if _, said := do(exitUsage, "add", receiver.URL, "--webhook-allow", "127.0.0.1"); !strings.Contains(said, "--webhook-allow") {
		t.Errorf("what is no network: %s", said)
	}
	if _, said := do(exitUsage, "add", "https://example.org/", "--event", "ping", "--client", "none"); !strings.Contains(said, "--event: ") || !strings.Contains(said, "--client: ") {
		t.Errorf("two faults: %s", said)
	}
	secret, _ := do(0, "add", receiver.URL, "--webhook-allow", "127.0.0.1/32", "--description", "A builder.")
	if !logic.TokenWebhook.Is(strings.TrimSpace(secret)) {
		t.Errorf("the secret is %q", secret)
	}
	listed, _ := do(0, "list")
	id := regexp.MustCompile(`(?m)^(\S{12})  on .*A builder\.$`).FindStringSubmatch(listed)
	if id == nil || strings.Contains(listed, strings.TrimSpace(secret)) {
		t.Fatalf("listed:\n%s", listed)
	}
	if other, _ := do(0, "rotate", id[1], "--grace", "1h"); !logic.TokenWebhook.Is(strings.TrimSpace(other)) || other == secret {
		t.Errorf("another secret is %q", other)
	}
	do(0, "test", id[1])
	if got := <-came; got.Header.Get("Headwater-Event") != "ping" || strings.Count(got.Header.Get("Headwater-Signature"), ",v1=") != 2 {
		t.Errorf("sent with %v", got.Header)
	}
	deliveries, _ := do(0, "deliveries", id[1], "--most", "1")
	sent := regexp.MustCompile(`(?m)^(\S{12})  ping`).FindStringSubmatch(deliveries)
	if sent == nil {
		t.Fatalf("deliveries:\n%s", deliveries)
	}
	do(0, "test", id[1])
	<-came
	if _, said := do(0, "change", id[1], "--off", "--description", "None."); !strings.Contains(said, "is off") {
		t.Errorf("switched off: %s", said)
	}
	do(exitUsage, "resend", sent[1])
	do(0, "change", id[1], "--on", "--event", "post_removed")
	do(0, "resend", sent[1])
	if got := <-came; got.Header.Get("Headwater-Delivery") != sent[1] {
		t.Errorf("sent %s again, not %s", got.Header.Get("Headwater-Delivery"), sent[1])
	}
	do(0, "remove", id[1])
	do(exitUsage, "remove", id[1])
	if strings.Contains(server.log.String(), "hw_webhook_") {
		t.Error("the log has a secret")
	}
}
