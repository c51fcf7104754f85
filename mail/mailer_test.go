package mail

import (
	"context"
	"io"
	"log/slog"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"headwater/logic/account"
)

var letter = account.Mail{To: "heron@example.net", Subject: "Grüße vom Teich", Text: "Open this:\n\nhttps://pond.example/account#reset=hw_reset_abc\n"}

// journal is a log whose lines can be waited for.
type journal chan string

func (j journal) Write(line []byte) (int, error) {
	j <- string(line)
	return len(line), nil
}

// next waits for the next line, which must hold a text and never what the mail says or to whom.
func (j journal) next(t *testing.T, want string) {
	t.Helper()
	select {
	case line := <-j:
		if !strings.Contains(line, want) || strings.Contains(line, "hw_reset") || strings.Contains(line, "heron") {
			t.Errorf("logged %s, not %q", line, want)
		}
	case <-time.After(waitLimit):
		t.Fatalf("no line with %q", want)
	}
}

// newMailer returns a mailer that is closed behind the test, and what it logs.
func newMailer(t *testing.T, settings Settings) (*Mailer, journal) {
	t.Helper()
	log := make(journal, 4*maxWaiting)
	m := New(settings, slog.New(slog.NewTextHandler(log, nil)))
	t.Cleanup(func() { m.Close(t.Context()) })
	return m, log
}

// patience returns a context that ends once a test has waited long enough.
func patience(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
	t.Cleanup(cancel)
	return ctx
}

func TestMessagesArrive(t *testing.T) {
	t.Parallel()
	for _, security := range []Security{SecurityStartTLS, SecurityTLS, SecurityNone} {
		for user, password := range map[string]string{"": "", "pond": "heron-and-reed"} {
			t.Run(string(security)+" "+user, func(t *testing.T) {
				t.Parallel()
				s := serve(t, security, func(s *server) { s.password = password })
				settings := s.settings()
				settings.User, settings.Password = user, password
				m, log := newMailer(t, settings)
				m.Send(t.Context(), letter)
				got, err := mail.ReadMessage(strings.NewReader(s.message(t)))
				if err != nil {
					t.Fatal(err)
				}
				for header, want := range map[string]string{
					"From": `"The Upper Pond" <pond@example.org>`, "To": "<heron@example.net>", "Subject": "=?UTF-8?q?Gr=C3=BC=C3=9Fe_vom_Teich?=",
					"Auto-Submitted": "auto-generated", "Content-Type": "text/plain; charset=UTF-8",
				} {
					if got := got.Header.Get(header); got != want {
						t.Errorf("%s is %q, not %q", header, got, want)
					}
				}
				for _, header := range []string{"User-Agent", "X-Mailer"} {
					if got := got.Header.Get(header); got != "" {
						t.Errorf("%s is %q: a mail says nothing of the program behind it", header, got)
					}
				}
				text, err := io.ReadAll(quotedprintable.NewReader(got.Body))
				if want := strings.TrimSpace(letter.Text); err != nil || strings.TrimSpace(string(text)) != want {
					t.Errorf("says %q, %v", text, err)
				}
				m.Close(patience(t))
				if len(log) > 0 {
					t.Errorf("logged %s", <-log)
				}
			})
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		refuse []string
		logged []string
		left   bool
	}{
		"for now":        {[]string{"451 later"}, []string{"try=1"}, false},
		"for now, twice": {[]string{"451 later", "421 later"}, []string{"try=1", "try=2"}, false},
		"too often":      {[]string{"451 later", "451 later", "451 later"}, []string{"try=1", "try=2", "level=ERROR"}, true},
		"for good":       {[]string{"550 5.1.1 never"}, []string{`error="sending SMTP RCPT TO command: 550 5.1.1"`}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, SecurityNone, func(s *server) { s.refuse = test.refuse })
			m, log := newMailer(t, s.settings())
			m.Send(t.Context(), letter)
			for _, want := range test.logged {
				log.next(t, want)
			}
			if !test.left {
				s.message(t)
			}
			m.Close(patience(t))
			if len(log) > 0 || len(s.taken) > 0 {
				t.Errorf("%d more lines, %d more messages", len(log), len(s.taken))
			}
		})
	}
}

