package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"headwater/graph"
	"headwater/graph/cache"
	"headwater/graph/guard"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/client"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/mail"
	"headwater/server/httpd"
	"headwater/server/sample"
)

const (
	pruneEvery = time.Hour        // how often what is not kept any longer is taken away
	mediaPath  = "/media/"        // where the server serves files
	mailStop   = 10 * time.Second // how long mail that is under way may take once the server stops
)

// ServeCmd serves the endpoint.
type ServeCmd struct {
	Listen            string        `help:"The address to listen on; port 0 takes a free one."`
	URL               string        `name:"url" help:"Where people and frontends reach the server, as https://api.example.org; http and the address listened on where it is not given." placeholder:"URL"`
	TrustedProxies    []string      `help:"Networks of reverse proxies, as 10.0.0.0/8, whose word on where a request came from is believed." placeholder:"NETWORK"`
	Sample            bool          `help:"Fill an empty data folder with a sample first; one that holds anything stays as it is."`
	Node              int           `help:"The number of this server, 0 to 511: another one for each of those that serve one data folder."`
	RawFor            time.Duration `help:"How long single events are kept, beside the figures made of them."`
	Introspection     string        `help:"Whether callers who are nobody may ask for the schema: on, off, or auto for on where the data folder was filled with the sample." enum:"auto,on,off" default:"auto"`
	RequestsPerMinute int           `help:"Requests a minute of one address, through whichever clients; 0 for no limit."`
	CacheMemory       int           `help:"MiB of memory for answers that are kept until what they rest on changes; 0 to keep none."`
	MetricsFreshness  time.Duration `help:"How old metrics and views may be in an answer; 0 for those of the very moment."`
	DebugCache        bool          `help:"Tell in every answer, by X-Cache and extensions.cache, whether it was kept. For development."`

	People peopleFlags  `embed:"" group:"People"`
	Mail   mailFlags    `embed:"" group:"Mail"`
	Hooks  webhookFlags `embed:"" group:"Webhooks"`
	Guard  guard.Limits `embed:"" prefix:"max-" group:"Limits of one operation"`
	HTTP   httpd.Limits `embed:"" prefix:"http-" group:"Limits of connections and requests"`
}

// peopleFlags say who may have an account, and how long a session lasts.
type peopleFlags struct {
	SignUp                bool          `help:"Let strangers make an account, which they confirm by mail."`
	SessionStaffIdle      time.Duration `help:"How long a session of an author, editor or admin lasts while nothing is asked."`
	SessionStaffAbsolute  time.Duration `help:"How long one lasts at most."`
	SessionReaderIdle     time.Duration `help:"How long a session of a reader lasts while nothing is asked."`
	SessionReaderAbsolute time.Duration `help:"How long one lasts at most."`
}

// mailFlags say how mail is sent, and where its links lead.
type mailFlags struct {
	SMTP             mail.Settings `embed:"" prefix:"smtp-"`
	SMTPPasswordFile string        `name:"smtp-password-file" help:"The file that holds the user's password, which may as well stand in the variable HEADWATER_SMTP_PASSWORD." placeholder:"FILE"`
	ConfirmLink      string        `help:"Where the link of a mail leads by which an email is confirmed; a page of the server's own where it is not given." placeholder:"https://…#{token}"`
	ResetLink        string        `help:"The same, by which another password is chosen." placeholder:"https://…#{token}"`
	InviteLink       string        `help:"The same, by which the first password is chosen." placeholder:"https://…#{token}"`
}

func defaultServe() ServeCmd {
	const day = 24 * time.Hour
	return ServeCmd{
		Listen:            "127.0.0.1:8080",
		RawFor:            30 * day,
		RequestsPerMinute: 3000,
		CacheMemory:       32,
		MetricsFreshness:  5 * time.Second,
		People: peopleFlags{
			SessionStaffIdle: 7 * day, SessionStaffAbsolute: 30 * day,
			SessionReaderIdle: 30 * day, SessionReaderAbsolute: 90 * day,
		},
		Guard: guard.DefaultLimits(),
		HTTP:  httpd.DefaultLimits(),
	}
}

// Run serves until ctx ends, and then stops cleanly.
func (c *ServeCmd) Run(ctx context.Context, stdout io.Writer, settings *Settings) (err error) {
	defer spareCollector()()
	logger := settings.logger()
	// An address that is taken is told before anything is written.
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("%w: --listen, or HEADWATER_LISTEN, takes another address, as 127.0.0.1:8090", err)
	}
	defer listener.Close()
	public := cmp.Or(c.URL, ownURL(listener.Addr()))
	warnOfAddress(logger, public, c.URL != "", listener.Addr())
	services, closeMail, err := c.services(public, logger)
	if err != nil {
		return err
	}
	defer closeMail()
	house, err := settings.open(ctx, logger, c.Node, services)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.store.Close()) }()
	if err := checkStorage(ctx, house.files); err != nil {
		return err
	}
	var made sample.People
	if c.Sample {
		if made, err = fillWithSample(ctx, stdout, house, settings.Data, public); err != nil {
			return err
		}
	}
	server, err := c.build(ctx, house, settings.Data, public, logger)
	if err != nil {
		return err
	}
	greet(stdout, public, listener.Addr(), settings.Data, made)
	defer inBackground(ctx, house, logger)()
	return server.Serve(ctx, listener)
}

