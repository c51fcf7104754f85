package client

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"

	"headwater/logic"
)

type Store interface{ logic.Transactor[Writer] }
type Writer interface{}

type Options struct {
	AddressPerMinute int
	Logger           *slog.Logger
}
type Service struct{}

type Credentials struct {
	Key, Origin           string
	OwnOrigin, SameOrigin bool
}
type Identity struct {
	Client Client
	Key    *APIKey
	Limit  logic.Scopes
}

var errTodo = errors.New("not yet")

func New(store Store, clock logic.Clock, keys *logic.Keys, options Options) *Service {
	return &Service{}
}
func (i Identity) Secret() bool  { return false }
func (i Identity) Browser() bool { return false }
func (s *Service) Identify(ctx context.Context, c Credentials) (Identity, error) {
	return Identity{}, errTodo
}
func (s *Service) Admit(identity Identity, address netip.Addr) error { return errTodo }
func (s *Service) AllowsOrigin(ctx context.Context, origin string) (bool, error) {
	return false, errTodo
}
func (s *Service) Viewing(ctx context.Context) (Client, error)             { return Client{}, errTodo }
func (s *Service) Run(ctx context.Context)                                 {}
func (s *Service) Clients(ctx context.Context) ([]Client, error)           { return nil, errTodo }
func (s *Service) Client(ctx context.Context, name string) (Client, error) { return Client{}, errTodo }
func (s *Service) ClientsByID(ctx context.Context, ids []logic.ClientID) (map[logic.ClientID]Client, error) {
	return nil, errTodo
}
func (s *Service) KnownClientsByID(ctx context.Context, ids []logic.ClientID) (map[logic.ClientID]Client, error) {
	return nil, errTodo
}
func (s *Service) KeysOfClients(ctx context.Context, ids []logic.ClientID) (map[logic.ClientID][]APIKey, error) {
	return nil, errTodo
}
func (s *Service) APIKeysByID(ctx context.Context, ids []logic.APIKeyID) (map[logic.APIKeyID]APIKey, error) {
	return nil, errTodo
}
func (s *Service) CreateClient(ctx context.Context, in CreateClientInput) (Client, error) {
	return Client{}, errTodo
}
func (s *Service) UpdateClient(ctx context.Context, name string, in UpdateClientInput) (Client, error) {
	return Client{}, errTodo
}
func (s *Service) DeleteClient(ctx context.Context, name string) (logic.ClientID, error) {
	return 0, errTodo
}
func (s *Service) CreateAPIKey(ctx context.Context, in CreateAPIKeyInput) (APIKey, string, error) {
	return APIKey{}, "", errTodo
}
func (s *Service) RotateAPIKey(ctx context.Context, id logic.APIKeyID, graceSeconds int) (APIKey, string, error) {
	return APIKey{}, "", errTodo
}
func (s *Service) RevokeAPIKey(ctx context.Context, id logic.APIKeyID) (APIKey, error) {
	return APIKey{}, errTodo
}
func CanSeeSettings(viewer logic.Viewer) bool { return false }
func Rules() logic.Rules                      { return nil }
