package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"headwater/deliver"
	"headwater/logic"
	"headwater/logic/webhook"
)

// WebhookCmd is what is done with addresses that are told of posts.
type WebhookCmd struct {
	Add        WebhookAddCmd        `cmd:"" help:"Have an address told of what becomes of posts. The secret that messages are signed by is printed, this once."`
	List       WebhookListCmd       `cmd:"" help:"Show the webhooks."`
	Change     WebhookChangeCmd     `cmd:"" help:"Change what is given of a webhook, or switch it on or off."`
	Rotate     WebhookRotateCmd     `cmd:"" help:"Make another secret, which is printed as by add, and end the first one after a while."`
	Test       WebhookTestCmd       `cmd:"" help:"Have the server send a ping."`
	Deliveries WebhookDeliveriesCmd `cmd:"" help:"Show what a webhook was sent lately, and what came of it."`
	Resend     WebhookResendCmd     `cmd:"" help:"Have the server send a delivery again, or try one now that waits."`
	Remove     WebhookRemoveCmd     `cmd:"" help:"Take a webhook away, with its deliveries."`
}

// webhookPlaces are the places of the commands for webhooks.
var webhookPlaces = places{"url": "URL", "events": "--event", "client": "--client", "graceSeconds": "--grace", "id": "ID"}

// webhookFlags say where messages may go although not everyone can reach it.
type webhookFlags struct {
	WebhookAllow []string `help:"Networks, as 10.1.0.0/16, that webhooks may lead to although they are not public, and by http too." placeholder:"NETWORK"`
}

// options returns what the domain is told.
func (f webhookFlags) options() (webhook.Options, error) {
	allowed := make([]netip.Prefix, len(f.WebhookAllow))
	for i, text := range f.WebhookAllow {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return webhook.Options{}, usageError{fmt.Errorf("--webhook-allow: %q is no network, as 10.1.0.0/16", text)}
		}
		allowed[i] = network.Masked()
	}
	return webhook.Options{Sender: deliver.New(allowed)}, nil
}

// run opens the data folder for a command that takes an address.
func (f webhookFlags) run(ctx context.Context, settings *Settings, do func(*house) error) error {
	options, err := f.options()
	if err != nil {
		return err
	}
	return settings.runWith(ctx, services{webhook: options}, do)
}

// eventsOf returns events as they are written on the command line: in any case.
func eventsOf(texts []string) []webhook.Event {
	var events []webhook.Event
	for _, text := range texts {
		events = append(events, webhook.Event(strings.ToUpper(text)))
	}
	return events
}

// WebhookAddCmd makes a webhook.
type WebhookAddCmd struct {
	webhookFlags
	URL         string   `arg:"" name:"url" help:"Where messages go, as https://builder.example/hook."`
	Event       []string `aliases:"events" help:"What it wants to know; all there is where it is not given." default:"POST_PUBLISHED,POST_CHANGED,POST_REMOVED" env:"-"`
	Client      *string  `help:"The name of a client whose addresses of posts are told; the site's where it is not given." env:"-"`
	Description string   `help:"What it is for, in a sentence." env:"-"`
}

// Run makes the webhook and prints its secret.
func (c *WebhookAddCmd) Run(ctx context.Context, stdout io.Writer, stderr notices, settings *Settings) error {
	return c.run(ctx, settings, func(house *house) error {
		hook, secret, err := house.webhook.CreateWebhook(ctx, webhook.CreateWebhookInput{
			URL: c.URL, Description: c.Description, Events: eventsOf(c.Event), Client: c.Client,
		})
		if err != nil {
			return webhookPlaces.explain(err)
		}
		stderr.say("Made the webhook %s. Its messages are signed by this secret, which is shown this once:", hook.ID.ID())
		return printSecret(stdout, hook, secret)
	})
}

