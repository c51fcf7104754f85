package client

import (
	"strings"

	"headwater/logic"
)

// The rules of the domain.
var (
	readClients = logic.Needs(logic.ScopeClientsWrite)
	revokeKeys  = logic.NeedsFresh(logic.ScopeClientsWrite) // a leaked key can't be taken away too easily
	giveScopes  = logic.Rule{Scope: logic.ScopeClientsWrite, Fresh: true, Text: "Those with CLIENTS_WRITE who may do themselves all that " +
		"the client with its keys, or the key, may, before and after; a person must have given the password within the last hour."}
)

// Rules are the rules of clients and their keys.
func Rules() logic.Rules {
	rules := logic.Rules{}
	rules.Add(readClients, "Query.clients Query.client Query.client(name)")
	rules.Add(logic.Given, "Client.id Client.name Client.kind Client.description Client.postUrl Client.createdAt")
	rules.Add(readClients, "Client.allowedOrigins Client.scopeCeiling Client.requestsPerMinute Client.apiKeys")
	rules.Add(logic.Given,
		"ApiKey.id ApiKey.client ApiKey.prefix ApiKey.label ApiKey.kind ApiKey.scopes ApiKey.createdAt ApiKey.expiresAt",
		"ApiKey.revokedAt ApiKey.lastUsedAt ApiKey.requestCount",
	)
	rules.Add(revokeKeys, "Mutation.revokeApiKey Mutation.revokeApiKey(id)")
	rules.Add(giveScopes,
		"Mutation.createClient Mutation.createClient(input)",
		"CreateClientInput.name CreateClientInput.kind CreateClientInput.description CreateClientInput.postUrl",
		"CreateClientInput.allowedOrigins CreateClientInput.scopeCeiling CreateClientInput.requestsPerMinute",
		"Mutation.updateClient Mutation.updateClient(name) Mutation.updateClient(input)",
		"UpdateClientInput.description UpdateClientInput.postUrl UpdateClientInput.allowedOrigins UpdateClientInput.scopeCeiling",
		"UpdateClientInput.requestsPerMinute",
		"Mutation.deleteClient Mutation.deleteClient(name)",
		"Mutation.createApiKey Mutation.createApiKey(input)",
		"CreateApiKeyInput.client CreateApiKeyInput.label CreateApiKeyInput.kind CreateApiKeyInput.scopes CreateApiKeyInput.expiresAt",
		"Mutation.rotateApiKey Mutation.rotateApiKey(id) Mutation.rotateApiKey(graceSeconds)",
	)
	rules.Add(logic.Given,
		"ClientPayload.client ClientPayload.userErrors DeleteClientPayload.deletedId DeleteClientPayload.userErrors",
		"ApiKeyPayload.apiKey ApiKeyPayload.userErrors",
		"ApiKeySecretPayload.apiKey ApiKeySecretPayload.secret ApiKeySecretPayload.userErrors",
	)
	return rules
}

// CanSeeSettings tells whether viewer may know more of a client than its name, kind, description and address of posts.
func CanSeeSettings(viewer logic.Viewer) bool { return readClients.Allows(viewer) }

// canKnow tells whether viewer may know of the client with the given key: of every client, or of the one that asks.
func canKnow(viewer logic.Viewer, id logic.ClientID) bool {
	return readClients.Allows(viewer) || viewer.Client != 0 && id == viewer.Client
}

// checkGiving returns nil where viewer may let a client or a key have scopes, or change one that has them, at the moment now: nobody
// gives, or takes hold of, more than they have.
// FORBIDDEN, UNAUTHENTICATED otherwise.
func checkGiving(viewer logic.Viewer, now logic.Moment, scopes logic.Scopes) error {
	if err := giveScopes.Check(viewer, now); err != nil {
		return err
	}
	if more := scopes &^ viewer.Scopes(); more != 0 {
		return logic.Fault(logic.CodeForbidden, "Nobody gives, or takes hold of, more than they have: this needs %s as well.",
			strings.ReplaceAll(more.String(), ",", ", "))
	}
	return nil
}
