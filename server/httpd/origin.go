package httpd

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"headwater/logic/client"
)

// site is where people reach the server, as browsers name it.
type site struct {
	origins []string // its own, as an Origin header has them
	secure  bool     // whether cookies are for https alone
}

// parseSite reads the address at which people reach the server. One that leads to this very machine has several names.
func parseSite(address string) (site, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Hostname() == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return site{}, fmt.Errorf("the public address must be of the form https://example.org, not %q", address)
	}
	names := []string{strings.ToLower(parsed.Hostname())}
	loopback := isLoopback(names[0])
	if loopback {
		names = append(names, "localhost", "127.0.0.1", "::1")
	}
	found := site{secure: parsed.Scheme == "https" || !loopback}
	for _, name := range names {
		found.origins = append(found.origins, originOf(parsed.Scheme, name, parsed.Port()))
	}
	return found, nil
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

func originOf(scheme, host, port string) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" {
		host += ":" + port
	}
	return client.PlainOrigin(scheme + "://" + host)
}

// isOwn tells whether origin is the server's own.
func (s site) isOwn(origin string) bool {
	return slices.Contains(s.origins, client.PlainOrigin(origin))
}

// originHeader returns the origin of the page that a browser asks from, empty where there is none. Several are no origin that
// anyone has.
func originHeader(r *http.Request) string { return strings.Join(r.Header["Origin"], ", ") }

// mayBringCookie tells whether a request comes from where a session's cookie may be used: from a page of the server's or the
// client's, if from a page; without an Origin, where no other site is behind it. Any site can make a browser send one.
func mayBringCookie(r *http.Request, isKnownPage bool) bool {
	if originHeader(r) != "" {
		return isKnownPage
	}
	from := r.Header["Sec-Fetch-Site"]
	return len(from) == 0 || isSameOrigin(r) || slices.Equal(from, []string{"none"})
}

// isSameOrigin tells whether a browser says that a page of the server's own asks.
func isSameOrigin(r *http.Request) bool {
	return slices.Equal(r.Header["Sec-Fetch-Site"], []string{"same-origin"})
}
