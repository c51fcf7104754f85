package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"reflect"
	"sync"
	"time"

	"headwater/graph"
	"headwater/graph/guard"
	"headwater/logic"
	"headwater/logic/metric"
	"headwater/server/httpd"
	"headwater/server/sample"
)

// pruneEvery is how often figures that are not kept any longer are taken away.
const pruneEvery = time.Hour

// ServeCmd serves the endpoint.
type ServeCmd struct {
	Listen string        `help:"The address to listen on; port 0 takes a free one."`
	Sample bool          `help:"Fill an empty data folder with a sample first; one that holds anything stays as it is."`
	Node   int           `help:"The number of this server, 0 to 511: another one for each of those that serve one data folder."`
	RawFor time.Duration `help:"How long single events are kept, beside the figures made of them." group:"Metrics"`

	Guard guard.Limits `embed:"" prefix:"max-" group:"Limits of one operation"`
	HTTP  httpd.Limits `embed:"" prefix:"http-" group:"Limits of connections and requests"`
}

func defaultServe() ServeCmd {
	return ServeCmd{
		Listen: "127.0.0.1:8080",
		RawFor: 30 * 24 * time.Hour,
		Guard:  guard.DefaultLimits(),
		HTTP:   httpd.DefaultLimits(),
	}
}

// Validate refuses limits that would let nothing through.
func (c *ServeCmd) Validate() error {
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return fmt.Errorf("--listen is written HOST:PORT, as 127.0.0.1:8080 or :8080, not %q", c.Listen)
	}
	if c.Node < 0 || c.Node >= serverNodes {
		return fmt.Errorf("--node must be 0 to %d", serverNodes-1)
	}
	if c.RawFor < 24*time.Hour {
		return errors.New("--raw-for must be a day (24h) or longer")
	}
	return errors.Join(checkLimits(c.Guard), checkLimits(c.HTTP, "Queue", "Drain"))
}

// checkLimits refuses numbers below one in a struct of limits; those named may be zero.
func checkLimits(limits any, maybeZero ...string) error {
	var faults []error
	value := reflect.ValueOf(limits)
	for i := range value.NumField() {
		name, least := value.Type().Field(i).Name, int64(1)
		for _, allowed := range maybeZero {
			if name == allowed {
				least = 0
			}
		}
		if value.Field(i).Int() < least {
			faults = append(faults, fmt.Errorf("the limit %s must be at least %d", name, least))
		}
	}
	return errors.Join(faults...)
}

// Run serves until ctx ends, and then stops cleanly.
func (c *ServeCmd) Run(ctx context.Context, stdout io.Writer, settings *Settings) (err error) {
	logger := settings.logger()
	// An address that is taken is told before anything is written.
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	house, err := settings.open(ctx, logger, c.Node, metric.Options{RawFor: c.RawFor})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.store.Close()) }()
	if c.Sample {
		if err := fillWithSample(ctx, stdout, house, settings.Data); err != nil {
			return err
		}
	}
	server, err := c.build(house, logger)
	if err != nil {
		return err
	}
	greet(stdout, listener.Addr(), settings.Data)
	background, stop := context.WithCancel(ctx)
	var group sync.WaitGroup
	group.Go(func() { pruneHourly(background, house.metric, logger) })
	defer group.Wait()
	defer stop()
	return server.Serve(ctx, listener)
}

// build puts the graph and the server on top of the house.
func (c *ServeCmd) build(house *house, logger *slog.Logger) (*httpd.Server, error) {
	resolver := graph.New(graph.Services{Content: house.content, Account: house.account, Metric: house.metric})
	return httpd.New(httpd.Options{
		Executor: graph.NewExecutor(resolver, guard.New(c.Guard, guard.DefaultWeights()), logger),
		Ready:    func(ctx context.Context) error { _, err := house.content.Site(ctx); return err },
		Clock:    logic.SystemClock,
		Logger:   logger,
		Limits:   c.HTTP,
	})
}

// fillWithSample fills a data folder that holds no post and no figure, and completes what an earlier run began.
func fillWithSample(ctx context.Context, stdout io.Writer, house *house, folder string) error {
	empty, err := house.isEmpty(ctx)
	if err != nil {
		return err
	}
	underWay, err := sample.IsUnderWay(ctx, house.metric)
	if err != nil {
		return err
	}
	if !empty && !underWay {
		fmt.Fprintf(stdout, "The data folder %s holds something already, so the sample was left out.\n", folder)
		return nil
	}
	filled, err := sample.Fill(ctx, house.content, house.metric, logic.SystemClock)
	if err != nil {
		return fmt.Errorf("the sample: %w", err)
	}
	if underWay {
		fmt.Fprintf(stdout, "Completed the sample in %s, whose filling had been interrupted.\n", folder)
		return nil
	}
	fmt.Fprintf(stdout, "Filled %s with a sample: %d posts, and %d events of the last %d days.\n", folder, filled.Posts, filled.Events, sample.Days)
	return nil
}

// greet says where everything is, once it can be reached.
func greet(stdout io.Writer, address net.Addr, folder string) {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		host, port = address.String(), ""
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	base := "http://" + net.JoinHostPort(host, port)
	fmt.Fprintf(stdout, `Headwater %s serves the data folder %s.

  Front page  %[3]s/
  Playground  %[3]s/playground
  GraphQL     %[3]s/graphql

There is no sign-in yet: everyone who reaches this address reads what is published, and its figures.
`, version, folder, base)
}

// pruneHourly takes away what is not kept any longer, at once and then every hour, until ctx ends.
func pruneHourly(ctx context.Context, metrics *metric.Service, logger *slog.Logger) {
	ticker := time.NewTicker(pruneEvery)
	defer ticker.Stop()
	for {
		if err := metrics.Prune(ctx); err != nil && ctx.Err() == nil {
			logger.ErrorContext(ctx, "prune", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
