package deliver

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"syscall"
)

// networks are those that the operator allows although not everyone can reach them.
type networks []netip.Prefix

func (n networks) hold(address netip.Addr) bool {
	address = address.Unmap()
	return slices.ContainsFunc(n, func(network netip.Prefix) bool { return network.Contains(address) })
}

// unreached are the networks that are never reached: all that IANA's registries of special-purpose addresses list, of IPv4 and, of what
// IPv6 gives out at all, with everything that carries an IPv4 address within.
var unreached = prefixes(
	"0.0.0.0/8",       // this network
	"10.0.0.0/8",      // private
	"100.64.0.0/10",   // between a provider and its customers
	"127.0.0.0/8",     // the machine itself
	"169.254.0.0/16",  // link-local, with what clouds tell their machines
	"172.16.0.0/12",   // private
	"192.0.0.0/24",    // protocols
	"192.0.2.0/24",    // documentation
	"192.31.196.0/24", // AS112
	"192.52.193.0/24", // AMT
	"192.88.99.0/24",  // relays of 6to4
	"192.168.0.0/16",  // private
	"192.175.48.0/24", // AS112
	"198.18.0.0/15",   // benchmarks
	"198.51.100.0/24", // documentation
	"203.0.113.0/24",  // documentation
	"224.0.0.0/4",     // multicast
	"240.0.0.0/4",     // reserved, with broadcast

	"2001::/23",         // protocols: Teredo, benchmarks, ORCHID
	"2001:db8::/32",     // documentation
	"2002::/16",         // 6to4
	"2620:4f:8000::/48", // AS112
	"3fff::/20",         // documentation
)

// givenOut is all of IPv6 that is given out to be reached. The machine itself, mapped and NAT64 addresses, private, link-local and
// multicast ones stand outside of it.
var givenOut = netip.MustParsePrefix("2000::/3")

func prefixes(texts ...string) []netip.Prefix {
	parsed := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		parsed[i] = netip.MustParsePrefix(text)
	}
	return parsed
}

// isPublic tells whether an address is one that the whole internet can reach, and none of this machine's own.
func isPublic(address netip.Addr) bool {
	if address.Zone() != "" || address.Is6() && !givenOut.Contains(address) {
		return false
	}
	special := slices.ContainsFunc(unreached, func(network netip.Prefix) bool { return network.Contains(address) })
	return !special && !isOwn(address)
}

// isOwn tells whether the machine has the address; it has every one where it can't tell.
func isOwn(address netip.Addr) bool {
	own, err := net.InterfaceAddrs()
	return err != nil || slices.ContainsFunc(own, func(held net.Addr) bool {
		prefix, err := netip.ParsePrefix(held.String())
		return err == nil && prefix.Addr().Unmap() == address
	})
}

// dialerTo returns a dialer that looks at each address, behind DNS, just before it connects to it.
func dialerTo(mayReach func(netip.Addr) bool) *net.Dialer {
	return &net.Dialer{
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			place, err := netip.ParseAddrPort(address)
			if err != nil {
				return err
			}
			if !mayReach(place.Addr()) {
				return whyUnreachable
			}
			return nil
		},
	}
}
