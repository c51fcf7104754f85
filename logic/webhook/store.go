package webhook

import (
	"context"

	"headwater/logic"
)

// Reader is what the domain needs of storage to read. Reads by many keys return a map, from which what is not there is missing.
// No read decides who may see what.
type Reader interface {
	// AllWebhooks returns every webhook, the oldest first.
	AllWebhooks(ctx context.Context) ([]Webhook, error)
	WebhooksByID(ctx context.Context, ids []logic.WebhookID) (map[logic.WebhookID]Webhook, error)
	// DeliveryPages returns, for each webhook, up to Window.Limit+1 deliveries in the direction that was asked for, in one statement.
	DeliveryPages(ctx context.Context, ids []logic.WebhookID, query DeliveryQuery) (map[logic.WebhookID][]Delivery, error)
	// CountDeliveries returns how many deliveries of each webhook match query, whatever its window, in one statement.
	CountDeliveries(ctx context.Context, ids []logic.WebhookID, query DeliveryQuery) (map[logic.WebhookID]int64, error)
	DeliveriesByID(ctx context.Context, ids []logic.DeliveryID) (map[logic.DeliveryID]Delivery, error)
	// DueWebhooks returns the webhooks that have a delivery to be tried at the moment now.
	DueWebhooks(ctx context.Context, now logic.Moment) ([]logic.WebhookID, error)
}

// Writer is what the domain needs of storage to change, inside one transaction.
type Writer interface {
	Reader
	// ClientNamed returns the key of the client with a name, or NOT_FOUND.
	ClientNamed(ctx context.Context, name string) (logic.ClientID, error)
	InsertWebhook(ctx context.Context, hook Webhook, secret string) error
	// UpdateWebhook replaces a webhook, found by its key, but for its secrets and when it was made.
	UpdateWebhook(ctx context.Context, hook Webhook) error
	// RotateSecret gives a webhook another secret, beside which the present one counts until endsAt.
	RotateSecret(ctx context.Context, id logic.WebhookID, secret string, endsAt logic.Moment) error
	// DeleteWebhook takes a webhook away, with its deliveries.
	DeleteWebhook(ctx context.Context, id logic.WebhookID) error
	// Signing returns the secrets that sign for a webhook at the moment now, the newest first, or NOT_FOUND.
	Signing(ctx context.Context, id logic.WebhookID, now logic.Moment) ([]string, error)

	// QueueDelivery adds a delivery, or replaces one that is finished: it is to be tried at the moment now, or once those about the same
	// post that are tried already are finished.
	QueueDelivery(ctx context.Context, delivery Delivery, now logic.Moment) error
	// HurryDelivery has a pending delivery tried at the moment now that waits for another try.
	HurryDelivery(ctx context.Context, id logic.DeliveryID, now logic.Moment) error
	// TakeDue returns up to limit deliveries of a webhook that are to be tried at the moment now, and counts the try. Nobody else gets
	// them before leaseEnd.
	TakeDue(ctx context.Context, id logic.WebhookID, now, leaseEnd logic.Moment, limit int) ([]Delivery, error)
	// SettleDelivery stores what came of a try of a delivery that was taken until leaseEnd, and tells whether it still was.
	SettleDelivery(ctx context.Context, delivery Delivery, leaseEnd logic.Moment) (bool, error)
	// QueueNext has the oldest pending delivery about a post tried at the moment now.
	QueueNext(ctx context.Context, id logic.WebhookID, post logic.PostID, now logic.Moment) error
	// GiveUpPending ends all pending deliveries of a webhook at the moment now.
	GiveUpPending(ctx context.Context, id logic.WebhookID, now logic.Moment, reason string) error
	// PurgeDeliveries takes away up to limit finished deliveries from before a moment, and returns how many there were.
	PurgeDeliveries(ctx context.Context, before logic.Moment, limit int) (int64, error)
}

// Store keeps webhooks and their deliveries.
type Store interface {
	Reader
	logic.Transactor[Writer]
}

// DeliveryQuery is what is asked of a webhook's deliveries, newest first.
type DeliveryQuery struct {
	State  *State // nil for all
	Window logic.Window
}
