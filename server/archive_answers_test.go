package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// archived asks for all that stands of posts, files, people and the site; unarchived says what of that is asked for elsewhere.
const archived = `
fragment post on Post {
	id kind slug title status url summary excerpt html text markdown headings { level text anchor } wordCount readingMinutes language
	publishedAt scheduledFor deletedAt createdAt updatedAt revision viewerCanEdit viewerCanPublish
	cover { ...file } author { ...person } authors { ...person } tags { ...tag } next { slug } previous { slug } related(first: 20) { slug }
	views metrics(range: { from: "<yesterday>", to: "<today>" }) { id totals { views visitors visits events } referrers { value views } }
	workingCopy { ...revision } revisions(first: 9) { edges { cursor node { ...revision } } pageInfo { hasNextPage } totalCount }
}
fragment revision on Revision {
	id number slug title summary markdown html tags authors { id username } cover { id url } language diff autosaved editor { id username } createdAt
}
fragment file on Media {
	id filename mimeType size width height alt url variants { url width height mimeType } uploadedBy { id username } createdAt
}
fragment person on User { id username name bio avatar { ...file } website email role deactivatedAt createdAt }
fragment tag on Tag { id slug name postCount }`

// unarchived are the fields of those types that archived leaves out, with the reason.
var unarchived = map[string]string{
	"Revision.client": "clients are not in an archive: see lost",
	"Tag.posts":       "asked for by the lists",
	"User.posts":      "asked for by the lists",
}

// kept are the questions that are answered the same before and after the way through an archive, to the byte: IDs, cursors and addresses too.
var kept = map[string]string{
	"posts": `{ posts(first: 9, filter: { ` + anyStatus + ` }) {
		edges { cursor node { ...post } } pageInfo { hasNextPage startCursor endCursor } totalCount
	} }`,
	"trash": `{ posts(first: 9, filter: { trashed: true }) { edges { cursor node { ...post } } pageInfo { hasNextPage } totalCount } }`,
	"post by slug and by an old one": `{ one: post(slug: "full") { ...post } old: post(slug: "former") { ...post }
		page: post(slug: "imprint") { ...post } taken: post(slug: "taken") { ...post } }`,
	"lists": `{ tags(first: 100) { nodes { ...tag posts(first: 100, filter: { ` + anyStatus + ` }) { edges { cursor node { slug } } } } }
		user(username: "vera") { ...person posts(first: 100, filter: { ` + anyStatus + ` }) { edges { cursor node { slug } } } }
		a: posts(orderBy: { field: TITLE }) { edges { cursor } } b: posts(orderBy: { field: UPDATED_AT }) { edges { cursor } } }`,
	"tags by old slugs": `{ renamed: tag(slug: "brooks") { ...tag } merged: tag(slug: "creeks") { ...tag } }`,
	"people":            `{ users(first: 100) { edges { cursor node { ...person } } totalCount } vera: user(username: "vera") { ...person } }`,
	"files": `{ media(first: 100) { edges { cursor node { ...file } } totalCount } a: media(query: "mill") { nodes { id } }
		b: media(orderBy: { field: SIZE }) { edges { cursor } } }`,
	"things by IDs": `{ nodes(ids: ["<full>", "<cover>", "<vera>", "<gone>", "<rivers>", "<copied revision>"]) { __typename id } }`,
	"searches": `{ a: searchPosts(query: "water", filter: { ` + anyStatus + ` }) { edges { cursor snippet node { slug } } totalCount }
		b: searchPosts(query: "tag:rivers author:vera -mill") { edges { cursor } } }`,
	"metrics": `{ metrics(range: { from: "<yesterday>", to: "<today>" }) { dataFrom totals { views visitors visits events bounceRate }
		top(dimension: PATH) { value views visitors } events: top(dimension: EVENT) { value events } topPosts { title views post { slug } } } }`,
	"site":     `{ site { id title description url postUrl language timeZone showsViews } }`,
	"the feed": "/feed.atom", "the feed as JSON": "/feed.json", "the map of the site": "/sitemap.xml", "the front page": "/",
}

