package main

import (
	"bufio"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// postbox is a small SMTP server that keeps the token of each mail for whoever it was sent to.
type postbox struct {
	listener net.Listener

	mu     sync.Mutex
	tokens map[string]chan string // by address
}

var mailToken = regexp.MustCompile(`hw_(?:confirm|reset|invite)_[a-z2-7]{52}`)

func openPostbox(t *testing.T) *postbox {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box := &postbox{listener: listener, tokens: map[string]chan string{}}
	var talking sync.WaitGroup
	talking.Go(func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			talking.Go(func() { box.talk(connection) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		talking.Wait()
	})
	return box
}

// settings are the flags by which a server finds the postbox.
func (b *postbox) settings() []string {
	host, port, _ := net.SplitHostPort(b.listener.Addr().String())
	link := "http://127.0.0.1/#{token}"
	return []string{
		"--smtp-host", host, "--smtp-port", port, "--smtp-security", "none", "--smtp-from", "rivers@example.org",
		"--confirm-link", link, "--reset-link", link, "--invite-link", link,
	}
}

func (b *postbox) of(address string) chan string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tokens[address] == nil {
		b.tokens[address] = make(chan string, 1)
	}
	return b.tokens[address]
}

// token waits for the token that is mailed to an address.
func (b *postbox) token(address string) (string, error) {
	select {
	case token := <-b.of(address):
		return token, nil
	case <-time.After(waitLimit):
		return "", fmt.Errorf("no mail comes for %s", address)
	}
}

func (b *postbox) talk(connection net.Conn) {
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(waitLimit)) // a connection that has just been taken has deadlines
	text := textproto.NewReader(bufio.NewReader(connection))
	say := func(line string) { fmt.Fprintf(connection, "%s\r\n", line) }
	say("220 postbox")
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		switch verb, _, _ := strings.Cut(line, " "); strings.ToUpper(verb) {
		case "DATA":
			say("354 go on")
			b.keep(text.DotReader())
			say("250 taken")
		case "QUIT":
			say("221 farewell")
			return
		default:
			say("250 fine")
		}
	}
}

func (b *postbox) keep(message io.Reader) {
	read, err := mail.ReadMessage(message)
	if err != nil {
		return
	}
	body := read.Body
	if strings.EqualFold(read.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	to, addressErr := mail.ParseAddress(read.Header.Get("To"))
	if err == nil && addressErr == nil {
		select {
		case b.of(to.Address) <- mailToken.FindString(string(text)):
		default: // nobody waits for a second one
		}
	}
}
