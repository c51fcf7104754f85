package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"

	"headwater/logic"
	"headwater/server/sample"
)

// ownURL returns where a listener is reached on this machine.
func ownURL(address net.Addr) string {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return "http://" + address.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// warnOfAddress says in the log where browsers will not be able to sign in: they keep a session over https alone, or on the
// machine itself.
func warnOfAddress(logger *slog.Logger, public string, given bool, listening net.Addr) {
	host, _, _ := net.SplitHostPort(listening.String())
	switch address, err := url.Parse(public); {
	case !given && !isLoopback(host):
		logger.Warn("browsers on other machines can't sign in: --url does not say where they reach the server", "url", public)
	case err == nil && address.Scheme == "http" && !isLoopback(address.Hostname()):
		logger.Warn("browsers can't sign in: the address is http, and they keep a session over https alone", "url", public)
	}
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// fillWithSample fills a data folder that holds no post and no figure, and completes what an earlier run began. It returns the
// people and keys that it made beside, where the folder had none.
func fillWithSample(ctx context.Context, stdout io.Writer, house *house, folder, origin string) (sample.People, error) {
	empty, err := house.isEmpty(ctx)
	if err != nil {
		return sample.People{}, err
	}
	underWay, err := sample.IsUnderWay(ctx, house.metric)
	if err != nil {
		return sample.People{}, err
	}
	if !empty && !underWay {
		fmt.Fprintf(stdout, "The data folder %s holds something already, so the sample was left out.\n", folder)
		return sample.People{}, sayWhoIsThere(ctx, stdout, house)
	}
	if err := sample.Settle(ctx, house.content, origin); err != nil {
		return sample.People{}, fmt.Errorf("the sample's site: %w", err)
	}
	filled, err := sample.Fill(ctx, house.content, house.metric, logic.SystemClock)
	if err != nil {
		return sample.People{}, fmt.Errorf("the sample: %w", err)
	}
	if underWay {
		fmt.Fprintf(stdout, "Completed the sample in %s, whose filling had been interrupted.\n", folder)
	} else {
		fmt.Fprintf(stdout, "Filled %s with a sample: %d posts, and %d events of the last %d days.\n", folder, filled.Posts, filled.Events, sample.Days)
	}
	made, err := sample.Introduce(ctx, house.account, house.client, origin)
	if err != nil {
		return sample.People{}, fmt.Errorf("the sample's people: %w", err)
	}
	return made, nil
}

// sayWhoIsThere reminds of the sample's people, whose password and keys were printed when they were made.
func sayWhoIsThere(ctx context.Context, stdout io.Writer, house *house) error {
	introduced, err := sample.IsIntroduced(ctx, house.account, house.client)
	if introduced {
		fmt.Fprintf(stdout, `The password of %s and the keys of the sample were printed when it was made. New ones:
  headwater user password %[1]s
  headwater key list, and headwater key rotate ID
`, sample.Admin)
	}
	return err
}

// greet says where everything is, once it can be reached, and the secrets that were made for the sample: nothing prints them
// again.
func greet(stdout io.Writer, public string, listening net.Addr, folder string, made sample.People) {
	fmt.Fprintf(stdout, `Headwater %s serves the data folder %s.

  Front page  %[3]s/
  Playground  %[3]s/playground
  GraphQL     %[3]s/graphql

`, version, folder, public)
	if public != ownURL(listening) {
		fmt.Fprintf(stdout, "It listens on %s.\n\n", listening)
	}
	if made.Password != "" {
		fmt.Fprintf(stdout, "Sign in as %s with the password %s\n\nKeys of three clients, for the header X-Api-Key:\n\n", sample.Admin, made.Password)
		for _, key := range made.Keys {
			fmt.Fprintf(stdout, "  %-10s  %s\n", key.Client, key.Text)
		}
		fmt.Fprint(stdout, "\nThe password and the keys are printed this once.\n\n")
	}
	fmt.Fprintln(stdout, lastWords)
}

// lastWords are the last line of the greeting.
const lastWords = "People and frontends are let in by headwater user, headwater client and headwater key: --help says more."