// lost are the questions whose answers an archive changes, as docs/export.md says: what is part of the answer to an admin before and after, and why.
// Signing in comes last: it ends the session by which the admin asks.
var lost = []struct{ why, text, before, after string }{
	{"a revision says by which client and key it was written, but clients are not in an archive",
		`{ post(slug: "full") { revisions { nodes { client { name } } } } }`, `{"client":{"name":"phone"}}`, `{"client":null}`},
	{"clients and their keys are settings with secrets", `{ client(name: "tablet") { apiKeys { label } } }`, `"label":"tablet"`, `"client":null`},
	{"webhooks are settings with secrets", `{ webhooks { url } }`, `https://hook.example/`, `"webhooks":[]`},
	{"tokens of previews are not in an archive", `{ postPreview(token: "<preview token>") { slug } }`, `"slug":"copied"`, `NOT_FOUND`},
	{"passwords are not in an archive", `mutation { signIn(input: { login: "other", password: "<password>" }) { userErrors { code } } }`,
		`"userErrors":[]`, `WRONG_CREDENTIALS`},
}

// TestArchiveKeepsAnswers fills a site with everything that an archive holds, takes it through one, and asks both servers the same, as nobody, as an
// author and as an admin.
func TestArchiveKeepsAnswers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	before := openArchived(t, dir)
	mustRunIn(t, dir, "", []string{"export", "one"}, "files written")
	mustRunIn(t, dir, "", []string{"import", "archive", "one", "--data", "new/data"}, "files taken")
	mustRunIn(t, dir, "", []string{"export", "two", "--data", "new/data"}, "files written")
	mustBeTheSame(t, filepath.Join(dir, "one"), filepath.Join(dir, "two"))

	for _, name := range []string{"the-admin", "vera"} { // nobody has a password any more
		doIn(t, dir, permissionPassword+"\n", "user", "password", name, "--data", "new/data")
	}
	after := &world{found: before.found, phone: phoneKey(t, dir, "new/data"), server: serveTwin(t, filepath.Join(dir, "new/data"))}
	for _, login := range []string{"", "vera", "the-admin"} {
		one, two := before.as(t, login), after.as(t, login)
		for name, text := range kept {
			asked := text + archivedFragments(text)
			got, want := after.look(t, two, asked), before.look(t, one, asked)
			if got != want {
				t.Errorf("%s, asked by %q, is answered by\n  %s\nand was before by\n  %s", name, login, from(got, want), from(want, got))
			}
			if login == "the-admin" && !isWholeAnswer(want) {
				t.Errorf("%s is not answered whole: %s", name, want)
			}
		}
	}
	one, two := before.as(t, "the-admin"), after.as(t, "the-admin")
	for _, address := range before.addresses(t, one) {
		_, want := before.get(t, one, address)
		if response, got := after.get(t, two, address); got != want || response.StatusCode != http.StatusOK {
			t.Errorf("%s is not what it was: %s", address, response.Status)
		}
	}
	for _, question := range lost {
		if got := before.look(t, one, question.text); !strings.Contains(got, question.before) {
			t.Errorf("%s, so %s is not to be answered any more, but it never was: %s", question.why, question.text, got)
		}
		if got := after.look(t, two, question.text); !strings.Contains(got, question.after) || strings.Contains(got, question.before) {
			t.Errorf("%s, and yet %s is answered by %s", question.why, question.text, got)
		}
	}
}

// isWholeAnswer tells whether what look returns is a page, or has no fault, an answer to each question, and lists up to their end.
func isWholeAnswer(look string) bool {
	data, ok := strings.CutPrefix(look, "[] ")
	if !ok {
		return strings.HasPrefix(look, "200 ")
	}
	var answers map[string]any
	if err := json.NewDecoder(strings.NewReader(data)).Decode(&answers); err != nil {
		return false
	}
	return !slices.Contains(slices.Collect(maps.Values(answers)), nil) && !strings.Contains(data, `"hasNextPage":true`)
}

// archivedFragments returns the fragments where an operation uses any: one that is not used is a fault.
func archivedFragments(text string) string {
	var used []string
	for again := true; again; {
		again = false
		for fragment := range strings.SplitSeq(archived, "\nfragment ") {
			name, _, _ := strings.Cut(fragment, " ")
			if name != "" && !slices.Contains(used, fragment) && strings.Contains(text+strings.Join(used, ""), "..."+name+" ") {
				used, again = append(used, fragment), true
			}
		}
	}
	var all strings.Builder
	for _, fragment := range used {
		all.WriteString("\nfragment " + fragment)
	}
	return all.String()
}

