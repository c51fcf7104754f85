package bind

import (
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/client"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/logic/webhook"
)

// Post is a post among those that were read with it.
type Post struct {
	*content.Post
	Batch *Batch[content.Post]
}

// Posts makes rows of one batch of posts.
func Posts(rows []content.Post) []Post {
	return rowsOf(rows, func(row *content.Post, batch *Batch[content.Post]) Post { return Post{row, batch} })
}

// Revision is a state of a post among those that were read with it.
type Revision struct {
	*content.Revision
	Batch *Batch[content.Revision]
}

// Revisions makes rows of one batch of revisions.
func Revisions(rows []content.Revision) []Revision {
	return rowsOf(rows, func(row *content.Revision, batch *Batch[content.Revision]) Revision { return Revision{row, batch} })
}

// Tag is a tag among those that were read with it.
type Tag struct {
	*content.Tag
	Batch *Batch[content.Tag]
}

// Tags makes rows of one batch of tags.
func Tags(rows []content.Tag) []Tag {
	return rowsOf(rows, func(row *content.Tag, batch *Batch[content.Tag]) Tag { return Tag{row, batch} })
}

// Media is a file among those that were read with it.
type Media struct {
	*content.Media
	Batch *Batch[content.Media]
}

// Medias makes rows of one batch of files.
func Medias(rows []content.Media) []Media {
	return rowsOf(rows, func(row *content.Media, batch *Batch[content.Media]) Media { return Media{row, batch} })
}

// User is a user among those who were read together.
type User struct {
	*account.User
	Batch *Batch[account.User]
}

// Users makes rows of one batch of users.
func Users(rows []account.User) []User {
	return rowsOf(rows, func(row *account.User, batch *Batch[account.User]) User { return User{row, batch} })
}

// Session is a session among those that were read together.
type Session struct {
	*account.Session
	Batch *Batch[account.Session]
}

// Sessions makes rows of one batch of sessions.
func Sessions(rows []account.Session) []Session {
	return rowsOf(rows, func(row *account.Session, batch *Batch[account.Session]) Session { return Session{row, batch} })
}

// Client is a client among those that were read together.
type Client struct {
	*client.Client
	Batch *Batch[client.Client]
}

// Clients makes rows of one batch of clients.
func Clients(rows []client.Client) []Client {
	return rowsOf(rows, func(row *client.Client, batch *Batch[client.Client]) Client { return Client{row, batch} })
}

// APIKey is a key among those that were read together.
type APIKey struct {
	*client.APIKey
	Batch *Batch[client.APIKey]
}

// Scopes returns the scopes of the key as a list.
func (k APIKey) Scopes() []logic.Scope { return k.APIKey.Scopes.List() }

// APIKeys makes rows of one batch of keys.
func APIKeys(rows []client.APIKey) []APIKey {
	return rowsOf(rows, func(row *client.APIKey, batch *Batch[client.APIKey]) APIKey { return APIKey{row, batch} })
}

// PostMetrics is the metrics of one post among the posts that were read with it.
type PostMetrics struct {
	metric.PostReport
	Batch *Batch[content.Post]
}

// PostMetricRow is the figures of one post among those that stand in the same list.
type PostMetricRow struct {
	*metric.PostRow
	Batch *Batch[metric.PostRow]
}

// PostMetricRows makes rows of one batch of figures.
func PostMetricRows(rows []metric.PostRow) []PostMetricRow {
	return rowsOf(rows, func(row *metric.PostRow, batch *Batch[metric.PostRow]) PostMetricRow {
		return PostMetricRow{row, batch}
	})
}

// Webhook is a webhook among those that were read together.
type Webhook struct {
	*webhook.Webhook
	Batch *Batch[webhook.Webhook]
}

// Webhooks makes rows of one batch of webhooks.
func Webhooks(rows []webhook.Webhook) []Webhook {
	return rowsOf(rows, func(row *webhook.Webhook, batch *Batch[webhook.Webhook]) Webhook { return Webhook{row, batch} })
}

// WebhookDelivery is a delivery among those that were read together.
type WebhookDelivery struct {
	*webhook.Delivery
	Batch *Batch[webhook.Delivery]
}

// WebhookDeliveries makes rows of one batch of deliveries.
func WebhookDeliveries(rows []webhook.Delivery) []WebhookDelivery {
	return rowsOf(rows, func(row *webhook.Delivery, batch *Batch[webhook.Delivery]) WebhookDelivery {
		return WebhookDelivery{row, batch}
	})
}

// rowsOf makes rows that know their batch, in which they stand.
func rowsOf[T, Row any](rows []T, of func(*T, *Batch[T]) Row) []Row {
	batch := &Batch[T]{Rows: rows}
	bound := make([]Row, len(rows))
	for i := range rows {
		bound[i] = of(&rows[i], batch)
	}
	return bound
}
