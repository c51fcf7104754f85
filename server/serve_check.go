package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"headwater/mail"
)

// tokenPlace stands in the templates of links where the token goes.
const tokenPlace = "{token}"

// Validate returns everything that is wrong with the settings.
func (c *ServeCmd) Validate(command *kong.Context) error {
	faults := checkLimits(command.Flags(), "max-", "http-")
	add := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	_, _, err := net.SplitHostPort(c.Listen)
	add(err != nil, "--listen is written HOST:PORT, as 127.0.0.1:8080 or :8080, not %q", c.Listen)
	add(c.URL != "" && !isOrigin(c.URL), "--url is written as https://api.example.org, without a path, not %q", c.URL)
	_, err = parseProxies(c.TrustedProxies)
	add(err != nil, "--trusted-proxies: %w", err)
	add(c.Node < 0 || c.Node >= serverNodes, "--node must be 0 to %d", serverNodes-1)
	add(c.RawFor < 24*time.Hour, "--raw-for must be a day (24h) or longer")
	add(c.RequestsPerMinute < 0, "--requests-per-minute must be at least 0")
	add(c.Mail.SMTP.Host != "" && c.URL == "" && !c.Mail.hasLinks(), "--smtp-host needs --url, or all of --confirm-link, --reset-link and --invite-link: the links in mails must lead others to the server")
	add(c.People.SignUp && c.Mail.SMTP.Host == "", "--sign-up needs --smtp-host: an account is made once its email was confirmed")
	return errors.Join(slices.Concat(faults, c.People.check(), c.Mail.check())...)
}

// mayBeZero are the limits that zero makes sense for.
var mayBeZero = []string{"http-queue", "http-drain"}

// checkLimits refuses numbers and times below one in the flags that begin with one of the prefixes.
func checkLimits(flags []*kong.Flag, prefixes ...string) []error {
	var faults []error
	for _, flag := range flags {
		if !slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(flag.Name, prefix) }) {
			continue
		}
		least := int64(1)
		if slices.Contains(mayBeZero, flag.Name) {
			least = 0
		}
		if flag.Target.Int() < least {
			faults = append(faults, fmt.Errorf("--%s must be at least %d", flag.Name, least))
		}
	}
	return faults
}

// check returns what is wrong with the lifetimes of sessions.
func (f peopleFlags) check() []error {
	var faults []error
	for _, kind := range []struct {
		name           string
		idle, absolute time.Duration
	}{{"staff", f.SessionStaffIdle, f.SessionStaffAbsolute}, {"reader", f.SessionReaderIdle, f.SessionReaderAbsolute}} {
		if kind.idle < time.Minute {
			faults = append(faults, fmt.Errorf("--session-%s-idle must be a minute (1m) or longer", kind.name))
		}
		if kind.absolute < kind.idle {
			faults = append(faults, fmt.Errorf("--session-%s-absolute must not be shorter than --session-%s-idle", kind.name, kind.name))
		}
	}
	return faults
}

// hasLinks tells whether no link in a mail leads to a page of the server's own.
func (f mailFlags) hasLinks() bool {
	return f.ConfirmLink != "" && f.ResetLink != "" && f.InviteLink != ""
}

// checkLink returns what is wrong with where a link leads. What stands before a # is sent to a server, and is written into its log.
func checkLink(flag, template string) []error {
	var faults []error
	page, fragment, _ := strings.Cut(template, "#")
	if strings.Contains(page, tokenPlace) || !strings.Contains(fragment, tokenPlace) {
		faults = append(faults, fmt.Errorf("%s must hold %s behind a #, as https://example.org/password#%[2]s, and nowhere else, not %q", flag, tokenPlace, template))
	}
	address, err := url.Parse(page)
	if err != nil || address.Hostname() == "" || address.Scheme != "https" && (address.Scheme != "http" || !isLoopback(address.Hostname())) {
		faults = append(faults, fmt.Errorf("%s must begin with https:// and a host, or with http:// and this machine's, not %q", flag, template))
	}
	return faults
}

// check returns what is wrong with the settings of mail.
func (f mailFlags) check() []error {
	var faults []error
	for _, link := range []struct{ flag, template string }{
		{"--confirm-link", f.ConfirmLink}, {"--reset-link", f.ResetLink}, {"--invite-link", f.InviteLink},
	} {
		if link.template != "" {
			faults = append(faults, checkLink(link.flag, link.template)...)
		}
	}
	switch settings, err := f.settings(); {
	case settings.Host != "" && err != nil:
		faults = append(faults, err)
	case settings.Host != "":
		faults = append(faults, settings.Check())
	case settings.Port != 0 || settings.User != "" || settings.From != "" || f.SMTPPasswordFile != "":
		faults = append(faults, errors.New("--smtp-host is missing: without it no mail is sent"))
	}
	return faults
}

// smtpPassword names the variable that may hold the password of the SMTP server's user. No flag does, since every user of a
// machine sees the arguments of its programs.
const smtpPassword = "HEADWATER_SMTP_PASSWORD"

// settings returns the settings with the password in them.
func (f mailFlags) settings() (mail.Settings, error) {
	settings := f.SMTP
	settings.Password = os.Getenv(smtpPassword)
	if f.SMTPPasswordFile == "" {
		return settings, nil
	}
	text, err := os.ReadFile(f.SMTPPasswordFile)
	if err != nil {
		return settings, fmt.Errorf("--smtp-password-file: %w", err)
	}
	settings.Password = strings.TrimRight(string(text), "\r\n")
	return settings, nil
}

// isOrigin tells whether text is an address of the web with nothing behind the host and its port.
func isOrigin(text string) bool {
	address, err := url.Parse(text)
	return err == nil && (address.Scheme == "http" || address.Scheme == "https") && address.Host != "" && text == address.Scheme+"://"+address.Host
}

// parseProxies reads networks as 10.0.0.0/8, and single addresses.
func parseProxies(texts []string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for _, text := range texts {
		if address, err := netip.ParseAddr(text); err == nil {
			networks = append(networks, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("networks are written as 10.0.0.0/8, not %q", text)
		}
		networks = append(networks, network)
	}
	return networks, nil
}
