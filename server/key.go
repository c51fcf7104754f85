package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"
	"text/tabwriter"
	"time"

	"headwater/graph/bind"
	"headwater/logic"
	"headwater/logic/client"
)

// KeyCmd is what is done with the keys of clients.
type KeyCmd struct {
	Add    KeyAddCmd    `cmd:"" help:"Make a key. It alone is printed to standard output, this once."`
	List   KeyListCmd   `cmd:"" help:"Show the keys of a client, or of all."`
	Rotate KeyRotateCmd `cmd:"" help:"Make a key with the same rights, which is printed as by add, and end the first one after a while."`
	Revoke KeyRevokeCmd `cmd:"" help:"End a key at once."`
}

// keyPlaces are the places of the commands for keys.
var keyPlaces = places{"client": "CLIENT", "scopes": "--scope", "expiresAt": "--expires", "graceSeconds": "--grace", "id": "KEY"}

// KeyAddCmd makes a key.
type KeyAddCmd struct {
	Client  string   `arg:"" help:"The name of the client that it is for."`
	Label   string   `help:"What it is for, to tell it from others." required:"" env:"-" placeholder:"LABEL"`
	Kind    upper    `help:"PUBLISHABLE may be shipped in a frontend; SECRET acts without a person." enum:"PUBLISHABLE,SECRET" default:"PUBLISHABLE" env:"-"`
	Scope   []string `aliases:"scopes" help:"What requests with it may do: scopes, or ALL." required:"" env:"-" placeholder:"SCOPE"`
	Expires string   `help:"When it ends: a day, as 2027-01-31, or how long from now, as 720h; never where it is not given." env:"-" placeholder:"WHEN"`
}

// Run makes the key and prints it.
func (c *KeyAddCmd) Run(ctx context.Context, stdout io.Writer, stderr notices, settings *Settings) error {
	expires, err := c.expiry(logic.SystemClock())
	if err != nil {
		return usageError{err}
	}
	return settings.run(ctx, func(house *house) error {
		key, secret, err := house.client.CreateAPIKey(ctx, client.CreateAPIKeyInput{
			Client: c.Client, Label: c.Label, Kind: client.KeyKind(c.Kind), Scopes: scopesOf(c.Scope), ExpiresAt: expires,
		})
		if err != nil {
			return keyPlaces.explain(err)
		}
		stderr.say("Made the key %s for %s. It is shown this once, and goes into the header X-Api-Key:", bind.EncodeID(key.NodeID()), c.Client)
		return handOut(ctx, house.client, stdout, key, secret)
	})
}

// handOut prints the text of a key that was just made. One that could not be printed is revoked, since nobody has it.
func handOut(ctx context.Context, clients *client.Service, stdout io.Writer, key client.APIKey, secret string) error {
	signal.Ignore(syscall.SIGPIPE) // a pipe that nobody reads is an error as all others, and does not end the program
	_, err := fmt.Fprintln(stdout, secret)
	if err == nil {
		return nil
	}
	if _, failed := clients.RevokeAPIKey(ctx, key.ID); failed != nil {
		return fmt.Errorf("the key %s could not be printed (%w), nor revoked: %w", key.Prefix, err, failed)
	}
	return fmt.Errorf("the key %s could not be printed, and is revoked: %w", key.Prefix, err)
}

// expiry returns when the key ends; nil for never.
func (c *KeyAddCmd) expiry(now logic.Moment) (*logic.Moment, error) {
	if c.Expires == "" {
		return nil, nil
	}
	if long, err := time.ParseDuration(c.Expires); err == nil {
		return new(now.Add(long)), nil
	}
	for _, format := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(format, c.Expires); err == nil {
			return new(logic.MomentOf(at)), nil
		}
	}
	return nil, fmt.Errorf("--expires is a day, as 2027-01-31, or how long from now, as 720h, not %q", c.Expires)
}

// KeyListCmd shows keys.
type KeyListCmd struct {
	Client string `arg:"" optional:"" help:"The name of a client."`
}