// printSecret prints the secret of a webhook. One that could not be printed can be replaced.
func printSecret(stdout io.Writer, hook webhook.Webhook, secret string) error {
	signal.Ignore(syscall.SIGPIPE) // a pipe that nobody reads is an error as all others, and does not end the program
	if _, err := fmt.Fprintln(stdout, secret); err != nil {
		return fmt.Errorf("the secret could not be printed: %w\nMake another by headwater webhook rotate %s", err, hook.ID.ID())
	}
	return nil
}

// WebhookListCmd shows the webhooks.
type WebhookListCmd struct{}

// Run prints the webhooks.
func (WebhookListCmd) Run(ctx context.Context, stdout io.Writer, settings *Settings) error {
	return settings.run(ctx, func(house *house) error {
		hooks, err := house.webhook.Webhooks(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tSTATE\tLAST DELIVERED\tFAILING SINCE\tEVENTS\tURL\tDESCRIPTION")
		for _, hook := range hooks {
			events := make([]string, len(hook.Events))
			for i, event := range hook.Events {
				events[i] = string(event)
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", hook.ID.ID(), stateOfWebhook(hook), minute(hook.LastDeliveredAt),
				minute(hook.FailingSince), strings.Join(events, ","), printable(hook.URL), orStroke(printable(hook.Description)))
		}
		return table.Flush()
	})
}

func stateOfWebhook(hook webhook.Webhook) string {
	switch {
	case hook.IsEnabled():
		return "on"
	case hook.DisabledReason != nil:
		return "off: " + *hook.DisabledReason
	}
	return "off"
}

// webhookArg names the webhook that a command is about.
type webhookArg struct {
	ID string `arg:"" name:"id" help:"Its ID, as webhook list shows it."`
}

// key returns the webhook's key; that of none where it is no ID of one.
func (a webhookArg) key() logic.WebhookID {
	key, _ := logic.ParseID(a.ID).Webhook()
	return key
}

// WebhookChangeCmd changes a webhook.
type WebhookChangeCmd struct {
	webhookFlags
	webhookArg
	URL         *string  `name:"url" help:"Where messages go." env:"-"`
	Event       []string `aliases:"events" help:"What it wants to know, instead of what stands there." env:"-" placeholder:"EVENT"`
	Client      *string  `help:"The name of a client whose addresses of posts are told." env:"-" xor:"client"`
	NoClient    bool     `help:"Tell the site's addresses of posts." env:"-" xor:"client"`
	Description *string  `help:"What it is for, in a sentence." env:"-"`
	On          bool     `help:"Switch it on; it begins with what happens then." env:"-" xor:"enabled"`
	Off         bool     `help:"Switch it off, and give up what waits." env:"-" xor:"enabled"`
}

// Run changes the webhook.
func (c *WebhookChangeCmd) Run(ctx context.Context, stderr notices, settings *Settings) error {
	input := webhook.UpdateWebhookInput{
		URL: c.URL, Description: c.Description, Events: eventsOf(c.Event),
		Client: logic.TextChange{Given: c.Client != nil || c.NoClient, Value: c.Client},
	}
	if c.On || c.Off {
		input.IsEnabled = &c.On
	}
	return c.run(ctx, settings, func(house *house) error {
		hook, err := house.webhook.UpdateWebhook(ctx, c.key(), input)
		if err == nil {
			stderr.say("The webhook %s is %s.", c.ID, stateOfWebhook(hook))
		}
		return webhookPlaces.explain(err)
	})
}

// WebhookRotateCmd makes another secret.
type WebhookRotateCmd struct {
	webhookArg
	Grace time.Duration `help:"How long messages are signed by the first one too; 30 days (720h) at most." default:"24h" env:"-"`
}

// Run makes the secret and prints it.
func (c *WebhookRotateCmd) Run(ctx context.Context, stdout io.Writer, stderr notices, settings *Settings) error {
	return settings.run(ctx, func(house *house) error {
		hook, secret, err := house.webhook.RotateWebhookSecret(ctx, c.key(), int(c.Grace/time.Second))
		if err != nil {
			return webhookPlaces.explain(err)
		}
		stderr.say("Made another secret; the first one signs beside it for %s. The new one is shown this once:", c.Grace)
		return printSecret(stdout, hook, secret)
	})
}

// WebhookTestCmd has a ping sent.
type WebhookTestCmd struct{ webhookArg }

// Run has the ping sent.
func (c *WebhookTestCmd) Run(ctx context.Context, stderr notices, settings *Settings) error {
	return settings.run(ctx, func(house *house) error {
		delivery, err := house.webhook.TestWebhook(ctx, c.key())
		if err == nil {
			stderr.say("The server sends a ping, the delivery %s. What comes of it: headwater webhook deliveries %s", delivery.ID.ID(), c.ID)
		}
		return webhookPlaces.explain(err)
	})
}

// WebhookDeliveriesCmd shows deliveries.
type WebhookDeliveriesCmd struct {
	webhookArg
	State upper `help:"Show those alone that are PENDING, DELIVERED or FAILED." enum:"PENDING,DELIVERED,FAILED," default:"" env:"-" placeholder:"STATE"`
	Most  int   `help:"How many to show, the newest first; 100 at most." default:"20" env:"-"`
}

// Run prints the deliveries.
func (c *WebhookDeliveriesCmd) Run(ctx context.Context, stdout io.Writer, settings *Settings) error {
	var state *webhook.State
	if c.State != "" {
		state = new(webhook.State(c.State))
	}
	query, err := webhook.NewDeliveryQuery(state, logic.PageArgs{First: &c.Most})
	if err != nil {
		return usageError{errors.New("--most must be 0 to 100")}
	}
	return settings.run(ctx, func(house *house) error {
		hook, err := house.webhook.Webhook(ctx, c.key())
		if err != nil {
			return webhookPlaces.explain(err)
		}
		pages, err := house.webhook.DeliveryPages(ctx, []logic.WebhookID{hook.ID}, query)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tEVENT\tPOST\tSTATE\tTRIES\tAT\tNEXT TRY\tSTATUS\tLAST ERROR")
		for _, d := range pages[hook.ID].Items {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\t%s\n", d.ID.ID(), d.Event.Name(), postOf(d), d.State, d.Attempts,
				minute(&d.CreatedAt), minute(d.NextAttemptAt), orNone(d.LastStatus), orNone(d.LastError))
		}
		return table.Flush()
	})
}

