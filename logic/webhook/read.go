package webhook

import (
	"context"

	"headwater/logic"
)

// orderByCreatedAt names the order of every list of deliveries, in their cursors: newest first.
const orderByCreatedAt = "DELIVERY"

// Webhooks returns every webhook, the oldest first; there are at most 20. FORBIDDEN without SITE_WRITE.
func (s *Service) Webhooks(ctx context.Context) ([]Webhook, error) {
	if err := readWebhooks.Check(logic.ViewerFrom(ctx), s.clock()); err != nil {
		return nil, err
	}
	return s.store.AllWebhooks(ctx)
}

// Webhook returns a webhook, or NOT_FOUND. FORBIDDEN without SITE_WRITE.
func (s *Service) Webhook(ctx context.Context, id logic.WebhookID) (Webhook, error) {
	if err := readWebhooks.Check(logic.ViewerFrom(ctx), s.clock()); err != nil {
		return Webhook{}, err
	}
	return webhookByID(ctx, s.store, id)
}

// webhookByID returns a webhook, or NOT_FOUND.
func webhookByID(ctx context.Context, r Reader, id logic.WebhookID) (Webhook, error) {
	hooks, err := r.WebhooksByID(ctx, []logic.WebhookID{id})
	if err != nil {
		return Webhook{}, err
	}
	hook, ok := hooks[id]
	if !ok {
		return Webhook{}, logic.NotFound("webhook")
	}
	return hook, nil
}

// WebhooksByID returns the webhooks with the given keys; none without SITE_WRITE.
func (s *Service) WebhooksByID(ctx context.Context, ids []logic.WebhookID) (map[logic.WebhookID]Webhook, error) {
	if !readWebhooks.Allows(logic.ViewerFrom(ctx)) {
		return nil, nil
	}
	return s.store.WebhooksByID(ctx, ids)
}

// DeliveriesByID returns the deliveries with the given keys; none without SITE_WRITE.
func (s *Service) DeliveriesByID(ctx context.Context, ids []logic.DeliveryID) (map[logic.DeliveryID]Delivery, error) {
	if !readWebhooks.Allows(logic.ViewerFrom(ctx)) {
		return nil, nil
	}
	return s.store.DeliveriesByID(ctx, ids)
}

// NewDeliveryQuery checks what is asked of a webhook's deliveries. INVALID (fields first, last, after, before).
func NewDeliveryQuery(state *State, page logic.PageArgs) (DeliveryQuery, error) {
	window, faults := page.Window(orderByCreatedAt)
	return DeliveryQuery{State: state, Window: window}, faults.Err()
}

// DeliveryPages returns the part of each webhook's deliveries that query asks for; nothing without SITE_WRITE.
func (s *Service) DeliveryPages(ctx context.Context, ids []logic.WebhookID, query DeliveryQuery) (map[logic.WebhookID]logic.Page[Delivery], error) {
	rows, err := s.deliveries(ctx, ids, query)
	pages := make(map[logic.WebhookID]logic.Page[Delivery], len(rows))
	for id, deliveries := range rows {
		pages[id] = logic.Trim(query.Window, deliveries)
	}
	return pages, err
}

// HaveDeliveries tells of each webhook whether any such delivery stands in window.
func (s *Service) HaveDeliveries(ctx context.Context, ids []logic.WebhookID, query DeliveryQuery, window logic.Window) (map[logic.WebhookID]bool, error) {
	query.Window = window
	rows, err := s.deliveries(ctx, ids, query)
	have := make(map[logic.WebhookID]bool, len(rows))
	for id, deliveries := range rows {
		have[id] = len(deliveries) > 0
	}
	return have, err
}

func (s *Service) deliveries(ctx context.Context, ids []logic.WebhookID, query DeliveryQuery) (map[logic.WebhookID][]Delivery, error) {
	if !readWebhooks.Allows(logic.ViewerFrom(ctx)) {
		return nil, nil
	}
	return s.store.DeliveryPages(ctx, ids, query)
}

// CountDeliveries returns how many such deliveries each webhook has; none without SITE_WRITE.
func (s *Service) CountDeliveries(ctx context.Context, ids []logic.WebhookID, query DeliveryQuery) (map[logic.WebhookID]int64, error) {
	if !readWebhooks.Allows(logic.ViewerFrom(ctx)) {
		return nil, nil
	}
	return s.store.CountDeliveries(ctx, ids, query)
}

// Cursor returns the delivery's place in the list of its webhook's.
func (d Delivery) Cursor() logic.Cursor {
	return logic.Cursor{Order: orderByCreatedAt, Int: int64(d.CreatedAt), Key: int64(d.ID)}
}
