package store

import (
	"context"
	"encoding/json"

	"headwater/logic"
	"headwater/logic/webhook"
)

var (
	_ webhook.Reader = reader{}
	_ webhook.Writer = (*writer)(nil)
)

// Webhook returns what the domain webhook needs of storage.
func (s *Store) Webhook() webhook.Store {
	return struct {
		reader
		transactor[webhook.Writer]
	}{s.reader(), transactor[webhook.Writer]{s}}
}

// webhookColumns are those of a webhook.Webhook: its secrets are read by what signs alone.
const webhookColumns = `webhook.id, webhook.url, webhook.description, webhook.events, webhook.client_id, webhook.created_at,
	webhook.secret_ends_at, webhook.disabled_at, webhook.disabled_reason, webhook.failing_since, webhook.last_delivered_at`

// webhookRow is a webhook with its events as they are stored.
type webhookRow struct {
	webhook.Webhook
	Events string
}

// webhooksOf reads rows.
func webhooksOf(rows []webhookRow, err error) ([]webhook.Webhook, error) {
	hooks := make([]webhook.Webhook, len(rows))
	for i, row := range rows {
		hooks[i] = row.Webhook
		if err := json.Unmarshal([]byte(row.Events), &hooks[i].Events); err != nil {
			return nil, err
		}
	}
	return hooks, err
}

// AllWebhooks implements webhook.Reader.
func (r reader) AllWebhooks(ctx context.Context) ([]webhook.Webhook, error) {
	return webhooksOf(selectRows[webhookRow](ctx, r, `/* AllWebhooks */ SELECT `+webhookColumns+` FROM webhook ORDER BY id`))
}

// WebhooksByID implements webhook.Reader.
func (r reader) WebhooksByID(ctx context.Context, ids []logic.WebhookID) (map[logic.WebhookID]webhook.Webhook, error) {
	hooks, err := webhooksOf(selectRows[webhookRow](ctx, r, `/* WebhooksByID */ SELECT `+webhookColumns+`
		FROM json_each(?) AS asked CROSS JOIN webhook WHERE webhook.id = asked.value`, keyList(ids)))
	return byKey(hooks, func(hook webhook.Webhook) logic.WebhookID { return hook.ID }), err
}

// DueWebhooks implements webhook.Reader.
func (r reader) DueWebhooks(ctx context.Context, now logic.Moment) ([]logic.WebhookID, error) {
	return selectRows[logic.WebhookID](ctx, r, `/* DueWebhooks */ SELECT webhook.id FROM webhook WHERE EXISTS (
		SELECT 1 FROM webhook_delivery AS q WHERE q.webhook_id = webhook.id AND q.next_attempt_at <= ?)`, now)
}

// ClientNamed implements webhook.Writer.
func (w *writer) ClientNamed(ctx context.Context, name string) (logic.ClientID, error) {
	id, err := selectRow[logic.ClientID](ctx, w.reader, `/* ClientNamed */ SELECT id FROM client WHERE name = ?`, name)
	return id, orNotFound(err, "client")
}

// InsertWebhook implements webhook.Writer.
func (w *writer) InsertWebhook(ctx context.Context, hook webhook.Webhook, secret string) error {
	_, err := w.exec(ctx, `/* InsertWebhook */ INSERT INTO webhook (id, url, description, events, client_id, secret, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, hook.ID, hook.URL, hook.Description, textList(hook.Events), hook.ClientID, secret, hook.CreatedAt)
	return err
}

// UpdateWebhook implements webhook.Writer.
func (w *writer) UpdateWebhook(ctx context.Context, hook webhook.Webhook) error {
	_, err := w.exec(ctx, `/* UpdateWebhook */ UPDATE webhook SET url = ?, description = ?, events = ?, client_id = ?, disabled_at = ?,
			disabled_reason = ?, failing_since = ?, last_delivered_at = ? WHERE id = ?`,
		hook.URL, hook.Description, textList(hook.Events), hook.ClientID, hook.DisabledAt,
		hook.DisabledReason, hook.FailingSince, hook.LastDeliveredAt, hook.ID)
	return err
}

// RotateSecret implements webhook.Writer.
func (w *writer) RotateSecret(ctx context.Context, id logic.WebhookID, secret string, endsAt logic.Moment) error {
	_, err := w.exec(ctx, `/* RotateSecret */ UPDATE webhook SET previous_secret = secret, secret = ?, secret_ends_at = ? WHERE id = ?`,
		secret, endsAt, id)
	return err
}

// DeleteWebhook implements webhook.Writer.
func (w *writer) DeleteWebhook(ctx context.Context, id logic.WebhookID) error {
	_, err := w.exec(ctx, `/* DeleteWebhook */ DELETE FROM webhook WHERE id = ?`, id)
	return err
}

// Signing implements webhook.Writer.
func (w *writer) Signing(ctx context.Context, id logic.WebhookID, now logic.Moment) ([]string, error) {
	kept, err := selectRow[struct {
		Secret         string
		PreviousSecret *string
	}](ctx, w.reader, `/* Signing */ SELECT secret, CASE WHEN secret_ends_at > ? THEN previous_secret END AS previous_secret
		FROM webhook WHERE id = ?`, now, id)
	secrets := []string{kept.Secret}
	if kept.PreviousSecret != nil {
		secrets = append(secrets, *kept.PreviousSecret)
	}
	return secrets, orNotFound(err, "webhook")
}
