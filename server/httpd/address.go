package httpd

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// addressOf returns where a request comes from; the zero Addr where that can't be told. What X-Forwarded-For says is read from
// its end, where the nearest proxy wrote, and only as far as trusted proxies reach: what stands before that, anyone can send. The
// log says once where nobody is believed, since a proxy that was forgotten shows by nothing else.
func (s *Server) addressOf(r *http.Request) netip.Addr {
	address, _ := parseHop(r.RemoteAddr)
	forwarded := r.Header["X-Forwarded-For"]
	if len(forwarded) == 0 {
		return address
	}
	if !s.isTrustedProxy(address) {
		s.doubted.Do(func() {
			s.options.Logger.Warn("X-Forwarded-For comes from an address that is not trusted, and is not believed: where a proxy sent it, " +
				"all people behind that share their limits and are one visitor, until --trusted-proxies names it")
		})
	}
	hops := strings.Split(strings.Join(forwarded, ","), ",")
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
	withPort, err := netip.ParseAddrPort(text)
	address := withPort.Addr()
	if err != nil {
		address, err = netip.ParseAddr(text)
	}
	return address.Unmap().WithZone(""), err == nil
}
