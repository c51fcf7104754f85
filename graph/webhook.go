package graph

import (
	"context"
	"encoding/json"
	"fmt"

	"headwater/graph/bind"
	"headwater/graph/gen"
	"headwater/logic"
	"headwater/logic/webhook"
)

func (r query) Webhooks(ctx context.Context) ([]bind.Webhook, error) {
	rows, err := r.Services.Webhook.Webhooks(ctx)
	return bind.Webhooks(rows), err
}

func (r query) Webhook(ctx context.Context, id logic.ID) (*bind.Webhook, error) {
	key, _ := id.Webhook()
	row, err := r.Services.Webhook.Webhook(ctx, key)
	return found(row, err, bind.Webhooks)
}

func (r hook) Client(ctx context.Context, obj *bind.Webhook) (*bind.Client, error) {
	clients, err := clientsOf(ctx, r.Resolver, obj.Batch, func(row webhook.Webhook) []logic.ClientID { return atMostOne(row.ClientID) })
	return held(clients, obj.ClientID), err
}

func (r hook) Deliveries(ctx context.Context, obj *bind.Webhook, first *int, after *string, last *int, before *string, state *webhook.State) (bind.WebhookDeliveryConnection, error) {
	asked, err := webhook.NewDeliveryQuery(state, bind.Page(first, after, last, before))
	if err != nil {
		return bind.WebhookDeliveryConnection{}, err
	}
	pages, err := askOfWebhooks(ctx, obj, asked, "page", func(ctx context.Context, ids []logic.WebhookID) (map[logic.WebhookID]logic.Page[bind.WebhookDelivery], error) {
		rows, err := r.Services.Webhook.DeliveryPages(ctx, ids, asked)
		return pagesTogether(rows, bind.WebhookDeliveries), err
	})
	return bind.WebhookDeliveryConnectionOf(pages, asked.Window, bind.Rest{
		Count: func(ctx context.Context) (int64, error) {
			return askOfWebhooks(ctx, obj, webhook.DeliveryQuery{State: state}, "count", func(ctx context.Context, ids []logic.WebhookID) (map[logic.WebhookID]int64, error) {
				return r.Services.Webhook.CountDeliveries(ctx, ids, asked)
			})
		},
		Have: func(ctx context.Context, window logic.Window) (bool, error) {
			return askOfWebhooks(ctx, obj, webhook.DeliveryQuery{State: state, Window: window}, "have", func(ctx context.Context, ids []logic.WebhookID) (map[logic.WebhookID]bool, error) {
				return r.Services.Webhook.HaveDeliveries(ctx, ids, asked, window)
			})
		},
	}), err
}

// askOfWebhooks returns what load knows of the deliveries of one webhook that are asked for, loaded for all webhooks of its batch.
func askOfWebhooks[V any](ctx context.Context, of *bind.Webhook, asked webhook.DeliveryQuery, what string,
	load func(context.Context, []logic.WebhookID) (map[logic.WebhookID]V, error)) (V, error) {
	args, err := json.Marshal(asked)
	if err != nil {
		var none V
		return none, err
	}
	values, err := bind.Ask(ctx, &of.Batch.Memo, deliveryQuestion{what, string(args)}, func(ctx context.Context) (map[logic.WebhookID]V, error) {
		return load(ctx, keys(of.Batch.Rows, func(row webhook.Webhook) []logic.WebhookID { return []logic.WebhookID{row.ID} }))
	})
	return values[of.ID], err
}

func (r delivery) Webhook(ctx context.Context, obj *bind.WebhookDelivery) (bind.Webhook, error) {
	hooks, err := bind.Ask(ctx, &obj.Batch.Memo, askWebhooks, func(ctx context.Context) (map[logic.WebhookID]bind.Webhook, error) {
		rows, err := r.Services.Webhook.WebhooksByID(ctx, keys(obj.Batch.Rows, func(row webhook.Delivery) []logic.WebhookID { return []logic.WebhookID{row.WebhookID} }))
		return together(rows, bind.Webhooks), err
	})
	found, ok := hooks[obj.WebhookID]
	if err == nil && !ok {
		err = fmt.Errorf("delivery %s has no webhook", obj.NodeID())
	}
	return found, err
}

func (r delivery) Post(ctx context.Context, obj *bind.WebhookDelivery) (*bind.Post, error) {
	posts, err := bind.Ask(ctx, &obj.Batch.Memo, askPosts, func(ctx context.Context) (map[logic.PostID]bind.Post, error) {
		rows, err := r.Content.PostsByID(ctx, keys(obj.Batch.Rows, func(row webhook.Delivery) []logic.PostID { return atMostOne(row.PostID) }))
		return together(rows, bind.Posts), err
	})
	return held(posts, obj.PostID), err
}

func (r mutation) CreateWebhook(ctx context.Context, input webhook.CreateWebhookInput) (*gen.WebhookSecretPayload, error) {
	row, secret, err := r.Services.Webhook.CreateWebhook(ctx, input)
	return webhookSecretPayload(row, secret, ofInput(err))
}

func (r mutation) RotateWebhookSecret(ctx context.Context, id logic.ID, graceSeconds int) (*gen.WebhookSecretPayload, error) {
	key, _ := id.Webhook()
	return webhookSecretPayload(r.Services.Webhook.RotateWebhookSecret(ctx, key, graceSeconds))
}

func webhookSecretPayload(row webhook.Webhook, secret string, err error) (*gen.WebhookSecretPayload, error) {
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.WebhookSecretPayload{Webhook: done(row, faults, bind.Webhooks), Secret: given(secret, faults), UserErrors: faults}, nil
}

func (r mutation) UpdateWebhook(ctx context.Context, id logic.ID, input webhook.UpdateWebhookInput) (*gen.WebhookPayload, error) {
	key, _ := id.Webhook()
	row, err := r.Services.Webhook.UpdateWebhook(ctx, key, input)
	faults, err := userErrors(ofInput(err))
	if err != nil {
		return nil, err
	}
	return &gen.WebhookPayload{Webhook: done(row, faults, bind.Webhooks), UserErrors: faults}, nil
}

func (r mutation) DeleteWebhook(ctx context.Context, id logic.ID) (*gen.DeleteWebhookPayload, error) {
	key, _ := id.Webhook()
	deleted, err := r.Services.Webhook.DeleteWebhook(ctx, key)
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.DeleteWebhookPayload{DeletedID: given(deleted.ID(), faults), UserErrors: faults}, nil
}

func (r mutation) TestWebhook(ctx context.Context, id logic.ID) (*gen.WebhookDeliveryPayload, error) {
	key, _ := id.Webhook()
	return deliveryPayload(r.Services.Webhook.TestWebhook(ctx, key))
}

func (r mutation) ResendDelivery(ctx context.Context, id logic.ID) (*gen.WebhookDeliveryPayload, error) {
	key, _ := id.Delivery()
	return deliveryPayload(r.Services.Webhook.ResendDelivery(ctx, key))
}

func deliveryPayload(row webhook.Delivery, err error) (*gen.WebhookDeliveryPayload, error) {
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.WebhookDeliveryPayload{Delivery: done(row, faults, bind.WebhookDeliveries), UserErrors: faults}, nil
}
