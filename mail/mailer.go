// Package mail sends what people are told by mail, over SMTP.
//
// A message is taken over at once and delivered beside, so that nobody waits for a mail server, and nobody learns from the
// time an answer takes whether a mail was sent. What the mails say is decided by those who send them.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	smtp "github.com/wneessen/go-mail"

	"headwater/logic"
	"headwater/logic/account"
)

const (
	maxWaiting     = 1_000            // messages that are under way or wait for another try; further ones are dropped
	maxConnections = 4                // conversations with the server at once
	conversation   = 30 * time.Second // how long one of them may take
)

// Mailer delivers mail. It may be used by many goroutines.
type Mailer struct {
	settings Settings
	log      *slog.Logger
	waits    []time.Duration

	mu       sync.Mutex // held while a message is taken over
	closed   bool
	closing  chan struct{} // closed once no wait may be waited for any longer
	underWay sync.WaitGroup
	waiting  chan struct{}
	talking  chan struct{}
	delivery context.Context // ends when what is under way must be given up
	giveUp   context.CancelFunc
}

// New returns a mailer that has said nothing yet to its server.
func New(settings Settings, logger *slog.Logger) *Mailer {
	m := &Mailer{
		settings: settings, log: logger, waits: settings.Waits,
		closing: make(chan struct{}),
		waiting: make(chan struct{}, maxWaiting),
		talking: make(chan struct{}, maxConnections),
	}
	if m.waits == nil {
		m.waits = DefaultWaits
	}
	m.delivery, m.giveUp = context.WithCancel(context.Background())
	return m
}

// Send takes a message over and returns. Where too many wait already it is dropped, and the log says so.
func (m *Mailer) Send(ctx context.Context, mail account.Mail) {
	message, err := m.compose(mail)
	if err != nil {
		m.log.ErrorContext(ctx, "mail that can't be written", "id", logic.RequestID(ctx), "error", err)
		return
	}
	if !m.take(func() { m.deliver(message) }) {
		m.log.ErrorContext(ctx, "mail dropped: too much waits for the SMTP server", "id", logic.RequestID(ctx))
	}
}

// take runs deliver beside, unless too many wait or the mailer is closed.
func (m *Mailer) take(deliver func()) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	select {
	case m.waiting <- struct{}{}:
	default:
		return false
	}
	m.underWay.Go(func() {
		defer func() { <-m.waiting }()
		deliver()
	})
	return true
}

// Close has every message that waits tried once more at once, and waits for that until ctx ends; what is then still under way
// is given up.
func (m *Mailer) Close(ctx context.Context) {
	m.mu.Lock()
	if !m.closed {
		m.closed = true
		close(m.closing)
	}
	m.mu.Unlock()
	defer context.AfterFunc(ctx, m.giveUp)()
	m.underWay.Wait()
	m.giveUp()
}

// compose writes a message.
func (m *Mailer) compose(mail account.Mail) (*smtp.Msg, error) {
	message := smtp.NewMsg(smtp.WithNoDefaultUserAgent())
	if err := message.From(m.settings.From); err != nil {
		return nil, err
	}
	if message.To(mail.To) != nil { // which says the address
		return nil, errors.New("the recipient's address is none")
	}
	message.Subject(mail.Subject)
	message.SetDate()
	message.SetMessageID()
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.SetBodyString(smtp.TypeTextPlain, mail.Text)
	return message, nil
}

// deliver tries until the message is with the server, the server refuses it for good, or no try is left. The log names a
// message by its ID, since what it says, and to whom, is for its reader alone.
func (m *Mailer) deliver(message *smtp.Msg) {
	for try := 0; ; try++ {
		err := m.talk(message)
		log := m.log.With("message", message.GetMessageID(), "try", try+1)
		switch {
		case message.IsDelivered():
			log.Debug("mail delivered")
			return
		case isFinal(err) || try == len(m.waits) || m.isClosing() && try > 0:
			log.Error("mail not delivered", "error", reason(err))
			return
		}
		log.Warn("mail not delivered yet", "wait", m.waits[try], "error", reason(err))
		select {
		case <-time.After(m.waits[try]):
		case <-m.closing:
		}
	}
}

func (m *Mailer) isClosing() bool {
	select {
	case <-m.closing:
		return true
	default:
		return false
	}
}

// isFinal tells whether the server said that it will never take the message.
func isFinal(err error) bool {
	refused, ok := errors.AsType[*smtp.SendError](err)
	return ok && refused.ErrorCode() >= 500
}

// reason says why a conversation failed. Of a refusal it is what was refused and the server's codes, 0 where it said none: the words
// around them name the recipient.
func reason(err error) string {
	refused, ok := errors.AsType[*smtp.SendError](err)
	if !ok {
		return err.Error()
	}
	return strings.TrimSpace(fmt.Sprintf("%s: %d %s", refused.Reason, refused.ErrorCode(), refused.EnhancedStatusCode()))
}

// talk has one conversation with the server.
func (m *Mailer) talk(message *smtp.Msg) error {
	select {
	case m.talking <- struct{}{}:
	case <-m.delivery.Done():
		return m.delivery.Err()
	}
	defer func() { <-m.talking }()
	ctx, cancel := context.WithTimeout(m.delivery, conversation)
	defer cancel()
	connection, err := m.dial(ctx)
	if err != nil {
		return err
	}
	defer connection.Close()
	defer context.AfterFunc(ctx, func() { connection.Close() })()
	client, err := m.client(connection)
	if err != nil {
		return err
	}
	return client.DialAndSendWithContext(ctx, message)
}

// dial connects to the server, by TLS where it begins with that.
func (m *Mailer) dial(ctx context.Context) (net.Conn, error) {
	address := net.JoinHostPort(m.settings.Host, strconv.Itoa(m.settings.port()))
	if m.settings.Security == SecurityTLS {
		dialer := tls.Dialer{Config: m.tls()}
		return dialer.DialContext(ctx, "tcp", address)
	}
	var dialer net.Dialer
	return dialer.DialContext(ctx, "tcp", address)
}

func (m *Mailer) tls() *tls.Config {
	return &tls.Config{ServerName: m.settings.Host, RootCAs: m.settings.Roots, MinVersion: tls.VersionTLS12}
}

// client returns a client that talks over connection. A password is never said in the open, but to the machine itself.
func (m *Mailer) client(connection net.Conn) (*smtp.Client, error) {
	policy := smtp.NoTLS
	if m.settings.Security == SecurityStartTLS {
		policy = smtp.TLSMandatory
	}
	options := []smtp.Option{
		smtp.WithTLSPolicy(policy), smtp.WithTLSConfig(m.tls()), smtp.WithTimeout(conversation),
		smtp.WithDialContextFunc(func(context.Context, string, string) (net.Conn, error) { return connection, nil }),
	}
	if m.settings.User != "" {
		options = append(options,
			smtp.WithOpportunisticSMTPAuth(smtp.SMTPAuthSCRAMSHA256, smtp.SMTPAuthSCRAMSHA1, smtp.SMTPAuthPlain, smtp.SMTPAuthLogin, smtp.SMTPAuthCramMD5),
			smtp.WithUsername(m.settings.User), smtp.WithPassword(m.settings.Password))
	}
	client, err := smtp.NewClient(m.settings.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("SMTP client: %w", err)
	}
	return client, nil
}
