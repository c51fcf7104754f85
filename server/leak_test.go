package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// leak is one way to ask for what is hidden. In the text, <name> stands for the ID of a hidden thing, or for its word: see hiddenPost.
type leak struct {
	way  string
	text string // a GraphQL operation, or the path of a page
	// shown tells that whoever may see the hidden posts sees something of them by this way. Nobody does by the others.
	shown bool
}

// everything asks for all that a post is, and for what it leads to.
const everything = `fragment post on Post {
	id kind slug title status url summary excerpt html text headings { text anchor } wordCount readingMinutes language publishedAt scheduledFor deletedAt
	createdAt updatedAt views viewerCanEdit viewerCanPublish markdown revision cover { id url alt }
	author { username name } authors { username name } tags { id slug name postCount }
	next { slug title } previous { slug title } related(first: 20) { slug title }
	workingCopy { title markdown cover { id } } revisions { nodes { number title diff } totalCount }
	metrics(range: { from: "<yesterday>", to: "<today>" }) { totals { views visitors events } referrers { value views } }
}`

// page asks for all that a page of a list tells.
const page = `edges { cursor node { slug title updatedAt } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount`

// hook asks for all that a webhook is, and for all that it was sent but when that was tried.
const hook = `fragment hook on Webhook {
	id url description events isEnabled client { name } deliveries(first: 100) { edges { cursor node { ...delivery } } totalCount }
}` + delivery

const delivery = ` fragment delivery on WebhookDelivery { id event eventId payload post { slug title } createdAt }`

// anyStatus is a filter for posts in any state.
const anyStatus = `status: [DRAFT, SCHEDULED, PUBLISHED, ARCHIVED], kind: [ARTICLE, PAGE]`

