package store

import (
	"testing"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/webhook"
)

func TestEveryStatementOfWebhooksUsesAnIndex(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	hook := webhook.Webhook{ID: 1, Events: []webhook.Event{webhook.PostChanged}}
	other := webhook.Webhook{ID: 2, Events: []webhook.Event{webhook.PostChanged}}
	post := content.Post{ID: 7, Slug: "slug", PublishedAt: new(testNow)}
	ids := []logic.WebhookID{hook.ID, other.ID}
	failed := webhook.Failed
	place := &logic.Cursor{Int: int64(testNow), Key: 3}
	seen := checkPlans(t, s, func(r reader, w *writer) {
		for _, err := range []error{
			w.InsertWebhook(ctx, hook, "secret"), w.InsertWebhook(ctx, other, "secret"), w.UpdateWebhook(ctx, hook),
			w.AddPostEvent(ctx, content.PostEvent{Kind: content.PostEventChanged, Post: post, Before: post, At: testNow}),
			second(r.AllWebhooks(ctx)), second(r.WebhooksByID(ctx, ids)), second(r.DueWebhooks(ctx, testNow)),
			w.RotateSecret(ctx, hook.ID, "other", testNow), second(w.Signing(ctx, hook.ID, testNow)),
			second(r.DeliveryPages(ctx, ids, webhook.DeliveryQuery{})),
			second(r.DeliveryPages(ctx, ids, webhook.DeliveryQuery{State: &failed, Window: logic.Window{After: place, Before: place, Backward: true}})),
			second(r.CountDeliveries(ctx, ids, webhook.DeliveryQuery{})), second(r.CountDeliveries(ctx, ids, webhook.DeliveryQuery{State: &failed})),
			second(r.DeliveriesByID(ctx, []logic.DeliveryID{1})), w.HurryDelivery(ctx, 1, testNow),
			second(w.TakeDue(ctx, hook.ID, testNow, testNow+1, 4)), second(w.SettleDelivery(ctx, webhook.Delivery{ID: 1}, testNow)),
			w.QueueNext(ctx, hook.ID, post.ID, testNow), w.GiveUpPending(ctx, hook.ID, testNow, "off"), second(w.PurgeDeliveries(ctx, testNow, 9)),
			w.DeleteWebhook(ctx, hook.ID),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		if _, err := w.ClientNamed(ctx, "public"); err != nil {
			t.Error(err)
		}
	})
	for name, step := range map[string]string{
		"DueWebhooks":     "SEARCH q EXISTS USING COVERING INDEX webhook_delivery_by_next_attempt_at (webhook_id=? AND next_attempt_at<?)",
		"TakeDue":         "SEARCH q USING COVERING INDEX webhook_delivery_by_next_attempt_at (webhook_id=? AND next_attempt_at<?)",
		"QueueDelivery":   "SEARCH q USING INDEX webhook_delivery_first (webhook_id=? AND post_id=?)",
		"QueueNext":       "SEARCH q USING COVERING INDEX webhook_delivery_pending (webhook_id=? AND post_id=?)",
		"PurgeDeliveries": "SEARCH q USING COVERING INDEX webhook_delivery_by_finished_at (finished_at<?)",
		"DeliveryPages":   "SEARCH q USING COVERING INDEX webhook_delivery_by_state (webhook_id=? AND state=? AND created_at>? AND created_at<?)",
		"CountDeliveries": "SEARCH q USING COVERING INDEX webhook_delivery_by_state (webhook_id=? AND state=?)",
	} {
		mustStep(t, seen, name, step)
	}
	mustHaveAll(t, seen, "webhook*.go")
}