// TestArchivedIsEverything holds archived to the schema: a new field of what an archive holds is to be asked for, or left out for a reason.
func TestArchivedIsEverything(t *testing.T) {
	t.Parallel()
	schema := contract(t)
	document, faults := gqlparser.LoadQueryWithRules(schema, kept["posts"]+archivedFragments(kept["posts"]), rules.NewDefaultRules())
	if faults != nil {
		t.Fatal(faults)
	}
	asked := map[string]bool{}
	for _, fragment := range document.Fragments {
		askedFor(asked, fragment.SelectionSet)
	}
	for _, name := range []string{"Post", "Revision", "Media", "MediaVariant", "User", "Tag", "Heading"} {
		for _, field := range schema.Types[name].Fields {
			place := name + "." + field.Name
			if asked[place] == (unarchived[place] != "") && !strings.HasPrefix(field.Name, "__") {
				t.Errorf("%s: asked for: %t, left out: %q", place, asked[place], unarchived[place])
			}
		}
	}
}

// askedFor notes the fields that a selection asks for.
func askedFor(asked map[string]bool, selection ast.SelectionSet) {
	for _, selected := range selection {
		if field, ok := selected.(*ast.Field); ok {
			asked[field.ObjectDefinition.Name+"."+field.Name] = true
			askedFor(asked, field.SelectionSet)
		}
	}
}

// openArchived starts a server on a site with posts in all states, revisions, files, tags under old names, people of all kinds, and metrics.
func openArchived(t *testing.T, dir string) *world {
	t.Helper()
	doIn(t, dir, "", "site", "--title", "Rivers", "--url", "https://rivers.example", "--post-url", "https://rivers.example/{slug}",
		"--time-zone", "Europe/Berlin")
	for _, person := range []string{"the-admin ADMIN", "vera AUTHOR", "other EDITOR", "gone AUTHOR", "shut READER"} {
		name, role, _ := strings.Cut(person, " ")
		doIn(t, dir, permissionPassword+"\n", "user", "add", name, "--role", role, "--email", name+"@example.org")
	}
	doIn(t, dir, "", "client", "add", "tablet", "--kind", "MOBILE", "--scope", "ALL")
	doIn(t, dir, "", "key", "add", "tablet", "--label", "tablet", "--kind", "PUBLISHABLE", "--scope", "ALL")
	w := &world{found: map[string]string{}, phone: phoneKey(t, dir, "data"), server: serveTwin(t, filepath.Join(dir, "data"))}
	w.admin = w.as(t, "the-admin")
	w.fillArchived(t)
	return w
}

// phoneKey makes the client by which people ask, and its key.
func phoneKey(t *testing.T, dir, data string) string {
	t.Helper()
	doIn(t, dir, "", "client", "add", "phone", "--kind", "MOBILE", "--scope", "ALL", "--data", data)
	return keyToken.FindString(doIn(t, dir, "", "key", "add", "phone", "--label", "phone", "--kind", "PUBLISHABLE", "--scope", "ALL", "--data", data))
}

// doIn carries out a command that has to work, and returns what it prints.
func doIn(t *testing.T, dir, input string, args ...string) string {
	t.Helper()
	stdout, stderr, code := runIn(t, dir, input, args...)
	if code != 0 {
		t.Fatalf("%q ends with %d and says %s", args, code, stderr)
	}
	return stdout
}