// leaks are the ways that were thought of. What a post has in common with others (words, tags, authors, dates) is asked for as well as what it has
// alone.
var leaks = []leak{
	{"by slug", `{ draft: post(slug: "<draft word>") { ...post } scheduled: post(slug: "<scheduled word>") { ...post } archived: post(slug: "<archived word>") { ...post }
		trashed: post(slug: "<trashed word>") { ...post } page: post(slug: "<page word>") { ...post } unpublished: post(slug: "<unpublished word>") { ...post } }` + everything, true},
	{"by an old slug", `{ post(slug: "<unpublished word>-old") { ...post } }` + everything, true},
	{"by the slug of a working copy", `{ post(slug: "<copy word>") { ...post } }` + everything, false},
	{"the post that has a working copy", `{ post(slug: "open-two") { ...post } }` + everything, true},
	{"all that readers see of a post", `{ one: post(slug: "open-one") { ...post } three: post(slug: "open-three") { ...post } }` + everything, false},
	{"node", `{ node(id: "<draft>") { id ... on Post { ...post } } }` + everything, true},
	{"node of a revision", `{ node(id: "<draft revision>") { id ... on Revision { title markdown html diff } } copy: node(id: "<copy revision>") { id } }`, true},
	{"node of a tag", `{ node(id: "<draft tag>") { id ... on Tag { slug name postCount posts { totalCount } } } }`, true},
	{"nodes", `{ nodes(ids: ["<draft>", "<scheduled>", "<archived>", "<trashed>", "<page>", "<unpublished>", "<copy revision>", "<draft revision>", "<draft tag>"]) { id __typename } }`, true},

	{"posts", `{ posts(first: 100) { ` + page + ` } }`, false},
	{"posts by pages", `{ posts(first: 2) { ` + page + ` } back: posts(last: 1) { ` + page + ` } }`, false},
	{"posts as counts", `{ posts(first: 0) { totalCount pageInfo { hasNextPage hasPreviousPage } } }`, false},
	{"posts in each order", `{ a: posts(orderBy: { field: TITLE }) { ` + page + ` } b: posts(orderBy: { field: CREATED_AT, direction: ASC }) { ` + page + ` }
		c: posts(orderBy: { field: UPDATED_AT }) { ` + page + ` } }`, false},
	{"posts in every state", `{ posts(first: 100, filter: { ` + anyStatus + ` }) { ` + page + ` } few: posts(first: 1, filter: { ` + anyStatus + ` }) { ` + page + ` } }`, true},
	{"posts in each state", `{ a: posts(filter: { status: [DRAFT] }) { ` + page + ` } b: posts(filter: { status: [SCHEDULED] }) { ` + page + ` }
		c: posts(filter: { status: [ARCHIVED] }) { ` + page + ` } d: posts(filter: { kind: [PAGE], status: [DRAFT, PUBLISHED] }) { ` + page + ` } }`, true},
	{"the trash", `{ posts(filter: { trashed: true, ` + anyStatus + ` }) { ` + page + ` } tag(slug: "rivers") { posts(filter: { trashed: true, ` + anyStatus + ` }) { totalCount } } }`, true},
	{"posts by a tag of theirs", `{ posts(filter: { tags: ["<draft word>", "<copy word>", "<scheduled word>"], ` + anyStatus + ` }) { ` + page + ` } }`, true},
	{"posts by a tag of all", `{ posts(filter: { tags: ["rivers"], ` + anyStatus + ` }) { ` + page + ` } open: posts(filter: { tags: ["rivers"] }) { ` + page + ` } }`, true},
	{"posts by an author of theirs", `{ posts(filter: { authors: ["dora-hidden"], ` + anyStatus + ` }) { ` + page + ` } }`, true},
	{"posts by an author of all", `{ posts(filter: { authors: ["vera-open"], ` + anyStatus + ` }) { ` + page + ` } open: posts(filter: { authors: ["vera-open"] }) { ` + page + ` } }`, true},
	{"posts by dates", `{ posts(filter: { publishedFrom: "2001-01-01T00:00:00Z", ` + anyStatus + ` }) { ` + page + ` }
		later: posts(filter: { publishedFrom: "2030-01-01T00:00:00Z", ` + anyStatus + ` }) { ` + page + ` }
		open: posts(filter: { publishedBefore: "2030-01-01T00:00:00Z" }) { ` + page + ` } }`, true},
	{"posts by languages", `{ posts(filter: { languages: ["eo"], ` + anyStatus + ` }) { ` + page + ` } open: posts(filter: { languages: ["en"] }) { ` + page + ` } }`, true},

	{"a search for their words", `{ a: searchPosts(query: "<draft word>") { edges { snippet } totalCount } b: searchPosts(query: "<copy word>") { edges { snippet } totalCount } }`, false},
	{"a search for their words in every state", `{ a: searchPosts(query: "<draft word>", filter: { ` + anyStatus + ` }) { edges { snippet } totalCount }
		b: searchPosts(query: "<scheduled word>", filter: { ` + anyStatus + ` }) { totalCount } c: searchPosts(query: "<copy word>", filter: { ` + anyStatus + ` }) { totalCount } }`, true},
	{"a search for the words of all", `{ a: searchPosts(query: "water") { edges { cursor snippet node { slug } } pageInfo { hasNextPage endCursor } totalCount }
		b: searchPosts(query: "water mill") { edges { cursor snippet node { slug } } totalCount } c: searchPosts(query: "water OR river", first: 1) { edges { cursor } pageInfo { hasNextPage } totalCount } }`, false},
	{"a search for the words of all in every state", `{ searchPosts(query: "water", filter: { ` + anyStatus + ` }) { edges { cursor snippet node { slug } } totalCount } }`, true},
	{"a search for beginnings and phrases", `{ a: searchPosts(query: "quagg*") { totalCount } b: searchPosts(query: "\"water goes\"") { edges { cursor } totalCount }
		c: searchPosts(query: "wat* -<draft word>") { edges { cursor } totalCount } d: searchPosts(query: "quagg*", filter: { ` + anyStatus + ` }) { totalCount } }`, true},
	{"a search by tags and authors", `{ a: searchPosts(query: "tag:<draft word>") { totalCount } b: searchPosts(query: "tag:rivers") { edges { cursor } totalCount }
		c: searchPosts(query: "author:dora-hidden", filter: { ` + anyStatus + ` }) { totalCount } d: searchPosts(query: "water -tag:<copy word>") { edges { cursor } totalCount }
		e: searchPosts(query: "author:vera-open", filter: { ` + anyStatus + ` }) { totalCount } }`, true},
	{"a search in the trash", `{ searchPosts(query: "water", filter: { trashed: true, ` + anyStatus + ` }) { totalCount edges { snippet } } }`, true},

	{"tags", `{ tags(first: 100) { edges { cursor node { id slug name postCount } } pageInfo { hasNextPage } totalCount }
		most: tags(first: 100, orderBy: { field: POST_COUNT, direction: DESC }) { edges { cursor node { slug postCount } } totalCount } }`, false},
	{"a tag of theirs", `{ a: tag(slug: "<draft word>") { id name postCount posts(filter: { ` + anyStatus + ` }) { totalCount } } b: tag(slug: "<unpublished word>") { name } }`, true},
	{"a tag of a working copy", `{ tag(slug: "<copy word>") { id name postCount } }`, false},
	{"old slugs of tags that were hidden", `{ a: tag(slug: "quaggaformer") { slug name } b: tag(slug: "quaggamerged") { slug name }
		c: posts(filter: { tags: ["quaggaformer"] }) { ` + page + ` } d: posts(filter: { tags: ["quaggamerged"] }) { totalCount }
		e: searchPosts(query: "tag:quaggaformer") { totalCount } f: searchPosts(query: "water -tag:quaggamerged") { edges { cursor } totalCount }
		g: metrics(range: { from: "<yesterday>", to: "<today>" }, filter: { tag: "quaggamerged" }) { totals { views } } }`, false},
	{"a tag of all", `{ tag(slug: "rivers") { postCount posts(first: 1) { ` + page + ` } all: posts(first: 100, filter: { ` + anyStatus + ` }) { ` + page + ` } } }`, true},

	{"node of a picture that they show", `{ a: node(id: "<draft picture>") { id ... on Media { url alt variants { url } } } b: node(id: "<copy picture>") { id } }`, false},
	{"nodes of pictures that they show", `{ nodes(ids: ["<draft picture>", "<copy picture>"]) { id } }`, false},
	{"media", `{ media(first: 100) { edges { cursor node { id filename alt url } } pageInfo { hasNextPage } totalCount } }`, false},

	{"their author", `{ user(username: "dora-hidden") { id name posts(filter: { ` + anyStatus + ` }) { totalCount nodes { title } } } }`, true},
	{"an author of all", `{ user(username: "vera-open") { name posts { ` + page + ` } all: posts(first: 100, filter: { ` + anyStatus + ` }) { ` + page + ` } } }`, true},
	{"users", `{ users(first: 100) { edges { cursor node { username name } } totalCount pageInfo { hasNextPage } } }`, false},

	{"metrics", `{ metrics(range: { from: "<yesterday>", to: "<today>" }) { totals { views visitors events } topPosts(first: 100) { title views post { slug title } }
		top(dimension: PATH, first: 100) { value views } } }`, false},
	{"metrics of a hidden post", `{ a: metrics(range: { from: "<yesterday>", to: "<today>" }, filter: { postId: "<draft>" }) { totals { views } topPosts { title } }
		b: metrics(range: { from: "<yesterday>", to: "<today>" }, filter: { tag: "<draft word>" }) { totals { views } topPosts { title } }
		c: metrics(range: { from: "<yesterday>", to: "<today>" }, filter: { author: "dora-hidden" }) { totals { views } topPosts { title } } }`, false},

	{"a preview by a token that never was", `{ postPreview(token: "hw_preview_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") { ...post } }` + everything, false},
	{"a preview by a revoked token", `{ postPreview(token: "<revoked token>") { ...post } }` + everything, false},
	{"a preview of what is in the trash", `{ postPreview(token: "<trashed token>") { ...post } }` + everything, false},
	{"a preview by an ID", `{ postPreview(token: "<draft>") { ...post } }` + everything, false},

	{"an event of a hidden post", `mutation { recordEvents(input: { events: [{ postId: "<draft>" }] }) { recorded userErrors { code message field } } }`, false},
	{"an event of a post in the trash", `mutation { recordEvents(input: { events: [{ postId: "<trashed>" }] }) { recorded userErrors { code message field } } }`, false},

	{"webhooks", `{ webhooks { ...hook } }` + hook, true},
	{"a webhook", `{ webhook(id: "<webhook>") { ...hook } }` + hook, true},
	{"a webhook by the ID of a delivery", `{ webhook(id: "<delivery>") { ...hook } }` + hook, false},
	{"node of a webhook", `{ node(id: "<webhook>") { id ... on Webhook { ...hook } } }` + hook, true},
	{"node of a delivery", `{ node(id: "<delivery>") { id ... on WebhookDelivery { ...delivery webhook { url } } } }` + delivery, true},
	{"nodes of webhooks and deliveries", `{ nodes(ids: ["<webhook>", "<delivery>"]) { id __typename } }`, true},
	{"deliveries in each state", `{ webhooks { a: deliveries(state: PENDING) { totalCount } b: deliveries(state: FAILED) { totalCount }
		c: deliveries(last: 1) { nodes { payload } pageInfo { hasPreviousPage } } } }`, true},

	{"the feed", "/feed.atom", false},
	{"the feed as JSON", "/feed.json", false},
	{"the map of the site", "/sitemap.xml", false},
	{"the front page", "/", false},
}

