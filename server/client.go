package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"headwater/logic"
	"headwater/logic/client"
)

// ClientCmd is what is done with frontends.
type ClientCmd struct {
	Add    ClientAddCmd    `cmd:"" help:"Let a frontend in: a web reader, a phone app, a studio, a server, a script."`
	List   ClientListCmd   `cmd:"" help:"Show the clients, public among them, to which requests without a key belong."`
	Change ClientChangeCmd `cmd:"" help:"Change what is given of a client; --no-scopes closes it."`
	Remove ClientRemoveCmd `cmd:"" help:"Take a client away, with its keys."`
}

// clientPlaces are the places of the commands for clients.
var clientPlaces = places{
	"name": "NAME", "allowedOrigins": "--origin", "scopeCeiling": "--scope", "postUrl": "--post-url", "requestsPerMinute": "--requests-per-minute",
}

// ClientAddCmd makes a client.
type ClientAddCmd struct {
	Name              string   `arg:"" help:"Its name: 2 to 40 of a-z, 0-9 and hyphens."`
	Kind              upper    `help:"Where it runs: WEB, MOBILE, STUDIO, SERVER or CLI." enum:"WEB,MOBILE,STUDIO,SERVER,CLI" required:"" env:"-" placeholder:"KIND"`
	Scope             []string `aliases:"scopes" help:"The most that requests through it may do, whoever is signed in: scopes, or ALL." required:"" env:"-" placeholder:"SCOPE"`
	Origin            []string `aliases:"origins" help:"Where its pages come from, as https://example.org: browsers elsewhere can't use its keys." env:"-" placeholder:"ORIGIN"`
	RequestsPerMinute int      `help:"Requests a minute, by whomever." default:"6000" env:"-"`
	PostURL           *string  `name:"post-url" help:"Where it shows a post, as https://example.org/blog/{slug}; the site's where it is not given." env:"-"`
	Description       string   `help:"What it is, in a sentence." env:"-"`
}

// Run makes the client.
func (c *ClientAddCmd) Run(ctx context.Context, stderr notices, settings *Settings) error {
	return settings.run(ctx, func(house *house) error {
		made, err := house.client.CreateClient(ctx, client.CreateClientInput{
			Name: c.Name, Kind: client.Kind(c.Kind), Description: c.Description, PostURL: c.PostURL,
			AllowedOrigins: c.Origin, ScopeCeiling: scopesOf(c.Scope), RequestsPerMinute: c.RequestsPerMinute,
		})
		if err == nil {
			stderr.say("Made the client %s. Its first key: headwater key add %[1]s --label LABEL --scope …", made.Name)
		}
		return clientPlaces.explain(err)
	})
}

// ClientListCmd shows the clients.
type ClientListCmd struct{}

// Run prints the clients.
func (ClientListCmd) Run(ctx context.Context, stdout io.Writer, settings *Settings) error {
	return settings.run(ctx, func(house *house) error {
		clients, err := house.client.Clients(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "NAME\tKIND\tSCOPES\tORIGINS\tA MINUTE\tPOSTS\tDESCRIPTION")
		for _, c := range clients {
			posts := stroke
			if c.PostURL != nil {
				posts = *c.PostURL
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n", c.Name, c.Kind, shown(c.ScopeCeiling, "closed"),
				orStroke(strings.Join(c.AllowedOrigins, ",")), c.RequestsPerMinute, posts, orStroke(printable(c.Description)))
		}
		return table.Flush()
	})
}

// ClientChangeCmd changes a client.
type ClientChangeCmd struct {
	Name              string   `arg:"" help:"The client's name."`
	Scope             []string `aliases:"scopes" help:"The most that requests through it may do: scopes, or ALL." env:"-" placeholder:"SCOPE" xor:"scope"`
	NoScopes          bool     `help:"Close the client: it may do nothing." env:"-" xor:"scope"`
	Origin            []string `aliases:"origins" help:"Where its pages come from; instead of what stands there." env:"-" placeholder:"ORIGIN" xor:"origin"`
	NoOrigins         bool     `help:"Let no page of another origin use its keys." env:"-" xor:"origin"`
	RequestsPerMinute *int     `help:"Requests a minute, by whomever." env:"-"`
	PostURL           *string  `name:"post-url" help:"Where it shows a post, as https://example.org/blog/{slug}." env:"-" xor:"post-url"`
	NoPostURL         bool     `name:"no-post-url" help:"It shows posts where the site does." env:"-" xor:"post-url"`
	Description       *string  `help:"What it is, in a sentence." env:"-"`
}

// Run changes the client.
func (c *ClientChangeCmd) Run(ctx context.Context, stderr notices, settings *Settings) error {
	input := client.UpdateClientInput{
		Description: c.Description, RequestsPerMinute: c.RequestsPerMinute,
		PostURL: logic.TextChange{Given: c.PostURL != nil || c.NoPostURL, Value: c.PostURL},
	}
	if c.NoScopes || len(c.Scope) > 0 {
		input.ScopeCeiling = scopesOf(c.Scope)
	}
	if c.NoOrigins || len(c.Origin) > 0 {
		input.AllowedOrigins = append([]string{}, c.Origin...)
	}
	return settings.run(ctx, func(house *house) error {
		changed, err := house.client.UpdateClient(ctx, c.Name, input)
		if err == nil {
			stderr.say("The client %s: %s.", changed.Name, shown(changed.ScopeCeiling, "closed"))
		}
		return clientPlaces.explain(err)
	})
}

// ClientRemoveCmd takes a client away.
type ClientRemoveCmd struct {
	Name string `arg:"" help:"The client's name."`
}

// Run takes the client away.
func (c *ClientRemoveCmd) Run(ctx context.Context, stderr notices, settings *Settings) error {
	if c.Name == client.PublicName {
		return usageError{errors.New("NAME: the client public is built in and stays; headwater client change public --no-scopes closes it")}
	}
	return settings.run(ctx, func(house *house) error {
		_, err := house.client.DeleteClient(ctx, c.Name)
		if err == nil {
			stderr.say("Removed the client %s and its keys.", c.Name)
		}
		return clientPlaces.explain(err)
	})
}
