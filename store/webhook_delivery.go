package store

import (
	"cmp"
	"context"
	"slices"

	"headwater/logic"
	"headwater/logic/webhook"
)

// deliveryColumns are those of a webhook.Delivery.
const deliveryColumns = `webhook_delivery.id, webhook_delivery.webhook_id, webhook_delivery.notice_id, webhook_delivery.event,
	webhook_delivery.post_id, webhook_delivery.payload, webhook_delivery.state, webhook_delivery.attempts, webhook_delivery.created_at,
	webhook_delivery.next_attempt_at, webhook_delivery.is_under_way, webhook_delivery.last_attempt_at, webhook_delivery.finished_at,
	webhook_delivery.last_status, webhook_delivery.last_error`

// DeliveryPages implements webhook.Reader.
func (r reader) DeliveryPages(ctx context.Context, ids []logic.WebhookID, query webhook.DeliveryQuery) (map[logic.WebhookID][]webhook.Delivery, error) {
	part := stretchOf(query.Window, false, cursorInt)
	var s statement
	s.add(`/* DeliveryPages */ SELECT `+deliveryColumns+` FROM json_each(?) AS asked CROSS JOIN webhook_delivery
		WHERE webhook_delivery.id IN (SELECT q.id FROM webhook_delivery AS q WHERE `, keyList(ids))
	s.addDeliveries(query)
	s.addStretch(part, "q.created_at", "q.id")
	s.addOrder(part, "q.created_at", "q.id", query.Window.Limit+1)
	s.add(`)`)
	rows, err := selectRows[webhook.Delivery](ctx, r, s.text.String(), s.args...)
	return byWebhook(rows, part.down), err
}

// byWebhook returns deliveries by their webhooks, put in order: the newest first where they were read down.
func byWebhook(rows []webhook.Delivery, down bool) map[logic.WebhookID][]webhook.Delivery {
	slices.SortFunc(rows, func(a, b webhook.Delivery) int {
		order := cmp.Or(cmp.Compare(a.CreatedAt, b.CreatedAt), cmp.Compare(a.ID, b.ID))
		if down {
			return -order
		}
		return order
	})
	pages := map[logic.WebhookID][]webhook.Delivery{}
	for _, row := range rows {
		pages[row.WebhookID] = append(pages[row.WebhookID], row)
	}
	return pages
}

// addDeliveries adds the conditions that an entry q of webhook_delivery is of the webhook asked.value and matches query.
func (s *statement) addDeliveries(query webhook.DeliveryQuery) {
	s.add(`q.webhook_id = asked.value`)
	if query.State != nil {
		s.add(` AND q.state = ?`, *query.State)
	}
}

// CountDeliveries implements webhook.Reader.
func (r reader) CountDeliveries(ctx context.Context, ids []logic.WebhookID, query webhook.DeliveryQuery) (map[logic.WebhookID]int64, error) {
	var s statement
	s.add(`/* CountDeliveries */ SELECT asked.value AS webhook_id, (SELECT count(*) FROM webhook_delivery AS q WHERE `)
	s.addDeliveries(query)
	s.add(`) AS deliveries FROM json_each(?) AS asked`, keyList(ids))
	rows, err := selectRows[struct {
		WebhookID  logic.WebhookID
		Deliveries int64
	}](ctx, r, s.text.String(), s.args...)
	counts := make(map[logic.WebhookID]int64, len(rows))
	for _, row := range rows {
		counts[row.WebhookID] = row.Deliveries
	}
	return counts, err
}

// DeliveriesByID implements webhook.Reader.
func (r reader) DeliveriesByID(ctx context.Context, ids []logic.DeliveryID) (map[logic.DeliveryID]webhook.Delivery, error) {
	rows, err := selectRows[webhook.Delivery](ctx, r, `/* DeliveriesByID */ SELECT `+deliveryColumns+`
		FROM json_each(?) AS asked CROSS JOIN webhook_delivery WHERE webhook_delivery.id = asked.value`, keyList(ids))
	return byKey(rows, func(delivery webhook.Delivery) logic.DeliveryID { return delivery.ID }), err
}