// refusedWrites are the mutations of a post that one may not know of, for each way to be hidden.
func refusedWrites() []leak {
	var writes []leak
	for _, mutation := range []string{
		`updatePost(id: "$", expectedRevision: 1, input: { title: "x" }) { post { id title }`, `publishPost(id: "$", expectedRevision: 1) { post { id title }`,
		`discardWorkingCopy(id: "$") { post { id title }`, `unpublishPost(id: "$") { post { id title }`, `archivePost(id: "$") { post { id title }`,
		`deletePost(id: "$") { post { id title }`, `undeletePost(id: "$") { post { id title }`,
		`restoreRevision(id: "$", expectedRevision: 1, number: 1) { post { id title }`, `createPreviewToken(postId: "$") { token`,
		`revokePreviewTokens(postId: "$") { post { id title }`,
	} {
		name, _, _ := strings.Cut(mutation, "(")
		for _, of := range []string{"draft", "scheduled", "archived", "trashed", "page", "unpublished"} {
			text := strings.ReplaceAll(mutation, "$", "<"+of+">")
			writes = append(writes, leak{name + ", " + of, `mutation { ` + text + ` userErrors { code message field } } }`, false})
		}
	}
	for _, mutation := range []string{
		`updateWebhook(id: "<webhook>", input: { description: "x" }) { webhook { ...hook }`, `rotateWebhookSecret(id: "<webhook>") { webhook { ...hook } secret`,
		`testWebhook(id: "<webhook>") { delivery { webhook { ...hook } payload }`, `resendDelivery(id: "<delivery>") { delivery { webhook { ...hook } payload }`,
		`deleteWebhook(id: "<webhook>") { deletedId`,
	} {
		name, _, _ := strings.Cut(mutation, "(")
		text := `mutation { ` + mutation + ` userErrors { code message field } } }`
		if strings.Contains(mutation, "...hook") {
			text += hook
		}
		writes = append(writes, leak{name, text, false})
	}
	for _, mutation := range []string{`updateTag(id: "<draft tag>", input: { name: "x" })`, `mergeTags(fromId: "<draft tag>", intoId: "<rivers>")`} {
		name, _, _ := strings.Cut(mutation, "(")
		writes = append(writes, leak{name, `mutation { ` + mutation + ` { tag { id name } userErrors { code message field } } }`, false})
	}
	return writes
}

