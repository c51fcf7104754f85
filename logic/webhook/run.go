package webhook

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"headwater/logic"
)

const (
	// pause is how often it is looked whether there is something to send.
	pause = 250 * time.Millisecond
	// maxToEach is how many messages are under way to one webhook, so that none takes the place of another's.
	maxToEach = 4
	// lease is for how long a delivery is kept from others that serve the same data: longer than a try takes. What a program that ended
	// without a word had under way is tried again then.
	lease = time.Minute
	// keptFor is how long finished deliveries are kept, and purgeAtOnce how many are taken away in one go.
	keptFor     = 30 * 24 * time.Hour
	purgeAtOnce = 1000
	purgeEvery  = time.Hour
	// offAfter is for how long nothing may arrive before a webhook is switched off.
	offAfter = 5 * 24 * time.Hour
)

// Run sends what is to be sent, and takes away what is no longer kept, until ctx ends; what is under way then is cut short, and sent
// again by whoever runs next.
func (s *Service) Run(ctx context.Context) {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	defer s.sending.attempts.Wait()
	for {
		if _, err := s.begin(ctx); err != nil && ctx.Err() == nil {
			s.options.Logger.ErrorContext(ctx, "webhooks could not be looked after", "error", err)
		}
		select {
		case <-ticker.C:
		case <-s.sending.ended:
		case <-ctx.Done():
			return
		}
	}
}

// begin begins the tries that are due, as far as there is room for them, and returns how many it began.
func (s *Service) begin(ctx context.Context) (begun int, err error) {
	now := s.clock()
	if err := s.purge(ctx, now); err != nil {
		return 0, err
	}
	due, err := s.store.DueWebhooks(ctx, now)
	if err != nil {
		return 0, err
	}
	for _, id := range due {
		tries, err := s.beginOf(ctx, id, now)
		begun += tries
		if err != nil {
			return begun, err
		}
	}
	return begun, nil
}

// beginOf begins the tries of one webhook that are due.
func (s *Service) beginOf(ctx context.Context, id logic.WebhookID, now logic.Moment) (int, error) {
	room := maxToEach - s.sending.to(id)
	if room <= 0 {
		return 0, nil
	}
	var message Message
	var taken []Delivery
	leaseEnd := now.Add(lease)
	err := s.store.Write(ctx, func(w Writer) error {
		hook, err := webhookByID(ctx, w, id)
		if err != nil {
			return err
		}
		message = Message{URL: hook.URL, At: now}
		if message.Secrets, err = w.Signing(ctx, id, now); err != nil {
			return err
		}
		taken, err = w.TakeDue(ctx, id, now, leaseEnd, room)
		return err
	})
	if err != nil {
		return 0, err
	}
	s.sending.add(id, len(taken))
	for _, delivery := range taken {
		message := message
		message.Delivery = delivery
		s.sending.attempts.Go(func() {
			defer s.sending.end(id)
			s.try(ctx, message, leaseEnd)
		})
	}
	return len(taken), nil
}

// try makes one try and stores what came of it. Where that fails, it is made again once the lease has ended.
func (s *Service) try(ctx context.Context, message Message, leaseEnd logic.Moment) {
	status, err := s.options.Sender.Send(ctx, message)
	now, delivery := s.clock(), message.Delivery
	if err != nil && ctx.Err() != nil {
		delivery = delivery.cutShort(now)
	} else {
		delivery = delivery.after(status, err, now, rand.Float64())
	}
	log := s.options.Logger.With("webhook", delivery.WebhookID, "delivery", delivery.ID, "try", delivery.Attempts)
	if delivery.State == Failed {
		log.Warn("a webhook's delivery was given up", "error", *delivery.LastError)
	}
	ctx = context.WithoutCancel(ctx)
	if err := s.store.Write(ctx, func(w Writer) error { return settle(ctx, w, delivery, leaseEnd, now) }); err != nil {
		log.Error("what came of a webhook's delivery could not be stored; it is sent again", "error", err)
	}
}

// settle stores what came of a try, unless the delivery is no longer in the hands of whoever made it.
func settle(ctx context.Context, w Writer, delivery Delivery, leaseEnd, now logic.Moment) error {
	held, err := w.SettleDelivery(ctx, delivery, leaseEnd)
	if err != nil || !held {
		return err
	}
	if delivery.State != Pending && delivery.PostID != nil {
		if err := w.QueueNext(ctx, delivery.WebhookID, *delivery.PostID, now); err != nil {
			return err
		}
	}
	hook, err := webhookByID(ctx, w, delivery.WebhookID)
	if err != nil {
		return err
	}
	switch {
	case delivery.State == Delivered:
		hook.FailingSince, hook.LastDeliveredAt = nil, &now
	case delivery.LastError == nil: // cut short
		return nil
	case hook.FailingSince == nil:
		hook.FailingSince = &now
	case delivery.State == Failed && now >= hook.FailingSince.Add(offAfter):
		if err := hook.switchOff(ctx, w, *delivery.LastError, now); err != nil {
			return err
		}
	}
	return w.UpdateWebhook(ctx, hook)
}

// switchOff switches off a webhook to which nothing came through.
func (w *Webhook) switchOff(ctx context.Context, to Writer, last string, now logic.Moment) error {
	reason := fmt.Sprintf("Nothing arrived for %d days. %s", offAfter/(24*time.Hour), last)
	w.DisabledAt, w.DisabledReason = &now, &reason
	return to.GiveUpPending(ctx, w.ID, now, "The webhook was switched off.")
}

// purge takes away deliveries that are no longer kept, once an hour.
func (s *Service) purge(ctx context.Context, now logic.Moment) error {
	if now < s.sending.purgeAt {
		return nil
	}
	for {
		var gone int64
		err := s.store.Write(ctx, func(w Writer) (err error) {
			gone, err = w.PurgeDeliveries(ctx, now.Add(-keptFor), purgeAtOnce)
			return err
		})
		if err != nil {
			return err
		}
		if gone < purgeAtOnce {
			s.sending.purgeAt = now.Add(purgeEvery)
			return nil
		}
	}
}