// Run prints the keys.
func (c *KeyListCmd) Run(ctx context.Context, stdout io.Writer, settings *Settings) error {
	return settings.run(ctx, func(house *house) error {
		keys, err := keysOf(ctx, house.client, c.Client)
		if err != nil {
			return keyPlaces.explain(err)
		}
		now := logic.SystemClock()
		table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tCLIENT\tPREFIX\tKIND\tSTATE\tEXPIRES\tLAST USED\tREQUESTS\tSCOPES\tLABEL")
		for _, key := range keys {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", bind.EncodeID(key.NodeID()), key.client, key.Prefix, key.Kind,
				stateOfKey(key.APIKey, now), minute(key.ExpiresAt), minute(key.LastUsedAt), key.RequestCount, shown(key.Scopes, stroke), printable(key.Label))
		}
		return table.Flush()
	})
}

func stateOfKey(key client.APIKey, now logic.Moment) string {
	switch {
	case key.RevokedAt != nil:
		return "revoked"
	case !key.IsLive(now):
		return "expired"
	}
	return "works"
}

// namedKey is a key with the name of its client.
type namedKey struct {
	client.APIKey
	client string
}

// keysOf returns the keys of the client with a name, or of all where it is empty, one client after the other. NOT_FOUND.
func keysOf(ctx context.Context, clients *client.Service, name string) ([]namedKey, error) {
	all, err := clients.Clients(ctx)
	if name != "" {
		var one client.Client
		one, err = clients.Client(ctx, name)
		all = []client.Client{one}
	}
	if err != nil {
		return nil, err
	}
	ids := make([]logic.ClientID, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	found, err := clients.KeysOfClients(ctx, ids)
	var keys []namedKey
	for _, c := range all {
		for _, key := range found[c.ID] {
			keys = append(keys, namedKey{key, c.Name})
		}
	}
	return keys, err
}

// keyArg names the key that a command is about.
type keyArg struct {
	Key string `arg:"" help:"Its ID, or its first characters as key list shows them."`
}

// find returns the one key that is meant.
func (a keyArg) find(ctx context.Context, clients *client.Service) (client.APIKey, error) {
	keys, err := keysOf(ctx, clients, "")
	if err != nil {
		return client.APIKey{}, err
	}
	var found []client.APIKey
	for _, key := range keys {
		if bind.EncodeID(key.NodeID()) == a.Key || key.Prefix == a.Key {
			found = append(found, key.APIKey)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return client.APIKey{}, usageError{errors.New("KEY: there is no such key; headwater key list shows them")}
	}
	return client.APIKey{}, usageError{fmt.Errorf("KEY: %d keys begin with it: name one by its ID", len(found))}
}

// KeyRotateCmd makes a key that takes the place of another.
type KeyRotateCmd struct {
	keyArg
	Grace time.Duration `help:"How long the first one works on; 30 days (720h) at most." default:"24h" env:"-"`
}

// Run makes the key and prints it.
func (c *KeyRotateCmd) Run(ctx context.Context, stdout io.Writer, stderr notices, settings *Settings) error {
	return settings.run(ctx, func(house *house) error {
		old, err := c.find(ctx, house.client)
		if err != nil {
			return err
		}
		key, secret, err := house.client.RotateAPIKey(ctx, old.ID, int(c.Grace/time.Second))
		if err != nil {
			return keyPlaces.explain(err)
		}
		stderr.say("Made the key %s; %s ends in %s or before. The new one is shown this once:", bind.EncodeID(key.NodeID()), old.Prefix, c.Grace)
		if err := handOut(ctx, house.client, stdout, key, secret); err != nil {
			return fmt.Errorf("%w\n%s ends all the same: make another key by headwater key add", err, old.Prefix)
		}
		return nil
	})
}

// KeyRevokeCmd ends a key.
type KeyRevokeCmd struct{ keyArg }

// Run ends the key.
func (c *KeyRevokeCmd) Run(ctx context.Context, stderr notices, settings *Settings) error {
	return settings.run(ctx, func(house *house) error {
		key, err := c.find(ctx, house.client)
		if err == nil {
			key, err = house.client.RevokeAPIKey(ctx, key.ID)
		}
		if err == nil {
			stderr.say("The key %s was revoked at %s.", key.Prefix, minute(key.RevokedAt))
		}
		return keyPlaces.explain(err)
	})
}
