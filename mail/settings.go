package mail

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"net/mail"
	"time"
)

// Security says how the way to the server is kept from others.
type Security string

// The kinds of security.
const (
	SecurityStartTLS Security = "starttls" // the conversation begins in the open, and turns to TLS before anything is said
	SecurityTLS      Security = "tls"      // TLS from the first byte
	SecurityNone     Security = "none"     // in the open
)

// port returns where servers usually listen for a kind of security.
func (s Security) port() int {
	switch s {
	case SecurityTLS:
		return 465
	case SecurityNone:
		return 25
	}
	return 587
}

// Settings says which server sends the mail, and as whom.
type Settings struct {
	Host     string   `help:"The SMTP server that sends mail; without one no mail is sent." placeholder:"HOST"`
	Port     int      `help:"Its port; 587 for starttls, 465 for tls and 25 for none where it is not given." placeholder:"PORT"`
	Security Security `help:"How the way to it is kept from others: starttls, tls, or none for a server on the same machine." enum:"starttls,tls,none" default:"starttls"`
	User     string   `help:"Whom to sign in as there; nobody where it is not given." placeholder:"NAME"`
	From     string   `help:"The sender's address, as 'The Upper Pond <pond@example.org>'." placeholder:"ADDRESS"`
	// Password is the user's.
	Password string `kong:"-"`
	// Roots are the certificates that the server's may rest on; nil for the system's.
	Roots *x509.CertPool `kong:"-"`
	// Waits are how long to wait before each further try; nil for DefaultWaits.
	Waits []time.Duration `kong:"-"`
}

// DefaultWaits reach over a restart of the server, and end before a link in the mail is stale.
var DefaultWaits = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}

// Check returns every fault of the settings, by the flags that they are.
func (s Settings) Check() error {
	var faults []error
	if _, err := mail.ParseAddress(s.From); err != nil {
		faults = append(faults, fmt.Errorf("--smtp-from must be an address, as pond@example.org, not %q", s.From))
	}
	if s.Port < 0 || s.Port > 65535 {
		faults = append(faults, errors.New("--smtp-port must be 1 to 65535"))
	}
	if (s.User == "") != (s.Password == "") {
		faults = append(faults, errors.New("--smtp-user and a password belong together"))
	}
	return errors.Join(faults...)
}

// port returns where the server listens.
func (s Settings) port() int { return cmp.Or(s.Port, s.Security.port()) }
