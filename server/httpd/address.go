package httpd

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// addressOf returns where a request comes from; the zero Addr where that can't be told. What X-Forwarded-For says is read from
// its end, where the nearest proxy wrote, and only as far as trusted proxies reach: what stands before that, anyone can send.
func (s *Server) addressOf(r *http.Request) netip.Addr {
	address, _ := parseHop(r.RemoteAddr)
	hops := strings.Split(strings.Join(r.Header["X-Forwarded-For"], ","), ",")
	for _, text := range slices.Backward(hops) {
		hop, ok := parseHop(strings.TrimSpace(text))
		if !ok || !s.isTrustedProxy(address) {
			break
		}
		address = hop
	}
	return address
}

func (s *Server) isTrustedProxy(address netip.Addr) bool {
	return slices.ContainsFunc(s.options.TrustedProxies, func(proxies netip.Prefix) bool { return proxies.Contains(address) })
}

// parseHop reads an address, with or without a port. An IPv4 address that is written as IPv6 is the same as without that.
func parseHop(text string) (netip.Addr, bool) {
	address, err := netip.ParseAddr(text)
	if withPort, portErr := netip.ParseAddrPort(text); portErr == nil {
		address, err = withPort.Addr(), nil
	}
	return address.Unmap().WithZone(""), err == nil
}