// TestNothingHiddenLeaks asks two servers the same by every way that was thought of. One holds posts of all kinds that readers may not see, and a
// working copy; the other one never did, and is its twin in all else: keys, times and sessions. Whoever may not see those posts has to get the same
// answers from both, to the byte.
func TestNothingHiddenLeaks(t *testing.T) {
	t.Parallel()
	with, without, viewers := openTwins(t)
	if err := with.hide(t); err != nil {
		t.Fatal(err)
	}
	without.found = with.found
	for _, page := range []string{"/feed.atom", "/feed.json", "/sitemap.xml"} {
		if got, want := with.stamp(t, page), without.stamp(t, page); got != want {
			t.Errorf("%s tells of what is hidden: %s, and without it %s", page, got, want)
		}
	}
	keeper := asker{name: "a key that looks after webhooks", key: with.found["<key of webhooks>"]}
	told := `{ webhooks { ...hook } }` + hook
	if got, want := with.look(t, keeper, told), without.look(t, keeper, told); got != want || !strings.Contains(want, `"totalCount":4`) {
		t.Errorf("webhooks are told of what readers never saw:\n  %s\nand without it\n  %s", from(got, want), from(want, got))
	}
	if err := with.hideAgain(t); err != nil {
		t.Fatal(err)
	}
	got := with.look(t, keeper, `{ webhooks { deliveries { nodes { event post { slug title html } } } } }`)
	if strings.Contains(got, wordOf("unpublished")) || !strings.Contains(got, `{"event":"POST_REMOVED","post":null}`) {
		t.Errorf("%s gets the post that it was told of and may no longer read: %s", keeper.name, got)
	}
	for _, asked := range slices.Concat(leaks, refusedWrites()) {
		t.Run(asked.way, func(t *testing.T) {
			for _, who := range viewers {
				if got, want := with.look(t, who, asked.text), without.look(t, who, asked.text); got != want {
					t.Errorf("%s gets\n  %s\nand without what is hidden\n  %s", who.name, from(got, want), from(want, got))
				}
			}
			if isMutation(asked.text) {
				return
			}
			if seen := with.look(t, with.admin, asked.text) != without.look(t, without.admin, asked.text); seen != asked.shown {
				t.Errorf("whoever may see all gets another answer: %t, want %t: %.2000s", seen, asked.shown, with.look(t, with.admin, asked.text))
			}
		})
	}
}

