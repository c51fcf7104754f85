package webhook_test

import (
	"net/http"
	"testing"
	"time"

	"headwater/deliver"
	"headwater/logic"
	"headwater/logic/client"
	"headwater/logic/webhook"
)

func TestASecretIsChangedWithoutAGap(t *testing.T) {
	w := newWorld(t)
	hook, first := w.mustHook(t)
	signed := func(what string, secrets ...string) {
		t.Helper()
		if _, err := w.TestWebhook(operator(t), hook.ID); err != nil {
			t.Fatal(err)
		}
		w.mustSettle(t, 1)
		got := w.take()[0]
		if want := deliver.Signature(secrets, w.now(), got.body); got.header.Get("Headwater-Signature") != want {
			t.Errorf("%s: signed as %s, want %s", what, got.header.Get("Headwater-Signature"), want)
		}
	}
	signed("at first", first)
	_, second, err := w.RotateWebhookSecret(operator(t), hook.ID, 3600)
	if err != nil {
		t.Fatal(err)
	}
	signed("in the grace", second, first)
	w.pass(time.Hour - time.Millisecond)
	signed("at its end", second, first)
	w.pass(time.Millisecond)
	signed("behind it", second)
	_, third, _ := w.RotateWebhookSecret(operator(t), hook.ID, 3600)
	_, fourth, _ := w.RotateWebhookSecret(operator(t), hook.ID, 3600)
	signed("twice within a grace", fourth, third)
	_, fifth, err := w.RotateWebhookSecret(operator(t), hook.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	signed("without a grace", fifth)
	for _, seconds := range []int{-1, 30*24*3600 + 1} {
		if _, _, err := w.RotateWebhookSecret(operator(t), hook.ID, seconds); codeOf(err) != logic.CodeInvalid {
			t.Errorf("%d seconds: %v", seconds, err)
		}
	}
}

func TestAClientsAddressesAreTold(t *testing.T) {
	w := newWorld(t)
	clients := client.New(w.store.Client(), w.clock.now, w.store.Keys(), client.Options{})
	if _, err := clients.CreateClient(operator(t), client.CreateClientInput{
		Name: "blog", Kind: client.KindServer, PostURL: new("https://blog.example/{slug}.html"), ScopeCeiling: logic.Anonymous.List(), RequestsPerMinute: 60,
	}); err != nil {
		t.Fatal(err)
	}
	hook, _ := w.mustHook(t)
	told := func(title, want string) {
		t.Helper()
		w.mustPublish(t, title)
		w.mustSettle(t, 1)
		if got := w.take()[0].Post.URL; got != want {
			t.Errorf("told %s, want %s", got, want)
		}
	}
	told("Ä b", "http://localhost:8080/blog/a-b")
	must[webhook.Webhook](t)(w.UpdateWebhook(operator(t), hook.ID, webhook.UpdateWebhookInput{Client: logic.TextChange{Given: true, Value: new("blog")}}))
	told("Two", "https://blog.example/two.html")
	if _, err := clients.DeleteClient(operator(t), "blog"); err != nil {
		t.Fatal(err)
	}
	told("Three", "http://localhost:8080/blog/three")
}

func TestSentAgain(t *testing.T) {
	w := newWorld(t)
	hook, _ := w.mustHook(t)
	w.mustPublish(t, "One")
	w.mustSettle(t, 1)
	first := w.take()[0]
	again := must[webhook.Delivery](t)(w.ResendDelivery(operator(t), w.mustDeliveries(t, hook)[0].ID))
	if again.State != webhook.Pending || again.Attempts != 0 || again.FinishedAt != nil {
		t.Errorf("%+v", again)
	}
	w.mustSettle(t, 1)
	if second := w.take()[0]; second.body != first.body || second.header.Get("Headwater-Delivery") != first.header.Get("Headwater-Delivery") {
		t.Errorf("sent %s, then %s", first.body, second.body)
	}
	// One that waits for another try is tried now, and once.
	w.answering(http.StatusBadGateway)
	ping := must[webhook.Delivery](t)(w.TestWebhook(operator(t), hook.ID))
	w.mustSettle(t, 1)
	w.mustSettle(t, 0)
	w.answering(http.StatusOK)
	must[webhook.Delivery](t)(w.ResendDelivery(operator(t), ping.ID))
	w.mustSettle(t, 1)
	w.mustSettle(t, 0)
	must[webhook.Webhook](t)(w.UpdateWebhook(operator(t), hook.ID, webhook.UpdateWebhookInput{IsEnabled: new(false)}))
	if _, err := w.ResendDelivery(operator(t), ping.ID); codeOf(err) != logic.CodeInvalid {
		t.Errorf("by a webhook that is off: %v", err)
	}
}

// TestAnOlderMessageSentAgainKeepsTheOrder: it waits for what is tried, and goes before what waits.
func TestAnOlderMessageSentAgainKeepsTheOrder(t *testing.T) {
	w := newWorld(t)
	hook, _ := w.mustHook(t)
	post := w.mustPublish(t, "One")
	w.mustSettle(t, 1)
	w.answering(http.StatusBadGateway)
	post = w.mustChange(t, post, "Two")
	w.mustSettle(t, 1)
	w.mustChange(t, post, "Three")
	again := must[webhook.Delivery](t)(w.ResendDelivery(operator(t), w.mustDeliveries(t, hook)[0].ID))
	if again.NextAttemptAt != nil {
		t.Errorf("it is tried beside another: %+v", again)
	}
	w.answering(http.StatusOK)
	w.take()
	w.pass(12 * time.Second)
	w.mustSettle(t, 3)
	wantSays(t, "in turn", w.take(), "post.changed one  Two; post.published one  One; post.changed one  Three")
}

func TestADeletedWebhookIsToldNothing(t *testing.T) {
	w := newWorld(t)
	hook, _ := w.mustHook(t)
	w.mustPublish(t, "One")
	must[logic.WebhookID](t)(w.DeleteWebhook(operator(t), hook.ID))
	w.mustSettle(t, 0)
	if _, err := w.Webhook(operator(t), hook.ID); codeOf(err) != logic.CodeNotFound {
		t.Error(err)
	}
}

// TestWhoMay asks for everything as each viewer.
func TestWhoMay(t *testing.T) {
	w := newWorld(t)
	hook, _ := w.mustHook(t)
	ping := must[webhook.Delivery](t)(w.TestWebhook(operator(t), hook.ID))
	person := logic.Viewer{User: 7, Role: logic.RoleAdmin, Limit: logic.AllScopes, SessionLimit: logic.AllScopes, ProvedAt: now}
	stale, editor := person, person
	stale.ProvedAt = now.Add(-time.Hour) - 1
	editor.Role = logic.RoleEditor
	for name, test := range map[string]struct {
		viewer        logic.Viewer
		reads, change logic.Code
	}{
		"nobody":             {logic.Viewer{Limit: logic.AllScopes}, logic.CodeForbidden, logic.CodeForbidden},
		"an editor":          {editor, logic.CodeForbidden, logic.CodeForbidden},
		"an admin, too late": {stale, "", logic.CodeUnauthenticated},
		"another key":        {logic.Viewer{Limit: logic.AllScopes &^ logic.ScopesOf(logic.ScopeSiteWrite), Secret: true}, logic.CodeForbidden, logic.CodeForbidden},
		"an admin":           {person, "", ""},
		"a key":              {logic.Viewer{Limit: logic.ScopesOf(logic.ScopeSiteWrite), Secret: true}, "", ""},
	} {
		ctx := logic.WithViewer(t.Context(), test.viewer)
		_, all := w.Webhooks(ctx)
		_, one := w.Webhook(ctx, hook.ID)
		hooks, _ := w.WebhooksByID(ctx, []logic.WebhookID{hook.ID})
		sent, _ := w.DeliveriesByID(ctx, []logic.DeliveryID{ping.ID})
		counts, _ := w.CountDeliveries(ctx, []logic.WebhookID{hook.ID}, webhook.DeliveryQuery{})
		pages, _ := w.DeliveryPages(ctx, []logic.WebhookID{hook.ID}, webhook.DeliveryQuery{Window: logic.Window{Limit: 5}})
		have, _ := w.HaveDeliveries(ctx, []logic.WebhookID{hook.ID}, webhook.DeliveryQuery{}, logic.Window{})
		some := len(hooks)+len(sent)+len(counts)+len(pages)+len(have) == 5
		none := len(hooks)+len(sent)+len(counts)+len(pages)+len(have) == 0
		if codeOf(all) != test.reads || codeOf(one) != test.reads || (test.reads == "") != some || (test.reads != "") != none {
			t.Errorf("%s reads: %v, %v, %v %v %v %v %v", name, all, one, hooks, sent, counts, pages, have)
		}
		_, _, create := w.CreateWebhook(ctx, webhook.CreateWebhookInput{URL: w.url, Events: []webhook.Event{webhook.PostChanged}})
		_, update := w.UpdateWebhook(ctx, hook.ID, webhook.UpdateWebhookInput{})
		_, _, rotate := w.RotateWebhookSecret(ctx, hook.ID, 0)
		_, try := w.TestWebhook(ctx, hook.ID)
		_, resend := w.ResendDelivery(ctx, ping.ID)
		_, remove := w.DeleteWebhook(ctx, 1)
		for what, err := range map[string]error{"create": create, "update": update, "rotate": rotate, "test": try, "resend": resend} {
			if codeOf(err) != test.change {
				t.Errorf("%s, %s: %v, want %q", name, what, err, test.change)
			}
		}
		if want := test.change; want == "" && codeOf(remove) != logic.CodeNotFound || want != "" && codeOf(remove) != want {
			t.Errorf("%s, delete: %v", name, remove)
		}
	}
}
