package webhook

import (
	"context"

	"headwater/logic"
)

// TestWebhook has a webhook sent a ping, and returns the delivery, which is not sent yet. NOT_FOUND; INVALID (field id) where it is
// switched off.
func (s *Service) TestWebhook(ctx context.Context, id logic.WebhookID) (Delivery, error) {
	now := s.clock()
	if err := changeWebhooks.Check(logic.ViewerFrom(ctx), now); err != nil {
		return Delivery{}, err
	}
	notice := Notice{ID: NoticeID(s.keys), Event: Ping, At: now}
	delivery := Delivery{
		ID: logic.DeliveryID(s.keys.Next()), WebhookID: id, NoticeID: notice.ID, Event: Ping, Payload: notice.Payload(""),
		State: Pending, CreatedAt: now, NextAttemptAt: &now,
	}
	err := s.store.Write(ctx, func(w Writer) error {
		if err := checkEnabled(ctx, w, id); err != nil {
			return err
		}
		return w.QueueDelivery(ctx, delivery, now)
	})
	if err != nil {
		return Delivery{}, err
	}
	return delivery, nil
}

// ResendDelivery has a delivery sent again, with as many tries as a new one, and returns it as it then is; of one that waits for another
// try, that is made now. NOT_FOUND; INVALID (field id) where its webhook is switched off.
func (s *Service) ResendDelivery(ctx context.Context, id logic.DeliveryID) (Delivery, error) {
	now := s.clock()
	if err := changeWebhooks.Check(logic.ViewerFrom(ctx), now); err != nil {
		return Delivery{}, err
	}
	var delivery Delivery
	err := s.store.Write(ctx, func(w Writer) error {
		before, err := deliveryByID(ctx, w, id)
		if err != nil {
			return err
		}
		if err := checkEnabled(ctx, w, before.WebhookID); err != nil {
			return err
		}
		if before.State == Pending {
			err = w.HurryDelivery(ctx, id, now)
		} else {
			err = w.QueueDelivery(ctx, before.anew(), now)
		}
		if err != nil {
			return err
		}
		delivery, err = deliveryByID(ctx, w, id)
		return err
	})
	if err != nil {
		return Delivery{}, err
	}
	return delivery, nil
}

// anew returns the delivery as if it had never been tried.
func (d Delivery) anew() Delivery {
	d.State, d.Attempts, d.FinishedAt = Pending, 0, nil
	return d
}

// checkEnabled returns NOT_FOUND where there is no such webhook, and INVALID (field id) where it is switched off.
func checkEnabled(ctx context.Context, w Writer, id logic.WebhookID) error {
	hook, err := webhookByID(ctx, w, id)
	if err == nil && !hook.IsEnabled() {
		err = logic.Invalid("The webhook is switched off, so nothing is sent: switch it on first.").At("id")
	}
	return err
}

// deliveryByID returns a delivery, or NOT_FOUND.
func deliveryByID(ctx context.Context, r Reader, id logic.DeliveryID) (Delivery, error) {
	deliveries, err := r.DeliveriesByID(ctx, []logic.DeliveryID{id})
	if err != nil {
		return Delivery{}, err
	}
	delivery, ok := deliveries[id]
	if !ok {
		return Delivery{}, logic.NotFound("delivery")
	}
	return delivery, nil
}