// openTwins fills a data folder with what everyone may see, copies it, and starts a server on each. The viewers may see nothing else; their
// sessions and keys hold at both.
func openTwins(t *testing.T) (with, without *world, viewers []asker) {
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
	do("", "site", "--title", "Rivers", "--url", "https://rivers.example", "--post-url", "https://rivers.example/{slug}")
	for _, person := range []string{"the-reader READER", "the-author AUTHOR", "the-editor EDITOR", "the-admin ADMIN", "vera-open AUTHOR", "dora-hidden AUTHOR"} {
		name, role, _ := strings.Cut(person, " ")
		do(permissionPassword+"\n", "user", "add", name, "--role", role, "--email", name+"@example.org")
	}
	key := func(client string, scopes ...string) string {
		args := []string{"key", "add", client, "--label", client, "--kind", "PUBLISHABLE"}
		if client == "script" {
			args[len(args)-1] = "SECRET"
		}
		for _, scope := range scopes {
			args = append(args, "--scope", scope)
		}
		return keyToken.FindString(do("", args...))
	}
	narrow := []string{"POSTS_READ", "POSTS_WRITE", "POSTS_PUBLISH", "USERS_READ", "METRICS_READ", "METRICS_WRITE"}
	quick := []string{"--requests-per-minute", "100000"}
	do("", append([]string{"client", "change", "public"}, quick...)...)
	do("", append([]string{"client", "add", "phone", "--kind", "MOBILE", "--scope", "ALL"}, quick...)...)
	do("", append([]string{"client", "add", "narrow", "--kind", "MOBILE", "--scope", strings.Join(narrow, ",")}, quick...)...)
	do("", append([]string{"client", "add", "script", "--kind", "SERVER", "--scope", "ALL"}, quick...)...)
	phone, small := key("phone", "ALL"), key("narrow", narrow...)
	secret := asker{name: "a key without DRAFTS_READ", key: key("script", narrow...)}
	writer := asker{name: "a key that does all but read", key: key("script", "DRAFTS_READ", "POSTS_WRITE", "POSTS_PUBLISH", "USERS_READ", "METRICS_READ")}

	w := &world{phone: phone, found: map[string]string{}, server: serveTwin(t, filepath.Join(dir, "data"))}
	signIn := func(name, key, login string) asker {
		who := asker{name: name, key: key}
		text := `mutation { signIn(input: { login: "` + login + `", password: "<password>" }) { it: token userErrors { message } } }`
		var err error
		if who.token, err = w.want(t.Context(), who, text); err != nil {
			t.Fatal(err)
		}
		return who
	}
	viewers = []asker{
		{name: "nobody"}, signIn("a reader", phone, "the-reader"), signIn("an author", phone, "the-author"), secret, writer,
		signIn("an editor through a client without DRAFTS_READ", small, "the-editor"),
	}
	w.admin = signIn("an admin", phone, "the-admin")
	if err := w.show(t); err != nil {
		t.Fatal(err)
	}
	if code := w.server.stop(t, syscall.SIGTERM); code != 0 {
		t.Fatalf("ends with %d: %s", code, w.server.log)
	}
	if err := os.CopyFS(filepath.Join(dir, "twin"), os.DirFS(filepath.Join(dir, "data"))); err != nil {
		t.Fatal(err)
	}
	with, without = &world{phone: phone, admin: w.admin, found: w.found}, &world{phone: phone, admin: w.admin}
	with.server, without.server = serveTwin(t, filepath.Join(dir, "data")), serveTwin(t, filepath.Join(dir, "twin"))
	return with, without, viewers
}

