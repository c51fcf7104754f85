package graph

import (
	"headwater/graph/gen"
	"headwater/logic/account"
	"headwater/logic/client"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/logic/webhook"
)

// Services are the domains that resolvers ask.
type Services struct {
	Content *content.Service
	Account *account.Service
	Client  *client.Service
	Metric  *metric.Service
	Webhook *webhook.Service
}

// Resolver answers the fields that the Go types of the contract lack.
type Resolver struct {
	Services
}

var _ gen.ResolverRoot = (*Resolver)(nil)

// New returns a Resolver over services.
func New(services Services) *Resolver { return &Resolver{services} }

// Query returns the resolver of the root for reading.
func (r *Resolver) Query() gen.QueryResolver { return query{r} }

// Mutation returns the resolver of the root for changing.
func (r *Resolver) Mutation() gen.MutationResolver { return mutation{r} }

// Viewer returns the resolver of whoever asks.
func (r *Resolver) Viewer() gen.ViewerResolver { return viewer{r} }

// Post returns the resolver of posts.
func (r *Resolver) Post() gen.PostResolver { return post{r} }

// Revision returns the resolver of revisions of posts.
func (r *Resolver) Revision() gen.RevisionResolver { return revision{r} }

// Tag returns the resolver of tags.
func (r *Resolver) Tag() gen.TagResolver { return tag{r} }

// Media returns the resolver of files.
func (r *Resolver) Media() gen.MediaResolver { return media{r} }

// MediaVariant returns the resolver of copies of images.
func (r *Resolver) MediaVariant() gen.MediaVariantResolver { return mediaVariant{r} }

// User returns the resolver of users.
func (r *Resolver) User() gen.UserResolver { return user{r} }

// Session returns the resolver of sessions.
func (r *Resolver) Session() gen.SessionResolver { return session{r} }

// Client returns the resolver of clients.
func (r *Resolver) Client() gen.ClientResolver { return frontend{r} }

// ApiKey returns the resolver of keys.
func (r *Resolver) ApiKey() gen.ApiKeyResolver { return key{r} }

// Webhook returns the resolver of webhooks.
func (r *Resolver) Webhook() gen.WebhookResolver { return hook{r} }

// WebhookDelivery returns the resolver of what webhooks are sent.
func (r *Resolver) WebhookDelivery() gen.WebhookDeliveryResolver { return delivery{r} }

// Metrics returns the resolver of what readers did.
func (r *Resolver) Metrics() gen.MetricsResolver { return metrics{r} }

// PostMetrics returns the resolver of what readers of one post did.
func (r *Resolver) PostMetrics() gen.PostMetricsResolver { return postMetrics{r} }

// PostMetricRow returns the resolver of the figures of one post.
func (r *Resolver) PostMetricRow() gen.PostMetricRowResolver { return postMetricRow{r} }

type (
	query         struct{ *Resolver }
	mutation      struct{ *Resolver }
	viewer        struct{ *Resolver }
	post          struct{ *Resolver }
	revision      struct{ *Resolver }
	tag           struct{ *Resolver }
	media         struct{ *Resolver }
	mediaVariant  struct{ *Resolver }
	user          struct{ *Resolver }
	session       struct{ *Resolver }
	frontend      struct{ *Resolver }
	key           struct{ *Resolver }
	hook          struct{ *Resolver }
	delivery      struct{ *Resolver }
	metrics       struct{ *Resolver }
	postMetrics   struct{ *Resolver }
	postMetricRow struct{ *Resolver }
)