// TestNothingIsSaidInTheOpen has servers that would take a message, or a password, without encryption or a known certificate.
func TestNothingIsSaidInTheOpen(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		speaks, asks Security
		unknown      bool
	}{
		"a server without STARTTLS":         {SecurityNone, SecurityStartTLS, false},
		"a server without TLS":              {SecurityNone, SecurityTLS, false},
		"STARTTLS by an unknown authority":  {SecurityStartTLS, SecurityStartTLS, true},
		"TLS of a certificate nobody knows": {SecurityTLS, SecurityTLS, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, test.speaks, nil)
			settings := s.settings()
			settings.Security, settings.Waits = test.asks, []time.Duration{}
			if test.unknown {
				settings.Roots = nil
			}
			m, log := newMailer(t, settings)
			m.Send(t.Context(), letter)
			log.next(t, "level=ERROR")
			m.Close(patience(t))
			if len(s.taken) > 0 {
				t.Errorf("took %s", <-s.taken)
			}
		})
	}
}

// TestClosing closes a mailer whose message waits for another try, which it then gets at once.
func TestClosing(t *testing.T) {
	t.Parallel()
	s := serve(t, SecurityNone, func(s *server) { s.refuse = []string{"451 later"} })
	settings := s.settings()
	settings.Waits = []time.Duration{time.Hour, time.Hour}
	m, log := newMailer(t, settings)
	m.Send(t.Context(), letter)
	log.next(t, "try=1")
	m.Close(patience(t))
	s.message(t)
	m.Send(t.Context(), letter)
	log.next(t, "dropped")
}

// TestClosingIsBounded closes a mailer whose server never says a word.
func TestClosingIsBounded(t *testing.T) {
	t.Parallel()
	s := serve(t, SecurityNone, func(s *server) { s.silent = true })
	m, log := newMailer(t, s.settings())
	m.Send(t.Context(), letter)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m.Close(ctx)
	log.next(t, "try=1")
}

// TestTooMuchMail sends more than may wait to a server that never says a word.
func TestTooMuchMail(t *testing.T) {
	t.Parallel()
	s := serve(t, SecurityNone, func(s *server) { s.silent = true })
	m, log := newMailer(t, s.settings())
	for range maxWaiting {
		m.Send(t.Context(), letter)
	}
	if len(log) > 0 {
		t.Errorf("logged %s", <-log)
	}
	m.Send(t.Context(), letter)
	log.next(t, "dropped")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m.Close(ctx)
}

func TestAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"", "heron", "heron@example.net\r\nBcc: b@example.net"} {
		s := serve(t, SecurityNone, nil)
		m, log := newMailer(t, s.settings())
		m.Send(t.Context(), account.Mail{To: to, Subject: "x", Text: "y"})
		log.next(t, "can't be written")
		m.Close(patience(t))
		if len(s.taken) > 0 {
			t.Errorf("took %s", <-s.taken)
		}
	}
}

func TestSubjectIsOneHeader(t *testing.T) {
	t.Parallel()
	s := serve(t, SecurityNone, nil)
	m, _ := newMailer(t, s.settings())
	m.Send(t.Context(), account.Mail{To: letter.To, Subject: "x\r\nBcc: b@example.net", Text: "y"})
	if got, err := mail.ReadMessage(strings.NewReader(s.message(t))); err != nil || got.Header.Get("Bcc") != "" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	good := Settings{From: "pond@example.org", User: "pond", Password: "x", Port: 25}
	tests := map[string]struct {
		change func(*Settings)
		want   string
	}{
		"nothing wrong":       {func(*Settings) {}, ""},
		"no sender":           {func(s *Settings) { s.From = "" }, "--smtp-from"},
		"a sender that is no": {func(s *Settings) { s.From = "pond" }, "--smtp-from"},
		"a port too great":    {func(s *Settings) { s.Port = 70_000 }, "--smtp-port"},
		"no password":         {func(s *Settings) { s.Password = "" }, "--smtp-user"},
		"no user":             {func(s *Settings) { s.User = "" }, "--smtp-user"},
		"all at once":         {func(s *Settings) { *s = Settings{Port: -1, User: "pond"} }, "--smtp-port must be 1 to 65535\n--smtp-user"},
	}
	for name, test := range tests {
		settings := good
		test.change(&settings)
		err := settings.Check()
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
