package main

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"headwater/store"
)

// plantedTexts are what stands in gated values, by the word that matrix.txt has for each.
var plantedTexts = map[string]string{
	"email":        "planted-email@example.org",
	"person":       "Planted Person",
	"draft-author": "Dora Planted",
	"draft-title":  "The planted title",
	"draft-text":   "plantedsentence",
	"draft-tag":    "Planted Tag",
	"device":       "planted device",
	"path":         "/planted-path",
	"client":       "planted-client",
	"origin":       "https://planted.example",
	"key-label":    "planted label",
}

var keyToken = regexp.MustCompile(`hw_(?:pub|secret)_[a-z2-7]{52}`)

// openWorld fills a data folder by the command line, starts the server on it, signs everybody in, and makes what is to be looked
// at.
func openWorld(t *testing.T, read operations) (*world, []asker) {
	t.Helper()
	dir := t.TempDir()
	do := func(input string, args ...string) string {
		t.Helper()
		stdout, stderr, code := runIn(t, dir, input, args...)
		if code != 0 {
			t.Fatalf("%q ends with %d and says %s", args, code, stderr)
		}
		return stdout
	}
	posts, err := filepath.Abs(filepath.Join("testdata", "permissions", "posts"))
	if err != nil {
		t.Fatal(err)
	}
	do("", "site", "--title", "Rivers", "--description", "Of rivers.", "--url", "https://rivers.example", "--post-url", "https://rivers.example/{slug}")
	do("", "import", "posts", posts)
	for _, role := range viewerNames[1:5] {
		do(permissionPassword+"\n", "user", "add", loginOf(role), "--role", role, "--email", loginOf(role)+"@example.org")
	}
	shows := []string{"--post-url", "https://rivers.example/{slug}", "--requests-per-minute", "100000"}
	do("", slices.Concat([]string{"client", "change", "public"}, shows)...)
	do("", slices.Concat([]string{"client", "add", "phone", "--kind", "MOBILE", "--scope", "ALL", "--origin", "https://phone.example"}, shows)...)
	do("", slices.Concat([]string{"client", "add", "script", "--kind", "SERVER", "--scope", "ALL", "--origin", "https://script.example"}, shows)...)
	w := &world{read: read, box: openPostbox(t), found: map[string]string{}, planted: maps.Clone(plantedTexts)}
	w.phone = keyToken.FindString(do("", "key", "add", "phone", "--label", "people", "--kind", "PUBLISHABLE", "--scope", "ALL"))

	w.server = start(t, nil, append([]string{
		"serve", "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0", "--requests-per-minute", "0", "--sign-up", "--introspection", "off",
		"--trusted-proxies", "127.0.0.1", "--max-cost", "10000000", "--http-timeout", "1m",
	}, w.box.settings()...)...)
	w.ledger = openLedger(t, filepath.Join(dir, "data", store.FileName))
	askers := []asker{{name: "nobody"}}
	for _, role := range viewerNames[1:5] {
		who, err := w.signIn(t.Context(), role, role, loginOf(role), "a device")
		if err != nil {
			t.Fatal(err)
		}
		askers = append(askers, who)
	}
	w.admin = askers[4]
	for _, scope := range viewerNames[5:] {
		askers = append(askers, asker{name: scope, key: keyToken.FindString(do("", "key", "add", "script", "--label", scope, "--kind", "SECRET", "--scope", scope))})
	}
	if err := w.plant(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w, askers
}

func loginOf(role string) string { return "the-" + strings.ToLower(role) }

// plant makes what is to be looked at: an author with an email, one who was shut out, somebody who is no author, a client with
// a key that was used and revoked, and events.
func (w *world) plant(ctx context.Context) error {
	for _, text := range []string{
		`mutation { updateUser(id: "<author>", input: { email: "planted-email@example.org", bio: "Of the rivers.", website: "https://vera.example" }) { userErrors { message } } }`,
		`mutation { deactivateUser(id: "<shut out author>") { userErrors { message } } }`,
		`mutation { createUser(input: { username: "somebody", email: "somebody@example.org", name: "Planted Person", role: READER, password: "<password>" }) { userErrors { message } } }`,
		`mutation { createUser(input: { username: "some-gone", email: "some-gone@example.org", role: READER }) { userErrors { message } } }`,
		`mutation { deactivateUser(id: "<shut out person>") { userErrors { message } } }`,
		`mutation {
			createClient(input: {
				name: "planted-client", kind: MOBILE, description: "Planted.", postUrl: "https://rivers.example/{slug}", allowedOrigins: ["https://planted.example"]
				scopeCeiling: [POSTS_READ]
			}) { userErrors { message } }
		}`,
		`mutation {
			recordEvents(input: { events: [
				{ postId: "<open post>", referrer: "https://elsewhere.example/a", at: "<five days ago>" }
				{ postId: "<open post>", referrer: "https://elsewhere.example/a" }
				{ path: "/planted-path" }
				{ name: "signup", path: "/planted-path" }
			] }) { userErrors { message } }
		}`,
	} {
		if _, err := w.want(ctx, w.admin, text); err != nil {
			return err
		}
	}
	person, err := w.signIn(ctx, "somebody", "READER", "somebody", plantedTexts["device"])
	if err != nil {
		return err
	}
	if w.found["<foreign session>"], err = w.value(ctx, person, "<own session>"); err != nil {
		return err
	}
	return w.plantKey(ctx)
}

// plantKey makes a key, uses and revokes it, and waits until the use is written down.
func (w *world) plantKey(ctx context.Context) error {
	secret, err := w.want(ctx, w.admin, `mutation {
		createApiKey(input: { client: "planted-client", label: "planted label", kind: PUBLISHABLE, scopes: [POSTS_READ], expiresAt: "<next year>" }) {
			it: secret userErrors { message }
		}
	}`)
	if err != nil {
		return err
	}
	if _, err := w.want(ctx, asker{name: "planted", key: secret}, `{ site { title } }`); err != nil {
		return err
	}
	if w.planted["key-prefix"], err = w.want(ctx, w.admin, `mutation { revokeApiKey(id: "<key>") { apiKey { it: prefix } userErrors { message } } }`); err != nil {
		return err
	}
	deadline := time.After(waitLimit)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		used, err := w.want(ctx, w.admin, `{ client(name: "planted-client") { apiKeys { it: lastUsedAt } } }`)
		if err != nil || used != "" {
			return err
		}
		select {
		case <-deadline:
			return fmt.Errorf("the use of a key is never written down")
		case <-tick.C:
		}
	}
}
