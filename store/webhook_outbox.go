package store

import (
	"context"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/webhook"
)

// eventNames are the events of posts as webhooks call them.
var eventNames = map[content.PostEventKind]webhook.Event{
	content.PostEventPublished: webhook.PostPublished,
	content.PostEventChanged:   webhook.PostChanged,
	content.PostEventRemoved:   webhook.PostRemoved,
}

// AddPostEvent has the webhooks that want to know told of a change that readers see, in the transaction that makes it.
func (w *writer) AddPostEvent(ctx context.Context, event content.PostEvent) error {
	name := eventNames[event.Kind]
	hooks, err := selectRows[struct {
		ID      logic.WebhookID
		PostURL string
	}](ctx, w.reader, `/* AddPostEvent */ SELECT webhook.id, coalesce(client.post_url, site.post_url) AS post_url
		FROM webhook CROSS JOIN site LEFT JOIN client ON client.id = webhook.client_id
		WHERE site.id = 1 AND webhook.disabled_at IS NULL
			AND ? IN (SELECT wanted.value FROM json_each(webhook.events) AS wanted)`, name)
	if err != nil || len(hooks) == 0 {
		return err
	}
	facts := factsOf(event)
	notice := webhook.Notice{ID: webhook.NoticeID(w.keys), Event: name, At: event.At, Post: &facts}
	for _, hook := range hooks {
		err := w.QueueDelivery(ctx, webhook.Delivery{
			ID: logic.DeliveryID(w.keys.Next()), WebhookID: hook.ID, NoticeID: notice.ID, Event: name, PostID: &facts.ID,
			Payload: notice.Payload(hook.PostURL), CreatedAt: event.At,
		}, event.At)
		if err != nil {
			return err
		}
	}
	return nil
}

// factsOf returns what is told of a post: of a removed one what readers saw before.
func factsOf(event content.PostEvent) webhook.PostFacts {
	post := event.Post
	if event.Kind == content.PostEventRemoved {
		post = event.Before
	}
	facts := webhook.PostFacts{
		ID: post.ID, Kind: string(post.Kind), Slug: post.Slug, Title: post.Title, Language: post.Language, PublishedAt: post.PublishedAt,
		UpdatedAt: post.UpdatedAt,
	}
	if before := event.Before.Slug; before != post.Slug {
		facts.PreviousSlug = before
	}
	return facts
}
