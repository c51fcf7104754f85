package webhook

import "headwater/logic"

// The rules of the domain.
var (
	readWebhooks   = logic.Needs(logic.ScopeSiteWrite)
	changeWebhooks = logic.NeedsFresh(logic.ScopeSiteWrite)
)

// Rules are the rules of webhooks and of what they are sent.
func Rules() logic.Rules {
	rules := logic.Rules{}
	rules.Add(readWebhooks, "Query.webhooks Query.webhook Query.webhook(id)")
	rules.Add(logic.Given,
		"Webhook.id Webhook.url Webhook.description Webhook.events Webhook.client Webhook.createdAt Webhook.secretEndsAt",
		"Webhook.isEnabled Webhook.disabledAt Webhook.disabledReason Webhook.failingSince Webhook.lastDeliveredAt",
		"Webhook.deliveries Webhook.deliveries(first) Webhook.deliveries(after) Webhook.deliveries(last) Webhook.deliveries(before)",
		"Webhook.deliveries(state)",
		"WebhookDeliveryConnection.edges WebhookDeliveryConnection.nodes WebhookDeliveryConnection.pageInfo",
		"WebhookDeliveryConnection.totalCount WebhookDeliveryEdge.cursor WebhookDeliveryEdge.node",
		"WebhookDelivery.id WebhookDelivery.webhook WebhookDelivery.event WebhookDelivery.eventId WebhookDelivery.payload",
		"WebhookDelivery.state WebhookDelivery.attempts WebhookDelivery.createdAt WebhookDelivery.nextAttemptAt",
		"WebhookDelivery.lastAttemptAt WebhookDelivery.finishedAt WebhookDelivery.lastStatus WebhookDelivery.lastError",
	)
	rules.Add(logic.Decided("Whoever was given the delivery and may read the post."), "WebhookDelivery.post")
	rules.Add(changeWebhooks,
		"Mutation.createWebhook Mutation.createWebhook(input)",
		"CreateWebhookInput.url CreateWebhookInput.description CreateWebhookInput.events CreateWebhookInput.client",
		"Mutation.updateWebhook Mutation.updateWebhook(id) Mutation.updateWebhook(input)",
		"UpdateWebhookInput.url UpdateWebhookInput.description UpdateWebhookInput.events UpdateWebhookInput.client UpdateWebhookInput.isEnabled",
		"Mutation.deleteWebhook Mutation.deleteWebhook(id)",
		"Mutation.rotateWebhookSecret Mutation.rotateWebhookSecret(id) Mutation.rotateWebhookSecret(graceSeconds)",
		"Mutation.testWebhook Mutation.testWebhook(id) Mutation.resendDelivery Mutation.resendDelivery(id)",
	)
	rules.Add(logic.Given,
		"WebhookPayload.webhook WebhookPayload.userErrors DeleteWebhookPayload.deletedId DeleteWebhookPayload.userErrors",
		"WebhookSecretPayload.webhook WebhookSecretPayload.secret WebhookSecretPayload.userErrors",
		"WebhookDeliveryPayload.delivery WebhookDeliveryPayload.userErrors",
	)
	return rules
}
