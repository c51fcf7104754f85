package deliver_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"headwater/deliver"
	"headwater/logic"
)

// verify returns the body of a webhook's message, or an error where it is not one: see docs/webhooks.md, which shows this function.
func verify(r *http.Request, secret string, now time.Time) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	var second string
	var signatures []string
	for part := range strings.SplitSeq(r.Header.Get("Headwater-Signature"), ",") {
		name, value, _ := strings.Cut(part, "=")
		switch name {
		case "t":
			second = value
		case "v1":
			signatures = append(signatures, value)
		}
	}
	sentAt, err := strconv.ParseInt(second, 10, 64)
	if err != nil || math.Abs(float64(now.Unix()-sentAt)) > 300 {
		return nil, errors.New("not signed within five minutes")
	}
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%s.%s", second, body)
	expected := []byte(hex.EncodeToString(mac.Sum(nil)))
	for _, signature := range signatures {
		if hmac.Equal([]byte(signature), expected) {
			return body, nil
		}
	}
	return nil, errors.New("not signed by the secret")
}

const second logic.Moment = 1_767_225_600_000

// message returns a request as a receiver gets it.
func message(signature, body string) *http.Request {
	r, _ := http.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Headwater-Signature", signature)
	return r
}

func TestReceiversKnowWhatIsSigned(t *testing.T) {
	const body = `{"event":"ping"}`
	both := deliver.Signature([]string{"new", "old"}, second, body)
	now := second.Time()
	for name, test := range map[string]struct {
		signature, body, secret string
		now                     time.Time
		want                    bool
	}{
		"the secret":                       {deliver.Signature([]string{"new"}, second, body), body, "new", now, true},
		"the newer of two":                 {both, body, "new", now, true},
		"the older of two":                 {both, body, "old", now, true},
		"five minutes later":               {both, body, "old", now.Add(5 * time.Minute), true},
		"sent again too late":              {both, body, "new", now.Add(5*time.Minute + time.Second), false},
		"another secret":                   {both, body, "other", now, false},
		"another body":                     {both, body + " ", "new", now, false},
		"another second":                   {strings.Replace(both, "t=1", "t=2", 1), body, "new", time.Unix(2_767_225_600, 0), false},
		"no signature":                     {"", body, "new", now, false},
		"a signature without a second":     {"v1=" + strings.SplitN(both, "v1=", 2)[1], body, "new", now, false},
		"the beginning of a signature":     {both[:len("t=1767225600,v1=")+10], body, "new", now, false},
		"a second without a signature":     {"t=1767225600", body, "new", now, false},
		"an empty signature beside others": {"t=1767225600,v1=,v1=", body, "new", now, false},
	} {
		got, err := verify(message(test.signature, test.body), test.secret, test.now)
		if (err == nil) != test.want || test.want && string(got) != test.body {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// TestSignaturesStayAsTheyAre: receivers are written against this. The digest was made by openssl dgst -sha256 -hmac.
func TestSignaturesStayAsTheyAre(t *testing.T) {
	got := deliver.Signature([]string{"hw_webhook_secret"}, second, `{"event":"ping"}`)
	if want := "t=1767225600,v1=98b232139e90585d6e11597614ef8dbba172f2c3a06a85ddc3500dcca10a83b5"; got != want {
		t.Errorf("signed as\n%s, want\n%s", got, want)
	}
}

// TestTheGuideShowsWhatIsTested holds the receiver in Go of docs/webhooks.md to the one above.
func TestTheGuideShowsWhatIsTested(t *testing.T) {
	source, err := os.ReadFile("receiver_test.go")
	if err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile("../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(source), "\nfunc verify(")
	text, _, found := strings.Cut(rest, "\n}\n")
	if !found || !strings.Contains(string(guide), "\nfunc verify("+text+"\n}\n") {
		t.Error("docs/webhooks.md does not show the function verify as it is tested here")
	}
}
