package client

import "headwater/logic"

// CreateClientInput says what a new client is.
type CreateClientInput struct {
	Name              string
	Kind              Kind
	Description       string
	PostURL           *string
	AllowedOrigins    []string
	ScopeCeiling      []logic.Scope
	RequestsPerMinute int
}

// UpdateClientInput says what is to be changed of a client; nil leaves a value as it is.
type UpdateClientInput struct {
	Description       *string
	PostURL           logic.TextChange
	AllowedOrigins    []string      // empty and not nil for none
	ScopeCeiling      []logic.Scope // empty and not nil to close the client
	RequestsPerMinute *int
}

// CreateAPIKeyInput says what a new key is.
type CreateAPIKeyInput struct {
	Client    string // its name
	Label     string
	Kind      KeyKind
	Scopes    []logic.Scope
	ExpiresAt *logic.Moment
}
