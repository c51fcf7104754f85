package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"headwater/graph"
	"headwater/logic"
	"headwater/logic/client"
	"headwater/logic/webhook"
)

// administered is a world in which there is something to change: walter, who has signed in, and a client with a key.
type administered struct {
	*world
	ada, walter http.Header // an ADMIN and a READER
	user, key   string      // IDs of walter and of the key
	hook, sent  string      // IDs of a webhook and of a delivery
}

func openAdministered(t *testing.T) administered {
	t.Helper()
	w := administered{world: openWorld(t)}
	ctx := operator(t.Context())
	w.mustUser(t, "ada", logic.RoleAdmin)
	w.user = nodeID(w.mustUser(t, "walter", logic.RoleReader).NodeID())
	if _, err := w.services.Client.CreateClient(ctx, client.CreateClientInput{
		Name: "app", Kind: client.KindServer, ScopeCeiling: logic.Anonymous.List(), RequestsPerMinute: 100,
	}); err != nil {
		t.Fatal(err)
	}
	key, _, err := w.services.Client.CreateAPIKey(ctx, client.CreateAPIKeyInput{
		Client: "app", Label: "app", Kind: client.KeySecret, Scopes: logic.Anonymous.List(),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.key = nodeID(key.NodeID())
	hook, _, err := w.services.Webhook.CreateWebhook(ctx, webhook.CreateWebhookInput{
		URL: "https://builder.example/hook", Events: []webhook.Event{webhook.PostChanged},
	})
	if err != nil {
		t.Fatal(err)
	}
	ping, err := w.services.Webhook.TestWebhook(ctx, hook.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.hook, w.sent = nodeID(hook.NodeID()), nodeID(ping.NodeID())
	w.ada, w.walter = w.mustSignIn(t, "ada"), w.mustSignIn(t, "walter")
	return w
}

// change is a mutation, and what it is asked with.
type change struct{ mutation, given string }

// changes are all mutations that need a password of the last hour, written by hand from the contract: those of users, roles, clients,
// keys, webhooks and the site. They can be carried out one after the other.
func (w *administered) changes() []change {
	id := fmt.Sprintf("id: %q", w.user)
	key := fmt.Sprintf("id: %q", w.key)
	hook := fmt.Sprintf("id: %q", w.hook)
	return []change{
		{"createUser", `input: { username: "nora", email: "nora@example.org", role: ADMIN }`},
		{"inviteUser", id},
		{"updateUser", id + `, input: { username: "walt", name: "Walt", email: "walt@example.org" }`},
		{"setUserRole", id + `, role: AUTHOR`},
		{"deactivateUser", id},
		{"reactivateUser", id},
		{"eraseUser", id},
		{"updateSite", `input: { title: "Other", description: "Another.", showsViews: false }`},
		{"createClient", `input: { name: "phone", kind: MOBILE, scopeCeiling: [POSTS_READ] }`},
		{"updateClient", `name: "app", input: { description: "Other.", allowedOrigins: ["https://other.example"], requestsPerMinute: 61 }`},
		{"createApiKey", `input: { client: "app", label: "second", kind: SECRET, scopes: [POSTS_READ] }`},
		{"rotateApiKey", key + `, graceSeconds: 60`},
		{"revokeApiKey", key},
		{"deleteClient", `name: "app"`},
		{"createWebhook", `input: { url: "https://other.example/hook", events: [POST_PUBLISHED] }`},
		{"rotateWebhookSecret", hook + `, graceSeconds: 60`},
		{"testWebhook", hook},
		{"resendDelivery", fmt.Sprintf("id: %q", w.sent)},
		{"updateWebhook", hook + `, input: { url: "https://third.example/hook", description: "Other.", isEnabled: false }`},
		{"deleteWebhook", hook},
	}
}

// make asks for a change.
func (w *administered) make(t *testing.T, header http.Header, asked change) answer {
	t.Helper()
	return w.send(t, header, fmt.Sprintf(`mutation { it: %s(%s) { userErrors { code message field } } }`, asked.mutation, asked.given), nil)
}

// mustMakeAll carries all changes out.
func (w *administered) mustMakeAll(t *testing.T, header http.Header) {
	t.Helper()
	for _, asked := range w.changes() {
		if got := dataOf(t, w.make(t, header, asked)); got != `{"it":{"userErrors":[]}}` {
			t.Errorf("%s: %s", asked.mutation, got)
		}
	}
}

// state is all that the changes could change, as far as it can be read, with the mails that were sent.
func (w *administered) state(t *testing.T) string {
	t.Helper()
	all := dataOf(t, w.send(t, w.ada, `{
		site { title description url postUrl language timeZone showsViews }
		users(first: 100) { nodes { id username name bio website email role deactivatedAt } }
		clients {
			id name kind description postUrl allowedOrigins scopeCeiling requestsPerMinute
			apiKeys { id prefix label kind scopes createdAt expiresAt revokedAt }
		}
		webhooks {
			id url description events secretEndsAt disabledAt
			deliveries { totalCount nodes { id state nextAttemptAt } }
		}
	}`, nil))
	for _, name := range []string{`"ada"`, `"walter"`, `"app"`, `"Headwater"`, `"https://builder.example/hook"`} {
		if !strings.Contains(all, name) {
			t.Fatalf("%s is not seen in %s", name, all)
		}
	}
	return fmt.Sprint(all, string(w.send(t, w.walter, `{ viewer { user { id } sessions { id } } }`, nil).Response), len(w.mail.sent))
}

// TestWhatNeedsAFreshPassword holds the rules of all mutations to the list above.
func TestWhatNeedsAFreshPassword(t *testing.T) {
	var need, want []string
	for _, rules := range graph.Domains {
		for place, rule := range rules {
			name, isMutation := strings.CutPrefix(place, "Mutation.")
			if isMutation && rule.Fresh && !strings.Contains(name, "(") {
				need = append(need, name)
			}
		}
	}
	for _, asked := range (&administered{}).changes() {
		want = append(want, asked.mutation)
	}
	slices.Sort(need)
	slices.Sort(want)
	if !slices.Equal(need, want) {
		t.Errorf("a fresh password is needed for %q, want %q", need, want)
	}
}

func TestAPasswordIsFreshForAnHour(t *testing.T) {
	w := openAdministered(t)
	w.now = now.Add(time.Hour)
	w.mustMakeAll(t, w.ada)
}

func TestAnHourAfterThePasswordNothingIsChanged(t *testing.T) {
	w := openAdministered(t)
	w.now = now.Add(time.Hour + time.Millisecond)
	before := w.state(t)
	for _, asked := range w.changes() {
		got := w.make(t, w.ada, asked)
		var response struct{ Data json.RawMessage }
		if err := json.Unmarshal(got.Response, &response); err != nil {
			t.Fatal(err)
		}
		if err := firstError(t, got); err == nil || err.Extensions["code"] != string(logic.CodeUnauthenticated) || string(response.Data) != `{"it":null}` {
			t.Errorf("%s: answered %s", asked.mutation, got.Response)
		}
		if after := w.state(t); after != before {
			t.Fatalf("%s was refused, and changed\n%s\nto\n%s", asked.mutation, before, after)
		}
	}
	w.tell(t, []step{
		{"what is one's own", `mutation { updateProfile(input: { bio: "Counts." }) { user { bio } userErrors { code } } }`, `{"updateProfile":{"user":{"bio":"Counts."},"userErrors":[]}}`, w.ada},
		{"what readers do", `mutation { recordEvents(input: { events: [{ path: "/" }] }) { userErrors { code } } }`, `{"recordEvents":{"userErrors":[]}}`, w.ada},
		{"no session of one's own", `mutation { revokeSession(id: "none") { revokedId userErrors { code } } }`, `{"revokeSession":{"revokedId":null,"userErrors":[{"code":"NOT_FOUND"}]}}`, w.ada},
		{"what only admins see", `{ client(name: "app") { requestsPerMinute } }`, `{"client":{"requestsPerMinute":100}}`, w.ada},
	})
	w.mustMakeAll(t, w.mustSignIn(t, "ada"))
}

func TestANewPasswordIsFresh(t *testing.T) {
	w := openAdministered(t)
	w.now = now.Add(2 * time.Hour)
	w.tell(t, []step{{"another password", `mutation { changePassword(input: { current: "` + password + `", new: "another fine horse" }) { userErrors { code } } }`,
		`{"changePassword":{"userErrors":[]}}`, w.ada}})
	w.mustMakeAll(t, w.ada)
}

// TestASecretKeyHasNoPasswordToGive changes everything by a key, a day after it was made.
func TestASecretKeyHasNoPasswordToGive(t *testing.T) {
	w := openAdministered(t)
	key := w.mustKey(t, logic.AllScopes.List()...)
	w.now = now.Add(24 * time.Hour)
	w.mustMakeAll(t, bearer(key))
}
