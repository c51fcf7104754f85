package webhook

import "headwater/logic"

// Webhook is an address that is told of what it wants to know. Only those with SITE_WRITE see it.
type Webhook struct {
	ID          logic.WebhookID
	URL         string
	Description string
	Events      []Event
	ClientID    *logic.ClientID // whose addresses of posts are told; nil for the site's
	CreatedAt   logic.Moment
	// SecretEndsAt is until when messages are signed by the secret before the present one too; nil where there is none.
	SecretEndsAt *logic.Moment
	DisabledAt   *logic.Moment // since when nothing is sent; nil while it is on
	// DisabledReason says why it was switched off; nil where it is on, or somebody did it.
	DisabledReason  *string
	FailingSince    *logic.Moment // when the first of the tries failed behind which none succeeded; nil where the last one did
	LastDeliveredAt *logic.Moment
}

// NodeID returns the webhook's identity across all types.
func (w Webhook) NodeID() logic.ID { return w.ID.ID() }

// IsEnabled tells whether the webhook is told of anything.
func (w Webhook) IsEnabled() bool { return w.DisabledAt == nil }

// CreateWebhookInput says what a new webhook is.
type CreateWebhookInput struct {
	URL         string
	Description string
	Events      []Event
	Client      *string // its name
}

// UpdateWebhookInput says what is to be changed of a webhook; nil leaves a value as it is.
type UpdateWebhookInput struct {
	URL         *string
	Description *string
	Events      []Event
	Client      logic.TextChange // its name; null for the site's addresses
	IsEnabled   *bool
}

func (i UpdateWebhookInput) apply(hook Webhook) Webhook {
	if i.URL != nil {
		hook.URL = *i.URL
	}
	if i.Description != nil {
		hook.Description = *i.Description
	}
	if i.Events != nil {
		hook.Events = i.Events
	}
	if i.Client.Given && i.Client.Value == nil {
		hook.ClientID = nil
	}
	return hook
}
