package sample

import (
	"context"
	"crypto/rand"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/client"
)

// Admin is the username of the sample's admin.
const Admin = "admin"

// People are what one signs in with, and the keys of the sample's clients. Nothing of it can be had again.
type People struct {
	Password string // of Admin; empty where nobody was made
	Keys     []Key
}

// Key is the publishable key of one of the sample's clients.
type Key struct{ Client, Text string }

// requestsPerMinute is how often each of the clients may ask.
const requestsPerMinute = 6000

// frontends returns the sample's clients: those of readers do what everyone may, the studio whatever its people may. Browsers
// reach them from origin.
func frontends(origin string) []client.CreateClientInput {
	readers := logic.Anonymous.List()
	return []client.CreateClientInput{
		{Name: "reader", Kind: client.KindWeb, Description: "The sample's web reader.", AllowedOrigins: []string{origin}, ScopeCeiling: readers},
		{Name: "app", Kind: client.KindMobile, Description: "The sample's phone app.", ScopeCeiling: readers},
		{Name: "studio", Kind: client.KindStudio, Description: "The sample's studio.", AllowedOrigins: []string{origin}, ScopeCeiling: logic.AllScopes.List()},
	}
}

// Introduce makes an admin, and three clients with a publishable key each, where there is neither an admin nor any client but the
// built-in one. The viewer in ctx must be allowed to.
func Introduce(ctx context.Context, accounts *account.Service, clients *client.Service, origin string) (People, error) {
	if known, err := areKnown(ctx, accounts, clients); known || err != nil {
		return People{}, err
	}
	made := People{Password: rand.Text()}
	admin := account.CreateUserInput{
		Username: Admin, Email: "admin@example.com", Role: logic.RoleAdmin, Password: &made.Password,
	}
	if _, err := accounts.CreateUser(ctx, admin); err != nil {
		return People{}, err
	}
	for _, frontend := range frontends(origin) {
		frontend.RequestsPerMinute = requestsPerMinute
		if _, err := clients.CreateClient(ctx, frontend); err != nil {
			return People{}, err
		}
		_, text, err := clients.CreateAPIKey(ctx, client.CreateAPIKeyInput{
			Client: frontend.Name, Label: "The sample's", Kind: client.KeyPublishable, Scopes: frontend.ScopeCeiling,
		})
		if err != nil {
			return People{}, err
		}
		made.Keys = append(made.Keys, Key{frontend.Name, text})
	}
	return made, nil
}

// areKnown tells whether there is an admin, or any client but the built-in one.
func areKnown(ctx context.Context, accounts *account.Service, clients *client.Service) (bool, error) {
	admins, err := accounts.CountUsers(ctx, &account.UserFilter{Role: new(logic.RoleAdmin)})
	if err != nil {
		return false, err
	}
	all, err := clients.Clients(ctx)
	return admins > 0 || len(all) > 1, err
}

// IsIntroduced tells whether the sample's people are there.
func IsIntroduced(ctx context.Context, accounts *account.Service, clients *client.Service) (bool, error) {
	_, err := accounts.User(ctx, Admin)
	if err == nil {
		_, err = clients.Client(ctx, frontends("")[0].Name)
	}
	if logic.CodeOf(err) == logic.CodeNotFound {
		return false, nil
	}
	return err == nil, err
}