// QueueDelivery implements webhook.Writer.
func (w *writer) QueueDelivery(ctx context.Context, d webhook.Delivery, now logic.Moment) error {
	_, err := w.exec(ctx, `/* QueueDelivery */
		INSERT INTO webhook_delivery (id, webhook_id, notice_id, event, post_id, payload, state, attempts, created_at, next_attempt_at)
		VALUES (?, ?, ?, ?, ?, ?, 'PENDING', 0, ?, CASE WHEN NOT EXISTS (
			SELECT 1 FROM webhook_delivery AS q WHERE q.webhook_id = ? AND q.post_id = ? AND q.next_attempt_at IS NOT NULL) THEN ? END)
		ON CONFLICT (id) DO UPDATE
		SET state = excluded.state, attempts = excluded.attempts, next_attempt_at = excluded.next_attempt_at, finished_at = NULL`,
		d.ID, d.WebhookID, d.NoticeID, d.Event, d.PostID, d.Payload, d.CreatedAt, d.WebhookID, d.PostID, now)
	return err
}

// HurryDelivery implements webhook.Writer.
func (w *writer) HurryDelivery(ctx context.Context, id logic.DeliveryID, now logic.Moment) error {
	_, err := w.exec(ctx, `/* HurryDelivery */ UPDATE webhook_delivery SET next_attempt_at = ?
		WHERE id = ? AND next_attempt_at > ? AND is_under_way = 0`, now, id, now)
	return err
}

// TakeDue implements webhook.Writer.
func (w *writer) TakeDue(ctx context.Context, id logic.WebhookID, now, leaseEnd logic.Moment, limit int) ([]webhook.Delivery, error) {
	w.writes = true
	return selectRows[webhook.Delivery](ctx, w.reader, `/* TakeDue */ UPDATE webhook_delivery
		SET is_under_way = 1, attempts = attempts + 1, last_attempt_at = ?, next_attempt_at = ?
		WHERE id IN (SELECT q.id FROM webhook_delivery AS q WHERE q.webhook_id = ? AND q.next_attempt_at <= ? ORDER BY q.next_attempt_at LIMIT ?)
		RETURNING `+deliveryColumns, now, leaseEnd, id, now, limit)
}

// SettleDelivery implements webhook.Writer.
func (w *writer) SettleDelivery(ctx context.Context, d webhook.Delivery, leaseEnd logic.Moment) (bool, error) {
	changed, err := w.exec(ctx, `/* SettleDelivery */ UPDATE webhook_delivery
		SET state = ?, attempts = ?, next_attempt_at = ?, is_under_way = 0, finished_at = ?, last_status = ?, last_error = ?
		WHERE id = ? AND is_under_way = 1 AND next_attempt_at = ?`,
		d.State, d.Attempts, d.NextAttemptAt, d.FinishedAt, d.LastStatus, d.LastError, d.ID, leaseEnd)
	return changed > 0, err
}

// QueueNext implements webhook.Writer.
func (w *writer) QueueNext(ctx context.Context, id logic.WebhookID, post logic.PostID, now logic.Moment) error {
	_, err := w.exec(ctx, `/* QueueNext */ UPDATE webhook_delivery SET next_attempt_at = ? WHERE id = (
		SELECT q.id FROM webhook_delivery AS q WHERE q.webhook_id = ? AND q.post_id = ? AND q.state = 'PENDING' ORDER BY q.id LIMIT 1)`,
		now, id, post)
	return err
}

// GiveUpPending implements webhook.Writer.
func (w *writer) GiveUpPending(ctx context.Context, id logic.WebhookID, now logic.Moment, reason string) error {
	_, err := w.exec(ctx, `/* GiveUpPending */ UPDATE webhook_delivery
		SET state = 'FAILED', next_attempt_at = NULL, is_under_way = 0, finished_at = ?, last_error = ?
		WHERE webhook_id = ? AND state = 'PENDING'`, now, reason, id)
	return err
}

// PurgeDeliveries implements webhook.Writer.
func (w *writer) PurgeDeliveries(ctx context.Context, before logic.Moment, limit int) (int64, error) {
	return w.exec(ctx, `/* PurgeDeliveries */ DELETE FROM webhook_delivery WHERE id IN (
		SELECT q.id FROM webhook_delivery AS q WHERE q.finished_at < ? ORDER BY q.finished_at LIMIT ?)`, before, limit)
}