func postOf(delivery webhook.Delivery) string {
	if delivery.PostID == nil {
		return stroke
	}
	return delivery.PostID.ID().String()
}

// orNone writes a value, and a stroke where there is none.
func orNone[T any](value *T) string {
	if value == nil {
		return stroke
	}
	return fmt.Sprint(*value)
}

// WebhookResendCmd has a delivery sent again.
type WebhookResendCmd struct {
	ID string `arg:"" name:"id" help:"Its ID, as webhook deliveries shows it."`
}

// Run has the delivery sent again.
func (c *WebhookResendCmd) Run(ctx context.Context, stderr notices, settings *Settings) error {
	return settings.run(ctx, func(house *house) error {
		key, _ := logic.ParseID(c.ID).Delivery()
		delivery, err := house.webhook.ResendDelivery(ctx, key)
		if err == nil {
			stderr.say("The server sends the delivery %s again.", delivery.ID.ID())
		}
		return webhookPlaces.explain(err)
	})
}

// WebhookRemoveCmd takes a webhook away.
type WebhookRemoveCmd struct{ webhookArg }

// Run takes the webhook away.
func (c *WebhookRemoveCmd) Run(ctx context.Context, stderr notices, settings *Settings) error {
	return settings.run(ctx, func(house *house) error {
		_, err := house.webhook.DeleteWebhook(ctx, c.key())
		if err == nil {
			stderr.say("Removed the webhook %s and its deliveries.", c.ID)
		}
		return webhookPlaces.explain(err)
	})
}
