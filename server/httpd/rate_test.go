package httpd

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/client"
)

// checkTooMany holds an answer to what the one who asked too often is told.
func checkTooMany(t *testing.T, got answer) {
	t.Helper()
	seconds, err := strconv.Atoi(got.Header.Get("Retry-After"))
	if got.StatusCode != http.StatusTooManyRequests || err != nil || seconds < 1 || !strings.Contains(got.body, `"retryAfter":`+strconv.Itoa(seconds)) {
		t.Errorf("status %d, headers %v: %s", got.StatusCode, got.Header, got.body)
	}
	checkAnswer(t, got, logic.CodeRateLimited, "-")
}

func TestClientsMayAskSoOften(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	perMinute := 3
	w.addClient(t, "blog", client.KindWeb, "https://blog.example")
	if _, err := w.services.Client.UpdateClient(operator(t), "blog", client.UpdateClientInput{RequestsPerMinute: &perMinute}); err != nil {
		t.Fatal(err)
	}
	_, key := w.addKey(t, "blog", client.KeyPublishable)
	headers := []string{"X-Api-Key", key, "Origin", "https://blog.example"}
	for i := range perMinute {
		if got := w.post(t, whoBody, headers...); got.StatusCode != http.StatusOK {
			t.Fatalf("request %d: status %d: %s", i, got.StatusCode, got.body)
		}
	}
	for _, media := range []string{mediaResponse, mediaJSON} {
		got := w.post(t, whoBody, append([]string{"Accept", media}, headers...)...)
		checkTooMany(t, got)
		checkReadable(t, got, "https://blog.example", true)
	}
	if page := w.send(t, "GET", "/", "", headers...); page.StatusCode != http.StatusTooManyRequests || page.Header.Get("Retry-After") == "" {
		t.Errorf("the front page: status %d, headers %v", page.StatusCode, page.Header)
	}
	if got := w.post(t, whoBody); got.StatusCode != http.StatusOK {
		t.Errorf("another client: status %d", got.StatusCode)
	}
}

// TestAddressesMayAskSoOften tells senders apart by the address that a trusted proxy names, and believes nobody else.
func TestAddressesMayAskSoOften(t *testing.T) {
	t.Parallel()
	trusting := newWorld(t, func(s *setup) {
		s.addressPerMinute, s.proxies = 1, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	for _, from := range []string{"198.51.100.1", "198.51.100.2", "192.0.2.1, 198.51.100.3"} {
		if got := trusting.post(t, whoBody, "X-Forwarded-For", from); got.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", from, got.StatusCode)
		}
	}
	checkTooMany(t, trusting.post(t, whoBody, "X-Forwarded-For", "198.51.100.1"))
	checkTooMany(t, trusting.post(t, whoBody, "X-Forwarded-For", "203.0.113.5, 198.51.100.2"))

	doubting := newWorld(t, func(s *setup) { s.addressPerMinute = 1 })
	if got := doubting.post(t, whoBody, "X-Forwarded-For", "198.51.100.1"); got.StatusCode != http.StatusOK {
		t.Errorf("status %d", got.StatusCode)
	}
	checkTooMany(t, doubting.post(t, whoBody, "X-Forwarded-For", "198.51.100.2", "Forwarded", "for=198.51.100.3", "X-Real-Ip", "198.51.100.4"))
}

// TestWhatIsRefusedCountsOfTheAddress asks in every way that is refused: an address may do so as often as it may ask at all.
func TestWhatIsRefusedCountsOfTheAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) {
		s.addressPerMinute, s.proxies = 2, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	w.addClient(t, "blog", client.KindWeb, "https://blog.example")
	_, blog := w.addKey(t, "blog", client.KeyPublishable)
	if _, err := w.services.Client.UpdateClient(operator(t), client.PublicName, client.UpdateClientInput{ScopeCeiling: []logic.Scope{}}); err != nil {
		t.Fatal(err)
	}
	unknownKey, _ := logic.NewToken(logic.TokenSecret)
	unknownSession, _ := logic.NewToken(logic.TokenSession)
	page := []string{"X-Api-Key", blog, "Origin", "https://blog.example"}
	for i, headers := range [][]string{
		{}, // the public client is closed
		{"X-Api-Key", unknownKey},
		{"X-Api-Key", "script"},
		{"Authorization", "Basic YWRhOmNvcnJlY3Q="},
		{"X-Api-Key", blog, "Origin", "https://evil.example"},
		append([]string{"Authorization", "Bearer " + unknownSession}, page...),
	} {
		address := []string{"X-Forwarded-For", "198.51.100." + strconv.Itoa(i+1)}
		for range 2 {
			if got := w.post(t, whoBody, append(address, headers...)...); got.StatusCode != http.StatusUnauthorized && got.StatusCode != http.StatusForbidden {
				t.Errorf("%v: status %d: %s", headers, got.StatusCode, got.body)
			}
		}
		checkTooMany(t, w.post(t, whoBody, append(address, headers...)...))
		right := w.post(t, whoBody, append(address, page...)...)
		checkTooMany(t, right)
		checkReadable(t, right, "https://blog.example", true)
	}
}

// TestWaitOfAnAnsweredOperation tries passwords until the graph refuses to look at more: the answer says when to come again.
func TestWaitOfAnAnsweredOperation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for range 12 {
		got := w.post(t, signInBody("nobody"))
		if strings.Contains(got.body, string(logic.CodeWrongCredentials)) {
			if got.Header.Get("Retry-After") != "" {
				t.Errorf("headers %v: %s", got.Header, got.body)
			}
			continue
		}
		checkAnswer(t, got, logic.CodeRateLimited, `{"signIn":null}`)
		seconds := got.Header.Get("Retry-After")
		if got.StatusCode != http.StatusOK || seconds == "" || !strings.Contains(got.body, `"retryAfter":`+seconds) {
			t.Errorf("status %d, headers %v: %s", got.StatusCode, got.Header, got.body)
		}
		return
	}
	t.Error("passwords can be tried without end")
}
