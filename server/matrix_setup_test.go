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
	"picture":      "A planted picture",
	"device":       "planted device",

	"scheduled-title":   "The planted lake",
	"archived-title":    "The planted mill",
	"trashed-title":     "The planted boat",
	"unpublished-title": "The planted harbour",
	"copy-title":        "The planted copy",
	"copy-text":         "plantedcopyword",
	"copy-summary":      "Of a planted copy",
	"copy-tag":          "Planted Copy Tag",

	"path":      "/planted-path",
	"client":    "planted-client",
	"origin":    "https://planted.example",
	"key-label": "planted label",
	"webhook":   "planted hook",
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
		"--trusted-proxies", "127.0.0.1", "--max-cost", "10000000", "--http-timeout", "1m", "--webhook-allow", "127.0.0.1/32",
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

// plant makes what is to be looked at: posts in all states, an author with an email, one who was shut out, somebody who is no author, a client with
// a key that was used and revoked, and events.
func (w *world) plant(ctx context.Context) error {
	for _, text := range []string{
		`mutation { updateUser(id: "<author>", input: { email: "planted-email@example.org", bio: "Of the rivers.", website: "https://vera.example", avatarId: "<cover>" }) { userErrors { message } } }`,
		`mutation { updateMedia(id: "<picture>", input: { filename: "planted.png" }) { userErrors { message } } }`,
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
	if err := w.plantPosts(ctx); err != nil {
		return err
	}
	if err := w.plantOnce(ctx); err != nil {
		return err
	}
	person, err := w.signIn(ctx, "somebody", "READER", "somebody", plantedTexts["device"])
	if err != nil {
		return err
	}
	if w.found["<foreign session>"], err = w.value(ctx, person, "<own session>"); err != nil {
		return err
	}
	if err := w.plantWebhook(ctx); err != nil {
		return err
	}
	return w.plantKey(ctx)
}

// plantWebhook makes a webhook that leads to where nothing listens, has it told of a post, waits until that was tried once, and switches it off.
func (w *world) plantWebhook(ctx context.Context) error {
	hook, err := w.want(ctx, w.admin, `mutation {
		createWebhook(input: { url: "`+w.server.url+`/nothing", description: "A planted hook.", events: [POST_PUBLISHED], client: "planted-client" }) {
			webhook { it: id } userErrors { message }
		}
	}`)
	if err != nil {
		return err
	}
	post, err := w.want(ctx, w.admin, `mutation { createPost(input: { title: "Told of", authorIds: ["<author>"] }) { post { it: id } userErrors { message } } }`)
	if err != nil {
		return err
	}
	for _, text := range []string{
		`mutation { publishPost(id: "` + post + `", expectedRevision: 1) { userErrors { message } } }`,
		`mutation { rotateWebhookSecret(id: "` + hook + `") { userErrors { message } } }`,
	} {
		if _, err := w.want(ctx, w.admin, text); err != nil {
			return err
		}
	}
	if err := w.await(ctx, `{ webhook(id: "`+hook+`") { deliveries { nodes { it: lastStatus } } } }`); err != nil {
		return err
	}
	_, err = w.want(ctx, w.admin, `mutation { updateWebhook(id: "`+hook+`", input: { isEnabled: false }) { userErrors { message } } }`)
	return err
}

// plantPosts makes posts that are scheduled, put away, thrown away and taken back, one that has another slug than before, and a working copy
// that is to come out.
func (w *world) plantPosts(ctx context.Context) error {
	create := func(slug, title string) (string, error) {
		return w.want(ctx, w.admin, `mutation {
			createPost(input: { slug: "`+slug+`", title: "`+title+`", markdown: "Water.", authorIds: ["<draft author>"] }) { post { it: id } userErrors { message } }
		}`)
	}
	for _, planted := range []struct{ slug, title, then string }{
		{"scheduled-lake", "The planted lake", `publishPost(id: "$", expectedRevision: 1, at: "<next year>")`},
		{"archived-mill", "The planted mill", `archivePost(id: "$")`},
		{"trashed-boat", "The planted boat", `deletePost(id: "$")`},
		{"old-harbour", "A harbour", `publishPost(id: "$", expectedRevision: 1)
			updatePost(id: "$", expectedRevision: 1, input: { slug: "hidden-harbour", title: "The planted harbour" })
			unpublishPost(id: "$")`},
		{"first-ford", "A ford", `updatePost(id: "$", expectedRevision: 1, input: { authorIds: ["<author>"] })
			publishPost(id: "$", expectedRevision: 2)
			updatePost(id: "$", expectedRevision: 2, input: { slug: "second-ford" })
			publishPost(id: "$", expectedRevision: 3)`},
	} {
		id, err := create(planted.slug, planted.title)
		if err != nil {
			return err
		}
		for then := range strings.Lines(strings.ReplaceAll(planted.then, "$", id)) {
			if _, err := w.want(ctx, w.admin, `mutation { `+then+` { userErrors { message } } }`); err != nil {
				return err
			}
		}
	}
	_, err := w.want(ctx, w.admin, `mutation {
		updatePost(id: "<spring>", expectedRevision: 1, input: {
			slug: "planted-copy-slug", title: "The planted copy", markdown: "A plantedcopyword.", summary: "Of a planted copy.", tags: ["Rivers", "Planted Copy Tag"]
		}) { userErrors { message } }
		publishPost(id: "<spring>", expectedRevision: 2, at: "<next year>") { userErrors { message } }
	}`)
	return err
}

// plantOnce makes what operations.txt has made once: a query that names it would make it while somebody else looks whether anything changed.
func (w *world) plantOnce(ctx context.Context) error {
	for _, name := range w.read.madeOnce() {
		if _, err := w.value(ctx, w.admin, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
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
	return w.await(ctx, `{ client(name: "planted-client") { apiKeys { it: lastUsedAt } } }`)
}

// await asks until there is an answer.
func (w *world) await(ctx context.Context, text string) error {
	deadline := time.After(waitLimit)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		value, err := w.want(ctx, w.admin, text)
		if err != nil || value != "" {
			return err
		}
		select {
		case <-deadline:
			return fmt.Errorf("%s is never answered", text)
		case <-tick.C:
		}
	}
}
