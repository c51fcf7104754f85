package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/webhook"
)

// mustHook makes a webhook that wants to know everything.
func (w *world) mustHook(t *testing.T, url string) webhook.Webhook {
	t.Helper()
	hook, _, err := w.services.Webhook.CreateWebhook(operator(t.Context()), webhook.CreateWebhookInput{
		URL: url, Events: []webhook.Event{webhook.PostRemoved, webhook.PostPublished, webhook.PostChanged},
	})
	if err != nil {
		t.Fatal(err)
	}
	return hook
}

// TestTheLifeOfAWebhook makes one, reads it, changes it and takes it away, as an admin does.
func TestTheLifeOfAWebhook(t *testing.T) {
	w := openWorld(t)
	w.mustUser(t, "ada", logic.RoleAdmin)
	ada := w.mustSignIn(t, "ada")
	var made struct {
		CreateWebhook struct {
			Webhook    struct{ ID string }
			Secret     string
			UserErrors []logic.Error
		}
	}
	data := dataOf(t, w.send(t, ada, `mutation {
		createWebhook(input: { url: "https://builder.example/hook", events: [POST_REMOVED, POST_PUBLISHED, POST_REMOVED], client: "public" }) {
			webhook { id } secret userErrors { code }
		}
	}`, nil))
	if err := json.Unmarshal([]byte(data), &made); err != nil || !logic.TokenWebhook.Is(made.CreateWebhook.Secret) {
		t.Fatalf("made %s (%v)", data, err)
	}
	id := made.CreateWebhook.Webhook.ID
	told := func(what, query, want string) {
		t.Helper()
		if got := dataOf(t, w.send(t, ada, query, nil)); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	told("as it is", fmt.Sprintf(`{ node(id: %q) { ... on Webhook { url description events client { name } isEnabled disabledAt failingSince secretEndsAt } } }`, id),
		`{"node":{"url":"https://builder.example/hook","description":"","events":["POST_PUBLISHED","POST_REMOVED"],"client":{"name":"public"},`+
			`"isEnabled":true,"disabledAt":null,"failingSince":null,"secretEndsAt":null}}`)
	told("a ping", fmt.Sprintf(`mutation { testWebhook(id: %q) { delivery { event state attempts post { id } webhook { url } } userErrors { code } } }`, id),
		`{"testWebhook":{"delivery":{"event":"PING","state":"PENDING","attempts":0,"post":null,"webhook":{"url":"https://builder.example/hook"}},"userErrors":[]}}`)
	told("another secret", fmt.Sprintf(`mutation { rotateWebhookSecret(id: %q, graceSeconds: 3600) { webhook { secretEndsAt } userErrors { code } } }`, id),
		`{"rotateWebhookSecret":{"webhook":{"secretEndsAt":"2026-11-27T13:00:00.000Z"},"userErrors":[]}}`)
	told("switched off", fmt.Sprintf(`mutation { updateWebhook(id: %q, input: { client: null, isEnabled: false }) { webhook { url client { name } isEnabled disabledAt } userErrors { code } } }`, id),
		`{"updateWebhook":{"webhook":{"url":"https://builder.example/hook","client":null,"isEnabled":false,"disabledAt":"2026-11-27T12:00:00.000Z"},"userErrors":[]}}`)
	told("what waited is given up", fmt.Sprintf(`{ webhook(id: %q) { deliveries(state: FAILED) { totalCount nodes { state lastError finishedAt } } } }`, id),
		`{"webhook":{"deliveries":{"totalCount":1,"nodes":[{"state":"FAILED","lastError":"The webhook was switched off.","finishedAt":"2026-11-27T12:00:00.000Z"}]}}}`)
	told("nothing is sent by what is off", fmt.Sprintf(`mutation { testWebhook(id: %q) { delivery { id } userErrors { code field } } }`, id),
		`{"testWebhook":{"delivery":null,"userErrors":[{"code":"INVALID","field":["id"]}]}}`)
	told("taken away", fmt.Sprintf(`mutation { deleteWebhook(id: %q) { deletedId userErrors { code } } }`, id), fmt.Sprintf(`{"deleteWebhook":{"deletedId":%q,"userErrors":[]}}`, id))
	told("gone", fmt.Sprintf(`{ webhook(id: %q) { id } webhooks { id } }`, id), `{"webhook":null,"webhooks":[]}`)
	if log := w.log.String(); strings.Contains(log, made.CreateWebhook.Secret) {
		t.Error("the log has the secret")
	}
}

func TestFaultsOfWebhooksComeTogether(t *testing.T) {
	w := openWorld(t)
	key := bearer(w.mustKey(t, logic.ScopeSiteWrite))
	hook := w.mustHook(t, "https://builder.example/hook")
	for mutation, want := range map[string]string{
		`createWebhook(input: { url: "https://10.0.0.1/", description: "` + strings.Repeat("a", 1001) + `", events: [PING], client: "none" })`: `[{"code":"INVALID","field":["input","url"]},` +
			`{"code":"TOO_LONG","field":["input","description"]},{"code":"INVALID","field":["input","events","0"]},{"code":"NOT_FOUND","field":["input","client"]}]`,
		`createWebhook(input: { url: "http://builder.example/", events: [] })`:                                         `[{"code":"INVALID","field":["input","url"]},{"code":"REQUIRED","field":["input","events"]}]`,
		fmt.Sprintf(`updateWebhook(id: %q, input: { url: "https://ada:pw@builder.example/" })`, nodeID(hook.NodeID())): `[{"code":"INVALID","field":["input","url"]}]`,
		fmt.Sprintf(`rotateWebhookSecret(id: %q, graceSeconds: -1)`, nodeID(hook.NodeID())):                            `[{"code":"INVALID","field":["graceSeconds"]}]`,
		`updateWebhook(id: "none", input: {})`:                                                                         `[{"code":"NOT_FOUND","field":null}]`,
		`resendDelivery(id: "none")`:                                                                                   `[{"code":"NOT_FOUND","field":null}]`,
		`deleteWebhook(id: "none")`:                                                                                    `[{"code":"NOT_FOUND","field":null}]`,
	} {
		if got := dataOf(t, w.send(t, key, `mutation { it: `+mutation+` { userErrors { code field } } }`, nil)); got != `{"it":{"userErrors":`+want+`}}` {
			t.Errorf("%s: %s", mutation, got)
		}
	}
}

// TestOnlyThoseWithSiteWriteSeeWebhooks asks for them, and for what they are sent, wherever they stand.
func TestOnlyThoseWithSiteWriteSeeWebhooks(t *testing.T) {
	w := openSample(t)
	w.mustUser(t, "edgar", logic.RoleEditor)
	hook := w.mustHook(t, "https://builder.example/hook")
	ping, err := w.services.Webhook.TestWebhook(operator(t.Context()), hook.ID)
	if err != nil {
		t.Fatal(err)
	}
	id, sent := nodeID(hook.NodeID()), nodeID(ping.NodeID())
	query := fmt.Sprintf(`{ webhooks { url } webhook(id: %q) { url } hook: node(id: %q) { id } sent: node(id: %q) { ... on WebhookDelivery { payload webhook { url } } } }`, id, id, sent)
	const hidden = `"data":{"webhooks":null,"webhook":null,"hook":null,"sent":null}`
	for viewer, header := range map[string]http.Header{
		"nobody":               nil,
		"an editor":            w.mustSignIn(t, "edgar"),
		"a key for all but it": bearer(w.mustKey(t, (logic.AllScopes &^ logic.ScopesOf(logic.ScopeSiteWrite)).List()...)),
	} {
		got := w.send(t, header, query, nil)
		if text := string(got.Response); !strings.Contains(text, hidden) || strings.Contains(text, "builder.example") || strings.Count(text, "FORBIDDEN") != 2 {
			t.Errorf("%s: %s", viewer, text)
		}
	}
	if got := dataOf(t, w.send(t, bearer(w.mustKey(t, logic.ScopeSiteWrite)), query, nil)); strings.Count(got, "https://builder.example/hook") != 3 {
		t.Errorf("a key for it: %s", got)
	}
}

// TestWebhooksCostTheSameHoweverManyThereAre reads all webhooks with all that stands below.
func TestWebhooksCostTheSameHoweverManyThereAre(t *testing.T) {
	w := openWorld(t)
	key := bearer(w.mustKey(t, logic.ScopeSiteWrite, logic.ScopePostsRead))
	const query = `{ webhooks { client { name } deliveries(first: 2) { totalCount pageInfo { hasNextPage hasPreviousPage } nodes { webhook { url } post { title } } } } }`
	add := func(name string) {
		hook := w.mustHook(t, "https://"+name+".example/")
		for range 3 {
			if _, err := w.services.Webhook.TestWebhook(operator(t.Context()), hook.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	add("one")
	one := w.send(t, key, query, nil)
	for i := range 19 {
		add(fmt.Sprint("other", i))
	}
	all := w.send(t, key, query, nil)
	if one.Statements != all.Statements || one.Statements > 5 {
		t.Errorf("one takes %d statements, twenty %d", one.Statements, all.Statements)
	}
	if got := dataOf(t, all); strings.Count(got, `"totalCount":3,"pageInfo":{"hasNextPage":true,"hasPreviousPage":false}`) != 20 {
		t.Errorf("answered %s", got)
	}
	if got := string(w.send(t, key, `mutation { createWebhook(input: { url: "https://more.example", events: [POST_CHANGED] }) { userErrors { code } } }`, nil).Response); !strings.Contains(got, `"INVALID"`) {
		t.Errorf("a twenty-first: %s", got)
	}
}

// TestDeliveriesAreRead reads them page by page in both directions.
func TestDeliveriesAreRead(t *testing.T) {
	w := openWorld(t)
	key := bearer(w.mustKey(t, logic.ScopeSiteWrite))
	hook := w.mustHook(t, "https://builder.example/")
	var want []string
	for range 5 {
		ping, err := w.services.Webhook.TestWebhook(operator(t.Context()), hook.ID)
		if err != nil {
			t.Fatal(err)
		}
		want = append([]string{nodeID(ping.NodeID())}, want...)
	}
	type page struct {
		Webhook struct {
			Deliveries struct {
				Nodes    []struct{ ID string }
				PageInfo struct {
					HasNextPage, HasPreviousPage bool
					StartCursor, EndCursor       string
				}
			}
		}
	}
	read := func(args string) (ids []string, info page) {
		data := dataOf(t, w.send(t, key, fmt.Sprintf(`{ webhook(id: %q) { deliveries(%s) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
			nodeID(hook.NodeID()), args), nil))
		if err := json.Unmarshal([]byte(data), &info); err != nil {
			t.Fatal(err)
		}
		for _, node := range info.Webhook.Deliveries.Nodes {
			ids = append(ids, node.ID)
		}
		return ids, info
	}
	first, info := read("first: 2")
	second, _ := read(fmt.Sprintf("first: 2, after: %q", info.Webhook.Deliveries.PageInfo.EndCursor))
	last, info := read("last: 2, state: PENDING")
	before, middle := read(fmt.Sprintf("last: 1, before: %q", info.Webhook.Deliveries.PageInfo.StartCursor))
	if got, all := fmt.Sprint(first, second, last, before), fmt.Sprint(want[:2], want[2:4], want[3:], want[2:3]); got != all {
		t.Errorf("read %s, want %s", got, all)
	}
	if info := middle.Webhook.Deliveries.PageInfo; !info.HasNextPage || !info.HasPreviousPage {
		t.Errorf("the third of five stands at %+v", info)
	}
	if failed, _ := read("state: FAILED"); len(failed) != 0 {
		t.Errorf("failed: %q", failed)
	}
}