// services returns what the domains are told, and what ends the mail that is under way.
func (c *ServeCmd) services(public string, logger *slog.Logger) (services, func(), error) {
	accounts := account.Options{
		SignUp: c.People.SignUp,
		Links: account.Links{
			Confirm: cmp.Or(c.Mail.ConfirmLink, public+"/account#confirm="+tokenPlace),
			Reset:   cmp.Or(c.Mail.ResetLink, public+"/account#reset="+tokenPlace),
			Invite:  cmp.Or(c.Mail.InviteLink, public+"/account#invite="+tokenPlace),
		},
		Staff:  account.Lifetimes{Idle: c.People.SessionStaffIdle, Absolute: c.People.SessionStaffAbsolute},
		Reader: account.Lifetimes{Idle: c.People.SessionReaderIdle, Absolute: c.People.SessionReaderAbsolute},
		Logger: logger,
	}
	hooks, err := c.Hooks.options()
	if err != nil {
		return services{}, nil, err
	}
	hooks.Logger = logger
	closeMail := func() {}
	if c.Mail.SMTP.Host != "" {
		settings, err := c.Mail.settings()
		if err != nil {
			return services{}, nil, err
		}
		mailer := mail.New(settings, logger)
		accounts.Mailer = mailer
		closeMail = func() {
			ctx, cancel := context.WithTimeout(context.Background(), mailStop)
			defer cancel()
			mailer.Close(ctx)
		}
	}
	return services{
		account: accounts,
		content: content.Options{MediaURL: public + mediaPath},
		client:  client.Options{AddressPerMinute: c.RequestsPerMinute, Logger: logger},
		metric:  metric.Options{RawFor: c.RawFor},
		webhook: hooks,
	}, closeMail, nil
}

// build puts the graph and the server on top of the house.
func (c *ServeCmd) build(ctx context.Context, house *house, folder, public string, logger *slog.Logger) (*httpd.Server, error) {
	open, err := c.isOpenToAll(ctx, house)
	if err != nil {
		return nil, err
	}
	proxies, err := parseProxies(c.TrustedProxies)
	if err != nil {
		return nil, err
	}
	resolver := graph.New(graph.Services{Content: house.content, Account: house.account, Client: house.client, Metric: house.metric, Webhook: house.webhook})
	return httpd.New(httpd.Options{
		Executor:       graph.NewExecutor(resolver, guard.New(c.Guard, guard.DefaultWeights()), logger, graph.Introspection{Anonymous: open}),
		Ready:          func(ctx context.Context) error { _, err := house.content.Site(ctx); return err },
		Accounts:       house.account,
		Clients:        house.client,
		Content:        house.content,
		UploadFolder:   folder,
		PublicURL:      public,
		TrustedProxies: proxies,
		Clock:          logic.SystemClock,
		Logger:         logger,
		Limits:         c.HTTP,

		Answers: c.answers(house), MetricsFreshness: c.MetricsFreshness, DebugCache: c.DebugCache,
	})
}

// answers returns what keeps answers, nil where none are to be kept.
func (c *ServeCmd) answers(house *house) *cache.Cache {
	if c.CacheMemory <= 0 {
		return nil
	}
	answers := cache.New(cache.Options{Bytes: int64(c.CacheMemory) << 20, Freshness: c.MetricsFreshness, Commits: house.store.Commits})
	house.store.Tell(answers)
	return answers
}

// isOpenToAll tells whether callers who are nobody may ask for the schema.
func (c *ServeCmd) isOpenToAll(ctx context.Context, house *house) (bool, error) {
	if c.Introspection != "auto" {
		return c.Introspection == "on", nil
	}
	filled, err := sample.IsFilled(ctx, house.metric)
	return c.Sample || filled, err
}

// inBackground begins what goes on beside requests, and returns what ends it and waits for its last flush.
func inBackground(ctx context.Context, house *house, logger *slog.Logger) (end func()) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx)) // requests are answered a while after the signal to stop
	var group sync.WaitGroup
	group.Go(func() { hourly(ctx, logger, "prune", house.metric.Prune) })
	group.Go(func() { hourly(ctx, logger, "sweep media", house.content.SweepMedia) })
	group.Go(func() { house.content.Run(ctx) })
	group.Go(func() { house.account.Run(ctx) })
	group.Go(func() { house.client.Run(ctx) })
	group.Go(func() { house.webhook.Run(ctx) })
	return func() {
		stop()
		group.Wait()
	}
}

// hourly takes away what is not kept any longer, at once and then every hour, until ctx ends.
func hourly(ctx context.Context, logger *slog.Logger, what string, takeAway func(context.Context) error) {
	ticker := time.NewTicker(pruneEvery)
	defer ticker.Stop()
	for {
		if err := takeAway(ctx); err != nil && ctx.Err() == nil {
			logger.ErrorContext(ctx, what, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