var listening = regexp.MustCompile(`It listens on (\S+)\.\n`)

// serveTwin starts a server that gives the same address for itself, wherever it is.
func serveTwin(t *testing.T, folder string) *running {
	t.Helper()
	r := start(t, nil, "serve", "--data", folder, "--listen", "127.0.0.1:0", "--url", "http://localhost:1", "--requests-per-minute", "0", "--introspection", "off",
		"--trusted-proxies", "127.0.0.1", "--max-cost", "10000000", "--http-timeout", "1m", "--http-drain", "1ms")
	r.url = "http://" + listening.FindStringSubmatch(r.greeting)[1]
	return r
}

// show makes what everyone may see.
func (w *world) show(t *testing.T) error {
	for name, text := range map[string]string{
		"<vera>": `{ user(username: "vera-open") { it: id } }`, "<dora>": `{ user(username: "dora-hidden") { it: id } }`,
	} {
		id, err := w.want(t.Context(), w.admin, text)
		if err != nil {
			return err
		}
		w.found[name] = id
	}
	for _, name := range []string{"draft picture", "copy picture"} {
		err := w.find(t, name, `mutation($file: Upload!) { uploadMedia(input: { file: $file, alt: "The `+name+`" }) { media { it: id } userErrors { message } } }`)
		if err != nil {
			return err
		}
	}
	for name, text := range map[string]string{
		"webhook": `mutation { createWebhook(input: { url: "https://hook.invalid/", events: [POST_PUBLISHED, POST_CHANGED, POST_REMOVED] }) {
			webhook { it: id } userErrors { message } } }`,
		"key of webhooks": `mutation { createApiKey(input: { client: "script", label: "webhooks", kind: SECRET, scopes: [SITE_WRITE, POSTS_READ] }) {
			it: secret userErrors { message } } }`,
	} {
		if err := w.find(t, name, text); err != nil {
			return err
		}
	}
	for i, slug := range []string{"open-one", "open-two", "open-three", "open-four"} {
		id, err := w.want(t.Context(), w.admin, fmt.Sprintf(`mutation {
			createPost(input: {
				slug: "%s", title: "Open water %d", markdown: "All water goes by the river, %d times.\n\n## Below the mill\n\nThe water goes on.", language: "en"
				summary: "Where the water goes.", tags: ["Rivers", "Wells"], authorIds: ["<vera>"]
			}) { post { it: id } userErrors { message } }
		}`, slug, i, i))
		if err != nil {
			return err
		}
		name := "<" + strings.ReplaceAll(slug, "-", " ") + ">"
		w.found[name] = id
		if err := w.do(t, `publishPost(id: "`+name+`", expectedRevision: 1)`); err != nil {
			return err
		}
		if err := w.do(t, `recordEvents(input: { events: [{ postId: "`+name+`" }, { path: "/elsewhere" }] })`); err != nil {
			return err
		}
	}
	if err := w.find(t, "rivers", `{ tag(slug: "rivers") { it: id } }`); err != nil {
		return err
	}
	return w.do(t, `createPost(input: { kind: PAGE, title: "Imprint", authorIds: ["<vera>"] })`)
}