// as signs somebody in; the empty login is nobody.
func (w *world) as(t *testing.T, login string) asker {
	t.Helper()
	if login == "" {
		return asker{name: "nobody"}
	}
	who, err := w.signIn(t.Context(), login, "", login, "a device")
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// fillArchived makes all that an archive holds.
func (w *world) fillArchived(t *testing.T) {
	t.Helper()
	find := func(name, text string) {
		t.Helper()
		if err := w.find(t, name, text); err != nil {
			t.Fatal(err)
		}
	}
	do := func(mutations ...string) {
		t.Helper()
		for _, mutation := range mutations {
			if err := w.do(t, mutation); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, name := range []string{"vera", "other", "gone", "shut"} {
		find(name, `{ user(username: "`+name+`") { it: id } }`)
	}
	for _, name := range []string{"cover", "avatar", "shown", "unused"} {
		find(name, `mutation($file: Upload!) {
			uploadMedia(input: { file: $file, alt: "The `+name+` of \"a mill\"" }) { media { it: id } userErrors { message } }
		}`)
	}
	find("address", `{ node(id: "<shown>") { ... on Media { it: url } } }`)
	do(`updateSite(input: { description: "Of rivers.", language: "en-GB", showsViews: true })`,
		`updateMedia(id: "<cover>", input: { filename: "the mill.png", alt: "A mill, by the water" })`,
		`updateUser(id: "<vera>", input: { name: "Vera Open", bio: "Of the rivers.\nAnd wells.", website: "https://vera.example/", avatarId: "<avatar>" })`)

	post := func(slug, more string) {
		t.Helper()
		find(slug, `mutation { createPost(input: {
			slug: "`+slug+`", title: "Of `+slug+` \"water\"", markdown: "All water goes by the mill, `+slug+`.\n\n## Below\n\n* one\n* two  \n"
			authorIds: ["<vera>", "<gone>"], tags: ["Rivers", "Wells"], `+more+`
		}) { post { it: id } userErrors { message } } }`)
	}
	post("former", `summary: "In a few words.", language: "de-AT", coverId: "<cover>"`)
	w.found["<full>"] = w.found["<former>"]
	do(`publishPost(id: "<full>", expectedRevision: 1)`,
		`updatePost(id: "<full>", expectedRevision: 1, input: { slug: "full", markdown: "![The water](<address>)\n\n# One\n\n## Two\n\nWater & \"more\"." })`,
		`publishPost(id: "<full>", expectedRevision: 2)`,
		`updatePost(id: "<full>", expectedRevision: 2, autosave: true, input: {
			title: "A copy", slug: "copied", tags: ["Nowhere"], coverId: null, authorIds: ["<other>"]
		})`,
		`publishPost(id: "<full>", expectedRevision: 3, at: "<next year>")`)
	find("copied revision", `{ post(slug: "full") { workingCopy { it: id } } }`)
	find("preview token", `mutation { createPreviewToken(postId: "<full>") { it: token userErrors { message } } }`)

	post("draft", `coverId: "<cover>"`)
	post("scheduled", `summary: ""`)
	post("archived", `language: "fr"`)
	post("trashed", `kind: ARTICLE`)
	post("imprint", `kind: PAGE`)
	post("taken", `language: "en"`)
	post("second", `summary: "Another."`)
	do(`publishPost(id: "<scheduled>", expectedRevision: 1, at: "<next year>")`, `archivePost(id: "<archived>")`, `deletePost(id: "<trashed>")`,
		`publishPost(id: "<imprint>", expectedRevision: 1)`, `publishPost(id: "<second>", expectedRevision: 1)`,
		`publishPost(id: "<taken>", expectedRevision: 1)`, `updatePost(id: "<taken>", expectedRevision: 1, input: { slug: "taken-back" })`,
		`publishPost(id: "<taken>", expectedRevision: 2)`, `unpublishPost(id: "<taken>")`,
		`updatePost(id: "<draft>", expectedRevision: 1, input: { markdown: "Else." })`, `restoreRevision(id: "<draft>", expectedRevision: 2, number: 1)`,
		`updatePost(id: "<draft>", expectedRevision: 3, autosave: true, input: { title: "While somebody writes" })`,
		`updatePost(id: "<second>", expectedRevision: 1, input: { tags: ["Brooks", "Creeks"] })`, `publishPost(id: "<second>", expectedRevision: 2)`)
	find("rivers", `{ tag(slug: "rivers") { it: id } }`)
	find("brooks", `{ tag(slug: "brooks") { it: id } }`)
	find("creeks", `{ tag(slug: "creeks") { it: id } }`)
	do(`updateTag(id: "<brooks>", input: { name: "Streams", slug: "streams" })`, `mergeTags(fromId: "<creeks>", intoId: "<rivers>")`,
		`recordEvents(input: { events: [
			{ postId: "<full>", referrer: "https://elsewhere.example/" }, { path: "/elsewhere" }, { name: "signup", path: "/a" }
		] })`)
	do(`eraseUser(id: "<gone>")`, `deactivateUser(id: "<shut>")`, `createWebhook(input: { url: "https://hook.example/", events: [POST_REMOVED] })`)
}

// addresses returns where all files and their copies are, as paths.
func (w *world) addresses(t *testing.T, who asker) []string {
	t.Helper()
	given, err := w.ask(t.Context(), who, `{ media(first: 100) { nodes { it: url variants { it: url } } } }`)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, address := range behindIt(given.Data) {
		paths = append(paths, strings.TrimPrefix(fmt.Sprint(address), "http://localhost:1"))
	}
	if len(paths) != 8 { // four files, each with a copy
		t.Errorf("there are %d addresses: %q", len(paths), paths)
	}
	return paths
}
