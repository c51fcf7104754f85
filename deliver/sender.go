// Package deliver carries the messages of webhooks over HTTP.
//
// Where a message goes is what somebody typed in, so no address is trusted: it is looked at when the connection is made, behind DNS, and
// only what the whole internet can reach is, beside the networks that the operator allows. What is told, and when, is decided elsewhere.
package deliver

import (
	"context"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"headwater/logic"
	"headwater/logic/webhook"
)

const (
	exchange   = 15 * time.Second // how long connecting, sending and being answered may take together
	maxHeaders = 64 << 10         // bytes of an answer's headers
	maxAnswer  = 64 << 10         // bytes of an answer's body that are read, to let its sender finish; nothing is kept of it
)

// Sender sends messages. It may be used by many goroutines.
type Sender struct {
	allowed       networks
	secure, plain *http.Client
}

var _ webhook.Sender = (*Sender)(nil)

// New returns a sender that reaches public addresses by https, and those in the allowed networks by http too.
func New(allowed []netip.Prefix) *Sender {
	s := &Sender{allowed: allowed}
	s.secure = clientTo(func(address netip.Addr) bool { return s.allowed.hold(address) || isPublic(address) })
	s.plain = clientTo(s.allowed.hold)
	return s
}

// clientTo returns a client that connects to those addresses alone that may be reached, anew for each message, and never by a proxy of
// the environment's, which would connect to whatever it is told.
func clientTo(mayReach func(netip.Addr) bool) *http.Client {
	return &http.Client{
		Timeout:       exchange,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:            dialerTo(mayReach).DialContext,
			DisableKeepAlives:      true,
			MaxResponseHeaderBytes: maxHeaders,
		},
	}
}

// CheckAddress returns the fault of an address that nothing is ever sent to: one with a name or a password in it, one by http where no
// network is allowed, and one whose host is written as an IP address that is not reached. What a host's name leads to is looked at when
// something is sent.
func (s *Sender) CheckAddress(address string) *logic.Error {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Hostname() == "" {
		return logic.Invalid("must be an absolute http or https address")
	}
	if parsed.User != nil {
		return logic.Invalid("must not have a user name or a password in it: messages are signed instead")
	}
	host, err := netip.ParseAddr(parsed.Hostname())
	isName := err != nil
	switch {
	case parsed.Scheme == "https" && (isName || s.allowed.hold(host) || isPublic(host)):
		return nil
	case parsed.Scheme == "https":
		return logic.Invalid("%s is not a public address, and in no network that the operator allows by --webhook-allow", host)
	case isName && len(s.allowed) > 0 || !isName && s.allowed.hold(host):
		return nil
	}
	return logic.Invalid("must begin with https:// unless it leads to a network that the operator allows by --webhook-allow")
}

// Send sends a message and returns the status of the answer. An error tells why there was none, and nothing of the network on this side.
func (s *Sender) Send(ctx context.Context, message webhook.Message) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, message.URL, strings.NewReader(message.Delivery.Payload))
	if err != nil {
		return 0, whyAddress
	}
	delivery := message.Delivery
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "Headwater")
	request.Header.Set("Headwater-Event", delivery.Event.Name())
	request.Header.Set("Headwater-Delivery", delivery.NodeID().String())
	request.Header.Set("Headwater-Attempt", strconv.Itoa(delivery.Attempts))
	request.Header.Set("Headwater-Signature", Signature(message.Secrets, message.At, delivery.Payload))
	client := s.secure
	if request.URL.Scheme != "https" {
		client = s.plain
	}
	answer, err := client.Do(request)
	if err != nil {
		return 0, reason(err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer)) // the status says it all
	return answer.StatusCode, nil
}