// do carries out a mutation as the admin.
func (w *world) do(t *testing.T, mutation string) error {
	t.Helper()
	_, err := w.want(t.Context(), w.admin, "mutation { "+mutation+" { userErrors { code message } } }")
	return err
}

// hide makes a post for each way to be hidden but one, and a working copy: each with a word of its own wherever a word can stand.
func (w *world) hide(t *testing.T) error {
	for _, hidden := range []struct{ name, kind, then string }{
		{"draft", "ARTICLE", ""},
		{"page", "PAGE", ""},
		{"scheduled", "ARTICLE", `publishPost(id: "$", expectedRevision: 1, at: "<next year>")`},
		{"archived", "ARTICLE", `archivePost(id: "$")`},
		{"trashed", "ARTICLE", `deletePost(id: "$")`},
	} {
		if err := w.hidePost(t, hidden.name, hidden.kind, wordOf(hidden.name)); err != nil {
			return err
		}
		if hidden.name == "trashed" {
			if err := w.find(t, "trashed token", `mutation { createPreviewToken(postId: "<trashed>") { it: token userErrors { message } } }`); err != nil {
				return err
			}
		}
		if hidden.then != "" {
			if err := w.do(t, strings.ReplaceAll(hidden.then, "$", "<"+hidden.name+">")); err != nil {
				return err
			}
		}
	}
	// A tag that readers never saw gets another name, and one is merged into a tag that they see.
	for _, name := range []string{"former", "merged"} {
		if err := w.find(t, name+" tag", `mutation { createPost(input: { title: "Water again", tags: ["`+wordOf(name)+`"], authorIds: ["<vera>"] }) {
			post { tags { it: id } } userErrors { message } } }`); err != nil {
			return err
		}
	}
	for _, mutation := range []string{
		`updateTag(id: "<former tag>", input: { name: "Quaggas", slug: "quaggas" })`, `mergeTags(fromId: "<merged tag>", intoId: "<rivers>")`,
	} {
		if err := w.do(t, mutation); err != nil {
			return err
		}
	}
	word := wordOf("copy")
	w.found["<copy word>"] = word
	for i, autosave := range []string{"true", "false"} {
		err := w.do(t, fmt.Sprintf(`updatePost(id: "<open two>", expectedRevision: %d, autosave: %s, input: {
			slug: "%s", title: "Water of a %s", markdown: "The %s mill stands by the water, and by the river %d.", summary: "Of a %s.",
			tags: ["%s", "Rivers"], coverId: "<copy picture>", authorIds: ["<dora>", "<vera>"], language: "eo", publishedAt: "2020-01-02T03:04:05Z"
		})`, i+1, autosave, word, word, word, i, word, word))
		if err != nil {
			return err
		}
	}
	if err := w.do(t, `publishPost(id: "<open two>", expectedRevision: 3, at: "<next year>")`); err != nil {
		return err
	}
	for name, text := range map[string]string{
		"draft revision": `{ post(slug: "<draft word>") { revisions { nodes { it: id } } } }`,
		"copy revision":  `{ post(slug: "open-two") { workingCopy { it: id } } }`,
		"draft tag":      `{ tag(slug: "<draft word>") { it: id } }`,
		"revoked token":  `mutation { createPreviewToken(postId: "<draft>") { it: token userErrors { message } } revokePreviewTokens(postId: "<draft>") { userErrors { message } } }`,
	} {
		if err := w.find(t, name, text); err != nil {
			return err
		}
	}
	return nil
}

