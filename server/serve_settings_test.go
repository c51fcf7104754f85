package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

// TestLimitOfAnAddress asks more often than an address may, with and without a proxy whose word is believed.
func TestLimitOfAnAddress(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args  []string
		other int // the status for another address behind the proxy
	}{
		"no proxy":        {nil, 429},
		"a trusted proxy": {[]string{"--trusted-proxies", "127.0.0.0/8,::1"}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, nil, append([]string{"serve", "--listen", "127.0.0.1:0", "--requests-per-minute", "2"}, test.args...)...)
			first := headers{"X-Forwarded-For": "192.0.2.1"}
			for range 2 {
				r.mustAnswer(t, first, whoAmI, 200)
			}
			r.mustAnswer(t, first, whoAmI, 429, "RATE_LIMITED", "retryAfter")
			r.mustAnswer(t, headers{"X-Forwarded-For": "192.0.2.2"}, whoAmI, test.other)
		})
	}
}

// TestLifetimesOfSessions looks when a session ends of someone who works on the site, and of a reader.
func TestLifetimesOfSessions(t *testing.T) {
	t.Parallel()
	data := newFolder(t)
	data.do(heronPassword, "user", "add", "heron", "--email", "heron@example.org", "--role", "ADMIN")
	data.do(heronPassword, "user", "add", "reader", "--email", "reader@example.org")
	data.do("", "client", "add", "script", "--kind", "CLI", "--scope", "ALL")
	key := headers{"X-Api-Key": data.key("key", "add", "script", "--label", "x", "--scope", "ALL")}
	r := start(t, nil, "serve", "--data", data.dir, "--listen", "127.0.0.1:0", "--session-staff-idle", "2h", "--session-reader-idle", "72h", "--session-reader-absolute", "72h")
	for login, lasts := range map[string]time.Duration{"heron": 2 * time.Hour, "reader": 72 * time.Hour} {
		body := r.mustAnswer(t, key, `{"query":"mutation{signIn(input:{login:\"`+login+`\",password:\"`+heronPassword+`\"}){session{createdAt expiresAt}}}"}`, 200)
		var answer struct {
			Data struct {
				SignIn struct {
					Session struct{ CreatedAt, ExpiresAt time.Time }
				}
			}
		}
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			t.Fatal(err)
		}
		if session := answer.Data.SignIn.Session; session.ExpiresAt.Sub(session.CreatedAt) != lasts {
			t.Errorf("the session of %s: %+v", login, session)
		}
	}
}

// TestLinksWithoutMail asks for a link where no mail is sent, and looks for it in the log.
func TestLinksWithoutMail(t *testing.T) {
	t.Parallel()
	for level, stands := range map[string]bool{"debug": true, "info": false} {
		t.Run(level, func(t *testing.T) {
			t.Parallel()
			data := newFolder(t)
			data.do(heronPassword, "user", "add", "heron", "--email", "heron@example.org")
			r := start(t, nil, "serve", "--data", data.dir, "--listen", "127.0.0.1:0", "--log-level", level, "--reset-link", "https://pond.example/reset#t={token}")
			r.mustAnswer(t, nil, `{"query":"mutation{requestPasswordReset(login:\"heron\"){userErrors{message}}}"}`, 200, `"userErrors":[]`)
			if stands {
				r.waitForLog(t, "https://pond.example/reset#t=hw_reset_")
			}
			r.stop(t, os.Interrupt)
			if strings.Contains(r.log.String(), "hw_reset_") != stands {
				t.Errorf("logged %s", r.log)
			}
		})
	}
}
