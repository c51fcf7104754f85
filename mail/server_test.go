package mail

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// waitLimit is how long these tests wait for what must come before they give up: long enough for a busy machine.
const waitLimit = time.Minute

// server is a small SMTP server, which listens on the loopback address and takes whatever comes.
type server struct {
	listener net.Listener
	security Security
	tls      *tls.Config
	roots    *x509.CertPool
	password string // of the user pond; anyone may send where it is empty
	silent   bool   // takes connections, and never says a word

	mu      sync.Mutex
	refuse  []string // what to say to the next recipients, and of them, instead of taking their messages
	taken   chan string
	stopped sync.WaitGroup
}

// serve starts a server; change sets it up before it listens.
func serve(t *testing.T, security Security, change func(*server)) *server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{listener: listener, security: security, taken: make(chan string, 2*maxWaiting)}
	s.tls, s.roots = certificate(t)
	if security == SecurityTLS {
		s.listener = tls.NewListener(listener, s.tls)
	}
	if change != nil {
		change(s)
	}
	s.stopped.Go(func() {
		for {
			connection, err := s.listener.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err == nil {
				s.stopped.Go(func() { s.converse(connection) })
			}
		}
	})
	t.Cleanup(func() {
		listener.Close()
		s.stopped.Wait()
	})
	return s
}

// settings returns how to reach the server.
func (s *server) settings() Settings {
	address := s.listener.Addr().(*net.TCPAddr)
	return Settings{
		Host: "127.0.0.1", Port: address.Port, Security: s.security, From: "The Upper Pond <pond@example.org>",
		Roots: s.roots, Waits: []time.Duration{time.Millisecond, time.Millisecond},
	}
}

// converse holds one conversation.
func (s *server) converse(connection net.Conn) {
	defer func() { connection.Close() }()
	_ = connection.SetDeadline(time.Now().Add(waitLimit)) // a connection that has just been taken has deadlines
	if s.silent {
		_, _ = io.Copy(io.Discard, connection) // until the other side leaves
		return
	}
	say := func(line string) { fmt.Fprintf(connection, "%s\r\n", line) }
	text := textproto.NewReader(bufio.NewReader(connection))
	signedIn := s.password == ""
	say("220 pond")
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		switch verb, rest, _ := strings.Cut(line, " "); verb {
		case "EHLO":
			say("250-pond")
			say("250-ENHANCEDSTATUSCODES")
			_, encrypted := connection.(*tls.Conn)
			if s.security == SecurityStartTLS && !encrypted {
				say("250-STARTTLS")
			}
			say("250 AUTH PLAIN")
		case "STARTTLS":
			say("220 go on")
			connection = tls.Server(connection, s.tls)
			text = textproto.NewReader(bufio.NewReader(connection))
		case "AUTH":
			want := base64.StdEncoding.EncodeToString([]byte("\x00pond\x00" + s.password))
			if signedIn = rest == "PLAIN "+want; signedIn {
				say("235 welcome")
			} else {
				say("535 no")
			}
		case "MAIL":
			if signedIn {
				say("250 fine")
			} else {
				say("530 sign in first")
			}
		case "RCPT":
			s.mu.Lock()
			answer := "250 fine"
			if len(s.refuse) > 0 {
				answer, s.refuse = s.refuse[0]+", "+rest, s.refuse[1:]
			}
			s.mu.Unlock()
			say(answer)
		case "DATA":
			say("354 go on")
			message, err := text.ReadDotBytes()
			if err != nil {
				return
			}
			s.taken <- string(message)
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}

// message waits for the next message.
func (s *server) message(t *testing.T) string {
	t.Helper()
	select {
	case message := <-s.taken:
		return message
	case <-time.After(waitLimit):
		t.Fatal("no message came")
		return ""
	}
}

// certificate makes a certificate for the loopback address.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots
}
