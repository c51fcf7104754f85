package webhook

import (
	"context"
	"time"

	"headwater/logic"
)

const (
	// maxWebhooks is how many webhooks there can be: each change of a post writes a row for each that wants to know.
	maxWebhooks = 20
	// maxGrace is how long a secret may count beside the one that takes its place.
	maxGrace = 30 * 24 * time.Hour
)

// CreateWebhook makes a webhook and returns it with the secret that its messages are signed by, which is shown this once. It is for
// those with SITE_WRITE (FORBIDDEN; UNAUTHENTICATED where a person gave the password too long ago), as is all that follows. All faults
// come together (REQUIRED, TOO_LONG, INVALID, NOT_FOUND for the client; the field is the one at fault); INVALID too where there are
// 20 webhooks.
func (s *Service) CreateWebhook(ctx context.Context, input CreateWebhookInput) (Webhook, string, error) {
	now := s.clock()
	if err := changeWebhooks.Check(logic.ViewerFrom(ctx), now); err != nil {
		return Webhook{}, "", err
	}
	hook := Webhook{
		ID: logic.WebhookID(s.keys.Next()), URL: input.URL, Description: input.Description, Events: input.Events, CreatedAt: now,
	}.trimmed()
	secret, _ := logic.NewToken(logic.TokenWebhook)
	err := s.store.Write(ctx, func(w Writer) error {
		hooks, err := w.AllWebhooks(ctx)
		if err != nil {
			return err
		}
		faults := s.check(hook, "")
		if len(hooks) >= maxWebhooks {
			faults.Add(logic.Invalid("There are %d webhooks, and there can't be more: delete one.", len(hooks)))
		}
		if input.Client != nil {
			if err := setClient(ctx, w, &hook, *input.Client, &faults); err != nil {
				return err
			}
		}
		if err := faults.Err(); err != nil {
			return err
		}
		hook.Events = inOrder(hook.Events)
		return w.InsertWebhook(ctx, hook, secret)
	})
	if err != nil {
		return Webhook{}, "", err
	}
	return hook, secret, nil
}

// setClient has a webhook tell the addresses of posts that the client with a name has; one that is not there is among the faults.
func setClient(ctx context.Context, w Writer, hook *Webhook, name string, faults *logic.Faults) error {
	id, err := w.ClientNamed(ctx, name)
	if logic.CodeOf(err) == logic.CodeNotFound {
		faults.Add(logic.NotFound("client"), "client")
		return nil
	}
	hook.ClientID = &id
	return err
}

// UpdateWebhook changes a webhook and returns it as it then is. NOT_FOUND; faults are those of CreateWebhook. What waits for one that is
// switched off is given up; one that is switched on begins with what happens then.
func (s *Service) UpdateWebhook(ctx context.Context, id logic.WebhookID, input UpdateWebhookInput) (Webhook, error) {
	now := s.clock()
	if err := changeWebhooks.Check(logic.ViewerFrom(ctx), now); err != nil {
		return Webhook{}, err
	}
	var hook Webhook
	err := s.store.Write(ctx, func(w Writer) error {
		before, err := webhookByID(ctx, w, id)
		if err != nil {
			return err
		}
		hook = input.apply(before).trimmed()
		faults := s.check(hook, before.URL)
		if input.Client.Value != nil {
			if err := setClient(ctx, w, &hook, *input.Client.Value, &faults); err != nil {
				return err
			}
		}
		if err := faults.Err(); err != nil {
			return err
		}
		hook.Events = inOrder(hook.Events)
		if input.IsEnabled != nil && *input.IsEnabled != hook.IsEnabled() {
			if err := hook.turn(ctx, w, *input.IsEnabled, now); err != nil {
				return err
			}
		}
		return w.UpdateWebhook(ctx, hook)
	})
	if err != nil {
		return Webhook{}, err
	}
	return hook, nil
}

// turn switches the webhook on or off.
func (w *Webhook) turn(ctx context.Context, to Writer, on bool, now logic.Moment) error {
	if on {
		w.DisabledAt, w.DisabledReason, w.FailingSince = nil, nil, nil
		return nil
	}
	w.DisabledAt = &now
	return to.GiveUpPending(ctx, w.ID, now, "The webhook was switched off.")
}

// DeleteWebhook takes a webhook away, with its deliveries, and what is under way is its last. NOT_FOUND.
func (s *Service) DeleteWebhook(ctx context.Context, id logic.WebhookID) (logic.WebhookID, error) {
	if err := changeWebhooks.Check(logic.ViewerFrom(ctx), s.clock()); err != nil {
		return 0, err
	}
	return id, s.store.Write(ctx, func(w Writer) error {
		if _, err := webhookByID(ctx, w, id); err != nil {
			return err
		}
		return w.DeleteWebhook(ctx, id)
	})
}

// RotateWebhookSecret gives a webhook another secret and returns it, which is shown this once. For graceSeconds, 0 to 30 days, messages
// are signed by the one before as well, so that the receiver can change over; by no earlier one. NOT_FOUND; INVALID (field graceSeconds).
func (s *Service) RotateWebhookSecret(ctx context.Context, id logic.WebhookID, graceSeconds int) (Webhook, string, error) {
	now := s.clock()
	if err := changeWebhooks.Check(logic.ViewerFrom(ctx), now); err != nil {
		return Webhook{}, "", err
	}
	if most := int(maxGrace / time.Second); graceSeconds < 0 || graceSeconds > most {
		return Webhook{}, "", logic.Invalid("must be 0 to %d seconds, which is %d days", most, maxGrace/(24*time.Hour)).At("graceSeconds")
	}
	secret, _ := logic.NewToken(logic.TokenWebhook)
	var hook Webhook
	err := s.store.Write(ctx, func(w Writer) error {
		var err error
		if hook, err = webhookByID(ctx, w, id); err != nil {
			return err
		}
		hook.SecretEndsAt = new(now.Add(time.Duration(graceSeconds) * time.Second))
		return w.RotateSecret(ctx, id, secret, *hook.SecretEndsAt)
	})
	if err != nil {
		return Webhook{}, "", err
	}
	return hook, secret, nil
}