// hideAgain makes a post that readers saw, and changes and takes it back: what they once saw of it is gone too. A webhook is told of all
// that.
func (w *world) hideAgain(t *testing.T) error {
	word := wordOf("unpublished")
	if err := w.hidePost(t, "unpublished", "ARTICLE", word+"-old"); err != nil {
		return err
	}
	for _, mutation := range []string{
		`publishPost(id: "<unpublished>", expectedRevision: 1)`,
		`updatePost(id: "<unpublished>", expectedRevision: 1, input: { slug: "` + word + `" })`,
		`publishPost(id: "<unpublished>", expectedRevision: 2)`,
		`unpublishPost(id: "<unpublished>")`,
	} {
		if err := w.do(t, mutation); err != nil {
			return err
		}
	}
	return w.find(t, "delivery", `{ webhook(id: "<webhook>") { deliveries(first: 1) { nodes { it: id } } } }`)
}

func wordOf(name string) string { return "quagga" + name }

// hidePost makes a draft with its word in all places, and with words, a tag and an author that open posts have too.
func (w *world) hidePost(t *testing.T, name, kind, slug string) error {
	word := wordOf(name)
	w.found["<"+name+" word>"] = word
	return w.find(t, name, fmt.Sprintf(`mutation { createPost(input: {
		kind: %s, slug: "%s", title: "Water of a %s", markdown: "All water goes by the %s mill and the river.\n\n## Below the %s", summary: "Of a %s.",
		tags: ["%s", "Rivers"], coverId: "<draft picture>", authorIds: ["<dora>", "<vera>"], language: "eo"
	}) { post { it: id } userErrors { code message field } } }`, kind, slug, word, word, word, word, word))
}

// find asks as the admin, and keeps what stands behind "it" for other texts.
func (w *world) find(t *testing.T, name, text string) error {
	t.Helper()
	value, err := w.want(t.Context(), w.admin, text)
	if err == nil && value == "" {
		err = fmt.Errorf("%s is not there: %s", name, text)
	}
	w.found["<"+name+">"] = value
	return err
}

var feedUpdated = regexp.MustCompile(`<updated>[^<]*</updated>`)

// look asks, and returns all of the answer that is not of this one request.
func (w *world) look(t *testing.T, who asker, text string) string {
	t.Helper()
	if strings.HasPrefix(text, "/") {
		response, body := w.get(t, who, text)
		// When readers last saw a change is no secret, also where what they saw is gone: the feed says it once.
		if updated := feedUpdated.FindString(body); updated != "" {
			body = strings.Replace(body, updated, "", 1)
		}
		return response.Status + " " + response.Header.Get("Content-Type") + "\n" + body
	}
	filled, err := w.fill(t.Context(), who, text)
	if err != nil {
		t.Fatal(err)
	}
	given, err := w.ask(t.Context(), who, filled)
	if err != nil {
		t.Fatal(err)
	}
	// Root fields are worked on at once, so their errors come in any order.
	errs := make([]string, len(given.Errors))
	for i, fault := range given.Errors {
		errs[i] = fmt.Sprintf("%+v", fault)
	}
	slices.Sort(errs)
	_, data, _ := strings.Cut(given.body, `"data":`)
	return fmt.Sprintf("%q %s", errs, data)
}

// from returns what stands in a text from about where it begins to differ from another one.
func from(text, other string) string {
	at := 0
	for at < min(len(text), len(other)) && text[at] == other[at] {
		at++
	}
	return fmt.Sprintf("… %.400s", text[max(0, at-100):])
}

// get reads a page.
func (w *world) get(t *testing.T, who asker, path string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.server.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if who.key != "" {
		request.Header.Set("X-Api-Key", who.key)
	}
	if who.token != "" {
		request.Header.Set("Authorization", "Bearer "+who.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// stamp returns what a page says of its state, by which readers know whether it changed.
func (w *world) stamp(t *testing.T, path string) string {
	t.Helper()
	response, _ := w.get(t, asker{}, path)
	stamp := response.Header.Get("ETag") + " " + response.Header.Get("Last-Modified")
	if response.StatusCode != http.StatusOK || strings.TrimSpace(stamp) == "" {
		t.Errorf("%s: %s, stamp %q", path, response.Status, stamp)
	}
	return stamp
}
